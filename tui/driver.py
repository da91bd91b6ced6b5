"""The terminal: its keys are waited for in sleep, and nothing is sent to it that it shows already.

Textual's own driver looks for keys ten times a second. That is a thousandth of a core for each screen, more than
everything else an idle one does. What Textual writes goes through `tui.sparing`, and an update leaves in one piece; what
comes goes through `tui.pasting` and `tui.cut_keys`. A line may be gone at any moment: then nothing is written any more,
and the app is told.
"""

from __future__ import annotations

import os
import select
import time
from codecs import getincrementaldecoder
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, TextIO, cast

from textual import events
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

from tui.cut_keys import CutKeys
from tui.pasting import Pastes
from tui.sparing import BEGIN, END, Sparing

LOOK, SHARP = 0.1, 0.02
"""Seconds between two looks while a sequence of bytes may be half here: Esc alone is told by what does not follow; and
while it is an Esc that was last."""

ATTENTIVE = 2.0
"""Seconds after the last byte until the thread sleeps; longer than any wait for the rest of a sequence (ESCDELAY)."""

_MOUSE = (1000, 1002, 1006)
"""Clicks, the wheel, what is dragged; not every move of the mouse (1003), each of which would travel over the line."""


WIDEST, HIGHEST = 1000, 500
"""Columns and lines that are painted at most. How large a window is, is the word of whoever sits at the other end of the
line; 65 535 by 65 535 cells would take a gigabyte here."""


class LineGone(Message, bubble=False):
    """There is no terminal any more."""


class WayOut:
    """The file a terminal is written to: each text in one piece, and nothing once the terminal is gone.

    Textual's thread would end at the first error, and who writes to it wait for ever.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._gone = False

    def fileno(self) -> int:
        """The number of the file."""
        return self._file.fileno()

    def write(self, text: str) -> None:
        """Send a text now."""
        left = text.encode(self._file.encoding or "utf-8", "backslashreplace")
        try:
            while left and not self._gone:
                left = left[os.write(self.fileno(), left) :]
        except OSError:
            self._gone = True

    def flush(self) -> None:
        """Nothing is kept back."""


class SleepingDriver(LinuxDriver):
    """Textual's driver of a Unix terminal, sparing with what it sends; its thread for the keys sleeps until one comes."""

    _waker = -1
    _update: str | None = None  # what an update has to say so far, while Textual paints one

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._file = cast("Any", WayOut(cast("TextIO", self._file)))
        self._sparing = Sparing()
        self.keys = CutKeys()
        self._size = self._size or self._get_terminal_size()

    def _get_terminal_size(self) -> tuple[int, int]:
        columns, lines = super()._get_terminal_size()
        return min(columns, WIDEST), min(lines, HIGHEST)

    def process_message(self, message: Message) -> None:
        """Hand a message on; the size of the window also comes as a sequence, between the keys."""
        if isinstance(message, events.Resize):
            columns, lines = message.size
            size = Size(min(columns, WIDEST), min(lines, HIGHEST))
            message = events.Resize(size, size, size, message.pixel_size)
        super().process_message(message)

    def forget_screen(self) -> None:
        """What the terminal shows is not known any more: whatever is painted next is sent."""
        self._sparing.forget()

    def write(self, data: str) -> None:
        """Send what differs from what the terminal shows; an update, between its marks, as one piece or not at all."""
        if data == BEGIN:
            self._update = ""
        elif data == END:
            update, self._update = self._update, None
            if update:
                super().write(f"{BEGIN}{update}{END}")
        elif self._update is None:
            if spared := self._sparing.of(data):
                super().write(spared)
        else:
            self._update += self._sparing.of(data)

    def run_input_thread(self) -> None:
        """Read what is typed until input is disabled, and hand it on as events (the thread's whole work)."""
        woken, self._waker = os.pipe()
        decode = getincrementaldecoder("utf-8")("replace").decode
        parser, keys, pastes = XTermParser(self._debug), self.keys, Pastes()
        wait: float | None = LOOK
        sleeps_at = time.monotonic() + ATTENTIVE  # an end that is asked for at once finds it awake
        try:
            while not self.exit_event.is_set():
                ready = select.select([self.fileno, woken], [], [], wait)[0]
                now = time.monotonic()
                texts: list[str] = []
                if self.fileno in ready:
                    data = self._read()
                    if not data:
                        self.send_message(LineGone())
                        return
                    sleeps_at = now + ATTENTIVE
                    for piece in pastes.split(decode(data), now):
                        if piece.pasted:
                            self._hand_on(parser, texts)
                            texts = []
                            self.process_message(events.Paste(piece.text))
                        else:  # "": the rest of a character or of a key is still to come
                            texts.append(keys.take(piece.text, now))
                    wait = SHARP if texts and texts[-1].endswith("\x1b") else LOOK
                elif woken in ready:
                    continue
                elif keys.waits:
                    texts = [keys.overdue(now)]
                    sleeps_at = now + ATTENTIVE if texts[0] else sleeps_at
                elif now >= sleeps_at:
                    wait = None
                self._hand_on(parser, texts)
                for event in () if pastes.begins else parser.tick():
                    self.process_message(event)
        finally:
            os.close(woken)
            os.close(self._waker)
            self._waker = -1
            with suppress(EOFError, ParseError):
                list(parser.feed(""))

    def _hand_on(self, parser: XTermParser, texts: Iterable[str]) -> None:
        """Hand on what was typed; what the parser takes for a paste lies between two marks and is empty."""
        for text in filter(None, texts):
            for event in parser.feed(text):
                if not isinstance(event, events.Paste):
                    self.process_message(event)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 4096)
        except OSError:  # EIO: the other end is closed
            return b""

    def disable_input(self) -> None:
        """Wake the thread, and let it end."""
        with suppress(OSError):  # it has ended by itself
            os.write(self._waker, b"!")
        super().disable_input()

    def _enable_mouse_support(self) -> None:
        self._set_mouse("h")

    def _disable_mouse_support(self) -> None:
        self._set_mouse("l")

    def _set_mouse(self, sign: str) -> None:
        if self._mouse:
            self.write("".join(f"\x1b[?{mode}{sign}" for mode in _MOUSE))

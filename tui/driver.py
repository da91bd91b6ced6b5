"""The terminal: its keys are waited for in sleep, and nothing is sent to it that it shows already.

Textual's own driver looks for keys ten times a second. That is a thousandth of a core for each screen, more than
everything else an idle one does. What Textual writes goes through `tui.sparing`, and an update leaves in one piece.
"""

from __future__ import annotations

import os
import select
import time
from codecs import getincrementaldecoder
from contextlib import suppress
from typing import Any

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from tui.sparing import BEGIN, END, Sparing

LOOK = 0.1
"""Seconds between two looks while a sequence of bytes may be half here: Esc alone is told by what does not follow."""

ATTENTIVE = 2.0
"""Seconds after the last byte until the thread sleeps; longer than any wait for the rest of a sequence (ESCDELAY)."""


class SleepingDriver(LinuxDriver):
    """Textual's driver of a Unix terminal, sparing with what it sends; its thread for the keys sleeps until one comes."""

    _waker = -1
    _update: str | None = None  # what an update has to say so far, while Textual paints one

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._sparing = Sparing()

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
        parser = XTermParser(self._debug)
        sleeps_at = time.monotonic() + ATTENTIVE  # an end that is asked for at once finds it awake
        try:
            while not self.exit_event.is_set():
                wait = LOOK if time.monotonic() < sleeps_at else None
                ready = select.select([self.fileno, woken], [], [], wait)[0]
                if ready:
                    sleeps_at = time.monotonic() + ATTENTIVE
                if self.fileno in ready:
                    data = os.read(self.fileno, 4096)
                    if not data:
                        return  # nobody is at the other end any more
                    text = decode(data)  # "": the rest of a character is still to come
                    for event in parser.feed(text) if text else ():
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
        finally:
            os.close(woken)
            os.close(self._waker)
            self._waker = -1
            with suppress(EOFError, ParseError):
                list(parser.feed(""))

    def disable_input(self) -> None:
        """Wake the thread, and let it end."""
        with suppress(OSError):  # it has ended by itself
            os.write(self._waker, b"!")
        super().disable_input()

"""The terminal's keys, waited for in sleep: Textual's own driver looks for them ten times a second.

That is a thousandth of a core for each screen, more than everything else an idle one does.
"""

from __future__ import annotations

import os
import select
import time
from codecs import getincrementaldecoder
from contextlib import suppress

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

LOOK = 0.1
"""Seconds between two looks while a sequence of bytes may be half here: Esc alone is told by what does not follow."""

ATTENTIVE = 2.0
"""Seconds after the last byte until the thread sleeps; longer than any wait for the rest of a sequence (ESCDELAY)."""


class SleepingDriver(LinuxDriver):
    """Textual's driver of a Unix terminal, with a thread for the keys that sleeps until one comes."""

    _waker = -1

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

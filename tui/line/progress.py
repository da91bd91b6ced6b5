"""How far long work has come, on one line of a terminal: the count, the rate, the time left. Elsewhere nothing is said, but
to a screen that has started the command and asks for it."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

EVERY = 0.2
"""Seconds between two looks of the line: over a slow connection more would only cost."""

CLEAR = "\r\x1b[K"

TOLD = "FRONTDESK_PROGRESS"
"""The variable by which a screen asks for lines that it can read."""
TOLD_AS = "\x1e"
"""How such a line begins: "12 400", so many are done of so many; 0 where nobody knows."""

INTERRUPTED = 130
"""The exit status of work that Ctrl-C ended: 128 + SIGINT, as shells report it."""


class Progress:
    """One line on standard error, written again in its place, when a person sits there."""

    def __init__(self, total: int | None = None) -> None:
        self._total = total
        self._shown = sys.stderr.isatty()
        self._is_told = bool(os.environ.get(TOLD)) and not self._shown
        self._begun = time.monotonic()
        self._next = self._begun + EVERY
        self._written = False
        self._pieces: dict[str, tuple[float, int]] = {}

    def at(self, done: int) -> None:
        """So many are done."""
        if self._is_told and time.monotonic() >= self._next:
            self._next = time.monotonic() + EVERY
            self._draw(f"{TOLD_AS}{done} {self._total or 0}\n")
        if not self._shown or time.monotonic() < self._next:
            return
        self._write(told(done, self._total, time.monotonic() - self._begun))

    def say(self, words: str) -> None:
        """What is being done just now, where nothing can be counted."""
        from inbox.text import one_line

        if self._shown and time.monotonic() >= self._next:
            self._write(one_line(words, 78))

    def of(self, words: str, done: int, total: int) -> None:
        """So many of one piece of work, which `words` name, are done; its rate counts from its first word on."""
        from inbox.text import one_line

        begun = self._pieces.setdefault(words, (time.monotonic(), done))
        if self._is_told and time.monotonic() >= self._next:
            self._next = time.monotonic() + EVERY
            self._draw(f"{TOLD_AS}{done} {total}\n")
        if self._shown and time.monotonic() >= self._next:
            here = told(done, total, time.monotonic() - begun[0], done - begun[1])
            self._write(one_line(f"{words}: {here}", 78))

    def end(self) -> None:
        """Take the line away."""
        if self._written:
            self._draw(CLEAR)
            self._written = False

    def _write(self, text: str) -> None:
        self._draw(CLEAR + text)
        self._written = True
        self._next = time.monotonic() + EVERY

    @staticmethod
    def _draw(text: str) -> None:
        """Past the gate (`tui.line.gate`), which would take out what moves the cursor: words pass `one_line` before."""
        sys.stderr.flush()
        sys.stderr.buffer.write(text.encode(sys.stderr.encoding, "replace"))
        sys.stderr.buffer.flush()


@contextmanager
def counted(interrupted: str, next_step: str) -> Iterator[Progress]:
    """Show how far work has come that Ctrl-C may end at any point: it leaves nothing half done, and that is said."""
    progress = Progress()
    try:
        yield progress
    except KeyboardInterrupt:
        import click

        from tui.line.acting import complain

        progress.end()
        complain(interrupted, next_step)
        raise click.exceptions.Exit(INTERRUPTED) from None
    finally:
        progress.end()


def told(done: int, total: int | None, seconds: float, done_since: int | None = None) -> str:
    """`1200 of 10000 (12 %), 1500/s, 6 s left`; without a total only count and rate. `done_since` is what was done in
    these seconds, when that is not everything."""
    rate = (done if done_since is None else done_since) / seconds if seconds > 0 else 0.0
    if total is None or total < done:
        return f"{done}, {rate:.0f}/s"
    left = (total - done) / rate if rate else 0.0
    time_left = f"{left:.0f} s" if left < 120 else f"{left / 60:.0f} min"
    return f"{done} of {total} ({100 * done // max(total, 1)} %), {rate:.0f}/s, {time_left} left"


@contextmanager
def interruptible(*signals: signal.Signals) -> Iterator[Callable[[], bool]]:
    """Let signals (none named: Ctrl-C) end work between two of its steps instead of in the middle of one: whether one
    came is asked between them. A second one does at once what it would do anyway.
    """
    told: list[int] = []

    def heard(number: int, _frame: FrameType | None) -> None:
        told.append(number)
        signal.signal(number, before[number])

    before = {int(each): signal.signal(each, heard) for each in signals or (signal.SIGINT,)}
    try:
        yield lambda: bool(told)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

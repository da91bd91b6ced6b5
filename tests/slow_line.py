"""A terminal at the far end of a slow line: everything takes its time, keys are cut in two, and the line drops.

What the program writes is seen half a round trip later, and what is typed arrives half a round trip later. The terminal
answers what it is asked, as terminals do. How long anything takes is a matter of the line; tests wait for what is seen.
"""

from __future__ import annotations

import contextlib
import os
import select
import time
from dataclasses import dataclass, field

from tests.terminal import Terminal

SLOW = 0.3
"""Seconds there and back: a phone, or the other side of the world."""

OVER_SSH = {"SSH_CONNECTION": "192.0.2.7 50022 192.0.2.1 22"}

ANSWERS = {
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",
}
"""What a terminal says when it is asked whether it knows a mode: the first is known."""


@dataclass
class SlowLine(Terminal):
    """A terminal far away. `raw` is what has arrived there."""

    round_trip: float = SLOW
    stalled: bool = False  # nothing arrives any more, and nothing is taken from the program
    _coming: list[tuple[float, bytes]] = field(default_factory=list)
    _going: list[tuple[float, bytes]] = field(default_factory=list)
    _answered: int = 0

    def press(self, keys: str) -> None:
        """Type; it arrives half a round trip later, behind what was typed before."""
        self._send(keys.encode())

    def press_cut(self, key: str, at: int, gap: float) -> None:
        """A key of several bytes whose packet is cut: its rest arrives so many seconds after its beginning."""
        self._send(key[:at].encode())
        self._send(key[at:].encode(), gap)

    def drop(self) -> None:
        """The line is gone: what is on its way is lost, and the host notices."""
        self._coming.clear()
        self._going.clear()
        os.close(self.line)
        self.line = -1

    def close(self) -> None:
        """End what is left of it."""
        if self.line >= 0:
            super().close()
        elif not self.is_over():
            self.kill()
            os.waitpid(self.pid, 0)

    def _send(self, data: bytes, later: float = 0.0) -> None:
        after = self._going[-1][0] if self._going else 0.0
        self._going.append((max(after, time.monotonic() + self.round_trip / 2) + later, data))

    def _read(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while True:
            self._carry()
            left = min([end, *(due for due, _ in self._going[:1]), *(due for due, _ in self._coming[:1])])
            wait = max(0.0, left - time.monotonic())
            if self.line < 0 or self.stalled:
                time.sleep(wait)
            elif select.select([self.line], [], [], wait)[0]:
                with contextlib.suppress(OSError):  # EIO: the other end is closed
                    self._coming.append((time.monotonic() + self.round_trip / 2, os.read(self.line, 65536)))
            if time.monotonic() >= end:
                return

    def _carry(self) -> None:
        """Hand over what has been under way for long enough, in both directions."""
        now = time.monotonic()
        while self._going and self._going[0][0] <= now and self.line >= 0:
            os.write(self.line, self._going.pop(0)[1])
        while self._coming and self._coming[0][0] <= now:
            self.raw += self._coming.pop(0)[1]
        for question, answer in ANSWERS.items():
            for _ in range(self.raw.count(question, self._answered)):
                self._send(answer)
        self._answered = len(self.raw)

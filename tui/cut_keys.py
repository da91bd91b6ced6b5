"""Keys that a slow line cuts in two: an arrow is Esc, [ and A, and must not become going back and two other verbs.

A terminal sends Esc alone and Esc as the beginning of another key; only what follows tells them apart. Over a slow line
the rest may come a round trip late, and when a packet was lost later still. So what may be a beginning is kept for a
while; and where an Esc was believed after all and the rest of a key comes then, that rest is thrown away: nobody can
have typed it. Nothing here reads a clock: `now` is monotonic seconds.
"""

from __future__ import annotations

import re

SLOW = 0.1
"""Seconds of a round trip from which a line is slow, whatever is known of it otherwise."""

PATIENCE = 0.4
"""Seconds over SSH, beside two round trips, until a lone Esc is believed; Textual's own 0.1 s come on top."""

REST = 2.5
"""Seconds a longer beginning is kept, and for which the rest of a key is known as one: a lost packet is sent again."""

_BEGUN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|O)?\Z")
_LATE = re.compile(r"(?:\[(?:[ABCDFHIOZ]|[<?]?\d[\d;:]*[ -/]*[@-~])|O[ABCDFHP-S])")
"""The rest of a key, of a report of the mouse, of the terminal's answer; a single letter only where it is an arrow's."""


def patience(over_ssh: bool, round_trip: float) -> float:
    """Seconds a lone Esc is kept; 0 where the terminal stands beside us."""
    return PATIENCE + 2 * round_trip if over_ssh or round_trip >= SLOW else 0.0


class CutKeys:
    """What came from the terminal goes through here. `patience` may be set at any time."""

    def __init__(self, patience: float = 0.0) -> None:
        self.patience = patience
        self._kept = ""
        self._until = 0.0
        self._late_until = float("-inf")

    @property
    def waits(self) -> bool:
        """Whether something is kept: somebody has to look at `overdue`."""
        return bool(self._kept)

    def take(self, text: str, now: float) -> str:
        """What can be read now, after this came."""
        if not self._kept and now < self._late_until and (late := _LATE.match(text)):
            text = text[late.end() :]
        self._late_until = float("-inf")
        text, self._kept = self._kept + text, ""
        begun = _BEGUN.search(text) if self.patience else None
        if begun is None:
            return text
        self._kept = begun[0]
        self._until = now + (self.patience if self._kept == "\x1b" else max(REST, self.patience))
        return text[: begun.start()]

    def overdue(self, now: float) -> str:
        """What was kept long enough, and is read as it stands."""
        if not self._kept or now < self._until:
            return ""
        text, self._kept = self._kept, ""
        self._late_until = now + REST
        return text

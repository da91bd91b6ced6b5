"""A clock that stands still until a test moves it."""

from __future__ import annotations

from dataclasses import dataclass

from inbox.model import Instant

MONDAY = 1_773_651_600
"""Mon 2026-03-16 09:00:00 UTC: an ordinary working morning."""


@dataclass
class PinnedClock:
    """Call it, or `now()`, for the instant; it changes only by `advance` and `set`."""

    at: Instant = MONDAY

    def now(self) -> Instant:
        """The instant this clock shows."""
        return self.at

    __call__ = now

    def advance(self, seconds: int = 0, *, minutes: int = 0, hours: int = 0, days: int = 0) -> Instant:
        """Go on by so much; gives the new instant. Negative values are a clock put back."""
        self.at += seconds + 60 * minutes + 3600 * hours + 86400 * days
        return self.at

    def set(self, at: Instant) -> Instant:
        """Jump to an instant."""
        self.at = at
        return self.at

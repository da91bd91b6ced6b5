"""How it stands with the nudges of a conversation, told from its events, for people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from inbox.fold import folded
from inbox.model import Event, EventType, Instant, Status

if TYPE_CHECKING:
    from inbox.hours import Hours


class Nudged(NamedTuple):
    """On or not, how many of how many have gone and when the last did, and when the next is due (opening hours left aside;
    None: none goes as it stands)."""

    on: bool
    sent: int
    of: int
    last_at: Instant | None
    next_at: Instant | None
    held: bool = False  # the settings let nothing go by itself

    def under(self, hours: Hours, automatic: bool) -> Nudged:
        """The same with the instant at which the next can go: in opening hours, where anything may go by itself."""
        at = self.next_at
        opening = at if at is None or hours.always else hours.next_opening(at)
        return self._replace(next_at=opening, held=self.on and not automatic)

    def in_words(self, told: Callable[[Instant], str]) -> str:
        """The same in few words; `told` says an instant."""
        parts = []
        if self.last_at is not None:
            parts.append(f"nudged {self.sent} of {self.of} on {told(self.last_at)}")
        elif self.on:
            parts.append(f"to be nudged, {self.of} at most" if self.of > 1 else "to be nudged")
        if self.next_at is not None:
            parts.append(f"next {told(self.next_at)}" if self.sent else f"first {told(self.next_at)}")
        elif not self.on:
            parts.append("no more")
        return ", ".join(parts) + (" (automatic_sending is off)" if self.held else "")


def nudged(events: Sequence[Event]) -> Nudged | None:
    """How it stands in a conversation with these events; None where there is nothing to tell since the customer wrote."""
    on = switched_on(events)
    if on is None:
        return None
    folding = folded(0, events)
    here = folding.result()
    if not here.nudging and not here.nudged:
        return None
    last = max(folding.nudges.sent.values(), default=None)
    next_at = here.nudge_at if here.status is Status.WAITING else None
    return Nudged(here.nudging, here.nudged, len(on.data["after"]), last, next_at)


def switched_on(events: Sequence[Event]) -> Event | None:
    """The event by which nudges were switched on, or put off, last."""
    said = [each for each in events if each.type is EventType.NUDGING and not each.void and each.data["on"]]
    return said[-1] if said else None

"""Whether a conversation is nudged, and when the next nudge goes: folded from its events, by `inbox.fold` alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from inbox.listing import Instant

GRACE = 3600
"""Seconds after switching on in which nothing goes, whatever the pace says: it can be thought over."""


@dataclass(slots=True)
class Nudges:
    """How it stands. `after`: seconds after our answer at which each goes, () when they are off; `sent`: the nudges since
    the customer last wrote, by number, and when each left (or was queued). Each goes once, whatever is switched."""

    after: Sequence[int] = ()
    since: Instant = 0
    sent: dict[int, Instant] = field(default_factory=dict)

    @property
    def on(self) -> bool:
        """Whether one is still to go."""
        return len(self.sent) < len(self.after)

    def begin(self, at: Instant, after: Sequence[int], not_before: Instant) -> None:
        """Switched on, or put off until an instant."""
        self.after, self.since = tuple(after), max(at + GRACE, not_before)

    def stop(self) -> None:
        """Switched off, closed, or not to be told any more."""
        self.after = ()

    def customer_wrote(self) -> None:
        """What the customer writes ends it, thanks too; what was sent before belongs to another silence."""
        self.stop()
        self.sent.clear()

    def left(self, message: int, at: Instant) -> None:
        """A server has taken one."""
        if message in self.sent:
            self.sent[message] = at

    def failed(self, message: int) -> None:
        """One came back or was given up: the next would fare no better."""
        if message in self.sent:
            self.stop()

    def next_at(self, answered_at: Instant | None, states: Mapping[int, str]) -> Instant | None:
        """When the next one is due, opening hours left aside; None: none goes. `answered_at`: our last answer; `states`: how
        far each message of ours got."""
        count = len(self.sent)
        if not self.on or answered_at is None or any(states.get(each) == "unknown" for each in self.sent):
            return None
        due = max(answered_at + self.after[count], self.since)
        if count:
            due = max(due, max(self.sent.values()) + self.after[count] - self.after[count - 1])
        return due

"""What we owe a customer at an instant: promises told, and follow-ups we set ourselves.

The clocks say the same of them (`inbox.sla`); here is only what a conversation has to know of itself without a policy:
what is open, oldest first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from inbox.model import Clock, ClockKind, Event, EventType, Instant, Refusal
from inbox.text import one_line

CHECK_IN = "check-in"
"""What a FOLLOW_UP says in `kind` where the customer is to be asked whether all is well (`inbox.actions.check_in`)."""


class Promised(NamedTuple):
    """Until when something is promised, and what is aimed for; None: nothing earlier."""

    until: Instant
    aim: Instant | None = None
    words: str = ""  # what is promised, in a few words


def checked(due: Instant, aim: Instant | None, now: Instant) -> Promised | Refusal:
    """A promise and its aim; refused when the promise has passed, or the aim does not lie before it."""
    if due <= now:
        return Refusal("That time has passed.", "Promise a time to come, such as 2026-05-01 09:00.")
    if aim is None or aim == due:
        return Promised(due)
    if aim > due:
        return Refusal("The aim lies after what is promised.", "Aim for a time before it.")
    if aim <= now:
        return Refusal("The time to aim for has passed.", "Aim for a time to come, before what is promised.")
    return Promised(due, aim)


@dataclass(slots=True)
class Pledges:
    """What is open while happenings are taken in, in the order of time. A follow-up goes with whether it stays when the
    customer writes."""

    promises: list[Instant] = field(default_factory=list)
    follow_ups: list[tuple[Instant, bool]] = field(default_factory=list)

    def promised(self, at: Instant, due: Instant) -> None:
        """A promise told at `at`: it moves those that are not due by then."""
        self.promises = [*(each for each in self.promises if each <= at), due]

    def kept(self) -> None:
        """The oldest open promise is kept."""
        del self.promises[:1]

    def follow_up(self, due: Instant, anyway: bool) -> None:
        """A follow-up is set."""
        self.follow_ups.append((due, anyway))

    def done(self) -> None:
        """The oldest open follow-up is done."""
        del self.follow_ups[:1]

    def customer_wrote(self) -> None:
        """What the customer writes makes a follow-up needless, unless it said otherwise."""
        self.follow_ups = [each for each in self.follow_ups if each[1]]

    @property
    def promised_until(self) -> Instant | None:
        """When the oldest open promise falls due."""
        return self.promises[0] if self.promises else None

    @property
    def follow_up_at(self) -> Instant | None:
        """When the first open follow-up falls due."""
        return _first(due for due, _ in self.follow_ups)


def said_of(events: Iterable[Event], due: Instant) -> str:
    """What was promised until `due`, or what is to be done then, in the words it was said in; "" for none."""
    pledging = (EventType.PROMISED, EventType.FOLLOW_UP)
    said = [e.why for e in events if not e.void and e.type in pledging and e.data["due"] == due]
    return said[-1] if said else ""


def quoted(clock: Clock, events: Iterable[Event]) -> str:
    """Behind the clock of a promise or a follow-up: what was said of it, " “a new lamp”"; "" for nothing."""
    if clock.kind not in (ClockKind.PROMISE, ClockKind.FOLLOW_UP):
        return ""
    due = clock.due if clock.due is not None else clock.breached_at
    said = (
        one_line(said_of((e for e in events if e.at == clock.started), due), 200) if due is not None else ""
    )
    return f" “{said}”" if said else ""


def _first(instants: Iterable[Instant]) -> Instant | None:
    return min(instants, default=None)

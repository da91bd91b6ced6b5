"""What became of what was promised: open, kept, kept late, broken, or moved by a later promise.

It follows from the clocks (docs/clocks.md), so that a conversation, its customer and the report say the same. A reply that
did not arrive has promised nothing (`inbox.fold.Folding.holds`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from inbox.happenings import happenings
from inbox.model import Clock, ClockKind, ClockState, Event, EventType, Instant
from inbox.policy import Policy
from inbox.sla import clocks

if TYPE_CHECKING:
    from inbox.ports import Reader


class Became(StrEnum):
    """How a promise stands."""

    OPEN = "open"
    KEPT = "kept"
    LATE = "kept late"
    BROKEN = "broken"
    MOVED = "moved"


class Told(NamedTuple):
    """A promise as it was told, and what became of it. `seq`: its event; `words`: what was promised, "" for nothing said."""

    seq: int
    at: Instant
    who: str
    until: Instant
    aim: Instant | None
    words: str
    became: Became


class Tally(NamedTuple):
    """How many promises were kept in time, broken (kept late, too), and moved."""

    kept: int = 0
    broken: int = 0
    moved: int = 0

    def in_words(self) -> str:
        """ "promises: 3 kept, 1 broken"; "" where there were none."""
        counts = ((self.kept, "kept"), (self.broken, "broken"), (self.moved, "moved"))
        said = ", ".join(f"{count} {word}" for count, word in counts if count)
        return f"promises: {said}" if said else ""


def became(clock: Clock) -> Became:
    """How the promise of a clock stands."""
    if clock.state is ClockState.MOVED:
        return Became.MOVED
    if clock.breached_at is not None:
        return Became.LATE if clock.met is not None else Became.BROKEN
    return Became.KEPT if clock.met is not None else Became.OPEN


def promises_told(events: Sequence[Event], now: Instant) -> tuple[Told, ...]:
    """The promises of a conversation, oldest first, as they stand at `now`; `events` in the order of the record."""
    told = [event for event in events if event.type is EventType.PROMISED and not event.void]
    if not told:
        return ()
    found = [c for c in clocks(happenings(events), _ANY, now) if c.kind is ClockKind.PROMISE]
    stands: list[Told] = []
    for event in told:
        one = next((c for c in found if (c.started, c.due) == (event.at, event.data["due"])), None)
        if one is not None:
            stands.append(
                Told(
                    event.seq,
                    event.at,
                    event.who,
                    event.data["due"],
                    event.data.get("aim"),
                    event.why,
                    became(one),
                )
            )
    return tuple(stands)


def told_to(store: Reader, customer: int, now: Instant) -> tuple[Told, ...]:
    """What was promised to a customer, in all that a store knows of them."""
    return tuple(
        told for each in store.promising(customer) for told in promises_told(store.events(each), now)
    )


def tally(told: Iterable[Told]) -> Tally:
    """How many were kept, broken and moved."""
    found = [each.became for each in told]
    return Tally(
        found.count(Became.KEPT),
        found.count(Became.BROKEN) + found.count(Became.LATE),
        found.count(Became.MOVED),
    )


_ANY = Policy()
"""Promises are instants: any policy tells the same of them."""

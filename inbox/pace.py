"""The pace of the day: how much is due before the next closing, and what that asks of each who is here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from inbox.hours import Hours
    from inbox.model import Instant

FEW = 3
"""Up to so many are seen without being counted."""
LOOK_AHEAD = 24 * 3600


class Pace(NamedTuple):
    """`due` conversations by the instant `closes`; `here` people work on them, `each` an hour."""

    due: int
    closes: Instant
    here: int
    each: int


def closing(hours: Hours, now: Instant) -> Instant | None:
    """When the stretch of open time we are in ends; None outside opening hours and where it is always open.

    A pause at noon is no closing: the last of the day is meant.
    """
    if hours.always or not hours.is_open(now):
        return None
    day = hours.timeline.date_of(now)
    last = None
    for _, closes in hours.timeline.intervals(now, now + LOOK_AHEAD):
        if hours.timeline.date_of(closes - 1) != day:
            break
        last = closes
    return last


def pace(due: int, closes: Instant | None, here: int, now: Instant, open_left: int) -> Pace | None:
    """What the rest of the day asks; None when little is due, or nobody works. `open_left`: open seconds until then."""
    if closes is None or closes <= now or open_left <= 0 or due <= FEW:
        return None
    people = max(1, here)
    each = -(-due * 3600 // (people * max(open_left, 900)))
    return Pace(due, closes, people, each)

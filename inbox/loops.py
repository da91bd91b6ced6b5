"""How much may go to and fro between machines: two that answer each other must come to an end, and be seen to.

RFC 3834 asks an automatic answer to be rare and to answer no automatic one. Where the other side hides what it is,
these budgets a correspondent end it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from inbox.model import Instant

MINUTE = 60
DAY = 86_400

BUDGETS: tuple[tuple[int, int], ...] = (
    (10 * MINUTE, 10),
    (30 * MINUTE, 15),
    (60 * MINUTE, 25),
    (180 * MINUTE, 50),
)
"""Windows in seconds, each with the automatic messages after which nothing automatic goes to an address any more."""

LONGEST = max(window for window, _ in BUDGETS)


class Traffic(NamedTuple):
    """What went automatically to an address and came from it lately, when an answer of the vacation kind last went there
    within a day, and until when it is known that nothing automatic goes there."""

    went: tuple[Instant, ...] = ()
    came: tuple[Instant, ...] = ()
    vacation_at: Instant | None = None
    stopped_until: Instant | None = None


class Spent(NamedTuple):
    """A budget that is used up: until when, and which it was."""

    until: Instant
    messages: int
    minutes: int


def spent(instants: Sequence[Instant], now: Instant) -> Spent | None:
    """The budget that keeps an address waiting longest; None when there is room for one more.

    `instants`, in any order, are when automatic messages went there, or came from there.
    """
    used = sorted(at for at in instants if at <= now)
    found = [
        Spent(used[-most] + window, most, window // MINUTE)
        for window, most in BUDGETS
        if len(used) >= most and used[-most] > now - window
    ]
    return max(found, default=None)


def spent_by(traffic: Traffic, now: Instant) -> Spent | None:
    """The same of both directions: each is counted for itself."""
    found = [each for each in (spent(traffic.went, now), spent(traffic.came, now)) if each is not None]
    return max(found, default=None)

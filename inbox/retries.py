"""When a message that was refused for now is tried again, and when that ends. Pure arithmetic over instants.

The waits double from 5 to 70 minutes; RFC 5321, 4.5.4.1, asks for tries over four to five days. Clocks jump, and a
machine sleeps for a week: nothing is given up on that has not really been tried, and a next try that lies further
ahead than any wait is a clock that was wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

from inbox.model import Instant

FIRST_WAIT = 5 * 60
LONGEST_WAIT = 70 * 60
NOTICE_AFTER = 4 * 3600
END_AFTER = 5 * 86400
"""Seconds."""

LEAST_TRIES = 12
"""Tries before giving up, whatever the clock says."""


@dataclass(frozen=True, slots=True)
class Retry:
    """What comes after a try that was refused for now.

    at: when the next try is due; None when there is none any more and the message has failed.
    notice: the sender should be told by now that it is still under way (or has failed).
    """

    at: Instant | None
    notice: bool


def next_try(first_try: Instant, attempts: int, now: Instant) -> Retry:
    """After `attempts` tries (1 or more), the first of them at `first_try`."""
    elapsed = max(0, now - first_try)
    if elapsed >= END_AFTER and attempts >= LEAST_TRIES:
        return Retry(None, notice=True)
    wait = min(FIRST_WAIT << min(max(attempts, 1) - 1, 10), LONGEST_WAIT)
    return Retry(now + wait, notice=elapsed >= NOTICE_AFTER)


def is_due(at: Instant, now: Instant) -> bool:
    """Whether a try planned for `at` may go now; also when the clock was put back since it was planned."""
    return at <= now or at - now > LONGEST_WAIT

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
NOTICE_TRIES = 5
"""Tries before anybody is told, whatever the clock says."""

FIRST_PAUSE = 15 * 60
LONGEST_PAUSE = 4 * 3600
"""Seconds a mailbox sends nothing after its server said that it has sent enough; twice as long each time in a row."""


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
    at = now + min(FIRST_WAIT << min(max(attempts, 1) - 1, 10), LONGEST_WAIT)
    told = first_try + NOTICE_AFTER
    if now + FIRST_WAIT <= told < at:  # a try at that very instant, so that what is told then is true
        at = told
    return Retry(at, notice=elapsed >= NOTICE_AFTER and attempts >= NOTICE_TRIES)


def next_pause(pauses: int) -> int:
    """Seconds a mailbox sends nothing when its server has said so `pauses` times before in a row."""
    return min(FIRST_PAUSE << min(pauses, 10), LONGEST_PAUSE)

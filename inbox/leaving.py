"""When a message for later leaves: in the customer's morning, as far as the zone they write from can be told."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from inbox.model import Instant

MORNING = 9
"""The hour there at which it leaves."""

_OFFSET = re.compile(
    rb"^Date:[^\n]*?\d\d:\d\d(?::\d\d)?\s*([+-])(\d\d)(\d\d)\b", re.IGNORECASE | re.MULTILINE
)


def offset_written(raw: bytes) -> int | None:
    """Seconds east of UTC that the Date header of a message says; None when it says none, or only UTC.

    "-0000" and "+0000" say nothing of where somebody is: most web mail writes UTC (RFC 5322, 3.3).
    """
    head = re.split(rb"\r?\n\r?\n", raw[:65_536], maxsplit=1)[0]
    found = _OFFSET.search(head)
    if found is None:
        return None
    seconds = int(found[2]) * 3600 + int(found[3]) * 60
    if not seconds or seconds > 14 * 3600:
        return None
    return -seconds if found[1] == b"-" else seconds


def their_morning(offset: int, now: Instant) -> Instant:
    """The next nine o'clock where the clock is `offset` seconds ahead of UTC."""
    there = datetime.fromtimestamp(now, UTC).astimezone(timezone(timedelta(seconds=offset)))
    morning = there.replace(hour=MORNING, minute=0, second=0)
    if morning <= there:
        morning += timedelta(days=1)
    return int(morning.timestamp())


def clock_there(offset: int) -> str:
    """The zone in words: "UTC+5:30"."""
    hours, minutes = divmod(abs(offset) // 60, 60)
    return f"UTC{'-' if offset < 0 else '+'}{hours}" + (f":{minutes:02}" if minutes else "")

"""What is aimed for when something is promised: say Thursday, aim for Wednesday.

The aim is ours alone: it brings a conversation back and stands in lists, while the promise stays what the customer was
told (`inbox.pledges`). It is typed behind the promise ("thu, aim wed"), or follows from the setting `promise_buffer`.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

from inbox.hours import Hours
from inbox.model import Instant, Refusal
from inbox.open_time import NEVER
from inbox.pledges import Promised, checked
from inbox.settings import Buffer
from inbox.typed_dates import Calendar, read_date

_AIM = re.compile(
    r"(?:,\s*|\s+)(?:aim(?:ing)?(?: for)?|ziel|angepeilt|viser|vise|objetivo)\b:?\s*", re.IGNORECASE
)


def read_promise(text: str, now: Instant, zone: tzinfo, hours: Hours, buffer: Buffer) -> Promised | Refusal:
    """A promise as it is typed, "thu 17:00" or "thu 17:00, aim wed"; without an aim that of the buffer."""
    until, *aim = _AIM.split(text, maxsplit=1)
    due = read_date(until, now, zone, hours)
    if isinstance(due, Refusal):
        return due
    if not aim:
        return Promised(due, aim_for(due, buffer, now, zone, hours))
    aimed = read_date(aim[0], now, zone, hours)
    return aimed if isinstance(aimed, Refusal) else checked(due, aimed, now)


def aim_for(due: Instant, buffer: Buffer, now: Instant, zone: tzinfo, hours: Hours) -> Instant | None:
    """What is aimed for when something is promised until `due`; None where the buffer leaves no time to come.

    Working days go back on the calendar, at the same time of day; seconds are open time.
    """
    aim = due
    if buffer.workdays:
        aim = _workdays_before(due, buffer.workdays, Calendar(now, zone, hours))
    if buffer.seconds:
        aim = hours.timeline.instant(hours.timeline.position(aim) - buffer.seconds)
    return aim if now < aim < due and aim != NEVER else None


def _workdays_before(due: Instant, count: int, calendar: Calendar) -> Instant:
    then = datetime.fromtimestamp(due, calendar.zone)
    day = then.date()
    for _ in range(count):
        for _ in range(60):
            day -= timedelta(days=1)
            if calendar.closing(day) is not None:
                break
    return calendar.at(day, then.time())

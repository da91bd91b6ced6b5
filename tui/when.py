"""Times as people type them when they snooze or hold: presets of one key, and a few forms that cannot be misread.

Understood are `30m 3h 2d 1w`, `17:00`, `tomorrow`, `tomorrow 9:30`, a weekday with or without a time, `2026-05-01`
and `2026-05-01 09:00`. Everything else is refused rather than guessed at. A day without a time begins at the first
opening of that day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo

from inbox.hours import Hours
from inbox.model import Instant
from inbox.open_time import NEVER

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(\d{1,4})\s*(m|h|d|w)")
_UNITS = {"m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")

FORMS = "3h · 2d · tomorrow 9:00 · fri 14:00 · 2026-05-01 09:00"
"""What can be typed, for the line below the question."""


def presets(now: Instant, zone: tzinfo, hours: Hours) -> Iterator[tuple[str, str, Instant]]:
    """Key, words and instant: in 3 hours, tomorrow at opening, in 2 working days, on Monday, in a week."""
    today = datetime.fromtimestamp(now, zone).date()
    yield "h", "3 hours", now + 3 * 3600
    yield "t", "tomorrow", _opening(today + timedelta(days=1), zone, hours)
    yield "d", "2 working days", _working_days(today, 2, zone, hours)
    yield "m", "Monday", _opening(today + timedelta(days=7 - today.weekday()), zone, hours)
    yield "w", "a week", _opening(today + timedelta(days=7), zone, hours)


def parse_when(text: str, now: Instant, zone: tzinfo, hours: Hours) -> Instant | None:
    """The instant a text means; None when it means none for certain, or one that has passed."""
    words = text.strip().lower().split()
    here = datetime.fromtimestamp(now, zone)
    found: Instant | None = None
    span = _SPAN.fullmatch("".join(words))
    if span:
        found = now + int(span[1]) * _UNITS[span[2]]
    elif words:
        clock = _clock(words[-1])
        if clock is not None and len(words) == 1:
            day: date | None = here.date() if clock > here.time() else here.date() + timedelta(days=1)
        else:
            day = _day(words[0], here.date()) if len(words) == 1 + (clock is not None) else None
        if day is not None:
            found = _at(day, clock, zone) if clock is not None else _opening(day, zone, hours)
    return found if found is not None and found > now else None


def _clock(word: str) -> time | None:
    match = _CLOCK.fullmatch(word)
    return time(int(match[1]), int(match[2])) if match and int(match[1]) < 24 and int(match[2]) < 60 else None


def _day(word: str, today: date) -> date | None:
    if word in ("tomorrow", "tom"):
        return today + timedelta(days=1)
    if word == "today":
        return today
    if word[:3] in _DAYS and word in (word[:3], _FULL[word[:3]]):
        return today + timedelta(days=(_DAYS.index(word[:3]) - today.weekday() - 1) % 7 + 1)
    match = _DATE.fullmatch(word)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


_FULL = dict(
    zip(_DAYS, ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), strict=True)
)


def _at(day: date, clock: time, zone: tzinfo) -> Instant:
    return int(datetime.combine(day, clock, zone).timestamp())


def _opening(day: date, zone: tzinfo, hours: Hours) -> Instant:
    """The first opening on or after a day; 09:00 where it is always open, or never."""
    opening = NEVER if hours.always else hours.next_opening(_at(day, time(0), zone))
    return _at(day, time(9), zone) if opening == NEVER else opening


def _working_days(today: date, count: int, zone: tzinfo, hours: Hours) -> Instant:
    opening = _opening(today, zone, hours)
    day = today
    for _ in range(count):
        opening = _opening(day + timedelta(days=1), zone, hours)
        day = datetime.fromtimestamp(opening, zone).date()
    return opening

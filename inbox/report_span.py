"""The span of a report, as people write it."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo

from inbox.errors import BadUsage
from inbox.figures import Span, midnight
from inbox.listing import Instant
from inbox.text import one_line

_DAYS = re.compile(r"(\d{1,4})\s*([dw])")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
LONGEST_DAYS = 3_700


def span_given(since: str, until: str | None, now: Instant, zone: tzinfo) -> Span:
    """From the beginning of a day to now, or to the end of the day `until`.

    `since` is a number of days or weeks (`90d`, `13w`: from the midnight so long ago) or a date. BadUsage for what is
    neither, and for a span that ends before it begins.
    """
    today = datetime.fromtimestamp(now, zone).date()
    last = today if until is None else _date(until, "--until")
    end = now if until is None else midnight(last + timedelta(days=1), zone)
    ago = _DAYS.fullmatch(since.strip().lower())
    if ago is not None:
        days = int(ago[1]) * (7 if ago[2] == "w" else 1)
        if not 0 < days <= LONGEST_DAYS:
            raise BadUsage(
                f"--since {one_line(since, 40)!r} is not from one day to ten years.", "Write it like 90d."
            )
        first = last - timedelta(days=days if until is None else days - 1)
    else:
        first = _date(since, "--since")
    start = midnight(first, zone)
    if start >= end:
        raise BadUsage("The report would end before it begins.", "Give --since a day before that of --until.")
    return Span(start, end)


def _date(text: str, option: str) -> date:
    found = _DATE.fullmatch(text.strip())
    try:
        if found is not None and 1970 < int(found[1]) < 2200:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    forms = "90d, 13w, 2026-05-01" if option == "--since" else "2026-05-01"
    raise BadUsage(f"{option} {one_line(text, 40)!r} is no date.", f"Write it like one of these: {forms}")

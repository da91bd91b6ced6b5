"""Opening hours: which seconds count, how people write them, and the arithmetic on them (docs/clocks.md).

All arithmetic is in UTC on whole epoch seconds; `inbox.open_time` turns wall times into instants.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from inbox.errors import BadSettings
from inbox.model import Instant
from inbox.nearest import nearest, only
from inbox.open_time import NEVER, Span, Timeline, Unbroken

HolidayCache = dict[str, dict[str, str]]
"""Holidays worked out before, as JSON can keep them: "DE/BY/2026" -> {"2026-04-03": "Good Friday"}."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MUST_OPEN_WITHIN = 370 * 86400
LONGEST = 3650 * 86400
_KEYS = ("zone", "week", "holidays", "openings", "country", "region")
_DURATION = re.compile(r"(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,9})s)?")
_SECONDS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of time, open or closed throughout. `reason`: "open", "closed" or "holiday: NAME"."""

    start: Instant
    end: Instant
    is_open: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Hours:
    """A calendar of opening hours. Two that say the same are equal, whatever they have worked out."""

    zone: str = "UTC"
    week: tuple[tuple[Span, ...], ...] = ((),) * 7  # Monday first
    holidays: frozenset[date] = frozenset()  # own dates; those of the country come on top
    openings: tuple[
        tuple[date, tuple[Span, ...]], ...
    ] = ()  # own openings: in place of the weekday, also on a holiday
    country: str | None = None  # as the package `holidays` names it: "DE"
    region: str | None = None  # "BY"
    always: bool = False
    name: str = field(default="hours", compare=False)  # what it is called in errors
    cache: HolidayCache = field(
        default_factory=dict, compare=False, repr=False
    )  # filled when a year is first needed
    timeline: Timeline = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        timeline = Unbroken() if self.always else Timeline(self.zone, self.spans_on)
        object.__setattr__(self, "timeline", timeline)

    @classmethod
    def from_settings(
        cls, value: object, *, now: Instant, name: str = "hours", cache: HolidayCache | None = None
    ) -> Hours:
        """A calendar as people write it: "always", or a table with a zone, a week, holidays and own openings.

        `name` is the place that errors name. `cache` spares working out a country's holidays, and gains what
        was missing: keep it as JSON. Raises BadSettings for what cannot be understood, for spans that
        overlap, and for a calendar that is never open in the 370 days from `now`.
        """
        if value == "always":
            return ALWAYS
        if not isinstance(value, Mapping):
            raise BadSettings(
                f'{name} is neither "always" nor a table of opening hours.',
                f'Write hours = "always", or a table [{name}] with zone and week.',
            )
        only(value, _KEYS, name)
        hours = cls(
            zone=_zone(value.get("zone"), f"{name}.zone"),
            week=_week(value.get("week", {}), f"{name}.week"),
            holidays=frozenset(_dates(value.get("holidays", []), f"{name}.holidays")),
            openings=_openings(value.get("openings", {}), f"{name}.openings"),
            country=_word(value.get("country"), f"{name}.country"),
            region=_word(value.get("region"), f"{name}.region"),
            name=name,
            cache={} if cache is None else cache,
        )
        if hours.region and not hours.country:
            raise BadSettings(
                f"{name}.region needs {name}.country beside it.", 'Write for example country = "DE".'
            )
        hours.check_opens(now)
        return hours

    def add(self, start: Instant, seconds: int) -> Instant:
        """The instant at which `seconds` of open time have passed since `start`.

        A start outside open time counts from the next opening; an end on a closing instant stays there.
        NEVER when the calendar does not open for that long.
        """
        if seconds > 0:
            return self.timeline.instant(self.timeline.position(start) + seconds)
        if seconds < 0:
            raise ValueError("open time is counted forwards only")
        is_closing = self.timeline.position(start) > self.timeline.position(start - 1)
        return start if is_closing else self.next_opening(start)

    def between(self, start: Instant, end: Instant) -> int:
        """The open seconds from `start` to `end`; 0 when `end` is not later."""
        return self.timeline.position(end) - self.timeline.position(start) if end > start else 0

    def is_open(self, at: Instant) -> bool:
        """Whether the second that begins at `at` is open: an opening instant is, a closing one is not."""
        return self.timeline.position(at + 1) > self.timeline.position(at)

    def next_opening(self, at: Instant) -> Instant:
        """`at` itself when that is open, else the next instant that is; NEVER when none comes."""
        if self.is_open(at):
            return at
        first_counted = self.timeline.instant(self.timeline.position(at) + 1)
        return NEVER if first_counted == NEVER else first_counted - 1

    def spans(self, start: Instant, end: Instant) -> Iterator[Stretch]:
        """The time from `start` to `end` piece by piece, open and closed, each hole with its reason."""
        at = start
        for opening, closing in self.timeline.intervals(start, end):
            yield from self._closed(at, opening)
            yield Stretch(opening, closing, True, "open")
            at = closing
        yield from self._closed(at, end)

    def _closed(self, start: Instant, end: Instant) -> Iterator[Stretch]:
        """A hole, cut where a holiday begins or ends."""
        while start < end:
            day = self.timeline.date_of(start)
            # Where a zone is set back over midnight, a date has ended before its last hour comes again.
            while (until := self.timeline.midnight_after(day)) <= start:
                day += timedelta(days=1)
            reason = self.why_closed(day)
            while until < end and self.why_closed(day := day + timedelta(days=1)) == reason:
                until = self.timeline.midnight_after(day)
            yield Stretch(start, min(until, end), False, reason)
            start = until

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """The spans of one date, in wall time."""
        for own_day, spans in self.openings:
            if own_day == day:
                return spans
        return () if self.holiday_on(day) is not None else self.week[day.weekday()]

    def holiday_on(self, day: date) -> str | None:
        """The name of the holiday on a date, "" for an own one; None on other days."""
        if self.country is not None:
            key = f"{self.country}/{self.region or ''}/{day.year}"
            names = self.cache.get(key)
            if names is None:
                found = holiday_dates(self.country, self.region, [day.year], self.name)
                names = self.cache[key] = {each.isoformat(): name for each, name in found.items()}
            if names and (name := names.get(day.isoformat())) is not None:
                return name
        return "" if day in self.holidays else None

    def why_closed(self, day: date) -> str:
        """The reason for a hole on a date: a holiday is one only where it takes open time away."""
        name = self.holiday_on(day)
        is_usual = name is None or not self.week[day.weekday()] or any(own == day for own, _ in self.openings)
        if is_usual:
            return "closed"
        return f"holiday: {name}" if name else "holiday"

    def check_opens(self, now: Instant) -> None:
        """Raise BadSettings when the calendar is not open for one second in the 370 days from `now`."""
        if not self.between(now, now + MUST_OPEN_WITHIN):
            today = self.timeline.date_of(now)
            raise BadSettings(
                f"{self.name} is never open in the 370 days from {today} on.",
                'Give at least one weekday a span, as in week = { mon = ["09:00-17:00"] }.',
            )


ALWAYS = Hours(always=True)
"""Every second counts."""


def holiday_dates(
    country: str, region: str | None, years: Iterable[int], name: str = "hours"
) -> dict[date, str]:
    """The public holidays of a country, or of a region of it, in these years, with their names in English.

    Takes up to 0.3 s the first time, for loading the package `holidays`. Raises BadSettings for a country or
    region it does not know.
    """
    import holidays

    wanted = set(years)
    known = holidays.list_supported_countries()
    if country not in known:
        raise BadSettings(
            f"{name}.country: no holidays are known for {country!r}{nearest(country, known)}",
            "Write the two letters of ISO 3166, as in DE or AT, or leave country out and list holidays.",
        )
    if region is not None and region not in known[country]:
        raise BadSettings(
            f"{name}.region: {country} has no region {region!r}{nearest(region, known[country])}",
            f"Regions of {country}: {', '.join(known[country]) or 'none'}.",
        )
    # A language is named because the package would else take the environment's, and names are kept.
    found = holidays.country_holidays(country, subdiv=region, years=wanted, language="en_US")
    return {day: title for day, title in found.items() if day.year in wanted}


def parse_duration(text: object, *, always: bool, place: str) -> int:
    """Seconds of open time, written `45m`, `4h`, `1h30m`, `90s`; with `always` also `2d` (24 h each).

    `place` names the setting in errors. Raises BadSettings for anything else, for no time at all, and for
    more than ten years.
    """
    match = _DURATION.fullmatch(text) if isinstance(text, str) and text else None
    if match is None:
        raise BadSettings(
            f"{place}: {text!r} is no duration{_suggested(text)}", "Write it like 45m, 4h, 1h30m or 90s."
        )
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    if match[1] is not None and not always:
        raise BadSettings(
            f"{place}: {text!r} counts days, but a day of these hours is shorter than 24 h.",
            'Write the hours you mean, as in 16h for two days of eight (days go only with hours = "always").',
        )
    total = days * 86400 + hours * 3600 + minutes * 60 + seconds
    if not 0 < total <= LONGEST:
        raise BadSettings(
            f"{place}: {text!r} is {'no time at all' if not total else 'more than ten years'}.",
            "Write it like 45m, 4h, 1h30m or 90s; leave it out for no deadline.",
        )
    return total


def _suggested(text: object) -> str:
    """What was probably meant by a duration that is none: 60 is 60m, "2 hours" is 2h."""
    words = str(text).strip().lower()
    if re.fullmatch(r"[1-9]\d{0,6}", words):
        return f'; did you mean "{words}m"?'
    parts = re.findall(r"(\d{1,9}(?:\.\d{1,9})?)\s*([dhms])[a-z]*", words)
    seconds = round(sum(float(number) * _SECONDS[unit] for number, unit in parts))
    if not 0 < seconds <= LONGEST:
        return "."
    said = ""
    for unit, size in _SECONDS.items():
        if unit != "d" or "d" in (u for _, u in parts):
            said += f"{seconds // size}{unit}" if seconds >= size else ""
            seconds %= size
    return f'; did you mean "{said}"?'


def _zone(value: object, place: str) -> str:
    if value is None:
        raise BadSettings(f"{place} is missing.", 'Write for example zone = "Europe/Berlin".')
    try:
        return ZoneInfo(str(value)).key
    except (
        OSError,
        ValueError,
        LookupError,
    ):  # what it raises depends on what lies at that name in the zone files
        raise BadSettings(
            f"{place}: {value!r} is no time zone{nearest(value, available_timezones())}",
            "Zones are named as in Europe/Berlin or America/New_York.",
        ) from None


def _week(value: object, place: str) -> tuple[tuple[Span, ...], ...]:
    table = _table(value, place, 'week = { mon = ["09:00-17:00"] }')
    only(table, DAYS, place)
    return tuple(_spans(table.get(day, []), f"{place}.{day}") for day in DAYS)


def _openings(value: object, place: str) -> tuple[tuple[date, tuple[Span, ...]], ...]:
    table = _table(value, place, 'openings = { 2026-12-24 = ["09:00-12:00"] }')
    return tuple(sorted((_date(day, place), _spans(spans, f"{place}.{day}")) for day, spans in table.items()))


def _spans(value: object, place: str) -> tuple[Span, ...]:
    """The spans of a day in order, apart from one another or touching."""
    if not isinstance(value, (list, tuple)):
        raise BadSettings(
            f"{place}: {value!r} is no list of spans.", 'Write it like ["08:00-12:00", "13:30-18:00"].'
        )
    spans = sorted(_span(each, place) for each in value)
    for earlier, later in pairwise(spans):
        if later[0] < earlier[1]:
            raise BadSettings(
                f"{place}: {_as_written(earlier)} and {_as_written(later)} overlap.",
                "Write them as one span.",
            )
    return tuple(spans)


def _span(value: object, place: str) -> Span:
    match = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if match is not None:
        from_hour, from_minute, to_hour, to_minute = map(int, match.groups())
        start, end = from_hour * 3600 + from_minute * 60, to_hour * 3600 + to_minute * 60
        if from_minute < 60 and to_minute < 60 and start < end <= 86400:
            return start, end
    raise BadSettings(
        f"{place}: {value!r} is no span of a day.",
        "Write it like 09:00-17:00, at most until 24:00; a night is two spans on two days.",
    )


def _as_written(span: Span) -> str:
    return "-".join(f"{second // 3600:02}:{second % 3600 // 60:02}" for second in span)


def _dates(value: object, place: str) -> Iterator[date]:
    if not isinstance(value, (list, tuple)):
        raise BadSettings(
            f"{place}: {value!r} is no list of dates.", "Write it like [2026-12-24, 2026-12-31]."
        )
    for each in value:
        yield _date(each, place)


def _date(value: object, place: str) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise BadSettings(f"{place}: {str(value)!r} is no date.", "Write dates like 2026-12-24.") from None


def _word(value: object, place: str) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    raise BadSettings(f"{place}: {value!r} is no word.", "Write it in quotes.")


def _table(value: object, place: str, example: str) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return value
    raise BadSettings(f"{place}: {value!r} is no table.", f"Write it like {example}.")

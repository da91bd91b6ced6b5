"""Dates as people type them, in English, German, French and Spanish: read one way, or refused with what could be written.

`read_date` answers an instant, or says why it does not. Nothing is guessed: a text is taken apart in every way its words
allow, and where two of those ways name two instants to come, both are named and neither is taken. The words stand in
`inbox.date_words`; what each form means, in docs/follow-ups.md.

Times are wall times of the zone given. One that a zone leaves out in spring is moved forward by the gap; of one that
exists twice in autumn the first is meant. A day without a time is the first opening on or after that day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from inbox.date_atoms import FURTHEST, MORNING, Atom, Span, fold, ways, words_known
from inbox.hours import Hours
from inbox.model import Instant, Refusal
from inbox.nearest import nearest
from inbox.open_time import NEVER
from inbox.text import one_line

FORMS = "3h · 2 working days · tomorrow 9 · fri 14:00 · eod · 1 May · 2026-05-01 09:00"
"""What can be typed, for the line below the question."""

LONGEST = 80
"""Characters of a date; nobody types more."""

_NINE = time(9)
_RECENT = 92  # days: a date without a year that passed so lately is a slip, and not that of next year
_DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Doubt(Refusal):
    """A refusal that holds although another reading would name an instant."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """What dates are read by: now, the zone of the wall they are read from, and when it is open."""

    now: Instant
    zone: tzinfo
    hours: Hours

    @property
    def today(self) -> date:
        """The day it is."""
        return datetime.fromtimestamp(self.now, self.zone).date()

    def at(self, day: date, clock: time) -> Instant:
        """A wall time as an instant (PEP 495, fold=0: moved forward by a gap; the first of two)."""
        return int(datetime.combine(day, clock, self.zone).timestamp())

    def opening(self, day: date) -> Instant:
        """The first opening on or after a day; 09:00 where it is always open, or never."""
        opening = NEVER if self.hours.always else self.hours.next_opening(self.at(day, time(0)))
        return self.at(day, _NINE) if opening == NEVER else opening

    def closing(self, day: date) -> Instant | None:
        """When a day closes for good; None when it does not open. Where it is always open, a day ends at midnight."""
        start, end = self.at(day, time(0)), self.at(day + timedelta(days=1), time(0))
        if self.hours.always:
            return end
        return max((closing for _, closing in self.hours.timeline.intervals(start, end)), default=None)

    def last_closing(self, first: date, last: date) -> Instant | None:
        """The last closing from one day to another."""
        for back in range((last - first).days + 1):
            closing = self.closing(last - timedelta(days=back))
            if closing is not None:
                return closing
        return None

    def workday(self, count: int) -> date:
        """The day on which it opens for the `count`th time after today."""
        day = self.today
        for _ in range(count):
            day = datetime.fromtimestamp(self.opening(day + timedelta(days=1)), self.zone).date()
        return day

    def day_after(self, span: Span) -> date:
        """The day that lies a span after today, by its days, months and working days."""
        day = self.workday(span.workdays) + timedelta(days=span.days)
        month = day.month - 1 + span.months
        year, month = day.year + month // 12, month % 12 + 1
        while True:
            try:
                return date(year, month, day.day)
            except ValueError:  # the month is shorter
                day -= timedelta(days=1)


def presets(now: Instant, zone: tzinfo, hours: Hours) -> Iterator[tuple[str, str, Instant]]:
    """Key, words and instant: in 3 hours, tomorrow at opening, in 2 working days, on Monday, in a week."""
    calendar = Calendar(now, zone, hours)
    today = calendar.today
    yield "h", "3 hours", now + 3 * 3600
    yield "t", "tomorrow", calendar.opening(today + timedelta(days=1))
    yield "d", "2 working days", calendar.opening(calendar.workday(2))
    yield "m", "Monday", calendar.opening(today + timedelta(days=7 - today.weekday()))
    yield "w", "a week", calendar.opening(today + timedelta(days=7))


def read_date(text: str, now: Instant, zone: tzinfo, hours: Hours) -> Instant | Refusal:
    """The instant to come that a text names; a refusal when it names none for certain, or one that has passed."""
    folded = fold(text)
    shown = one_line(text.strip(), 40)
    if not folded:
        return Refusal("No date is written.", f"Write it like {FORMS}.")
    if len(folded) > LONGEST:
        return Refusal(f"“{shown}” is too long for a date.", f"Write it like {FORMS}.")
    calendar = Calendar(now, zone, hours)
    found: set[Instant] = set()
    asks: list[Refusal] = []
    for atoms in ways(folded):
        kinds = "".join(atom.kind for atom in atoms)
        asked = next((ask for form, ask in _ASKS if form.fullmatch(kinds)), None)
        if asked is not None:
            is_late = (
                kinds == "c" and atoms[0].value.hour > 12
            )  # 17h is said of the afternoon, 3h seldom of the night
            asks.append((Doubt if is_late else Refusal)(asked[0].format(shown), asked[1]))
        elif _FORMS_READ.fullmatch(kinds):
            for each in _meant(atoms, calendar):
                if isinstance(each, Refusal):
                    asks.append(each)
                else:
                    found.add(each)
    return _decided(shown, folded, found, asks, calendar)


def written(at: Instant, zone: tzinfo) -> str:
    """An instant in words that `read_date` reads as that instant: "2026-05-01 09:00"."""
    then = datetime.fromtimestamp(at, zone)
    words = f"{then:%Y-%m-%d %H:%M:%S}" if then.second else f"{then:%Y-%m-%d %H:%M}"
    if int(then.replace(fold=0).timestamp()) == at:
        return words
    offset = int((then.utcoffset() or timedelta()).total_seconds()) // 60  # the second of two
    return f"{words} {'-' if offset < 0 else '+'}{abs(offset) // 60:02}:{abs(offset) % 60:02}"


def _decided(
    shown: str, folded: str, found: set[Instant], asks: Sequence[Refusal], calendar: Calendar
) -> Instant | Refusal:
    """One instant to come, or why it is none."""
    coming = sorted(at for at in found if at > calendar.now)
    doubt = next((ask for ask in asks if isinstance(ask, Doubt)), None)
    if doubt is not None:
        return doubt
    if len(coming) == 1:
        return coming[0]
    if coming:
        days = " or ".join(_in_full(at, calendar) for at in coming[:2])
        either = " or ".join(written(at, calendar.zone) for at in coming[:2])
        return Refusal(f"“{shown}” could be {days}.", f"Write {either}.")
    if found:
        return Refusal(
            f"{_in_full(max(found), calendar)} has passed.", "Name a time to come, such as tomorrow 9:00."
        )
    if asks:
        return asks[0]
    unknown = next((word for word in re.findall(r"[a-z']+", folded) if word not in words_known()), None)
    if unknown is None:
        return Refusal(f"“{shown}” names no time for certain.", f"Write it like {FORMS}.")
    near = nearest(unknown, words_known())
    return Refusal(f"“{one_line(unknown, 40)}” is no date{near}", f"Write it like {FORMS}.")


def _in_full(at: Instant, calendar: Calendar) -> str:
    then = datetime.fromtimestamp(at, calendar.zone)
    year = "" if then.year == calendar.today.year else f" {then.year}"
    return f"{_DAY_NAMES[then.weekday()]} {then.day} {_MONTH_NAMES[then.month - 1]}{year} {then:%H:%M}"


# ---------------------------------------------------------------------- what atoms mean together

_CLOCK = "A?[Cc]|An"
_DAY = "D|N?W|TW|WN|W?G*X|Q|G*W?Q|QG*W|I?s"
_FORMS_READ = re.compile(
    "|".join(
        (
            "I?S",  # in 3 hours
            f"G*(?:{_DAY})[Pp]?(?:(?:{_CLOCK})P?)?",  # tomorrow; friday at 17:00; monday morning
            "G*D[Pp]?nP?",  # tomorrow 9
            f"G*(?:{_CLOCK})P?G*(?:{_DAY})",  # 17:00 on friday
            "G*(?:TP|V)(?:A?[Ccn]P?)?",  # this afternoon at 3
            "G*(?:C|A[Ccn])P?",  # 17:00; at 9
            f"G*E(?:G*(?:{_DAY}))?",  # end of day; end of day friday
            f"G*(?:{_DAY})G*E",  # friday end of day
            "G*Z",  # 2026-05-01T09:00Z
        )
    )
)
"""The orders in which atoms make a date.

G: on, by · A: at · I: in · N: next · T: this · D: today, tomorrow · W: a weekday · X: a date · Q: next week, next month ·
P: part of a day (p: only behind a day; V: of today) · C: a time of day (c: one that may be a span as well) · n: a number ·
S: a span with hours or minutes (s: of days) · E: the end of a day, week, month · Z: an instant.
"""

_NEARER = f"Name a day in the next {FURTHEST} years."
_ASKS = tuple(
    (re.compile(form), words)
    for form, words in (
        ("G*[NT]?Wn", ("“{}”: hour, or day of the month?", "Write fri 14:00, or 14 Nov.")),
        ("c", ("“{}”: time of day, or how long from now?", "Write 17:00, or in 17h.")),
        (".*F.*", ("“{}” is too far away.", _NEARER)),
        ("n", ("“{}” alone is no date.", "Write 9:00, 9h or 9d.")),
        ("I?sc", ("“{}”: time of day, or more hours?", "Write in 2 days 9:00, or 2d9h.")),
    )
)
"""What is read, and means too little."""


def _meant(atoms: Sequence[Atom], calendar: Calendar) -> Iterator[Instant | Refusal]:
    """Every instant that atoms in a good order can mean."""
    said = {atom.kind: atom.value for atom in atoms}
    if "Z" in said:
        yield said["Z"]
    elif "S" in said:
        span: Span = said["S"]
        yield sum_of_time(span, calendar)
    elif "E" in said and set(said) <= {"E", "G"}:
        what, more = said["E"]
        yield _end_of(what, more, calendar)
    elif set(said) <= {"I", "s"}:
        yield sum_of_time(said["s"], calendar)
    else:
        yield from _on_days(said, calendar)


def sum_of_time(span: Span, calendar: Calendar) -> Instant:
    """The same wall time a span later, and its minutes after that; working days begin at the opening."""
    if span.workdays:
        return calendar.opening(calendar.day_after(span))
    if span.days or span.months:
        wall = datetime.fromtimestamp(calendar.now, calendar.zone).time()
        return calendar.at(calendar.day_after(span), wall) + 60 * span.minutes
    return calendar.now + 60 * span.minutes


def _end_of(what: str, more: int, calendar: Calendar) -> Instant | Refusal:
    """The next time that a day, week or month closes for good, `more` of them later."""
    today = calendar.today
    for number in range(more, more + 60):
        first, last = period(what, today, number)
        closing = calendar.last_closing(first, last)
        if closing is not None and closing > calendar.now:
            return closing
    return Refusal("It does not open again.", "Name a day and a time.")


def period(what: str, today: date, number: int) -> tuple[date, date]:
    """The first and last day of the day, week or month `number` after this one."""
    if what == "day":
        day = today + timedelta(days=number)
        return day, day
    if what == "week":
        monday = today + timedelta(days=7 * number - today.weekday())
        return monday, monday + timedelta(days=6)
    month = today.year * 12 + today.month - 1 + number
    first, behind = (date(each // 12, each % 12 + 1, 1) for each in (month, month + 1))
    return first, behind - timedelta(days=1)


def _on_days(said: dict[str, Any], calendar: Calendar) -> Iterator[Instant | Refusal]:
    """A day and a time on it."""
    part = said.get("P", said.get("p", said.get("V")))
    clock: time | None = said.get("C", said.get("c"))
    if "n" in said:
        clock = time(said["n"])
    if clock is not None and part is not None:
        clock = in_part(clock, part)
        if clock is None:
            yield Refusal("That time does not lie in that part of the day.", "Write it like 15:00.")
            return
    if not {"D", "W", "X", "Q", "s", "T", "V"} & set(said):
        assert clock is not None  # a time alone: the next one
        for ahead in (0, 1):
            at = calendar.at(calendar.today + timedelta(days=ahead), clock)
            if at > calendar.now:
                yield at
                return
        return
    for day in days_meant(said, calendar):
        if isinstance(day, Refusal):
            yield day
        elif clock is not None:
            yield calendar.at(day, clock)
        elif "E" in said:
            closing = calendar.closing(day)
            yield closing if closing is not None else Refusal("That day is closed.", "Name a time on it.")
        elif part is not None:
            yield _in_the(part, day, calendar)
        else:
            opening = calendar.opening(day)
            is_today = day == calendar.today and "W" in said
            if not is_today or datetime.fromtimestamp(opening, calendar.zone).date() == day:
                yield opening


def in_part(clock: time, part: tuple[int, int]) -> time | None:
    """A time as meant in a part of the day: 3 in the afternoon is 15:00."""
    first, last = part
    for hour in (clock.hour, clock.hour + 12):
        if first <= hour <= last:
            return clock.replace(hour=hour)
    return None


def _in_the(part: tuple[int, int], day: date, calendar: Calendar) -> Instant | Refusal:
    """The morning of a day begins with its opening; other parts need a time."""
    opening = calendar.opening(day)
    then = datetime.fromtimestamp(opening, calendar.zone)
    if part == MORNING and then.date() == day and then.hour < 12:
        return opening
    return Refusal("A part of a day is no time.", "Write it like tomorrow 15:00.")


def days_meant(said: dict[str, Any], calendar: Calendar) -> Iterator[date | Refusal]:
    """The days that may be meant."""
    today = calendar.today
    if "X" in said:
        yield from _dates(said["X"], said.get("W"), calendar, said.get("C", said.get("c")))
    elif "Q" in said:
        what, more = said["Q"]
        first, _ = period(what, today, more)
        yield first + timedelta(days=said["W"]) if "W" in said else first
    elif "W" in said:
        ahead = (said["W"] - today.weekday()) % 7
        if "N" in said:
            yield today + timedelta(days=ahead or 7)
            if (
                ahead and today.weekday() + ahead < 7
            ):  # "next Friday" on a Tuesday: this week's, or the next one's
                yield today + timedelta(days=ahead + 7)
        else:
            yield today + timedelta(days=ahead)
            if not ahead and "T" not in said:
                yield today + timedelta(days=7)
    elif "s" in said:
        yield calendar.day_after(said["s"])
    else:
        yield today + timedelta(days=said.get("D", 0))


def _dates(
    wanted: tuple[int | None, int | None, int], weekday: int | None, calendar: Calendar, clock: time | None
) -> Iterator[date | Refusal]:
    """The date meant; without a year, or a month, the next one of that name."""
    year, month, number = wanted
    today = calendar.today
    if year is not None and month is not None:
        tries = [(year, month)]
    elif month is not None:
        tries = [
            (today.year + more, month) for more in range(-1, 9)
        ]  # 29 February comes in eight years at the latest
    else:
        months = (today.year * 12 + today.month - 1 + more for more in range(14))
        tries = [(each // 12, each % 12 + 1) for each in months]
    found = [day for each in tries if (day := _date(*each, number)) is not None]
    if year is None:
        first = next((day for day in found if day >= today), None)
        lately = month is not None and any(0 < (today - day).days <= _RECENT for day in found)
        if lately and first is not None:
            yield Doubt(
                f"{number} {_MONTH_NAMES[(month or 1) - 1]} has passed.",
                f"Write {first} for that of next year.",
            )
            return
        if month is None and first == today and clock is None:
            first = next((day for day in found if day > today), None)
        found = [first] if first is not None else []
    if not found:
        yield Refusal("There is no such day.", "Write it like 2026-05-01.")
    for day in found:
        if day.year > today.year + FURTHEST:
            yield Refusal(f"{day} is too far away.", _NEARER)
        elif weekday is not None and day.weekday() != weekday:
            yield Refusal(f"{day} is a {_DAY_NAMES[day.weekday()]}.", "Write the date alone.")
        else:
            yield day


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

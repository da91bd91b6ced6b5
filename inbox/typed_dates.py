"""Dates as people type them, in English, German, French and Spanish: read one way, or refused with what could be written.

`read_date` answers an instant, or says why it does not. Nothing is guessed: a text is taken apart in every way its words
allow, and where two of those ways name two instants to come, both are named and neither is taken. The words stand in
`inbox.date_words`; what each form means, in docs/follow-ups.md.

Times are wall times of the zone given. One that a zone leaves out in spring is moved forward by the gap; of one that
exists twice in autumn the first is meant. A day without a time is the first opening on or after that day.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Any, NamedTuple

from inbox.date_words import LANGUAGES
from inbox.hours import Hours
from inbox.model import Instant, Refusal
from inbox.nearest import nearest
from inbox.open_time import NEVER
from inbox.text import one_line

FORMS = "3h · 2 working days · tomorrow 9 · fri 14:00 · eod · 1 May · 2026-05-01 09:00"
"""What can be typed, for the line below the question."""

LONGEST = 80
"""Characters of a date; nobody types more."""

FURTHEST = 20
"""Years ahead; nobody means more, and laying out the opening hours of a century takes a second."""

_NINE = time(9)
_RECENT = 92  # days: a date without a year that passed so lately is a slip, and not that of next year
_DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Atom(NamedTuple):
    """A piece of a date: its kind (a letter, see `_FORMS_READ`), what it says, and where it ends in the folded text."""

    kind: str
    value: Any
    end: int


class Span(NamedTuple):
    """A time from now: minutes are elapsed time, all else is counted on the calendar."""

    minutes: int = 0
    days: int = 0
    months: int = 0
    workdays: int = 0

    def __add__(self, other: object) -> Span:
        """Both together."""
        assert isinstance(other, Span)
        return Span(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


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
    for atoms in _ways(folded):
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


def fold(text: str) -> str:
    """A text as it is read: small letters without accents, single blanks, plain apostrophes."""
    text = text[: 50 * LONGEST].translate(_PLAIN).casefold()
    text = re.sub(r"(?<=[0-9]{2})t(?=[0-9]{2}:)", " ", text)  # as in 2026-05-01T09:00
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.sub(r"(?<=[a-z])-(?=[a-z])", " ", bare).split())


_PLAIN = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "–": "-", "—": "-", "\u2011": "-"})


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
    unknown = next((word for word in re.findall(r"[a-z']+", folded) if word not in _words_known()), None)
    if unknown is None:
        return Refusal(f"“{shown}” names no time for certain.", f"Write it like {FORMS}.")
    near = nearest(unknown, _words_known())
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
        yield from _ondays_meant(said, calendar)


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


def _ondays_meant(said: dict[str, Any], calendar: Calendar) -> Iterator[Instant | Refusal]:
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
    if part == _MORNING and then.date() == day and then.hour < 12:
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
            (today.year + more, month) for more in range(9)
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


# ---------------------------------------------------------------------- atoms

_MORNING, _AFTERNOON, _EVENING, _LATE = (0, 11), (12, 18), (17, 23), (12, 20)
_PARTS = {"morning": _MORNING, "afternoon": _AFTERNOON, "evening": _EVENING, "late": _LATE}
_UNITS = {
    "minute": Span(minutes=1),
    "hour": Span(minutes=60),
    "day": Span(days=1),
    "week": Span(days=7),
    "month": Span(months=1),
    "workday": Span(workdays=1),
}


def _ways(folded: str) -> Iterator[list[Atom]]:
    """Every way to take a text apart into atoms, up to a number that no date comes near."""
    lattice: dict[int, list[Atom]] = {}
    left = 2000

    def behind(at: int) -> Iterator[list[Atom]]:
        nonlocal left
        if at == len(folded):
            yield []
            return
        for atom in lattice.setdefault(at, atoms_at(folded, at)):
            for rest in behind(gap(folded, atom.end)):
                left -= 1
                if left < 0:
                    return
                yield [atom, *rest]

    yield from behind(0)


def gap(folded: str, at: int) -> int:
    """Where the next atom begins: behind blanks and commas."""
    while at < len(folded) and folded[at] in " ,":
        at += 1
    return at


def atoms_at(folded: str, at: int) -> list[Atom]:
    """The atoms that may begin at a place of a folded text, each once."""
    found: dict[Atom, None] = {}
    words = _word_atoms()
    for end in _ends(folded, at):
        for kind, value in words.get(folded[at:end], ()):
            found[Atom(kind, value, end)] = None
    for pattern, read in _patterns():
        match = pattern.match(folded, at)
        if match is not None:
            for kind, value in read(match):
                found[Atom(kind, value, match.end())] = None
    return list(found)


def _ends(folded: str, at: int) -> Iterator[int]:
    """Where a word or phrase that begins at a place may end: before a blank, a sign, or the end."""
    if folded[at] == "@":
        yield at + 1
        return
    end = at
    for _ in range(5):
        while end < len(folded) and (folded[end].isalpha() or folded[end] == "'"):
            end += 1
        if end == at or (end < len(folded) and folded[end].isdigit()):
            return
        yield end
        if end >= len(folded) or folded[end] != " ":
            return
        end += 1


def _listed(meaning: str) -> Iterator[str]:
    """The words for a meaning, in all languages."""
    for language in LANGUAGES:
        yield from filter(None, (word.strip() for word in language.get(meaning, "").split(",")))


def _named(meaning: str) -> Iterator[tuple[int, str]]:
    """The words of weekdays, months and numbers, each with its place in the row."""
    for language in LANGUAGES:
        for place, words in enumerate(language.get(meaning, "").split(",")):
            for word in words.split():
                yield place, word


@cache
def _word_atoms() -> dict[str, tuple[tuple[str, Any], ...]]:
    """What a word or phrase may be, by itself."""
    found: dict[str, list[tuple[str, Any]]] = {}

    def add(meaning: str, kind: str, value: Any = None) -> None:
        for word in _listed(meaning):
            found.setdefault(word, []).append((kind, value))

    for ahead, meaning in enumerate(("today", "tomorrow", "overmorrow")):
        add(meaning, "D", ahead)
    for meaning, kind in (
        ("on", "G"),
        ("until", "G"),
        ("at", "A"),
        ("in", "I"),
        ("next", "N"),
        ("this", "T"),
    ):
        add(meaning, kind)
    for meaning, part in _PARTS.items():
        add(meaning, "P", part)
    add("just morning", "p", _MORNING)
    add("tonight", "V", _EVENING)
    add("noon", "C", time(12))
    add("half hour", "S", Span(minutes=30))
    for what in ("week", "month"):
        add(f"next {what}", "Q", (what, 1))
        add(f"end next {what}", "E", (what, 1))
    for what in ("day", "week", "month"):
        add(f"end {what}", "E", (what, 0))
    for place, word in _named("weekdays"):
        found.setdefault(word, []).append(("W", place))
    return {word: tuple(dict.fromkeys(atoms)) for word, atoms in found.items()}


@cache
def _words_known() -> frozenset[str]:
    """Every word that may stand in a date."""
    phrases = [
        word for language in LANGUAGES for words in language.values() for word in re.split("[, ]+", words)
    ]
    return frozenset(filter(None, (*phrases, "am", "pm", "st", "nd", "rd", "th", "er", "t", "z")))


Read = Callable[[re.Match[str]], Iterator[tuple[str, Any]]]


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Read], ...]:
    """What atoms with digits look like, and what each says. Each match ends where its word ends."""
    months = _one_of(word for _, word in _named("months"))
    numbers = _one_of(word for _, word in _named("numbers"))
    units = _one_of(word for name in _UNITS for word in _listed(f"unit {name}"))
    oclock = _one_of(_listed("o'clock"))
    weak = _one_of(list(_listed("hour of the day")))
    ands = _one_of(_listed("and"))
    count = rf"(?:[0-9]{{1,4}}|(?:{numbers})(?= ))"
    one = rf"{count} ?(?:{units})(?![a-z])"
    free = r"(?![0-9]|[:.][0-9]| ?(?:h|am|pm|uhr)\b)"  # no time of day begins here
    year = rf"(?:,? (?:de )?([0-9]{{4}}){free})?"
    ordinal = r"(?:st|nd|rd|th|er|ro|o|\.)?"
    rows: tuple[tuple[str, Read], ...] = (
        (
            r"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9]{2}:[0-9]{2}(?::[0-9]{2})?) ?(z|[+-][0-9]{2}:?[0-9]{2})",
            _instant,
        ),
        (r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})", _iso),
        (r"([0-9]{1,2})\. ?([0-9]{1,2})\.(?: ?([0-9]{4})|([0-9]{2})(?![0-9:.]))?", _dotted),
        (r"([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?", _slashed),
        (rf"([0-9]{{1,2}}){ordinal} ?(?:of |de )?({months})\.?{year}", _day_month),
        (rf"({months})\.? ?([0-9]{{1,2}})(?:st|nd|rd|th)?{free}{year}", _month_day),
        (r"(?:the )?([0-9]{1,2})(?:st|nd|rd|th)", _day_alone),
        (rf"(?:le|el|el dia) ([0-9]{{1,2}}){free}", _day_alone),
        (r"(?:am|zum) ([0-9]{1,2})\.(?![0-9])", _day_alone),
        (r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?: ?uhr| ?h)?", _clock),
        (r"([0-9]{1,2})(?:[:.]([0-9]{2}))? ?(am|pm|a\.m\.|p\.m\.)", _twelve),
        (rf"([0-9]{{1,2}})(?:[.:]([0-9]{{2}}))? ?(?:{oclock})(?: ([0-9]{{2}}))?", _clock),
        (rf"([0-9]{{1,2}}) ?(?:{weak})(?: ?([0-9]{{2}}))?", _weak),
        (r"([0-9]{1,2})", _number),
        (rf"{one}(?:(?:,| ?(?:{ands}))? ?{one})*", _span),
        (rf"{count} ?(?:-|to|bis|a|o|or|oder|ou|and|y) ?({one})", _range),
    )
    return tuple((re.compile(rf"{form}(?![a-z0-9]|[:/][0-9])"), read) for form, read in rows)


def _one_of(words: Iterator[str] | Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


@cache
def _place_of(meaning: str) -> dict[str, int]:
    return {word: place for place, word in _named(meaning)}


def _instant(match: re.Match[str]) -> Iterator[tuple[str, Any]]:
    zone = "+00:00" if match[3] == "z" else match[3]
    try:
        yield "Z", int(datetime.fromisoformat(f"{match[1]}T{match[2]}{zone}").timestamp())
    except ValueError:
        return


def _iso(match: re.Match[str]) -> Iterator[tuple[str, Any]]:
    yield "X", (int(match[1]), int(match[3]), int(match[4]))


def _dotted(match: re.Match[str]) -> Iterator[tuple[str, Any]]:
    year = int(match[3]) if match[3] else 2000 + int(match[4]) if match[4] else None
    yield from _valid(year, int(match[2]), int(match[1]))


def _slashed(match: re.Match[str]) -> Iterator[tuple[str, Any]]:
    """Days first in most of the world, months first in some: both, where both are dates."""
    year = None if not match[3] else int(match[3]) + (2000 if len(match[3]) == 2 else 0)
    first, second = int(match[1]), int(match[2])
    yield from _valid(year, second, first)
    if first != second:
        yield from _valid(year, first, second)


def _day_month(match: re.Match[str]) -> Iterator[tuple[str, Any]]:
    yield from _valid(int(match[3]) if match[3] else None, _month(match[2]), int(match[1]))


def _month_day(match: re.Match[str]) -> Iterator[tuple[str, Any]]:
    yield from _valid(int(match[3]) if match[3] else None, _month(match[1]), int(match[2]))


def _month(word: str) -> int:
    return _place_of("months")[word] + 1


def _valid(year: int | None, month: int, day: int) -> Iterator[tuple[str, Any]]:
    """A date, where a year has one; one that there is not is refused later, in words."""
    if 1 <= month <= 12 and 1 <= day <= 31:
        yield "X", (year, month, day)


def _day_alone(match: re.Match[str]) -> Iterator[tuple[str, Any]]:
    if 1 <= int(match[1]) <= 31:
        yield "X", (None, None, int(match[1]))


def _clock(match: re.Match[str]) -> Iterator[tuple[str, Any]]:
    parts = [int(each) for each in match.groups() if each]
    hour, minute, second = (*parts, 0, 0)[:3]
    if hour < 24 and minute < 60 and second < 60:
        yield "C", time(hour, minute, second)


def _twelve(match: re.Match[str]) -> Iterator[tuple[str, Any]]:
    hour, minute = int(match[1]), int(match[2] or 0)
    if 1 <= hour <= 12 and minute < 60:
        yield "C", time(hour % 12 + (12 if match[3].startswith("p") else 0), minute)


def _weak(match: re.Match[str]) -> Iterator[tuple[str, Any]]:
    hour, minute = int(match[1]), int(match[2] or 0)
    if hour < 24 and minute < 60:
        yield "c", time(hour, minute)


def _number(match: re.Match[str]) -> Iterator[tuple[str, Any]]:
    if int(match[1]) < 24:
        yield "n", int(match[1])


def _span(match: re.Match[str]) -> Iterator[tuple[str, Any]]:
    yield _kind_of(found := _summed(match[0])), found


def _range(match: re.Match[str]) -> Iterator[tuple[str, Any]]:
    """From one number to another: the longer of them. Only promises are told so."""
    kind = _kind_of(found := _summed(match[1]))
    yield {"S": "R", "s": "r"}.get(kind, kind), found


def _kind_of(span: Span) -> str:
    """With hours or minutes (S), of days (s), or further than anybody means (F)."""
    if max(span.days / 365, span.months / 12, span.workdays / 250, span.minutes / (365 * 24 * 60)) > FURTHEST:
        return "F"
    return "s" if any(span) and not span.minutes else "S"


def _summed(text: str) -> Span:
    """The pieces of a span together."""
    numbers, units = _place_of("numbers"), _unit_of()
    total = Span()
    for count, unit in re.findall(
        rf"([0-9]+|(?:{_one_of(list(numbers))})(?= )) ?({_one_of(list(units))})(?![a-z])", text
    ):
        size = int(count) if count.isdigit() else numbers[count] + 1
        total += Span(*(size * each for each in units[unit]))
    return total


@cache
def _unit_of() -> dict[str, Span]:
    return {word: span for name, span in _UNITS.items() for word in _listed(f"unit {name}")}

"""Dates and times as chat programs write them for people: in the order, the digits and the words of a country.

A stamp is taken apart into its numbers (`written`); a whole transcript tells whether the day or the month comes first
(`Order`); then each is an instant in the zone of the telephone it was written on (`Clockface`).
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from inbox.channels.chat.months import month_of
from inbox.chat.shape import Asked, Oddities
from inbox.model import Instant

_PM = """pm p μμ 오후 下午 午後 晚上 م مساء بظ بعدازظهر अपराह्न nachm nachmittags em odp popoldne ös ch ptg du delatarde
    datarde หลังเที่ยง ip klpm gh""".split()  # noqa: SIM905  a table of words reads best as a line
_AM = """am a πμ 오전 上午 午前 凌晨 早上 ص صباحا قظ قبلازظهر पूर्वाह्न vorm vormittags fm dop dopoldne öö sa pg de
    delamañana damanhã ก่อนเที่ยง""".split()  # noqa: SIM905
PLAIN_DATE = r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}"
"""A date as most are, as part of an expression."""
PLAIN_CLOCK = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:[ \u202f\xa0]?[AaPp][Mm])?"
"""A clock as most are."""
_DATE = re.compile(PLAIN_DATE)
_CLOCK = re.compile(PLAIN_CLOCK)
_NUMBER = re.compile(r"[0-9]+")
_LETTERS = r"[^\W\d_][^\s\d.,;:/()\[\]-]*"
"""A word: signs above and below letters, of which many scripts are full, are part of it."""
_WORD = re.compile(rf"\d+|{_LETTERS}")
_PART = re.compile(r"\d+|[^\W\d_]+[^\d]*")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_PAIRED = re.compile(rf"({_LETTERS})(?:[.\s]{{1,2}}([^\W\d_]{{1,2}})\b)?")
_COUNTER = re.compile(r"\A[年月日號号년월일時时시]+")
"""What stands behind the numbers of a date in the far east; no space parts it from the half of the day."""
_BY_THEMSELVES = frozenset(("a", "p", "de", "du", "em"))
"""Halves of the day that are words of their own in other languages: they are halves where a point follows."""
OFFSET = re.compile(r"\b(?:GMT|UTC)\s?(?:([+-])(\d{1,2})(?::?(\d\d))?)?", re.IGNORECASE)
"""A zone by its distance: `UTC`, `GMT+2`, `UTC-03:30`."""
_BUDDHIST = 2400
"""Years above are counted from the Buddha's death, 543 years before ours."""


class Written(NamedTuple):
    """A stamp as written: the three numbers of its date in their order, how many digits the first has, and its clock."""

    date: tuple[int, int, int]
    digits: int
    clock: tuple[int, int, int]
    afternoon: bool | None  # None: a clock of 24 hours


def written(stamp: str) -> Written | None:
    """The numbers of a stamp; None for what is none, as one with a month by its name
    (`in_words`). `14:05, 31/12/2020` has its clock first."""
    left, _, right = stamp.partition(", " if "," in stamp else " ")
    if (plain := plainly_written(left, right)) is not None:
        return plain
    numbers: list[int] = []
    afternoon: bool | None = None
    first, first_gap, last = "", "", 0
    for found in _PART.finditer(stamp):
        part = found[0]
        if part[0].isdecimal():
            if len(numbers) == 1:
                first_gap = stamp[last : found.start()]
            first = first or part
            if len(part) > 4 or len(numbers) == 6:
                return None
            numbers.append(int(part))
            last = found.end()
        else:
            half = _half(_NOT_LETTERS.sub("", part))
            half = is_afternoon(part) if half is None else half
            if half is not None:
                afternoon = half
            elif any(month_of(each) for each in _WORD.findall(part)):
                return None
    if len(numbers) not in (5, 6):
        return None
    digits = len(first)
    if ":" in first_gap:
        cut = len(numbers) - 3
        clock, (day, month, year) = numbers[:cut], numbers[cut:]
        digits = 2
    else:
        (day, month, year), clock = numbers[:3], numbers[3:]
    return _checked(
        (day, month, year), digits, (clock[0], clock[1], clock[2] if len(clock) == 3 else 0), afternoon
    )


def plainly_written(date: str, clock: str) -> Written | None:
    """The numbers of a date and a clock; None where one of them is not as most are (`PLAIN_DATE`, `PLAIN_CLOCK`)."""
    plain_date, plain_clock = _plain_date(date), _plain_clock(clock)
    if plain_date is None or plain_clock is None:
        return None
    return Written(plain_date[0], plain_date[1], plain_clock[0], plain_clock[1])


@lru_cache(maxsize=1024)
def _plain_date(text: str) -> tuple[tuple[int, int, int], int] | None:
    """The numbers of a date as most are, and how many digits the first has: a long transcript has each a thousand times."""
    if _DATE.fullmatch(text) is None:
        return None
    one, two, three = _NUMBER.findall(text)
    return (int(one), int(two), int(three)), len(one)


@lru_cache(maxsize=4096)
def _plain_clock(text: str) -> tuple[tuple[int, int, int], bool | None] | None:
    """A clock as most are, which is one, and whether it says that it is afternoon."""
    if _CLOCK.fullmatch(text) is None:
        return None
    hour, minute, *second = map(int, _NUMBER.findall(text))
    half = None if text[-1] not in "Mm" else text[-2] in "Pp"
    checked = _checked((0, 0, 0), 0, (hour, minute, second[0] if second else 0), half)
    return (checked.clock, checked.afternoon) if checked is not None else None


def is_afternoon(text: str) -> bool | None:
    """What a date in words says of the half of its day; None where its clock has 24 hours."""
    for found in _PAIRED.finditer(text):
        one, two = found.groups()
        if two is not None and (half := _half(one + two)) is not None:
            return half
        if one.casefold() in _BY_THEMSELVES and text[found.end(1) : found.end(1) + 1] != ".":
            continue
        if (half := _half(one)) is not None:
            return half
        if two is not None and two.casefold() not in _BY_THEMSELVES and (half := _half(two)) is not None:
            return half
    return None


def _half(word: str) -> bool | None:
    """Whether a word is of the afternoon, or of the morning; None for any other."""
    folded = _COUNTER.sub("", _NOT_LETTERS.sub("", word).casefold())
    return True if folded in _AFTER else False if folded in _BEFORE else None


_AFTER, _BEFORE = (frozenset(_NOT_LETTERS.sub("", each) for each in words) for words in (_PM, _AM))


def zone_of(offset: re.Match[str]) -> tzinfo:
    """The zone that `OFFSET` has found."""
    minutes = 60 * int(offset[2] or 0) + int(offset[3] or 0)
    return timezone(timedelta(minutes=min(minutes, 1439) * (-1 if offset[1] == "-" else 1)))


def in_words(text: str, asked: Asked, oddities: Oddities) -> Instant | None:
    """The instant of a date in words: a month by its name or number, a year of four digits, a clock, in any order."""
    offset = OFFSET.search(text)
    if offset is not None:
        text = text[: offset.start()] + text[offset.end() :]
    parts = _WORD.findall(text)
    numbers = [int(each) for each in parts if each.isdecimal()]
    month = next((found for each in parts if (found := month_of(each))), 0)
    afternoon = is_afternoon(text)
    if len(numbers) < (5 if month else 6):
        numbers.append(0)  # without seconds
    if len(numbers) != (5 if month else 6):
        return None
    year = next((each for each in numbers if each > 999), 0)
    if month:
        one, two, *clock = numbers
        day = two if one == year else one
    else:
        first, month, last, *clock = numbers
        day = last if first == year else first
    hour, minute, second = clock
    if afternoon is not None and hour <= 12:
        hour = hour % 12 + 12 * afternoon
    try:
        told = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  its zone follows
        zone = zone_of(offset) if offset is not None else local_zone(asked, oddities)
        return int(told.replace(tzinfo=zone).timestamp())
    except (ValueError, OverflowError):
        return None


def _checked(
    date: tuple[int, int, int], digits: int, clock: tuple[int, int, int], afternoon: bool | None
) -> Written | None:
    if clock[0] > 24 or clock[1] > 59 or clock[2] > 60:
        return None
    if clock[0] > 12:  # a clock of 24 hours, whatever word stands beside it
        afternoon = None
    return Written(date, digits, clock, afternoon)


class Order:
    """Which number of a date is the day, worked out from all dates of a transcript."""

    def __init__(self) -> None:
        self._over = [0, 0, 0]  # in which line a number was first greater than a month can be
        self._back = [0, 0]  # how often time went back, were the day first, were the month first
        self._last: list[tuple[int, int, int]] = [(0, 0, 0), (0, 0, 0)]
        self._near: bool | None = None
        self._year_first = False
        self._afternoons = False
        self._same: tuple[int, int, int] | None = None
        self._asked: tuple[tuple[int, int, int], int] | None = None
        self._answer = (0, 0, 0)

    def learn(self, stamp: Written, line: int) -> None:
        """Take in one more date."""
        if stamp.date == self._same and stamp.afternoon is None:
            return  # as most lines
        self._same = one, two, three = stamp.date
        if stamp.digits > 2 or one > 31:
            self._year_first = True
            return
        for place, number in enumerate((one, two)):
            if 12 < number <= 31 and not self._over[place]:
                self._over[place] = line
        for way, at in enumerate(((three, two, one), (three, one, two))):
            self._back[way] += at < self._last[way]
            self._last[way] = at
        self._afternoons = self._afternoons or stamp.afternoon is not None

    def near(self, stamp: Written, day: date) -> None:
        """Take in that a date is of about this day: where nothing else tells, the reading that is nearer is right."""
        one, two, three = stamp.date
        far: list[int] = []
        for month, number in ((two, one), (one, two)):
            try:
                far.append(abs((date(three + 2000 * (three < 100), month, number) - day).days))
            except ValueError:
                return
        if far[0] != far[1]:
            self._near = far[0] < far[1]

    @property
    def day_first(self) -> bool:
        """Whether the day comes before the month (never asked where the year comes first)."""
        if bool(self._over[0]) != bool(self._over[1]):
            return bool(self._over[0])
        if self._back[0] != self._back[1]:
            return self._back[0] < self._back[1]
        return not self._afternoons if self._near is None else self._near

    def say(self, oddities: Oddities) -> None:
        """How dates are read, and why; nothing where the year comes first, which has one reading."""
        if self._year_first:
            return
        which = "the day" if self.day_first else "the month"
        if self._over[0] and self._over[1]:
            why = f"but lines {self._over[0]} and {self._over[1]} do not agree"
        elif self._over[0] or self._over[1]:
            why = f"as line {self._over[0] or self._over[1]} shows"
        elif self._back[0] != self._back[1]:
            why = "for so the lines are in order of time"
        else:
            why = "which is a guess: no date of this transcript can tell"
        oddities.say(f"dates are read with {which} first, {why}")

    def date(self, stamp: Written) -> tuple[int, int, int]:
        """Year, month and day of a stamp; where it fits only the other way round, that. Asked once all dates are learnt."""
        if self._asked != (stamp.date, stamp.digits):  # most lines are of the day of the line before
            self._asked, self._answer = (stamp.date, stamp.digits), self._date(stamp)
        return self._answer

    def _date(self, stamp: Written) -> tuple[int, int, int]:
        one, two, three = stamp.date
        if stamp.digits > 2 or one > 31:
            year, month, day = one, two, three
        else:
            year, month, day = (three, two, one) if self.day_first else (three, one, two)
            if month > 12 >= day:
                month, day = day, month
        if year < 100:
            year += 2000
        return year - 543 if year > _BUDDHIST else year, month, day


def local_zone(asked: Asked, oddities: Oddities) -> ZoneInfo:
    """The zone of times that have none of their own; that it is a guess is said."""
    zone = asked.zone or ZoneInfo("UTC")
    if asked.zone is None or asked.zone_is_guess:
        oddities.say(f"times have no zone: read as {zone.key}, for nobody said which")
    return zone


class Clockface:
    """Local times of one zone as instants. Where the clock was put back, an hour came twice: which one is meant is told by
    the lines before. A long transcript has many lines an hour: each hour is asked of the zone once."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._date: tuple[int, int, int] | None = None
        self._clock = 0  # seconds of the day
        self._fold = 0
        self._hour: tuple[tuple[int, int, int], int, int] | None = None  # with the fold
        self._begins: Instant | None = None  # when that hour does; None: it has not 60 minutes

    def instant(
        self, date: tuple[int, int, int], clock: tuple[int, int, int], afternoon: bool | None
    ) -> Instant | None:
        """The instant of a date (year, month, day) and a clock; None where there is no such day."""
        hour, minute, second = clock
        if afternoon is not None:
            hour = hour % 12 + (12 if afternoon else 0)
        try:
            if hour == 24:
                date, hour = _day_after(date), 0
            seconds = hour * 3600 + minute * 60 + min(second, 59)
            fold = self._fold if date == self._date else 0
            if date == self._date and seconds < self._clock - 120:
                fold = 1
            at = self._at(date, hour, minute, min(second, 59), fold)
        except (ValueError, OverflowError):
            return None
        self._date, self._clock, self._fold = date, seconds, fold
        return at

    def _at(self, date: tuple[int, int, int], hour: int, minute: int, second: int, fold: int) -> Instant:
        if self._hour != (date, hour, fold):
            first, last = (
                int(datetime(*date, hour, *end, tzinfo=self._zone, fold=fold).timestamp())
                for end in ((0, 0), (59, 59))
            )
            self._hour, self._begins = (date, hour, fold), first if last - first == 3599 else None
        if self._begins is not None:
            return self._begins + minute * 60 + second
        return int(datetime(*date, hour, minute, second, tzinfo=self._zone, fold=fold).timestamp())


def _day_after(day: tuple[int, int, int]) -> tuple[int, int, int]:
    following = date(*day) + timedelta(days=1)
    return following.year, following.month, following.day

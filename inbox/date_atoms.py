"""The pieces of which dates are made: words, times, dates and spans, found at a place of a folded text.

A piece is an atom: a letter for its kind, and what it says. What atoms mean together is told by `inbox.typed_dates` of what
people type, and by `inbox.promised_text` of what stands in a letter; the words are those of `inbox.date_words`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time
from functools import cache
from typing import Any, NamedTuple

from inbox.date_words import LANGUAGES

FURTHEST = 20
"""Years ahead; nobody means more, and laying out the opening hours of a century takes a second."""

LONGEST_TEXT = 4_000
"""Characters of a text that are folded."""


class Atom(NamedTuple):
    """A piece of a date: its kind (a letter, see `_FORMS_READ`), what it says, and where it stands in the folded text."""

    kind: str
    value: Any
    start: int
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


def fold(text: str) -> str:
    """A text as it is read: small letters without accents, single blanks, plain apostrophes."""
    text = text[:LONGEST_TEXT].translate(_PLAIN).casefold()
    text = re.sub(r"(?<=[0-9]{2})t(?=[0-9]{2}:)", " ", text)  # as in 2026-05-01T09:00
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.sub(r"(?<=[a-z])-(?=[a-z])", " ", bare).split())


_PLAIN = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "–": "-", "—": "-", "\u2011": "-"})


MORNING, _AFTERNOON, _EVENING, _LATE = (0, 11), (12, 18), (17, 23), (12, 20)
_PARTS = {"morning": MORNING, "afternoon": _AFTERNOON, "evening": _EVENING, "late": _LATE}
_UNITS = {
    "minute": Span(minutes=1),
    "hour": Span(minutes=60),
    "day": Span(days=1),
    "week": Span(days=7),
    "month": Span(months=1),
    "workday": Span(workdays=1),
}


def ways(folded: str) -> Iterator[list[Atom]]:
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
            found[Atom(kind, value, at, end)] = None
    for pattern, read in _patterns():
        match = pattern.match(folded, at)
        if match is not None:
            for kind, value in read(match):
                found[Atom(kind, value, at, match.end())] = None
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
    add("just morning", "p", MORNING)
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
def words_known() -> frozenset[str]:
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
    for count, unit in _counted().findall(text):
        size = int(count) if count.isdigit() else numbers[count] + 1
        total += Span(*(size * each for each in units[unit]))
    return total


@cache
def _counted() -> re.Pattern[str]:
    """A number and its unit."""
    numbers, units = _one_of(list(_place_of("numbers"))), _one_of(list(_unit_of()))
    return re.compile(rf"([0-9]+|(?:{numbers})(?= )) ?({units})(?![a-z])")


@cache
def _unit_of() -> dict[str, Span]:
    return {word: span for name, span in _UNITS.items() for word in _listed(f"unit {name}")}

"""Promises in what we write: "by Thursday", "bis Freitag", "sous 48 heures", "en dos días", and until when they are.

A text is read sentence by sentence, and a sentence clause by clause, in each language of `inbox.promise_words` by itself. A
date counts where the clause it stands in promises ("we will", "Sie erhalten"), and not where it asks, denies, hopes, sets
a condition, tells of the past, or says until when the customer has time. Dates are those of `inbox.typed_dates`; one
without a time is promised until we close on that day.

Nothing here decides: what is found is shown, and a person takes it on or does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time, timedelta, tzinfo
from functools import cache
from typing import Any, NamedTuple

from inbox.date_atoms import Atom, atoms_at, fold, gap
from inbox.date_words import LANGUAGES as DATE_WORDS
from inbox.hours import Hours
from inbox.model import Instant
from inbox.promise_words import GONE, LANGUAGES, NOT_A_DATE, TAKES_A_WHILE, Language
from inbox.text import one_line
from inbox.typed import own_words, without_code
from inbox.typed_dates import Calendar, days_meant, in_part, period, sum_of_time

LONGEST = 20_000
"""Characters of a text that are read; a letter has fewer."""

LONGEST_SENTENCE = 1_000
"""Characters of a sentence that are read: what has no full stop for longer is a table, or made to take long."""

SAID = 100
"""Characters of a sentence that are shown."""


class Found(NamedTuple):
    """A promise as it was written: the words of its date, the sentence they stand in, and until when it is."""

    words: str
    sentence: str
    until: Instant


def promises(text: str, now: Instant, zone: tzinfo, hours: Hours) -> tuple[Found, ...]:
    """The promises in a text of ours that are told to be kept by a time to come, the earliest first."""
    calendar = Calendar(now, zone, hours)
    found: dict[Instant, Found] = {}
    for sentence in sentences(text):
        for folded, words in _promising(sentence):
            for clause in _clauses(folded, words):
                for date_ in clause.dates:
                    until = _until(date_, calendar) if clause.promises(date_) else None
                    if until is not None and until > now:
                        found.setdefault(until, Found(date_.words, _shown(sentence), until))
    return tuple(sorted(found.values(), key=lambda each: each.until))


def promises_without_date(text: str) -> tuple[str, ...]:
    """The sentences of a text of ours that promise to do something and name no time at all, as they were written."""
    return tuple(
        _shown(sentence)
        for sentence in sentences(text)
        if any(_is_vague(folded, words) for folded, words in _promising(sentence))
    )


def _shown(sentence: str) -> str:
    """A sentence as it is told: without its bullet, and the full stop behind it."""
    return one_line(sentence.strip("-*• "), SAID).rstrip(".!")


def _is_vague(folded: str, words: _Words) -> bool:
    if not words.act.search(folded):  # what no clause can have: it need not be taken apart
        return False
    clauses = _clauses(folded, words)
    if any(clause.dates or clause.mood == "condition" or clause.is_done for clause in clauses):
        return False
    return any(clause.mood == "promise" and clause.acts for clause in clauses)


# ---------------------------------------------------------------------- sentences and clauses

_ABBREVIATED = r"(?<!\b(?:dr|mr|ms|hr|fr|nr|st|ca|sr|no))(?<!\b(?:mrs|mme|sra|bzw|usw|tel))"
_ENDS = re.compile(rf"(?<=[.!?…])(?<![0-9]\.)(?:{_ABBREVIATED})?[\"')”»]?\s+(?=[^\W\d_a-zß]|[¿¡\"'(“«\d])")
_BULLET = re.compile(r"\s*(?:[-*•–]|\d{1,2}[.)])\s+")
_SHORT = 40


def sentences(text: str) -> Iterator[str]:
    """The sentences of what we wrote ourselves, as written; lines that were wrapped are joined."""
    lines = without_code(own_words(text[:LONGEST])).split("\n")
    joined = ""
    for line in (*lines, ""):
        begins = not line.strip() or _BULLET.match(line) or (len(joined) < _SHORT and line[:1].isupper())
        if joined and begins:
            yield from filter(None, (each.strip() for each in _ENDS.split(joined)))
            joined = ""
        joined = f"{joined} {line.strip()}".strip()


class Date(NamedTuple):
    """Words that name a time, where they stand in their clause, and the atoms they are made of."""

    start: int
    words: str
    atoms: tuple[Atom, ...]


_LEADS_IN = 3
"""Words that may stand beside a date which leads a promise in: "so by Thursday"."""


class Clause(NamedTuple):
    """A part of a sentence: what it is about (promise, other, condition, or "" as the clause beside it)."""

    mood: str
    marks: tuple[tuple[int, str], ...]  # where it says so: place, promise or other
    dates: tuple[Date, ...]
    acts: bool  # whether it speaks of something to be done
    is_done: bool  # whether that is now, or has been done with this letter
    tells: bool = False  # whether more than a date stands in it: it has something of its own to say

    def promises(self, date_: Date) -> bool:
        """Whether a date of this clause is one of a promise: the nearest mark before it says so, else the first."""
        if self.mood != "promise":
            return False
        before = [mood for at, mood in self.marks if at <= date_.start]
        if before:
            return before[-1] == "promise"
        return not self.marks or self.marks[0][1] == "promise"


def _promising(sentence: str) -> Iterator[tuple[str, _Words]]:
    """A sentence as it is read, with the words of each language in which it promises something. Questions promise
    nothing."""
    folded = fold(sentence[:LONGEST_SENTENCE])
    if not folded or folded.rstrip("\"') ”»").endswith("?"):
        return
    for language in LANGUAGES:
        words = _compiled(language)
        if words.promise.search(folded):
            yield folded, words


_THAT = re.compile(r"(?:that|dass|que|qu')(?![a-z])")
"""What begins so is said in the clause before it: "you told us that it will come by Friday"."""


def _clauses(folded: str, words: _Words) -> list[Clause]:
    """A sentence clause by clause."""
    found: list[Clause] = []
    for part in words.split.split(folded):
        if part and part.strip(" ,;:-()"):
            clause = _clause(part.strip(" ,;:-()"), words)
            of_before = _THAT.match(part.strip()) is not None and found and found[-1].mood == "other"
            found.append(clause._replace(mood="other") if of_before else clause)
    moods = [clause.mood for clause in found]
    first = next((mood for mood in moods if mood and mood != "condition"), "")
    for number, clause in enumerate(found):
        if not clause.mood:
            # "it left us this morning, and you will have it by Tuesday"
            begun = "" if clause.tells else first
            before = next((mood for mood in reversed(moods[:number]) if mood), begun)
            moods[number] = begun if before == "condition" and moods[number - 1] != "condition" else before
    return [clause._replace(mood=mood) for clause, mood in zip(found, moods, strict=True)]


def _clause(part: str, words: _Words) -> Clause:
    dates = tuple(_dates_in(part))
    plain = words.exempt.sub(" ", part)
    acts, is_done = words.act.search(plain) is not None, words.done.search(plain) is not None
    if words.condition.match(plain):
        return Clause("condition", (), dates, acts, is_done)
    others = [match.span() for match in words.other.finditer(part)]
    marks = [(start, "other") for start, _ in others]
    for match in words.promise.finditer(part):
        if not any(start < match.end() and match.start() < end for start, end in others):
            marks.append((match.start(), "promise"))
    marks.sort()
    mood = "promise" if any(kind == "promise" for _, kind in marks) else "other" if marks else ""
    if words.never.search(plain):
        mood = "other"
    said = sum(len(each.words.split()) for each in dates)
    return Clause(mood, tuple(marks), dates, acts, is_done, len(part.split()) - said > _LEADS_IN)


class _Words(NamedTuple):
    """The words of a language as patterns."""

    promise: re.Pattern[str]
    other: re.Pattern[str]
    never: re.Pattern[str]
    exempt: re.Pattern[str]
    condition: re.Pattern[str]
    act: re.Pattern[str]
    done: re.Pattern[str]
    split: re.Pattern[str]


@cache
def _compiled(language: Language) -> _Words:
    condition = _any(language.conditions)
    subject = rf"\b(?:{'|'.join(language.joins)}) (?=(?:{'|'.join(language.subjects)})\b)"
    split = rf"[;()]|:(?![0-9])|,(?! ?[0-9])| - |{subject}|(?=(?:{condition}))"
    return _Words(
        re.compile(_any(language.promises)),
        re.compile(_any(language.others)),
        re.compile(_any(language.never)),
        re.compile(_any(language.exempt)),
        re.compile(condition),
        re.compile(_any(language.acts)),
        re.compile(_any(language.done)),
        re.compile(split),
    )


def _any(phrases: tuple[str, ...]) -> str:
    """Any of some phrases; one that does not begin with ^ begins where a word does."""
    return "|".join(each if each[0] == "^" else rf"\b{each}" for each in phrases) if phrases else r"(?!)"


# ---------------------------------------------------------------------- dates in running text

_CLOCK = "A?[Cc]|An"
_DAY = "D|[NT]?W|WN|W?G*X|Q|Q?G*W|WG*Q|TP|V|U"
_WHEN = (
    rf"G*I[SsRr]|G*(?:{_DAY})[Pp]?(?:(?:{_CLOCK})P?)?|G*D[Pp]?nP?|G*(?:{_CLOCK})P?G*(?:{_DAY})|[GA]+CP?|G*AcP?|"
    rf"G*E(?:G*(?:{_DAY}))?|G*(?:{_DAY})G*E|G*Z"
)
_TOLD = re.compile(rf"B?(?:{_WHEN})|B[Cc]P?")
"""The orders in which atoms make a date in running text (the letters are those of `inbox.typed_dates`, B: before, U: a
stretch of time): stricter than what is typed, because not everything there is a date."""

_START = re.compile(r"(?<![a-z0-9'@.:/-])(?=[a-z0-9@])")


def _dates_in(part: str) -> Iterator[Date]:
    """The dates that a clause names, each as long as it goes."""
    refused = _not_a_date()
    lattice: dict[int, list[Atom]] = {}
    at = 0
    while (start := _START.search(part, at)) is not None:
        at = start.end()
        greeting = refused.match(part, at)
        if greeting is not None:
            at = greeting.end()
            continue
        best = max(_runs(part, at, lattice), key=lambda run: (run[-1].end, -len(run)), default=None)
        if best is None:
            at += 1
            continue
        has_gone = part[best[-1].end :].lstrip().startswith(GONE)
        lasts = _until_then().match(part, at) is not None
        if not (has_gone or lasts or _barred().search(part[:at])):
            yield Date(at, part[at : best[-1].end], best)
        at = best[-1].end


def _runs(
    part: str, at: int, lattice: dict[int, list[Atom]], so_far: tuple[Atom, ...] = ()
) -> Iterator[tuple[Atom, ...]]:
    """Every date that begins at a place; `lattice` keeps the atoms found at each."""
    if so_far:
        kinds = "".join(atom.kind for atom in so_far)
        end = so_far[-1].end
        ends_well = end == len(part) or not (part[end].isalnum() or part[end] in "'@%€$")
        if _TOLD.fullmatch(kinds) and ends_well and not _is_doubtful(part, so_far, lattice):
            yield so_far
    if len(so_far) < 7 and at < len(part):
        if at not in lattice:
            lattice[at] = _atoms(part, at)
        for atom in lattice[at]:
            yield from _runs(part, gap(part, atom.end), lattice, (*so_far, atom))


def _atoms(part: str, at: int) -> list[Atom]:
    found = atoms_at(part, at)
    for word, value in _while().items():
        if part.startswith(word, at) and not part[at + len(word) : at + len(word) + 1].isalpha():
            found.append(Atom("U", value, at, at + len(word)))
    for word in _befores():
        if part.startswith(f"{word} ", at):
            found.append(Atom("B", None, at, at + len(word)))
    return found


def _is_doubtful(part: str, atoms: tuple[Atom, ...], lattice: dict[int, list[Atom]]) -> bool:
    """Whether a date rests on what is something else as often: a weekday's short form, 24/7, the 2nd of several."""
    before = ""
    for atom in atoms:
        said = part[atom.start : atom.end]
        if (
            atom.kind == "W"
            and len(said) < 5
            and (said not in _SHORT_DAYS or before not in "GNTB" or not before)
        ):
            return True
        if atom.kind == "X":
            readings = [each for each in lattice[atom.start] if each.kind == "X" and each.end == atom.end]
            is_bare = "/" in said and (not before or before not in "GWB")
            is_one_of_many = atom.value[1] is None and part[atom.end :].strip(" .,;!")
            if is_bare or is_one_of_many or len(readings) > 1:
                return True
        before = atom.kind
    return False


_SHORT_DAYS = ("mon", "tue", "tues", "wed", "thu", "thur", "fri", "lun", "jeu", "ven")
"""Short forms of weekdays that are no other words where a preposition stands before them."""


@cache
def _barred() -> re.Pattern[str]:
    """What stands before a date that is no deadline: since, after, from …"""
    words = [word for language in LANGUAGES for word in language.barred]
    return re.compile(rf"(?<![a-z])(?:{'|'.join(words)}) (?:(?:the|den|dem|der|le|la|el|am|zum) )?$")


@cache
def _befores() -> frozenset[str]:
    return frozenset(word for language in LANGUAGES for word in language.before)


@cache
def _until_then() -> re.Pattern[str]:
    """What tells how long something lasts, and not when it is done."""
    words = [word.strip() for language in DATE_WORDS for word in language.get("until", "").split(",")]
    return re.compile(rf"(?:{'|'.join(re.escape(word) for word in words if word)})\b")


@cache
def _not_a_date() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(NOT_A_DATE)})\b")


@cache
def _while() -> dict[str, tuple[str, int, int | None]]:
    return {word: what for what, words in TAKES_A_WHILE.items() for word in words}


# ---------------------------------------------------------------------- until when


def _until(date_: Date, calendar: Calendar) -> Instant | None:
    """Until when a date is promised; None where it names none."""
    said: dict[str, Any] = {atom.kind: atom.value for atom in date_.atoms}
    if "Z" in said:
        return int(said["Z"])
    span = said.get("S") or said.get("R")
    if span is not None:
        return sum_of_time(span, calendar)
    days = said.get("s") or said.get("r")
    if days is not None:
        return _closing(calendar.day_after(days), calendar)
    if "U" in said:
        what, more, weekday = said["U"]
        first, last = period(what, calendar.today, more)
        return _closing(last if weekday is None else first + timedelta(days=weekday), calendar)
    stretch = None if {"D", "W", "X"} & said.keys() else said.get("E") or said.get("Q")
    if stretch is not None:
        what, more = stretch
        _, last = period(what, calendar.today, more)
        return _closing(last, calendar)
    day = _day(said, calendar)
    if day is None:
        return None
    clock = _clock(said)
    if clock is not None:
        at, later = calendar.at(day, clock), calendar.at(day, clock.replace(hour=clock.hour % 12 + 12))
        is_afternoon = "n" in said and not calendar.hours.is_open(at) and calendar.hours.is_open(later)
        return later if is_afternoon else at  # "at 3" is said of the afternoon
    part = said.get("P", said.get("p", said.get("V")))
    if part is not None and part[1] < 12:
        return calendar.at(day, time(12))
    if part is not None and part[1] > 20:
        return calendar.at(day + timedelta(days=1), time(0))
    if "B" in said:
        day_before = day - timedelta(days=1)
        return _closing(day_before, calendar) if day_before >= calendar.today else calendar.opening(day)
    return _closing(day, calendar)


def _clock(said: dict[str, Any]) -> time | None:
    clock: time | None = said.get("C", said.get("c"))
    if "n" in said:
        clock = time(said["n"])
    part = said.get("P", said.get("p", said.get("V")))
    return in_part(clock, part) if clock is not None and part is not None else clock


def _day(said: dict[str, Any], calendar: Calendar) -> date | None:
    """The day that is meant: of two, the nearer one."""
    clock = _clock(said)
    if clock is not None and not {"D", "W", "X", "Q", "T", "V"} & said.keys():
        day = calendar.today
        return day if calendar.at(day, clock) > calendar.now else None
    days = [day for day in days_meant(said, calendar) if isinstance(day, date)]
    return min(days, default=None)


def _closing(day: date, calendar: Calendar) -> Instant:
    """When we close for the last time until a day is over; where that has passed, when the day is over."""
    for back in range(10):
        earlier = day - timedelta(days=back)
        if earlier < calendar.today:
            break
        closing = calendar.closing(earlier)
        if closing is not None and closing > calendar.now:
            return closing
    return calendar.at(day + timedelta(days=1), time(0))

"""What the customer asks and nobody has answered yet: found in their messages since our last answer.

A question is what ends in a question mark of any script, or begins like a question or a request of its language
(`inbox.question_words`); not what is quoted, not what stands in an address, and no polite "how are you?". Pure, no text
makes it raise, and its time grows with the length of the text, of which no more than LOOKED_AT is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from inbox.addresses import fold_address
from inbox.question_words import (
    ABBREVIATIONS,
    ASKS,
    ASKS_FIRST,
    ASKS_LAST,
    GREETINGS,
    LEADS,
    POLITENESS,
    QUESTION_MARKS,
    REQUESTS,
    REQUESTS_LAST,
)
from inbox.text import one_line
from inbox.typed import own_words, without_code

if TYPE_CHECKING:
    from inbox.ports import Item

MOST = 5
"""Questions that are shown."""

LOOKED_AT = 20_000
"""Characters of a message."""

LATEST = 10
"""Messages of the customer's that are looked at, the newest."""

LONGEST = 140
"""Characters of a question as it is shown."""

LONG = 90
"""Characters from which only the clause that asks is shown."""

_SENTENCE = 600
"""Characters of a sentence; what is longer is none, and only its end, or its beginning, is looked at."""

_CLAUSES = 12
"""Clauses of a sentence that are looked at."""

_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>]{1,2000}|[\w.-]{1,100}\.[a-z]{2,10}/[^\s<>]{0,2000}", re.IGNORECASE
)
_IN_LINKS, _HIDDEN = "?!;.", "\ue0f0\ue0f1\ue0f2\ue0f3"
_HIDE, _SHOW = str.maketrans(_IN_LINKS, _HIDDEN), str.maketrans(_HIDDEN, _IN_LINKS)
_MARK = re.compile(rf"[.!…。！;{QUESTION_MARKS}]+")
_CLOSING = "\"'”»«’“)]}』」〉》*_~"
_GLUED = re.compile(r"[^\W\d_A-Z]{3,}[.!…]+[A-ZÄÖÜ][a-zà-ÿ ]$")
"""Two sentences without a blank between them."""

_CONDITION = re.compile(r", (?:so |dann |\w+ (?:ich|wir)(?!\w))", re.IGNORECASE)
"""Behind a clause in the order of a question, what makes a condition of it: "Sind sie da, melde ich mich"."""

_QUOTING = '"”»«“』」'
_BREAK = "\ue0f8"
"""Where a line ended that no window is narrow enough to have cut: a clause may begin there."""

_NARROW = 60
"""Characters; lines that are all shorter were ended by hand."""

_LIST = re.compile(f"[\\s{_BREAK}" + r">*•·▪◦●–—#+-]*(?:\(?(?:\d{1,2}|[a-zA-Z])[.)]\s+)?")
_POINT = re.compile(r"\s{0,8}(?:[*•·▪◦●–—+-]\s|\(?(?:\d{1,2}|[a-zA-Z])[.)]\s)")
_CLAUSE = re.compile(rf"[,:;–—،、，({_BREAK}]\s*|\s-\s")
_GREETED = re.compile(rf"(?:{GREETINGS})(?!\w)[^,!:.?]{{0,50}}[,!:.，！、。]\s*", re.IGNORECASE)
_ENDS_CJK = frozenset("。！？")
_ABBREVIATIONS = frozenset(ABBREVIATIONS.split())


class _Sentence(NamedTuple):
    words: str  # in one line, without what lists and greetings put before it
    asked: bool  # it ends in a question mark


def open_questions(items: Sequence[Item], most: int = MOST) -> tuple[str, ...]:
    """The questions in the customer's messages since our last answer, in their order, each a line of at most LONGEST
    characters; `items` is the conversation, oldest first. The subject counts where it is the customer's first word."""
    theirs = {
        fold_address(one.address)
        for item in items
        if item.direction == "in"
        for one in (*item.sender, *item.reply_to, *item.on_behalf_of)
    }
    waiting: list[Item] = []
    answered = False
    for item in items:
        if item.automatic or item.direction == "note":
            continue
        if item.direction == "in":
            waiting.append(item)
        elif item.state not in ("failed", "undone", "dropped") and _reaches(item, theirs):
            waiting.clear()
            answered = True
    found: list[str] = []
    if waiting and not answered and not _REPLY.match(waiting[0].subject):
        found += [
            one
            for one in questions_in(waiting[0].subject[:_SENTENCE])
            if one.rstrip(_CLOSING)[-1:] in _ASKING
        ]
    subject = len(found)
    for item in waiting[-LATEST:]:
        found += questions_in(item.reply or item.text)
    keys = [_key(one) for one in found]
    kept: dict[str, str] = {}
    for number, (key, words) in enumerate(zip(keys, found, strict=True)):
        again = number < subject and any(key in other or other in key for other in keys[subject:])
        if not again:
            kept.setdefault(key, words)
    return tuple(kept.values())[:most]


_REPLY = re.compile(r"\s*\w{1,5}\s?[:：]")
_ASKING = frozenset(QUESTION_MARKS)


def _reaches(item: Item, theirs: Iterable[str]) -> bool:
    """Whether a message of ours went to somebody who wrote here: what was passed on answers nobody."""
    named = {fold_address(one.address) for one in (*item.to, *item.cc)}
    named.update(fold_address(one.address) for one in item.recipients)
    return not named or not theirs or not named.isdisjoint(theirs)


def _key(words: str) -> str:
    return "".join(filter(str.isalnum, words)).casefold()


@lru_cache(maxsize=64)
def questions_in(text: str) -> tuple[str, ...]:
    """Every question and request in what somebody wrote, in its order, each in one line."""
    found: list[str] = []
    for sentence in _sentences(text[:LOOKED_AT]):
        shown = _question(sentence)
        if shown:
            found.append(one_line(shown.translate(_SHOW), LONGEST))
    return tuple(dict.fromkeys(found))


def _question(sentence: _Sentence) -> str:
    """What a sentence asks, as it is shown; "" when it asks nothing."""
    words = sentence.words.replace(_BREAK, " ")
    bare = words.rstrip(f".!…。！; {QUESTION_MARKS}{_CLOSING}").strip("¿¡ ")
    if sum(map(str.isalpha, bare)) < 2 or _polite().fullmatch(bare.casefold()):
        return ""
    clause = _asking_clause(sentence.words)
    if not sentence.asked and clause < 0 and not _asks_last().search(bare):
        return ""
    opened = words.rfind("¿") if sentence.asked else -1
    if opened > 0:
        return words[opened:]
    apart = clause > 0 and (len(words) > LONG or sentence.words[clause - 1] == _BREAK)
    return words[clause:] if apart else words


def _asking_clause(words: str) -> int:
    """Where the last clause begins that asks by its first words; -1 where none does."""
    first, any_clause = _asks_first(), _asks()
    clauses = _CLAUSE.finditer(words)
    words = words.replace(_BREAK, " ")
    begins = any_clause.match(words) or (first.match(words) and not _CONDITION.search(words))
    found = 0 if begins else -1
    for number, mark in enumerate(clauses):
        if number >= _CLAUSES:
            break
        if any_clause.match(words, mark.end()):
            found = mark.end()
    return found


# ---------------------------------------------------------------------- sentences


def _sentences(text: str) -> Iterator[_Sentence]:
    plain = without_code(own_words(text))
    plain = _LINK.sub(_hidden, plain)
    for unit in _units(plain):
        start = 0
        for mark in _MARK.finditer(unit):
            end, asked, quoted = _end(unit, mark)
            if end < 0:
                continue
            if not quoted:
                yield from _one(unit[start:end], asked)
            start = end
        yield from _one(unit[start:], False)


def _hidden(link: re.Match[str]) -> str:
    """A link whose marks end no sentence; those at its very end are not its own."""
    whole = link[0]
    own = whole.rstrip(f".,;:!{QUESTION_MARKS}{_CLOSING}")
    return own.translate(_HIDE) + whole[len(own) :]


def _one(words: str, asked: bool) -> Iterator[_Sentence]:
    """A sentence without bullets, numbers and greetings before it."""
    words = words.strip(f" {_BREAK}")
    if len(words) > _SENTENCE:
        words = words[-_SENTENCE:].partition(" ")[2] if asked else words[:_SENTENCE]
    listed = _LIST.match(words)
    words = words[listed.end() :] if listed else words
    greeted = _GREETED.match(words)
    if greeted and greeted.end() < len(words):
        words = words[greeted.end() :]
    if words:
        yield _Sentence(words, asked)


def _end(unit: str, mark: re.Match[str]) -> tuple[int, bool, bool]:
    """Where the sentence ends that a run of marks may end (-1: it goes on), whether it asks, and whether in a quotation."""
    run, end = mark[0], mark.end()
    before, after = unit[mark.start() - 1 : mark.start()], unit[end : end + 1]
    asked = not _ASKING.isdisjoint(run) or (run[0] == ";" and "\u0370" <= before <= "\u1fff")
    if set(run) == {";"} and not asked:
        return -1, False, False
    close = end
    while close < len(unit) and unit[close] in _CLOSING:
        close += 1
    quoted = asked and close > end and unit[end] in _QUOTING
    follows = unit[close : close + 1].replace(_BREAK, " ")
    if not _ENDS_CJK.isdisjoint(run):
        return close, asked, quoted
    if asked:
        glued = (
            bool(follows)
            and follows.isalnum()
            and not (follows.isupper() and before.isalpha() and before.islower())
        )
        goes_on = after in ("=", "&", "/", "%", "#") and bool(after)
        return (-1 if glued or goes_on else close), True, quoted
    if follows and not follows.isspace() and not _GLUED.search(unit[max(0, mark.start() - 4) : end + 2]):
        return -1, False, False
    if run == "." and _belongs(unit, mark.start()):
        return -1, False, False
    return close, False, False


def _belongs(unit: str, dot: int) -> bool:
    """Whether a full stop belongs to the word before it: an abbreviation, an initial, a number in an order."""
    word = unit[max(0, dot - 12) : dot].replace(_BREAK, " ").rpartition(" ")[2].lstrip("([{\"'„“«").casefold()
    return (
        word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha()) or (word.isdecimal() and len(word) <= 2)
    )


def _units(text: str) -> Iterator[str]:
    """Runs of lines that belong together: lines that only the width of somebody's window has cut are joined."""
    lines = re.split(r"\r\n?|\n", text)
    width = max(map(len, lines), default=0)
    joint = _BREAK if width < _NARROW else " "
    held: list[str] = []
    for number, line in enumerate(lines):
        if not line.strip():
            if held:
                yield " ".join(joint.join(held).split())
                held.clear()
            continue
        held.append(line)
        following = lines[number + 1] if number + 1 < len(lines) else ""
        word = following.split(maxsplit=1)[:1]
        fits = bool(word) and len(line.rstrip()) + 1 + len(word[0]) <= width
        if fits or _POINT.match(following):
            yield " ".join(joint.join(held).split())
            held.clear()
    if held:
        yield " ".join(joint.join(held).split())


# ---------------------------------------------------------------------- the tables, compiled


def _rows(*tables: Mapping[str, Sequence[str]]) -> str:
    rows = dict.fromkeys(row for table in tables for rows in table.values() for row in rows)
    return "|".join(
        row.removesuffix("?").rstrip() + r"(?!\w)" if row.endswith((" ", " ?")) else row for row in rows
    )


def _before() -> str:
    leads = "|".join(dict.fromkeys(LEADS.split()))
    return rf"[¿¡(\"'„“«\s]*(?:(?:{leads}),?\s+){{0,2}}"


@cache
def _asks() -> re.Pattern[str]:
    return re.compile(f"{_before()}(?:{_rows(ASKS, REQUESTS)})", re.IGNORECASE)


@cache
def _asks_first() -> re.Pattern[str]:
    return re.compile(f"{_before()}(?:{_rows(ASKS_FIRST)})", re.IGNORECASE)


@cache
def _asks_last() -> re.Pattern[str]:
    return re.compile(_rows(ASKS_LAST, REQUESTS_LAST), re.IGNORECASE)


@cache
def _polite() -> re.Pattern[str]:
    return re.compile(f"{_before()}(?:{'|'.join(POLITENESS)})", re.IGNORECASE)

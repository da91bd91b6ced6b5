"""Which of the customer's questions a draft seems to answer. Cautious both ways: it only crosses lines off a list.

A question counts as touched when the draft quotes it and writes below, when its points are answered by number, when
they share the words that carry the meaning, or when the draft holds what such a question asks for: a date, a sum, a
reason, a yes or a no (`inbox.answer_words`). Pure; its time grows with the length of the draft.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from inbox.answer_words import (
    KINDS,
    NUMBERS,
    WEAK,
    WHEN,
    YES_NO,
    YES_NO_ASKS,
    YES_NO_PHRASES,
    Kind,
)
from inbox.language import COMMON
from inbox.typed import own_words, without_code

LOOKED_AT = 12_000
"""Characters of a draft."""

MUST_SHARE = 2
"""So many of the words that carry the meaning must be shared, where there are three or more; else one."""

QUOTED_SHARE = 0.8
"""Of the words of a question so many must stand in what is quoted."""

_WORD = re.compile(r"[^\W\d_]{3,40}|\d{3,20}")
_HAN = re.compile(r"[\u4e00-\u9fff]|[\u30a0-\u30ff]{2,20}|[\uac00-\ud7a3]{2}")
_POINT = re.compile(
    r"^\s{0,4}(?:(?:re\s+|zu\s+|ad\s+)?\(?(\d{1,2})[.):]\s*|[*•–-]\s+)(?=\S)", re.MULTILINE | re.IGNORECASE
)
_STEM, _NOT_LONG = 5, 8


def touched(questions: Sequence[str], draft: str) -> tuple[bool, ...]:
    """Of each question, whether `draft` (as typed, its quotes included) seems to answer it."""
    if not questions or not draft.strip():
        return (False,) * len(questions)
    draft = draft[:LOOKED_AT]
    own = without_code(own_words(draft))
    quotes = tuple(_quoted_and_answered(draft)) if ">" in draft else ()
    points = _points(own, len(questions))
    words = _stems(own)
    found = [
        number in points or _is_quoted(question, quotes) or _shares(question, words)
        for number, question in enumerate(questions)
    ]
    if not all(found) and len(own.strip()) > 1:
        _by_kind(questions, own, found)
    return tuple(found)


def untouched(questions: Sequence[str], draft: str) -> tuple[str, ...]:
    """The questions that the draft seems to leave aside."""
    return tuple(
        question for question, seen in zip(questions, touched(questions, draft), strict=True) if not seen
    )


# ---------------------------------------------------------------------- in order


def _points(own: str, asked: int) -> frozenset[int]:
    """Which of so many questions, from 0, a draft answers by number. Points without numbers count where there are just as
    many; a list with more points than questions is another one: the steps of something."""
    points = list(_POINT.finditer(own))
    numbers = {int(point[1]) - 1 for point in points if point[1]}
    if not numbers:
        return frozenset(range(asked)) if len(points) == asked > 1 else frozenset()
    return frozenset(numbers) if max(numbers) < asked else frozenset()


# ---------------------------------------------------------------------- quoted


def _quoted_and_answered(draft: str) -> Iterator[frozenset[str]]:
    """The words of each quotation that something of ours follows."""
    quote: list[str] = []
    for line in draft.split("\n"):
        if line.startswith(">"):
            quote.append(line.lstrip("> "))
        elif quote and line.strip():
            yield _all_words(" ".join(quote))
            quote = []


def _is_quoted(question: str, quotes: Sequence[frozenset[str]]) -> bool:
    if not quotes:
        return False
    words = _all_words(question)
    return any(len(words & quote) >= QUOTED_SHARE * len(words) for quote in quotes if words)


def _all_words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


# ---------------------------------------------------------------------- the same words


def _shares(question: str, words: frozenset[str]) -> bool:
    wanted = _carrying(question)
    if not wanted:
        return False
    shared = sum(bool(keys & words) for keys in wanted)
    # A number tells much where it is shared, and nothing where it is not: few write it again.
    names = sum(not next(iter(keys)).isdecimal() for keys in wanted)
    return shared >= (MUST_SHARE if names > MUST_SHARE else 1)


@lru_cache(maxsize=64)
def _carrying(question: str) -> tuple[frozenset[str], ...]:
    """The words of a question that carry its meaning, each as the stems that stand for it."""
    words = dict.fromkeys(_words(question))
    strong = [word for word in words if word not in _weak()]
    return tuple(frozenset(_wanted_keys(word)) for word in strong)


def _stems(text: str) -> frozenset[str]:
    return frozenset(key for word in set(_words(text)) for key in _kept_keys(word))


def _words(text: str) -> list[str]:
    folded = _plain(text.casefold())
    return [*(word for word in _WORD.findall(folded) if word not in _stop()), *_HAN.findall(folded)]


def _kept_keys(word: str) -> tuple[str, ...]:
    """What stands for a word of the draft: its beginning, and in short of a word that is not long."""
    if len(word) < _STEM or word.isdecimal() or word[0] >= "\u2e80":
        return (word,)
    return (word[:_STEM], f"{word[: _STEM - 1]}~") if len(word) <= _NOT_LONG else (word[:_STEM],)


def _wanted_keys(word: str) -> tuple[str, ...]:
    """Which of these may stand for a form of a word of a question: "ship" for "shipped", and the other way round."""
    if word.isdecimal() or word[0] >= "\u2e80" or len(word) < _STEM - 1:
        return (word,)
    if len(word) < _STEM:
        return (word, f"{word}~")
    return (word[:_STEM], word[: _STEM - 1]) if len(word) <= _NOT_LONG else (word[:_STEM],)


def _plain(text: str) -> str:
    """`text` without accents."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))


_ACCENTS = re.compile("[\u0300-\u036f]+")


@cache
def _stop() -> frozenset[str]:
    """Words that carry no meaning by themselves: the commonest ones, and those that only ask."""
    asking = (
        "where when what how why who which can could would will does did have has shall may should much many long there "
        "please also still just only any some them they their our yours about into from here hello dear team regards "
        "yet already again once more been than really exactly possible one ones "
        "nochmal einmal nochmals schon bereits eigentlich selbst diese dieser dieses mögliche überhaupt muss darf soll "
        "encore déjà dois bien ainsi otra vez todavía debo tengo ancora già devo dobbiamo questo questa ainda devo já "
        "nog steeds weer moet mag jeszcze znowu mam muszę "
        "wann wie warum wieso welche welcher welches kann können könnte könnten würde würden wird werden sein denn schon "
        "noch mal mich mir uns sie euch dir dich quand comment pourquoi combien est-ce quel quelle avez vous pouvez "
        "pourriez puis peut peux donde dónde cuando cuándo como cómo cuanto cuánto cual cuál puede pueden podrían podría "
        "dove quando come quanto quale potete potreste posso può onde quanto qual podem pode waar wanneer hoe waarom welke "
        "kunt kunnen zou gdzie kiedy jak czy ile dlaczego mogę można moja mój moje var när hur varför kan hvor hvornår "
        "hvordan hvorfor где когда как сколько почему можно мой моя мне вы для это"
    )
    return frozenset(map(_plain, (" ".join(COMMON.values()) + " " + asking).split()))


@cache
def _weak() -> frozenset[str]:
    return frozenset(word for words in WEAK for word in _words(words))


# ---------------------------------------------------------------------- what such a question asks for


def _by_kind(questions: Sequence[str], own: str, found: list[bool]) -> None:
    """Cross off as many questions of a kind as the draft has answers of it."""
    of = [_kind(question) for question in questions]
    if not any(kind is not None and not seen for kind, seen in zip(of, found, strict=True)):
        return
    folded = own.casefold()
    tokens = _TOKEN.findall(folded)
    counted = Counter(tokens)
    for kind in (*range(len(KINDS)), _YES_NO):
        open_ones = [at for at, each in enumerate(of) if each == kind and not found[at]]
        if open_ones:
            given = _yeses(folded) if kind == _YES_NO else _answers(KINDS[kind], tokens, counted, folded)
            for at in open_ones[:given]:
                found[at] = True


_YES_NO = len(KINDS)
_TOKEN = re.compile(r"\d+|[€$£¥₽円元%]|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NUMERIC = re.compile(r"\d{1,2}[./]\s?\d{1,2}[./]?(?!\d)|\d{4}-\d\d-\d\d|\d{1,2}:\d\d|\d{1,2}\s?[月日時时点]")


@lru_cache(maxsize=64)
def _kind(question: str) -> int | None:
    """Which of KINDS a question is, `_YES_NO` where a yes or a no answers it; None where nothing tells."""
    asks, yes_no = _asking()
    found = next((number for number, each in enumerate(asks) if each.search(question)), None)
    if found is not None:
        return found
    return _YES_NO if yes_no.search(question) else None


@cache
def _asking() -> tuple[tuple[re.Pattern[str], ...], re.Pattern[str]]:
    return tuple(re.compile(kind.asks, re.IGNORECASE) for kind in KINDS), re.compile(
        YES_NO_ASKS, re.IGNORECASE
    )


def _answers(kind: Kind, tokens: Sequence[str], counted: Counter[str], folded: str) -> int:
    """How many answers of a kind a draft holds."""
    given = sum(counted[word] for word in kind.words & counted.keys()) + sum(map(folded.count, kind.phrases))
    units = kind.counts & counted.keys()
    for at, token in enumerate(tokens) if units else ():
        if token in units:
            near = (*tokens[max(0, at - 2) : at], *tokens[at + 1 : at + 2])
            given += any(each.isdecimal() or each in NUMBERS for each in near)
    return given + (len(_NUMERIC.findall(folded)) if kind is WHEN else 0)


def _yeses(folded: str) -> int:
    """How many clauses of a draft say yes or no."""
    clauses = (clause.split(maxsplit=1) for clause in _CLAUSE.split(folded))
    return sum(bool(words) and words[0] in YES_NO for words in clauses) + sum(
        map(folded.count, YES_NO_PHRASES)
    )


_CLAUSE = re.compile(r"[.!?…:;,\n–—]")

"""Whether a customer is upset, by plain signs that are named (docs/customers.md, "Upset").

Only what the person wrote is looked at: no quote, no signature, nothing that was passed on. Each sign weighs 1 or 2, and
from `ENOUGH` on the flag is raised: one mild word alone raises nothing. The phrases stand in `inbox.upset_words`. What is
kept are codes such as `legal:my lawyer`, made of our own phrases, never of the customer's text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from inbox.language import COMMON
from inbox.placing import bare_subject
from inbox.ports import Lately
from inbox.settings import Watched
from inbox.upset_words import PHRASES, WEIGHTS

ENOUGH = 2
"""The weight from which on somebody is upset."""

LOOKED_AT = 8_000
"""Characters of a message."""

NEAR = 400
"""Characters within which a mild sign needs company: in a long letter two sore words far apart are no mood."""

MOST = 8
"""Signs that are kept of one message."""

THIRD = 3
"""From which contact on it is a sign by itself that nobody has helped."""


class Sign(NamedTuple):
    """One sign: its kind (a row of `inbox.upset_words`, or capitals, marks, own, third-message, third-contact), the
    phrase of ours that was met, what it weighs, and where it stands in the text."""

    kind: str
    word: str = ""
    weight: int = 1
    at: int = 0

    @property
    def code(self) -> str:
        """As the record keeps it."""
        return f"{self.kind}:{self.word}" if self.word else self.kind


# ---------------------------------------------------------------------- judging


def judged(
    text: str,
    subject: str,
    watched: Watched,
    *,
    messages: int = 1,
    others: Iterable[Lately] = (),
) -> tuple[str, ...]:
    """The codes of the signs by which whoever wrote `text` is upset, at most MOST; () where they are not.

    `subject` counts where it is the writer's own, and no answer's. `messages`: how often they have come in a row without
    an answer, this time included. `others`: what else they began lately, where this begins a conversation.
    """
    found = _found(text, subject, watched)
    if messages >= THIRD:
        found = (Sign("third-message", weight=ENOUGH), *found)
    same = sum(_one_matter(f"{subject}\n{text[:LOOKED_AT]}", subject, each) for each in others)
    if same >= THIRD - 1:
        found = (Sign("third-contact", weight=ENOUGH), *found)
    if weight(found) < ENOUGH:
        return ()
    return tuple(dict.fromkeys(sign.code for sign in found))[:MOST]


def own_words(text: str, *, passed_on: bool = False) -> str:
    """What its writer says themselves: what stands above a mark of forwarding. With `passed_on` what stands below it, which
    a teammate has passed on for them."""
    from inbox.marks import FORWARDED, FORWARDED_BELOW

    lines = text[:LOOKED_AT].split("\n")
    for number, line in enumerate(lines):
        bare = line.strip()
        if bare and len(bare) < 200 and (FORWARDED.fullmatch(bare) or FORWARDED_BELOW.fullmatch(bare)):
            return "\n".join(lines[number + 1 :] if passed_on else lines[:number])
    return text


def weight(signs: Iterable[Sign]) -> int:
    """What signs weigh together: several mild ones of a kind weigh as one, two different sore words as two."""
    signs = list(signs)
    total = sum(sign.weight for sign in signs if sign.weight >= ENOUGH)
    mild = [sign for sign in signs if sign.weight < ENOUGH]
    kinds = {sign.kind for sign in mild} - {"money"}
    total += len(kinds) + (len({sign.word[:5] for sign in mild if sign.kind == "sore"}) > 1)
    angry = {sign.kind for sign in signs} - {"money", "waiting"}
    return total + (1 if angry and any(sign.kind == "money" for sign in mild) else 0)


def _found(text: str, subject: str, watched: Watched) -> tuple[Sign, ...]:
    own = "\n".join(
        line for line in text[:LOOKED_AT].splitlines() if not line.lstrip().startswith((">", "|"))
    )
    title = subject if subject and bare_subject(subject) == " ".join(subject.split()).casefold() else ""
    whole = f"{title}\n\n{own}"
    said = _fold(whole)
    languages = _languages(said)
    found = list(_phrases(said, languages, watched))
    if _is_settled(said, languages):
        found = [sign for sign in found if sign.kind in ("legal", "own")]
    else:
        found = [*found, *_capitals(own, len(title) + 2), *_marks(whole)]
    found = [sign for sign in found if sign.weight >= ENOUGH or _has_company(sign, found)]
    found.sort(key=lambda sign: (-sign.weight, sign.at))
    return tuple({sign.code: sign for sign in reversed(found)}.values())[::-1]


def _has_company(sign: Sign, signs: Sequence[Sign]) -> bool:
    return any(other.code != sign.code and abs(other.at - sign.at) <= NEAR for other in signs)


# ---------------------------------------------------------------------- in words

_KINDS = {
    "angry": "angry words",
    "sore": "angry words",
    "legal": "legal words",
    "lawful": "legal words",
    "money": "refund words",
    "demand": "refund words",
    "leaving": "threat to leave",
    "waiting": "waits",
    "own": "your words",
    "capitals": "a line in capitals",
    "marks": "!!! or ???",
    "third-message": "third message without an answer",
    "third-contact": "third contact",
}


def in_words(codes: Iterable[str]) -> str:
    """The signs as people read them: "legal word: my lawyer · third contact"."""
    told: dict[str, list[str]] = {}
    for code in codes:
        kind, _, word = code.partition(":")
        told.setdefault(_KINDS.get(kind, kind), []).extend([word] if word else [])
    parts = []
    for kind, words in told.items():
        name = kind.removesuffix("s") if len(words) == 1 and kind.endswith("words") else kind
        parts.append(f"{name}: {', '.join(words)}" if words else name)
    return " · ".join(parts)


def in_short(codes: Iterable[str]) -> str:
    """The words alone, where there is little room: "my lawyer, third contact"."""
    told = (word or _KINDS.get(kind, kind) for kind, _, word in (code.partition(":") for code in codes))
    return ", ".join(dict.fromkeys(told))


# ---------------------------------------------------------------------- phrases

_COMMON = COMMON | {
    "pl": "i w na z się do to nie jest że o jak mi mnie moje moja mój ale czy za od po dla już proszę dzień dobry",
    "sv": "och att det som på är av för med den inte jag har ni min mitt mina om hej men kan från var när tack vill er",
    "da": "og at det som på er af for med den ikke jeg har i min mit mine om hej men kan fra var når tak vil jer",
}
_TABLE = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_HAN, _KANA, _CYRILLIC = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[\u3040-\u30ff]"), re.compile(r"[а-яё]")
_APART_FROM_WORDS = ("ja", "zh")
_CLAUSE = re.compile(r"[.,;:!?()\n\u2013\u2014\"。、，！？；：…]")
_NOT_ONLY = frozenset(
    (
        "only",
        "just",
        "merely",
        "nur",
        "bloss",
        "seulement",
        "solo",
        "solamente",
        "soltanto",
        "apenas",
        "alleen",
    )
)
_JAPANESE_NOT = re.compile(r"^.{0,6}?(?:ない|ありませ|ません|なく|なかっ)")
_GERMAN_NOT = re.compile(r"^\W+(?:bin|sind|war|waren|ist) (?:ich|wir|das) (?:\w+ )?nicht\b")


def _fold(text: str) -> str:
    """Small letters without accents, one by one, so that places in the text stay where they are."""
    if text.isascii():
        return text.lower().replace("`", "'")
    return "".join(map(_folded, text))


@lru_cache(maxsize=4096)
def _folded(letter: str) -> str:
    if letter in "\u2019\u02bc\u00b4`":
        return "'"
    bare = "".join(each for each in unicodedata.normalize("NFKD", letter) if not "\u0300" <= each <= "\u036f")
    bare = unicodedata.normalize("NFKC", bare).lower()
    return bare if len(bare) == 1 else letter.lower()[:1]


_GAP = r"(?:[^\w.!?\n]+\w+){0,3}?[^\w.!?]+"
"""Up to three words, as `…` in a phrase."""


class _Row(NamedTuple):
    """The phrases of one language as one pattern, and one by one: pattern, kind, phrase, whether a word that turns
    things round stands in it already."""

    pattern: re.Pattern[str]
    phrases: tuple[tuple[re.Pattern[str], str, str, bool], ...]
    turns: frozenset[str]
    settled: re.Pattern[str]


@cache
def _row(language: str) -> _Row:
    rows = PHRASES[language]
    turns = frozenset(_fold(word) for word in _listed(rows["not"]))
    whole_words = language not in _APART_FROM_WORDS
    phrases = [(WEIGHTS[kind], kind, phrase) for kind in WEIGHTS for phrase in _listed(rows.get(kind, ""))]
    phrases.sort(key=lambda each: (-each[0], -len(each[2])))
    written = [_written(phrase, whole_words) for _, _, phrase in phrases]
    told = tuple(
        (re.compile(pattern), kind, phrase.replace("*", ""), bool(turns & set(_fold(phrase).split())))
        for pattern, (_, kind, phrase) in zip(written, phrases, strict=True)
    )
    settled = [_written(phrase, whole_words) for phrase in _listed(rows["settled"])]
    return _Row(_any_of(written, whole_words), told, turns, _any_of(settled, whole_words))


def _any_of(patterns: Iterable[str], whole_words: bool) -> re.Pattern[str]:
    either = "|".join(patterns)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if whole_words else either)


def _listed(phrases: str) -> list[str]:
    return [phrase.strip() for phrase in phrases.split(",") if phrase.strip()]


def _written(phrase: str, whole_words: bool = True) -> str:
    """A phrase of the table, or of the settings, as a pattern over folded text."""
    if not whole_words:
        return re.escape(_fold(phrase))
    parts = []
    for part in phrase.split("…"):
        words = [
            re.escape(_fold(word.rstrip("*"))) + (r"\w*" if word.endswith("*") else "")
            for word in part.split()
        ]
        parts.append(r"[\s\-]+".join(words))
    return _GAP.join(parts)


def _languages(said: str) -> list[str]:
    """The languages in which a text may be, by its letters and commonest words."""
    if _KANA.search(said):
        return ["ja"]
    if len(_HAN.findall(said)) * 3 > len(_WORD.findall(said)):
        return ["zh"]
    if len(_CYRILLIC.findall(said)) * 2 > len(re.findall(r"[a-z]", said)):
        return ["ru"]
    words = _WORD.findall(said)
    counted = {
        language: sum(word in common for word in words) for language, common in _folded_table().items()
    }
    most = max(counted.values())
    if most < 3:
        return list(_TABLE)
    return [language for language, count in counted.items() if count >= 0.7 * most]


@cache
def _folded_table() -> dict[str, frozenset[str]]:
    return {language: frozenset(map(_fold, common)) for language, common in _TABLE.items()}


def _is_unspaced(word: str) -> bool:
    """Whether it is of a language that is written without blanks."""
    return _HAN.search(word) is not None or _KANA.search(word) is not None


def _phrases(said: str, languages: Sequence[str], watched: Watched) -> Iterator[Sign]:
    passed_over = [_fold(word) if _is_unspaced(word) else f" {_fold(word)} " for word in watched.ignore]
    for word in watched.words:
        whole_words = not _is_unspaced(word)
        for met in _any_of([_written(word, whole_words)], whole_words).finditer(said):
            yield Sign("own", word, ENOUGH, met.start())
    turns = _turns(languages)
    for language in languages:
        row = _row(language)
        for met in row.pattern.finditer(said):
            kind, phrase, turned = next(each[1:] for each in row.phrases if each[0].fullmatch(met[0]))
            if any(word in f" {said_so} " for word in passed_over for said_so in (_fold(phrase), met[0])):
                continue
            if not turned and kind != "waiting" and _is_turned_round(said, met, language, turns | row.turns):
                continue
            if _is_praise(said, met, kind, phrase):
                continue
            yield Sign(kind, phrase, WEIGHTS[kind], met.start())


_SOMETHING_ELSE_ELSEWHERE = frozenset(("no", "mai", "sin", "non"))
"""Words that turn others round in one language, and mean something else in another."""


def _turns(languages: Sequence[str]) -> frozenset[str]:
    """What turns words round in any of the languages in which a text may be."""
    return frozenset().union(*(_row(language).turns for language in languages)) - _SOMETHING_ELSE_ELSEWHERE


def _is_turned_round(said: str, met: re.Match[str], language: str, turns: frozenset[str]) -> bool:
    """Whether a word near before it says that it is not so: "not upset", "keine Beschwerde", "没有生气"."""
    clause = _CLAUSE.split(said[max(0, met.start() - 60) : met.start()])[-1]
    after = said[met.end() : met.end() + 24]
    if language == "ja":
        return _JAPANESE_NOT.match(_CLAUSE.split(after)[0]) is not None
    if language == "zh":
        return clause[-4:].endswith(tuple(turns)) or any(turn in clause[-3:] for turn in turns)
    words = [*_WORD.findall(clause)[-4:], *_WORD.findall(met[0])[1:]]  # also between the words of a phrase
    for place, word in enumerate(words):
        if (word in turns or word.endswith("n't")) and words[place + 1 : place + 2] != ["believe"]:
            return not (place + 1 < len(words) and words[place + 1] in _NOT_ONLY)
    return language == "de" and _GERMAN_NOT.match(after) is not None


_ELSEWHERE = frozenset(
    ("another", "other", "else", "elsewhere", "anyone", "anywhere", "anderen", "anderer", "anderswo", "woanders", "autre",
     "ailleurs", "otro", "otra", "altro", "altra", "outro", "outra", "andere", "ergens", "innej", "annan", "anden")
)  # fmt: skip
_PRAISED = re.compile(
    r"[\s,]+(?:without|ohne|sans|sin|senza|sem|zonder|bez|utan|uden|без|gut|lecker|gunstig|schon|bequem|hubsch|praktisch"
    r"|good|cheap|cute)\b"
)


def _is_praise(said: str, met: re.Match[str], kind: str, phrase: str) -> bool:
    """Whether it is meant well: "nie wieder ohne", "never order from another shop again", "unverschämt gut"."""
    between = set(_WORD.findall(met[0])).difference(_WORD.findall(_fold(phrase)))
    if kind == "leaving" and between & _ELSEWHERE:
        return True
    return kind in ("leaving", "angry") and _PRAISED.match(said, met.end()) is not None


def _is_settled(said: str, languages: Sequence[str]) -> bool:
    """Whether it says that all is well by now."""
    turns = _turns(languages)
    for language in languages:
        row = _row(language)
        for met in row.settled.finditer(said):
            if not _is_turned_round(said, met, language, turns | row.turns):
                return True
    return False


# ---------------------------------------------------------------------- how it is written

_MARKS = re.compile(r"[!?\uff01\uff1f]{3,}|(?:[!?] ){2,}[!?]")
_GLAD = re.compile(
    r"thank|thx|danke|dank\b|merci|graci|grazie|obrigad|bedankt|dzi[eę]k|\btack\b|\btak\b|ありがと|感謝|谢|謝|спасибо|love"
    r"|great|super|toll\b|amazing|awesome|wow|happy|congrat|gl[uü]ckwunsch|perfect|excellent|hurra|yay|yeah|hello|hallo\b"
    r"|\bhi\b|free|gratis|offer|click|sale\b|win\b",
    re.IGNORECASE,
)
_HABIT = 10
"""Words in small letters a letter must have: who writes all of it in capitals means nothing by it."""


def _marks(text: str) -> Iterator[Sign]:
    for met in _MARKS.finditer(text):
        sentence = text[text.rfind("\n", 0, met.start()) + 1 : met.end()]
        if not _GLAD.search(sentence):
            yield Sign("marks", "", 1, met.start())
            return


def _capitals(text: str, offset: int) -> Iterator[Sign]:
    """A line of shouting: words of a sentence in capitals, in a letter that is otherwise not. No acronyms, numbers,
    headings or addresses: two of the commonest words of a language are among them, or it ends as shouting does."""
    calm = sum(word.islower() and len(word) > 1 for word in _WORD.findall(text))
    if calm < _HABIT:
        return
    at = offset
    for line in text.splitlines(keepends=True):
        for run in _shouted(line):
            words = _WORD.findall(run)
            if sum(map(len, words)) >= 12 and (
                _speaks(words) or (len(words) > 4 and run.rstrip().endswith(("!", "?")))
            ):
                yield Sign("capitals", "", 1, at)
                return
        at += len(line)


def _shouted(line: str) -> Iterator[str]:
    """The parts of a line that are four words or more in capitals, within a sentence."""
    run: list[str] = []
    for part in re.findall(r"\S+", line):
        if part.isupper() and not any(letter.isdigit() for letter in part):
            run.append(part)
            if not part.endswith((".", "!", "?", ":", ";")):
                continue
        if len(run) >= 4:
            yield " ".join(run)
        run = []
    if len(run) >= 4:
        yield " ".join(run)


def _speaks(words: Sequence[str]) -> bool:
    lower = [_fold(word) for word in words]
    return any(sum(word in common for word in lower) >= 2 for common in _folded_table().values())


# ---------------------------------------------------------------------- the same matter again

_NUMBER = re.compile(r"\d{4,}")


def _one_matter(text: str, subject: str, other: Lately) -> bool:
    """Whether another conversation is about the same: its subject is the same, both name one number of an order, or
    half of the telling words of the shorter subject stand in the other."""
    mine, theirs = bare_subject(subject), bare_subject(other.subject)
    if mine and mine == theirs:
        return True
    if set(_NUMBER.findall(text)) & set(_NUMBER.findall(f"{other.subject} {other.snippet}")):
        return True
    here, there = (set(_telling(each)) for each in (mine, theirs))
    shared, least = here & there, min(len(here), len(there))
    return least >= 2 and len(shared) >= max(2, (least + 1) // 2)


def _telling(subject: str) -> Iterator[str]:
    common = frozenset().union(*_folded_table().values())
    return (word for word in _WORD.findall(_fold(subject)) if len(word) > 3 and word not in common)

"""The words of a matter: what many who write about one thing have in common and others have not.

Words are cut as in the full-text index (`inbox.queries.words`). Words that say nothing are told by their frequency in the
mail itself, in whatever language it is, and where there is little mail by the commonest words of a few languages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from inbox.language import COMMON
from inbox.queries.words import fold_words, tokens

LEAST_LETTERS = 3
"""Letters of a word that says something; pairs of scripts without spaces have two and count as well."""

ENOUGH = 40
"""Texts from which on their own frequencies are believed."""

USUAL_SHARE = 0.12
"""In so many of all texts a word says nothing about any of them."""

COMMON_SHARE, COMMON_LEAST = 0.1, 2
"""In such a share of the texts of a matter, and in so many of them, a word belongs to it."""

TIMES_USUAL = 2.0
"""So many times its share of all other mail."""

STEM = 5
"""Letters that two forms of a word have in common at least."""


AT_HAND = (
    "why when where what how who which any news update updates yet still again soon long much know tell say could should"
    " there then already happens happened going goes come comes do does did",
    "warum wann wo was wie wer welche neues neuigkeiten schon immer wieder bald lange wissen sagen gibt"
    " geht weiter kommt kommen los passiert",
    "pourquoi quand où quoi comment qui nouvelles encore bientôt longtemps savoir dire est-ce passe",
    "cuándo dónde cómo qué quién noticias todavía pronto saber decir pasa hay",
    "quando dove come perché chi novità ancora presto sapere dire succede",
    "onde como porquê quem novidades ainda logo saber dizer acontece",
    "waarom wanneer waar wat hoe wie nieuws nog weer snel weten zeggen gebeurt",
)
"""Words of which a question is made that asks about what is at hand: "Any news yet?", "Wann geht es weiter?"."""


@cache
def _at_hand() -> frozenset[str]:
    return frozenset(word for words in AT_HAND for word in tokens(words))


@cache
def always_usual() -> frozenset[str]:
    """The commonest words of some languages, as the index cuts them."""
    return frozenset(word for words in COMMON.values() for word in fold_words(words).split())


def words_in(text: str) -> list[str]:
    """The words of a text that could say something, in order; figures are none."""
    return [word for word in tokens(text) if says_something(word)]


def says_something(word: str) -> bool:
    """Whether a word could say something by its form: no figure, not too short."""
    long_enough = len(word) >= LEAST_LETTERS or not word.isascii()
    return long_enough and not word.isdecimal() and word not in always_usual()


def shares(texts: Iterable[str]) -> dict[str, float]:
    """In which share of these texts each word stands."""
    counted: Counter[str] = Counter()
    number = 0
    for text in texts:
        counted.update(set(words_in(text)))
        number += 1
    return {word: count / number for word, count in counted.items()}


def usual_words(texts: Sequence[str]) -> frozenset[str]:
    """The words that stand in so many of these texts that they say nothing about one; of few texts none is told."""
    if len(texts) < ENOUGH:
        return frozenset()
    return frozenset(word for word, share in shares(texts).items() if share >= USUAL_SHARE)


def words_of_matter(about: Sequence[str], others: Sequence[str], named: str) -> frozenset[str]:
    """The words of a matter: those of its name and title (`named`), and those common to the texts `about` it and less so
    to `others`. A matter of one text has all of its words: who tells one customer something has read what they ask."""
    here, elsewhere = shares(about), shares(others) if len(others) >= ENOUGH else {}
    common = {
        word
        for word, share in here.items()
        if share >= COMMON_SHARE
        and share * len(about) >= min(COMMON_LEAST, len(about))
        and share >= TIMES_USUAL * elsewhere.get(word, 0.0)
    }
    return frozenset(common | set(words_in(named)))


def other_question(questions: Iterable[str], matter: frozenset[str], usual: frozenset[str]) -> str:
    """The first of these questions that is about something else: of its words none belongs to the matter; "" when there
    is none. A question without a word that says anything is about what is at hand."""
    for question in questions:
        said = [word for word in words_in(question) if word not in usual and word not in _at_hand()]
        if said and not any(_alike(word, known) for word in said for known in matter):
            return question
    return ""


def _alike(one: str, other: str) -> bool:
    """Whether two words are forms of one, or one is made of the other: "parcel" and "parcels", "Paket" and "Pakete",
    "Lieferung" and "Lieferungsverzug"."""
    short, long = sorted((one, other), key=len)
    if len(short) < STEM:
        return one == other
    return short in long or (
        len(long) - len(short) <= 3 and len(short) > STEM and long.startswith(short[:-1])
    )

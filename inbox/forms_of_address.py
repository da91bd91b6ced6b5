"""How people address each other, noticed from their own words: du or Sie, tu or vous. In doubt nothing.

A form of address is told by words that only it has; a table with one line a language. It is shown beside the
conversation so that whoever answers need not look back; nothing is decided by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from inbox.language import language_of

if TYPE_CHECKING:
    from inbox.ports import Item

FAMILIAR, POLITE = "familiar", "polite"
FORMS = (FAMILIAR, POLITE)


class _Row(NamedTuple):
    familiar: str  # what it is called: "du"
    polite: str
    familiar_words: str  # case aside, but for words with a capital, which count only so
    polite_words: str


_ROWS: dict[str, _Row] = {
    "de": _Row("du", "Sie", "du dich dir dein deine deinen deinem deiner deines euch euer eure eurem euren",
               "Sie Ihnen Ihr Ihre Ihren Ihrem Ihrer Ihres"),
    "fr": _Row("tu", "vous", "tu te toi ton ta tes t'ai t'es t'as", "vous votre vos"),
    "es": _Row("tú", "usted", "tú ti contigo tu tus te puedes tienes quieres sabes podrías", "usted"),
    "it": _Row("tu", "Lei", "tu te ti tuo tua tuoi tue puoi hai vuoi potresti", "Lei Le Suo Sua Suoi Sue"),
    "nl": _Row("jij", "u", "jij je jou jouw", "u uw"),
    "pl": _Row("ty", "Pan/Pani", "ty ciebie tobie cię twój twoja twoje twojej twoim masz możesz chcesz jesteś będziesz",
               "pan pana panu panem pani panią państwo państwa państwu"),
    "pt": _Row("tu", "o senhor", "tu ti contigo teu tua teus tuas podes tens", "senhor senhora"),
}  # fmt: skip
"""Words of both forms. A sentence begins with a capital anyway, so that a word counted for its capital must stand
within one."""

AHEAD = 2
"""So many more words of one form than of the other must be there, when both are."""
LOOKED_AT = 4_000
"""Characters."""
LATEST = 10
"""Messages that are looked at."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_BEGINS = re.compile(r"(?:\A|[.!?:;…\n\"„“(>•*-])\s*\Z")


class Noticed(NamedTuple):
    """What somebody's words tell: the language (two letters) and the form of address; "" where it is not certain."""

    language: str = ""
    form: str = ""


def form_in(text: str, language: str) -> str:
    """ "familiar", "polite", or "" when `text`, which is in `language`, does not tell for certain."""
    row = _ROWS.get(language)
    if row is None:
        return ""
    familiar = polite = 0
    text = text[:LOOKED_AT]
    for found in _WORD.finditer(text):
        word = found[0].replace("’", "'")
        familiar += _counts(word, row.familiar_words, text, found.start())
        polite += _counts(word, row.polite_words, text, found.start())
    if familiar and familiar >= AHEAD * polite:
        return FAMILIAR
    if polite and polite >= AHEAD * familiar:
        return POLITE
    return ""


def _counts(word: str, words: str, text: str, at: int) -> bool:
    known = _WORDS[words]
    if word.casefold() in known:
        return word.islower() or word.istitle()
    # "Sie" at the beginning of a sentence may be "they"
    return word in known and _BEGINS.search(text[max(0, at - 6) : at]) is None


_WORDS = {
    words: frozenset(words.split())
    for row in _ROWS.values()
    for words in (row.familiar_words, row.polite_words)
}


def noticed(theirs: Iterable[str], ours: Iterable[str] = ()) -> Noticed:
    """What the customer's texts tell, the newest first; where they say no form, what we wrote to them last.

    What the customer writes decides, and the newest text that tells anything at all.
    """
    language = form = ""
    for text in theirs:
        spoken = language_of(text)
        language = language or spoken
        form = form or (form_in(text, spoken) if spoken == language else "")
        if language and form:
            break
    for text in ours if language and not form else ():
        if language_of(text) == language:
            form = form_in(text, language)
        if form:
            break
    return Noticed(language, form)


def noticed_in(items: Iterable[Item]) -> Noticed:
    """The same from messages, as read: what people wrote, without quotes. What was passed on is not their words alone."""
    newest = sorted((item for item in items if not item.automatic), key=lambda item: -item.at)[:LATEST]
    theirs = [item.reply or item.text for item in newest if item.direction == "in" and not item.on_behalf_of]
    return noticed(theirs, (item.reply or item.text for item in newest if item.direction == "out"))


def called(form: str, language: str) -> str:
    """What a form of address is called in a language: "du"; "" where that language makes no difference."""
    row = _ROWS.get(language)
    if row is None or form not in FORMS:
        return ""
    return row.familiar if form == FAMILIAR else row.polite


NAMES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese",
    "nl": "Dutch", "sv": "Swedish", "pl": "Polish", "da": "Danish", "no": "Norwegian", "fi": "Finnish", "cs": "Czech",
    "ru": "Russian", "ja": "Japanese", "zh": "Chinese", "ko": "Korean", "tr": "Turkish",
}  # fmt: skip
"""What languages are called in English."""


def in_words(seen: Noticed) -> str:
    """ "writes German, du"; "" when nothing is certain."""
    if not seen.language:
        return ""
    form = called(seen.form, seen.language)
    return f"writes {NAMES.get(seen.language, seen.language)}" + (f", {form}" if form else "")

"""Whether a draft speaks another language, or another form of address, than was spoken before: only where both are certain.

The language is told by its commonest words (`inbox.language`), or by letters that no other common language has; the form
of address by `inbox.forms_of_address`. What the customer wrote last and what we answered last both count as before: who
keeps to either of them is told nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from inbox.forms_of_address import NAMES, called, form_in
from inbox.language import language_of
from inbox.typed import own_words, without_code

if TYPE_CHECKING:
    from inbox.ports import Item

LATEST = 10
"""Messages of each side that are looked at."""

LEAST = 12
"""So many letters must be there to tell a script; what is written in another is then another language."""

LOOKED_AT = 4_000
"""Characters."""

_SCRIPTS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("kana", "ja", re.compile("[\u3041-\u30fa]")),
    ("hangul", "ko", re.compile("[\uac00-\ud7a3]")),
    ("han", "zh", re.compile("[\u4e00-\u9fff]")),
    ("Cyrillic", "", re.compile("[\u0400-\u04ff]")),
    ("Greek", "", re.compile("[\u0370-\u03ff]")),
    ("Arabic", "", re.compile("[\u0620-\u06d3]")),
    ("Hebrew", "", re.compile("[\u05d0-\u05ea]")),
    ("Thai", "", re.compile("[\u0e01-\u0e4e]")),
    ("Devanagari", "", re.compile("[\u0904-\u0939]")),
    ("Latin", "", re.compile("[A-Za-zÀ-ÖØ-öø-ɏ]")),
)  # fmt: skip
"""Scripts, the language that a script alone tells, and their letters; kana before han, which Japanese has as well."""

_FEW = {"ja": 4, "ko": 4, "zh": 4}
"""A letter of these says more."""


class Tongue(NamedTuple):
    """What a text is written in: a script, and two letters of a language; "" where it is not certain."""

    script: str = ""
    language: str = ""

    @property
    def name(self) -> str:
        """As people call it."""
        return NAMES.get(self.language, self.language) if self.language else f"{self.script} letters"

    def differs(self, other: Tongue) -> bool:
        """Whether it is certainly not the same."""
        if not self.script or not other.script:
            return False
        if self.script != other.script:
            return not {self.script, other.script} <= {"kana", "han"}
        return bool(self.language and other.language) and self.language != other.language


class Before(NamedTuple):
    """What was spoken before: the customer's last text that tells a language, and ours."""

    theirs: Tongue
    ours: Tongue


@lru_cache(maxsize=64)
def tongue_of(text: str) -> Tongue:
    """What `text` is written in, as far as that is certain."""
    text = text[:LOOKED_AT]
    counted = [(len(letters.findall(text)), script, language) for script, language, letters in _SCRIPTS]
    total = sum(count for count, _, _ in counted)
    for count, script, language in counted:
        enough = count >= _FEW.get(language, LEAST)
        if script == "kana":
            enough = enough and count * 5 >= total
        elif script != "Latin":
            enough = enough and count * 2 >= total
        else:
            enough = enough and count * 10 >= total * 9
        if enough:
            return Tongue(script, language or (language_of(text) if script == "Latin" else ""))
    return Tongue()


def _spoken(items: Sequence[Item], direction: str) -> list[str]:
    """What people wrote on one side, the newest first."""
    wrote = [
        item.reply or item.text
        for item in reversed(items)
        if item.direction == direction and not item.automatic and not item.on_behalf_of
    ]
    return wrote[:LATEST]


def other_language(draft: str, items: Sequence[Item]) -> tuple[Tongue, Tongue] | None:
    """(the draft's, the customer's) where a draft is in neither the language the customer wrote last nor the one we
    answered in last; None where that is not certain."""
    mine = tongue_of(without_code(own_words(draft[: 2 * LOOKED_AT])))
    theirs = next((each for each in map(tongue_of, _spoken(items, "in")[:1]) if each.script), None)
    if theirs is None or not mine.differs(theirs):
        return None
    ours = next((each for each in map(tongue_of, _spoken(items, "out")[:1]) if each.script), None)
    if ours is not None and not mine.differs(ours):
        return None
    return mine, theirs


def other_form(draft: str, items: Sequence[Item]) -> tuple[str, str] | None:
    """(what the draft says, what was said before), as in ("du", "Sie"), where it is neither the customer's form of
    address nor that of our last answer that has one; None where that is not certain."""
    text = without_code(own_words(draft[: 2 * LOOKED_AT]))
    language = language_of(text)
    mine = form_in(text, language) if language else ""
    if not mine:
        return None
    before = [
        next(filter(None, (_form(text, language) for text in _spoken(items, side))), "")
        for side in ("in", "out")
    ]
    known = [each for each in before if each]
    if not known or mine in known:
        return None
    return called(mine, language), called(known[0], language)


@lru_cache(maxsize=64)
def _form(text: str, language: str) -> str:
    return form_in(text, language) if language_of(text) == language else ""

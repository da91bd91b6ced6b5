"""Foreign text in columns: written so that every terminal takes the same room for it, and none swaps two columns.

Two things move a column that was padded by cells. Terminals differ in the width of emoji that are made of several
characters (a family, a skin, a flag with a rainbow), and of letters that came in pieces: `steady` writes what all of
them agree on. And terminals that lay out right-to-left text themselves (UAX 9) take two such columns with only blanks
between them for one run, and swap them: `fenced` puts a mark of the other direction at both ends. That mark, U+200E, is
the only one the gates let pass, and only beside right-to-left text: it has no width, and it moves nothing itself.
"""

from __future__ import annotations

import re
import unicodedata

from inbox.text import one_line, pad

FENCE = "\u200e"
"""LEFT-TO-RIGHT MARK. (Isolates, U+2068, would say it better, but GNU screen and others give them a cell.)"""

_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001eeff]"
)

_SIGN = "[\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
_DRESS = "[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]*"  # forms of the same emoji, keycaps, skins
_COMPOSED = re.compile(f"({_SIGN}){_DRESS}(?:\u200d{_SIGN}{_DRESS})*")
_FORMS = re.compile("[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]|(?<![\u0600-\u0dff])\u200d")
"""The same by themselves, and a joiner where no script joins."""


def steady(text: str) -> str:
    """Sanitised text whose width no terminal doubts: letters in one piece, of a composed emoji the first alone."""
    if text.isascii():
        return text
    return _FORMS.sub("", _COMPOSED.sub(r"\1", unicodedata.normalize("NFC", text)))


def fenced(text: str) -> str:
    """The same, between two fences where it has right-to-left letters: what stands beside it stays beside it."""
    if text.isascii() or _RIGHT_TO_LEFT.search(text) is None:
        return text
    return f"{FENCE}{text}{FENCE}"


def unfenced(text: str) -> str:
    """What a gate looks at: text without the fences that are allowed there, those beside right-to-left letters."""
    if FENCE not in text or _RIGHT_TO_LEFT.search(text) is None:
        return text
    return text.replace(FENCE, "")


def column(text: str, width: int) -> str:
    """Foreign text as a column of exactly `width` cells, on any terminal: on one line, steady, fenced."""
    return fenced(pad(steady(one_line(text)), width))

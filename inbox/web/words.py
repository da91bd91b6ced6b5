"""Words of an HTML mail: without what takes no room, and with what stands higher or lower in its place."""

from __future__ import annotations

import re

_NO_ROOM = re.compile("[\u200c\u200d\u2007\u200b\u2060\xad\u034f\ufeff]")  # one of what the next two look for
_PADDING = re.compile(
    "(?:[\xa0 ]?[\u200c\u200d\u2007\u200b\xad\u034f\ufeff][\xa0 ]?){4,}"
)  # behind a preheader
_SPACE = re.compile(r"[ \t\n\r\f]+")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u034f\xad]+")
RAISED = {
    "sup": str.maketrans("0123456789+-()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ"),
    "sub": str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎"),
}
"""By element, the characters that stand higher or lower."""

_LONGEST_RAISED = 6
_TRADEMARKS = {"TM": "™", "tm": "™"}


def shown(text: str) -> str:
    """Text as a page shows it: any blank space is one blank, and what takes no room is left out."""
    if not text.isascii():
        text = without_padding(text)
    elif text.isspace():
        return " "
    return _SPACE.sub(" ", text)


def without_padding(text: str) -> str:
    """Text without what takes no room: soft hyphens, zero-width runs, what fills the lines behind a preheader."""
    if _NO_ROOM.search(text) is None:
        return text
    return _INVISIBLE.sub("", _PADDING.sub(" ", text))


def raised(tag: str, words: str) -> str:
    """Words of a `sup` or `sub`: digits keep their place ("$19⁹⁹" is not "$1999"), all else stands on the line."""
    if not words or len(words) > _LONGEST_RAISED:
        return words
    moved = words.translate(RAISED[tag])
    if all(old != new for old, new in zip(words, moved, strict=True)):
        return moved
    return _TRADEMARKS.get(words, words)

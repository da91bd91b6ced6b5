"""Whether an answer is the text of an earlier one: greeting, closing and figures aside, told by runs of words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from inbox.typed import own_words

RUN = 3
"""Words of a run; in scripts without blanks, characters."""

LEAST = 8
"""Words that an answer must have: a plain "Thank you, it left today" may be said twice."""

ALIKE = 0.85
"""Of all runs of both, so many are in both."""

LOOKED_AT = 12_000
"""Characters."""

_SHORT = 6
"""Words of a line that may be a greeting or a closing."""

_LINES = 4
"""Lines of a closing."""

_WORD = re.compile(r"[\u2e80-\uffef]|[^\W\d_]+|\d+")


def same_as(text: str, earlier: Sequence[str]) -> int | None:
    """Which of the earlier answers (0 is the last one) a text repeats; None when none."""
    mine = _runs(text[:LOOKED_AT])
    if not mine:
        return None
    for number, other in enumerate(earlier):
        runs = _runs(other[:LOOKED_AT])
        if runs and len(mine & runs) >= ALIKE * len(mine | runs):
            return number
    return None


@lru_cache(maxsize=32)
def _runs(text: str) -> frozenset[tuple[str, ...]]:
    """The runs of words of the body of a text; none of one that is too short to be told again."""
    words = ["0" if word.isdecimal() else word for word in _WORD.findall("\n".join(_body(text)).casefold())]
    if len(words) < LEAST:
        return frozenset()
    return frozenset(zip(*(words[at:] for at in range(RUN)), strict=False))


def _body(text: str) -> list[str]:
    """The lines of a text without a greeting above, and without a closing and a name below."""
    lines = own_words(text).strip().split("\n")
    if (
        len(lines) > 1
        and _is_short(lines[0])
        and (lines[0].rstrip()[-1:] in ",!:，、" or not lines[1].strip())
    ):
        del lines[0]
    for _ in range(2):  # "Kind regards" and a name may stand apart
        last = len(lines)
        while last and lines[last - 1].strip():
            last -= 1
        if 0 < last < len(lines) and len(lines) - last <= _LINES and all(map(_is_short, lines[last:])):
            del lines[max(0, last - 1) :]
    return lines


def _is_short(line: str) -> bool:
    return len(line.split()) <= _SHORT and len(line) <= 60

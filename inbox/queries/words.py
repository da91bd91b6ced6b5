"""Words as the full-text index and the search in memory both see them.

SQLite's `unicode61` tokeniser carries Unicode tables of its own, older than Python's: the two would cut some
texts differently. Here Python decides alone. `searchable` rewrites a text: what is left between separators
are letters and digits that SQLite takes for such. `tokens` reads the result with one rule. ASCII needs no
rewriting at all: there both have always agreed.

What `searchable` does to a text that is not ASCII:

- letters lose case, accents and compatibility forms (NFKD, case folding, marks of category Mn dropped);
- invisible format characters vanish, a soft hyphen for one; a zero-width space separates;
- vowel signs of Indic and south-east Asian scripts stay part of their word, written as private-use
  characters, because SQLite takes the signs themselves for separators;
- scripts written without spaces (Chinese, Japanese, Thai and others), and Korean, become overlapping pairs of
  characters and the last character alone: `日本語` is `日本 本語 語`. So any part of a run can be found.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SHORTEST_PREFIX = 3
"""A word with a trailing * matches longer words from this many letters on; shorter ones match exactly."""

_ENOUGH = (
    30_000  # characters remembered by _FOLDED: hostile text must not fill the memory with all of Unicode
)

# Patterns are text, which `re` compiles when it first meets it: a command that starts meets few of them.
_FOREIGN = r"[^\x00-\x7f][^0-9A-Za-z]*"
_TOKEN = r"[0-9a-z\x80-\U0010ffff]+"
_DENSE = (
    "["
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\U000f0e00-\U000f0eff\U000f1000-\U000f109f\U000f1780-\U000f17ff"  # their signs, as _folded writes them
    "\u1100-\u11ff\u3005-\u318f\u31a0-\u31ff\ua960-\ua97f\uac00-\ud7ff"  # Korean, Japanese, Bopomofo
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "]+"
)


def searchable(text: str) -> str:
    """Rewrite a text for the full-text index; the same must be given to SQLite when a row is taken out again.

    Never raises: lone surrogates become separators. An ASCII text is returned as it is.
    """
    return text if text.isascii() else re.sub(_FOREIGN, _rewritten, text)


def tokens(text: str) -> list[str]:
    """The words of a text, folded, in order: exactly what SQLite makes of `searchable(text)`."""
    return re.findall(_TOKEN, searchable(text).lower())


@lru_cache(maxsize=1024)
def needle(text: str, prefix: bool = False) -> tuple[tuple[str, ...], bool]:
    """What a query looks for: words that must follow each other; whether the last one is only a beginning.

    Empty when the text holds no letter or digit. `prefix` is ignored for a last word of fewer than
    `SHORTEST_PREFIX` letters.
    """
    words = tokens(text)
    if not words:
        return (), False
    last = words[-1]
    if len(last) == 1 and re.match(_DENSE, last):
        # The run ended with its last character alone. A query may end in the middle of a longer run, so that
        # character is left to the pair before it, or is the beginning of a pair.
        if len(words) > 1 and len(words[-2]) == 2 and re.match(_DENSE, words[-2]):
            return tuple(words[:-1]), False
        return tuple(words), True
    return tuple(words), prefix and len(last) >= SHORTEST_PREFIX


def fold_words(text: str) -> str:
    """A name for comparison: its words folded and joined by one space; dense scripts one character a word."""
    folded = (
        text
        if text.isascii()
        else re.sub(_FOREIGN, lambda run: re.sub(_DENSE, _apart, _folded_run(run[0])), text)
    )
    return " ".join(re.findall(_TOKEN, folded.lower()))


def is_number(text: str) -> bool:
    """Whether a text can be the number of a customer or conversation: ASCII digits that SQLite can hold."""
    return text.isascii() and text.isdigit() and len(text) <= 18


def _rewritten(run: re.Match[str]) -> str:
    return re.sub(_DENSE, _pairs, _folded_run(run[0]))


def _folded_run(run: str) -> str:
    # Korean and kana may come in pieces (file names of a Mac): compose before looking at one character.
    return unicodedata.normalize("NFKC", run).translate(_FOLDED)


def _pairs(run: re.Match[str]) -> str:
    dense = run[0]
    return f" {' '.join(dense[i : i + 2] for i in range(len(dense)))} "


def _apart(run: re.Match[str]) -> str:
    return f" {' '.join(run[0])} "


class _Folded(dict[int, str]):
    """The table for `str.translate`, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = _folded(chr(code))
        if len(self) < _ENOUGH:
            self[code] = folded
        return folded


_FOLDED = _Folded()


def _folded(char: str) -> str:
    """One character as it stands in the index: folded letters, "" when skipped, a space for a separator."""
    pieces = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    bare = "".join(c for c in pieces if unicodedata.category(c) != "Mn" or _is_sign(ord(c)))
    return "".join(_settled(c) for c in unicodedata.normalize("NFC", bare).lower())


def _settled(char: str) -> str:
    code = ord(char)
    if code < 0x80:
        return char
    category = unicodedata.category(char)
    if (_is_sign(code) and category[0] == "M") or 0x19B0 <= code <= 0x19C9 or 0x1CF2 <= code <= 0x1CF3:
        # SQLite takes signs, and two groups of letters, for separators; private-use characters it keeps.
        return chr((0xF0000 if code < 0x10000 else 0x100000) | code & 0xFFFF)
    if category[0] in "LN" or category == "Co":
        return char
    return "" if category in ("Mn", "Me", "Cf") and code != 0x200B else " "


def _is_sign(code: int) -> bool:
    """Whether a mark writes a sound of its own (vowels of Indic scripts, kana voicing), not an accent."""
    return (
        0x0900 <= code <= 0x1AAF
        or 0x1B00 <= code <= 0x1CFF
        or 0xA800 <= code <= 0xABFF
        or 0x3099 <= code <= 0x309A
        or 0x10A00 <= code <= 0x11FFF
    )

"""The one gate foreign text passes before anybody sees it.

Subjects, names, bodies, file names and server answers are written by strangers. `sanitise` takes out what a
terminal would obey and what hides text from a reader; nothing here reads text as markup. Clean text comes
back as the same object, so that passing the gate twice costs next to nothing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 100_000
"""Characters `sanitise` lets through when no limit is given."""

MARKS = 4
"""Combining marks that may follow one character: enough for living scripts, too few to paint over lines."""

_ODD_ASCII = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

# Controls, soft hyphen, fillers, bidi controls (UAX 9), zero-width spaces, invisible operators, annotation
# marks, tags; and lone surrogates, which no UTF-8 stream can carry. The two joiners are looked at in
# `_STRAY_JOINERS`.
_HIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
ODD = re.compile(f"[{_HIDDEN}\u200c\u200d\ud800-\udfff]")
"""Whatever `sanitise` may take out or put in another's place, but for combining marks past the fourth."""

_GONE = re.compile(f"[{_HIDDEN}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_STRAY_JOINERS = re.compile("[\u200c\u200d]{2,}|(?<!\\S)[\u200c\u200d]|[\u200c\u200d](?!\\S)")
# Combining marks are no word characters for `re`. It looks for the first sign of a class four times as fast as for a run.
MARK_RUN = re.compile(rf"[^\x00-\x7f\w\s][^\x00-\x7f\w\s]{{{MARKS},}}")
"""Where more than `MARKS` combining marks may follow each other; also runs of signs that are none."""

_BLANK = re.compile(r"\s+")


def sanitise(text: str, limit: int = LONGEST) -> str:
    """`text` without anything a terminal obeys or a reader cannot see, at most `limit` characters.

    Newline and tab stay and other line ends become newlines. C0, DEL, C1, bidi controls and zero-width
    characters go, except a single joiner inside a word or an emoji. A lone surrogate becomes U+FFFD. At
    most `MARKS` combining marks follow each other. Text that was cut ends in "…".
    """
    if len(text) > limit:
        text = text[: max(limit - 1, 0)] + "…"
    if text.isascii():
        if _ODD_ASCII.search(text) is None:
            return text
    elif ODD.search(text) is None and MARK_RUN.search(text) is None:
        return text
    text = _GONE.sub("", _LINE_END.sub("\n", text))
    text = _SURROGATE.sub("\ufffd", _STRAY_JOINERS.sub("", text))
    return MARK_RUN.sub(_bound_marks, text)


def _bound_marks(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= MARKS:
            kept.append(character)
    return "".join(kept)


def one_line(text: str, limit: int = 200) -> str:
    """`text` sanitised, on one line: a run of blank space becomes one space; cut to `limit` characters."""
    line = sanitise(text, 4 * limit + 1000)  # what will be cut need not be cleaned
    if not line.isprintable() or "  " in line or not line.isascii():
        line = _BLANK.sub(" ", line)
    line = line.strip()
    return line if len(line) <= limit else line[: max(limit - 1, 0)].rstrip() + "…"


def snippet(text: str, limit: int = 120) -> str:
    """The beginning of `text` on one line, for lists; at most `limit` characters."""
    return one_line(text, limit)


def cells(text: str) -> int:
    """How many terminal cells one line of sanitised text takes: wide characters and emoji two, marks none."""
    if text.isascii():
        return len(text)
    if "\u200d" in text or "\ufe0f" in text:  # what comes before counts, too
        return sum(_widths(text))
    return sum(map(_width, text))


def cut(text: str, width: int) -> str:
    """One line of sanitised text in at most `width` cells; what was cut ends in "…"."""
    if text.isascii():
        return text if len(text) <= width else text[: max(width - 1, 0)] + "…" * (width > 0)
    widths = _widths(text)
    if sum(widths) <= width:
        return text
    room = width - 1
    end = 0
    while end < len(text) and room >= widths[end]:
        room -= widths[end]
        end += 1
    return text[:end].removesuffix("\u200d") + "…" * (width > 0)


def pad(text: str, width: int) -> str:
    """One line of sanitised text in exactly `width` cells: cut, or filled with spaces at the end."""
    text = cut(text, width)
    return text + " " * (width - cells(text))


@lru_cache(maxsize=4096)
def _width(character: str) -> int:
    """The cells of a character that nothing ties to the one before (UAX 11)."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _widths(text: str) -> list[int]:
    """The cells of each character; what a joiner ties to an emoji takes no room of its own."""
    widths: list[int] = []
    before = ""
    for character in text:
        if character == "\ufe0f" and widths and widths[-1] == 1 and before > "\u2000":
            width = 1  # the emoji form of a narrow symbol is wide
        elif before == "\u200d" and character > "\u2000":
            width = 0
        else:
            width = _width(character)
        widths.append(width)
        before = character
    return widths

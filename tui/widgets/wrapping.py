"""Text broken into lines of so many cells; words stay whole where they fit.

A line costs what it is long, however long the text is: a mail may be one line of five megabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from inbox.text import cells

_CLOSING = frozenset("、。，．：；？！）」』】〉》〕…ー,.;:!?)")
"""What begins no line where words are not parted by blanks (the common part of JIS X 4051)."""
_HANGING = re.compile(r"\s*(?:(?:[-*+•◦‣–—]|\d{1,3}[.)]|[a-zA-Z][.)])\s+)?")
_QUOTED = re.compile(r"\s*(?:[>|]\s?)+")
_ROW = re.compile(r"\S(?:\t| {3,})\S.*\S(?:\t| {3,})\S|^\s*[|+┌├└│].*[|+┐┤┘│]\s*$")
_ENDS = (".", "!", "?", ":", "。", "！", "？")
_DEEPEST = 24
BROKEN = 55
"""Characters from which a line may have been broken by its writer in the middle of a paragraph."""
GOES_ON = "↪ "
"""Before the rest of a row of a table that is wider than there is room for."""


def wrapped(text: str, width: int) -> Iterator[str]:
    """The lines of sanitised `text` in at most `width` cells each; its own line ends and indents are kept."""
    width = max(1, width)
    for line in _lines(text):
        yield from _broken(line.expandtabs(4).rstrip(), width)


def as_written(text: str, width: int) -> Iterator[tuple[str, bool]]:
    """The same for a letter, and whether each line is a quote.

    What goes on stands below its point or behind its sign of a quote. Where the writer broke the lines of a paragraph
    for a wider page, the rest of one goes before the next. A row of a table is cut where it is full, so that its columns
    stay apart from those of the next row.
    """
    width = max(1, width)
    rest, behind = "", ""  # of the line before, and what that began with
    for each in _lines(text):
        line = each.expandtabs(4).rstrip()
        row = _ROW.search(line, 0, 1_000)
        quote = _QUOTED.match(line) if row is None else None
        begins = quote[0] if quote is not None else _below(line) if row is None else ""
        if rest:
            new = row is not None or begins != behind or not line[len(begins) :].strip()
            if not new and (quote is not None or not _is_point(line)):
                line = f"{rest} {line[len(begins) :].lstrip()}"
            else:
                yield rest, _QUOTED.match(rest) is not None
            rest = ""
        if len(line) <= width and cells(line) <= width:
            yield line, quote is not None
        elif row is not None:
            for piece in _cut(line, width):
                yield piece, False
        else:
            hanging = begins if cells(begins) <= min(_DEEPEST, width // 2 - 2) else ""
            full = len(each) >= BROKEN and not line.endswith(_ENDS)
            for piece in _broken(line, width, hanging):
                if rest:
                    yield rest, quote is not None
                rest = piece
            if not full:
                yield rest, quote is not None
                rest = ""
            behind = begins
    if rest:
        yield rest, _QUOTED.match(rest) is not None


def _is_point(line: str) -> bool:
    """Whether it begins a point of a list."""
    found = _HANGING.match(line)
    return found is not None and found[0].strip() != ""


def exactly(line: str, width: int) -> Iterator[str]:
    """One line of sanitised text in pieces, with all its blanks; where it goes on, a sign says so."""
    yield from _cut(line.expandtabs(4), max(1, width))


def set_in(line: str, width: int) -> Iterator[str]:
    """One line of sanitised text; what goes on stands further in than its beginning."""
    begins = _below(line) + "    "
    yield from _broken(
        line.expandtabs(4).rstrip(), max(1, width), begins if len(begins) <= width // 2 - 2 else ""
    )


def _below(line: str) -> str:
    """The blanks behind which a paragraph or a point of a list goes on."""
    found = _HANGING.match(line)
    return " " * len(found[0]) if found is not None else ""


def _lines(text: str) -> Iterator[str]:
    """The lines of a text, one after the other: of a long one nobody may want more than the first."""
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _broken(line: str, width: int, begins: str = "") -> Iterator[str]:
    """A line in pieces; from the second on they begin with `begins`."""
    start, before, room = 0, "", width
    while (end := _fitting(line, start, room)) < len(line):
        space = line.rfind(" ", start + 1, end + 1)
        if space > start and line[start:space].strip():
            yield before + line[start:space].rstrip()
            start = space + 1
            while start < len(line) and line[start] == " ":
                start += 1
        else:  # a word longer than the line, or a script without blanks
            if line[end] in _CLOSING and end - start > 2 and line[end - 1] not in _CLOSING:
                end -= 1
            yield before + line[start:end]
            start = end
        before, room = begins, max(1, width - cells(begins))
    yield before + line[start:]


def _cut(line: str, width: int) -> Iterator[str]:
    """A row of a table in pieces, the blanks between its columns kept."""
    start, before = 0, ""
    while (end := _fitting(line, start, max(1, width - cells(before)))) < len(line):
        yield (before + line[start:end]).rstrip()
        start = end
        before = GOES_ON if width > len(GOES_ON) * 2 else ""
    yield before + line[start:]


def _fitting(line: str, start: int, width: int) -> int:
    """Where what fits of a line ends; at least one character does."""
    end = min(len(line), start + width)
    if line[start : end + 1].isascii():
        return end
    while end > start + 1 and cells(line[start:end]) > width:
        end -= max(1, (cells(line[start:end]) - width) // 2)
    while end < len(line) and cells(line[start : end + 1]) <= width:
        end += 1
    return max(start + 1, min(end, len(line)))

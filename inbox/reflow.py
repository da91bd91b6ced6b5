"""Lines that were broken elsewhere made one paragraph again: each is one long line here, which is broken as it leaves
(`inbox.flowed`)."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"(?:> ?)*")
_ITEM = re.compile(r"[ \t]*(?:[-*•–+]|\d{1,3}[.)]|[A-Za-z][.)])[ \t]+(?=\S)")
_SIGNATURE = "--"


def reflow(text: str) -> str:
    """`text` with the lines of each paragraph joined.

    Where a paragraph ends: at an empty line, where another depth of quote begins, and before each item of a list, whose
    further lines join it. A line before a signature stands alone.
    """
    made: list[str] = []
    before: tuple[str, bool] | None = None  # the marks of the line above, and whether lines may join it
    for line in text.split("\n"):
        marks = _QUOTED.match(line)[0]  # type: ignore[index]  # it matches nothing at least
        rest = line[len(marks) :].rstrip()
        alone = not rest or rest == _SIGNATURE
        joins = before == (marks.replace(" ", ""), True) and not alone and not _ITEM.match(rest)
        if joins:
            made[-1] = f"{made[-1].rstrip()} {rest.lstrip()}"
        else:
            made.append(line if rest == _SIGNATURE else f"{marks}{rest}")
        before = marks.replace(" ", ""), not alone
    return "\n".join(made)


def indentation(line: str) -> str:
    """What the line below one begins with that is broken after `line`: as far in, unless there are only blanks."""
    return line[: len(line) - len(line.lstrip(" \t"))] if line.strip() else ""


def paragraph_around(lines: list[str], row: int) -> tuple[int, int]:
    """The first line and the last of the paragraph in which line `row` stands; an empty line is one of its own."""
    first = last = row
    if lines[row].strip("> \t"):
        while first and lines[first - 1].strip("> \t"):
            first -= 1
        while last + 1 < len(lines) and lines[last + 1].strip("> \t"):
            last += 1
    return first, last


def paragraphs(text: str) -> list[str]:
    """What stands between empty lines, in its order."""
    return [part.strip("\n") for part in re.split(r"\n[ \t]*\n", text.strip()) if part.strip()]

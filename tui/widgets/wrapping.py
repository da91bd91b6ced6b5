"""Text broken into lines of so many cells; words stay whole where they fit."""

from __future__ import annotations

from collections.abc import Iterator

from inbox.text import cells


def wrapped(text: str, width: int) -> Iterator[str]:
    """The lines of sanitised `text` in at most `width` cells each; its own line ends and indents are kept."""
    width = max(1, width)
    for line in text.expandtabs(4).split("\n"):
        yield from _broken(line.rstrip(), width)


def _broken(line: str, width: int) -> Iterator[str]:
    while cells(line) > width:
        end = _fitting(line, width)
        space = line.rfind(" ", 1, end + 1)
        if space > 0 and line[:space].strip():
            yield line[:space].rstrip()
            line = line[space + 1 :].lstrip()
        else:  # a word longer than the line
            yield line[:end]
            line = line[end:]
    yield line


def _fitting(line: str, width: int) -> int:
    """How many characters of the beginning fit; at least one."""
    if line.isascii():
        return width
    end = width
    while end > 1 and cells(line[:end]) > width:
        end -= max(1, (cells(line[:end]) - width) // 2)
    while end < len(line) and cells(line[: end + 1]) <= width:
        end += 1
    return max(1, end)

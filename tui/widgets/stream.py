"""Blocks of lines one below the other, laid out when they are first seen, and which line of which is on top.

What is on top is named by its block and the line in it, so it stays there whatever comes before or behind it: a new
message, a stretch of earlier ones, a block that unfolds.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

if TYPE_CHECKING:
    from inbox.ports import Item


def order_of(number: int) -> int:
    """The order of the block of a message: there is room before and behind it."""
    return 4 * number


def message_at(order: int) -> int:
    """The message that a block is, or stands before."""
    return (order + 3) // 4


@dataclass(slots=True, eq=False)
class Block:
    """Lines that belong together. `order` rises from block to block; `item` is the message or note that it is; `words`
    says what may be found in it, of a sheet. The last block ends without a blank line."""

    order: int
    make: Callable[[], Iterable[Strip]]
    item: Item | None = None
    words: str | None = None
    last: bool = False
    _lines: tuple[Strip, ...] = field(default=(), init=False)

    @property
    def lines(self) -> tuple[Strip, ...]:
        """The lines, at least one."""
        if not self._lines:
            lines = tuple(self.make())
            if self.last and len(lines) > 1 and not lines[-1]:
                lines = lines[:-1]
            self._lines = lines or (Strip([], 0),)
        return self._lines


class Place(NamedTuple):
    """A line of a block, by the block's order."""

    order: int
    line: int = 0


class Stream:
    """Blocks and what is on top of them. A page of it is full where there is enough, as in a pager."""

    def __init__(self, blocks: Sequence[Block] = ()) -> None:
        self.blocks = blocks
        self.at = 0  # the block on top
        self.line = 0  # and which of its lines

    def __bool__(self) -> bool:
        return bool(self.blocks)

    @property
    def place(self) -> Place:
        """What is on top."""
        return Place(self.blocks[self.at].order, self.line) if self.blocks else Place(0)

    def index_of(self, order: int) -> int:
        """Where the block of this order is, or the one behind where it was."""
        found = bisect_left(self.blocks, order, key=lambda block: block.order)
        return min(found, max(0, len(self.blocks) - 1))

    def go(self, place: Place, page: int) -> bool:
        """Put a line on top, or as near to it as a full page allows; whether that changed anything."""
        if not self.blocks:
            return False
        before = self.at, self.line
        self.at = self.index_of(place.order)
        here = self.blocks[self.at]
        self.line = max(0, min(place.line, len(here.lines) - 1)) if here.order == place.order else 0
        self._fill(page)
        return (self.at, self.line) != before

    def move(self, lines: int, page: int) -> bool:
        """Scroll so many lines; whether there was anywhere to go."""
        if not self.blocks:
            return False
        before = self.at, self.line
        self.line += lines
        while self.line < 0 and self.at > 0:
            self.at -= 1
            self.line += len(self.blocks[self.at].lines)
        while self.line >= len(self.blocks[self.at].lines) and self.at < len(self.blocks) - 1:
            self.line -= len(self.blocks[self.at].lines)
            self.at += 1
        self.line = max(0, min(self.line, len(self.blocks[self.at].lines) - 1))
        self._fill(page)
        return (self.at, self.line) != before

    def to_end(self, page: int) -> bool:
        """The last page; whether that changed anything."""
        before = self.at, self.line
        self.at, self.line = max(0, len(self.blocks) - 1), 1 << 40
        self._fill(page)
        return (self.at, self.line) != before

    def _fill(self, page: int) -> None:
        """Not past the last page."""
        room = page
        for number in range(len(self.blocks) - 1, -1, -1):
            size = len(self.blocks[number].lines)
            if size >= room:
                self.at, self.line = min((self.at, self.line), (number, size - room))
                return
            room -= size
        self.at = self.line = 0

    def shown(self, page: int) -> Iterator[tuple[int, int, Strip]]:
        """The lines of a page: the number of the block, of the line in it, and the line."""
        at, line = self.at, self.line
        while page > 0 and at < len(self.blocks):
            lines = self.blocks[at].lines
            while page > 0 and line < len(lines):
                yield at, line, lines[line]
                line += 1
                page -= 1
            at, line = at + 1, 0

    def goes_on(self, page: int) -> bool:
        """Whether there is more below a page."""
        below = page + self.line
        for block in self.blocks[self.at :]:
            below -= len(block.lines)
            if below < 0:
                return True
        return False


# ------------------------------------------------------------------------------ finding

Spans = dict[int, list[tuple[int, int]]]
"""What was found in a block: by line, from which character to which."""


class Found(NamedTuple):
    """What is looked for: a pattern, and where the hit under the hands is: order of its block, line, first character."""

    pattern: re.Pattern[str]
    at: tuple[int, int, int] | None = None


_BETWEEN = r"[\s│┃>|]+"


def pattern_of(words: str) -> re.Pattern[str]:
    """What finds these words, whatever their case and wherever a line ends between them."""
    return re.compile(_BETWEEN.join(map(re.escape, words.split())), re.IGNORECASE)


def spans_in(block: Block, pattern: re.Pattern[str]) -> Spans:
    """Where a pattern stands in a block."""
    texts = [strip.text for strip in block.lines]
    found: Spans = {}
    starts, length = [], 0
    for text in texts:
        starts.append(length)
        length += len(text) + 1
    for match in pattern.finditer("\n".join(texts)):
        start, end = match.span()
        number = bisect_left(starts, start + 1) - 1
        while number < len(texts) and starts[number] < end:
            first, last = max(0, start - starts[number]), min(len(texts[number]), end - starts[number])
            if first < last:
                found.setdefault(number, []).append((first, last))
            number += 1
    return found


def marked(strip: Strip, ink: Style) -> Strip:
    """The first line of the message under the hands: a bar stands before it."""
    if not strip:
        return strip
    (text, style, _), *rest = strip
    return Strip([Segment("▌", ink), Segment(text[1:], style), *rest], strip.cell_length)


def inked(strip: Strip, spans: Sequence[tuple[int, int]], ink: Style) -> Strip:
    """A line in which some characters are written on another ground."""
    segments: list[Segment] = []
    at = 0
    for text, style, _ in strip:
        cuts = sorted({0, len(text), *(min(max(0, each - at), len(text)) for span in spans for each in span)})
        for start, end in pairwise(cuts):
            marked = any(first <= at + start < last for first, last in spans)
            segments.append(Segment(text[start:end], (style or Style()) + ink if marked else style))
        at += len(text)
    return Strip(segments, strip.cell_length)

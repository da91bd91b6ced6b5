"""What waits in the outbox, over the whole screen: each message with what its state means and what to press."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.style import Style
from textual.strip import Strip

from inbox.text import cells, cut, one_line
from tui.looks import laid_on
from tui.widgets.pane import EMPTY, Pane, strip_of
from tui.widgets.wrapping import wrapped

TITLE = "Outbox"
WIDEST = 100
"""Cells beyond which a sentence is broken however wide the screen is."""


class Entry(NamedTuple):
    """One message: its number and conversation, how it stands, to whom and what, and sentences about it."""

    message: int
    conversation: int
    stands: str
    urgent: bool
    to: str
    subject: str
    sentences: Sequence[str]


class OutboxPane(Pane):
    """Shows messages (`show`), one of them under the cursor."""

    def __init__(self) -> None:
        super().__init__(id="outbox")
        self.entries: Sequence[Entry] | None = None  # None: not read yet
        self.at = 0
        self._top = 0
        self._laid_out: list[tuple[Strip, int | None]] = []  # each line, and the entry it belongs to

    def show(self, entries: Sequence[Entry]) -> None:
        """Show these messages; the cursor stays on its message, or where it was."""
        before = self.current
        self.entries = entries
        numbers = [entry.message for entry in entries]
        if before is not None and before.message in numbers:
            self.at = numbers.index(before.message)
        self.at = max(0, min(self.at, len(entries) - 1))
        self._lay_out()
        self.repaint()

    @property
    def current(self) -> Entry | None:
        """The message under the cursor."""
        entries = self.entries or ()
        return entries[self.at] if self.at < len(entries) else None

    def go(self, index: int) -> None:
        """Move to a message, or as near as there is one."""
        index = max(0, min(index, len(self.entries or ()) - 1))
        if index != self.at:
            self.at = index
            self._lay_out()
            self.repaint()

    def redraw(self) -> None:
        """Another size or theme."""
        self._lay_out()
        super().redraw()

    def _lay_out(self) -> None:
        self._laid_out = []
        width = min(WIDEST, self.size.width - 2)
        for number, entry in enumerate(self.entries or ()):
            self._laid_out += [(strip, number) for strip in self._strips(entry, number, width)]
            self._laid_out.append((EMPTY, None))
        if not self.entries and self.entries is not None:
            self._laid_out.append((strip_of([(" Nothing waits to be sent.", self.inks.muted)]), None))
        lines = [y for y, (_, number) in enumerate(self._laid_out) if number == self.at]
        page = max(1, self.size.height - 2)
        if lines:
            self._top = min(max(self._top, lines[-1] - page + 1), lines[0])
        self._top = max(0, min(self._top, len(self._laid_out) - page))

    def _strips(self, entry: Entry, number: int, width: int) -> list[Strip]:
        inks = laid_on(self.inks, self.inks.cursor) if number == self.at else self.inks
        head = f" {entry.stands}  "
        ink: Style = inks.late if entry.urgent else inks.accent
        to = cut(f"{one_line(entry.to, 80)}  {one_line(entry.subject, 200)}", max(0, width - cells(head)))
        broken = [
            part for text in entry.sentences for part in wrapped(one_line(text, 600), max(8, width - 3))
        ]
        first = strip_of([(head, ink), (to, inks.strong)])
        return [first, *(strip_of([(f"   {part}", self.inks.text)]) for part in broken)]

    def line(self, y: int) -> Strip:
        """The title, a blank line, then the messages."""
        inks, width = self.inks, self.size.width
        if y == 0:
            count = len(self.entries or ())
            return strip_of([(cut(f" {TITLE}  {count or ''}".ljust(width), width), inks.strong + inks.head)])
        at = self._top + y - 2
        return self._laid_out[at][0] if y > 1 and at < len(self._laid_out) else EMPTY

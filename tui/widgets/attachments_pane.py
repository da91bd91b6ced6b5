"""What came with a conversation, over the whole screen: attachments and links by number, or one of them as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.segment import Segment
from textual.strip import Strip

from inbox.text import cells, cut, one_line, pad, sanitise
from tui.looks import laid_on
from tui.widgets.pane import EMPTY, Pane, strip_of
from tui.widgets.wrapping import wrapped

TITLE = "Attachments and links"
NOTHING = "Nothing is attached here, and no link leads anywhere."


class Row(NamedTuple):
    """One line of the list: under which heading it stands, its number, what it is called, and what is said of it."""

    heading: str
    number: int
    name: str
    said: str
    is_link: bool = False


class AttachmentsPane(Pane):
    """Shows rows (`show`), one of them under the cursor, or lines in their place (`read`) until `unread`."""

    def __init__(self) -> None:
        super().__init__(id="attachments")
        self.rows: Sequence[Row] | None = None  # None: not known yet
        self.at = 0
        self.title = ""  # what is being read, "" for the list
        self.top = 0
        self._lines: Sequence[str] = ()
        self._picture: Sequence[Strip] = ()
        self._laid_out: list[tuple[Strip, int | None]] = []

    def show(self, rows: Sequence[Row], at: int | None = None) -> None:
        """Show these rows, the cursor on one of them, or where it was."""
        self.rows = rows
        self.at = max(0, min(self.at if at is None else at, len(rows) - 1))
        self._again()

    def read(self, title: str, lines: Sequence[str], picture: Sequence[Strip] = ()) -> None:
        """Show lines of text, which pass the sanitiser here, and a picture below them."""
        self.title, self._lines, self._picture, self.top = one_line(title, 200), lines, picture, 0
        self._again()

    def unread(self) -> None:
        """The list again."""
        self.title, self._lines, self._picture, self.top = "", (), (), 0
        self._again()

    @property
    def current(self) -> int | None:
        """The place of the row under the cursor."""
        return self.at if self.rows and not self.title else None

    def go(self, index: int) -> None:
        """Move to a row, or scroll to a line."""
        if self.title:
            self.top = self._clamped(index)
        else:
            self.at = max(0, min(index, len(self.rows or ()) - 1))
        self._again()

    @property
    def position(self) -> int:
        """The row, or the line on top."""
        return self.top if self.title else self.at

    def redraw(self) -> None:
        """Another size or theme."""
        self._lay_out()
        super().redraw()

    def _again(self) -> None:
        self._lay_out()
        self.repaint()

    @property
    def room(self) -> tuple[int, int]:
        """Columns and lines there are for what is read."""
        return max(1, self.size.width - 2), self._page

    @property
    def _page(self) -> int:
        return max(1, self.size.height - 2)

    def _clamped(self, line: int) -> int:
        return max(0, min(line, len(self._laid_out) - self._page))

    def _lay_out(self) -> None:
        width = max(8, self.size.width - 2)
        if self.title:
            clean = (sanitise(line, 2000).expandtabs(4) for line in self._lines)
            broken = (part for line in clean for part in wrapped(line, width))
            self._laid_out = [(strip_of([(f" {part}", self.inks.text)]), None) for part in broken]
            margin = Segment(" ", self.inks.text)
            self._laid_out += [
                (Strip([margin, *strip], strip.cell_length + 1), None) for strip in self._picture
            ]
            self.top = self._clamped(self.top)
            return
        self._laid_out = []
        heading = None
        for place, row in enumerate(self.rows or ()):
            if row.heading != heading:
                heading = row.heading
                if place:
                    self._laid_out.append((EMPTY, None))
                self._laid_out.append((strip_of([(f" {cut(heading, width)}", self.inks.muted)]), None))
            self._laid_out.append((self._row(row, place, width), place))
        if self.rows is not None and not self.rows:
            self._laid_out.append((strip_of([(f" {NOTHING}", self.inks.muted)]), None))
        here = next((y for y, (_, place) in enumerate(self._laid_out) if place == self.at), 0)
        self.top = self._clamped(min(max(self.top, here - self._page + 1), max(0, here - 1)))

    def _row(self, row: Row, place: int, width: int) -> Strip:
        inks = laid_on(self.inks, self.inks.cursor) if place == self.at else self.inks
        number = f" {row.number:>3}  "
        said = one_line(row.said, 300)
        if row.is_link:
            name = cut(one_line(row.name, 253), width - cells(number))
            rest = cut(f"  {said}", max(0, width - cells(number) - cells(name)))
            return strip_of([(number, inks.accent), (name, inks.strong), (rest, inks.muted)])
        room = max(8, width - cells(number) - cells(said) - 2)
        return strip_of(
            [
                (number, inks.accent),
                (pad(one_line(row.name, 255), room), inks.strong),
                (f"  {said}", inks.muted),
            ]
        )

    def line(self, y: int) -> Strip:
        """The title, a blank line, then what is shown."""
        inks, width = self.inks, self.size.width
        if y == 0:
            return strip_of([(pad(f" {self.title or TITLE}", width), inks.strong + inks.head)])
        at = self.top + y - 2
        strip = self._laid_out[at][0] if y > 1 and at < len(self._laid_out) else EMPTY
        return strip if strip.cell_length <= width else strip.crop(0, width)

"""The views with their counts, the number that opens each, and what is below them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from textual.strip import Strip

from inbox.text import cells, cut, one_line
from tui.looks import laid_on
from tui.widgets.pane import EMPTY, Pane, strip_of


class ViewLine(NamedTuple):
    """One view as it stands here: its name, how it reads, the key that opens it, whether others come after a gap."""

    name: str
    label: str
    key: str = ""
    gap: bool = False
    urgent: bool = False


_WIDEST = 40
"""Cells of a line at most: a count far from its name belongs to nobody."""


class ViewsPane(Pane):
    """The cursor walks over the views; the one that is shown is marked."""

    def __init__(self) -> None:
        super().__init__(id="views")
        self.lines: Sequence[ViewLine] = ()
        self.counts: Mapping[str, int] = {}
        self.shown = ""
        self.under_hands = False
        self.at = 0

    def show(self, lines: Sequence[ViewLine], counts: Mapping[str, int], shown: str) -> None:
        """Show these views; `shown` is the one whose conversations are listed."""
        name = self.current
        self.lines, self.counts, self.shown = lines, counts, shown
        wanted = name if self.under_hands else shown
        self.at = next((n for n, line in enumerate(lines) if line.name == wanted), 0)
        self.repaint()

    @property
    def current(self) -> str | None:
        """The view under the hands."""
        return self.lines[self.at].name if self.at < len(self.lines) else None

    def go(self, index: int) -> bool:
        """Move to a view; whether that moved."""
        index = max(0, min(index, len(self.lines) - 1))
        if index == self.at:
            return False
        self.at = index
        self.repaint()
        return True

    def mark(self, under_hands: bool) -> None:
        """Show the cursor, or do not; without hands it stands on the view that is shown."""
        self.under_hands = under_hands
        self.at = next((n for n, line in enumerate(self.lines) if line.name == self.shown), 0)
        self.repaint()

    def at_line(self, y: int) -> int | None:
        """Which view stands at this height."""
        rows = self._rows()
        return rows[y] if 0 <= y < len(rows) else None

    def _rows(self) -> list[int | None]:
        rows: list[int | None] = []
        for number, line in enumerate(self.lines):
            if line.gap:
                rows.append(None)
            rows.append(number)
        return rows

    def line(self, y: int) -> Strip:
        """One view a line; a blank one before what comes below."""
        if y == 0:
            inks = self.inks
            return strip_of([(" Views".ljust(self.size.width), inks.strong + inks.head)])
        number = self.at_line(y - 1)
        if number is None:
            return EMPTY
        view = self.lines[number]
        under = self.under_hands and number == self.at
        inks = laid_on(self.inks, self.inks.cursor) if under else self.inks
        count = self.counts.get(view.name)
        shown = f"{count:,}".replace(",", " ") if count else ""
        width = min(self.size.width - 1, _WIDEST)
        label = cut(one_line(view.label, 40), max(1, width - 6 - cells(shown)))
        gap = " " * max(1, width - 4 - cells(label) - cells(shown))
        marked = view.name == self.shown
        ink = inks.accent if marked else inks.text if count else inks.faint
        number_ink = inks.late if view.urgent and count else inks.muted
        mark = "▌" if under else "▸" if marked else " "
        return strip_of(
            [
                (mark, inks.accent),
                (f"{view.key:>1} ", inks.faint),
                (f" {label}{gap}", ink),
                (shown, number_ink),
            ]
        )

"""The activity of a day over the whole screen: a row for everybody, a column for each figure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

from textual.strip import Strip

from inbox.activity import FIGURES
from inbox.activity_forms import HEADS, hours_of, together
from inbox.text import cut
from tui.columns import column
from tui.looks import Inks, laid_on
from tui.widgets.pane import EMPTY, Pane, Run, strip_of

if TYPE_CHECKING:
    from inbox.activity import Acts

CELL, NARROW = 8, 7
"""Cells of a figure, with brackets where the hands are; and where the hours would have no room beside them."""
HOURS = 12
"""Cells of the hours, the blank before them included."""
ABOVE = 4
"""Lines above the people: title, heads, all together, a blank."""


class ActivityPane(Pane):
    """Shows what people did (`show`), one figure under the hands: `at` is the row, 0 being all; `figure` its place."""

    def __init__(self) -> None:
        super().__init__(id="activity")
        self.title = ""
        self.zone: tzinfo = UTC
        self.away: Collection[str] = ()
        self.found: Sequence[Acts] | None = None
        self.at = 0
        self.column = 0
        self._all: Acts | None = None
        self._top = 0

    def show(self, title: str, found: Sequence[Acts] | None, zone: tzinfo) -> None:
        """Show this day (None: it is being read); the hands stay on their row."""
        self.title, self.found, self.zone = title, found, zone
        self._all = together(found) if found is not None else None
        self.at = min(self.at, len(found or ()))
        self._follow()
        self.repaint()

    @property
    def current(self) -> Acts | None:
        """The row under the hands."""
        if self.found is None:
            return None
        return self.found[self.at - 1] if self.at else self._all

    @property
    def figure(self) -> str:
        """The figure under the hands, by its name."""
        return FIGURES[self.column]

    def go(self, index: int) -> None:
        """To a row, or as near as there is one."""
        self.at = max(0, min(index, len(self.found or ())))
        self._follow()
        self.repaint()

    def go_to_column(self, index: int) -> None:
        """To a figure; after the last one comes the first."""
        self.column = index % len(FIGURES)
        self.repaint()

    def redraw(self) -> None:
        """Another size or theme."""
        self._follow()
        super().redraw()

    @property
    def _page(self) -> int:
        return max(1, self.size.height - ABOVE)

    def _follow(self) -> None:
        at = max(0, self.at - 1)
        self._top = max(0, min(max(self._top, at - self._page + 1), at))

    @property
    def _cell(self) -> int:
        return CELL if self.size.width >= 2 + 8 + CELL * len(FIGURES) + HOURS else NARROW

    @property
    def _label(self) -> int:
        return max(8, min(24, self.size.width - 2 - self._cell * len(FIGURES) - HOURS))

    @property
    def _left(self) -> int:
        """The first figure that is seen: where there is no room for all, the one under the hands is."""
        room = max(1, (self.size.width - 2 - self._label) // self._cell)
        return max(0, min(self.column - room + 1, len(FIGURES) - 1))

    # ------------------------------------------------------------------ painting

    def line(self, y: int) -> Strip:
        """The title, the heads, all together, then everybody."""
        inks, width = self.inks, self.size.width
        if y == 0:
            left = f" Activity  {self.title}"
            return self._fitted([(cut(left, width).ljust(width), inks.strong + inks.head)])
        if self.found is None or self._all is None:
            return self._fitted([("  Reading the record …", inks.muted)]) if y == 2 else EMPTY
        if y == 1:
            return self._heads()
        if y == 2:
            return self._row(0, "all", self._all)
        at = self._top + y - ABOVE
        if y >= ABOVE and at < len(self.found):
            return self._row(at + 1, self.found[at].who, self.found[at])
        if y == ABOVE and not self.found:
            return self._fitted([("  Nobody did anything.", inks.muted)])
        return EMPTY

    def _heads(self) -> Strip:
        runs: list[Run] = [(" " * (2 + self._label), self.inks.muted)]
        for at, figure in enumerate(FIGURES):
            if at >= self._left:
                ink = self.inks.strong if at == self.column else self.inks.muted
                head = HEADS[figure] if self._cell == NARROW else f"{HEADS[figure]} "
                runs.append((head.rjust(self._cell), ink))
        runs.append((" first-last", self.inks.muted))
        return self._fitted(runs)

    def _row(self, number: int, name: str, acts: Acts) -> Strip:
        here = number == self.at
        inks: Inks = laid_on(self.inks, self.inks.cursor) if here else self.inks
        runs: list[Run] = [
            ("▌ " if here else "  ", inks.accent),
            (column(name, self._label), inks.strong if number == 0 else inks.text),
        ]
        for at, figure in enumerate(FIGURES):
            if at < self._left:
                continue
            count = acts.count(figure)
            words = f"{count:,}".replace(",", " ") if count else "-"
            chosen = here and at == self.column
            ink = inks.accent if chosen else inks.text if count else inks.muted
            runs.append(((f"[{words}]" if chosen else f"{words} ").rjust(self._cell), ink))
        runs.append((f" {hours_of(acts, self.zone, self.away)}", inks.muted))
        return self._fitted(runs)

    def _fitted(self, runs: Sequence[Run]) -> Strip:
        strip = strip_of(runs)
        return strip if strip.cell_length <= self.size.width else strip.crop(0, self.size.width)

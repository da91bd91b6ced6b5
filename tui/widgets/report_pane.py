"""The report over the whole screen: this span beside the one before, the groups below, a bar for each, weeks as a plot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.strip import Strip

from inbox.text import cells, cut, pad
from tui.looks import Inks, laid_on
from tui.widgets.pane import EMPTY, Pane, Run, strip_of

if TYPE_CHECKING:
    from inbox.figures import Column, Row, Table, Value

TITLE = "Report"
CELL = 10
"""Cells of a figure: hours, a sign that somebody waits still, an arrow, and brackets where the hands are."""
LEAST_BAR = 12
ABOVE = 7
"""Lines above the groups: title, groupings, heads, this span, the one before, the change, a blank."""
BELOW = 2
"""Lines below them: what is said of a figure besides, and its plot."""


class ReportPane(Pane):
    """Shows a table (`show`) with one figure under the hands: `at` is the row, 0 being all together; `column` its place."""

    def __init__(self, detail: Callable[[], str] = str) -> None:
        super().__init__(id="report")
        self._detail = detail  # what is said of the figure under the hands besides
        self.table: Table | None = None
        self.by = "week"
        self.groupings: Sequence[str] = ()
        self.when = ""  # the span in words
        self.busy = ""  # how far the reading is; takes the place of the span
        self.at = 0
        self.column = 0
        self._top = 0
        self._left = 0
        self._largest = 0  # of the figure under the hands: as long as a bar gets

    def show(self, table: Table) -> None:
        """Show this table; the hands stay on their row as far as there is one."""
        before = self.current
        self.table = table
        keys = [row.key for row in table.rows]
        self.at = keys.index(before.key) + 1 if self.at and before is not None and before.key in keys else 0
        self._largest = table.largest(self.column)
        self._follow()
        self.repaint()

    def tell(self, words: str) -> None:
        """How far the reading is; "" when it is over."""
        if words != self.busy:
            self.busy = words
            self.repaint()

    @property
    def current(self) -> Row | None:
        """The row under the hands."""
        if self.table is None:
            return None
        return self.table.rows[self.at - 1] if self.at else self.table.total

    @property
    def figure(self) -> Column:
        """The figure under the hands."""
        from inbox.figures import COLUMNS

        return COLUMNS[self.column]

    @property
    def value(self) -> Value:
        """What it says there."""
        row = self.current
        return None if row is None else row.values[self.column]

    def go(self, index: int) -> None:
        """To a row, or as near as there is one."""
        if self.table is not None:
            self.at = max(0, min(index, len(self.table.rows)))
            self._follow()
            self.repaint()

    def go_to_column(self, index: int) -> None:
        """To a figure, or as near as there is one."""
        from inbox.figures import COLUMNS

        self.column = max(0, min(index, len(COLUMNS) - 1))
        if self.table is not None:
            self._largest = self.table.largest(self.column)
        self._follow()
        self.repaint()

    def redraw(self) -> None:
        """Another size or theme."""
        self._follow()
        super().redraw()

    # ------------------------------------------------------------------ where what stands

    @property
    def _label(self) -> int:
        return 16 if self.size.width < 120 else 24

    @property
    def _columns(self) -> int:
        """How many figures are seen side by side."""
        return max(1, (self.size.width - self._label - 2 - LEAST_BAR) // CELL)

    @property
    def _page(self) -> int:
        return max(1, self.size.height - ABOVE - BELOW)

    def _follow(self) -> None:
        rows = len(self.table.rows) if self.table is not None else 0
        self._left = min(max(self._left, self.column - self._columns + 1), self.column)
        at = max(0, self.at - 1)
        self._top = max(0, min(max(self._top, at - self._page + 1), at, max(0, rows - self._page)))

    # ------------------------------------------------------------------ painting

    def line(self, y: int) -> Strip:
        """The title, the groupings, the heads, the sums, the groups, the weeks."""
        if y == 0:
            return self._title()
        if y == 1:
            return self._tabs()
        if self.table is None:
            return EMPTY
        height = self.size.height
        if y == height - 1:
            return self._plot()
        if y == height - 2:
            return self._fitted([(cut(f"  {self._detail()}".rstrip(), self.size.width), self.inks.text)])
        match y:
            case 2:
                return self._heads()
            case 3:
                return self._row(0, "this period", self.table.total)
            case 4:
                return self._before()
            case 5:
                return self._changes()
        at = self._top + y - ABOVE
        if ABOVE <= y < height - BELOW and at < len(self.table.rows):
            from inbox.report_forms import row_name

            row = self.table.rows[at]
            return self._row(at + 1, row_name(row), row)
        if y == ABOVE and not self.table.rows:
            return self._fitted([("  Nothing happened in this span.", self.inks.muted)])
        return EMPTY

    def _title(self) -> Strip:
        inks, width = self.inks, self.size.width
        left = f" {TITLE}  "
        rest = pad(cut(self.busy or self.when, max(0, width - cells(left))), max(0, width - cells(left)))
        return self._fitted([(left, inks.strong + inks.head), (rest, inks.muted + inks.head)])

    def _tabs(self) -> Strip:
        runs: list[Run] = [(" by", self.inks.muted)]
        for each in self.groupings:
            chosen = each == self.by
            runs.append(
                (f" [{each}]" if chosen else f"  {each} ", self.inks.accent if chosen else self.inks.muted)
            )
        if self.table is not None and len(self.table.rows) > self._page:
            runs.append((f"   {len(self.table.rows)} rows", self.inks.muted))
        return self._fitted(runs)

    def _heads(self) -> Strip:
        from inbox.figures import COLUMNS

        end = self._left + self._columns
        runs: list[Run] = [((" ◂" if self._left else "  ") + " " * self._label, self.inks.muted)]
        for at, column in enumerate(COLUMNS[self._left : end], self._left):
            ink = self.inks.strong if at == self.column else self.inks.muted
            runs.append((column.head.rjust(CELL), ink))
        runs.append((" ▸" if end < len(COLUMNS) else "", self.inks.muted))
        return self._fitted(runs)

    def _row(self, number: int, name: str, row: Row) -> Strip:
        from inbox.figures import number_of
        from inbox.plots import bar
        from inbox.report_forms import value_in_words

        here = number == self.at
        inks: Inks = laid_on(self.inks, self.inks.cursor) if here else self.inks
        mark = ("▌" if here else " ") + " "
        runs: list[Run] = [
            (mark, inks.accent),
            (pad(name, self._label), inks.strong if number == 0 else inks.text),
        ]
        for at in range(self._left, min(self._left + self._columns, len(row.values))):
            words = value_in_words(row.values[at]) + (_arrow(row, at) if number else "")
            chosen = here and at == self.column
            text = f"[{words}]" if chosen else f"{words} "
            ink = inks.accent if chosen else inks.text
            runs.append((text.rjust(CELL), ink))
        used = 2 + self._label + CELL * min(self._columns, len(row.values) - self._left)
        if number:
            plotted = bar(number_of(row.values[self.column]), self._largest, self.size.width - used - 2)
            runs.append((f" {plotted}", inks.accent))
        return self._fitted(runs)

    def _before(self) -> Strip:
        from inbox.report_forms import value_in_words

        assert self.table is not None
        return self._quiet("the one before", [value_in_words(each) for each in self.table.total.before or ()])

    def _changes(self) -> Strip:
        from inbox.report_forms import change_in_words

        assert self.table is not None
        total = self.table.total
        pairs = zip(total.values, total.before or (), strict=True)
        return self._quiet("change", [change_in_words(now, was) for now, was in pairs])

    def _quiet(self, name: str, words: Sequence[str]) -> Strip:
        shown = words[self._left : self._left + self._columns]
        text = "".join(f"{each} ".rjust(CELL) for each in shown)
        return self._fitted([(f"  {pad(name, self._label)}{text}", self.inks.muted)])

    def _plot(self) -> Strip:
        from inbox.figures import number_of
        from inbox.plots import sparkline
        from inbox.report_forms import value_in_words

        assert self.table is not None
        weeks = self.table.weeks[-max(1, self.size.width - 50) :]
        values = [row.values[self.column] for row in weeks]
        most = max(weeks, key=lambda row: number_of(row.values[self.column]) or 0, default=None)
        if most is None or not number_of(most.values[self.column]):
            return self._fitted([(f"  {self.figure.head} by week: nothing", self.inks.muted)])
        plotted = sparkline([number_of(value) for value in values])
        words = f"  most {value_in_words(most.values[self.column])}, week of {most.name}"
        return self._fitted(
            [
                (f"  {self.figure.head} by week  ", self.inks.muted),
                (plotted, self.inks.accent),
                (words, self.inks.muted),
            ]
        )

    def _fitted(self, runs: Sequence[Run]) -> Strip:
        strip = strip_of(runs)
        return strip if strip.cell_length <= self.size.width else strip.crop(0, self.size.width)


def _arrow(row: Row, at: int) -> str:
    """Up or down since the span before; nothing where that says nothing."""
    from inbox.figures import number_of

    if row.before is None:
        return ""
    now, then = number_of(row.values[at]), number_of(row.before[at])
    if now is None or then is None or now == then:
        return ""
    return "▲" if now > then else "▼"

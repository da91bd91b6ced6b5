"""Tables of an HTML mail: rows of short cells side by side, their columns below each other."""

from __future__ import annotations

from collections.abc import Sequence

from inbox.marks import NOTHING
from inbox.text import cells

Line = tuple[int, str, int]
"""Quote depth, text, what the HTML says of it (inbox.marks)."""

LONGEST_CELL = 100
"""Characters of a cell that stands beside others."""

WIDEST = 100
"""Terminal cells of a row up to which columns are aligned; a wider one would be wrapped anyway."""

_MOST_LINES = 6  # of a cell of a table with a head, put on one line
_MOST_COLUMNS = 50


class Frame:
    """Where lines go: the page, or one table cell until its row is known."""

    # What holds for nearly all cells stands here, since a mail may have thousands of them.
    blank = False  # a blank line is due before the next one
    led = False  # one was due before the first
    span = 1  # columns it goes over
    rows = 1  # rows it goes over

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def make_room(self, depth: int) -> None:
        """Before a line is added: the blank one that is due."""
        self.blank = False
        if not self.lines:
            self.led = True
        elif self.lines[-1][1]:
            self.lines.append((min(depth, self.lines[-1][0]), "", NOTHING))

    def stack(self, filled: Sequence[Frame]) -> None:
        """Put the cells of a row below each other, with room around those of more than a line."""
        lines = self.lines
        alone = len(filled) == 1
        for cell in filled:
            is_long = len(cell.lines) > 1
            if (self.blank or is_long or (alone and cell.led)) and lines and lines[-1][1]:
                lines.append((min(lines[-1][0], cell.lines[0][0]), "", NOTHING))
            lines.extend(cell.lines)
            self.blank = is_long or (alone and cell.blank)


class Table:
    """The rows of one table, as far as they are known."""

    def __init__(self) -> None:
        self.has_head = False
        self.has_spans = False  # over columns
        self.has_tall_cells = False  # over rows
        self.row: list[Frame] = []
        """The cells of the row that is read."""

        self._below: dict[int, int] = {}  # by column: rows a cell above still reaches over
        self._rows: list[tuple[int, str, list[str]]] = []  # the line, what stands on it, its columns

    def end_row(self, frame: Frame, depth: int, hint: int) -> None:
        """Lay out the row in `frame`: short cells side by side, anything longer one below the other."""
        row, self.row = self.row, []
        filled = [cell for cell in row if cell.lines]
        starts = None
        if self.has_tall_cells or (self.has_spans and len(filled) > 1):
            starts = self._columns(row)
        words = self._on_one_line(row) if len(filled) > 1 else None
        if words is None:
            frame.stack(filled)
            return
        said = [word for word in words if word]
        is_labelled = len(said) == 2 and said[0][-1] in ":："  # which needs no bar, nor a column
        joined = " ".join(said) if is_labelled else " | ".join(said)
        if frame.blank:
            frame.make_room(depth)
        frame.lines.append((depth, joined, hint))
        if is_labelled:
            return
        reach = starts[-1] + 1 if starts else len(words)
        if reach > _MOST_COLUMNS:
            return
        if starts and reach > len(words):
            spread = [""] * reach
            for start, word in zip(starts, words, strict=True):
                spread[start] = word
            words = spread
        self._rows.append((len(frame.lines) - 1, joined, words))

    def _columns(self, row: Sequence[Frame]) -> list[int]:
        """In which column each cell of the next row begins, by the columns and rows each goes over."""
        below = self._below
        starts: list[int] = []
        reaching: dict[int, int] = {column: rows - 1 for column, rows in below.items() if rows > 1}
        column = 0
        for cell in row:
            while column in below:
                column += 1
            starts.append(column)
            end = column + max(1, min(cell.span, _MOST_COLUMNS))
            if cell.rows > 1:
                for each in range(column, min(end, _MOST_COLUMNS)):
                    reaching[each] = min(cell.rows, 1000) - 1
            column = end
        self._below = reaching
        return starts

    def _on_one_line(self, row: Sequence[Frame]) -> list[str] | None:
        """What stands in each cell, when all are short enough for one line and no cell is laid out with others."""
        words: list[str] = []
        for cell in row:
            lines = cell.lines
            if len(lines) == 1:
                text = lines[0][1]
            elif not lines:
                text = ""
            elif self.has_head and len(lines) <= _MOST_LINES:
                text = " ".join(" ".join(text for _, text, _ in lines).split())
            else:
                return None
            if len(text) > LONGEST_CELL:
                return None
            words.append(text)
        return words

    def align(self, lines: list[Line]) -> None:
        """Put the columns of rows that have equally many below each other, when they fit."""
        rows = self._rows
        if len(rows) < 2:
            return
        counts = [len(columns) for _, _, columns in rows]
        count = max(dict.fromkeys(counts), key=counts.count)
        rows = [row for row in rows if len(row[2]) == count and row[0] < len(lines)]
        if len(rows) < 2:
            return
        taken = [
            list(map(len if joined.isascii() else cells, columns)) for _, joined, columns in rows
        ]  # in terminal cells
        widths = list(map(max, zip(*taken, strict=True)))
        kept = [at for at in range(count) if widths[at]]
        if len(kept) < 2 or sum(widths) + 3 * (len(kept) - 1) > WIDEST:
            return
        for (line, joined, columns), cell_widths in zip(rows, taken, strict=True):
            depth, text, hint = lines[line]
            if text != joined:
                continue
            last = count - 1
            while not columns[last]:
                last -= 1
            padded = [columns[at] + " " * (widths[at] - cell_widths[at]) for at in kept if at <= last]
            lines[line] = (depth, " | ".join(padded).rstrip(), hint)

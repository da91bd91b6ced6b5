"""Tables of an HTML mail: rows of short cells side by side, their columns below each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from inbox.text import cells

Line = tuple[int, str, int]
"""Quote depth, text, what the HTML says of it (inbox.marks)."""

LONGEST_CELL = 100
"""Characters of a cell that stands beside others."""

WIDEST = 100
"""Terminal cells of a row up to which columns are aligned; a wider one would be wrapped anyway."""

_MOST_LINES = 6  # of a cell of a table with a head, put on one line
_MOST_COLUMNS = 50


class Table:
    """The rows of one table, as far as they are known."""

    def __init__(self) -> None:
        self.has_head = False
        self.has_spans = False
        self._below: dict[int, int] = {}  # by column: rows a cell above still reaches over
        self._rows: list[tuple[int, str, list[str]]] = []  # the line, what stands on it, its columns
        self._pending: list[str] | None = None
        self._joined = ""

    def columns(self, spans: Sequence[tuple[int, int]]) -> Sequence[int]:
        """In which column each cell of the next row begins, by the columns and rows each goes over."""
        below = self._below
        starts: list[int] = []
        reaching: dict[int, int] = {column: rows - 1 for column, rows in below.items() if rows > 1}
        column = 0
        for span, rows in spans:
            while column in below:
                column += 1
            starts.append(column)
            for _ in range(max(1, min(span, _MOST_COLUMNS))):
                if rows > 1 and column < _MOST_COLUMNS:
                    reaching[column] = min(rows, 1000) - 1
                column += 1
        self._below = reaching
        return starts

    def on_one_line(self, lines: Sequence[Line]) -> str | None:
        """A cell as part of a row; None when it is too long, or is laid out with others and not one of data."""
        if not lines:
            return ""
        if len(lines) == 1:
            return lines[0][1] if len(lines[0][1]) <= LONGEST_CELL else None
        if not self.has_head or len(lines) > _MOST_LINES:
            return None
        words = " ".join(" ".join(text for _, text, _ in lines).split())
        return words if len(words) <= LONGEST_CELL else None

    def row(self, words: Sequence[str], starts: Sequence[int]) -> str:
        """A row on one line; its columns are aligned when the table ends. A label that ends in ":" needs no bar."""
        filled = [word for word in words if word]
        if len(filled) == 2 and filled[0][-1] in ":：":
            self._pending = None
            return " ".join(filled)
        self._joined = " | ".join(filled)
        if len(words) > _MOST_COLUMNS or starts[-1] >= _MOST_COLUMNS:
            self._pending = None
        elif starts[-1] + 1 == len(words):
            self._pending = list(words)
        else:
            self._pending = [""] * (starts[-1] + 1)
            for start, word in zip(starts, words, strict=True):
                self._pending[start] = word
        return self._joined

    def placed(self, line: int) -> None:
        """On which line the row now stands."""
        if self._pending is not None:
            self._rows.append((line, self._joined, self._pending))
            self._pending = None

    def align(self, lines: list[Line]) -> None:
        """Put the columns of rows that have equally many below each other, when they fit."""
        counts = Counter(len(columns) for _, _, columns in self._rows)
        if not counts:
            return
        count, times = counts.most_common(1)[0]
        if times < 2:
            return
        rows = [row for row in self._rows if len(row[2]) == count and row[0] < len(lines)]
        taken = [[cells(words) if words else 0 for words in columns] for _, _, columns in rows]
        widths = [max(column) for column in zip(*taken, strict=True)]
        kept = [at for at in range(count) if widths[at]]
        if len(kept) < 2 or sum(widths) + 3 * (len(kept) - 1) > WIDEST:
            return
        for (line, joined, columns), cell_widths in zip(rows, taken, strict=True):
            depth, text, hint = lines[line]
            if text != joined:
                continue
            last = max(at for at in kept if columns[at])
            padded = [columns[at] + " " * (widths[at] - cell_widths[at]) for at in kept if at <= last]
            lines[line] = (depth, " | ".join(padded).rstrip(), hint)

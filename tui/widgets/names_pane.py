"""Names in chats over the whole screen: a line each, and below what is to be known of the one under the hands."""

from __future__ import annotations

from textual.strip import Strip

from inbox.chat.names import ASKED, LEFT, OURS, THEIRS, Name
from inbox.listing import Instant
from inbox.text import cells, cut, one_line, pad
from tui.looks import laid_on
from tui.widgets.listed_pane import ListedPane
from tui.widgets.pane import EMPTY, Run, strip_of

TITLE = "Names in chats: ours or theirs?"
SIDES = {ASKED: "?", OURS: "us", THEIRS: "customer", LEFT: "left"}
SIDE, COUNT = 10, 12
"""Cells of who it is, and of how much it says."""


class NamesPane(ListedPane[Name]):
    """Shows names (`put`), one of them under the hands."""

    above, below = 2, 8  # title and a blank; a blank and what is to be known

    def __init__(self) -> None:
        super().__init__(id="names")

    def key(self, entry: Name) -> str:
        """By its key."""
        return entry.key

    def answer(self, side: str, who: str, now: Instant) -> None:
        """The name under the hands is on this side: seen at once, and the hands go on to the next that is asked for."""
        entries = list(self.entries or ())
        entries[self.at] = entries[self.at]._replace(side=side, who=who, at=now)
        self.entries = entries
        following = (*range(self.at + 1, len(entries)), *range(self.at))
        self.go(next((each for each in following if entries[each].side == ASKED), self.at))

    # ------------------------------------------------------------------ painting

    def line(self, y: int) -> Strip:
        """The title, the names, and what is to be known of one."""
        inks, width = self.inks, self.size.width
        entries = self.entries
        if y == 0:
            count = sum(each.side == ASKED for each in entries or ())
            return strip_of([(pad(f" {TITLE}  {count or ''}", width), inks.strong + inks.head)])
        if entries is None:
            return EMPTY
        if not entries:
            words = " Nobody is asked for: of every chat it is known who of it is us."
            return strip_of([(cut(words, width), inks.muted)]) if y == self.above else EMPTY
        return self.listed(y)

    def row(self, entry: Name, here: bool) -> Strip:
        """On which side it is, the name, how much it says, and what it said first."""
        inks = laid_on(self.inks, self.inks.cursor) if here else self.inks
        wide = 20 if self.size.width < 100 else 30
        count = f"{entry.lines} {'line' if entry.lines == 1 else 'lines'}" if entry.lines else ""
        ink = inks.strong if entry.side == ASKED else inks.muted
        runs: list[Run] = [
            ("▌ " if here else "  ", inks.accent),
            (pad(SIDES[entry.side], SIDE), inks.soon if entry.side == ASKED else inks.muted),
            (pad(cut(one_line(entry.name), wide), wide), ink),
            (count.rjust(COUNT), inks.muted),
        ]
        used = sum(cells(text) for text, _ in runs)
        first = cut(f"  {one_line(entry.first, 300)}", max(0, self.size.width - used))
        runs.append((pad(first, max(0, self.size.width - used)) if here else first, inks.text))
        return strip_of(runs)

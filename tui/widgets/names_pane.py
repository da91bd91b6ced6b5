"""Names in chats over the whole screen: a line each, and below what is to be known of the one under the hands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.strip import Strip

from inbox.chat.names import ASKED, LEFT, OURS, THEIRS, Name
from inbox.listing import Instant
from inbox.text import cells, cut, one_line, pad
from tui.looks import laid_on
from tui.widgets.pane import EMPTY, Pane, Run, strip_of
from tui.widgets.wrapping import wrapped

TITLE = "Names in chats: ours or theirs?"
SIDES = {ASKED: "?", OURS: "us", THEIRS: "customer", LEFT: "left"}
SIDE, COUNT = 10, 12
"""Cells of who it is, and of how much it says."""
ABOVE, BELOW = 2, 8
"""Lines above the names (title, a blank) and below (a blank, what is to be known)."""


class Entry(NamedTuple):
    """A name, and in sentences what is to be known of it."""

    name: Name
    details: Sequence[str]


class NamesPane(Pane):
    """Shows names (`show`), one of them under the hands."""

    def __init__(self) -> None:
        super().__init__(id="names")
        self.entries: Sequence[Entry] | None = None  # None: not read yet
        self.at = 0
        self._top = 0

    def show(self, entries: Sequence[Entry]) -> None:
        """Show these; the hands stay on their name as far as it is there."""
        before = self.current
        self.entries = entries
        keys = [each.name.key for each in entries]
        if before is not None and before.name.key in keys:
            self.at = keys.index(before.name.key)
        self.go(self.at)

    def answer(self, side: str, who: str, now: Instant) -> None:
        """The name under the hands is on this side: seen at once, and the hands go on to the next that is asked for."""
        entries = list(self.entries or ())
        entry = entries[self.at]
        entries[self.at] = entry._replace(name=entry.name._replace(side=side, who=who, at=now))
        self.entries = entries
        following = (*range(self.at + 1, len(entries)), *range(self.at))
        self.go(next((each for each in following if entries[each].name.side == ASKED), self.at))

    @property
    def current(self) -> Entry | None:
        """The name under the hands."""
        entries = self.entries or ()
        return entries[self.at] if self.at < len(entries) else None

    def go(self, index: int) -> None:
        """To a name, or as near as there is one."""
        self.at = max(0, min(index, len(self.entries or ()) - 1))
        self._follow()
        self.repaint()

    def redraw(self) -> None:
        """Another size or theme."""
        self._follow()
        super().redraw()

    @property
    def _page(self) -> int:
        return max(1, self.size.height - ABOVE - BELOW)

    def _follow(self) -> None:
        most = max(0, len(self.entries or ()) - self._page)
        self._top = max(0, min(max(self._top, self.at - self._page + 1), self.at, most))

    # ------------------------------------------------------------------ painting

    def line(self, y: int) -> Strip:
        """The title, the names, and what is to be known of one."""
        inks, width, height = self.inks, self.size.width, self.size.height
        entries = self.entries
        if y == 0:
            count = sum(each.name.side == ASKED for each in entries or ())
            return strip_of([(pad(f" {TITLE}  {count or ''}", width), inks.strong + inks.head)])
        if entries is None:
            return EMPTY
        if not entries:
            words = " Nobody is asked for: of every chat it is known who of it is us."
            return strip_of([(cut(words, width), inks.muted)]) if y == ABOVE else EMPTY
        at = self._top + y - ABOVE
        if ABOVE <= y < height - BELOW and at < len(entries):
            return self._row(entries[at].name, at == self.at)
        return self._known(y - (height - BELOW + 1)) if y > height - BELOW else EMPTY

    def _row(self, name: Name, here: bool) -> Strip:
        inks = laid_on(self.inks, self.inks.cursor) if here else self.inks
        wide = 20 if self.size.width < 100 else 30
        count = f"{name.lines} {'line' if name.lines == 1 else 'lines'}" if name.lines else ""
        ink = inks.strong if name.side == ASKED else inks.muted
        runs: list[Run] = [
            ("▌ " if here else "  ", inks.accent),
            (pad(SIDES[name.side], SIDE), inks.soon if name.side == ASKED else inks.muted),
            (pad(cut(one_line(name.name), wide), wide), ink),
            (count.rjust(COUNT), inks.muted),
        ]
        used = sum(cells(text) for text, _ in runs)
        first = cut(f"  {one_line(name.first, 300)}", max(0, self.size.width - used))
        runs.append((pad(first, max(0, self.size.width - used)) if here else first, inks.text))
        return strip_of(runs)

    def _known(self, number: int) -> Strip:
        entry = self.current
        if entry is None:
            return EMPTY
        width = max(20, min(100, self.size.width - 3))
        lines = [part for words in entry.details for part in wrapped(one_line(words, 400), width)]
        shown = lines[: BELOW - 1]
        return strip_of([(f"  {shown[number]}", self.inks.muted)]) if 0 <= number < len(shown) else EMPTY

"""Issues over the whole screen: a line each with its counts, and below what is to be known of the one under the hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.strip import Strip

from inbox.text import cells, cut, one_line, pad
from tui.looks import laid_on
from tui.widgets.hint_line import called
from tui.widgets.listed_pane import ListedPane
from tui.widgets.pane import EMPTY, Run, strip_of

if TYPE_CHECKING:
    from inbox.issues import Standing

TITLE = "Issues"
HEADS = ("linked", "waiting", "told", "answered")
CELL = 9
"""Cells of a count."""


class IssuesPane(ListedPane["Standing"]):
    """Shows issues (`put`), one of them under the hands. `spike` is a line about words that spike."""

    above, below = 4, 6  # title, what spikes, a blank and the heads; a blank and what is to be known

    def __init__(self) -> None:
        super().__init__(id="issues")
        self.spike = ""

    def key(self, entry: Standing) -> str:
        """By its name."""
        return entry.issue.name

    # ------------------------------------------------------------------ painting

    @property
    def _wide(self) -> int:
        return 18 if self.size.width < 120 else 28

    def line(self, y: int) -> Strip:
        """The title, what spikes, the heads, the issues, and what is to be known of one."""
        inks, width = self.inks, self.size.width
        standings = self.entries
        if y == 0:
            count = sum(each.issue.is_open for each in standings or ())
            return strip_of([(pad(f" {TITLE}  {count or ''}", width), inks.strong + inks.head)])
        if y == 1:
            return strip_of([(cut(f" {self.spike}", width), inks.soon)]) if self.spike else EMPTY
        if standings is None:
            return EMPTY
        if not standings:
            keymap = self.frontdesk.seat.keymap
            links, new = called(keymap, "list", "link"), called(keymap, "issues", "issue-new")
            words = f" No issue yet: {links} links a conversation to one, {new} makes one here."
            return strip_of([(cut(words, width), inks.muted)]) if y == self.above - 1 else EMPTY
        if y == self.above - 1:
            heads = "".join(head.rjust(CELL) for head in HEADS)
            return strip_of([(cut(f"{' ' * (self._wide + 2)}{heads}", width), inks.muted)])
        return self.listed(y)

    def row(self, entry: Standing, here: bool) -> Strip:
        """Its name, its counts, and what it is called."""
        inks = laid_on(self.inks, self.inks.cursor) if here else self.inks
        issue = entry.issue
        counts = (entry.linked, entry.waiting, entry.told, entry.answered)
        told = "".join((str(each) if each else "-").rjust(CELL) for each in counts)
        kind = "" if issue.kind == "issue" else f"{issue.kind}: "
        used = 2 + self._wide + len(told) + 2
        title = cut(f"{kind}{one_line(issue.title)}", max(0, self.size.width - used))
        closed = "" if issue.is_open else " (closed)"
        title = cut(title, max(0, self.size.width - used - cells(closed))) + closed
        runs: list[Run] = [
            ("▌ " if here else "  ", inks.accent),
            (
                pad(cut(one_line(issue.name), self._wide), self._wide),
                inks.strong if issue.is_open else inks.muted,
            ),
            (told, inks.text),
            (
                pad(f"  {title}", max(0, self.size.width - used + 2)) if here else f"  {title}",
                inks.text if issue.is_open else inks.muted,
            ),
        ]
        return strip_of(runs)

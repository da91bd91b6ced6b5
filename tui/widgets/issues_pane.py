"""Issues over the whole screen: a line each with its counts, and below what is to be known of the one under the hands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.strip import Strip

from inbox.text import cells, cut, one_line, pad
from tui.looks import laid_on
from tui.widgets.hint_line import called
from tui.widgets.pane import EMPTY, Pane, Run, strip_of
from tui.widgets.wrapping import wrapped

if TYPE_CHECKING:
    from inbox.issues import Standing

TITLE = "Issues"
HEADS = ("linked", "waiting", "told", "answered")
CELL = 9
"""Cells of a count."""
ABOVE, BELOW = 4, 6
"""Lines above the issues (title, what spikes, a blank, the heads) and below (a blank, what is to be known)."""


class IssuesPane(Pane):
    """Shows issues (`show`), one of them under the hands. `spike` is a line about words that spike; `details` says in
    sentences what is to be known of an issue."""

    def __init__(self) -> None:
        super().__init__(id="issues")
        self.standings: Sequence[Standing] | None = None  # None: not read yet
        self.details: Sequence[Sequence[str]] = ()
        self.spike = ""
        self.at = 0
        self._top = 0

    def show(self, standings: Sequence[Standing], details: Sequence[Sequence[str]], spike: str) -> None:
        """Show these; the hands stay on their issue as far as it is there."""
        before = self.current
        self.standings, self.details, self.spike = standings, details, spike
        names = [each.issue.name for each in standings]
        if before is not None and before.issue.name in names:
            self.at = names.index(before.issue.name)
        self.go(self.at)
        self.repaint()

    @property
    def current(self) -> Standing | None:
        """The issue under the hands."""
        standings = self.standings or ()
        return standings[self.at] if self.at < len(standings) else None

    def go(self, index: int) -> None:
        """To an issue, or as near as there is one."""
        self.at = max(0, min(index, len(self.standings or ()) - 1))
        self._follow()
        self.repaint()

    def find(self, name: str) -> None:
        """To the issue of this name, where it is there."""
        names = [each.issue.name for each in self.standings or ()]
        if name in names:
            self.go(names.index(name))

    def redraw(self) -> None:
        """Another size or theme."""
        self._follow()
        super().redraw()

    @property
    def _page(self) -> int:
        return max(1, self.size.height - ABOVE - BELOW)

    def _follow(self) -> None:
        most = max(0, len(self.standings or ()) - self._page)
        self._top = max(0, min(max(self._top, self.at - self._page + 1), self.at, most))

    # ------------------------------------------------------------------ painting

    @property
    def _wide(self) -> int:
        return 18 if self.size.width < 120 else 28

    def line(self, y: int) -> Strip:
        """The title, what spikes, the heads, the issues, and what is to be known of one."""
        inks, width, height = self.inks, self.size.width, self.size.height
        standings = self.standings
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
            return strip_of([(cut(words, width), inks.muted)]) if y == ABOVE - 1 else EMPTY
        if y == ABOVE - 1:
            heads = "".join(head.rjust(CELL) for head in HEADS)
            return strip_of([(cut(f"{' ' * (self._wide + 2)}{heads}", width), inks.muted)])
        at = self._top + y - ABOVE
        if ABOVE <= y < height - BELOW and at < len(standings):
            return self._row(standings[at], at == self.at)
        return self._known(y - (height - BELOW + 1)) if y > height - BELOW else EMPTY

    def _row(self, standing: Standing, here: bool) -> Strip:
        inks = laid_on(self.inks, self.inks.cursor) if here else self.inks
        issue = standing.issue
        counts = (standing.linked, standing.waiting, standing.told, standing.answered)
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

    def _known(self, number: int) -> Strip:
        if not 0 <= self.at < len(self.details):
            return EMPTY
        width = max(20, min(100, self.size.width - 3))
        lines = [part for words in self.details[self.at] for part in wrapped(one_line(words, 400), width)]
        shown = lines[: BELOW - 1]
        return strip_of([(f"  {shown[number]}", self.inks.muted)]) if 0 <= number < len(shown) else EMPTY

"""How it stands with the mailboxes, over the whole screen; longer lines are broken, words stay whole."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from textual.strip import Strip

from inbox.text import cells, one_line
from tui.mailbox_words import Line
from tui.widgets.pane import EMPTY, Pane, strip_of
from tui.widgets.wrapping import wrapped

TITLE = "How it stands with the mailboxes"
WIDEST = 100
"""Cells beyond which a sentence is broken however wide the screen is."""


class MailboxesPane(Pane):
    """Shows the lines it is given (`show`), from `top` on."""

    def __init__(self) -> None:
        super().__init__(id="mailboxes")
        self.lines: Sequence[Line] = ()
        self.top = 0
        self._laid_out: list[Strip] = []

    def show(self, lines: Sequence[Line]) -> None:
        """Show these lines; the place stays."""
        self.lines = lines
        self._lay_out()
        self.repaint()

    def redraw(self) -> None:
        """Another size or theme."""
        self._lay_out()
        super().redraw()

    def scroll_to_line(self, line: int) -> None:
        """Put a line on top, as far as there is something below."""
        line = max(0, min(line, len(self._laid_out) - self.page))
        if line != self.top:
            self.top = line
            self.repaint()

    @property
    def page(self) -> int:
        """How many lines are visible below the title."""
        return max(1, self.size.height - 2)

    def _lay_out(self) -> None:
        width = min(WIDEST, self.size.width - 2)
        self._laid_out = [strip for line in self.lines for strip in self._broken(line, width)]
        self.top = max(0, min(self.top, len(self._laid_out) - self.page))

    def _broken(self, line: Line, width: int) -> list[Strip]:
        if not line:
            return [EMPTY]
        inks: list[Style] = [getattr(self.inks, ink) for _, ink in line]
        pieces = [_clean(text) for text, _ in line]
        if len(pieces) == 1:
            indent = len(pieces[0]) - len(pieces[0].lstrip())
            broken = wrapped(pieces[0].lstrip(), width - indent)
            return [strip_of([(f" {' ' * indent}{part}", inks[0])]) for part in broken]
        strip = strip_of([(" ", inks[0]), *zip(pieces, inks, strict=True)])
        return [strip if strip.cell_length <= width else strip.crop(0, width)]

    def line(self, y: int) -> Strip:
        """The title, a blank line, then what there is to say."""
        inks, width = self.inks, self.size.width
        if y == 0:
            below = len(self._laid_out) - self.top - self.page
            right = f"↓ {below} " if below > 0 else ""
            gap = " " * max(0, width - cells(TITLE) - 1 - cells(right))
            strip = strip_of([(f" {TITLE}", inks.strong + inks.head), (gap + right, inks.muted + inks.head)])
            return strip if strip.cell_length <= width else strip.crop(0, width)
        at = self.top + y - 2
        return self._laid_out[at] if y > 1 and at < len(self._laid_out) else EMPTY


def _clean(text: str) -> str:
    """The gate; blanks at the beginning stay."""
    bare = text.lstrip(" ")
    return text[: len(text) - len(bare)] + one_line(bare, 1000)

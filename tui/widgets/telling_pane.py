"""The letters of a telling, one at a time over the whole screen, before any of them is queued."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.strip import Strip

from inbox.text import cut, one_line, pad, sanitise
from tui.widgets.pane import EMPTY, Pane, strip_of
from tui.widgets.wrapping import wrapped

if TYPE_CHECKING:
    from inbox.telling import Letter

WIDEST = 100


class TellingPane(Pane):
    """Shows one of the letters (`show`)."""

    def __init__(self) -> None:
        super().__init__(id="telling")
        self.title = ""
        self.busy = ""  # how far the planning or the queueing is; takes the place of the letter
        self.letters: Sequence[Letter] = ()
        self.back_key = ""
        self.at = 0
        self._text: list[str] = []

    def show(self, title: str, letters: Sequence[Letter], back_key: str) -> None:
        """Show these letters under a title; `back_key` takes one back that is set aside."""
        self.title, self.letters, self.back_key, self.busy = title, letters, back_key, ""
        self.go(self.at)

    def tell(self, title: str, busy: str) -> None:
        """How far it is."""
        if (title, busy) != (self.title, self.busy):
            self.title, self.busy = title, busy
            self.repaint()

    @property
    def current(self) -> Letter | None:
        """The letter that is shown."""
        return self.letters[self.at] if self.at < len(self.letters) else None

    def go(self, index: int) -> None:
        """To a letter, or as near as there is one."""
        self.at = max(0, min(index, len(self.letters) - 1))
        self._lay_out()
        self.repaint()

    def redraw(self) -> None:
        """Another size or theme."""
        self._lay_out()
        super().redraw()

    def _lay_out(self) -> None:
        letter = self.current
        width = max(20, min(WIDEST, self.size.width - 4))
        text = sanitise(letter.text) if letter is not None else ""
        self._text = [part for line in text.split("\n") for part in (list(wrapped(line, width)) or [""])]

    def line(self, y: int) -> Strip:
        """The title, which letter it is, to whom it goes, why it is set aside, and what it says."""
        inks, width = self.inks, self.size.width
        if y == 0:
            return strip_of([(pad(cut(f" {self.title}", width), width), inks.strong + inks.head)])
        if self.busy:
            return strip_of([(cut(f" {self.busy}", width), inks.muted)]) if y == 2 else EMPTY
        letter = self.current
        if letter is None:
            return strip_of([(" There is nobody to tell.", inks.muted)]) if y == 2 else EMPTY
        if y == 2:
            place = f" {self.at + 1} of {len(self.letters)}  "
            where = f"  in #{letter.conversation}" if letter.conversation else ""
            to = f"{one_line(letter.name, 60)} <{one_line(', '.join(letter.to), 200) or 'nobody'}>{where}"
            return strip_of([(place, inks.accent), (cut(to, max(0, width - len(place))), inks.strong)])
        if y == 3:
            return strip_of([(cut(f" {one_line(letter.subject)}", width), inks.text)])
        if y in (4, 5):
            return self._aside(letter, y - 4)
        at = y - 7
        return strip_of([(f"  {self._text[at]}", inks.text)]) if 0 <= at < len(self._text) else EMPTY

    def _aside(self, letter: Letter, number: int) -> Strip:
        if not letter.aside:
            return EMPTY
        back = "" if letter.final else f" {self.back_key} takes it back."
        words = f"Set aside: {one_line(letter.aside, 200).rstrip('.')}.{back}"
        lines = list(wrapped(words, max(20, self.size.width - 2)))
        return strip_of([(f" {lines[number]}", self.inks.soon)]) if number < len(lines) else EMPTY

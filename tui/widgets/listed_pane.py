"""Things over the whole screen: a line each, one of them under the hands, and below what is to be known of that one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from textual.strip import Strip

from inbox.text import one_line
from tui.widgets.pane import EMPTY, Pane, strip_of
from tui.widgets.wrapping import wrapped

E = TypeVar("E")


class ListedPane(Pane, Generic[E]):
    """Shows `entries` (None: not read yet), of which `at` is under the hands; `details` says in sentences what is to be
    known of each."""

    above: ClassVar[int]
    """Lines above the entries."""
    below: ClassVar[int]
    """Lines below them: a blank, and what is to be known."""

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self.entries: Sequence[E] | None = None
        self.details: Sequence[Sequence[str]] = ()
        self.at = 0
        self._top = 0

    def key(self, entry: E) -> str:
        """What an entry is known by when the entries are read anew."""
        raise NotImplementedError

    def row(self, entry: E, here: bool) -> Strip:
        """The line of an entry; `here`: it is under the hands."""
        raise NotImplementedError

    def put(self, entries: Sequence[E], details: Sequence[Sequence[str]]) -> None:
        """Show these; the hands stay on their entry as far as it is there."""
        before = self.current
        self.entries, self.details = entries, details
        if before is None or not self.find(self.key(before)):
            self.go(self.at)

    @property
    def current(self) -> E | None:
        """The entry under the hands."""
        entries = self.entries or ()
        return entries[self.at] if self.at < len(entries) else None

    def go(self, index: int) -> None:
        """To an entry, or as near as there is one."""
        self.at = max(0, min(index, len(self.entries or ()) - 1))
        self._follow()
        self.repaint()

    def find(self, key: str) -> bool:
        """To the entry that is known by this, where it is there; whether it is."""
        at = next((at for at, each in enumerate(self.entries or ()) if self.key(each) == key), None)
        if at is not None:
            self.go(at)
        return at is not None

    def redraw(self) -> None:
        """Another size or theme."""
        self._follow()
        super().redraw()

    def _follow(self) -> None:
        page = max(1, self.size.height - self.above - self.below)
        most = max(0, len(self.entries or ()) - page)
        self._top = max(0, min(max(self._top, self.at - page + 1), self.at, most))

    def listed(self, y: int) -> Strip:
        """The line at height `y`, from `above` on: an entry, or what is to be known of the one under the hands."""
        entries, end = self.entries or (), self.size.height - self.below
        at = self._top + y - self.above
        if self.above <= y < end and at < len(entries):
            return self.row(entries[at], at == self.at)
        details = self.details[self.at] if self.at < len(self.details) else ()
        width = max(20, min(100, self.size.width - 3))
        lines = [part for words in details for part in wrapped(one_line(words, 400), width)]
        shown, number = lines[: self.below - 1], y - end - 1
        return strip_of([(f"  {shown[number]}", self.inks.muted)]) if 0 <= number < len(shown) else EMPTY

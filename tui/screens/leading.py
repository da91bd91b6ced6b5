"""Places from whose figures and names a list of conversations is opened, which leads back to the place."""

from __future__ import annotations

from typing import ClassVar

from inbox.queries import Node
from tui.screens.part import Part
from tui.screens.shelf import Shown


class Leading(Part):
    """A part with such a place."""

    place: ClassVar[str]

    _listed: Shown | None = None  # the conversations from here, while they are in the list

    def list_what(self, label: str, query: Node, empty: str) -> None:
        """Show what a query finds as a list, which leads back here."""
        self._listed = Shown("", label, query, empty)
        self.screen.shelf.search(self._listed)
        self.screen.go_to("list")

    def comes_back(self) -> bool:
        """From such a list back to the place; whether the list shows one."""
        listed, self._listed = self._listed, None
        if listed is None or self.screen.shelf.shown != listed or not self.screen.shelf.leave_search():
            return False
        self.screen.go_to(self.place)
        return True

"""The palette, the help and the search."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from inbox.errors import FrontdeskError
from inbox.queries import Node
from tui.prompts import Option, Prompt
from tui.screens.part import Part
from tui.screens.shelf import Shown

if TYPE_CHECKING:
    from tui.screens.inbox import InboxScreen
    from tui.screens.palette import Palette


class Asking(Part):
    """Opens what is asked with words."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._palette: Palette | None = None

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            "palette": self._ask_palette,
            "help": self._help,
            "keys": self._ask_keys,
            "search": self.search,
        }

    def _ask_palette(self) -> None:
        if self._palette is None:
            from tui.screens.palette import Palette

            self._palette = Palette(self.screen)
        self._palette.ask()

    def _ask_keys(self) -> None:
        from tui.screens.key_editor import KeyEditor

        KeyEditor(self.screen).ask()

    def _help(self) -> None:
        from tui.screens.known_keys import KnownKeys

        KnownKeys(self.screen).ask()

    # search

    def search(self) -> None:
        """Ask for a query; what it finds becomes a view. Where something is read, its words are looked for there first."""
        if self.screen.place == "attachments":
            self.screen.attachments.find()
        elif not self.screen.closer.begin_finding():
            self.search_all()

    def search_all(self, text: str = "") -> None:
        """Search all conversations."""

        def show(text: str, query: Node) -> None:
            again, back = self.called("search"), self.called("back", "prompt")
            nothing = f"Nothing fits {text!r}. {again} asks again, {back} goes back."
            self.screen.shelf.search(Shown("", f"Search: {text}", query, nothing))
            self.screen.go_to("list")

        self.ask_query(
            "Search", "words, from:anna, tag:vip, is:late, before:2026-05, -not, a or b", show, text
        )

    def ask_query(self, question: str, hint: str, then: Callable[[str, Node], None], text: str = "") -> None:
        """Ask for a query and go on with it, as it was written and as it was read; what is wrong with it is said beside
        it. `hint` stands there before anything is typed; `text` is typed already."""
        from inbox.queries import parse

        now, zone = self.seat.now(), self.seat.zone

        def preview(text: str) -> str:
            try:
                parse(text, now, zone)
            except FrontdeskError as error:
                return f"{error.what} {error.next_step}" if len(text) > 2 else ""
            return "" if text else hint

        def accept(answer: Option | str) -> None:
            text = str(answer)
            try:
                query = parse(text, now, zone)
            except FrontdeskError as error:
                self.screen.complain(error)
                return
            if text:
                then(text, query)

        prompt = Prompt(question, accept, preview=preview, free=True)
        if text:
            prompt.fill(text)
        self.screen.ask(prompt)

"""The letter as the customer will read it, above its text, signature and history included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inbox.text import sanitise
from tui.screens.part import Part
from tui.widgets.wrapping import wrapped

if TYPE_CHECKING:
    from inbox.ports import Workspace
    from tui.screens.inbox import InboxScreen
    from tui.screens.letter import Letter


class Previewing(Part):
    """Shows a letter in place of the conversation, and puts it away again."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._shows = False

    def turn(self) -> None:
        """Show the letter as it would be read; or no more."""
        letter, text = self.screen.writing.letter, self.screen.writing.text
        if letter is None or not letter.leaves:
            self.screen.say("A note is read as it is written.")
            return
        if self.end():
            return
        from inbox.letter_html import preview
        from tui.screens.sending import below

        seat = self.seat

        def look(store: Workspace) -> str:
            stands = below(store, letter, seat)
            return preview(text, stands.signature, stands.quoted, stands.form)

        self.background.write(look, lambda words: self._show(letter, words))

    def _show(self, letter: Letter, words: str) -> None:
        composer = self.screen.writing.composer
        if self.screen.writing.letter is None or composer is None:
            return
        self._shows = True
        self.screen.add_class("-previewing")
        lines = list(wrapped(sanitise(words), composer.size.width))
        self.screen.conversation.show_sheet("As it will be read", lines, letter.subject or "(no subject)")

    def end(self) -> bool:
        """Show the conversation again; False when it was not hidden."""
        shown, self._shows = self._shows, False
        if shown:
            self.screen.remove_class("-previewing")
            self.screen.conversation.close_sheet()
        return shown

"""The open questions of the customer beside what is written: found as the composer opens, crossed off as one types on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.screens.part import Part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inbox.ports import Item, Workspace
    from tui.screens.inbox import InboxScreen
    from tui.screens.letter import Letter
    from tui.widgets.questions_pane import QuestionsPane

ANSWERS = ("reply", "reply-all")
"""Kinds of letters that answer questions."""

LATEST = 100
"""Messages and notes that are looked at, the newest: a machine writes ten thousand to one."""

Found = tuple[tuple[str, ...], tuple[bool, ...]]
"""The questions, and of each whether the text seems to answer it."""


class Asked(Part):
    """Keeps the questions of the conversation that is answered, and shows which are left."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._pane: QuestionsPane | None = None
        self._questions: tuple[str, ...] = ()
        self._finding = False  # questions are being looked for: what is known of them may be old

    def pane(self) -> QuestionsPane:
        """The pane, made when something is first written."""
        if self._pane is None:
            from tui.widgets.questions_pane import QuestionsPane

            self._pane = QuestionsPane()
        return self._pane

    def begin(self, letter: Letter, items: Sequence[Item] | None = None) -> None:
        """Find what is asked where a letter answers; `items` is the conversation, where it was just read."""
        if not self._serves(letter):
            self.end()
            return
        text, here = self.screen.writing.text, letter.conversation

        def look(store: Workspace) -> Found:
            from inbox.open_questions import open_questions
            from inbox.touched import touched

            questions = open_questions(store.items(here, newest=LATEST) if items is None else items)
            return questions, touched(questions, text)

        def found(found: Found) -> None:
            self._finding = False
            self._show(found)
            if self.screen.writing.text != text:  # somebody types fast
                self.look()

        def failed() -> None:
            self._finding = False

        self._finding = True
        self.background.read("asked", look, found, failed)

    def look(self) -> None:
        """What is written has changed: cross off what it seems to answer."""
        writing, questions = self.screen.writing, self._questions
        if writing.letter is None or not self._serves(writing.letter):
            self.end()
        elif questions and not self._finding:
            text = writing.text

            def look(_: Workspace) -> Found:
                from inbox.touched import touched

                return questions, touched(questions, text)

            self.background.read("asked", look, self._show)

    def end(self) -> None:
        """Nothing is answered any more."""
        self._questions, self._finding = (), False
        if self._pane is not None:
            self._pane.show((), ())

    def _serves(self, letter: Letter) -> bool:
        settings = self.seat.settings
        off = settings is not None and settings.checks["question"] == "off"
        return letter.kind in ANSWERS and letter.row is not None and not off

    def _show(self, found: Found) -> None:
        letter = self.screen.writing.letter
        if letter is None or not self._serves(letter):
            self.end()
            return
        self._questions, seen = found
        self.pane().show(self._questions, seen)

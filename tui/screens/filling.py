"""Saved replies put in at the cursor, and the places in them that somebody has to fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inbox.text import one_line
from tui.prompts import Option, Prompt
from tui.screens.part import Part
from tui.times import moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from inbox.ports import Workspace
    from inbox.saved_replies import Known, SavedReply
    from tui.screens.letter import Letter


class Filling(Part):
    """Finds saved replies by a few letters, and leads from place to place."""

    def ask(self) -> None:
        """Open the list of saved replies."""
        letter = self.screen.writing.letter
        if letter is None:
            return
        self.screen.keyboard.wait()  # what is typed ahead is meant for the list
        whose = letter.row.conversation.customer if letter.row is not None else None

        def look(store: Workspace) -> tuple[Sequence[SavedReply], str, Mapping[str, int]]:
            from inbox.below import answered_in

            items = store.items(letter.conversation) if letter.conversation else []
            customer = store.customer(whose) if whose is not None else None
            return store.documents.saved_replies(), answered_in(customer, items), store.helped()

        self.background.write(look, lambda found: self._offer(letter, *found))

    def _offer(
        self, letter: Letter, replies: Sequence[SavedReply], language: str, helped: Mapping[str, int]
    ) -> None:
        from inbox.knowledge import SAVED
        from inbox.saved_replies import ranked
        from tui.screens.helping import times

        if not replies:
            self.screen.say(
                "No reply is saved yet: documents/saved_replies.json in the workspace holds them."
            )
        else:

            def offer(text: str) -> Sequence[Option]:
                return [
                    Option(
                        each.name,
                        each,
                        f"{times(helped.get(SAVED + each.name, 0))}{one_line(each.text, 200)}",
                    )
                    for each in ranked(replies, text, language)[:50]
                ]

            self.screen.ask(Prompt("Saved reply", lambda answer: self._put(letter, answer), offer))
        self.screen.keyboard.go_on()

    def _put(self, letter: Letter, answer: Option | str) -> None:
        from inbox.knowledge import SAVED
        from inbox.saved_replies import SavedReply

        if not isinstance(answer, Option) or not isinstance(answer.value, SavedReply):
            return
        self.put(letter, answer.value.text, SAVED + answer.value.name)

    def put(self, letter: Letter, text: str, name: str) -> None:
        """Put a text of the team's in at the cursor, with its places filled; the letter remembers its `name`."""
        from inbox.saved_replies import filled

        composer = self.screen.writing.composer
        if composer is None or self.screen.writing.letter is None:
            return
        start = composer.selection.start
        to_many = letter.kind.startswith("tell")  # whose places are filled for each of them
        composer.put(text if to_many else filled(text, self._known(letter)))
        self.screen.writing.used(name)
        self.screen.writing.changed()
        end = composer.cursor_location
        composer.move_cursor(min(start, end))
        if not self.to_next():
            composer.move_cursor(end)

    def _known(self, letter: Letter) -> Known:
        from inbox.saved_replies import Known

        row = letter.row
        if row is None:
            return Known(subject=letter.subject, agent=self.seat.called)
        shop = self.seat.settings.shop if self.seat.settings is not None else None
        due = moment(row.due_at, self.seat.now(), self.seat.zone) if row.due_at is not None else ""
        return Known(row.customer_name, row.subject, self.seat.called, due, shop or "")

    def to_next(self) -> bool:
        """Select the next place that is not filled, from the cursor on and around; False when there is none."""
        from inbox.checks import placeholders

        composer = self.screen.writing.composer
        if composer is None:
            return False
        text = composer.text
        found = placeholders(text)
        if not found:
            return False
        here = composer.cursor_index
        starts = sorted((at, len(place)) for place in found for at in _everywhere(place, text))
        at, length = next(((at, length) for at, length in starts if at >= here), starts[0])
        composer.select(at, at + length)
        return True


def _everywhere(place: str, text: str) -> list[int]:
    starts, at = [], text.find(place)
    while at >= 0:
        starts.append(at)
        at = text.find(place, at + 1)
    return starts

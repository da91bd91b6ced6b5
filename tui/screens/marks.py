"""Marks: a letter for a conversation one comes back to, kept for each teammate; and the way back from a jump."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from inbox.ports import Row, Workspace
from inbox.text import one_line
from tui.prompts import Option, Prompt
from tui.screens.part import Part

if TYPE_CHECKING:
    from tui.screens.inbox import InboxScreen
    from tui.screens.shelf import Shown

BACK = ("'", "`")
"""In the place of a letter: back to where one was."""


LAYERS = 4
"""What Esc may have to put away until a letter is closed: the bar, the fields, the preview, the letter."""


class Spot(NamedTuple):
    """Where the hands were: what the list showed, the conversation, and whether that was open."""

    shown: Shown
    conversation: int | None
    opened: bool


@dataclass
class Lettered(Prompt):
    """A question that one letter or digit answers; `taken` are those that stand for something."""

    taken: frozenset[str] = frozenset()
    any_letter: bool = True
    asks_line: bool = False

    def press(self, key: str, character: str | None) -> Option | str | None:
        """Take a key; the answer when it gave one."""
        if key in self.taken or (key in BACK and not self.any_letter):
            return key
        if len(key) == 1 and key.isascii() and key.isalnum():
            if self.any_letter:
                return key
            self.question = f"Nothing is marked {key}. Go to the mark"
            return None
        if key == "enter":
            self.refusal = "A letter or a digit is the answer here."
            return None
        return super().press(key, character)


class Marks(Part):
    """Puts marks, and goes to them and back."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._left: Spot | None = None  # where the hands were before they jumped

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {"mark": self._mark, "to-mark": self._to_mark}

    # the way back

    def leave(self) -> None:
        """The hands are about to jump: remember where they are."""
        screen = self.screen
        opened = screen.place in ("conversation", "customer")
        here = screen.reading.wanted if opened else screen.list.current
        self._left = Spot(screen.shelf.shown, here, opened)

    def jump(self, conversation: int) -> None:
        """Open a conversation from anywhere; the way back is remembered, and what is being written is kept."""
        for _ in range(LAYERS):
            if self.screen.letter is not None:
                self.screen.writing.leave()
        self.leave()
        self.screen.moving.open_conversation(conversation)

    def _back(self) -> None:
        spot, screen = self._left, self.screen
        if spot is None:
            screen.say("There is nowhere to go back to yet.")
            return
        self.leave()

        def there() -> None:
            if spot.conversation is not None and spot.opened:
                screen.moving.open_conversation(spot.conversation)
                return
            if spot.conversation is not None:
                screen.list.go_to(spot.conversation)
            screen.go_to("list")
            screen.reading.follow()

        if spot.shown == screen.shelf.shown:
            there()
        else:
            screen.shelf.come_back(spot.shown, spot.conversation, there)

    # the marks

    def _mark(self) -> None:
        row = self.screen.target
        if row is None:
            return
        conversation, who = row.conversation.id, self.seat.who.name
        subject = one_line(row.subject, 60)

        def accept(answer: Option | str) -> None:
            letter = str(answer)
            self.background.write(lambda store: store.documents.set_mark(who, letter, conversation))
            back = self.called("to-mark")
            self.screen.say(f"Marked {letter}: “{subject}”. {back} {letter} comes back to it.")

        self._ask("Mark it with a letter", accept, any_letter=True)

    def _to_mark(self) -> None:
        self._ask("Go to the mark", lambda answer: self._go(str(answer)), any_letter=False)

    def _ask(self, question: str, accept: Callable[[Option | str], None], any_letter: bool) -> None:
        """Ask for a letter, with those beside it that stand for something; what is typed ahead is meant for it."""
        who = self.seat.who.name

        def read(store: Workspace) -> Sequence[tuple[str, int, Row | None]]:
            marks = store.documents.marks(who)
            lives = {letter: store.resolve(number) for letter, number in marks.items()}
            rows = {row.conversation.id: row for row in store.rows([one for one in lives.values() if one])}
            return [(letter, lives[letter] or 0, rows.get(lives[letter] or 0)) for letter in sorted(marks)]

        def ask(found: Sequence[tuple[str, int, Row | None]]) -> None:
            self._known = {letter: number for letter, number, row in found if row is not None}
            options = [self._option(letter, row) for letter, _, row in found]
            if not any_letter:
                options.append(Option("back to where you were", BACK[0], key=BACK[0]))
            taken = frozenset(self._known)
            self.screen.ask(Lettered(question, accept, lambda _: options, taken=taken, any_letter=any_letter))

        self.ask_first(read, ask)

    def _option(self, letter: str, row: Row | None) -> Option:
        if row is None:
            return Option("(gone)", letter, key=letter)
        name, subject = one_line(row.customer_name, 24), one_line(row.subject, 60)
        return Option(f"{name}: {subject}" if name else subject, letter, key=letter)

    def _go(self, letter: str) -> None:
        if letter in BACK:
            self._back()
        else:
            self.jump(self._known[letter])

"""Going to any conversation by typing what one knows of it: its number, the customer, words of it, an order number.

It is looked for in the background with each letter; what is looked for in vain ends as soon as the next letter comes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from inbox.ports import Row, Workspace
from inbox.text import one_line
from tui.prompts import Option, Seeking
from tui.screens.part import Part
from tui.widgets.rows import in_short

if TYPE_CHECKING:
    from tui.screens.inbox import InboxScreen

MOST = 8
"""Conversations that are offered."""

HINT = "a number, a customer, words, an order number"


class _Sought(Seeking):
    """Asks where to go."""


class Jumping(Part):
    """Finds a conversation as one types, and opens it."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._text = ""  # what is looked for, or was
        self._turn = 0  # counts what was looked for: the last one counts
        self._found: Sequence[Option] = ()
        self._reading = False
        self._entered = False

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {"jump": self._ask}

    def _ask(self) -> None:
        self._text, self._found, self._reading, self._entered = "", (), False, False
        self.screen.ask(
            _Sought(
                *("Go to", self._go, self._offer, self._preview),
                seen=self._seen,
                looks=lambda: self._reading,
                waits=self._waits,
            )
        )

    def _go(self, answer: Option | str) -> None:
        if isinstance(answer, Option) and isinstance(answer.value, int):
            self.screen.marks.jump(answer.value)

    def _seen(self, option: Option | None) -> None:
        if option is None and not isinstance(self.screen.prompt, _Sought):
            self._turn += 1  # nobody asks any more

    def _preview(self, text: str) -> str:
        if not text:
            return HINT
        return "looking …" if self._reading else "" if self._found else "Nothing fits that."

    def _waits(self) -> bool:
        """Enter before the answers are here: it is meant for them, and so are the keys after it for what it opens."""
        if self._reading and not self._entered:
            self._entered = True
            self.screen.keyboard.wait()
        return self._reading

    def _offer(self, text: str) -> Sequence[Option]:
        text = " ".join(text.split())
        if text != self._text:
            self._text = text
            self._look(text)
        return self._found

    def _look(self, text: str) -> None:
        self._turn += 1
        turn, who, now = self._turn, self.seat.who, self.seat.now()
        if not text:
            self._found, self._reading = (), False
            return
        self._reading = True

        def find(store: Workspace) -> Sequence[Row]:
            return store.rows(store.reach(text, who, now, MOST, lambda: self._turn != turn))

        self.background.read("jump", find, lambda rows: self._came(turn, rows), lambda: self._came(turn, ()))

    def _came(self, turn: int, rows: Sequence[Row]) -> None:
        if turn != self._turn:
            return
        prompt, entered = self.screen.prompt, self._entered
        self._reading = self._entered = False
        self._found = [self._option(row) for row in rows]
        if isinstance(prompt, _Sought):
            is_there = prompt.refresh()
            self.screen.prompt_bar.found()
            if entered and is_there:  # else Enter was meant for what fits no more
                self.screen.answer("enter", None)
        if entered:  # nothing waits for it otherwise, and another wait is not this one's to end
            self.screen.keyboard.go_on()

    def _option(self, row: Row) -> Option:
        number, about = row.conversation.id, in_short(row, self.seat.now(), self.seat.zone)
        return Option(one_line(row.subject, 200) or "(no subject)", number, about, kind=f"#{number}")

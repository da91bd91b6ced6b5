"""Promises and the letter that is about to leave: the one it keeps, and the one it tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from inbox.model import Instant, Role
from inbox.pledges import Promised
from tui.screens.part import Part
from tui.times import moment

if TYPE_CHECKING:
    from tui.screens.dates import Dates
    from tui.screens.inbox import InboxScreen
    from tui.screens.letter import Letter


class Promising(Part):
    """What the send bar says of promises, and what goes with the letter."""

    def __init__(self, screen: InboxScreen, redraw: Callable[[], None]) -> None:
        super().__init__(screen)
        self._redraw = redraw
        self._keeps = False
        self._found: Promised | None = None  # what the letter promises, as it reads
        self._takes_on = False

    def begin(self, letter: Letter, text: str) -> None:
        """Look at a letter before it leaves."""
        self._keeps, self._takes_on, self._found = False, False, None
        if not self._may(letter):
            return
        from inbox.aims import aim_for
        from inbox.promised_text import promises

        now, zone, hours = self.seat.now(), self.seat.zone, self.seat.hours()
        told = next((each for each in promises(text, now, zone, hours) if each.until != self._open), None)
        if told is not None:
            aim = aim_for(told.until, self._dates.buffer, now, zone, hours)
            self._found = Promised(told.until, aim, told.sentence)

    def line(self) -> str:
        """What is promised here and in the letter, each with its key; "" for nothing."""
        return " · ".join(filter(None, (self._told(), self._owed())))

    @property
    def needless(self) -> frozenset[str]:
        """The verbs that would do nothing with this letter."""
        named = {"promise-kept": self._open, "promise-made": self._found}
        return frozenset(verb for verb, about in named.items() if about is None)

    @property
    def refuses_later(self) -> str:
        """Why the letter cannot leave later; "" when it can."""
        if not (self._keeps or self._takes_on):
            return ""
        from inbox.actions.promise import not_yet

        refusal = not_yet("What leaves later", self._keeps)
        return f"{refusal.reason} {refusal.next_step}"

    def arguments(self) -> dict[str, Any]:
        """What goes with the reply."""
        found: dict[str, Any] = {"keeps": True} if self._keeps else {}
        return found | ({"promises": self._found} if self._takes_on else {})

    def keep(self) -> None:
        """With it the promise is kept, or not after all."""
        if self._open is None:
            self.screen.say("Nothing is promised here.")
            return
        self._keeps = not self._keeps
        self._redraw()

    def take_on(self) -> None:
        """What the letter promises becomes a promise with a clock, or does not after all."""
        if self._found is None:
            key = self.called("promise")
            self.screen.say(
                f"No promise with a date is found in it: {key} promises something once it has left."
            )
            return
        self._takes_on = not self._takes_on
        self._redraw()

    def _may(self, letter: Letter | None) -> bool:
        """Whether a letter can keep or tell a promise: it answers the customer, and waits for nobody's yes."""
        answers = letter is not None and letter.row is not None and letter.kind in ("reply", "reply-all")
        return answers and self.seat.who.role is not Role.TRAINEE

    @property
    def _open(self) -> Instant | None:
        """Until when something is promised to whom the letter answers."""
        letter = self.screen.writing.letter
        if letter is None or letter.row is None or not self._may(letter):
            return None
        return letter.row.conversation.promised_until

    @property
    def _dates(self) -> Dates:
        """Who tells promises where they are asked for."""
        return self.screen.doing.questions

    def _owed(self) -> str:
        until = self._open
        if until is None:
            return ""
        if self._keeps:
            return "the promise is kept with it"
        key = self.called("promise-kept", "send")
        return f"promised {moment(until, self.seat.now(), self.seat.zone)}: {key} if this keeps it"

    def _told(self) -> str:
        if self._found is None:
            return ""
        if self._takes_on:
            return f"it promises {self._dates.promised(self._found)}"
        until = self._dates.promised(self._found._replace(aim=None))
        return f"promised: {until} - {self.called('promise-made', 'send')} takes it on"

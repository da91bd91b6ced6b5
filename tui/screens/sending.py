"""Sending: the bar with everything that matters on one line, the way into the outbox, and on to the next one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from inbox.model import Instant, Role
from inbox.ports import Draft, Outcome, Store
from inbox.text import one_line
from tui.prompts import Option, Prompt
from tui.screens.deeds import Deed, decision
from tui.screens.part import Part

if TYPE_CHECKING:
    from tui.screens.letter import Letter

SLOW, SLOW_WINDOW = 0.15, 30
"""Seconds of a round trip that make a line slow, and of the undo window then."""


class Sending(Part):
    """Takes a letter from the composer to the outbox."""

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            "send": self.open_bar,
            "send-now": lambda: self._send("waiting"),
            "send-and-close": lambda: self._send("closed"),
            "send-and-snooze": self._send_and_snooze,
        }

    def open_bar(self) -> None:
        """Ask once more, with everything that matters on one line; a note is written at once."""
        letter = self.screen.writing.letter
        if letter is None:
            return
        if not self.screen.writing.text.strip():
            self.screen.say("Nothing is written yet.")
            return
        self.screen.writing.save_now()
        if letter.kind == "note":
            self._write_note(letter)
            return
        options = [
            Option("send", None, key="enter"),
            Option("send + close", None, key="e"),
            Option("send + snooze", None, key="s"),
            Option("back", None, key="escape"),
        ]
        to = ", ".join((*letter.to, *letter.cc)) or one_line(letter.row.customer_name, 40)
        question = (
            f"to {to} · from {letter.sender or letter.row.conversation.mailbox or 'us'} · then: waiting "
        )
        self.screen.ask(Prompt(question, lambda _: None, lambda _: options, asks_line=False, context="send"))

    def _send_and_snooze(self) -> None:
        letter = self.screen.writing.letter
        self.screen.close_prompt()
        if letter is not None:
            self.screen.doing.questions.ask_until(
                "Send, and snooze", lambda until: self._send("snoozed", until), letter.row
            )

    def _send(self, then: str, until: Instant | None = None) -> None:
        letter = self.screen.writing.letter
        if letter is None:
            return
        if self.screen.prompt is not None:
            self.screen.close_prompt()
        arguments: dict[str, Any] = {
            "conversation": letter.conversation,
            "text": self.screen.writing.text,
            "to": letter.to,
            "cc": letter.cc,
            "sender": letter.sender,
            "then": then,
            "leave_after": self._undo_window,
            "item": letter.item,
            "quoted": letter.quoted,
            "seen": letter.row.conversation.seq,
        }
        if until is not None:
            arguments["until"] = until
        self._change(letter, letter.kind, arguments)

    @property
    def _undo_window(self) -> int:
        """Seconds a reply waits: over a slow line what was sent is seen later, so it waits longer."""
        return max(self.seat.undo_window, SLOW_WINDOW if self.screen.keyboard.round_trip > SLOW else 0)

    def _write_note(self, letter: Letter) -> None:
        self._change(letter, "note", {"conversation": letter.conversation, "text": self.screen.writing.text})

    def _change(self, letter: Letter, verb: str, arguments: dict[str, Any]) -> None:
        who, now, key = self.seat.who, self.seat.now(), uuid4().hex
        draft, empty = (
            self.screen.writing.draft(letter, self.screen.writing.text),
            self.screen.writing.draft(letter, ""),
        )

        def change(store: Store) -> Outcome:
            outcome = store.change(*decision(verb, **arguments), who, now, key)
            if outcome.refusal is None:
                store.save_draft(empty)
            return outcome

        self.screen.keyboard.wait()
        self.background.write(change, lambda outcome: self._sent(letter, verb, draft, outcome))

    def _sent(self, letter: Letter, verb: str, draft: Draft, outcome: Outcome) -> None:
        screen = self.screen
        if outcome.refusal is not None:
            screen.keyboard.go_on()
            screen.refuse(outcome.refusal)
            screen.writing.catch_up(letter)
            return
        screen.writing.close()
        note = verb == "note"
        deed = Deed(verb, (letter.conversation,), "conversation", draft=draft)
        screen.deeds.remember(deed, outcome)
        screen.shelf.rang(frozenset((letter.conversation,)))
        if note:
            screen.reading.open(letter.conversation)
            screen.say("Note written. u takes it back.")
        else:
            if self.seat.who.role is Role.TRAINEE:
                screen.say("It leaves as soon as an owner or agent says yes.")
            else:
                screen.status.count_down(self.seat.now() + self._undo_window)
            screen.doing.advance(letter.conversation, "conversation")
        screen.keyboard.go_on()

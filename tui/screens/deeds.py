"""What was done here: told in a few words, repeated, and taken back.

The store decides what was done last and whether it can be undone; what is remembered here only leads back to where it
was, and gives a reply that was taken back its draft.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from inbox.model import Event, EventType, Refusal
from inbox.ports import Decide, Draft, Outcome, Scope
from inbox.text import one_line
from inbox.verbs import VERBS
from tui.screens.part import Part
from tui.widgets.hint_line import sign

if TYPE_CHECKING:
    from tui.screens.inbox import InboxScreen

REMEMBERED = 100
"""Deeds that are remembered."""


def decision(verb: str, **arguments: Any) -> tuple[Scope, Decide]:
    """`inbox.actions.decision`, loaded when the first verb is done: no paint waits for it."""
    from inbox.actions import decision as decided

    return decided(verb, **arguments)


@dataclass(frozen=True)
class Deed:
    """Something that was done here: the verb, its arguments, to what, and from where on the screen."""

    verb: str
    conversations: tuple[int, ...]
    place: str
    arguments: dict[str, Any] = field(default_factory=dict)
    draft: Draft | None = None  # of a send: what was written
    batch: int = 0  # under which the store recorded it; 0 for what is not in the record


class Deeds(Part):
    """Remembers what was done here, and takes it back."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._deeds: list[Deed] = []

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {"undo": self.undo, "redo": self.redo, "repeat": self._repeat}

    def remember(self, deed: Deed, outcome: Outcome | None = None) -> None:
        """Keep what was done, so that undo finds back."""
        events = outcome.events if outcome is not None else ()
        self._deeds.append(replace(deed, batch=events[0].batch) if events else deed)
        del self._deeds[:-REMEMBERED]

    def _repeat(self) -> None:
        last = next(
            (d for d in reversed(self._deeds) if not VERBS[d.verb].sends and d.verb not in _NEVER_AGAIN), None
        )
        if last is None:
            self.screen.say("There is nothing to repeat yet.")
            return
        why = self.screen.refused(last.verb)
        if why is not None:
            self.screen.refuse(Refusal(why))
            return
        self.screen.doing.do(last.verb, **last.arguments)

    # taking it back

    def undo(self) -> None:
        """Take back whatever was done last, and go back to where it was."""
        if self._deeds and self._deeds[-1].verb == "discard-draft":  # nothing of it is in the record
            self._go_back(self._deeds.pop())
            return
        self._turn("undo", self._undone)

    def redo(self) -> None:
        """Do again what was undone last."""
        self._turn("redo", self._redone)

    def _turn(self, verb: str, then: Callable[[Outcome], None]) -> None:
        who, now, key = self.seat.who, self.seat.now(), uuid4().hex
        self.screen.writing.save_now()
        self.background.write(lambda store: store.change(*decision(verb, by=who.name), who, now, key), then)

    def _undone(self, outcome: Outcome) -> None:
        screen = self.screen
        if outcome.refusal is not None:
            screen.refuse(outcome.refusal)
            return
        batch = outcome.events[0].data.get("batch") if outcome.events else None
        deed = next((deed for deed in self._deeds if deed.batch and deed.batch == batch), None)
        if deed is None:  # done on another screen, or before this one was opened
            screen.shelf.rang(None)
            screen.reading.again()
            screen.say("Undone.")
            return
        self._deeds.remove(deed)
        screen.doing.freshen(deed.conversations)
        screen.keyboard.advanced()
        keys = self.seat.keymap.keys_for("list", "redo")
        again = sign(keys[0]) if keys else ":redo"
        screen.say(f"Undone: {VERBS[deed.verb].label}. {again} does it again.")
        self._go_back(deed)

    def _redone(self, outcome: Outcome) -> None:
        if outcome.refusal is not None:
            self.screen.refuse(outcome.refusal)
            return
        self.screen.shelf.rang(None)
        self.screen.reading.again()
        self.screen.say("Done again.")

    def _go_back(self, deed: Deed) -> None:
        screen = self.screen
        conversation = deed.conversations[0]
        if deed.draft is not None:
            screen.moving.open_conversation(conversation)
            screen.writing.open_draft(deed.draft)
            if VERBS[deed.verb].sends:
                screen.status.stop_counting()
                screen.say("Taken back: it has not left. Here is the draft.")
        elif deed.place == "conversation":
            screen.moving.open_conversation(conversation)
        else:
            screen.list.go_to(conversation)
            screen.go_to("list")
            screen.reading.follow()


_NEVER_AGAIN = frozenset({"take-next", "discard-draft", "note", "merge"})
"""Verbs that `repeat` passes over, beside those that send."""


def told(deed: Deed, outcome: Outcome) -> str:
    """What was done, in a few words."""
    event: Event | None = outcome.events[0] if outcome.events else None
    data = event.data if event is not None else {}
    count = len(outcome.conversations)
    many = f" {count} conversations" if count > 1 else ""
    left_out = len(deed.conversations) - count
    address = one_line(str(data.get("address", "")), 60)
    words = {
        EventType.ASSIGNED: f"given to {data.get('to')}" if data.get("to") else "given back",
        EventType.TAGGED: "tags changed",
        EventType.SNOOZED: "snoozed" + (f" ({event.why})" if event is not None and event.why else ""),
        EventType.HELD: f"held for {data.get('for')}",
        EventType.CLOSED: "closed",
        EventType.REOPENED: "no spam: open again" if data.get("was") == "spam" else "open again",
        EventType.SPAM: "in spam",
        EventType.MERGED: "joined",
        EventType.NOTED: "note written",
        EventType.READ: "marked",
        EventType.BLOCKED: f"blocked {address}: all further mail is spam" if not many else "senders blocked",
        EventType.UNBLOCKED: f"unblocked {address}" if not many else "senders unblocked",
    }.get(event.type if event is not None else EventType.READ, "done")
    rest = f", {left_out} left out" if left_out > 0 and count else ""
    return f"{words[0].upper()}{words[1:]}{':' if many else ''}{many}{rest}. u takes it back."

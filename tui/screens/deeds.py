"""What was done here: told in a few words, repeated, and taken back.

The store decides what was done last and whether it can be undone; what is remembered here only leads back to where it
was, and gives a reply that was taken back its draft.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from inbox.model import Event, EventType, Instant, Refusal, Who
from inbox.outcomes import in_words
from inbox.pledges import CHECK_IN
from inbox.ports import Decide, Decision, Draft, Item, Outcome, Row, Scope, State, Store
from inbox.recipients import as_typed
from inbox.text import one_line
from inbox.verbs import VERBS
from tui.prompts import Option, Prompt
from tui.screens.part import Part
from tui.times import moment

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
        who, now, key, zone = self.seat.who, self.seat.now(), uuid4().hex, self.seat.zone
        self.screen.writing.save_now()

        def undo(store: Store) -> tuple[Outcome, Draft | None, str]:
            before = set(store.drafts())
            outcome, what = _turned(store, "undo", who, now, key, zone)
            back = [one for one in store.drafts() if one not in before and one.who == who.name]
            return outcome, back[0] if back else None, what

        self.background.write(undo, lambda done: self._undone(*done))

    def redo(self) -> None:
        """Do again what was undone last."""
        who, now, key, zone = self.seat.who, self.seat.now(), uuid4().hex, self.seat.zone
        self.screen.writing.save_now()
        self.background.write(
            lambda store: _turned(store, "redo", who, now, key, zone), lambda done: self._redone(*done)
        )

    def _undone(self, outcome: Outcome, draft: Draft | None, what: str) -> None:
        screen = self.screen
        if outcome.refusal is not None:
            screen.refuse(outcome.refusal)
            if outcome.refusal.about is not None:
                self._offer_correction(*outcome.refusal.about)
            return
        batch = outcome.events[0].data.get("batch") if outcome.events else None
        deed = next((deed for deed in self._deeds if deed.batch and deed.batch == batch), None)
        if draft is not None:  # what was to leave is a draft again
            if deed is not None:
                self._deeds.remove(deed)
            self._to_draft(draft, deed.conversations if deed is not None else (draft.conversation,))
            return
        if deed is None:  # done on another screen, or before this one was opened
            screen.shelf.rang(None)
            screen.reading.again()
            screen.say(f"Undone{what}.")
            return
        self._deeds.remove(deed)
        screen.doing.freshen(deed.conversations)
        screen.keyboard.advanced()
        screen.say(f"Undone: {VERBS[deed.verb].label}. {self.called('redo')} does it again.")
        self._go_back(deed)

    def _to_draft(self, draft: Draft, conversations: tuple[int, ...]) -> None:
        """Go back to a message that has not left, and open it as it was."""
        screen = self.screen
        screen.doing.freshen(conversations)
        screen.keyboard.advanced()
        if draft.conversation:
            screen.moving.open_conversation(draft.conversation)
        screen.writing.open_draft(draft)
        screen.status.stop_counting()
        screen.say("Taken back: it has not left. Here is the draft.")

    def _offer_correction(self, conversation: int, message: int) -> None:
        """It has left: the next best is a new reply that begins with what was sent."""

        def accept(_: Option | str) -> None:
            self.screen.moving.open_conversation(conversation)
            self.background.read("sent", lambda store: _sent(store, conversation, message), self._correct)

        ways = (Option("corrects it in a new reply", True, key="enter"),)
        self.screen.ask(Prompt("It has left already.", accept, lambda _: ways, asks_line=False))

    def _correct(self, found: tuple[Row, Sequence[Item], Item] | None) -> None:
        if found is None:
            return
        from tui.screens.letter import letter_to

        row, items, sent = found
        letter = letter_to(row, "reply", items, self.seat)
        to, cc = (tuple(map(as_typed, each)) for each in (sent.to, sent.cc))
        self.screen.writing.correct(sent, replace(letter, to=to, cc=cc, warning=""))

    def _redone(self, outcome: Outcome, what: str) -> None:
        if outcome.refusal is not None:
            self.screen.refuse(outcome.refusal)
            return
        self.screen.shelf.rang(None)
        self.screen.reading.again()
        self.screen.say(f"Done again{what}.")

    def _go_back(self, deed: Deed) -> None:
        screen = self.screen
        conversation = deed.conversations[0]
        if deed.draft is not None:
            if conversation:
                screen.moving.open_conversation(conversation)
            screen.writing.open_draft(deed.draft, on_disk=False)
        elif deed.place == "conversation":
            screen.moving.open_conversation(conversation)
        else:
            screen.list.go_to(conversation)
            screen.go_to("list")
            screen.reading.follow()


def _turned(store: Store, verb: str, who: Who, now: Instant, key: str, zone: tzinfo) -> tuple[Outcome, str]:
    """Undo or redo; and what it was, and where, as it goes on behind "Undone"."""
    scope, decide = decision(verb, by=who.name)
    about: tuple[Event, ...] = ()

    def listening(state: State, who: Who, now: Instant) -> Decision:
        nonlocal about
        about = state.last_action if verb == "undo" else state.last_undone
        return decide(state, who, now)

    outcome = store.change(scope, listening, who, now, key)
    if outcome.refusal is not None or not about:
        return outcome, ""
    touched = {store.resolve(event.conversation) for event in about if event.conversation is not None}
    rows = store.rows([each for each in touched if each is not None])
    many = len(rows) > 1
    subject = one_line(rows[0].subject, 60) if rows else ""
    where = f", in {len(rows)} conversations" if many else f", in “{subject}”" if subject else ""
    return outcome, f": {_words(about[0], many, zone)}{where}"


def _sent(store: Store, conversation: int, message: int) -> tuple[Row, Sequence[Item], Item] | None:
    """What was sent, and the conversation it lies in now."""
    here = store.resolve(conversation)
    rows = store.rows([here]) if here is not None else []
    items = store.items(here) if here is not None else []
    sent = next((item for item in items if item.id == message), None)
    return (rows[0], items, sent) if rows and sent is not None else None


_NEVER_AGAIN = frozenset(
    {"take-next", "discard-draft", "note", "merge", "split", "move-message", "notice", "no-notice"}
)
"""Verbs that `repeat` passes over, beside those that send."""


def told(deed: Deed, outcome: Outcome, undo: str, zone: tzinfo) -> str:
    """What was done, in a few words; `undo` is the key that takes it back. Times are told in `zone`."""
    parted = bool(outcome.events) and outcome.events[0].type is EventType.PARTED  # which tells it of both
    count = 1 if parted else len(outcome.conversations)
    many = f" {count} conversations" if count > 1 else ""
    left_out = len(deed.conversations) - count
    words = _words(outcome.events[0], bool(many), zone) if outcome.events else "marked"
    rest = f", {left_out} left out" if left_out > 0 and count else ""
    if "@" not in words.partition(" ")[0]:  # an address stays as it is written
        words = f"{words[0].upper()}{words[1:]}"
    return f"{words}{':' if many else ''}{many}{rest}. {undo} takes it back."


def _words(event: Event, many: bool, zone: tzinfo) -> str:
    """What one event of an action says of it; `many`: of several conversations."""
    data = event.data
    due = moment(data["due"], event.at, zone) if "due" in data else ""
    address = one_line(str(data.get("address", "")), 60)
    return {
        EventType.ASSIGNED: f"given to {data.get('to')}" if data.get("to") else "given back",
        EventType.HANDED_OVER: f"handed over to {data.get('to')}",
        EventType.TAGGED: "tags changed",
        EventType.SNOOZED: f"snoozed: due {due}, wakes {moment(data['until'], event.at, zone)}"
        if due and "until" in data
        else "snoozed",
        EventType.HELD: f"held for {data.get('for')}",
        EventType.CLOSED: "closed"
        + (": the customer has not heard that it is not ours" if data.get("unheard") else ""),
        EventType.GOODWILL: "goodwill: "
        + " ".join(str(data[each]) for each in ("kind", "amount", "currency") if each in data),
        EventType.OUTCOME: f"outcome: {in_words(data.get('outcome', ''), data.get('to'), data.get('cause'))}",
        EventType.REOPENED: "no spam: open again"
        if data.get("was") == "spam"
        else "open again: it is more than thanks"
        if data.get("thanks")
        else "open again",
        EventType.NUDGING: "nudges on" if data.get("on") else "no more nudges",
        EventType.UPSET: "the customer is upset" if data.get("upset") else "the customer is not upset",
        EventType.SPAM: "in spam",
        EventType.MERGED: "joined",
        EventType.PARTED: f"split: it is #{event.conversation} now"
        if data.get("new")
        else f"moved to #{event.conversation}",
        EventType.DECLINED: "no part of it",
        EventType.NOTED: "note written",
        EventType.READ: "marked",
        EventType.BLOCKED: f"blocked {address}: all further mail is spam" if not many else "senders blocked",
        EventType.UNBLOCKED: f"unblocked {address}" if not many else "senders unblocked",
        EventType.PROMISED: f"promised for {due}"
        + (f", aiming for {moment(data['aim'], event.at, zone)}" if "aim" in data else "")
        + (f" ({event.why})" if event.why else ""),
        EventType.KEPT: "promise kept",
        EventType.FOLLOW_UP: f"check-in {due}"
        if data.get("kind") == CHECK_IN
        else f"to be followed up {due}" + (f" ({event.why})" if event.why else ""),
        EventType.DONE: "followed up",
        EventType.ISSUE: "what was told of the issue" if "telling" in data else "the issue was changed",
        EventType.LINKED: f"linked to {data.get('issue')} no more"
        if data.get("off")
        else f"linked to {data.get('issue')}",
        EventType.SENDER_RULED: f"{address}: {'always' if data.get('notice') else 'never'} a notice",
    }.get(event.type, "done")

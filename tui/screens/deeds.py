"""What was done here: told in a few words, repeated, and taken back.

The store decides what was done last and whether it can be undone; what is remembered here only leads back to where it
was, and gives a reply that was taken back its draft.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from uuid import uuid4

from inbox.model import Event, EventType, Instant, Refusal, Who
from inbox.outcomes import in_words
from inbox.pledges import CHECK_IN
from inbox.ports import Decide, Decision, Draft, Item, Outcome, Row, Scope, State, Store
from inbox.progress import figure
from inbox.recipients import as_typed
from inbox.text import one_line
from inbox.verbs import VERBS
from tui.prompts import Option, Prompt
from tui.screens.bulk import AT_ONCE
from tui.screens.part import Part
from tui.times import moment

if TYPE_CHECKING:
    from tui.screens.bulk import Done
    from tui.screens.inbox import InboxScreen
    from tui.screens.shelf import Shown

T = TypeVar("T")

SOME = 1_000
"""Events of an action of which is looked up where their conversations live now."""

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
    shown: Shown | None = None  # what the list showed; None: what it shows when it is done


class Deeds(Part):
    """Remembers what was done here, and takes it back."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._deeds: list[Deed] = []
        self._taken_back: list[Deed] = []  # for as long as they can be done again

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {"undo": self.undo, "redo": self.redo, "repeat": self._repeat}

    def remember(self, deed: Deed, event: Event | None = None) -> None:
        """Keep what was done, so that undo finds back; `event` is one that records it."""
        shown = deed.shown or self.screen.shelf.shown
        self._deeds.append(replace(deed, shown=shown, batch=event.batch if event is not None else 0))
        del self._deeds[:-REMEMBERED]

    def _repeat(self) -> None:
        """The last verb again, here; on the next one where it was done here already."""
        screen = self.screen
        last = next(
            (d for d in reversed(self._deeds) if not VERBS[d.verb].sends and d.verb not in _PASSED_OVER), None
        )
        if last is None:
            screen.say("There is nothing to repeat yet.")
            return
        if last.verb in _NEVER_AGAIN:
            what, key = VERBS[last.verb].label, self.called(last.verb)
            screen.refuse(
                Refusal(f"{what[0].upper()}{what[1:]} is not for the next one too.", f"{key} asks anew.")
            )
            return
        row = screen.target
        if row is not None and not screen.doing.selected and row.conversation.id in last.conversations:
            screen.doing.advance(row.conversation.id, screen.place, lambda: self._again(last))
        else:
            self._again(last)

    def _again(self, last: Deed) -> None:
        why = self.screen.refused(last.verb)
        if why is not None:
            self.screen.refuse(Refusal(why))
            return
        if last.verb == "act":
            self.screen.saved_actions.do(last.arguments["action"])
        elif last.verb in _ASKS_AGAIN or (last.verb == "close" and "why" not in last.arguments):
            self.screen.run(last.verb)
        else:
            self.screen.doing.do(last.verb, **last.arguments)

    # taking it back

    def undo(self) -> None:
        """Take back whatever was done last, and go back to where it was."""
        if self.screen.bulk.goes_on:
            self.screen.bulk.stop(self.undo)
            return
        if self._deeds and self._deeds[-1].verb == "discard-draft":  # nothing of it is in the record
            self._go_back(self._deeds.pop())
            return
        who, now, key, zone = self.seat.who, self.seat.now(), uuid4().hex, self.seat.zone
        self.screen.writing.save_now()

        def undo(store: Store) -> tuple[Turned, Draft | None]:
            before = set(store.drafts())
            turned = _turned(store, "undo", who, now, key, zone)
            back = [one for one in store.drafts() if one not in before and one.who == who.name]
            return turned, back[0] if back else None

        waits = not self._deeds or len(self._deeds[-1].conversations) <= AT_ONCE
        self._turn(undo, lambda done: self._undone(*done), waits)

    def redo(self) -> None:
        """Do again what was undone last."""
        who, now, key, zone = self.seat.who, self.seat.now(), uuid4().hex, self.seat.zone
        self.screen.writing.save_now()
        self._turn(lambda store: _turned(store, "redo", who, now, key, zone), self._redone)

    def _turn(self, turn: Callable[[Store], T], then: Callable[[T], None], waits: bool = True) -> None:
        """Undo or redo on the writer thread; the keys wait for it, unless it is about thousands."""

        def done(found: T) -> None:
            then(found)
            if waits:
                self.screen.keyboard.go_on()

        if waits:
            self.screen.keyboard.wait()
        else:
            self.screen.say("Taking it back …")
        self.background.write(turn, done)

    def _undone(self, turned: Turned, draft: Draft | None) -> None:
        screen, refusal = self.screen, turned.outcome.refusal
        if refusal is not None:
            screen.refuse(refusal)
            if refusal.about is not None:
                self._offer_correction(*refusal.about)
            return
        deed = next((deed for deed in self._deeds if deed.batch and deed.batch == turned.batch), None)
        if deed is not None:
            self._deeds.remove(deed)
            self._taken_back = [*self._taken_back[-REMEMBERED:], deed]
        if draft is not None:  # what was to leave is a draft again
            self._to_draft(draft, deed)
        elif deed is None:  # done on another screen, or before this one was opened
            screen.shelf.rang(None)
            screen.reading.again()
            if len(turned.where) == 1:
                self._go_to(turned.where[0], screen.place)
            screen.say(f"Undone{turned.words}.")
        else:
            screen.doing.freshen(deed.conversations)
            screen.saved_actions.undone(deed)
            words = f"Undone: {VERBS[deed.verb].label}. {self.called('redo')} does it again."
            if deed.verb == "approve":
                screen.status.stop_counting()
                words = "Taken back: it has not left, and waits for a yes again."
            self._go_back(deed, words)

    def _to_draft(self, draft: Draft, deed: Deed | None) -> None:
        """Go back to a message that has not left, and open it as it was."""
        screen = self.screen
        screen.doing.freshen(deed.conversations if deed is not None else (draft.conversation,))

        def there() -> None:
            screen.keyboard.advanced()
            if draft.conversation:
                screen.moving.open_conversation(draft.conversation)
            screen.writing.open_draft(draft)
            screen.status.stop_counting()
            by_hand = deed is not None and deed.verb == "by-hand"
            what = "it counts as not sent" if by_hand else "it has not left"
            screen.say(f"Taken back: {what}. Here is the draft.")

        if deed is not None:
            self._view_of(deed, there)
        else:
            there()

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

    def _redone(self, turned: Turned) -> None:
        if turned.outcome.refusal is not None:
            self.screen.refuse(turned.outcome.refusal)
            return
        again = [deed for deed in self._taken_back if deed.batch == turned.batch]
        self._taken_back = [deed for deed in self._taken_back if deed not in again]
        self._deeds += again
        self.screen.shelf.rang(None)
        self.screen.reading.again()
        self.screen.say(f"Done again{turned.words}.")

    def _go_back(self, deed: Deed, words: str = "") -> None:
        """Where it was done, in the list in which it was."""
        screen = self.screen
        conversation = deed.conversations[0]

        def there() -> None:
            screen.keyboard.advanced()
            if deed.draft is None:
                self._go_to(conversation, deed.place)
            else:
                if conversation:
                    screen.moving.open_conversation(conversation)
                screen.writing.open_draft(deed.draft, on_disk=False)
            if words:
                screen.say(words)

        self._view_of(deed, there)

    def _go_to(self, conversation: int, place: str) -> None:
        """Put the hands on a conversation, in the list where they were there and it is."""
        screen = self.screen
        if place == "conversation" or conversation not in screen.list.ids:
            screen.moving.open_conversation(conversation)
        else:
            screen.list.go_to(conversation)
            screen.go_to("list")
            screen.reading.follow()

    def _view_of(self, deed: Deed, then: Callable[[], None]) -> None:
        """Show the list in which it was done, and then do something there; that one stays as it is."""
        shelf = self.screen.shelf
        if deed.shown is None or deed.shown == shelf.shown:
            then()
        else:
            shelf.come_back(deed.shown, deed.conversations[0], then)


class Turned(NamedTuple):
    """What was undone or done again: its batch, what it was in words as they go on behind "Undone", and in which
    conversations."""

    outcome: Outcome
    batch: int | None = None
    words: str = ""
    where: tuple[int, ...] = ()


def _turned(store: Store, verb: str, who: Who, now: Instant, key: str, zone: tzinfo) -> Turned:
    """Undo or redo, and what it was."""
    scope, decide = decision(verb, by=who.name)
    about: tuple[Event, ...] = ()

    def listening(state: State, who: Who, now: Instant) -> Decision:
        nonlocal about
        about = state.last_action if verb == "undo" else state.last_undone
        return decide(state, who, now)

    outcome = store.change(scope, listening, who, now, key)
    if outcome.refusal is not None or not about:
        return Turned(outcome)
    batch = outcome.events[0].data.get("batch") if outcome.events else None
    touched = {store.resolve(event.conversation) for event in about[:SOME] if event.conversation is not None}
    rows = store.rows([each for each in touched if each is not None])
    many = len(about) > len(about[:SOME]) or len(rows) > 1
    subject = one_line(rows[0].subject, 60) if rows else ""
    count = figure(len(rows) if len(about) <= SOME else len({event.conversation for event in about}))
    where = f", in {count} conversations" if many else f", in “{subject}”" if subject else ""
    here = tuple(row.conversation.id for row in rows)
    return Turned(outcome, batch, f": {_words(about[0], many, zone)}{where}", here)


def _sent(store: Store, conversation: int, message: int) -> tuple[Row, Sequence[Item], Item] | None:
    """What was sent, and the conversation it lies in now."""
    here = store.resolve(conversation)
    rows = store.rows([here]) if here is not None else []
    items = store.items(here) if here is not None else []
    sent = next((item for item in items if item.id == message), None)
    return (rows[0], items, sent) if rows and sent is not None else None


_PASSED_OVER = frozenset({"take-next", "discard-draft"})
"""What `repeat` passes over beside what sends: it was done to no conversation in particular."""

_NEVER_AGAIN = frozenset(
    {
        *("note", "call", "hand-over", "goodwill", "merge", "split", "move-message", "notice", "no-notice"),
    }
)
"""What was meant for one alone."""

_ASKS_AGAIN = frozenset({"spam", "block"})
"""Verbs that ask first where a customer may be lost."""


def told(deed: Deed, done: Done, undo: str, zone: tzinfo) -> str:
    """What was done, in a few words, and to how many it was not; `undo` is the key that takes it back. Times are told in
    `zone`."""
    rest = _left_out(done, len(deed.conversations))
    if done.first is None:
        return rest or "It was so already: nothing changed."
    parted = done.first.type is EventType.PARTED  # which tells it of both
    count = 1 if parted else done.count
    many = f" {figure(count)} conversations" if count > 1 else ""
    words = deed.arguments["action"].name if deed.verb == "act" else _words(done.first, bool(many), zone)
    if "@" not in words.partition(" ")[0]:  # an address stays as it is written
        words = f"{words[0].upper()}{words[1:]}"
    return " ".join(filter(None, (f"{words}{':' if many else ''}{many}.", rest, f"{undo} takes it back.")))


def _left_out(done: Done, total: int) -> str:
    """ "3 of 40 were not: it is closed already." and the like; "" where it was done to all."""
    if done.stopped:
        return "Stopped there."
    count = sum(done.refused.values())
    if not count:
        return ""
    several = len(done.refused) > 1
    reasons = [
        f"{refusal.reason.rstrip('.')}{f' ({number})' if several else ''}"
        for refusal, number in done.refused.most_common(2)
    ]
    return f"{figure(count)} of {figure(total)} {'was' if count == 1 else 'were'} not: {'; '.join(reasons)}."


def _words(event: Event, many: bool, zone: tzinfo) -> str:
    """What one event of an action says of it; `many`: of several conversations."""
    data = event.data
    due = moment(data["due"], event.at, zone) if "due" in data else ""
    address = one_line(str(data.get("address", "")), 60)
    return {
        EventType.ASSIGNED: f"given to {data.get('to')}" if data.get("to") else "given back",
        EventType.HANDED_OVER: f"handed over to {data.get('to')}",
        EventType.SENT_BY_HAND: "written down: answered there",
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
        EventType.DECLINED: "it is no chat" if data.get("chat") else "no part of it",
        EventType.NOTED: "note written",
        EventType.CALLED: "call written down",
        EventType.APPROVED: "a yes was said",
        EventType.READ: "seen: it calls for you no more" if data.get("seen") else "marked",
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

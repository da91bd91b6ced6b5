"""The verbs that change something: what they ask, the change itself on the writer thread, and what follows.

A verb acts on the conversation that was painted when its key was pressed, or on what is selected, with the count said
before it acts. What was done is remembered here only to go back to where it was; whether it can be undone the store
decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from inbox.model import Event, EventType, Refusal, Who
from inbox.ports import Decide, Draft, Outcome, Row, Scope, Store
from inbox.verbs import VERBS
from tui.prompts import Option, Prompt
from tui.screens.part import Part

if TYPE_CHECKING:
    from tui.screens.inbox import InboxScreen
    from tui.screens.questions import Questions

LEAVES = frozenset({"close", "no-answer", "snooze", "hold", "spam"})
"""Verbs after which the conversation needs nobody now: the next one opens."""


ASKING = ("assign", "tag", "snooze", "hold", "close", "merge", "spam")
"""Verbs that may ask something first (`tui.screens.questions`)."""


def decision(verb: str, **arguments: Any) -> tuple[Scope, Decide]:
    """`inbox.actions.decision`, loaded when the first verb is done: no paint waits for it."""
    from inbox.actions import decision as decided

    return decided(verb, **arguments)


SCREEN = Who("screen")
"""Who marks as read what was opened."""


@dataclass(frozen=True)
class Deed:
    """Something that was done here: the verb, its arguments, to what, and from where on the screen."""

    verb: str
    conversations: tuple[int, ...]
    place: str
    arguments: dict[str, Any] = field(default_factory=dict)
    draft: Draft | None = None  # of a send: what was written


class Doing(Part):
    """Changes conversations, and takes it back."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._deeds: list[Deed] = []
        self._questions: Questions | None = None

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            **{verb: self._asker(verb) for verb in ASKING},
            "assign-me": lambda: self.do("assign-me"),
            "no-answer": lambda: self.do("no-answer"),
            "reopen": lambda: self.do("reopen"),
            "mark-read": self._mark,
            "take-next": self._take_next,
            "undo": self.undo,
            "redo": self.redo,
            "repeat": self._repeat,
        }

    @property
    def questions(self) -> Questions:
        """What verbs ask; loaded when the first one does."""
        if self._questions is None:
            from tui.screens.questions import Questions

            self._questions = Questions(self.screen, self.do)
        return self._questions

    def _asker(self, verb: str) -> Callable[[], None]:
        return lambda: self.questions.ask(verb)

    # what a verb acts on

    @property
    def target(self) -> Row | None:
        """The conversation that is painted where the hands are."""
        screen = self.screen
        if screen.place == "list":
            return screen.list.row
        opened = screen.conversation.opened
        return opened.row if opened is not None else None

    @property
    def targets(self) -> tuple[int, ...]:
        """What is selected in the list; else the one under the hands."""
        screen = self.screen
        if screen.place == "list" and screen.list.selected:
            return tuple(one for one in screen.list.ids if one in screen.list.selected)
        row = self.target
        return (row.conversation.id,) if row is not None else ()

    # doing it

    def do(self, verb: str, **arguments: Any) -> None:
        """Do a verb to the targets, on the writer thread."""
        targets = self.targets
        if not targets:
            return
        deed = Deed(verb, targets, self.screen.place, arguments)
        if len(targets) > 1:
            self._confirm_many(deed)
        else:
            self._change(deed)

    def _confirm_many(self, deed: Deed) -> None:
        count = len(deed.conversations)
        label = VERBS[deed.verb].label
        self.screen.ask(
            Prompt(
                question=f"{label} {count} conversations?",
                asks_line=False,
                offer=lambda _: (Option("yes", True, key="y"), Option("no", False, key="n")),
                accept=lambda answer: (
                    self._change(deed) if isinstance(answer, Option) and answer.value else None
                ),
            )
        )

    def _change(self, deed: Deed) -> None:
        who, now, key = self.seat.who, self.seat.now(), uuid4().hex

        def change(store: Store) -> Outcome:
            changes = [decision(deed.verb, conversation=one, **deed.arguments) for one in deed.conversations]
            if len(changes) == 1:
                return store.change(*changes[0], who, now, key)
            return store.change_each(changes, who, now)

        self.background.write(change, lambda outcome: self._done(deed, outcome))

    def _done(self, deed: Deed, outcome: Outcome) -> None:
        screen = self.screen
        if outcome.refusal is not None:
            screen.refuse(outcome.refusal)
            return
        self.remember(deed)
        screen.list.selected.clear()
        screen.say(told(deed, outcome))
        self._freshen(deed.conversations)
        if deed.verb in LEAVES and len(deed.conversations) == 1:
            self.advance(deed.conversations[0], deed.place)

    def remember(self, deed: Deed) -> None:
        """Keep what was done, so that undo finds back."""
        self._deeds.append(deed)
        del self._deeds[:-100]

    def _freshen(self, conversations: tuple[int, ...]) -> None:
        self.screen.shelf.rang(frozenset(conversations))
        self.screen.reading.again(frozenset(conversations))

    def advance(self, conversation: int, place: str) -> None:
        """On to the next conversation of the view as it was when it was opened, if the hands are still on this one."""
        screen = self.screen
        following = screen.shelf.next_after(conversation)
        if place == "conversation" and screen.reading.shown == conversation:
            screen.keyboard.advanced()
            if following is None:
                screen.go_to("list")
                screen.reading.show_presence()
            else:
                screen.moving.open_conversation(following)
        elif place == "list" and screen.list.current == conversation and following is not None:
            screen.keyboard.advanced()
            screen.list.go_to(following)
            screen.reading.follow()

    def mark_read(self, conversation: int) -> None:
        """Opened by a person: read. It is the screen that says so, for undo takes back what the person did."""
        if self.seat.who.role not in VERBS["mark-read"].roles:
            return
        now = self.seat.now()
        self.background.write(
            lambda store: store.change(
                *decision("mark-read", conversation=conversation, read=True), SCREEN, now
            ),
            lambda _: self._freshen((conversation,)),
        )

    def _mark(self) -> None:
        row = self.target
        if row is not None:
            self.do("mark-read", read=row.conversation.unread)

    def _take_next(self) -> None:
        who, now = self.seat.who, self.seat.now()
        query = self.screen.shelf.unassigned

        def take(store: Store) -> Outcome:
            outcome = Outcome(refusal=Refusal("Nothing is waiting for somebody to take it."))
            for one in store.ids(query, who, now, 5):
                outcome = store.change(*decision("take-next", conversation=one), who, now, uuid4().hex)
                if outcome.refusal is None:
                    break
            return outcome

        self.background.write(take, self._taken)

    def _taken(self, outcome: Outcome) -> None:
        if outcome.refusal is not None:
            self.screen.refuse(outcome.refusal)
            return
        (conversation,) = outcome.conversations
        self.remember(Deed("take-next", (conversation,), self.screen.place))
        self._freshen((conversation,))
        self.screen.keyboard.advanced()
        self.screen.moving.open_conversation(conversation)
        self.screen.say("It is yours.")

    def _repeat(self) -> None:
        last = next(
            (d for d in reversed(self._deeds) if not VERBS[d.verb].sends and d.verb != "take-next"), None
        )
        if last is None:
            self.screen.say("There is nothing to repeat yet.")
            return
        why = self.screen.refused(last.verb)
        if why is not None:
            self.screen.refuse(Refusal(why))
            return
        self.do(last.verb, **last.arguments)

    # taking it back

    def undo(self) -> None:
        """Take back whatever was done last, and go back to where it was."""
        if self._deeds and self._deeds[-1].verb == "discard-draft":  # nothing of it is in the record
            deed = self._deeds.pop()
            self._go_back(deed)
            if deed.draft is not None:
                self.screen.writing.open_draft(deed.draft)
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
        deed = self._deeds.pop() if self._deeds else None
        screen.status.stop_counting()
        if deed is None:
            screen.shelf.rang(None)
            screen.reading.again()
            screen.say("Undone.")
            return
        self._freshen(deed.conversations)
        screen.keyboard.advanced()
        self._go_back(deed)
        screen.say(f"Undone: {VERBS[deed.verb].label}. {_key_of(screen, 'redo')} does it again.")
        if deed.draft is not None:
            screen.say("Taken back: it has not left. Here is the draft.")
            screen.writing.open_draft(deed.draft)

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
        if deed.place == "conversation" or deed.draft is not None:
            screen.moving.open_conversation(conversation)
        else:
            screen.list.go_to(conversation)
            screen.go_to("list")
            screen.reading.follow()


def _key_of(screen: InboxScreen, verb: str) -> str:
    keys = screen.seat.keymap.keys_for("list", verb)
    return keys[0] if keys else f":{verb}"


def told(deed: Deed, outcome: Outcome) -> str:
    """What was done, in a few words."""
    event: Event | None = outcome.events[0] if outcome.events else None
    data = event.data if event is not None else {}
    count = len(outcome.conversations)
    many = f" {count} conversations" if count > 1 else ""
    left_out = len(deed.conversations) - count
    words = {
        EventType.ASSIGNED: f"given to {data.get('to')}" if data.get("to") else "given back",
        EventType.TAGGED: "tags changed",
        EventType.SNOOZED: "snoozed" + (f" ({event.why})" if event is not None and event.why else ""),
        EventType.HELD: f"held for {data.get('for')}",
        EventType.CLOSED: "closed",
        EventType.REOPENED: "open again",
        EventType.SPAM: "in spam",
        EventType.MERGED: "joined",
        EventType.NOTED: "note written",
        EventType.READ: "marked",
    }.get(event.type if event is not None else EventType.READ, "done")
    rest = f", {left_out} left out" if left_out > 0 and count else ""
    return f"{words[0].upper()}{words[1:]}{':' if many else ''}{many}{rest}. u takes it back."

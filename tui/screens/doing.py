"""The verbs that change something: what they ask, the change itself on the writer thread, and what follows.

A verb acts on the conversation that was painted when its key was pressed, or on what is selected, with the count said
before it acts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from inbox.model import Who
from inbox.ports import Outcome, Reader, Row, Store
from inbox.verbs import VERBS
from tui.prompts import yes_or_no
from tui.screens.deeds import Deed, decision, told
from tui.screens.part import Part

if TYPE_CHECKING:
    from tui.screens.inbox import InboxScreen
    from tui.screens.questions import Questions

LEAVES = frozenset({"close", "no-answer", "snooze", "hold", "spam", "block"})
"""Verbs after which the conversation needs nobody now: the next one opens."""


ASKING = (
    "assign",
    "tag",
    "snooze",
    "hold",
    "promise",
    "follow-up",
    "check-in",
    "close",
    "outcome",
    "goodwill",
    "merge",
    "split",
    "move-message",
    "spam",
    "block",
    "notice",
    "no-notice",
)
"""Verbs that may ask something first (`tui.screens.questions`)."""


SCREEN = Who("screen")
"""Who marks as read what was opened."""


class Doing(Part):
    """Changes conversations."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._questions: Questions | None = None

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            **{verb: self._asker(verb) for verb in ASKING},
            "assign-me": lambda: self.do("assign-me"),
            "keep": lambda: self.do("keep"),
            "done": lambda: self.do("done"),
            "nudge": lambda: self.do("nudge", after=self._nudges),
            "close-quiet": self._close_quiet,
            "no-answer": lambda: self.do("no-answer"),
            "join-suggested": lambda: self.do("join-suggested"),
            "decline-suggestion": lambda: self.do("decline-suggestion"),
            "reopen": lambda: self.do("reopen"),
            "unblock": lambda: self.do("unblock"),
            "mark-read": self._mark,
            "upset": self._upset,
            "take-next": self._take_next,
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
        """The conversation the hands are on. It may have been opened so fast that it is still being read."""
        screen = self.screen
        if screen.place == "list":
            return screen.list.row
        opened, wanted = screen.conversation.opened, screen.reading.wanted
        if opened is not None and opened.id == wanted:
            return opened.row
        rows = self.seat.store.rows([wanted]) if wanted is not None else []
        return rows[0] if rows else None

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
        self.do_to(targets, verb, confirmed=len(targets) < 2, **arguments)

    def do_to(self, targets: tuple[int, ...], verb: str, *, confirmed: bool = True, **arguments: Any) -> None:
        """Do a verb to these conversations; many ask first, unless that was confirmed."""
        deed = Deed(verb, targets, self.screen.place, arguments)
        if not confirmed:
            self._confirm_many(deed)
        else:
            self._change(deed)

    def _confirm_many(self, deed: Deed) -> None:
        count = len(deed.conversations)
        label = VERBS[deed.verb].label
        self.screen.ask(yes_or_no(f"{label} {count} conversations?", lambda: self._change(deed)))

    def _change(self, deed: Deed) -> None:
        who, now, key = self.seat.who, self.seat.now(), uuid4().hex

        def change(store: Store) -> Outcome:
            arguments = {one: dict(deed.arguments) for one in deed.conversations}
            if deed.verb == "snooze":  # each wakes before its own deadline
                for row in store.rows(deed.conversations):
                    arguments[row.conversation.id]["due"] = row.due_at
            changes = [decision(deed.verb, conversation=one, **arguments[one]) for one in deed.conversations]
            if len(changes) == 1:
                return store.change(*changes[0], who, now, key)
            return store.change_each(changes, who, now)

        self.background.write(change, lambda outcome: self._done(deed, outcome))

    def _done(self, deed: Deed, outcome: Outcome) -> None:
        screen = self.screen
        if outcome.refusal is not None:
            screen.refuse(outcome.refusal)
            return
        screen.deeds.remember(deed, outcome)
        screen.list.selected.clear()
        screen.say(told(deed, outcome, self.called("undo"), self.seat.zone))
        self.freshen(deed.conversations)
        if deed.verb in LEAVES and len(deed.conversations) == 1:
            self.advance(deed.conversations[0], deed.place)

    def freshen(self, conversations: tuple[int, ...]) -> None:
        """These were changed here: show them anew without waiting for the bell."""
        self.screen.shelf.rang(frozenset(conversations))
        self.screen.reading.again(frozenset(conversations))

    def advance(self, conversation: int, place: str) -> None:
        """On to the next conversation of the view as it was when it was opened, if the hands are still on this one."""
        screen = self.screen
        following = screen.shelf.next_after(conversation)
        at = screen.list.at
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
        skipped = screen.list.at - at - 1
        if following is not None and skipped > 0:
            screen.say(f"Skipped {skipped}: a colleague is there.")

    def mark_read(self, conversation: int) -> None:
        """Opened by a person: read. It is the screen that says so, for undo takes back what the person did."""
        if self.seat.who.role not in VERBS["mark-read"].roles:
            return
        now = self.seat.now()
        self.background.write(
            lambda store: store.change(
                *decision("mark-read", conversation=conversation, read=True), SCREEN, now
            ),
            lambda _: self.freshen((conversation,)),
        )

    def _mark(self) -> None:
        row = self.target
        if row is not None:
            self.do("mark-read", read=row.conversation.unread)

    @property
    def _nudges(self) -> tuple[int, ...]:
        settings = self.seat.settings
        return settings.nudges.after if settings is not None else ()

    def _close_quiet(self) -> None:
        """Close together what has been silent for weeks: how many is said before it is asked."""
        who, now = self.seat.who, self.seat.now()

        def ask(store: Reader) -> list[int]:
            from inbox.quiet import silent

            return silent(store, who, now)

        self.background.read("quiet", ask, self._ask_quiet)

    def _ask_quiet(self, found: list[int]) -> None:
        from inbox.quiet import DAYS

        if not found:
            self.screen.say(f"Nothing has been silent for {DAYS} days.")
            return
        them = "Close it" if len(found) == 1 else "Close them"
        question = f"{len(found)} silent for {DAYS} days or more. {them}, as gone quiet?"
        self.screen.ask(yes_or_no(question, lambda: self.do_to(tuple(found), "close-quiet")))

    def _upset(self) -> None:
        """The customer is upset, or is not; of several, as of the one under the hands."""
        row = self.target
        if row is not None:
            self.do("upset", upset=not row.conversation.upset)

    def _take_next(self) -> None:
        who, now = self.seat.who, self.seat.now()

        def take(store: Store) -> Outcome:
            from inbox.taking import take_next  # with every action there is: no paint waits for it

            return take_next(store, who, now)

        self.background.write(take, self._taken)

    def _taken(self, outcome: Outcome) -> None:
        if outcome.refusal is not None:
            self.screen.refuse(outcome.refusal)
            return
        (conversation,) = outcome.conversations
        self.screen.deeds.remember(Deed("take-next", (conversation,), self.screen.place), outcome)
        self.freshen((conversation,))
        self.screen.keyboard.advanced()
        self.screen.moving.open_conversation(conversation)
        self.screen.say("It is yours.")

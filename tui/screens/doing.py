"""The verbs that change something: what they ask, the change itself on the writer thread, and what follows.

A verb acts on the conversation that was painted when its key was pressed, or on what is selected, with the count said
before it acts. The keys after it wait until its outcome is known: they may be meant for what comes next, or be in vain.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from inbox.model import Who
from inbox.ports import Outcome, Reader, Store, Workspace
from inbox.progress import figure
from inbox.queries import Everything
from inbox.verbs import VERBS
from tui.prompts import Option, Prompt, yes_or_no
from tui.screens.bulk import AT_ONCE, Done, change
from tui.screens.deeds import Deed, decision, told
from tui.screens.part import Part
from tui.screens.shelf import Following, following

if TYPE_CHECKING:
    from tui.screens.inbox import InboxScreen
    from tui.screens.questions import Questions

LEAVES = frozenset({"by-hand", "close", "no-answer", "snooze", "hold", "spam", "block", "hand-over", "seen"})
"""Verbs after which the conversation needs nobody now: the next one opens."""


ONE_AT_A_TIME = frozenset(
    {"take-chat", "reply", "reply-all", "forward", "notice", "no-notice", "mark", "rule-from-this"}
)
"""Verbs that a selection cannot have."""

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
    "by-hand",
)
"""Verbs that may ask something first (`tui.screens.questions`)."""


SCREEN = Who("screen")
"""Who marks as read what was opened."""


class Doing(Part):
    """Changes conversations."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._questions: Questions | None = None
        self._asked: tuple[int, ...] = ()  # what the last question was about

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
            "take-chat": self._take_chat,
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

            self._questions = Questions(self.screen, self._do_asked)
        return self._questions

    def _asker(self, verb: str) -> Callable[[], None]:
        def ask() -> None:
            self._asked = self.targets
            self.questions.ask(verb)

        return ask

    def _do_asked(self, verb: str, **arguments: Any) -> None:
        """Do a verb to what was painted when it asked: a colleague may have joined that with another meanwhile."""
        self._do(self._asked, verb, **arguments)

    # what a verb acts on

    @property
    def selected(self) -> tuple[int, ...]:
        """What is selected in the list, in its order, while the hands are there."""
        here = self.screen.list
        if self.screen.place != "list" or not here.selected:
            return ()
        if len(here.selected) == len(here.ids):
            return tuple(here.ids)
        return tuple(one for one in here.ids if one in here.selected)

    @property
    def targets(self) -> tuple[int, ...]:
        """What is selected in the list; else the one under the hands."""
        if selected := self.selected:
            return selected
        row = self.screen.target
        return (row.conversation.id,) if row is not None else ()

    def refused_to_many(self, verb: str) -> str | None:
        """Why a verb is not done to what is selected."""
        if verb not in ONE_AT_A_TIME:
            return None
        go, count = self.called("back"), len(self.screen.list.selected)
        rest = ""
        if verb in ("reply", "reply-all"):
            rest = f" One text for all: {self.called('link')} links them to an issue, {self.called('issues')} tells them."
        return f"One at a time: {count} are selected, {go} lets them go.{rest}"

    def note_on_all(self) -> None:
        """The same note on all that are selected."""

        def accept(answer: Option | str) -> None:
            self.do_to(targets, "note", text=str(answer), team=self.seat.team)

        targets = self.selected
        self.screen.ask(Prompt(f"Note on {figure(len(targets))} conversations:", accept, free=True))

    # doing it

    def do(self, verb: str, **arguments: Any) -> None:
        """Do a verb to the targets, on the writer thread."""
        self._do(self.targets, verb, **arguments)

    def _do(self, targets: tuple[int, ...], verb: str, **arguments: Any) -> None:
        if "into" in arguments:  # into itself nothing can be joined
            targets = tuple(one for one in targets if one != arguments["into"])
        if not targets:
            return
        self.do_to(targets, verb, confirmed=len(targets) < 2, **arguments)

    def do_to(self, targets: tuple[int, ...], verb: str, *, confirmed: bool = True, **arguments: Any) -> None:
        """Do a verb to these conversations; many ask first, unless that was confirmed."""
        deed = Deed(verb, targets, self.screen.place, arguments, shown=self.screen.shelf.shown)
        if not confirmed:
            self._confirm_many(deed)
        else:
            self._change(deed)

    def _confirm_many(self, deed: Deed) -> None:
        label = VERBS[deed.verb].label
        question = f"{label[0].upper()}{label[1:]} {figure(len(deed.conversations))} conversations?"
        self.screen.ask(yes_or_no(question, lambda: self._change(deed)))

    def _change(self, deed: Deed) -> None:
        if len(deed.conversations) > AT_ONCE:
            if self.screen.bulk.begin(deed, partial(self._done, deed)):
                self._let_go()
            return
        who, now = self.seat.who, self.seat.now()

        def done(done: Done) -> None:
            self._done(deed, done)
            self.screen.keyboard.go_on()

        self.screen.keyboard.wait()
        self.background.write(lambda store: change(store, deed, who, now), done)

    def _done(self, deed: Deed, done: Done) -> None:
        screen = self.screen
        if done.refusal is not None and not done.stopped:
            screen.refuse(done.refusal)
            return
        screen.deeds.remember(deed, done.first)
        if len(deed.conversations) <= AT_ONCE:
            self._let_go()
        words = told(deed, done, self.called("undo"), self.seat.zone)
        if done.first is not None and deed.verb in ("assign", "hand-over") and "shares" not in deed.arguments:
            words = " ".join(filter(None, (words, screen.together.away(done.first.data.get("to")))))
        screen.say(words)
        self.freshen(deed.conversations)
        if deed.verb == "act":
            screen.saved_actions.done(deed)
        elif deed.verb in LEAVES and len(deed.conversations) == 1:
            self.advance(deed.conversations[0], deed.place)

    def _let_go(self) -> None:
        """What was selected had its turn."""
        self.screen.list.selected.clear()
        self.screen.list.repaint()

    def freshen(self, conversations: tuple[int, ...]) -> None:
        """These were changed here: show them anew without waiting for the bell."""
        self.screen.shelf.rang(frozenset(conversations))
        self.screen.reading.again(frozenset(conversations))

    def advance(self, conversation: int, place: str, then: Callable[[], None] = lambda: None) -> None:
        """On to the next conversation of the view as it was when it was opened, if the hands are still on this one; and do
        something there."""
        here, shelf = self.screen.list, self.screen.shelf
        ids, at = here.ids, here.at if here.current == conversation else None
        # what a search found is all that stands there, also what it would not find again
        query = shelf.shown.query if shelf.shown.name else Everything()
        who, now = self.seat.who, self.seat.now()

        def go_on(found: Following) -> None:
            self._advance(conversation, place, found)
            if found.conversation is not None:
                then()
            self.screen.keyboard.go_on()

        self.screen.keyboard.wait()
        self.background.write(lambda store: following(store, ids, conversation, at, query, who, now), go_on)

    def _advance(self, conversation: int, place: str, found: Following) -> None:
        screen = self.screen
        if place == "conversation" and screen.reading.wanted == conversation:
            screen.keyboard.advanced()
            if found.conversation is None:
                screen.go_to("list")
                screen.reading.show_presence()
                screen.reading.follow()
            else:
                screen.moving.open_conversation(found.conversation)
        elif place == "list" and screen.list.current == conversation and found.conversation is not None:
            screen.keyboard.advanced()
            screen.list.go_to(found.conversation)
            screen.reading.follow()
        self._say_more(found.words(screen.shelf.shown.label))

    def _say_more(self, words: str) -> None:
        self.screen.say(" ".join(filter(None, (self.screen.hints.said, words))))

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
        row = self.screen.target
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

        self.ask_first(ask, self._ask_quiet)

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
        row = self.screen.target
        if row is not None:
            self.do("upset", upset=not row.conversation.upset)

    def _take_chat(self) -> None:
        """Take the mail that looks like a chat as one: its lines first, then the mail."""
        row = self.screen.target
        if row is None:
            return
        here, who, now, us = row.conversation.id, self.seat.who, self.seat.now(), self.seat.us
        settings = self.seat.settings

        def take(store: Workspace) -> Outcome:
            from inbox.chat.mailed import MailedChats  # what reads transcripts: no paint waits for it
            from inbox.settings import Settings

            return MailedChats(store, settings or Settings(), us, now).take(here, who)

        self.screen.keyboard.wait()
        self.background.write(take, partial(self._chat_taken, here))

    def _chat_taken(self, conversation: int, outcome: Outcome) -> None:
        screen = self.screen
        if outcome.refusal is not None:
            screen.refuse(outcome.refusal)
        else:
            self.freshen((conversation, *outcome.conversations))
            screen.say("It is a chat now, line by line. The mail is kept with it.")
        screen.keyboard.go_on()

    def _take_next(self) -> None:
        who, now = self.seat.who, self.seat.now()

        def take(store: Store) -> Outcome:
            from inbox.taking import take_next  # with every action there is: no paint waits for it

            return take_next(store, who, now)

        self.screen.keyboard.wait()
        self.background.write(take, self._taken)

    def _taken(self, outcome: Outcome) -> None:
        screen = self.screen
        if outcome.refusal is not None:
            screen.refuse(outcome.refusal)
        else:
            (conversation,) = outcome.conversations
            screen.deeds.remember(
                Deed("take-next", (conversation,), screen.place, shown=screen.shelf.shown), outcome.events[0]
            )
            self.freshen((conversation,))
            screen.marks.leave()
            screen.keyboard.advanced()
            screen.moving.open_conversation(conversation)
            screen.say("It is yours.")
        screen.keyboard.go_on()

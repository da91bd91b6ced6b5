"""Telling many on the screen: one text, each letter shown before it goes, stopped as one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

from inbox.issues import Issue, named, wrong_name
from inbox.model import Refusal
from inbox.ports import Draft, Outcome, Workspace
from inbox.queries import Everything
from inbox.text import one_line
from tui.prompts import Prompt, yes_or_no
from tui.screens.part import Part
from tui.widgets.telling_pane import TellingPane

if TYPE_CHECKING:
    from inbox.queueing import Done
    from inbox.telling import From, Plan
    from tui.screens.inbox import InboxScreen
    from tui.screens.letter import Letter
    from tui.screens.to_many import ToMany

PLACE, ISSUES = "telling", "issues"
TELL = "tell"
"""How kinds of letters that go to many begin."""


class Telling(Part):
    """Takes one text to many."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self.pane = TellingPane()
        self._plan: Plan | None = None
        self._stop: Event | None = None  # while letters are queued: ends it
        self._draft: ToMany | None = None
        self._text = ""

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            "issue-tell": lambda: self._write(closes=False),
            "issue-close": lambda: self._write(closes=True),
            "issue-stop": self._stop_telling,
            "announce": self._announce,
            "set-aside": self._set_aside,
            "tell-now": self._confirm,
        }

    # the text

    def _write(self, closes: bool) -> None:
        from tui.screens.to_many import ToMany  # with every letter there is: no paint waits for it

        issue = self.screen.issues.under_hands()
        if issue is None:
            return
        standing = self.screen.issues.pane.current
        if not issue.is_open:
            self.screen.say("That issue is closed.")
        elif standing is not None and not standing.linked:
            self.screen.say(f"Nothing is linked to it yet: {self.called('link')} links a conversation.")
        else:
            kind = f"{TELL} {issue.name}" if not closes else f"{TELL}+close {issue.name}"
            announced = issue.kind == "announcement"  # which went out in letters of their own
            begun = issue.text if not announced else ""
            self._compose(ToMany(kind, issue=issue.name, closes=closes), begun)

    def _compose(self, letter: ToMany, begun: str = "") -> None:
        if not self.screen.writing.write_to_many(letter, begun):
            return
        if begun:
            self.screen.say("This was told last: the same text again goes to those only who do not have it.")

    def _announce(self) -> None:
        from tui.screens.to_many import ToMany

        def subject_for(text: str, _query: object) -> None:
            self.screen.ask(Prompt("Subject", lambda subject: write(text, str(subject)), free=True))

        def write(text: str, subject: str) -> None:
            wrong = wrong_name(named(subject))
            if wrong is not None:
                self.screen.say("An announcement needs a subject with a word in it.")
                return
            taken = {each.name: each for each in self.seat.store.issues.all()}
            name = next(
                each
                for each in (
                    named(subject),
                    *(f"{named(subject)[:36]}-{n}" for n in range(2, len(taken) + 3)),
                )
                if each not in taken or (taken[each].kind == "announcement" and taken[each].is_open)
            )
            self._compose(ToMany(f"{TELL} {name}", to=(text,), subject=subject, issue=name, announces=True))

        hint = "the customers of what a query finds, as in tag:lamp after:90d"
        self.screen.asking.ask_query("Announce to", hint, subject_for)

    def left(self) -> None:
        """What was written is kept as a draft, or was thrown away."""
        self.screen.issues.come_back()

    def open_draft(self, draft: Draft) -> None:
        """Write on at what was thrown away."""
        from tui.screens.to_many import ToMany

        way, _, name = draft.kind.partition(" ")
        letter = ToMany(
            draft.kind,
            to=draft.to,
            subject=draft.subject,
            issue=name,
            closes="close" in way,
            announces=bool(draft.to),
        )
        self.screen.writing.write_to_many(letter, draft.text)

    # the letters

    def written(self, letter: Letter, text: str) -> None:
        """Make every letter ready, and show them one at a time."""
        from tui.screens.to_many import ToMany

        assert isinstance(letter, ToMany)
        self.screen.writing.close()
        if not self.pane.is_attached:
            self.screen.mount(self.pane)
        self.pane.at = 0
        self.screen.go_to(PLACE)
        self.pane.tell(f"Tell {letter.issue}", "Making the letters ready …")
        by, now, zone = self._by(), self.seat.now(), self.seat.zone

        def make(store: Workspace) -> Plan:
            from inbox.queries import parse
            from inbox.telling import Told, plan, plan_announcement

            told = Told(letter.issue, text, letter.subject, closes=letter.closes)
            if letter.announces:
                node = parse(letter.to[0], now, zone) if letter.to else Everything()
                return plan_announcement(store, node, told, by, now)
            issue = store.issues.named(letter.issue) or Issue(letter.issue)
            return plan(store, issue, replace(told, subject=""), by, now)

        self._draft, self._text = letter, text
        self.background.go_through("telling", make, self._planned, self._failed)

    @property
    def _announces(self) -> bool:
        return self._draft is not None and self._draft.announces

    def _failed(self) -> None:
        """It could not be made ready, and was said why: back to the text."""
        self._stop = None
        if self._draft is not None and self.screen.place == PLACE:
            self.screen.writing.write_to_many(self._draft, self._text)

    def _by(self) -> From:
        from inbox.settings import Settings
        from inbox.telling import From

        seat = self.seat
        return From(seat.who, seat.senders, seat.us, seat.settings or Settings(), seat.profile)

    def _planned(self, plan: Plan) -> None:
        if self.screen.place != PLACE:
            return
        self._plan = plan
        if not plan.letters:
            words = "All of them have it already." if plan.already else "There is nobody to tell."
            self.screen.say(words)
        self._show()

    def _show(self) -> None:
        plan = self._plan
        if plan is None:
            return
        going = len(plan.going)
        parts = [f"{going} to be told", f"{len(plan.letters) - going} set aside"]
        parts += [f"{plan.already} told before"] if plan.already else []
        verb = "Close" if plan.told.closes else "Announce" if self._announces else "Tell"
        self.pane.show(
            f"{verb} {plan.told.issue}  {' · '.join(parts)}", plan.letters, self.called("set-aside", PLACE)
        )

    def _set_aside(self) -> None:
        plan, at = self._plan, self.pane.at
        if plan is None or not plan.letters or self._stop is not None:
            return
        letter = plan.letters[at]
        if letter.aside and letter.final:
            self.screen.say("Nothing can be sent there.")
            return
        changed = letter._replace(aside="" if letter.aside else "by hand")
        self._plan = plan._replace(letters=(*plan.letters[:at], changed, *plan.letters[at + 1 :]))
        self._show()
        if changed.aside:
            self.pane.go(at + 1)

    def _confirm(self) -> None:
        plan = self._plan
        if plan is None or self._stop is not None:
            return
        count = len(plan.going)
        if not count:
            self.screen.say("Nobody is left to be told.")
            return
        who = "1 customer" if count == 1 else f"{count} customers"
        closing = ", close theirs and the issue" if plan.told.closes else ""
        self.screen.ask(yes_or_no(f"Tell {who}{closing}?", self._queue))

    def _queue(self) -> None:
        plan = self._plan
        assert plan is not None
        stop = self._stop = Event()
        by, now, background = self._by(), self.seat.now(), self.background
        new = "announcement" if self._announces else ""
        title, under_way = self.pane.title, self.screen.under_way
        work = under_way.begin(
            "telling", plan.told.issue, stop.set, "Who was told stays told until it is undone."
        )
        tell = under_way.teller(work)

        def queue_all(store: Workspace) -> Done | Refusal:
            from inbox.queueing import queue

            def goes_on(done: int, total: int) -> bool:
                background.tell(
                    lambda words: self.pane.tell(title, words),
                    f"{done} of {total} are in the outbox. Esc stops.",
                )
                tell(done, total)
                return not stop.is_set() and not background.leaving

            return queue(store, plan, by, now, goes_on, new)

        def ended(done: Done | Refusal) -> None:
            under_way.end(work)
            self._queued(done)

        def failed() -> None:
            under_way.end(work)
            self._failed()

        self.background.go_through("", queue_all, ended, failed)

    def _queued(self, done: Done | Refusal) -> None:
        self._stop = None
        plan = self._plan
        if isinstance(done, Refusal):
            self._show()
            self.screen.refuse(done)
            return
        if self._draft is not None and plan is not None:
            self.screen.writing.forget(self._draft)
        self._plan = None
        from inbox.actions.tell import WINDOW

        self.screen.shelf.rang(None)
        self.screen.issues.come_back(plan.told.issue if plan is not None else "")
        left = f", {len(done.left_out)} left out" if done.left_out else ""
        why = f" ({one_line(done.left_out[0][1], 80)})" if done.left_out else ""
        key = self.called("issue-stop", ISSUES)
        self.screen.say(
            f"{done.queued} told{left}{why}. They leave in {WINDOW} s: {key} stops what has not left."
        )
        self.screen.status.count_down(self.seat.now() + WINDOW)

    def back(self) -> None:
        """Stop queueing; else from the letters back to their text."""
        if self._stop is not None:
            self._stop.set()
            return
        draft, self._plan = self._draft, None
        if draft is not None:
            self.screen.writing.write_to_many(draft, self._text)

    # stopping

    def _stop_telling(self) -> None:
        if self._stop is not None:
            self._stop.set()
        issue = self.screen.issues.under_hands()
        if issue is None:
            return
        if not issue.telling:
            self.screen.say("Nothing was told of it.")
            return
        who, now = self.seat.who, self.seat.now()

        def stop_it(store: Workspace) -> tuple[Outcome, int]:
            from inbox.queueing import stop

            outcome = stop(store, issue.telling, who, now)
            return outcome, len(store.issues.told(issue.telling))

        def stopped(found: tuple[Outcome, int]) -> None:
            outcome, have_it = found
            if outcome.refusal is not None:
                self.screen.refuse(outcome.refusal)
                return
            rest = f" {have_it} have it already." if have_it else " Nobody has it."
            self.screen.say(f"Stopped: what had not left is taken back.{rest}")
            self.screen.status.stop_counting()
            self.screen.shelf.rang(None)
            self.screen.issues.look(issue.name)

        self.background.write(stop_it, stopped)

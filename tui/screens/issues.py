"""Issues on the screen: linked by a key, seen with their counts, told all at once, each letter shown before it goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING

from inbox.errors import FrontdeskError
from inbox.issues import Issue, Spike, Standing, named, wrong_name
from inbox.model import Instant, Refusal
from inbox.ports import Draft, Outcome, Workspace
from inbox.queries import Everything, Node
from inbox.queries import Issue as LinkedTo
from inbox.saved_replies import subsequence
from inbox.text import one_line
from tui.prompts import Option, Prompt, yes_or_no
from tui.screens.deeds import decision
from tui.screens.letter import Letter as Written
from tui.screens.part import Part
from tui.screens.shelf import Shown
from tui.times import moment
from tui.widgets.issues_pane import IssuesPane
from tui.widgets.telling_pane import TellingPane

if TYPE_CHECKING:
    from inbox.queueing import Done
    from inbox.telling import From, Plan
    from tui.screens.inbox import InboxScreen

PLACE, TELLING = "issues", "telling"
TELL = "tell"
"""How kinds of letters that go to many begin."""


@dataclass(frozen=True)
class ToMany(Written):
    """One text for many, while it is written: of which issue, and to whom where it is an announcement.

    `to` holds the query of an announcement, which is what its draft remembers.
    """

    issue: str = ""
    closes: bool = False
    announces: bool = False

    @property
    def title(self) -> str:
        """What stands above the text."""
        places = "{first_name} and {name} are filled in"
        if self.announces:
            return f"Announcement · {one_line(self.subject, 60)} · {places}"
        return f"{'Close' if self.closes else 'Tell all of'} {self.issue} with this · {places}"

    def found_again(self, draft: Draft) -> Written:
        """The letter as a draft of it was left."""
        return replace(self, subject=draft.subject or self.subject, to=draft.to or self.to)


class Issues(Part):
    """Links conversations to issues, and tells all who are."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self.pane = IssuesPane()
        self.letters = TellingPane()
        self._from = "list"
        self._listed: Shown | None = None  # the conversations of an issue, while they are in the list
        self._plan: Plan | None = None
        self._stop: Event | None = None  # while letters are made ready or queued: ends it
        self._spikes: Sequence[Spike] = ()

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            "link": self._link,
            "unlink": lambda: self.screen.doing.do("unlink"),
            "issues": self.open,
            "issue-new": self._make,
            "issue-change": self._close_or_open,
            "issue-banner": self._banner,
            "issue-tell": lambda: self._write(closes=False),
            "issue-close": lambda: self._write(closes=True),
            "issue-stop": self._stop_telling,
            "link-spike": self._link_spike,
            "announce": self._announce,
            "set-aside": self._set_aside,
            "tell-now": self._confirm,
        }

    # linking

    def _link(self) -> None:
        targets = self.screen.doing.targets
        if targets:
            store = self.seat.store
            self._ask_issue(targets, store.issues.all(), store.issues.spikes())

    def _ask_issue(
        self,
        targets: Sequence[int],
        known: Sequence[Issue],
        spikes: Sequence[Spike] = (),
        begun: str = "",
        then: Callable[[], None] = lambda: None,
    ) -> None:
        open_ones = [each for each in known if each.is_open and each.kind != "announcement"]
        linked = any(row.conversation.issue is not None for row in self.seat.store.rows(targets[:50]))

        def offer(text: str) -> Sequence[Option]:
            text = text.strip()
            found = [
                Option(each.name, each, one_line(each.title, 80))
                for _, each in sorted(
                    ((_fits(each, text), each) for each in open_ones), key=lambda pair: -pair[0]
                )
                if _fits(each, text)
            ]
            name = named(text)
            if name and all(each.name != name for each in known):
                found += [
                    Option(f"new: {name}", ("issue", text), "an issue of this name"),
                    Option(f"new wish: {name}", ("wish", text), "a wish of customers"),
                ]
            if linked and "no issue".startswith(text.casefold()):
                found.insert(0 if text else len(found), Option("no issue", "unlink", "take the link off"))
            if not text:
                found += [Option(_in_short(each), each, "all of them") for each in spikes]
            return found

        def accept(answer: Option | str) -> None:
            value = answer.value if isinstance(answer, Option) else None
            if value == "unlink":
                self.screen.doing.do_to(tuple(targets), "unlink")
            elif isinstance(value, Spike):
                self._take_up(value)
            elif isinstance(value, Issue):
                self.screen.doing.do_to(tuple(targets), "link", issue=value.name)
                then()
            elif isinstance(value, tuple):
                kind, title = value
                name = named(title)
                self.screen.doing.do_to(tuple(targets), "link", issue=name, new=kind, title=title)
                then()

        what = f"Link {len(targets)} conversations to" if len(targets) > 1 else "Link it to"
        prompt = Prompt(
            what, accept, offer, lambda text: "" if text else "an issue, or the title of a new one"
        )
        if begun:
            prompt.fill(begun)
        self.screen.ask(prompt)

    def _link_spike(self) -> None:
        spikes = self.seat.store.issues.spikes()
        if spikes:
            self._take_up(spikes[0])
        else:
            self.screen.say("No word spikes just now.")

    def _take_up(self, spike: Spike) -> None:
        """Show what mentions the words, select all of it, and ask to which issue it is linked."""
        from inbox.queries import parse

        now, who = self.seat.now(), self.seat.who
        query = parse(spike.query, now, self.seat.zone)
        self.screen.keyboard.wait()

        def found(ids: Sequence[int]) -> None:
            if not ids:
                self.screen.say("All of them are linked, or answered elsewhere.")
            else:
                self._list(f"Mentions “{spike.words}”", query)
                self.screen.list.show(list(ids), None, "Nothing here.")
                self.screen.list.selected = set(ids)
                self.screen.list.repaint()
                begun = "" if wrong_name(named(spike.words)) else spike.words.capitalize()
                self._ask_issue(
                    list(ids), self.seat.store.issues.all(), begun=begun, then=lambda: self._taken_up(spike)
                )
            self.screen.keyboard.go_on()

        self.background.read("spike", lambda store: list(store.ids(query, who, now)), found)

    def _taken_up(self, spike: Spike) -> None:
        """What it names is linked: it is no news any more, before the worker looks again."""

        def forget(store: Workspace) -> None:
            book = store.issues
            book.noticed([each for each in book.spikes() if each.words != spike.words], book.looked_at())

        self.background.write(forget, lambda _: self.screen.shelf.rang(frozenset()))

    def hear(self, spikes: Sequence[Spike]) -> str:
        """Something has changed: see the counts anew where they are seen. What spikes, in one calm line; "" when nothing
        does."""
        if self.screen.place == PLACE:
            self.look()
        return f"{_in_short(spikes[0])} · {self.called('link')} links them" if spikes else ""

    # the list of issues

    def open(self) -> None:
        """Show the issues with their counts."""
        screen = self.screen
        if not self.pane.is_attached:
            screen.mount(self.pane)
        if screen.place not in (PLACE, TELLING):
            self._from = screen.place
        screen.go_to(PLACE)
        self.look()

    def close(self) -> None:
        """Back to where it was opened."""
        self.screen.go_to(self._from)

    def look(self, then: str = "") -> None:
        """Read the issues and their counts anew; with `then`, put the hands on that one."""

        def show(found: tuple[list[Standing], list[Spike]]) -> None:
            standings, self._spikes = found
            self.pane.show(standings, [self._sentences(each) for each in standings], self._spike_here())
            if then:
                self.pane.find(then)

        self.background.read("issues", lambda store: (store.issues.standings(), store.issues.spikes()), show)

    def _spike_here(self) -> str:
        if not self._spikes:
            return ""
        return f"{_in_short(self._spikes[0])} · {self.called('link-spike', PLACE)} links them"

    def _sentences(self, standing: Standing) -> list[str]:
        """What is to be known of an issue beside its counts."""
        issue, now, zone = standing.issue, self.seat.now(), self.seat.zone
        found = (
            [f"{issue.kind.capitalize()} since {moment(issue.begun, now, zone)} by {issue.who}."]
            if issue.who
            else []
        )
        banner = issue.banner_at(now)
        if banner and issue.banner_until is not None:
            where = "every new answer" if issue.everywhere else "answers here"
            until = moment(issue.banner_until, now, zone)
            found.append(f"Banner on top of {where} until {until}: “{one_line(banner, 120)}”")
        if issue.told_at is not None:
            said = one_line(issue.subject or issue.text, 100)
            found.append(f"Told {moment(issue.told_at, now, zone)}: “{said}”{self._under_way(standing)}")
        return found

    def _under_way(self, standing: Standing) -> str:
        parts = []
        if standing.leaving:
            parts.append(f"{standing.leaving} leave yet, {self.called('issue-stop', PLACE)} stops them")
        if standing.failed:
            parts.append(f"{standing.failed} did not arrive")
        return f" · {', '.join(parts)}" if parts else ""

    def look_into(self) -> None:
        """The conversations of the issue under the hands, as a list."""
        standing = self.pane.current
        if standing is not None:
            self._list(f"Issue {standing.issue.name}", LinkedTo(standing.issue.name))

    def _list(self, label: str, query: Node) -> None:
        self._listed = Shown("", label, query, "Nothing is linked to it.")
        self.screen.shelf.search(self._listed)
        self.screen.go_to("list")

    def comes_back(self) -> bool:
        """From the conversations of an issue back to it; whether the list shows such."""
        listed, self._listed = self._listed, None
        if listed is None or self.screen.shelf.shown is not listed or not self.screen.shelf.leave_search():
            return False
        self.screen.go_to(PLACE)
        self.look()
        return True

    # making and changing them

    def _make(self) -> None:
        def offer(text: str) -> Sequence[Option]:
            name = named(text)
            if not name:
                return ()
            return (
                Option(f"issue: {name}", ("issue", text.strip())),
                Option(f"wish: {name}", ("wish", text.strip()), "of customers"),
            )

        def accept(answer: Option | str) -> None:
            if isinstance(answer, Option) and isinstance(answer.value, tuple):
                kind, title = answer.value
                self._change("issue-new", issue=named(title), kind=kind, title=title)

        hint = "its title, as in Carrier strike"
        self.screen.ask(Prompt("New issue", accept, offer, lambda text: "" if text else hint))

    def _close_or_open(self) -> None:
        issue = self._under_hands()
        if issue is not None:
            self._change("issue-change", issue=issue.name, is_open=not issue.is_open)

    def _banner(self) -> None:
        issue = self._under_hands()
        if issue is None:
            return
        if issue.banner_at(self.seat.now()):
            self.screen.ask(
                yes_or_no(
                    "Take the banner away?", lambda: self._change("issue-banner", issue=issue.name, text="")
                )
            )
            return

        def text(answer: Option | str) -> None:
            said = str(answer)
            if said:
                self.screen.doing.questions.ask_until("Banner until", lambda until: where(said, until), None)

        def where(said: str, until: Instant) -> None:
            def put(answer: Option | str) -> None:
                everywhere = isinstance(answer, Option) and bool(answer.value)
                self._change("issue-banner", issue=issue.name, text=said, until=until, everywhere=everywhere)

            ways = (Option("linked ones", False, key="l"), Option("every new answer", True, key="e"))
            self.screen.ask(Prompt("On top of answers in", put, lambda _: ways, asks_line=False))

        hint = "a sentence that stands on top of answers"
        self.screen.ask(Prompt("Banner", text, preview=lambda said: "" if said else hint, free=True))

    def _change(self, verb: str, **arguments: object) -> None:
        who, now = self.seat.who, self.seat.now()
        name = str(arguments["issue"])

        def done(outcome: Outcome) -> None:
            if outcome.refusal is not None:
                self.screen.refuse(outcome.refusal)
                return
            self.screen.say(f"Done. {self.called('undo')} takes it back.")
            self.look(name)

        self.background.write(lambda store: store.change(*decision(verb, **arguments), who, now), done)

    def _under_hands(self) -> Issue | None:
        standing = self.pane.current
        if standing is None:
            self.screen.say(f"There is no issue yet: {self.called('issue-new', PLACE)} makes one.")
        return standing.issue if standing is not None else None

    # writing what is told

    def _write(self, closes: bool) -> None:
        issue = self._under_hands()
        if issue is None:
            return
        if not issue.is_open:
            self.screen.say("That issue is closed.")
        else:
            kind = f"{TELL} {issue.name}" if not closes else f"{TELL}+close {issue.name}"
            begun = (
                issue.text if issue.kind != "announcement" else ""
            )  # which went out in letters of their own
            self._compose(ToMany(kind, issue=issue.name, closes=closes), begun)

    def _compose(self, letter: ToMany, begun: str = "") -> None:
        if not self.screen.writing.write_to_many(letter, begun):
            return
        if begun:
            self.screen.say("This was told last: the same text again goes to those only who do not have it.")

    def _announce(self) -> None:
        from inbox.queries import parse

        now, zone = self.seat.now(), self.seat.zone

        def preview(text: str) -> str:
            try:
                parse(text, now, zone)
            except FrontdeskError as error:
                return f"{error.what} {error.next_step}" if len(text) > 2 else ""
            return "" if text else "the customers of what a query finds, as in tag:lamp after:90d"

        def query(answer: Option | str) -> None:
            text = str(answer)
            try:
                parse(text, now, zone)
            except FrontdeskError as error:
                self.screen.complain(error)
                return
            if text:
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

        if self.screen.place != TELLING:
            self._from = self._from if self.screen.place == PLACE else self.screen.place
        self.screen.ask(Prompt("Announce to", query, preview=preview, free=True))

    def left(self) -> None:
        """What was written is kept as a draft, or was thrown away."""
        self.open()

    def open_draft(self, draft: Draft) -> None:
        """Write on at what was thrown away."""
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

    def written(self, letter: Written, text: str) -> None:
        """Make every letter ready, and show them one at a time."""
        assert isinstance(letter, ToMany)
        self.screen.writing.close()
        if not self.letters.is_attached:
            self.screen.mount(self.letters)
        if not self.pane.is_attached:
            self.screen.mount(self.pane)
        self.letters.at = 0
        self.screen.go_to(TELLING)
        self.letters.tell(f"Tell {letter.issue}", "Making the letters ready …")
        by, now, zone = self._by(), self.seat.now(), self.seat.zone

        def make(store: Workspace) -> tuple[Plan, int]:
            from inbox.queries import parse
            from inbox.telling import Told, plan, plan_announcement

            told = Told(letter.issue, text, letter.subject, closes=letter.closes)
            if letter.announces:
                node = parse(letter.to[0], now, zone) if letter.to else Everything()
                found = plan_announcement(store, node, told, by, now)
                return found, 0
            issue = store.issues.named(letter.issue) or Issue(letter.issue)
            return plan(store, issue, replace(told, subject=""), by, now), 0

        self._announces, self._draft, self._text = letter.announces, letter, text
        self.background.go_through("telling", make, lambda found: self._planned(found[0]), self._failed)

    _announces = False
    _draft: ToMany | None = None
    _text = ""

    def _failed(self) -> None:
        """It could not be made ready, and was said why: back to the text."""
        self._stop = None
        if self._draft is not None and self.screen.place == TELLING:
            self.screen.writing.write_to_many(self._draft, self._text)

    def _by(self) -> From:
        from inbox.settings import Settings
        from inbox.telling import From

        return From(self.seat.who, self.seat.senders, self.seat.us, self.seat.settings or Settings())

    def _planned(self, plan: Plan) -> None:
        if self.screen.place != TELLING:
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
        self.letters.show(
            f"{verb} {plan.told.issue}  {' · '.join(parts)}", plan.letters, self.called("set-aside", TELLING)
        )

    def _set_aside(self) -> None:
        plan, at = self._plan, self.letters.at
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
            self.letters.go(at + 1)

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
        title = self.letters.title

        def queue_all(store: Workspace) -> Done | Refusal:
            from inbox.queueing import queue

            def goes_on(done: int, total: int) -> bool:
                background.tell(
                    lambda words: self.letters.tell(title, words),
                    f"{done} of {total} are in the outbox. Esc stops.",
                )
                return not stop.is_set() and not background.leaving

            return queue(store, plan, by, now, goes_on, new)

        self.background.go_through("telling", queue_all, self._queued, self._failed)

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
        self.screen.go_to(PLACE)
        self.look(plan.told.issue if plan is not None else "")
        left = f", {len(done.left_out)} left out" if done.left_out else ""
        why = f" ({one_line(done.left_out[0][1], 80)})" if done.left_out else ""
        key = self.called("issue-stop", PLACE)
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
        issue = self._under_hands()
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
            self.look(issue.name)

        self.background.write(stop_it, stopped)


def _in_short(spike: Spike) -> str:
    """ "27 in 90 min mention “strike”"."""
    from inbox.spikes import WINDOW

    return f"{spike.many} in {WINDOW // 60} min mention “{one_line(spike.words, 40)}”"


def _fits(issue: Issue, text: str) -> float:
    if not text:
        return 1.0
    return max(subsequence(text, issue.name), subsequence(text, issue.title))

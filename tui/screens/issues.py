"""The list of issues on the screen: their counts, what is to be known of each, made, changed and opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from inbox.issues import Issue, Spike, Standing, named
from inbox.model import Instant
from inbox.ports import Outcome
from inbox.queries import Issue as LinkedTo
from inbox.text import one_line
from tui.prompts import LineEditor, Option, Prompt, yes_or_no
from tui.screens.deeds import decision
from tui.screens.leading import Leading
from tui.screens.linking import in_short
from tui.times import moment
from tui.widgets.issues_pane import IssuesPane

if TYPE_CHECKING:
    from tui.screens.inbox import InboxScreen

PLACE = "issues"


class Issues(Leading):
    """Shows issues with their counts, and changes them."""

    place = PLACE

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self.pane = IssuesPane()
        self._from = "list"
        self._spikes: Sequence[Spike] = ()
        self._typed: dict[str, str] = {}  # banners that were not put up: a colleague was quicker

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            "issues": self.open,
            "issue-new": self._make,
            "issue-change": self._close_or_open,
            "issue-banner": self._banner,
        }

    # looking

    def hear(self, spikes: Sequence[Spike]) -> str:
        """Something has changed: see the counts anew where they are seen. What spikes, in one calm line; "" when nothing
        does."""
        if self.screen.place == PLACE:
            self.look()
        return f"{in_short(spikes[0])} · {self.called('link')} links them" if spikes else ""

    def open(self) -> None:
        """Show the issues with their counts."""
        screen = self.screen
        if screen.place != PLACE:
            self._from = screen.place
        self.come_back()

    def come_back(self, name: str = "") -> None:
        """The list of issues again, with the hands on one of them."""
        if not self.pane.is_attached:
            self.screen.mount(self.pane)
        self.screen.go_to(PLACE)
        self.look(name)

    def close(self) -> None:
        """Back to where it was opened."""
        self.screen.go_to(self._from)

    def look(self, then: str = "") -> None:
        """Read the issues and their counts anew; with `then`, put the hands on that one."""

        def show(found: tuple[list[Standing], list[Spike]]) -> None:
            standings, self._spikes = found
            before = self.pane.current
            self.pane.spike = self._spike_here()
            self.pane.put(standings, [self._sentences(each) for each in standings])
            after = self.pane.current
            if before is not None and after is not None and before.issue.name != after.issue.name:
                self.screen.keyboard.advanced()  # it is gone, and another one is under the hands
            if then:
                self.pane.find(then)

        self.background.read("issues", lambda store: (store.issues.standings(), store.issues.spikes()), show)

    def _spike_here(self) -> str:
        if not self._spikes:
            return ""
        return f"{in_short(self._spikes[0])} · {self.called('link-spike', PLACE)} links them"

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
            query = LinkedTo(standing.issue.name)
            self.list_what(f"Issue {standing.issue.name}", query, "Nothing is linked to it.")

    def comes_back(self) -> bool:
        """The same, with the counts as they are by then."""
        came = super().comes_back()
        if came:
            self.look()
        return came

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
        issue = self.under_hands()
        if issue is not None:
            self._change("issue-change", issue=issue.name, is_open=not issue.is_open)

    def _banner(self) -> None:
        issue = self.under_hands()
        if issue is None:
            return
        seen = issue.banner_at(self.seat.now())
        if seen:
            self.screen.ask(
                yes_or_no(
                    "Take the banner away?",
                    lambda: self._change("issue-banner", issue=issue.name, text="", seen=seen),
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
                self._typed[issue.name] = said
                about = {"issue": issue.name, "text": said, "until": until, "everywhere": everywhere}
                self._change("issue-banner", **about, seen=seen)

            ways = (Option("linked ones", False, key="l"), Option("every new answer", True, key="e"))
            self.screen.ask(Prompt("On top of answers in", put, lambda _: ways, asks_line=False))

        hint = "a sentence that stands on top of answers"
        prompt = Prompt("Banner", text, preview=lambda said: "" if said else hint, free=True)
        prompt.line = LineEditor(self._typed.get(issue.name, ""))
        self.screen.ask(prompt)

    def _change(self, verb: str, **arguments: object) -> None:
        who, now = self.seat.who, self.seat.now()
        name = str(arguments["issue"])

        def done(outcome: Outcome) -> None:
            if outcome.refusal is not None:
                self.screen.refuse(outcome.refusal)
                return
            self._typed.pop(name, None)
            self.screen.say(f"Done. {self.called('undo')} takes it back.")
            self.look(name)

        self.background.write(lambda store: store.change(*decision(verb, **arguments), who, now), done)

    def under_hands(self) -> Issue | None:
        """The issue the hands are on; None where there is none, which is said."""
        standing = self.pane.current
        if standing is None:
            self.screen.say(f"There is no issue yet: {self.called('issue-new', PLACE)} makes one.")
        return standing.issue if standing is not None else None

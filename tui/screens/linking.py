"""Linking conversations to issues: an issue found by a few letters or made, and all that mention a word that spikes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from inbox.issues import Issue, Spike, named, wrong_name
from inbox.ports import Workspace
from inbox.text import one_line
from tui.prompts import Option, Prompt
from tui.screens.part import Part


class Linking(Part):
    """Asks to which issue conversations are linked."""

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            "link": self._link,
            "unlink": lambda: self.screen.doing.do("unlink"),
            "link-spike": self._link_spike,
        }

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
                found += [Option(in_short(each), each, "all of them") for each in spikes]
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
                self.screen.issues.list_what(f"Mentions “{spike.words}”", query, "Nothing is linked to it.")
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


def in_short(spike: Spike) -> str:
    """ "27 in 90 min mention “strike”"."""
    from inbox.spikes import WINDOW

    return f"{spike.many} in {WINDOW // 60} min mention “{one_line(spike.words, 40)}”"


def _fits(issue: Issue, text: str) -> float:
    from inbox.saved_replies import subsequence  # when first asked: no paint waits for it

    if not text:
        return 1.0
    return max(subsequence(text, issue.name), subsequence(text, issue.title))

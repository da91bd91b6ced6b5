"""The first minutes: an empty list invites, the first conversation teaches five keys, and what is done is said so.

Nothing here stands in the way: words where nothing else stands, one line above a conversation that goes as its keys are
used, and no question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from inbox.errors import FrontdeskError
from inbox.text import one_line
from tui.screens.part import Part

if TYPE_CHECKING:
    from inbox.habits import Habits
    from inbox.ports import Workspace
    from tui.screens.inbox import InboxScreen


class FirstSteps(Part):
    """Invites, teaches and counts what hands know."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        if self.seat.habits is not None:
            screen.hints.known = self.seat.habits.known

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {"first-steps": self._turn}

    @property
    def _habits(self) -> Habits | None:
        return self.seat.habits

    # what hands know

    def did(self, verb: str) -> None:
        """A verb was done: a first step that was done goes."""
        habits = self._habits
        if habits is not None:
            taught = verb in habits.left
            habits.did(verb)
            if taught:
                self.screen.conversation.repaint()

    def leave(self) -> None:
        """Frontdesk is left: write down what was done."""
        habits, who = self._habits, self.seat.who.name
        if habits is not None and (habits.new or habits.turned):

            def keep(store: Workspace) -> None:
                try:
                    store.attendance.keep_habits(who, habits)
                except FrontdeskError:
                    return  # whoever leaves hears nothing of hints; a full disk was told where it mattered

            self.background.write(keep)

    def _turn(self) -> None:
        habits = self._habits
        if habits is None:
            self.screen.say("There are no first steps here.")
            return
        shown = habits.turn()
        key = self.called("first-steps")
        self.screen.conversation.redraw()
        self.screen.say(
            "The first steps stand above each conversation until they are done."
            if shown
            else f"No more first steps. {key} shows them again."
        )

    # an empty list

    def words(self) -> str:
        """What an empty list says; keys and commands stand between backquotes. "" leaves the word to the view."""
        shelf, counts = self.screen.shelf, self.screen.views.counts
        if not shelf.shown.name or self.screen.list.ids:
            return ""
        if not counts.get("all") and not counts.get("spam"):
            return self._empty_workspace()
        if shelf.shown.name == "due":
            return self._all_done(counts)
        return ""

    def _empty_workspace(self) -> str:
        write = self.called("new")
        mailboxes = self.screen.mailboxes
        if not mailboxes.known:
            leaves, helps = self.called("quit"), self.called("help")
            if self.seat.restricted:
                return invitation_on_a_host(leaves, helps)
            return invitation(leaves, helps, called_here())
        names = ", ".join(one_line(mailbox.address, 40) for mailbox in mailboxes.known[:3])
        standing, trouble = mailboxes.standing, mailboxes.in_short
        how = f"`{self.called('mailboxes')}` shows how it stands with {names}."
        if standing is None:
            return f"Nothing has come yet.\n\n{how}"
        if any(state.of > 0 for state in standing.states.values()) and standing.runs:
            return (
                "The first mail is on its way, the newest first.\n\n"
                f"What comes stands here at once, and can be answered while the rest comes.\n{how}"
            )
        if trouble:
            return f"Nothing has come yet: {trouble}.\n\n{how}"
        return (
            f"Nothing has come yet.\n\nEvery mailbox is listened to: what comes stands here at once.\n{how}\n"
            f"`{write}` writes to somebody."
        )

    def _all_done(self, counts: Mapping[str, int]) -> str:
        rest = [
            f"{counts[name]:,} {words}".replace(",", " ")
            for name, words in (
                ("waiting", "wait for the customer"),
                ("snoozed", "snoozed"),
                ("held", "held or promised"),
            )
            if counts.get(name)
        ]
        lines = [self.screen.list.empty.partition("\n")[0]]
        if rest:
            lines += ["", f"{' · '.join(rest)}: each comes back in time."]
        keys = [("view-0", "all"), ("search", "search"), ("report", "report")]
        if not self.seat.alone:
            keys.append(("activity", "done today"))
        if counts.get("all") and counts.get("all") == counts.get("closed"):
            keys.insert(1, ("import-left", "left by the import"))
        return "\n".join([*lines, "", "   ".join(f"`{self.called(verb)}` {words}" for verb, words in keys)])

    def counted(self, counts: Mapping[str, int]) -> None:
        """The views were counted: that nothing is due any more stands above a list that is still there, and above that of
        what calls for somebody, how it is sent away."""
        screen = self.screen
        if screen.shelf.shown.name == "for-me" and counts.get("for-me"):
            screen.list.note = f"{self.called('seen')} seen"
        if screen.shelf.shown.name == "due" and screen.list.ids and not counts.get("due"):
            screen.list.note = f"everybody is answered · {self.called('take-in')}"


@cache
def called_here() -> str:
    """What starts Frontdesk here: the command, where it is installed; else the script beside it."""
    from shutil import which

    return "frontdesk" if which("frontdesk") else "./run"


def invitation(leaves: str, helps: str, command: str = "frontdesk") -> str:
    """The three ways to begin. `leaves` and `helps` are keys, `command` starts Frontdesk."""
    ways = (
        ("demo", "a made-up shop to try everything in"),
        ("import ~/Maildir", "your own mail, as a copy: nothing changes there"),
        ("init", "a real mailbox: finds its servers, then fetches"),
    )
    width = len(command) + 19
    return "\n".join(
        (
            "Welcome. Nothing is here yet: three ways to begin.",
            "",
            *(f"`{f'{command} {words}':<{width}}`{meaning}" for words, meaning in ways),
            "",
            f"These are commands: `{leaves}` leaves Frontdesk, then type one.",
            f"`{helps}` shows the keys.",
        )
    )


def invitation_on_a_host(leaves: str, helps: str) -> str:
    """The same for who has no command line there."""
    return "\n".join(
        (
            "Welcome. Nothing is here yet.",
            "",
            "Whoever keeps this host begins: `frontdesk init` sets up a mailbox there,",
            "`frontdesk import` takes in mail that there is.",
            "",
            f"`{leaves}` leaves Frontdesk. `{helps}` shows the keys.",
        )
    )

"""How it stands with the worker and the mailboxes: looked at every few seconds, told where it matters.

A look is one small read on the reader's thread. Nothing is painted unless the words have changed. Nothing is told of a
mailbox that who sits here may not see, and it is not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from inbox.errors import FrontdeskError
from tui.screens.part import Part

if TYPE_CHECKING:
    from inbox.feeds import FeedState
    from inbox.ports import Workspace
    from inbox.settings import Feed, Mailbox
    from tui.mailbox_words import Standing
    from tui.screens.inbox import InboxScreen
    from tui.widgets.mailboxes_pane import MailboxesPane

PLACE = "mailboxes"
BEGINNING = 15.0
"""Seconds a worker may take to be there before the bottom line says that there is none."""


class Mailboxes(Part):
    """Sees to it that there is a worker, and says how it stands."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self.standing: Standing | None = None  # None: not looked yet
        self._from = "list"
        self._missing_since: float | None = None

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {"mailboxes": self.open, "sync-now": self._sync_now}

    @cached_property
    def pane(self) -> MailboxesPane:
        """The pane, made when it is first opened."""
        from tui.widgets.mailboxes_pane import MailboxesPane

        return MailboxesPane()

    @property
    def known(self) -> Sequence[Mailbox]:
        """The mailboxes that who sits here may know of, as the settings say by now."""
        seat = self.seat
        if seat.settings is None:
            return seat.mailboxes
        from inbox.restricting import known_to

        return known_to(seat.settings, seat.who.name)

    @property
    def in_short(self) -> str:
        """The words for the bottom line."""
        if self.standing is None:
            return ""
        from tui.mailbox_words import in_short

        seat, key = self.seat, self.called("mailboxes")
        return in_short(self.standing, self.known, seat.now(), seat.zone, key, narrow=self.screen.is_narrow)

    # looking

    def look(self) -> None:
        """See how it stands, and start a worker where there is none."""
        if self.seat.mailboxes or (self.seat.settings is not None and self.seat.settings.has_work):
            seen = self.screen.place == PLACE
            self.background.read("mailboxes", lambda store: self._ask(store, seen), self._see)

    def _ask(self, store: Workspace, seen: bool, at_once: bool = False) -> Standing | None:
        from tui.mailbox_words import Standing, answers_waiting

        starter, mailboxes = self.seat.starter, self.known
        names = {mailbox.name for mailbox in mailboxes}
        try:
            states = {state.mailbox: state for state in store.mailboxes() if state.mailbox in names}
            waiting: dict[str, int] = {}
            if seen:
                outbox = store.outbox()
                rows = store.rows([line.conversation for line in outbox])
                waiting = answers_waiting(
                    outbox, {row.conversation.id: row.conversation.mailbox for row in rows}, mailboxes
                )
            stopped, feeds = self._stopped_rules(store), self._states_of_feeds(store)
            if starter is None:
                runs = store.worker() is not None
                return Standing(states, runs, waiting=waiting, rules=stopped, feeds=feeds)
            found = starter.look(store, at_once)
        except FrontdeskError:
            return None  # a disk that fails is told where something was asked for, not every few seconds
        why = found.why if found.mailbox in names or not found.mailbox else "It cannot be started from here."
        return Standing(states, found.runs, found.starting, why, waiting, stopped, feeds)

    @property
    def _feeds(self) -> Sequence[Feed]:
        return self.seat.settings.feeds if self.seat.settings is not None else ()

    def _states_of_feeds(self, store: Workspace) -> tuple[FeedState, ...]:
        if not self._feeds:
            return ()
        from inbox.feeds import state_of

        known = store.feeds.states()
        return tuple(state_of(feed, known) for feed in self._feeds)

    def _stopped_rules(self, store: Workspace) -> dict[str, str]:
        """Rules that have stopped themselves, and why; where there are rules at all."""
        settings = self.seat.settings
        if settings is None or not settings.rule_rows:
            return {}
        known = store.rulebook.kept()
        return {name: each.stopped for name, each in known.items() if each.stopped}

    def _see(self, standing: Standing | None) -> None:
        if standing is None:
            return
        now = self.seat.monotonic()
        if not standing.starting:
            self._missing_since = None
        elif self._missing_since is None:
            self._missing_since = now
        elif now - self._missing_since > BEGINNING:
            standing = standing._replace(starting=False, why="It was started and is not there yet.")
        self.standing = standing
        self.screen.status.show()
        if not self.screen.list.ids:
            self.screen.list.repaint()  # which says how it stands while nothing is there
        self._show()

    # the pane

    def open(self) -> None:
        """Show every mailbox."""
        screen = self.screen
        if not self.pane.is_attached:
            screen.mount(self.pane)
        if screen.place != PLACE:
            self._from = screen.place
        screen.go_to(PLACE)
        self._show()
        self.look()

    def close(self) -> None:
        """Back to where it was opened."""
        self.screen.go_to(self._from)

    def _show(self) -> None:
        seat = self.seat
        if self.screen.place == PLACE and (self.standing is not None or not (self.known or self._feeds)):
            from tui.mailbox_words import Standing, in_full

            standing, key = self.standing or Standing(), self.called("sync-now", PLACE)
            self.pane.show(in_full(standing, self.known, seat.now(), seat.zone, key))

    def _sync_now(self) -> None:
        now = self.seat.now()
        if not self.known and not self._feeds:
            self.screen.say("No mailbox is set up: frontdesk init asks for one.")
            return

        def look(_: object) -> None:  # where the other looks are: a starter serves one thread
            self.background.read(
                "sync-now",
                lambda store: self._ask(store, seen=True, at_once=True),  # also where it has just failed
                self._asked,
            )

        self.background.write(lambda store: store.jobs.add("sync", "", now), look)

    def _asked(self, standing: Standing | None) -> None:
        self._see(standing)
        runs = standing is not None and (standing.runs or standing.starting)
        self.screen.say(
            "Asked: every mailbox is looked into now."
            if runs
            else "Noted: every mailbox is looked into as soon as a worker runs."
        )

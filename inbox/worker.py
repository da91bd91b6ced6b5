"""The one process that talks to the world: fetch, place, send, tick. Here one pass of it, as `frontdesk sync` makes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from inbox.actions import reopen
from inbox.channels.imap import connect
from inbox.channels.trouble import Secret
from inbox.errors import FrontdeskError
from inbox.fetching import place_waiting, pull
from inbox.model import Instant, Who
from inbox.ports import Jobs, Outbox, Places, Scope, Store
from inbox.sending import keep_copies, send_due
from inbox.settings import Mailbox, Settings
from inbox.us import Us


@dataclass(slots=True)
class Pass:
    """What one pass did. `troubles`: (mailbox, error) for each mailbox that could not be reached or asked."""

    fetched: int = 0
    placed: int = 0
    gone: int = 0
    woken: int = 0
    sent: dict[int, str] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    troubles: list[tuple[str, FrontdeskError]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Worker:
    """What the worker works with; everything it touches is handed in."""

    store: Store
    places: Places
    outbox: Outbox
    jobs: Jobs
    settings: Settings
    us: Us
    secret: Callable[[Mailbox], Secret]
    clock: Callable[[], Instant]
    progress: Callable[[str], None] = lambda _: None
    cancelled: Callable[[], bool] = lambda: False

    def once(self) -> Pass:
        """Recover, fetch every mailbox, place what came, send what is due, keep copies, wake what is due."""
        done = Pass()
        self.outbox.recover(self.clock())
        self._place(done)
        for mailbox in self.settings.mailboxes:
            if self.cancelled():
                break
            self._fetch(mailbox, done)
            self._place(done)
        if self.settings.mailboxes and not self.cancelled():
            self._send(done)
        done.woken = self.wake()
        return done

    def wake(self) -> int:
        """Open what was snoozed or held until now; how many."""
        now = self.clock()
        due = self.store.to_wake(now)
        changes = (
            (
                Scope(conversations=(number,)),
                lambda state, who, at, n=number: reopen.wake(state, who, at, conversation=n),
            )
            for number in due
        )
        if due:
            self.store.change_each(changes, Who("clock"), now)
        return len(due)

    def _fetch(self, mailbox: Mailbox, done: Pass) -> None:
        try:
            with connect(mailbox, self.secret(mailbox)) as connection:
                pulled = pull(
                    connection,
                    mailbox,
                    self.places,
                    self.clock(),
                    lambda folder, n, of: self.progress(f"{mailbox.name}: {folder} {n} of {of}"),
                    self.cancelled,
                )
                done.fetched += pulled.fetched
                done.gone += pulled.gone
                done.questions += pulled.questions
        except FrontdeskError as error:
            done.troubles.append((mailbox.name, error))

    def _place(self, done: Pass) -> None:
        done.placed += place_waiting(
            self.store,
            self.places,
            self.us,
            self.clock(),
            open_for=self.settings.import_open_for,
            new_after_closed=self.settings.new_after_closed,
            cancelled=self.cancelled,
            progress=lambda n: self.progress(f"{n} placed"),
        )

    def _send(self, done: Pass) -> None:
        sent = asyncio.run(send_due(self.outbox, self.settings.mailboxes, self.secret, self.clock))
        done.sent = sent.states
        done.notes += sent.notes
        done.troubles += sent.troubles
        copies = [job for job in self.jobs.due(self.clock()) if job.kind in ("sent-copy", "look-in-sent")]
        if not copies:
            return
        for number, mailbox in enumerate(self.settings.mailboxes):
            if not any(self._belongs(int(job.data), mailbox, number == 0) for job in copies):
                continue
            try:
                with connect(mailbox, self.secret(mailbox)) as connection:
                    notes = keep_copies(
                        self.jobs, self.outbox, mailbox, number == 0, connection, self.clock()
                    )
                    done.notes += notes
            except FrontdeskError as error:
                done.notes.append(error.what)

    def _belongs(self, message: int, mailbox: Mailbox, is_default: bool) -> bool:
        going = self.outbox.sent(message)
        return going is None or going.mailbox == mailbox.name or (is_default and going.mailbox is None)

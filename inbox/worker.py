"""The one process that talks to the world: fetch, place, send, tick. Here one pass of it, as `frontdesk sync` makes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from functools import partial

from inbox.abreast import abreast
from inbox.beside import Beside, Lot
from inbox.channels.imap import connect
from inbox.channels.plan import Cursor
from inbox.channels.trouble import BadPassword, Secret
from inbox.errors import FrontdeskError
from inbox.fetching import Step, news
from inbox.intake import Intake
from inbox.model import Instant
from inbox.ports import Going, Job, Jobs, Outbox, Places, Store, Waiting
from inbox.sending import Sending, copies_due, keep_copies, leaves_by
from inbox.settings import Mailbox, Settings
from inbox.us import Us
from inbox.waking import wake

NOT_PLACED = "Mail has come that could not be placed: its bytes are kept, and it is tried again."


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

    @property
    def locked_out(self) -> set[str]:
        """Mailboxes whose password was refused: they are not asked again in this pass."""
        return {name for name, error in self.troubles if isinstance(error, BadPassword)}


@dataclass(frozen=True, slots=True)
class Worker:
    """What the worker works with; everything it touches is handed in. Only who holds the worker's lease may use it."""

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
        done.placed += self._intake().place_waiting(self.cancelled)
        with Beside() as beside:
            self._fetch(done, beside)
        done.placed += self._intake().place_waiting(self.cancelled)
        if self.places.waiting(1) and not self.cancelled():
            done.notes.append(NOT_PLACED)
        done.sent |= dict.fromkeys(self.outbox.found_in_places(self.clock()), "sent")
        if self.settings.mailboxes and not self.cancelled():
            self._send(done)
            self._copies(done)
        done.woken = wake(self.store, self.clock())
        return done

    def _fetch(self, done: Pass, beside: Beside) -> None:
        """Take in what all mailboxes bring. This thread alone writes: what comes is made safe at once and placed; a
        large lot is placed when the next has come, and read meanwhile."""
        sources = {
            mailbox.name: partial(self._news, mailbox, self.places.cursors(mailbox.name))
            for mailbox in self.settings.mailboxes
        }
        older: tuple[list[Waiting], Lot] | None = None
        for name, step in abreast(sources, self.cancelled):
            if isinstance(step, FrontdeskError):
                done.troubles.append((name, step))
                continue
            waiting = self._intake().keep(name, step)
            done.fetched += len(step.kept)
            done.gone += len(step.vanished)
            if step.question:
                done.questions.append(step.question)
            if not step.kept:
                continue
            newer = waiting, beside.begin([one.raw for one in waiting])
            self._place(done, older)
            older = newer
            if newer[1].process is None:
                self._place(done, older)
                older = None
            self.progress(f"{name}: {step.folder} {step.done} of {step.of}")
        self._place(done, older)

    def _place(self, done: Pass, lot: tuple[list[Waiting], Lot] | None) -> None:
        if lot is not None and not self.cancelled():
            done.placed += self._intake().place(lot[0], lot[1].messages())

    def _news(self, mailbox: Mailbox, cursors: Mapping[str, Cursor]) -> Generator[Step, None, None]:
        """What is new in a mailbox. It runs in a thread of its own, so it never touches the store."""
        with connect(mailbox, self.secret(mailbox)) as connection:
            yield from news(connection, mailbox, cursors, self.clock(), self.cancelled)

    def _intake(self) -> Intake:
        return Intake(
            self.store,
            self.places,
            self.us,
            self.clock(),
            open_for=self.settings.import_open_for,
            new_after_closed=self.settings.new_after_closed,
        )

    def _send(self, done: Pass) -> None:
        sending = Sending(
            self.outbox, self.settings.mailboxes, self.secret, self.clock, self.settings.send_limit
        )
        sent = asyncio.run(sending.send_due(done.locked_out))
        done.sent |= sent.states
        done.notes += sent.notes
        done.troubles += sent.troubles

    def _copies(self, done: Pass) -> None:
        """File what was sent in the Sent folders, and look there for what may have been sent."""
        todo: dict[str, tuple[Mailbox, list[tuple[Job, Going]]]] = {}
        for job in copies_due(self.jobs, self.clock()):
            going = self.outbox.sent(int(job.data))
            mailbox = leaves_by(going, self.settings.mailboxes) if going is not None else None
            if going is None or mailbox is None:
                self.jobs.done(job.id)
            elif mailbox.name not in done.locked_out:
                todo.setdefault(mailbox.name, (mailbox, []))[1].append((job, going))
        for mailbox, copies in todo.values():
            try:
                with connect(mailbox, self.secret(mailbox)) as connection:
                    done.notes += keep_copies(
                        copies, self.jobs, self.outbox, mailbox, connection, self.clock()
                    )
            except FrontdeskError as error:
                done.notes.append(error.what)

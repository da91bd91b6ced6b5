"""The one process that talks to the world: fetch, place, send, tick. Here one pass of it, as `frontdesk sync` makes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from functools import partial

from inbox import errands
from inbox.abreast import abreast
from inbox.beside import Beside
from inbox.channels.imap import Connection, connect
from inbox.channels.logins import Secrets, logged_in
from inbox.channels.plan import Cursor
from inbox.channels.trouble import BadPassword
from inbox.chat.mailed import MailedChats
from inbox.chores import chores
from inbox.errands import After
from inbox.errors import FrontdeskError
from inbox.feeding import Feeding
from inbox.fetching import Step, news
from inbox.intake import Intake
from inbox.listening import Mistake, state_after
from inbox.model import Instant
from inbox.ports import MailboxState, Workspace
from inbox.reception import Reception
from inbox.sending import Sending, Sent
from inbox.settings import Mailbox, Settings
from inbox.us import Us
from inbox.waking import wake

TIMEOUT = 60.0
"""Seconds to wait for each answer of an IMAP server."""
NOT_PLACED = "Mail has come that could not be placed: its bytes are kept, and it is tried again."


@dataclass(slots=True)
class Pass:
    """What one pass did. `troubles`: (name, error) for each mailbox and feed that could not be reached or asked."""

    first: bool = False  # whether a folder was read for the first time
    fetched: int = 0
    placed: int = 0
    gone: int = 0
    woken: int = 0
    from_feeds: int = 0
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

    store: Workspace
    settings: Settings
    us: Us
    secrets: Secrets
    clock: Callable[[], Instant]
    progress: Callable[[str, int, int], None] = lambda _words, _done, _of: None
    cancelled: Callable[[], bool] = lambda: False
    timeout: float = TIMEOUT

    def once(self) -> Pass:
        """Recover, fetch and place what is new, wake what is due, do the chores, send what is due, do the errands."""
        done = Pass()
        self.recover(done)
        with Beside() as beside:
            self._fetch(done, beside)
        self.place_waiting(done)
        if self.store.places.waiting(1) and not self.cancelled():
            done.notes.append(NOT_PLACED)
        done.sent |= dict.fromkeys(self.store.sending.found_in_places(self.clock()), "sent")
        done.woken = wake(self.store, self.clock())
        self._say_how_it_stands(done)  # what goes by itself asks whether all mail is here
        done.from_feeds, troubles = Feeding(self.store, self.settings, self.clock).once(self.cancelled)
        done.troubles += troubles
        self._chores(done)
        if self.settings.mailboxes and not self.cancelled():
            sent = self.send(done.locked_out)
            done.sent |= sent.states
            done.notes += sent.notes
            done.troubles += sent.troubles
            self._chores(done)  # what was sent has consequences, too
            self._errands(done)
        self._say_how_it_stands(done)
        return done

    def _chores(self, done: Pass) -> None:
        """What breaks by a mistake of ours is told, and ends nothing else."""
        for chore in chores(self.store, self.settings, self.clock()):
            try:
                chore()
            except FrontdeskError:
                raise
            except Exception as error:
                done.notes.append(Mistake(error).what)

    def _say_how_it_stands(self, done: Pass) -> None:
        """As the worker that stays says it; after a pass the servers are asked again by the next one."""
        before = {state.mailbox: state for state in self.store.mailboxes()}
        troubles, now = dict(done.troubles), self.clock()
        for mailbox in self.settings.mailboxes:
            past, error = before.get(mailbox.name), troubles.get(mailbox.name)
            state = "polling" if error is None else state_after(error)
            since = past.since if past is not None and past.state == state else now
            synced_at = past.synced_at if past is not None else None
            shown = MailboxState(mailbox.name, state, since, synced_at if error or self.cancelled() else now)
            if error is not None:
                shown = shown._replace(trouble=error.what, next_step=error.next_step)
            self.store.show_mailbox(shown)

    def recover(self, done: Pass) -> None:
        """After a death in the middle: what was being sent is sorted out, what was kept is placed."""
        self.store.sending.recover(self.clock())
        self.place_waiting(done)

    def place_waiting(self, done: Pass) -> None:
        """Place what is kept and not placed yet."""
        done.placed += self.intake().place_waiting(self.cancelled)

    def _fetch(self, done: Pass, beside: Beside) -> None:
        """Take in what all mailboxes bring. This thread alone writes."""
        sources = {
            mailbox.name: partial(self._news, mailbox, self.store.places.cursors(mailbox.name))
            for mailbox in self.settings.mailboxes
        }
        reception = Reception(self.intake, beside, self.cancelled)
        broken: set[str] = set()
        for name, step in abreast(sources, self.cancelled):
            if isinstance(step, FrontdeskError):
                done.troubles.append((name, step))
                continue
            if name in broken:
                continue  # what came before is not here, so neither may be what came after
            try:
                reception.take(name, step)
            except FrontdeskError:
                raise
            except Exception as error:
                broken.add(name)
                done.troubles.append((name, Mistake(error)))
                continue
            if step.kept:
                self.progress(f"{name}, {step.folder}", step.done, step.of)
        reception.settle()
        done.first = reception.first
        done.fetched += reception.fetched
        done.placed += reception.placed
        done.gone += reception.gone
        done.questions += reception.questions

    def _news(self, mailbox: Mailbox, cursors: Mapping[str, Cursor]) -> Generator[Step, None, None]:
        """What is new in a mailbox. It runs in a thread of its own, so it never writes."""
        try:
            with self.connect(mailbox) as connection:
                yield from news(connection, mailbox, cursors, self.clock(), self.cancelled)
        except FrontdeskError:
            raise
        except Exception as error:
            raise Mistake(error) from error

    def connect(self, mailbox: Mailbox) -> Connection:
        """A line to a mailbox, logged in; raises as `logged_in`."""
        return logged_in(mailbox, self.secrets, partial(connect, timeout=self.timeout))

    def intake(self) -> Intake:
        """Where messages are placed as of now."""
        now = self.clock()
        return Intake(
            self.store,
            self.store.places,
            self.us,
            now,
            open_for=self.settings.import_open_for,
            new_after_closed=self.settings.new_after_closed,
            forms=self.settings.forms,
            servers=self.settings.servers,
            team=tuple(mate.name for mate in self.settings.team),
            watched=None if self.settings.upset.off else self.settings.upset,
            chats=MailedChats(self.store, self.settings, self.us, now),
        )

    def send(self, locked_out: set[str]) -> Sent:
        """Send what is due, but for mailboxes whose password was refused just now."""
        return asyncio.run(self.sending(self.cancelled).send_due(locked_out))

    def sending(self, leaving: Callable[[], bool]) -> Sending:
        """What sends, until it is time to leave."""
        settings = self.settings
        return Sending(
            self.store.sending,
            settings.mailboxes,
            self.secrets,
            self.clock,
            settings.send_limit,
            leaving=leaving,
        )

    def _errands(self, done: Pass) -> None:
        """Do what else is due in the mailboxes: copies into Sent, flags, what is left of large messages."""
        outbox, jobs = self.store.sending, self.store.jobs
        todo, lost = errands.by_mailbox(jobs.due(self.clock()), outbox, self.settings.mailboxes)
        for job in lost:
            jobs.done(job.id)
        for mailbox in self.settings.mailboxes:
            if mailbox.name not in todo or mailbox.name in done.locked_out:
                continue
            try:
                with self.connect(mailbox) as connection:
                    here = errands.Here(mailbox, connection, self.store, self.clock(), self.cancelled)
                    for job in todo[mailbox.name]:
                        after = After.GO_ON
                        while after is After.GO_ON and not self.cancelled():
                            after, trouble = errands.run(job, here)
                            done.notes += [trouble] if trouble else []
            except FrontdeskError as error:
                done.notes.append(error.what)
            except Exception as error:
                done.notes.append(Mistake(error).what)

"""The worker that stays, in a thread beside the test: it is waited for by what it says and does, never by time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType

from inbox.channels.imap import Connection
from inbox.listening import Pauses
from inbox.ports import MailboxState
from inbox.settings import Mailbox
from inbox.watching import Watch
from inbox.worker import Worker
from tests.post_office import PostOffice

PATIENCE = 60.0
"""Seconds after which a test gives up on what never happens."""
LOOK = 0.02
QUICK = Pauses(tick=0.05, poll=0.5, slice=5.0, broken=0.05, refused=0.05, stuck=0.05, longest=0.2)
"""Pauses of a worker that waits for nothing."""
PATIENT = Pauses(tick=0.05, poll=600.0, broken=0.05, refused=0.05, stuck=600.0, longest=0.2)
"""Pauses of one that lives by what the server tells it."""


@dataclass
class Watched:
    """A `with` in which the worker of a post office stays."""

    office: PostOffice
    pauses: Pauses = QUICK
    timeout: float = 20.0  # of each answer of an IMAP server, in seconds
    alone: Callable[[], bool] | None = None
    changed: Callable[[], bool] = lambda: False
    lingers: float = 0.0
    looks: float = 0.05
    said: list[MailboxState | Exception | str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)  # of mailboxes, as lines were asked for
    failure: BaseException | None = None

    def __post_init__(self) -> None:
        self._told = threading.Event()
        logins = self.logins

        class Noted(Worker):
            def connect(self, mailbox: Mailbox) -> Connection:
                logins.append(mailbox.name)
                return super().connect(mailbox)

        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)
        self.watch = Watch(
            Noted(
                self.office.store,
                self.office.settings,
                self.office.settings.us,
                self.office.secrets,
                self.office.clock,
                timeout=self.timeout,
            ),
            told=self._told.is_set,
            changed=self.changed,
            alone=self.alone,
            noted=self.said.append,
            pauses=self.pauses,
            lingers=self.lingers,
            looks=self.looks,
        )

    def _run(self) -> None:
        try:
            self.watch.run()
        except BaseException as error:
            self.failure = error

    def __enter__(self) -> Watched:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._told.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        if kind is None and self.failure is not None:
            raise self.failure

    # ------------------------------------------------------------------ waiting

    def until(self, happened: Callable[[], object]) -> None:
        """Wait until this is so."""
        over = time.monotonic() + PATIENCE
        while not happened():
            assert self.failure is None, self.failure
            assert time.monotonic() < over, f"it never happened; said so far: {self.said[-5:]}"
            threading.Event().wait(LOOK)

    def until_state(self, *states: str, mailbox: str = "support") -> MailboxState:
        """Wait until a mailbox is in one of these states."""
        self.until(lambda: self.state(mailbox) is not None and self.state(mailbox).state in states)  # type: ignore[union-attr]  # asked just before
        found = self.state(mailbox)
        assert found is not None
        return found

    def until_placed(self, count: int) -> None:
        """Wait until there are so many messages."""
        self.until(lambda: self.office.number("messages") >= count)
        assert self.office.number("messages") == count

    def stop(self) -> None:
        """Tell it to leave."""
        self._told.set()

    def ended(self) -> None:
        """Wait until the worker has left by itself."""
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def state(self, mailbox: str = "support") -> MailboxState | None:
        """How it stands with a mailbox, as everybody may read it."""
        return next((each for each in self.office.store.mailboxes() if each.mailbox == mailbox), None)

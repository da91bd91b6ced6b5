"""One mailbox, followed for as long as the worker lives: looked into, listened to, and come back to when the line fails.

It runs in a thread of its own and hands everything to the writer as it comes (`inbox.abreast`). The server is asked to
tell of new mail (IDLE), and is asked again every minute all the same: a silent line and a dead one look alike.
"""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any, NamedTuple

from inbox import errands
from inbox.channels.imap import Connection
from inbox.channels.plan import Cursor, Signs
from inbox.channels.trouble import (
    BadPassword,
    NeedsLogin,
    NetworkTrouble,
    RefusedCertificate,
    ServerSaidNo,
)
from inbox.errands import After, Here
from inbox.errors import FrontdeskError, Superseded, WorldError
from inbox.fetching import INBOX, Step, is_named, news
from inbox.model import Instant
from inbox.ports import Job, MailboxState, Workspace
from inbox.settings import Mailbox
from inbox.text import one_line

OPEN_EVERY = 10
"""In every so many looks all folders are opened, also those that seem quiet from outside: some servers tell old news."""
MOST_QUESTIONS = 5
"""Questions about a mailbox that are shown at once."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long is waited, in seconds.

    tick: until it is looked again what time, or a person, has brought. poll: until all folders are looked into again.
    slice: what is fetched at a stretch, before new mail and errands get their turn. broken: until a line that failed is
    made again, doubling up to `longest`. refused: the same where the server said no, for it may count (too many
    connections, too many logins). stuck: where only a person can help.
    """

    tick: float = 1.0
    poll: float = 60.0
    slice: float = 10.0
    broken: float = 5.0
    refused: float = 60.0
    stuck: float = 300.0
    longest: float = 900.0


class Mistake(FrontdeskError):
    """Something broke that never should. It stops one mailbox for a while, and no other."""

    def __init__(self, error: Exception) -> None:
        super().__init__(
            f"Something went wrong in Frontdesk itself ({type(error).__name__}).",
            "It is tried again by itself; where it went wrong is in frontdesk.log of the workspace.",
        )
        self.__cause__ = error


class Caught(NamedTuple):
    """Everything that came before is to be stored; `stored` is set once it is, or could not be: then `broken` says why,
    and nothing that came after what broke is stored."""

    stored: Event
    broken: list[Mistake]


class Ran(NamedTuple):
    """An errand came to an end, one way or another."""

    job: Job


News = Step | MailboxState | Caught | Ran | Mistake


@dataclass(slots=True)
class Wishes:
    """What the writer wants of a mailbox: errands, or a look at once. Shared between their two threads."""

    jobs: deque[Job] = field(default_factory=deque)
    _anything: Event = field(default_factory=Event)
    _look: Event = field(default_factory=Event)
    _agreed: Event = field(default_factory=Event)

    def run(self, job: Job) -> None:
        """Do this errand, once there is a line."""
        self.jobs.append(job)
        self._anything.set()

    def look(self, agreed: bool = False) -> None:
        """Look into all folders now, and also where it waits for a person: one has asked for it; or it is over.
        `agreed`: who asks has seen what is in question, and finds it right."""
        if agreed:
            self._agreed.set()
        self._look.set()
        self._anything.set()

    def heard(self) -> bool:
        """Whether something is wanted."""
        return self._anything.is_set()

    def wait(self, seconds: float) -> None:
        """Wait so long, or until something is wanted."""
        self._anything.wait(seconds)
        self._anything.clear()

    def wait_for_look(self, seconds: float) -> None:
        """Wait so long, or until a look is wanted: errands do not mend a line."""
        self._look.wait(seconds)

    def take_look(self) -> tuple[bool, bool]:
        """Whether a look was asked for since, and whether by somebody who agreed."""
        if not self._look.is_set():
            return False, False
        self._look.clear()  # first: what is wished from here on is found the next time
        agreed = self._agreed.is_set()
        self._agreed.clear()
        return True, agreed


@dataclass(slots=True)
class Listening:
    """Following one mailbox. `connect` logs in; `leaving` says that it is over.

    alone: held while it follows. Of two that follow the same mailbox, because the first still waits for an answer when
    all begins anew, the second waits: else both could file the same copy.
    """

    mailbox: Mailbox
    store: Workspace
    connect: Callable[[Mailbox], Connection]
    clock: Callable[[], Instant]
    wishes: Wishes
    leaving: Callable[[], bool]
    pauses: Pauses = Pauses()
    monotonic: Callable[[], float] = time.monotonic
    alone: Lock = field(default_factory=Lock)
    _state: MailboxState = field(init=False)
    _failures: int = 0
    _refused: bool = False  # one of them by the server
    _announced: bool = False
    _brought: int = 0  # steps
    _quiet: dict[str, Signs] = field(default_factory=dict)

    def __post_init__(self) -> None:
        before = {state.mailbox: state.synced_at for state in self.store.mailboxes()}
        name = self.mailbox.name
        self._state = MailboxState(name, "connecting", self.clock(), before.get(name))

    def __call__(self) -> Generator[News, None, None]:
        """Everything that is to be known and stored of this mailbox, until it is over."""
        while not self.alone.acquire(timeout=1.0):
            if self.leaving():
                return
        try:
            yield from self._follow()
        finally:
            self.alone.release()

    def _follow(self) -> Generator[News, None, None]:
        while not self.leaving():
            if not self._state.trouble:
                yield self._is("connecting")
            try:
                connection = self._connected()
            except FrontdeskError as error:
                trouble = error
            else:
                try:
                    yield from self._over(connection)
                    connection.close()
                    continue
                except FrontdeskError as error:
                    if type(error) in (WorldError, Superseded):
                        raise  # our own disk, not the server
                    trouble = error
                except Exception as error:
                    trouble = Mistake(error)
                finally:
                    connection.drop()
            pause = self._pause(trouble)
            if isinstance(trouble, Mistake):
                self._state = self._state._replace(done=0, of=0, began=None, folder="")  # it comes again
                yield trouble
            yield self._state
            self.wishes.wait_for_look(pause)
            self.wishes.take_look()

    def _connected(self) -> Connection:
        try:
            return self.connect(self.mailbox)
        except FrontdeskError:
            raise
        except Exception as error:
            raise Mistake(error) from error

    # ------------------------------------------------------------------ over a line that stands

    def _over(self, connection: Connection) -> Generator[News, None, None]:
        everything_at = self.monotonic()
        only: str | None = None
        looks = 0
        while not self.leaving():
            asked, agreed = self.wishes.take_look()
            if asked or self.monotonic() >= everything_at:
                only = None
                looks += 1
                if looks % OPEN_EVERY == 1:
                    self._quiet.clear()
            announced, had = self._announced, self._brought
            more = yield from self._look(connection, only, self._state.questions if agreed else ())
            in_vain = announced and had == self._brought
            if only is None and not more:
                everything_at = self.monotonic() + self.pauses.poll
            yield from self._do_errands(connection)
            if more:
                only = None
                continue
            can_idle = connection.can_idle()
            yield self._is("watching" if can_idle else "polling", synced_at=self.clock())
            self._failures, self._refused = 0, False
            only = INBOX if self._reads(INBOX) else None
            left = max(0.0, everything_at - self.monotonic())
            if self.wishes.heard():
                self.wishes.wait(0)
            elif can_idle and (came := self._open_inbox(connection)) is not None:
                if came and not in_vain:  # since the look: of that the server would tell nothing any more
                    self._announced = True
                    continue
                if in_vain:  # a server that tells of nothing all the time would keep us busy for nothing
                    self.wishes.wait(min(left, self.pauses.tick))
                self._announced = connection.wait_for_news(left, self._called, self.pauses.tick)
            else:
                self.wishes.wait(left)

    def _look(
        self, connection: Connection, only: str | None, answered: Sequence[str]
    ) -> Generator[News, None, bool]:
        """Look into the folders for at most a slice of time; whether there is more to fetch."""
        until = self.monotonic() + self.pauses.slice
        before = self._state.done if self._state.of else 0
        cursors, now = self._cursors(), self.clock()
        coming = news(connection, self.mailbox, cursors, now, self.leaving, only, self._quiet, answered)
        more = False
        asked = list(self._state.questions) if only is not None else []
        for step in coming:
            yield step
            self._brought += 1
            if step.question and step.question not in asked:
                asked.append(step.question)
            if step.kept:
                if not self._refused:  # a line that only breaks; who said no may have had enough of us
                    self._failures = 0
                yield self._progress(step, before)
            if step.of > step.done and self.monotonic() >= until:
                more = True
                break
        coming.close()
        self._announced = False
        caught = Caught(Event(), [])
        yield caught
        while not caught.stored.wait(1.0):
            if self.leaving():
                return False
        if caught.broken:
            raise caught.broken[0]
        if not more:
            self._state = self._state._replace(questions=tuple(map(one_line, asked[:MOST_QUESTIONS])))
        if not more and self._state.of:
            self._state = self._state._replace(done=0, of=0, began=None, folder="")
        return more

    def _progress(self, step: Step, before: int) -> MailboxState:
        now = self.clock()
        # only what is told of as it arrives was received just now by the server's clock
        skew = now - step.newest if self._announced and step.newest is not None else self._state.skew
        return self._is(
            "fetching",
            folder=step.folder,
            done=before + step.done,
            of=before + step.of,
            began=self._state.began or now,
            skew=skew,
        )

    def _do_errands(self, connection: Connection) -> Generator[News, None, None]:
        while self.wishes.jobs and not self.leaving():
            job = self.wishes.jobs.popleft()
            here = Here(self.mailbox, connection, self.store, self.clock(), self.leaving)
            try:
                after, _ = errands.run(job, here)
            except Exception:
                yield Ran(job)
                raise
            yield Ran(job)
            if after is After.GO_ON:  # comes again with the next tick; others get their turn first
                return

    def _open_inbox(self, connection: Connection) -> bool | None:
        """Open the inbox, else another of the folders that are read: whether something has come there since it was
        looked into; None when there is no such folder."""
        cursors = {name: cursor for name, cursor in self._cursors().items() if self._reads(name)}
        name = INBOX if INBOX in cursors else next(iter(cursors), "")
        if not name:
            return None
        next_uid = connection.open_anew(name, cursors[name].uidvalidity)
        return None if next_uid is None else next_uid > cursors[name].next_uid

    def _reads(self, folder: str) -> bool:
        return not self.mailbox.folders or is_named(folder, self.mailbox)

    def _cursors(self) -> Mapping[str, Cursor]:
        return self.store.places.cursors(self.mailbox.name)

    def _called(self) -> bool:
        return self.wishes.heard() or self.leaving()

    # ------------------------------------------------------------------ how it stands

    def _is(self, state: str, **more: object) -> MailboxState:
        since = self._state.since if state == self._state.state else self.clock()
        changed: dict[str, Any] = {"trouble": "", "next_step": "", "again_at": None, **more}
        self._state = self._state._replace(state=state, since=since, **changed)
        return self._state

    def _pause(self, error: FrontdeskError) -> float:
        """Take note of what went wrong; how long to wait before it is tried again."""
        self._failures += 1
        state = state_after(error)
        self._refused = self._refused or state == "refused"
        pause = self.pauses.stuck  # `Secrets` sees to it that what was refused is not sent for ever
        if state in ("refused", "network", "mistake"):
            first = self.pauses.broken if state == "network" else self.pauses.refused
            pause = _growing(first, self._failures, self.pauses.longest)
        self._is(
            state,
            trouble=error.what,
            next_step=error.next_step,
            again_at=None if isinstance(error, BadPassword) else self.clock() + round(pause),
        )
        return pause


def state_after(error: FrontdeskError) -> str:
    """The state of a mailbox (`MAILBOX_STATES`) after this went wrong with it."""
    kinds: tuple[tuple[type[FrontdeskError], str], ...] = (
        (Mistake, "mistake"),
        (NeedsLogin, "needs-login"),
        (BadPassword, "password"),
        (RefusedCertificate, "certificate"),
        (NetworkTrouble, "network"),
        (ServerSaidNo, "refused"),
    )
    return next((state for kind, state in kinds if isinstance(error, kind)), "settings")


def _growing(first: float, failures: int, longest: float) -> float:
    """Twice as long each time, up to the longest; and not all at the same moment, where a server has just come back."""
    return min(first * 2.0 ** min(failures - 1, 20), longest) * random.uniform(0.8, 1.2)

"""The worker that stays: one thread a mailbox brings mail, one sends, and this one writes, ticks and hands out errands.

It leaves when it is told to, when the settings have changed (to begin again with the new ones), or, if it was started by
a screen, ten minutes after the last screen has gone and the last answer has left.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from inbox import errands
from inbox.abreast import abreast
from inbox.alert_ways import Telling
from inbox.beside import Beside
from inbox.chores import chores
from inbox.errors import FrontdeskError, Superseded, WorldError
from inbox.feeding import Feeding
from inbox.fetching import Step
from inbox.listening import Caught, Listening, Mistake, News, Pauses, Ran, Wishes
from inbox.model import Instant, Who
from inbox.ports import Job, MailboxState
from inbox.reception import Reception
from inbox.rules.calling import Calling
from inbox.sending import Sending
from inbox.waking import wake
from inbox.worker import Pass, Worker

LINGERS = 600.0
"""Seconds the worker stays after the last screen has gone and nothing waits to be sent."""
LOOKS = 5.0
"""Seconds between two looks at the settings, and at who is there."""
DISK_PAUSE = 10.0
"""Seconds after which all begins anew when the workspace could not be written (a full disk)."""
WAITING = ("queued", "refused-for-now", "connecting", "data")
"""States of answers for which the worker stays; what is held waits for a person."""
BUSY = ("connecting", "fetching")
SHUT = ("password", "needs-login")


@dataclass(slots=True)
class Watch:
    """The worker that stays.

    told: asked between two things: whether to leave now. changed: whether the settings are others by now. alone:
    whether no screen is open; None: it does not matter, the worker stays. noted: hears what went wrong, and every state
    of a mailbox. telling: alerts that leave by mail or by a command; None: none do. calling: what rules call and run;
    None: nothing. feeding: what asks for feeds; None: nothing does.
    """

    worker: Worker
    told: Callable[[], bool]
    changed: Callable[[], bool] = lambda: False
    alone: Callable[[], bool] | None = None
    noted: Callable[[MailboxState | Exception | str], None] = lambda _: None
    telling: Telling | None = None
    calling: Calling | None = None
    feeding: Feeding | None = None
    alive: Callable[[], None] = lambda: None
    pauses: Pauses = Pauses()  # noqa: RUF009  frozen
    lingers: float = LINGERS
    looks: float = LOOKS
    monotonic: Callable[[], float] = time.monotonic
    _wishes: Mapping[str, Wishes] = field(default_factory=dict)
    _states: dict[str, MailboxState] = field(default_factory=dict)
    _under_way: set[int] = field(default_factory=set)
    _alone: defaultdict[str, threading.Lock] = field(default_factory=lambda: defaultdict(threading.Lock))
    _broken: dict[str, Mistake] = field(default_factory=dict)  # by mailbox, until its look is over
    _mistakes: set[str] = field(default_factory=set)  # that have been told
    _sending: Sending | None = None
    _sender: threading.Thread | None = None
    _sender_failed: list[Exception] = field(default_factory=list)
    _heard: deque[str] = field(default_factory=deque)  # from the sender
    _look_at: float = 0.0
    _lonely_since: float | None = None
    _over: bool = False
    _gone: threading.Event = field(default_factory=threading.Event)  # the threads of this turn are to end

    def run(self) -> None:
        """Stay until it is time to leave. Raises Superseded when another worker, or a newer Frontdesk, has taken over."""
        names = [mailbox.name for mailbox in self.worker.settings.mailboxes]
        self.worker.store.forget_mailboxes(names)
        try:
            while not self._leaving():
                try:
                    self._stay()
                except Superseded:
                    raise
                except WorldError as error:
                    self._cannot_write(error)
                    self._wait(DISK_PAUSE)
                finally:
                    self._end_threads()
        finally:
            if self.telling is not None:
                self.telling.end()
            if self.calling is not None:
                self.calling.end()
            if self.feeding is not None:
                self.feeding.end()

    def _cannot_write(self, error: WorldError) -> None:
        """Say so where people look, if that much can still be written."""
        self.noted(error.what)
        now = self.worker.clock()
        for mailbox in self.worker.settings.mailboxes:
            before = self._states.get(mailbox.name)
            synced_at = before.synced_at if before is not None else None
            self._show(
                MailboxState(
                    *(mailbox.name, "workspace", now, synced_at, error.what, error.next_step),
                    again_at=now + round(DISK_PAUSE),
                )
            )

    def _stay(self) -> None:
        """Everything side by side, until it is over or the workspace cannot be written."""
        self.worker.recover(Pass())
        self._under_way.clear()
        self._broken.clear()
        self._gone = threading.Event()
        self._wishes = {mailbox.name: Wishes() for mailbox in self.worker.settings.mailboxes}
        sources: dict[str, Listening] = {
            mailbox.name: Listening(
                mailbox,
                self.worker.store,
                self.worker.connect,
                self.worker.clock,
                self._wishes[mailbox.name],
                self._gone.is_set,
                self.pauses,
                self.monotonic,
                self._alone[mailbox.name],
            )
            for mailbox in self.worker.settings.mailboxes
        }
        self._start_sending()
        with Beside() as beside:
            reception = Reception(self.worker.intake, beside, lambda: self._over)
            for name, thing in abreast(sources, lambda: self._over, self._tick, self.pauses.tick):
                self._take(name, thing, reception)
                if not any(state.state in BUSY for state in self._states.values()):
                    beside.rest()
                    self._tell_what_is_left(reception)
            reception.settle()

    def _take(self, name: str, thing: News | FrontdeskError, reception: Reception) -> None:
        if isinstance(thing, Mistake):
            self.noted(thing)
        elif isinstance(thing, FrontdeskError):
            raise thing
        elif isinstance(thing, Step | Caught):
            if name not in self._broken:
                try:
                    self._take_in(name, thing, reception)
                except FrontdeskError:
                    raise
                except Exception as error:  # of this mailbox nothing more is taken until it begins anew
                    self._broken[name] = Mistake(error)
            if isinstance(thing, Caught):
                if name in self._broken:
                    thing.broken.append(self._broken.pop(name))
                thing.stored.set()
        elif isinstance(thing, Ran):
            self._under_way.discard(thing.job.id)
        else:
            self._show(thing)

    def _take_in(self, name: str, thing: Step | Caught, reception: Reception) -> None:
        if isinstance(thing, Step):
            reception.take(name, thing)
            return
        reception.settle()
        self.worker.place_waiting(Pass())
        for message in self.worker.store.sending.found_in_places(self.worker.clock()):
            self.noted(f"message {message} of ours was found in a folder: it had been sent")

    def _tell_what_is_left(self, reception: Reception) -> None:
        """After a first sync, which is silent: how much of it looks unanswered."""
        if reception.first:
            reception.first = False
            counts = self.worker.store.counts(Who("sync"), self.worker.clock())
            if left := counts["import-left"]:
                self.noted(f"{left} {'looks' if left == 1 else 'look'} unanswered: press g i")

    def _show(self, state: MailboxState) -> None:
        if state != self._states.get(state.mailbox):
            self._states[state.mailbox] = state
            try:
                self.worker.store.show_mailbox(state)
            except Superseded:
                raise
            except (
                WorldError
            ) as error:  # drafts and presence lie in the same file; mail does not wait for that
                self.noted(error.what)
            self.noted(state)

    # ------------------------------------------------------------------ what time brings

    def _tick(self) -> None:
        """What is due now. Each question is one look into an index."""
        self.alive()
        if self._leaving():
            return
        self.worker.store.check_hold()  # one that was suspended must not go on at servers beside its successor
        now = self.worker.clock()
        self._each_by_itself(lambda: wake(self.worker.store, now))
        if (feeding := self.feeding) is not None:
            self._each_by_itself(lambda: feeding.look(now))
        for chore in chores(self.worker.store, self.worker.settings, now):
            self._each_by_itself(chore)
        if (telling := self.telling) is not None:
            self._each_by_itself(lambda: telling.look(now))
        if (calling := self.calling) is not None:
            self._each_by_itself(lambda: calling.look(now))
        self._follow_sending()
        self._each_by_itself(lambda: self._hand_out(now))

    def _each_by_itself(self, do: Callable[[], object]) -> None:
        """What breaks by a mistake of ours is told once, and ends nothing else: mail goes on coming and leaving."""
        try:
            do()
        except FrontdeskError:
            raise
        except Exception as error:
            mistake = Mistake(error)
            if mistake.what not in self._mistakes:
                self._mistakes.add(mistake.what)
                self.noted(mistake)

    def _start_sending(self) -> None:
        """A thread with a loop of its own sends whatever becomes due, where there is a mailbox to send from."""
        if not self.worker.settings.mailboxes:
            return
        self._sending = sending = self.worker.sending(self._gone.is_set)
        self._sender_failed.clear()

        def send() -> None:
            try:
                asyncio.run(sending.stay(self.pauses.tick, self._heard.append))
            except Exception as error:
                self._sender_failed.append(error)

        self._sender = threading.Thread(target=send, name="sender", daemon=True)
        self._sender.start()

    def _follow_sending(self) -> None:
        """Pass on what the sender has to say, and what it died of."""
        if self._sending is not None:
            self._sending.without = {name for name, state in self._states.items() if state.state in SHUT}
        while self._heard:
            self.noted(self._heard.popleft())
        if self._sender_failed:
            raise self._sender_failed.pop()

    def _hand_out(self, now: Instant) -> None:
        """Give every errand that is due to the thread of its mailbox; and look where a person asked for it."""
        jobs = self.worker.store.jobs
        due = [job for job in jobs.due(now) if job.id not in self._under_way]
        if not due:
            return
        todo, others = errands.by_mailbox(due, self.worker.store.sending, self.worker.settings.mailboxes)
        for name, each in todo.items():
            for job in errands.in_turn(each, self._wishes[name].jobs):
                self._under_way.add(job.id)
                self._wishes[name].run(job)
        for job in others:
            if job.kind == errands.SYNC:
                self._ask(job)
            jobs.done(job.id)

    def _ask(self, job: Job) -> None:
        if self._sending is not None:
            self._sending.hurry()
        if self.feeding is not None:
            self.feeding.hurry()
        for mailbox in self.worker.settings.mailboxes:
            if job.data in ("", mailbox.name):
                self.worker.secrets.start_over(mailbox)
                self._wishes[mailbox.name].look(agreed=not job.data)

    # ------------------------------------------------------------------ when it is over

    def _leaving(self) -> bool:
        if not self._over:
            self._over = self.told() or self._nothing_left()
        return self._over

    def _nothing_left(self) -> bool:
        """Whether the settings have changed, or nobody is here and nothing waits, and that for long enough."""
        now = self.monotonic()
        if now < self._look_at:
            return False
        self._look_at = now + self.looks
        if self.changed():
            return True
        if self.alone is None or not self.alone() or self._waits():
            self._lonely_since = None
            return False
        self._lonely_since = now if self._lonely_since is None else self._lonely_since
        return now - self._lonely_since >= self.lingers

    def _waits(self) -> bool:
        return any(line.state in WAITING or line.held_by == "quota" for line in self.worker.store.outbox())

    def _wait(self, seconds: float) -> None:
        until = self.monotonic() + seconds
        while self.monotonic() < until and not self._leaving():
            time.sleep(0.1)

    def _end_threads(self) -> None:
        self._gone.set()
        for wishes in self._wishes.values():
            wishes.look()
        if self._sender is not None:
            self._sender.join()  # what is on its way is written down before the lease is given back
            self._sender = None

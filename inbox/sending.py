"""From the outbox to the servers: mailboxes side by side, a few lines each, one message a line, each phase written first.

A message goes over at most one line: a phase is written down only in the place of the one before it (`Outbox.phase`),
whoever else may be sending; and between being seen as due and the first phase nothing else gets its turn.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from inbox.channels.logins import Secrets
from inbox.channels.smtp import Sender, Timeouts
from inbox.errors import FrontdeskError, Superseded, WorldError
from inbox.model import Instant
from inbox.ports import Going, Outbox, Result, TakenBack
from inbox.retries import LONGEST_WAIT, next_try
from inbox.settings import Mailbox, Pace

LINES, MOST_LINES = 2, 4
"""Lines to the server of a mailbox; and while more than `MANY` messages wait."""
MANY = 20
REST = 15.0
"""Seconds until a mailbox whose line could not be had is tried again, with another message."""
LOOK = 1.0
"""Seconds between two looks whether to leave."""
WRITE_AGAIN = 1.0
"""Seconds until what a server said is written down again where the workspace could not be written."""
NO_TEXT = "Its bytes are missing in the workspace: it cannot be sent."

T = TypeVar("T")


def boot_time() -> float:
    """Seconds that only ever pass, those in which the machine slept included."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(slots=True)
class Sent:
    """What sending did, by the state of each message; `troubles` by mailbox."""

    states: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    troubles: list[tuple[str, FrontdeskError]] = field(default_factory=list)


def leaves_by(going: Going, mailboxes: Sequence[Mailbox]) -> Mailbox | None:
    """The mailbox a message is sent from: the one it names, else the first; None when there is none."""
    named = (mailbox for mailbox in mailboxes if mailbox.name == going.mailbox)
    return next(named, next(iter(mailboxes), None))


class _NotWritten(Exception):
    """A phase could not be written down, so it did not begin."""

    def __init__(self, error: WorldError) -> None:
        super().__init__(error.what)
        self.error = error


@dataclass(slots=True)
class _Line:
    """A line: whether a message is on it, and the phase of it that was written down last."""

    busy: bool = False
    phase: str = ""


@dataclass(slots=True, eq=False)
class _Lane:
    """One mailbox's way out. The second line is made when the first one stands: a wrong password is sent once."""

    mailbox: Mailbox
    waiting: deque[Going] = field(default_factory=deque)
    lines: dict[asyncio.Task[None], _Line] = field(default_factory=dict)
    stands: bool = False
    rests_until: float = 0.0  # of the loop's clock
    told: str = ""  # what was said of it last

    @property
    def under_way(self) -> int:
        """How many messages are on a line."""
        return sum(line.busy for line in self.lines.values())


@dataclass(slots=True)
class Sending:
    """What sending works with; it belongs to one loop. No mailbox sends faster than `paces` allow.

    leaving: whether to begin nothing more. steady: seconds that only ever pass, to tell a clock that was set. without:
    mailboxes whose password was refused just now; no server is asked again with it.
    """

    outbox: Outbox
    mailboxes: Sequence[Mailbox]
    secrets: Secrets
    clock: Callable[[], Instant]
    paces: Sequence[Pace] = ()
    timeouts: Timeouts = field(default_factory=Timeouts)
    leaving: Callable[[], bool] = lambda: False
    steady: Callable[[], float] = boot_time
    without: Collection[str] = ()
    hurried: bool = False
    _lanes: dict[str, _Lane] = field(default_factory=dict)
    _result: Sent = field(default_factory=Sent)
    _looked: tuple[Instant, float] | None = None

    # ------------------------------------------------------------------ for a pass, and for good

    async def send_due(self, without: Collection[str] = ()) -> Sent:
        """Send everything that is due now, each message by the mailbox it is to leave from."""
        self.without = without
        try:
            self._look()
            while self._lines() and not self.leaving():
                await self._wait(LOOK)
        finally:
            await self._end()
        return self._result

    async def stay(self, tick: float, noted: Callable[[str], None]) -> None:
        """Send whatever becomes due, looking every `tick` seconds, until it is time to leave.

        What is in the data phase by then is waited for: nobody could tell what became of it. Raises WorldError when
        the workspace cannot be read or written.
        """
        loop = asyncio.get_running_loop()
        look_at = 0.0
        try:
            while not self.leaving():
                if loop.time() >= look_at:
                    self._look()
                    look_at = loop.time() + tick
                await self._wait(tick)
                result, self._result = self._result, Sent()
                for words in (*result.notes, *(f"{name}: {error.what}" for name, error in result.troubles)):
                    noted(words)
        finally:
            await self._end()

    def hurry(self) -> None:
        """A person asks: try at once again also where it has just failed. Callable from any thread."""
        self.hurried = True

    # ------------------------------------------------------------------ what is due

    def _look(self) -> None:
        """See what is due, and give it to the lanes; what is under way is due no more."""
        now = self.clock()
        self._follow_the_clock(now)
        if self.hurried:
            self.hurried = False
            for lane in self._lanes.values():
                lane.rests_until, lane.told = 0.0, ""
        for lane in self._lanes.values():
            lane.waiting.clear()
        due = self.outbox.due(now)
        paused = self.outbox.paused(now) if due else {}
        for going in due:
            mailbox = leaves_by(going, self.mailboxes)
            if mailbox is None:
                self._result.notes.append("No mailbox is set up to send from: answers wait in the outbox.")
                return
            if mailbox.name in self.without or mailbox.name in paused:
                continue
            lane = self._lanes.setdefault(mailbox.name, _Lane(mailbox))
            lane.waiting.append(going)
        for lane in self._lanes.values():
            self._man(lane)

    def _follow_the_clock(self, now: Instant) -> None:
        """A clock that was set makes nothing due, and delays nothing: the waits go on."""
        steady = self.steady()
        if self._looked is not None:
            expected = self._looked[0] + round(steady - self._looked[1])
            if abs(now - expected) > LONGEST_WAIT:
                self.outbox.clock_jumped(expected, now - expected)
                self._result.notes.append(
                    "The clock of this machine was set: what waits to be sent waits on."
                )
        self._looked = now, steady

    def _man(self, lane: _Lane) -> None:
        """As many lines as there is work for."""
        if not self._may_send(lane):
            lane.waiting.clear()
        lane.stands = lane.stands and bool(lane.lines)
        wanted = 1 if not lane.stands else MOST_LINES if len(lane.waiting) > MANY else LINES
        for _ in range(min(wanted - len(lane.lines), len(lane.waiting))):
            line = _Line()
            lane.lines[asyncio.get_running_loop().create_task(self._send_over(lane, line))] = line

    def _may_send(self, lane: _Lane) -> bool:
        """Whether another message may leave now; says why not."""
        if not lane.waiting or lane.rests_until > asyncio.get_running_loop().time():
            return False
        now, is_default = self.clock(), lane.mailbox is self.mailboxes[0]
        for pace in self.paces:
            count = self.outbox.accepted(now - pace.seconds, now, lane.mailbox.name, is_default)
            if count + lane.under_way >= pace.count:
                name = lane.mailbox.name
                self._tell(lane, f"{name} has sent all that send_limit allows: what waits goes later.")
                return False
        return True

    def _tell(self, lane: _Lane, words: str) -> None:
        if words != lane.told:
            lane.told = words
            self._result.notes.append(words)

    # ------------------------------------------------------------------ the lines

    def _lines(self) -> list[asyncio.Task[None]]:
        return [task for lane in self._lanes.values() for task in lane.lines]

    async def _wait(self, seconds: float | None) -> None:
        """Until a line has ended, or so long."""
        tasks = self._lines()
        if not tasks:
            await asyncio.sleep(seconds or 0)
            return
        done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for lane in self._lanes.values():
            for task in done & lane.lines.keys():
                del lane.lines[task]
        for task in done:
            task.result()  # what nobody expected is raised here

    async def _end(self) -> None:
        """Begin nothing more; break off what the server has not got, and wait for what it may have."""
        for lane in self._lanes.values():
            lane.waiting.clear()
            for task, line in lane.lines.items():
                if line.phase != "data":
                    task.cancel()
        await asyncio.gather(*self._lines(), return_exceptions=True)
        for lane in self._lanes.values():
            lane.lines.clear()

    async def _send_over(self, lane: _Lane, line: _Line) -> None:
        """One line, until nothing waits for it."""
        made = partial(self._made, lane)
        async with Sender(lane.mailbox, self.secrets, self.timeouts, made) as sender:
            while self._may_send(lane):
                going = lane.waiting.popleft()
                line.busy = True
                try:
                    await self._send(sender, lane, line, going)
                finally:
                    line.busy, line.phase = False, ""

    def _made(self, lane: _Lane, largest: int | None) -> None:
        """A line to this server stands: others may be made."""
        with suppress(WorldError):  # known with the next line then
            self.outbox.learn_largest(lane.mailbox.name, largest)
        if not lane.stands:
            lane.stands, lane.told = True, ""
            self._man(lane)

    async def _send(self, sender: Sender, lane: _Lane, line: _Line, going: Going) -> None:
        raw = self.outbox.raw(going.message)
        try:
            if raw is None:
                self._write_down(line, going, "connecting")
                await self._settle(lane, going, dict.fromkeys(going.recipients, Result("failed", NO_TEXT)))
                return
            outcomes = await sender.send(
                raw, going.sender, going.recipients, partial(self._write_down, line, going)
            )
        except TakenBack:
            return
        except asyncio.CancelledError:
            self.outbox.put_back(going.message)
            raise
        except _NotWritten as why:
            await self._surely(partial(self.outbox.put_back, going.message))
            self._rest(lane, why.error)
        except Superseded:
            raise
        except FrontdeskError as error:
            # The line could not be had, and the next message would meet the same.
            words = dict.fromkeys(going.recipients, Result("refused-for-now", error.what))
            await self._settle(lane, going, words)
            self._rest(lane, error)
        else:
            quota = next((one.words for one in outcomes.values() if one.quota), "")
            results = {address: Result(one.state, one.words) for address, one in outcomes.items()}
            await self._settle(lane, going, results, quota)

    def _write_down(self, line: _Line, going: Going, phase: str) -> None:
        try:
            self.outbox.phase(going.message, phase, self.clock())
        except Superseded:
            raise
        except WorldError as error:
            raise _NotWritten(error) from error
        line.phase = phase

    async def _settle(self, lane: _Lane, going: Going, results: dict[str, Result], quota: str = "") -> None:
        """Write down what became of a message; `quota`: the words with which the server wants no more for now."""
        now = self.clock()
        retry = next_try(going.first_try or now, going.attempts + 1, now)
        settle = partial(self.outbox.settle, going, results, now)
        if not quota:
            settled = partial(settle, retry.at, notice=retry.notice)
            self._result.states[going.message] = await self._surely(settled)
            return
        self._result.states[going.message] = await self._surely(partial(settle, now, counts=False))
        await self._surely(partial(self.outbox.pause, lane.mailbox.name, quota, now))
        lane.waiting.clear()
        self._tell(lane, f"{lane.mailbox.name} may not send more just now ({quota}): what waits goes later.")

    async def _surely(self, write: Callable[[], T]) -> T:
        """Write this down, however long the workspace cannot be written: nobody else knows it."""
        while True:
            try:
                return write()
            except Superseded:
                raise
            except WorldError:
                if self.leaving():
                    raise
                await asyncio.sleep(WRITE_AGAIN)

    def _rest(self, lane: _Lane, error: FrontdeskError) -> None:
        lane.rests_until = asyncio.get_running_loop().time() + REST
        lane.stands = False
        lane.waiting.clear()
        if error.what != lane.told:
            lane.told = error.what
            self._result.troubles.append((lane.mailbox.name, error))

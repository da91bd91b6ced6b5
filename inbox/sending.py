"""From the outbox to the servers: one line a mailbox, one message at a time, every phase written down before it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from inbox.channels.logins import Secrets
from inbox.channels.smtp import Sender, Timeouts
from inbox.errors import FrontdeskError
from inbox.model import Instant
from inbox.ports import Going, Outbox, Result, TakenBack
from inbox.retries import next_try
from inbox.settings import Mailbox, Pace


@dataclass(slots=True)
class Sent:
    """What one pass over the outbox did, by the state of each message; `troubles` by mailbox."""

    states: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    troubles: list[tuple[str, FrontdeskError]] = field(default_factory=list)


def leaves_by(going: Going, mailboxes: Sequence[Mailbox]) -> Mailbox | None:
    """The mailbox a message is sent from: the one it names, else the first; None when there is none."""
    named = (mailbox for mailbox in mailboxes if mailbox.name == going.mailbox)
    return next(named, next(iter(mailboxes), None))


@dataclass(frozen=True, slots=True)
class Sending:
    """What sending works with. No mailbox sends faster than `paces` allow."""

    outbox: Outbox
    mailboxes: Sequence[Mailbox]
    secrets: Secrets
    clock: Callable[[], Instant]
    paces: Sequence[Pace] = ()
    timeouts: Timeouts = field(default_factory=Timeouts)

    async def send_due(self, without: Collection[str] = ()) -> Sent:
        """Send everything that is due now, each message by the mailbox it is to leave from.

        `without` names mailboxes whose password was refused just now: no server is asked again with it.
        """
        result = Sent()
        waiting: dict[str, tuple[Mailbox, list[Going]]] = {}
        for going in self.outbox.due(self.clock()):
            mailbox = leaves_by(going, self.mailboxes)
            if mailbox is None:
                result.notes.append("No mailbox is set up to send from: answers wait in the outbox.")
                return result
            if mailbox.name not in without:
                waiting.setdefault(mailbox.name, (mailbox, []))[1].append(going)
        for mailbox, messages in waiting.values():
            try:
                line = Sender(mailbox, self.secrets, self.timeouts)
            except FrontdeskError as error:
                result.troubles.append((mailbox.name, error))
                continue
            async with line:
                await self._send_over(line, mailbox, messages, result)
        return result

    async def _send_over(
        self, line: Sender, mailbox: Mailbox, messages: Iterable[Going], result: Sent
    ) -> None:
        for going in messages:
            if self._too_fast(mailbox):
                result.notes.append(
                    f"{mailbox.name} has sent all that send_limit allows: what waits goes later."
                )
                return
            try:
                outcomes = await line.send(
                    going.raw, going.sender, going.recipients, partial(self._write_down, going)
                )
            except TakenBack:
                continue
            except FrontdeskError as error:
                # The line could not be had, and the next message would meet the same.
                now = self.clock()
                self.outbox.postpone(going, now, _next(going, now), error.what)
                result.states[going.message] = "refused-for-now"
                result.troubles.append((mailbox.name, error))
                return
            now = self.clock()
            results = {address: Result(one.state, one.words) for address, one in outcomes.items()}
            result.states[going.message] = self.outbox.settle(going, results, now, _next(going, now))
            quota = next((one for one in outcomes.values() if one.quota), None)
            if quota is not None:
                words = f"{mailbox.name} may not send more just now ({quota.words}): what waits goes later."
                result.notes.append(words)
                return

    def _too_fast(self, mailbox: Mailbox) -> bool:
        now, is_default = self.clock(), mailbox is self.mailboxes[0]
        return any(
            self.outbox.accepted_since(now - pace.seconds, mailbox.name, is_default) >= pace.count
            for pace in self.paces
        )

    def _write_down(self, going: Going, phase: str) -> None:
        self.outbox.phase(going.message, phase, self.clock())


def _next(going: Going, now: Instant) -> Instant | None:
    return next_try(going.first_try or now, going.attempts + 1, now).at

"""From the outbox to the servers: one line a mailbox, one message at a time, every phase written down before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from inbox.channels.imap import Connection
from inbox.channels.smtp import Sender, Timeouts
from inbox.channels.trouble import BadPassword, RefusedCertificate, Secret
from inbox.errors import FrontdeskError
from inbox.model import Instant
from inbox.ports import Going, Job, Jobs, Outbox, Result
from inbox.retries import next_try
from inbox.settings import Mailbox

AGAIN = 300
"""Seconds after which a Sent copy that could not be kept is tried again, doubling up to a day."""


@dataclass(slots=True)
class Sent:
    """What one pass over the outbox did, by the state of each message; `troubles` by mailbox."""

    states: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    troubles: list[tuple[str, FrontdeskError]] = field(default_factory=list)


async def send_due(
    outbox: Outbox,
    mailboxes: Iterable[Mailbox],
    secret: Callable[[Mailbox], Secret | None],
    clock: Callable[[], Instant],
    timeouts: Timeouts = Timeouts(),
) -> Sent:
    """Send everything that is due now, each message by the mailbox it is to leave from."""
    result = Sent()
    by_name = {mailbox.name: mailbox for mailbox in mailboxes}
    default = next(iter(by_name.values()), None)
    waiting: dict[str, list[Going]] = {}
    for going in outbox.due(clock()):
        mailbox = by_name.get(going.mailbox or "", default)
        if mailbox is None:
            result.notes.append("No mailbox is set up to send from: answers wait in the outbox.")
            return result
        waiting.setdefault(mailbox.name, []).append(going)
    for name, messages in waiting.items():
        await _send_from(by_name[name], messages, outbox, secret, clock, timeouts, result)
    return result


async def _send_from(
    mailbox: Mailbox,
    messages: list[Going],
    outbox: Outbox,
    secret: Callable[[Mailbox], Secret | None],
    clock: Callable[[], Instant],
    timeouts: Timeouts,
    result: Sent,
) -> None:
    try:
        line = Sender(mailbox, secret(mailbox), timeouts)
    except FrontdeskError as error:
        result.troubles.append((mailbox.name, error))
        return
    async with line:
        for going in messages:
            try:
                outcomes = await line.send(
                    going.raw, going.sender, going.recipients, partial(_write_down, outbox, going.message, clock)
                )
            except FrontdeskError as error:
                now = clock()
                retry = next_try(going.first_try or now, going.attempts + 1, now)
                outbox.postpone(going, now, retry.at, error.what)
                result.states[going.message] = "refused-for-now"
                result.troubles.append((mailbox.name, error))
                if isinstance(error, BadPassword | RefusedCertificate):
                    return  # the next message would meet the same: no server is asked again with a bad password
                continue
            except LookupError:
                continue  # taken back in the meantime, or another worker has it
            now = clock()
            retry = next_try(going.first_try or now, going.attempts + 1, now)
            results = {address: Result(one.state, one.words) for address, one in outcomes.items()}
            result.states[going.message] = outbox.settle(going, results, now, retry.at)


def _write_down(outbox: Outbox, message: int, clock: Callable[[], Instant], phase: str) -> None:
    outbox.phase(message, phase, clock())


def keep_copies(
    jobs: Jobs,
    outbox: Outbox,
    mailbox: Mailbox,
    is_default: bool,
    connection: Connection,
    now: Instant,
) -> list[str]:
    """File what was sent in Sent, and look for what may have been sent; troubles, in words.

    Some servers keep a copy by themselves, so Sent is asked for the Message-ID first.
    """
    troubles: list[str] = []
    todo = [job for job in jobs.due(now) if job.kind in ("sent-copy", "look-in-sent")]
    folder = ""
    for job in todo:
        going = outbox.sent(int(job.data))
        if going is None:
            jobs.done(job.id)
            continue
        if going.mailbox != mailbox.name and not (is_default and going.mailbox is None):
            continue
        try:
            folder = folder or _sent_folder(connection)
            there = connection.find_message_id(folder, going.message_id) if folder else ()
            if job.kind == "look-in-sent":
                if there:
                    outbox.found_in_sent(going.message, now)
            elif not there:
                if not folder:
                    troubles.append(f"{mailbox.name} has no Sent folder: no copy of what was sent is kept there.")
                else:
                    connection.append_sent(folder, going.raw, now)
            jobs.done(job.id)
        except FrontdeskError as error:
            _later(jobs, job, now, error)
            troubles.append(error.what)
    return troubles


def _later(jobs: Jobs, job: Job, now: Instant, error: FrontdeskError) -> None:
    jobs.later(job.id, now + min(AGAIN << min(job.tries, 8), 86_400), error.what)


def _sent_folder(connection: Connection) -> str:
    return next((folder.name for folder in connection.folders() if folder.use == "sent"), "")

"""What the worker has to do in a mailbox besides fetching: a job, done over the mailbox's line and settled in the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum, auto
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from inbox.channels.trouble import NetworkTrouble
from inbox.errors import FrontdeskError

if TYPE_CHECKING:
    from inbox.channels.imap import Connection
    from inbox.model import Instant
    from inbox.ports import Job, Outbox, Workspace
    from inbox.settings import Mailbox

AGAIN = 300
"""Seconds after which a job that came to nothing is tried again, doubling up to a day."""

ERRANDS = {
    "sent-copy": "sent_copies.keep_copy",
    "look-in-sent": "sent_copies.look_in_sent",
    "seen": "marking.seen",
    "not-spam": "marking.not_spam",
    "whole": "whole.fetch_whole",
}
"""The kinds of jobs that are done over a mailbox's line, and the function that does each (it answers with `After`)."""
WHOLE = "whole"
"""The kind that takes long: the rest of a large message, some seconds of it at a time."""
SYNC = "sync"
"""The job of looking now: into all mailboxes (`data` is ""), since a person has asked for it on the screen that shows what
is in question, and so finds that right; or into one (its name), since somebody has logged it in, which answers nothing."""
OF_THE_OUTBOX = ("sent-copy", "look-in-sent")
"""Those whose `data` is a message of ours. That of the others begins with the mailbox's name and a space."""


class After(Enum):
    """What becomes of a job: it is done; it is to be tried again, later each time; or there is more to do at once."""

    DONE = auto()
    NOT_YET = auto()
    GO_ON = auto()


class Here(NamedTuple):
    """Where an errand is done: whose mailbox, over which line, and the store in which it is settled."""

    mailbox: Mailbox
    connection: Connection
    store: Workspace
    now: Instant
    cancelled: Callable[[], bool] = lambda: False


def by_mailbox(
    jobs: Iterable[Job], outbox: Outbox, mailboxes: Sequence[Mailbox]
) -> tuple[dict[str, list[Job]], list[Job]]:
    """The jobs of each mailbox by its name, in their order; and those that are no errands, or of no mailbox there is:
    they are done with. The rest of a large message stays asked for, as its mailbox may come back into the settings."""
    from inbox.sending import leaves_by

    found: dict[str, list[Job]] = {}
    lost: list[Job] = []
    names = {mailbox.name for mailbox in mailboxes}
    for job in jobs:
        if job.kind in OF_THE_OUTBOX:
            going = outbox.sent(int(job.data))
            mailbox = leaves_by(going, mailboxes) if going is not None else None
            name = mailbox.name if mailbox is not None else ""
        else:
            name = job.data.partition(" ")[0]
        if name in names and job.kind in ERRANDS:
            found.setdefault(name, []).append(job)
        elif job.kind != WHOLE:
            lost.append(job)
    return found, lost


def in_turn(due: Sequence[Job], under_way: Iterable[Job]) -> list[Job]:
    """What is to be begun now, quick things first: of those that take long one at a time, the one most wanted first, so
    that what a person asks for later still overtakes the rest."""
    quick = [job for job in due if job.kind != WHOLE]
    long = [job for job in due if job.kind == WHOLE]
    busy = any(job.kind == WHOLE for job in under_way)
    return quick + long[: 0 if busy else 1]


def run(job: Job, here: Here) -> tuple[After, str]:
    """Do a job and settle it; what became of it, and in words what stood in its way, or "".

    NetworkTrouble is raised, for the line is gone.
    """
    module, function = ERRANDS[job.kind].split(".")
    jobs = here.store.jobs
    try:
        after: After = getattr(import_module(f"inbox.{module}"), function)(job, here)
    except FrontdeskError as error:
        jobs.later(job.id, again_at(job, here.now), error.what)
        if isinstance(error, NetworkTrouble):
            raise
        return After.NOT_YET, error.what
    except Exception as error:  # a mistake of ours must not be made again with every tick
        jobs.later(job.id, again_at(job, here.now), f"Something went wrong ({type(error).__name__}).")
        raise
    if after is After.DONE:
        jobs.done(job.id)
    elif after is After.NOT_YET:
        jobs.later(job.id, again_at(job, here.now), "")
    return after, ""


def again_at(job: Job, now: Instant) -> Instant:
    """When a job that came to nothing is tried again."""
    return now + min(AGAIN << min(job.tries, 8), 86_400)

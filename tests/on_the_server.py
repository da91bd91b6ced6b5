"""What the worker does on the mail server because of what people did here, step by step."""

from __future__ import annotations

from inbox import errands
from inbox.channels.imap import connect
from inbox.channels.passwords import Secret
from inbox.following import follow
from inbox.model import Instant
from inbox.ports import Result
from tests.post_office import SECRET, PostOffice

KINDS = ("seen", "not-spam")


def followed(office: PostOffice) -> list[str]:
    """Follow the record; the jobs there are now, those from before among them."""
    follow(office.store, office.settings, office.clock())
    return jobs(office)


def jobs(office: PostOffice) -> list[str]:
    """The jobs of these kinds that are not done."""
    found = office.store.jobs.due(office.clock() + 30 * 86_400)
    return [f"{job.kind} {job.data}" for job in found if job.kind in KINDS]


def go(office: PostOffice) -> list[str]:
    """Follow the record and do every such job, due or not; what stood in their way."""
    follow(office.store, office.settings, office.clock())
    troubles: list[str] = []
    for box in office.settings.mailboxes:
        with connect(box, Secret(SECRET)) as connection:
            here = errands.Here(box, connection, office.store, office.clock())
            for job in office.store.jobs.due(office.clock() + 30 * 86_400):
                if job.kind in KINDS and job.data.startswith(f"{box.name} "):
                    troubles.append(errands.run(job, here)[1])
    return [trouble for trouble in troubles if trouble]


def tries(office: PostOffice) -> list[tuple[int, Instant]]:
    """How often each job was tried, and when it is tried again."""
    return [
        tuple(row)
        for row in office.store.read("SELECT tries, run_at FROM jobs WHERE kind IN ('seen', 'not-spam')")
    ]


def accepted(office: PostOffice, message: int) -> None:
    """A server takes a message of ours; the clock goes on to when it leaves."""
    office.clock.advance(60)
    outbox = office.store.sending
    (going,) = (each for each in outbox.due(office.clock()) if each.message == message)
    outbox.phase(message, "connecting", office.clock())
    outbox.phase(message, "data", office.clock())
    results = dict.fromkeys(going.recipients, Result("sent", "OK"))
    assert outbox.settle(going, results, office.clock(), None) == "sent"


def read(office: PostOffice, folder: str = "INBOX") -> dict[int, bool]:
    """For each UID of a folder, whether the server says it was read."""
    uids = office.imap.uids(office.user, folder)
    return {uid: "\\Seen" in office.imap.flags(office.user, uid, folder) for uid in uids}

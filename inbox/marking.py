"""What is done to mail on its server, and only because a person did something here: marked as read, or out of Junk.

Nothing is deleted, and nothing is ever done by a UID whose folder was numbered anew: where mail lies is looked up at
the last moment, and the folder's UIDVALIDITY compared once it is open (RFC 9051, 2.3.1.1).
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from inbox.channels.trouble import ServerSaidNo
from inbox.errands import After, Here
from inbox.errors import FrontdeskError, NotDone
from inbox.model import Status
from inbox.ports import Job, Lying
from inbox.text import sanitise

MOST_TRIES = 10
"""How often it is tried: for about three days, as the pauses grow. Then the mail stays as it is on the server."""


def seen(job: Job, here: Here) -> After:
    """Mark the mail that an event answered, or closed, as read.

    Raises NetworkTrouble; ServerSaidNo, and NotDone where a folder was numbered anew, while it is worth another try.
    """
    found = _about(job, here)
    return After.DONE if found is None else _in_each(found, job, here, here.connection.set_seen)


def not_spam(job: Job, here: Here) -> After:
    """Move mail that a person took out of spam from Junk to INBOX, from which the provider learns.

    Nothing is moved when it is spam again, and what lies in INBOX as well stays where it is. Raises as `seen`.
    """
    found = _about(job, here)
    if found is None or _is_spam(found, here):
        return After.DONE
    folders = {folder.name: folder.use for folder in here.connection.folders()}
    inbox = next((name for name, use in folders.items() if use == "inbox"), "")
    in_inbox = {
        number for (name, _), uids in found.places.items() if name == inbox for number in uids.values()
    }
    in_junk = {
        (name, uidvalidity): {uid: number for uid, number in uids.items() if number not in in_inbox}
        for (name, uidvalidity), uids in found.places.items()
        if folders.get(name) == "junk"
    }

    def move(folder: str, uidvalidity: int, uids: Collection[int]) -> bool:
        if not here.connection.move(folder, uidvalidity, uids, inbox):
            return False
        # that they are gone is our own doing, and must not surprise the next look
        here.store.places.vanished(here.mailbox.name, folder, uidvalidity, uids)
        return True

    return _in_each(found._replace(places=in_junk), job, here, move)


def _in_each(
    found: Lying, job: Job, here: Here, change: Callable[[str, int, Collection[int]], bool]
) -> After:
    """Change the mail in each folder where it lies, whatever another one says; `change` is False when the UIDs mean
    other messages now."""
    trouble: FrontdeskError | None = None
    for (folder, uidvalidity), uids in found.places.items():
        try:
            if uids and not change(folder, uidvalidity, uids):
                trouble = _numbered_anew(here, folder)
        except ServerSaidNo as error:
            trouble = error
    if job.tries >= MOST_TRIES:
        return After.DONE
    if trouble is not None:
        raise trouble
    return After.NOT_YET if found.missing else After.DONE


def _about(job: Job, here: Here) -> Lying | None:
    """Where the mail lies that the event of a job is about; `data` is the mailbox's name and the event's number."""
    return here.store.following.lying(int(job.data.rpartition(" ")[2]), here.mailbox.name)


def _is_spam(found: Lying, here: Here) -> bool:
    rows = here.store.rows([found.conversation])
    return not rows or rows[0].conversation.status is Status.SPAM


def _numbered_anew(here: Here, folder: str) -> NotDone:
    return NotDone(
        f"{sanitise(folder)} of {here.mailbox.name} was numbered anew on the server: its mail is looked for again.",
        "It is tried again once the folder has been read.",
    )

"""Sent folders: what we sent is filed there, and what may have been sent is looked for there."""

from __future__ import annotations

from inbox.channels.trouble import ServerSaidNo
from inbox.errands import After, Here
from inbox.ports import Job

MOST_LOOKS = 10
"""After so many looks into Sent, over some four days, a message nobody knows of is left to a person."""


def keep_copy(job: Job, here: Here) -> After:
    """File a message of ours in Sent. Some servers keep a copy by themselves, so it is looked for first."""
    going = here.store.sending.sent(int(job.data))
    if going is None:
        return After.DONE
    folder = _sent_folder(here)
    if not here.connection.find_message_id(folder, going.message_id):
        raw = here.store.sending.raw(going.message)
        if raw is not None:
            here.connection.append_sent(folder, raw, here.now)
    return After.DONE


def look_in_sent(job: Job, here: Here) -> After:
    """Look whether a message lies in Sent of which nobody knows if the server took it: then it did."""
    going = here.store.sending.sent(int(job.data))
    if going is None:
        return After.DONE
    if here.connection.find_message_id(_sent_folder(here), going.message_id):
        here.store.sending.found_in_sent(going.message, here.now)
        return After.DONE
    return After.NOT_YET if job.tries < MOST_LOOKS else After.DONE


def _sent_folder(here: Here) -> str:
    folder = here.connection.folder_for("sent")
    if not folder:
        raise ServerSaidNo(
            f"{here.mailbox.name} has no Sent folder: no copy of what was sent is kept there.",
            "Make one with another mail program; it is looked for again every now and then.",
        )
    return folder

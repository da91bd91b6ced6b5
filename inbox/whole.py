"""The rest of a large message, fetched in pieces over the mailbox's line, a few seconds at a time.

Whatever breaks in the middle, what came stays in a file and the next turn goes on behind it. Only when all of it is
there, and has been read in a process of its own, does the message change.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from functools import partial
from hashlib import file_digest
from pathlib import Path
from time import monotonic

from inbox.actions import complete
from inbox.beginnings import only_beginning
from inbox.beside import read_all, read_apart
from inbox.channels.imap import Connection
from inbox.channels.trouble import ServerSaidNo
from inbox.errands import After, Here
from inbox.errors import WorldError
from inbox.intake import as_it_came
from inbox.model import Message, Who
from inbox.ports import Copy, Job, Order

WHO = Who("sync")
TURN = 2.0
"""Seconds after which other work of the mailbox gets its turn, at the end of a piece."""
PIECE = 2**18
"""Bytes of a piece; each is safe on disk before the next is asked for."""
MOST = 2**29
"""Bytes that are taken in at most of a message that is longer than the server says."""
MOST_TRIES = 2
"""After so many failures to read all of it, its beginning is what is shown of it."""
UNREADABLE = "all of this message is here, but only its beginning could be read"


def fetch_whole(job: Job, here: Here) -> After:
    """Fetch the rest of a large message (`job.data`: its mailbox and its number) and put it in its place.

    Raises NetworkTrouble and ServerSaidNo of the line, WorldError when the message could not be read or the disk is full;
    then it is tried again, and goes on where it was.
    """
    try:
        return _next_turn(job, here)
    except OSError as error:
        raise WorldError(
            f"What came of a large message could not be kept: {error.strerror}.",
            "See that the disk has space; it is tried again by itself.",
        ) from error


def _next_turn(job: Job, here: Here) -> After:
    number = int(job.data.rpartition(" ")[2])
    wholes = here.store.places.wholes
    order = wholes.order(number, here.mailbox.name)
    if order is None:
        wholes.drop(number)
        return After.DONE
    if order.message is None:
        return After.NOT_YET  # its beginning is not placed yet
    copy = _one_to_fetch(order, here)
    if copy is None:
        wholes.gone(number)
        return After.DONE
    if not _came_to_its_end(order, copy, here):
        return After.GO_ON
    size = copy.file.stat().st_size
    oddity = ""
    if size != order.size:
        if not _is_there(here.connection, copy):
            wholes.vanished(here.mailbox.name, copy)
            return After.GO_ON  # is there another?
        digest = _digest(copy.file)
        if order.came is None:
            wholes.came(number, digest)
            return After.GO_ON
        came = "the same bytes came twice" if digest == order.came else "each time other bytes came"
        oddity = f"the server said {order.size} bytes and gave {size}; {came}"
    _put_in_place(job, number, order.message, copy.file, oddity, here)
    return After.DONE


def _one_to_fetch(order: Order, here: Here) -> Copy | None:
    """A copy that lies there as far as is known, the one first of which most has come; its folder is open then."""
    trouble: ServerSaidNo | None = None
    for copy in sorted(order.copies, key=lambda each: -_had(each)):
        try:
            if here.connection.open(copy.folder, copy.uidvalidity):
                return copy
            trouble = ServerSaidNo(
                "The server has numbered its messages anew.", "They are looked through again by themselves."
            )
        except ServerSaidNo as error:  # the folder is gone
            trouble = error
    if trouble is not None:
        raise trouble
    return None


def _had(copy: Copy) -> int:
    return copy.file.stat().st_size if copy.file.exists() else 0


def _is_there(connection: Connection, copy: Copy) -> bool:
    return any(True for _ in connection.fetch([copy.uid], large=0))


def _came_to_its_end(order: Order, copy: Copy, here: Here) -> bool:
    """Fetch pieces for one turn; True when there are no more."""
    had = _had(copy)
    with copy.file.open("r+b" if had else "wb") as file:
        with suppress(PermissionError):  # begun by another worker, which has seen to it
            os.fchmod(file.fileno(), 0o660)
        # a piece that is not full was the last, or was cut short by a death in the middle: fetched once more
        had -= had % PIECE
        file.truncate(had)
        file.seek(had)
        until = monotonic() + TURN
        for piece in here.connection.pieces(copy.uid, max(order.size, MOST), had, PIECE):
            file.write(piece)
            file.flush()
            os.fsync(file.fileno())
            if len(piece) == PIECE and (monotonic() > until or here.cancelled()):
                return False
    return True


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return file_digest(file, "sha256").digest()


def _put_in_place(job: Job, number: int, began: int, file: Path, oddity: str, here: Here) -> None:
    """Read all of it, and record that it is here."""
    wholes, store = here.store.places.wholes, here.store
    message = read_apart(file)
    if message is None:
        if job.tries < MOST_TRIES:
            raise WorldError(
                "A large message could not be read: its beginning is shown.", "It is tried again by itself."
            )
        message = _as_it_began(store.raw(began) or b"", _digest(file))
    if oddity:
        message = replace(message, oddities=(*message.oddities, oddity))
    file = wholes.take(file)
    decide = partial(complete.decide, message=message, raw=file)
    outcome = store.change(complete.scope(began, message), decide, WHO, here.now)
    if outcome.refusal is complete.ANOTHER:
        wholes.another(number, file, oddity)
    else:
        wholes.whole(number, message, file)
    wholes.drop(number)


def _as_it_began(raw: bytes, digest: bytes) -> Message:
    message = only_beginning(read_all([raw])[0] or as_it_came(raw), raw)
    return replace(message, oddities=(*message.oddities, UNREADABLE), digest=digest.hex())

"""What is new in a mailbox on its server, step by step: folders looked into, messages fetched, nothing written yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from inbox.channels.imap import Connection, Fetched, Folder
from inbox.channels.plan import Cursor, plan
from inbox.model import Instant
from inbox.ports import Kept
from inbox.settings import Mailbox

WATCHED = ("inbox", "sent", "junk")
"""Folders that are read when the settings name none, by their use."""
AT_ONCE = 500
BYTES_AT_ONCE = 8 * 1024 * 1024
"""Messages of one step, and their bytes; a large one stands alone."""


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of news of a folder; all of them are to be taken in in the order in which they came.

    begin: read the folder from its first message on; what lies there up to this UID is history.
    vanished: UIDs that are no longer there.
    kept: messages with their bytes; `up_to` is the highest UID looked at.
    done, of: how many messages of the folder have come with this step, and how many will.
    question: for a person; nothing else is in such a step.
    """

    folder: str = ""
    use: str = ""
    uidvalidity: int = 0
    begin: int | None = None
    vanished: tuple[int, ...] = ()
    kept: tuple[Kept, ...] = ()
    up_to: int = 0
    done: int = 0
    of: int = 0
    question: str = ""


def news(
    connection: Connection,
    mailbox: Mailbox,
    cursors: Mapping[str, Cursor],
    now: Instant,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Step]:
    """What is new in every watched folder, compared with how far each was read (`cursors`, by the folder's name)."""
    there = connection.folders()
    for name in mailbox.folders:
        if not any(folder.name == name for folder in there):
            yield Step(question=f"{mailbox.name} has no folder {name}, which the settings name.")
    for folder in watched(there, mailbox):
        for step in _news_of(connection, mailbox, folder, cursors.get(folder.name), now):
            if cancelled():
                return
            yield step


def watched(folders: Iterable[Folder], mailbox: Mailbox) -> list[Folder]:
    """The folders to read: those the settings name, else INBOX, Sent and Junk."""
    if mailbox.folders:
        return [folder for folder in folders if folder.name in mailbox.folders]
    return [folder for folder in folders if folder.use in WATCHED]


def _news_of(
    connection: Connection, mailbox: Mailbox, folder: Folder, cursor: Cursor | None, now: Instant
) -> Iterator[Step]:
    state = connection.look(folder.name, cursor)
    todo = plan(cursor, state)
    name, valid = folder.name, todo.uidvalidity
    if todo.question:
        yield Step(question=f"{mailbox.name}, {name}: {todo.question}")
    elif cursor is None or todo.reset:
        yield Step(name, folder.use, valid, begin=max(0, state.uidnext - 1, *todo.new[-1:]))
    if todo.vanished:
        yield Step(name, folder.use, valid, vanished=todo.vanished)
    done = 0
    for batch in _in_batches(connection.fetch(todo.new)):
        kept = tuple(whole for one in batch if (whole := _whole(connection, one, now)) is not None)
        done += len(kept)
        yield Step(name, folder.use, valid, kept=kept, up_to=batch[-1].uid, done=done, of=len(todo.new))


def _whole(connection: Connection, one: Fetched, now: Instant) -> Kept | None:
    """The message with all its bytes, piece by piece where it is large; None when it was deleted meanwhile."""
    at = min(one.internal_date or now, now)
    if one.complete:
        return Kept(one.uid, at, one.raw, one.oddity)
    raw = b"".join(connection.pieces(one.uid, one.size))
    oddity = one.oddity
    if len(raw) != one.size:
        if not any(True for _ in connection.fetch([one.uid])):
            return None
        oddity = f"the server said {one.size} bytes and gave {len(raw)}"
    return Kept(one.uid, at, raw, oddity)


def _in_batches(fetched: Iterator[Fetched]) -> Iterator[list[Fetched]]:
    batch: list[Fetched] = []
    size = 0
    for one in fetched:
        batch.append(one)
        size += one.size if one.complete else BYTES_AT_ONCE
        if len(batch) >= AT_ONCE or size >= BYTES_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch

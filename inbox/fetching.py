"""From the server to the store: one mailbox, once over all its folders; and from raw bytes to conversations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from inbox import mime
from inbox.actions import receive
from inbox.channels.imap import Connection, Fetched, Folder
from inbox.channels.plan import plan
from inbox.model import Instant, Message, Who
from inbox.ports import Decide, Kept, Places, Scope, Store, Waiting
from inbox.settings import Mailbox
from inbox.us import Us

WATCHED = ("inbox", "sent", "junk")
"""Folders that are read when the settings name none, by their use."""
COMMIT = 50
"""Messages stored in one transaction; others get their turn between two."""
COMMIT_BYTES = 8 * 1024 * 1024
MOST_TRIES = 3
"""After so many failures to read a message it is shown as it came."""


@dataclass(slots=True)
class Pull:
    """What one pull of a mailbox brought; `questions` are for a person."""

    fetched: int = 0
    gone: int = 0
    questions: list[str] = field(default_factory=list)
    cancelled: bool = False


def pull(
    connection: Connection,
    mailbox: Mailbox,
    places: Places,
    now: Instant,
    progress: Callable[[str, int, int], None] = lambda _folder, _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Pull:
    """Fetch what is new in every watched folder; bytes and cursor are safe before a message counts as fetched."""
    result = Pull()
    for folder in watched(connection.folders(), mailbox):
        if cancelled():
            result.cancelled = True
            break
        _pull_folder(connection, mailbox, folder, places, now, result, progress, cancelled)
    return result


def watched(folders: Iterable[Folder], mailbox: Mailbox) -> list[Folder]:
    """The folders to read: those the settings name, else INBOX, Sent and Junk."""
    there = list(folders)
    if mailbox.folders:
        return [folder for folder in there if folder.name in mailbox.folders]
    return [folder for folder in there if folder.use in WATCHED]


def _pull_folder(
    connection: Connection,
    mailbox: Mailbox,
    folder: Folder,
    places: Places,
    now: Instant,
    result: Pull,
    progress: Callable[[str, int, int], None],
    cancelled: Callable[[], bool],
) -> None:
    cursor = places.cursor(mailbox.name, folder.name)
    state = connection.look(folder.name, cursor)
    todo = plan(cursor, state)
    if todo.question:
        result.questions.append(f"{mailbox.name}, {folder.name}: {todo.question}")
    if todo.reset and todo.new:
        places.forget(mailbox.name, folder.name)
    if todo.vanished:
        places.vanished(mailbox.name, folder.name, todo.uidvalidity, todo.vanished)
        result.gone += len(todo.vanished)
    history = cursor is None or todo.reset
    done = 0
    for batch in _in_batches(connection.fetch(todo.new)):
        kept = [
            Kept(one.uid, min(one.internal_date or now, now), _whole(connection, one))
            for one in batch
        ]
        places.keep(mailbox.name, folder.name, todo.uidvalidity, kept, batch[-1].uid, history, folder.use)
        done += len(kept)
        result.fetched += len(kept)
        progress(folder.name, done, len(todo.new))
        if cancelled():
            result.cancelled = True
            return
    if not todo.new and cursor is None:
        places.keep(mailbox.name, folder.name, todo.uidvalidity, (), max(state.uidnext - 1, 0), history, folder.use)


def _whole(connection: Connection, one: Fetched) -> bytes:
    if one.complete:
        return one.raw
    return b"".join(connection.pieces(one.uid, one.size))


def _in_batches(fetched: Iterator[Fetched]) -> Iterator[list[Fetched]]:
    batch: list[Fetched] = []
    size = 0
    for one in fetched:
        batch.append(one)
        size += one.size if one.complete else COMMIT_BYTES
        if len(batch) >= COMMIT or size >= COMMIT_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def place_waiting(
    store: Store,
    places: Places,
    us: Us,
    now: Instant,
    *,
    open_for: int,
    new_after_closed: int,
    progress: Callable[[int], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> int:
    """Read and place everything that has come; how many.

    A message that breaks the reader is tried three times and then kept as it came, marked: it never ends a batch.
    """
    count = 0
    while not cancelled():
        waiting = places.waiting(COMMIT * 10)
        if not waiting:
            break
        read: list[tuple[Waiting, Message]] = []
        for one in waiting:
            message = _read(one, places)
            if message is not None:
                read.append((one, message))

        def changes(ready: list[tuple[Waiting, Message]] = read) -> Iterator[tuple[Scope, Decide]]:
            for one, message in ready:
                arrival = receive.Arrival(
                    message,
                    one.raw,
                    one.at,
                    trusted=one.use == "sent",
                    history=one.history,
                    mailbox=one.mailbox,
                    junk=one.use == "junk",
                    quarantine=bool(message.oddities) and message.oddities[0] == UNREADABLE,
                    us=us,
                    open_for=open_for,
                    new_after_closed=new_after_closed,
                )
                yield receive.scope(arrival), receive.deciding(arrival)

        store.change_each(changes(), Who("sync"), now, after=lambda _: None)
        places.placed([(one.id, message) for one, message in read])
        count += len(read)
        progress(count)
    return count


UNREADABLE = "this message could not be read: it is shown as it came"


def _read(one: Waiting, places: Places) -> Message | None:
    """The message; None when it is to be tried again. Reading never raises on bad mail, so this guards against our
    own mistakes: a customer's message must not be lost to them."""
    try:
        return mime.parse(one.raw)
    except Exception:
        if one.tries + 1 < MOST_TRIES:
            places.tried(one.id)
            return None
    import hashlib

    text = one.raw[:20_000].decode("utf-8", "replace")
    return Message(text=text, reply=text, oddities=(UNREADABLE,), digest=hashlib.sha256(one.raw).hexdigest())

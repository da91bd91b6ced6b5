"""From the server to the store: one mailbox, once over all its folders; and from raw bytes to conversations."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from inbox import mime
from inbox.actions import receive, unjunk
from inbox.channels.imap import Connection, Fetched, Folder
from inbox.channels.plan import plan
from inbox.errors import FrontdeskError
from inbox.model import Instant, Message, Who
from inbox.ports import Decide, Kept, Places, Scope, Store, Waiting
from inbox.settings import Mailbox
from inbox.us import Us

WHO = Who("sync")
WATCHED = ("inbox", "sent", "junk")
"""Folders that are read when the settings name none, by their use."""
COMMIT = 50
"""Messages stored in one transaction; others get their turn between two."""
COMMIT_BYTES = 8 * 1024 * 1024
PLACED_AT_ONCE = 500
MOST_TRIES = 3
"""After so many failures to read or place a message it is shown as it came."""
UNREADABLE = "this message could not be read: it is shown as it came"
SHOWN_UNREAD = 20_000
"""Bytes that are shown of a message nobody can read."""

Progress = Callable[[str, int, int], None]
"""Told of each step: the folder, how many messages of it have come, and how many will."""


@dataclass(slots=True)
class Pull:
    """What one pull of a mailbox brought; `questions` are for a person."""

    fetched: int = 0
    gone: int = 0
    questions: list[str] = field(default_factory=list)
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A connection to a mailbox with what a pull over it needs."""

    connection: Connection
    mailbox: Mailbox
    places: Places
    now: Instant
    progress: Progress = lambda _folder, _done, _all: None
    cancelled: Callable[[], bool] = lambda: False


def pull(line: Line) -> Pull:
    """Fetch what is new in every watched folder; bytes and cursor are safe before a message counts as fetched."""
    result = Pull()
    there = line.connection.folders()
    for name in line.mailbox.folders:
        if not any(folder.name == name for folder in there):
            result.questions.append(f"{line.mailbox.name} has no folder {name}, which the settings name.")
    for folder in watched(there, line.mailbox):
        if line.cancelled():
            result.cancelled = True
            break
        _pull_folder(line, folder, result)
    return result


def watched(folders: Iterable[Folder], mailbox: Mailbox) -> list[Folder]:
    """The folders to read: those the settings name, else INBOX, Sent and Junk."""
    if mailbox.folders:
        return [folder for folder in folders if folder.name in mailbox.folders]
    return [folder for folder in folders if folder.use in WATCHED]


def _pull_folder(line: Line, folder: Folder, result: Pull) -> None:
    mailbox, places = line.mailbox.name, line.places
    cursor = places.cursor(mailbox, folder.name)
    state = line.connection.look(folder.name, cursor)
    todo = plan(cursor, state)
    if todo.question:
        result.questions.append(f"{mailbox}, {folder.name}: {todo.question}")
    elif cursor is None or todo.reset:
        places.begin(mailbox, folder.name, todo.uidvalidity, max(0, state.uidnext - 1, *todo.new[-1:]))
    if todo.vanished:
        places.vanished(mailbox, folder.name, todo.uidvalidity, todo.vanished)
        result.gone += len(todo.vanished)
    done = 0
    for batch in _in_batches(line.connection.fetch(todo.new)):
        kept = [whole for one in batch if (whole := _whole(line, one)) is not None]
        places.keep(mailbox, folder.name, todo.uidvalidity, kept, batch[-1].uid, folder.use)
        done += len(kept)
        result.fetched += len(kept)
        line.progress(folder.name, done, len(todo.new))
        if line.cancelled():
            result.cancelled = True
            return


def _whole(line: Line, one: Fetched) -> Kept | None:
    """The message with all its bytes, piece by piece where it is large; None when it was deleted meanwhile."""
    at = min(one.internal_date or line.now, line.now)
    if one.complete:
        return Kept(one.uid, at, one.raw, one.oddity)
    raw = b"".join(line.connection.pieces(one.uid, one.size))
    oddity = one.oddity
    if len(raw) != one.size:
        if not any(True for _ in line.connection.fetch([one.uid])):
            return None
        oddity = f"the server said {one.size} bytes and gave {len(raw)}"
    return Kept(one.uid, at, raw, oddity)


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


# --------------------------------------------------------------------------- from bytes to conversations


@dataclass(frozen=True, slots=True)
class Placing:
    """Where messages are placed, and by what rules (see `receive.Arrival`)."""

    store: Store
    places: Places
    us: Us
    now: Instant
    open_for: int
    new_after_closed: int
    progress: Callable[[int], None] = lambda _: None
    cancelled: Callable[[], bool] = lambda: False


def place_waiting(placing: Placing) -> int:
    """Read and place everything that has come; how many.

    A message that breaks the reading or the placing holds nobody up. It is tried three times, then it is shown as it
    came, marked: a customer's message must not be lost to a mistake of ours.
    """
    count = 0
    for _ in range(MOST_TRIES + 1):
        failed, after = 0, 0
        while not placing.cancelled() and (waiting := placing.places.waiting(PLACED_AT_ONCE, after)):
            after = waiting[-1].id
            placed = _place(placing, waiting)
            for conversation in placing.places.placed(placed):
                decide = partial(unjunk.decide, conversation=conversation)
                placing.store.change(unjunk.scope(conversation), decide, WHO, placing.now)
            count += len(placed)
            failed += len(waiting) - len(placed)
            placing.progress(count)
        if not failed:
            break
    return count


def _place(placing: Placing, waiting: Sequence[Waiting]) -> list[tuple[int, Message]]:
    """Place these; those that were placed, by the number of their arrival."""
    ready = []
    for one in waiting:
        try:
            ready.append((one, _arrival(placing, one)))
        except Exception:
            placing.places.tried(one.id)
    try:
        changes = (_change(arrival) for _, arrival in ready)
        placing.store.change_each(changes, WHO, placing.now, after=lambda _: None)
    except FrontdeskError:
        raise
    except Exception:
        ready = [(one, arrival) for one, arrival in ready if _place_alone(placing, one, arrival)]
    return [(one.id, arrival.message) for one, arrival in ready]


def _place_alone(placing: Placing, one: Waiting, arrival: receive.Arrival) -> bool:
    """Place one in a transaction of its own, since one of its batch cannot be placed; False when it is this one."""
    try:
        placing.store.change(*_change(arrival), WHO, placing.now)
    except FrontdeskError:
        raise
    except Exception:
        placing.places.tried(one.id)
        return False
    return True


def _change(arrival: receive.Arrival) -> tuple[Scope, Decide]:
    return receive.scope(arrival), receive.deciding(arrival)


def _arrival(placing: Placing, one: Waiting) -> receive.Arrival:
    quarantine = one.tries >= MOST_TRIES
    message = _as_it_came(one.raw) if quarantine else mime.parse(one.raw)
    if one.oddity:
        message = replace(message, oddities=(*message.oddities, one.oddity))
    return receive.Arrival(
        message,
        one.raw,
        one.at,
        trusted=one.use == "sent",
        history=one.history,
        mailbox=one.mailbox,
        quarantine=quarantine,
        junk=one.use == "junk",
        us=placing.us,
        open_for=placing.open_for,
        new_after_closed=placing.new_after_closed,
    )


def _as_it_came(raw: bytes) -> Message:
    text = raw[:SHOWN_UNREAD].decode("utf-8", "replace")
    return Message(text=text, reply=text, oddities=(UNREADABLE,), digest=hashlib.sha256(raw).hexdigest())

"""New hours and policies come to hold for every conversation that is not done with, while others go on working.

The deadlines are derived outside the write lock, a slice of conversations at a time, and only written under it, where a
conversation has not been told anew since: whoever did that knew the new version. How far it has come stands beside the
record and moves in the same transaction as the deadlines, so that whoever starts next goes on after a kill, and
`verify` says that something is left.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from inbox.fold import fold
from inbox.model import Event, Instant
from inbox.policies import Book, deadlines
from storage import events as record
from storage.reading import STATE, STATE_COLUMNS, conversation_of
from storage.recording import CONVERSATION_NAMES, row_of
from storage.store import SqliteStore
from storage.transaction import Transaction

SLICE = 250
"""Conversations derived at a time."""
WRITE_SECONDS = 0.008
"""How long a slice writes before it commits; the rest is written by the next one."""
RING_SECONDS = 0.3
"""How often screens hear of it."""
_LOOK_SECONDS = 0.05

_MARK = "deriving"
"""In `meta` while something is left: the last conversation that was derived under the newest version."""
_WANTED = (
    "SELECT id FROM conversations WHERE status IN ('open', 'waiting', 'held', 'snoozed')"
    " UNION SELECT id FROM conversations WHERE promised_until IS NOT NULL"
    " UNION SELECT id FROM conversations WHERE follow_up_at IS NOT NULL"
)
_ROWS = (
    f"SELECT {STATE}, c.vip, c.told, c.policy, c.due_at, c.warn_at, c.wakes_at FROM conversations c"
    " WHERE c.id IN (SELECT value FROM json_each(?)) ORDER BY c.id"
)
_EVENTS = f"SELECT home, {record.COLUMNS} FROM events WHERE home IN (SELECT value FROM json_each(?)) ORDER BY home, seq"
_clock_columns = itemgetter(*map(CONVERSATION_NAMES.index, ("policy", "due_at", "warn_at", "wakes_at")))


class _Derived(NamedTuple):
    """What clocks say in the row of a conversation: policy, due_at, warn_at, wakes_at. `told`: after which event of the
    record that row was told when it was read. `change`: the event by which another policy comes to hold."""

    conversation: int
    told: int
    was: tuple[Any, ...]
    becomes: tuple[Any, ...]
    change: Event | None


def begin(connection: sqlite3.Connection) -> None:
    """A version was written down in this transaction: everything is to be derived under it, from the beginning."""
    connection.execute(
        "INSERT OR REPLACE INTO meta SELECT ?, 0 WHERE EXISTS (SELECT 1 FROM conversations)", (_MARK,)
    )


def left_after(connection: sqlite3.Connection) -> int | None:
    """Conversations with a higher number than this are to be derived under the newest version; None: none are."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (_MARK,)).fetchone()
    return None if row is None else int(row[0])


def go_on(store: SqliteStore, now: Instant, wait: bool) -> int:
    """Derive what is left under the newest version; how many conversations got another deadline by it.

    When another process is at it, it is left to that one; with `wait` only once nothing is left, so that a version
    that came as the other one ended is not forgotten.
    """
    moved = 0
    while is_left(store):
        with _alone(store.workspace) as ours:
            if ours:
                moved += _derive(store, now)
            elif not wait:
                break
            else:
                time.sleep(_LOOK_SECONDS)
    return moved


def is_left(store: SqliteStore) -> bool:
    """Whether conversations stand under an older version."""
    return bool(store.read("SELECT 1 FROM meta WHERE name = ?", (_MARK,)))


@contextmanager
def _alone(workspace: Path) -> Iterator[bool]:
    """Whether nobody else is at it; a kill frees the place."""
    file = os.open(workspace / "deadlines.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(file)


def _derive(store: SqliteStore, now: Instant) -> int:
    """Slice after slice, until nothing is left or a newer version comes; how many deadlines are others now."""
    with store.snapshot() as connection:
        after, book = left_after(connection), store.book_seen_by(connection)
        numbers = sorted(row[0] for row in connection.execute(_WANTED) if after is None or row[0] > after)
    moved, rung = 0, time.monotonic()
    changed: set[int] = set()
    for start in range(0, len(numbers), SLICE):
        slice_ = numbers[start : start + SLICE]
        with store.snapshot() as connection:
            waiting = deque(_derived(connection, slice_, book, now))
        while slice_:
            with store.deriving() as transaction:
                if store.book_seen_by(transaction.connection).current.number != book.current.number:
                    return moved
                written = _write(transaction, waiting)
                done = written[-1].conversation if waiting else slice_.pop()
                transaction.connection.execute("UPDATE meta SET value = ? WHERE name = ?", (done, _MARK))
            moved += sum(each.was[1] != each.becomes[1] for each in written)
            changed.update(each.conversation for each in written)
            slice_ = slice_ if waiting else []
        if time.monotonic() - rung > RING_SECONDS:
            store.bell.ring(frozenset(changed))
            changed.clear()
            rung = time.monotonic()
    with store.deriving() as transaction:
        if store.book_seen_by(transaction.connection).current.number == book.current.number:
            transaction.connection.execute("DELETE FROM meta WHERE name = ?", (_MARK,))
    if changed:
        store.bell.ring(frozenset(changed))
    return moved


def _derived(
    connection: sqlite3.Connection, numbers: Sequence[int], book: Book, now: Instant
) -> Iterator[_Derived]:
    """What these conversations are to say; those that change in nothing are left out."""
    text = f"[{','.join(map(str, numbers))}]"
    tags = _words(connection, "conversation_tags", "tag", text)
    mentions = _words(connection, "conversation_mentions", "name", text)
    events = {
        number: [record.event_of(row[1:]) for row in group]
        for number, group in groupby(connection.execute(_EVENTS, (text,)), key=itemgetter(0))
    }
    for row in connection.execute(_ROWS, (text,)):
        number = row[0]
        vip, told, *was = row[STATE_COLUMNS:]
        here = events[number]
        state = conversation_of(row, tags.get(number, ()), mentions.get(number, ()))
        if state.promised_until is not None or state.follow_up_at is not None:
            state = fold(number, here)._replace(customer=state.customer)  # when it was turned, no row says
        change = book.change(state, bool(vip), here, now)
        if change is not None:
            here.append(change)
        becomes = _clock_columns(row_of(state, bool(vip), deadlines(state, here, book, now), "", ""))
        if change is not None or becomes != tuple(was):
            yield _Derived(number, told, tuple(was), becomes, change)


def _words(
    connection: sqlite3.Connection, table: str, column: str, numbers: str
) -> dict[int, tuple[str, ...]]:
    """Table and column are names of this module's own."""
    found: dict[int, tuple[str, ...]] = {}
    for number, word in connection.execute(
        f"SELECT conversation, {column} FROM {table} WHERE conversation IN (SELECT value FROM json_each(?))"
        f" ORDER BY {column}",
        (numbers,),
    ):
        found[number] = (*found.get(number, ()), word)
    return found


def _write(transaction: Transaction, waiting: deque[_Derived]) -> list[_Derived]:
    """Write as many of these as there is time for; which."""
    execute = transaction.connection.execute
    written: list[_Derived] = []
    until = time.monotonic() + WRITE_SECONDS
    while waiting and (not written or time.monotonic() < until):
        each = waiting.popleft()
        written.append(each)
        changed = execute(
            "UPDATE conversations SET policy = ?, due_at = ?, warn_at = ?, wakes_at = ? WHERE id = ? AND told = ?",
            (*each.becomes, each.conversation, each.told),
        ).rowcount
        if changed and each.change is not None:
            event = record.append(transaction.connection, each.change, transaction.loader.next_event(), None)
            execute(
                "UPDATE conversations SET seq = ?1, told = ?1 WHERE id = ?2", (event.seq, event.conversation)
            )
    return written

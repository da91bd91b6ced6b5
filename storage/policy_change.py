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
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from inbox.model import Conversation, Event, EventType, Instant, Status, Who
from inbox.ports import Fact, Scope
from inbox.progress import Reached, unheard
from inbox.safe_file import open_shared
from inbox.settings import Settings
from storage import deriving
from storage import events as record
from storage.deriving import Derived, derive_all
from storage.store import SqliteStore
from storage.transaction import Transaction

WRITE_SECONDS = 0.002
"""How long a slice writes before it commits; the rest is written by the next one. The commit takes as long again, and
sometimes three times: nobody should wait for more than 15 ms."""
PAUSE = 0.0015
"""Seconds between two slices, in which others get their turn; longer than `store.LOOK_AGAIN`."""
RING_SECONDS = 0.3
"""How often screens hear of it."""
_LOOK_SECONDS = 0.05

TOGETHER = 8
"""Conversations written by one statement: each costs half as much as by a statement of its own."""

_ROW = "(?, ?, ?, ?, ?, ?)"
_WRITE = (
    "UPDATE conversations SET policy = row.column3, due_at = row.column4, warn_at = row.column5, wakes_at = row.column6"
    " FROM (VALUES {rows}) AS row WHERE id = row.column1 AND told = row.column2"
)
_MARK = "deriving"
"""In `meta` while something is left: the last conversation that was derived under the newest version."""
_WANTED = (
    "SELECT id FROM conversations WHERE status IN ('open', 'waiting', 'held', 'snoozed')"
    " UNION SELECT id FROM conversations WHERE promised_until IS NOT NULL"
    " UNION SELECT id FROM conversations WHERE follow_up_at IS NOT NULL"
)


def write_down(store: SqliteStore, settings: Settings, now: Instant) -> bool:
    """Record hours and policies where they differ from the ones in force; whether they do. From then on everything is to
    be derived under them."""
    text = settings.canonical_json()
    newest = "SELECT version, text FROM settings_versions ORDER BY version DESC LIMIT 1"
    if any(row[1] == text for row in store.read(newest)):
        return False
    with store.writing() as transaction:
        in_force = transaction.connection.execute(newest).fetchone()
        if in_force is not None and in_force[1] == text:
            return False
        number = in_force[0] + 1 if in_force else 1
        event = Event(EventType.SETTINGS, now, "settings", data={"version": number}, recorded=now)
        fact = Fact(event, text=text)
        transaction.decide(Scope(), lambda _state, _who, _now: [fact], Who("settings"), now)
        transaction.connection.execute(
            "INSERT OR REPLACE INTO meta SELECT ?, 0 WHERE EXISTS (SELECT 1 FROM conversations)", (_MARK,)
        )
    return True


def left_after(connection: sqlite3.Connection) -> int | None:
    """Conversations with a higher number than this are to be derived under the newest version; None: none are."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (_MARK,)).fetchone()
    return None if row is None else int(row[0])


def is_wanted(state: Conversation) -> bool:
    """Whether new settings concern a conversation: it is not done with, or something is promised in it or to be
    followed up."""
    return state.status not in (Status.CLOSED, Status.SPAM) or state.is_pledged


def go_on(store: SqliteStore, now: Instant, wait: bool, progress: Reached = unheard) -> int:
    """Derive what is left under the newest version; how many conversations got another deadline by it.

    When another process is at it, it is left to that one; with `wait` only once nothing is left, so that a version
    that came as the other one ended is not forgotten.
    """
    moved = 0
    while is_left(store):
        with _alone(store.workspace) as ours:
            if ours:
                moved += _derive(store, now, progress)
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
    file = open_shared(workspace / "deadlines.lock")
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(file)


def _derive(store: SqliteStore, now: Instant, progress: Reached) -> int:
    """Slice after slice, until nothing is left or a newer version comes; how many deadlines are others now."""
    with store.snapshot() as connection:
        after, version = left_after(connection), store.book_seen_by(connection).current.number
        numbers = sorted(row[0] for row in connection.execute(_WANTED) if after is None or row[0] > after)
    moved, busy = 0, store.bell.others()
    waiting: deque[Derived] = deque()
    with closing(derive_all(store, numbers, now)) as slices, closing(_Ringing(store)) as ringing:
        for last, derived in slices:
            waiting += derived
            is_end = last == numbers[-1]
            while len(waiting) >= (1 if is_end else deriving.SLICE):  # as after each others get their turn
                with store.deriving() as transaction:
                    if store.book_seen_by(transaction.connection).current.number != version:
                        return moved
                    written = write(transaction, waiting)
                    done = written[-1].conversation if waiting else last
                    transaction.connection.execute("UPDATE meta SET value = ? WHERE name = ?", (done, _MARK))
                moved += sum(each.was[1] != each.becomes[1] for each in written)
                ringing.add(each.conversation for each in written)
                if busy:
                    time.sleep(PAUSE)
            progress("Deadlines", bisect_right(numbers, last), len(numbers))
    with store.deriving() as transaction:
        if store.book_seen_by(transaction.connection).current.number == version:
            transaction.connection.execute("DELETE FROM meta WHERE name = ?", (_MARK,))
    return moved


class _Ringing:
    """Tells screens what changed: a few times a second, and at the end."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self._changed: set[int] = set()
        self._last = time.monotonic()

    def add(self, conversations: Iterable[int]) -> None:
        """These changed."""
        self._changed.update(conversations)
        if time.monotonic() - self._last > RING_SECONDS:
            self.close()

    def close(self) -> None:
        """Tell what was not told yet."""
        if self._changed:
            self._store.bell.ring(frozenset(self._changed))
        self._changed.clear()
        self._last = time.monotonic()


def write(transaction: Transaction, waiting: deque[Derived]) -> list[Derived]:
    """Write as many of these as there is time for; which."""
    written: list[Derived] = []
    until = time.monotonic() + WRITE_SECONDS
    while waiting and (not written or time.monotonic() < until):
        together = [waiting.popleft() for _ in range(min(TOGETHER, len(waiting)))]
        _write_rows(transaction.connection, [each for each in together if each.change is None])
        for each in together:
            if each.change is not None and _write_rows(transaction.connection, [each]):
                event = record.append(
                    transaction.connection, each.change, transaction.loader.next_event(), None
                )
                transaction.connection.execute(
                    "UPDATE conversations SET seq = ?1, told = ?1 WHERE id = ?2",
                    (event.seq, event.conversation),
                )
        written += together
    return written


def _write_rows(connection: sqlite3.Connection, derived: Iterable[Derived]) -> int:
    """What clocks say of these, where nothing was told of a conversation since it was read; of how many that is so."""
    rows = [(each.conversation, each.told, *each.becomes) for each in derived]
    if not rows:
        return 0
    statement = _WRITE.format(rows=", ".join([_ROW] * len(rows)))
    return connection.execute(statement, [value for row in rows for value in row]).rowcount

"""Large messages: their beginning is here, the rest is fetched in pieces into files beside `raw/`.

Outside the record, as places are. That a message is whole now is an event (`inbox.actions.complete`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from inbox.model import Message
from inbox.ports import Copy, Kept, Order
from storage import restricted
from storage.jobs import add_job
from storage.loading import number_of
from storage.raw import Raws
from storage.store import SqliteStore
from storage.tombstones import drop_file

_PLACE = "mailbox = ? AND folder = ? AND uidvalidity = ? AND uid = ?"


def begun(
    connection: sqlite3.Connection, mailbox: str, sha: bytes, one: Kept, history: bool, use: str
) -> None:
    """The beginning of a large message came, `sha` its digest: ask for the rest, unless all of it is here."""
    connection.execute(
        "INSERT INTO wholes(sha, size, at, history, use) VALUES(?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET state = 'coming' WHERE state = 'gone'",
        (sha, one.coming, one.at, int(history), use),
    )
    number, state = connection.execute(
        "SELECT id, state FROM wholes WHERE sha = ? AND size = ?", (sha, one.coming)
    ).fetchone()
    if state == "coming":
        add_job(connection, "whole", f"{mailbox} {number}", one.at)


def belongs_to(connection: sqlite3.Connection, place: Sequence[str | int], number: int | None) -> int | None:
    """The message a place belongs to, which is placed as the message `number`.

    Of a large one whose bytes have been compared that is known for sure. One of our own sending is never fetched again.
    """
    sha, size = connection.execute(f"SELECT sha, size FROM places WHERE {_PLACE}", tuple(place)).fetchone()
    row = connection.execute(
        "SELECT id, state, message FROM wholes WHERE sha = ? AND size = ?", (sha, size)
    ).fetchone()
    if row is None:
        return number
    whole, state, message = row
    if state == "whole" and message is not None:
        return int(message)
    ours = connection.execute("SELECT 1 FROM outbox WHERE message = ?", (number,)).fetchone()
    connection.execute(
        "UPDATE wholes SET message = ?, state = ? WHERE id = ?", (number, "whole" if ours else state, whole)
    )
    return number


class Wholes:
    """The large messages of a store, by number."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self._folder = store.workspace / "coming"

    def order(self, number: int, mailbox: str) -> Order | None:
        """What is to be fetched, and where it lies in a mailbox; None when nothing is to be done any more."""
        rows = self._store.read(
            "SELECT size, message, came, sha FROM wholes WHERE id = ? AND state = 'coming'"
            " AND (message IS NULL OR message IN (SELECT id FROM messages))",  # it could be erased by now
            (number,),
        )
        if not rows:
            return None
        size, message, came, sha = rows[0]
        places = self._store.read(
            "SELECT folder, uidvalidity, uid FROM places WHERE mailbox = ? AND sha = ? AND size = ? AND gone = 0"
            " ORDER BY folder, uid",
            (mailbox, sha, size),
        )
        copies = tuple(
            Copy(folder, uidvalidity, uid, self._file(number, (mailbox, folder, uidvalidity, uid)))
            for folder, uidvalidity, uid in places
        )
        return Order(size, message, came, copies)

    def vanished(self, mailbox: str, copy: Copy) -> None:
        """A copy is no longer there."""
        with self._store.writing() as transaction:
            transaction.connection.execute(
                f"UPDATE places SET gone = 1 WHERE {_PLACE}",
                (mailbox, copy.folder, copy.uidvalidity, copy.uid),
            )
        copy.file.unlink(missing_ok=True)

    def gone(self, number: int) -> None:
        """It was deleted everywhere before all of it came. A copy that turns up revives it."""
        with self._store.writing() as transaction:
            connection = transaction.connection
            left = connection.execute(
                "UPDATE wholes SET state = 'gone' WHERE id = ? AND NOT EXISTS (SELECT 1 FROM places p"
                " WHERE p.sha = wholes.sha AND p.size = wholes.size AND p.gone = 0) RETURNING message",
                (number,),
            ).fetchone()
        if left is not None:
            self.drop(number)
            self._ring(left[0])

    def take(self, file: Path) -> Path:
        """All of it came: make it safe under the name it is to have, before the store's lock is taken."""
        return Raws(self._store.workspace).take(file)

    def came(self, number: int, digest: bytes) -> None:
        """All that there is came and is not as long as was said: it is to be fetched once more."""
        with self._store.writing() as transaction:
            transaction.connection.execute("UPDATE wholes SET came = ? WHERE id = ?", (digest, number))
        self.drop(number)

    def whole(self, number: int, message: Message, file: Path) -> None:
        """All of it is a message of the store now, as it was read: the copies of it are places of that one. What `take`
        made of its file goes where other bytes of the same message are kept."""
        with self._store.writing() as transaction:
            connection = transaction.connection
            began, identity = connection.execute(
                "SELECT w.message, m.identity FROM wholes w LEFT JOIN messages m ON m.id = w.message WHERE w.id = ?",
                (number,),
            ).fetchone()
            # one that has no identity lies beside the very same message, come another way
            it_is = began if identity is None else number_of(connection, message) or began
            connection.execute("UPDATE wholes SET state = 'whole', message = ? WHERE id = ?", (it_is, number))
            connection.execute(
                "UPDATE places SET message = ? WHERE (sha, size) = (SELECT sha, size FROM wholes WHERE id = ?)",
                (it_is, number),
            )
            for (mailbox,) in connection.execute(
                "SELECT DISTINCT mailbox FROM places WHERE (sha, size) = (SELECT sha, size FROM wholes WHERE id = ?)",
                (number,),
            ).fetchall():
                transaction.shows_each(restricted.lies_in(connection, it_is, mailbox))
            if file.parent.parent == self._store.workspace / "raw":
                drop_file(connection, self._store.workspace, bytes.fromhex(file.name))

    def another(self, number: int, file: Path, oddity: str) -> None:
        """All of it is another message than its beginning seemed to be: it is to be placed, with its bytes."""
        with self._store.writing() as transaction:
            connection = transaction.connection
            raw = transaction.add_raw(file)
            connection.execute("UPDATE wholes SET state = 'whole', message = NULL WHERE id = ?", (number,))
            connection.execute(
                "INSERT INTO arrivals(mailbox, folder, uidvalidity, uid, at, history, raw, use, oddity)"
                " SELECT p.mailbox, p.folder, p.uidvalidity, p.uid, w.at, w.history, ?, w.use, ?"
                " FROM wholes w JOIN places p ON p.sha = w.sha AND p.size = w.size WHERE w.id = ?",
                (raw, oddity, number),
            )

    def drop(self, number: int) -> None:
        """What came of it is not needed any more: remove its files."""
        for path in self._folder.glob(f"{number}-*"):
            path.unlink(missing_ok=True)

    def sooner(self, message: int) -> bool:
        """A person asks for the rest of a message: it comes before other work; False when nothing more will come."""
        with self._store.writing() as transaction:
            asked = transaction.connection.execute(
                "UPDATE jobs SET run_at = 0 WHERE kind = 'whole' AND substr(data, instr(data, ' ') + 1) IN"
                " (SELECT CAST(id AS TEXT) FROM wholes WHERE message = ? AND state = 'coming')",
                (message,),
            )
            return asked.rowcount > 0

    def _file(self, number: int, place: tuple[str | int, ...]) -> Path:
        """One file for each copy: what began to come from one never goes on with another."""
        with suppress(FileExistsError):
            self._folder.mkdir()
            self._folder.chmod(0o2770)
        return self._folder / f"{number}-{sha256(repr(place).encode()).hexdigest()[:16]}"

    def _ring(self, message: int | None) -> None:
        rows = self._store.read("SELECT conversation FROM messages WHERE id = ?", (message,))
        self._store.bell.ring(frozenset(number for (number,) in rows if number is not None))

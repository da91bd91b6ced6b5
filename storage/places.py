"""Where copies lie on servers, how far each folder has been read, and what has come but is not placed yet.

Raw bytes and cursor are written in one transaction, so that the cursor never stands behind bytes we do not hold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from inbox.channels.plan import Cursor
from inbox.model import Message
from inbox.ports import Kept, Waiting
from storage.loading import identity_of
from storage.store import SqliteStore


class Places:
    """The server side of a store."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def cursor(self, mailbox: str, folder: str) -> Cursor | None:
        """How far a folder was read; None when it never was."""
        rows = self._store.read(
            "SELECT uidvalidity, uid FROM cursors WHERE mailbox = ? AND folder = ?", (mailbox, folder)
        )
        if not rows:
            return None
        uidvalidity, uid = rows[0]
        known = self._store.read(
            "SELECT uid FROM places WHERE mailbox = ? AND folder = ? AND uidvalidity = ? AND gone = 0",
            (mailbox, folder, uidvalidity),
        )
        return Cursor(uidvalidity, uid + 1, tuple(row[0] for row in known))

    def keep(
        self,
        mailbox: str,
        folder: str,
        uidvalidity: int,
        kept: Sequence[Kept],
        up_to: int,
        history: bool,
        use: str,
    ) -> None:
        """Store bytes, places and cursor (`up_to`: the highest UID looked at) in one transaction. `use`: the folder's."""
        with self._store.writing() as transaction:
            connection = transaction.connection
            for one in kept:
                raw = transaction.add_raw(one.raw)
                sha = hashlib.sha256(one.raw).digest()
                fresh = connection.execute(
                    "INSERT OR IGNORE INTO places(mailbox, folder, uidvalidity, uid, sha) VALUES(?, ?, ?, ?, ?)",
                    (mailbox, folder, uidvalidity, one.uid, sha),
                )
                if fresh.rowcount:
                    connection.execute(
                        "INSERT INTO arrivals(mailbox, folder, uidvalidity, uid, at, history, raw, use)"
                        " VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                        (mailbox, folder, uidvalidity, one.uid, one.at, int(history), raw, use),
                    )
            connection.execute(
                "INSERT INTO cursors(mailbox, folder, uidvalidity, uid) VALUES(?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                " uid = CASE WHEN uidvalidity = excluded.uidvalidity THEN max(uid, excluded.uid) ELSE excluded.uid END,"
                " uidvalidity = excluded.uidvalidity",
                (mailbox, folder, uidvalidity, up_to),
            )

    def forget(self, mailbox: str, folder: str) -> None:
        """The folder's numbers mean other messages now: its places are gone, its mail stays."""
        with self._store.writing() as transaction:
            transaction.connection.execute(
                "UPDATE places SET gone = 1 WHERE mailbox = ? AND folder = ?", (mailbox, folder)
            )

    def vanished(self, mailbox: str, folder: str, uidvalidity: int, uids: Iterable[int]) -> None:
        """These copies are no longer there: moved or deleted elsewhere. The messages stay."""
        with self._store.writing() as transaction:
            transaction.connection.executemany(
                "UPDATE places SET gone = 1 WHERE mailbox = ? AND folder = ? AND uidvalidity = ? AND uid = ?",
                [(mailbox, folder, uidvalidity, uid) for uid in uids],
            )

    def waiting(self, limit: int) -> list[Waiting]:
        """What has come and is not placed yet, oldest first, with its bytes."""
        rows = self._store.read(
            "SELECT id, mailbox, folder, use, at, history, tries, raw FROM arrivals ORDER BY id LIMIT ?",
            (limit,),
        )
        return [
            Waiting(number, mailbox, folder, use, at, bool(history), tries, self._store.raw_bytes(raw) or b"")
            for number, mailbox, folder, use, at, history, tries, raw in rows
        ]

    def tried(self, arrival: int) -> None:
        """Placing it failed; after the third time it is shown as it came."""
        with self._store.writing() as transaction:
            transaction.connection.execute("UPDATE arrivals SET tries = tries + 1 WHERE id = ?", (arrival,))

    def placed(self, done: Sequence[tuple[int, Message]]) -> None:
        """These arrivals are messages of the store now: their places point at them."""
        with self._store.writing() as transaction:
            connection = transaction.connection
            for arrival, message in done:
                row = (
                    connection.execute(
                        "SELECT id FROM messages WHERE identity = ?", (identity_of(message),)
                    ).fetchone()
                    or connection.execute(
                        "SELECT message FROM outbox WHERE message_id = ?", (message.message_id,)
                    ).fetchone()
                )
                connection.execute(
                    "UPDATE places SET message = ? WHERE (mailbox, folder, uidvalidity, uid) ="
                    " (SELECT mailbox, folder, uidvalidity, uid FROM arrivals WHERE id = ?)",
                    (row[0] if row else None, arrival),
                )
                connection.execute("DELETE FROM arrivals WHERE id = ?", (arrival,))

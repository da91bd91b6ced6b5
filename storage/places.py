"""Where copies lie on servers, how far each folder has been read, and what has come but is not placed yet.

Raw bytes and cursor are written in one transaction, so that the cursor never stands behind bytes we do not hold.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from inbox.channels.plan import Cursor
from inbox.model import Message
from inbox.ports import Kept, Waiting
from storage import restricted
from storage.loading import identity_of, number_of
from storage.store import SLICE_PAUSE, SqliteStore
from storage.tombstones import drop_file, forget_bytes, is_buried
from storage.wholes import Wholes, begun, belongs_to


class Known(Collection[int]):
    """The UIDs of a folder that are believed to be there still: counted in the store, and read only by who goes through
    them, which of a folder of 100 000 nobody does while nothing is missing."""

    def __init__(self, store: SqliteStore, folder: tuple[str, str, int]) -> None:
        self._store = store
        self._folder = folder

    def __len__(self) -> int:
        return int(self._read("count(*)")[0][0])

    def __iter__(self) -> Iterator[int]:
        return (row[0] for row in self._read("uid"))

    def __contains__(self, uid: object) -> bool:
        return bool(self._read("1", f" AND uid = {int(uid)}")) if isinstance(uid, int) else False

    def _read(self, what: str, also: str = "") -> list[Any]:
        return self._store.read(
            f"SELECT {what} FROM places WHERE mailbox = ? AND folder = ? AND uidvalidity = ? AND gone = 0{also}",
            self._folder,
        )


SMALL = 50
"""Messages stored in one transaction while others have the workspace open (measured: about 7 ms)."""


class Places:
    """The server side of a store."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    @property
    def wholes(self) -> Wholes:
        """Large messages, and what of them has come."""
        return Wholes(self._store)

    def cursors(self, mailbox: str) -> dict[str, Cursor]:
        """How far each folder of a mailbox was read, by its name."""
        return {
            folder: Cursor(uidvalidity, uid + 1, Known(self._store, (mailbox, folder, uidvalidity)), low)
            for folder, uidvalidity, uid, low in self._store.read(
                "SELECT folder, uidvalidity, uid, low FROM cursors WHERE mailbox = ?", (mailbox,)
            )
        }

    def begin(self, mailbox: str, folder: str, uidvalidity: int, up_to: int) -> None:
        """Read this folder from its last message down: it is seen for the first time, or its numbers mean other messages
        now. Places it had are gone, its mail stays. What lies there already, up to the UID `up_to`, is history, but for
        what came after all that we have of it: that came between the last look and the new numbers."""
        with self._store.writing() as transaction:
            connection = transaction.connection
            (live_from,) = connection.execute(
                "SELECT coalesce("  # numbered anew before all was read; what we have of it; it was empty
                "(SELECT live_from FROM cursors WHERE mailbox = :mailbox AND folder = :folder AND low > 1),"
                "(SELECT max(m.at) FROM places p JOIN messages m ON m.id = p.message"
                " WHERE p.mailbox = :mailbox AND p.folder = :folder),"
                "(SELECT 0 FROM cursors WHERE mailbox = :mailbox AND folder = :folder AND low = 1))",
                {"mailbox": mailbox, "folder": folder},
            ).fetchone()
            connection.execute(
                "UPDATE places SET gone = 1 WHERE mailbox = ? AND folder = ?", (mailbox, folder)
            )
            connection.execute(
                "INSERT OR REPLACE INTO cursors(mailbox, folder, uidvalidity, uid, history, low, live_from)"
                " VALUES(?, ?, ?, ?, ?, ?, ?)",
                (mailbox, folder, uidvalidity, up_to, up_to, up_to + 1, live_from),
            )

    def reached(self, mailbox: str, folder: str, uidvalidity: int, down_to: int) -> None:
        """All messages from the UID `down_to` on are here."""
        with self._store.writing() as transaction:
            transaction.connection.execute(
                "UPDATE cursors SET low = min(low, ?) WHERE mailbox = ? AND folder = ? AND uidvalidity = ?",
                (down_to, mailbox, folder, uidvalidity),
            )

    def keep(
        self, mailbox: str, folder: str, uidvalidity: int, kept: Sequence[Kept], up_to: int, use: str
    ) -> list[Waiting]:
        """Store bytes, places and cursor together, after `begin`; what is to be placed.

        `up_to` is the highest UID looked at, `use` the folder's. While others have the workspace open they get their
        turn between two transactions.
        """
        waiting: list[Waiting] = []
        size = SMALL if self._store.bell.others() else len(kept)
        for start in range(0, len(kept), size):
            some = kept[start : start + size]
            if start:
                time.sleep(SLICE_PAUSE)
            last = start + size >= len(kept)
            waiting += self._keep(mailbox, folder, uidvalidity, some, up_to if last else some[-1].uid, use)
        return waiting

    def _keep(
        self, mailbox: str, folder: str, uidvalidity: int, kept: Sequence[Kept], up_to: int, use: str
    ) -> list[Waiting]:
        waiting: list[Waiting] = []
        with self._store.writing() as transaction:
            connection = transaction.connection
            history_up_to, live_from = connection.execute(
                "UPDATE cursors SET uid = max(uid, ?) WHERE mailbox = ? AND folder = ? AND uidvalidity = ?"
                " RETURNING history, live_from",
                (up_to, mailbox, folder, uidvalidity),
            ).fetchone()
            for one in kept:
                raw = transaction.add_raw(one.raw)
                sha = hashlib.sha256(one.raw).digest()
                # a mailbox restored from an older copy gives a number away a second time
                fresh = connection.execute(
                    "INSERT INTO places(mailbox, folder, uidvalidity, uid, sha, size) VALUES(?, ?, ?, ?, ?, ?)"
                    " ON CONFLICT DO UPDATE SET sha = excluded.sha, size = excluded.size, message = NULL, gone = 0"
                    " WHERE gone OR sha <> excluded.sha",
                    (mailbox, folder, uidvalidity, one.uid, sha, one.coming),
                )
                history = one.uid <= history_up_to and (live_from is None or one.at < live_from)
                if one.coming:
                    begun(connection, mailbox, sha, one, history, use)
                if not fresh.rowcount:
                    continue
                (number,) = connection.execute(
                    "INSERT INTO arrivals(mailbox, folder, uidvalidity, uid, at, history, raw, use, oddity, coming)"
                    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                    (
                        mailbox,
                        folder,
                        uidvalidity,
                        one.uid,
                        one.at,
                        int(history),
                        raw,
                        use,
                        one.oddity,
                        one.coming,
                    ),
                ).fetchone()
                waiting.append(
                    Waiting(number, mailbox, folder, use, one.at, history, 0, one.raw, one.oddity, one.coming)
                )
        return waiting

    def vanished(self, mailbox: str, folder: str, uidvalidity: int, uids: Iterable[int]) -> None:
        """These copies are no longer there: moved or deleted elsewhere. The messages stay."""
        with self._store.writing() as transaction:
            transaction.connection.executemany(
                "UPDATE places SET gone = 1 WHERE mailbox = ? AND folder = ? AND uidvalidity = ? AND uid = ?",
                [(mailbox, folder, uidvalidity, uid) for uid in uids],
            )

    def waiting(self, limit: int, after: int = 0) -> list[Waiting]:
        """What has come and is not placed yet, oldest first, with its bytes; from the one after the arrival `after`."""
        rows = self._store.read(
            "SELECT id, mailbox, folder, use, at, history, tries, oddity, raw, coming FROM arrivals WHERE id > ?"
            " ORDER BY id LIMIT ?",
            (after, limit),
        )
        return [
            Waiting(
                *(number, mailbox, folder, use, at, bool(history), tries),
                self._store.raw_bytes(raw) or b"",
                oddity,
                coming,
            )
            for number, mailbox, folder, use, at, history, tries, oddity, raw, coming in rows
        ]

    def tried(self, arrival: int) -> None:
        """Placing it failed; after the third time it is shown as it came."""
        with self._store.writing() as transaction:
            transaction.connection.execute("UPDATE arrivals SET tries = tries + 1 WHERE id = ?", (arrival,))

    def placed(self, done: Sequence[tuple[int, Message]]) -> list[int]:
        """These arrivals are messages of the store now: their places point at them, or at nothing where it was erased.

        The conversations that are spam although one of these lies in an inbox.
        """
        spam: dict[int, None] = {}
        erased: set[bytes] = set()
        with self._store.writing() as transaction:
            connection = transaction.connection
            for arrival, message in done:
                number = number_of(connection, message)
                if number is None:
                    row = connection.execute(
                        "SELECT message FROM outbox WHERE message_id = ?", (message.message_id,)
                    ).fetchone()
                    number = row[0] if row else None
                *where, use, raw = connection.execute(
                    "DELETE FROM arrivals WHERE id = ? RETURNING mailbox, folder, uidvalidity, uid, use, raw",
                    (arrival,),
                ).fetchone()
                ours = message.message_id if use == "sent" else None
                buried = number is None and is_buried(connection, identity_of(message), ours)
                number = belongs_to(connection, where, number)
                connection.execute(
                    "UPDATE places SET message = ? WHERE mailbox = ? AND folder = ? AND uidvalidity = ? AND uid = ?",
                    (number, *where),
                )
                transaction.shows_each(restricted.lies_in(connection, number, where[0]))
                if buried:
                    erased.add(forget_bytes(connection, raw))
                if use == "inbox":
                    found = connection.execute(
                        "SELECT c.id FROM messages m JOIN conversations c ON c.id = m.conversation"
                        " WHERE m.id = ? AND c.status = 'spam'",
                        (number,),
                    )
                    spam.update(dict.fromkeys(each for (each,) in found))
        if erased:
            with self._store.writing() as transaction:
                for sha in erased:
                    drop_file(transaction.connection, self._store.workspace, sha)
        return list(spam)

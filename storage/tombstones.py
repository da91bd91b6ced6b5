"""What was erased here stays erased, although its mail lies on a server: all that is kept of it is a digest.

Its places are kept as well, so that it is not fetched again with every look; its bytes are not.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path


def bury(connection: sqlite3.Connection, messages: Iterable[int]) -> None:
    """These messages never come back, however often they are fetched or imported again.

    For whoever erases: in the same transaction, while they are still here. Of a large one its beginning is known too.
    """
    for message in messages:
        connection.execute(
            "INSERT OR IGNORE INTO tombstones SELECT identity FROM messages WHERE id = ? AND identity IS NOT NULL",
            (message,),
        )
        connection.execute(
            "INSERT OR IGNORE INTO tombstones SELECT identity FROM beginnings WHERE message = ?", (message,)
        )


def bury_ours(connection: sqlite3.Connection, message_id: str) -> None:
    """A message of ours never comes back from where only we can put mail, whatever the server made of its copy there."""
    connection.execute("INSERT OR IGNORE INTO tombstones VALUES(?)", (_of_ours(message_id),))


def is_buried(connection: sqlite3.Connection, identity: bytes, ours: str | None = None) -> bool:
    """Whether a message with this identity was erased. `ours`: its Message-ID, where it lies where only we can put mail."""
    known = [identity] if ours is None else [identity, _of_ours(ours)]
    found = connection.execute(
        f"SELECT 1 FROM tombstones WHERE identity IN ({', '.join('?' * len(known))})", known
    )
    return found.fetchone() is not None


def _of_ours(message_id: str) -> bytes:
    return hashlib.sha256(f"ours\0{message_id}".encode("utf-8", "surrogatepass")).digest()[:16]


def forget_bytes(connection: sqlite3.Connection, raw: int) -> bytes:
    """The bytes of an erased message came again: drop them, unless a message or another arrival has the same.

    Their digest, for `drop_file`. Of a large message, whose beginning they are, nothing more is asked for.
    """
    (sha,) = connection.execute("SELECT sha FROM raws WHERE id = ?", (raw,)).fetchone()
    connection.execute("UPDATE wholes SET state = 'erased' WHERE sha = ? AND message IS NULL", (sha,))
    connection.execute(
        "DELETE FROM raws WHERE id = :raw AND NOT EXISTS (SELECT 1 FROM messages WHERE raw = :raw)"
        " AND NOT EXISTS (SELECT 1 FROM arrivals WHERE raw = :raw)",
        {"raw": raw},
    )
    return bytes(sha)


def drop_file(connection: sqlite3.Connection, workspace: Path, sha: bytes) -> None:
    """Remove the file of bytes that no row names any more; in a transaction after the one in which the row went, so that
    neither a rollback nor somebody else is left with a row that names nothing."""
    if connection.execute("SELECT 1 FROM raws WHERE sha = ?", (sha,)).fetchone() is None:
        (workspace / "raw" / sha.hex()[:2] / sha.hex()).unlink(missing_ok=True)

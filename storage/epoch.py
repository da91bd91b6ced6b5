"""A restored or copied workspace must not send again.

The store remembers on which machine and in which folder it lives, and counts an epoch up with every start of the
worker; a witness outside the workspace remembers the same count. When they do not fit, this is a copy, or an older
state: everything that waits to be sent is held until a person confirms (`frontdesk outbox release`).
"""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from storage.store import SqliteStore

_MACHINE = Path("/etc/machine-id")


def check(store: SqliteStore, environment: Mapping[str, str]) -> int:
    """Compare, hold the outbox where they do not fit, and count on; how many messages were held.

    The witness lies in `$XDG_STATE_HOME/frontdesk` (else `~/.local/state/frontdesk`).
    """
    here = _here(store.workspace)
    with store.writing() as transaction:
        connection = transaction.connection
        meta = dict(
            connection.execute(
                "SELECT name, value FROM meta WHERE name IN ('id', 'machine', 'epoch')"
            ).fetchall()
        )
        identity = meta.get("id") or secrets.token_hex(8)
        witness = _witness(environment, identity)
        fits = "machine" not in meta or (meta["machine"] == here and _read(witness) == meta["epoch"])
        held = 0
        if not fits:
            held = hold(connection)
        epoch = int(meta.get("epoch", 0)) + 1
        for name, value in (("id", identity), ("machine", here), ("epoch", epoch)):
            connection.execute("INSERT OR REPLACE INTO meta(name, value) VALUES(?, ?)", (name, value))
        # written before the commit: a crash between the two holds the outbox once too often, never once too rarely
        _write(witness, epoch)
    return held


def identity(store: SqliteStore) -> str:
    """What tells a workspace from every other: drawn once, and taken along by every copy."""
    with store.writing() as transaction:
        drawn = secrets.token_hex(8)
        transaction.connection.execute("INSERT OR IGNORE INTO meta(name, value) VALUES('id', ?)", (drawn,))
        found = transaction.connection.execute("SELECT value FROM meta WHERE name = 'id'").fetchone()
    return str(found[0])


def hold(connection: sqlite3.Connection) -> int:
    """Hold what waits to be sent until a person lets it go; how many messages."""
    waiting = "state IN ('queued', 'refused-for-now', 'connecting')"
    connection.execute(
        f"UPDATE outbox_recipients SET state = 'held' WHERE state IN ('queued', 'refused-for-now') AND message IN"
        f" (SELECT message FROM outbox WHERE {waiting})"
    )
    # what was told since the copy was made is not known here: alerts begin anew, and no letter of theirs goes
    connection.execute("DELETE FROM alert_marks")
    # nor what went by itself: what was switched on before is not believed any more
    connection.execute(
        "INSERT OR REPLACE INTO meta(name, value) SELECT 'restored', coalesce(max(seq), 0) FROM events"
    )
    connection.execute("UPDATE alert_mails SET state = 'failed' WHERE state = 'queued'")
    return connection.execute(
        f"UPDATE outbox SET state = 'held', trouble = 'this workspace was restored or copied' WHERE {waiting}"
    ).rowcount


def _here(workspace: Path) -> str:
    """This machine and this very folder: a copy elsewhere has another."""
    try:
        machine = _MACHINE.read_text("ascii").strip()
    except OSError:
        machine = socket.gethostname()
    status = workspace.stat()
    text = f"{machine} {workspace.resolve()} {status.st_ino}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _witness(environment: Mapping[str, str], identity: str) -> Path:
    state = environment.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "frontdesk" / f"{identity}.epoch"


def _read(path: Path) -> int | None:
    try:
        return int(path.read_text("ascii"))
    except (OSError, ValueError):
        return None


def _write(path: Path, epoch: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("w", encoding="ascii") as file:
        file.write(f"{epoch}\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)

"""A consistent copy of a workspace while others work in it."""

from __future__ import annotations

import os
import sqlite3
import tarfile
import tempfile
from pathlib import Path

from inbox.errors import BadUsage
from storage.connection import DATABASE, trouble
from storage.epoch import hold
from storage.store import SqliteStore

_BESIDE = ("settings.toml", "live.db", "documents", "raw", "attached")


def backup(store: SqliteStore, target: Path) -> int:
    """Write one tar file: the database as of one instant, raw files, drafts, documents, settings; its size in bytes.

    Restoring is unpacking it into an empty folder; what waits to be sent is held there, since it may have left from
    here meanwhile. Passwords and logins (the folder `secrets`) are left out. The database is copied first: raw files
    written after that are extra, never missing. BadUsage when the target exists.
    """
    if target.exists():
        raise BadUsage(f"{target} exists already.", "Name another file: a backup never overwrites one.")
    with trouble(store.path):
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
            copies = {DATABASE: Path(folder) / DATABASE}
            _copy(store.path, copies[DATABASE])
            _hold_answers(copies[DATABASE])
            if (store.workspace / "live.db").exists():
                copies["live.db"] = Path(folder) / "live.db"
                _copy(store.workspace / "live.db", copies["live.db"])
            unfinished = Path(folder) / "backup.tar"
            with tarfile.open(unfinished, "w") as tar:
                for name, path in copies.items():
                    tar.add(path, name)
                for name in _BESIDE:
                    path = store.workspace / name
                    if name not in copies and path.exists():
                        tar.add(path, name)
            unfinished.chmod(0o600)
            with unfinished.open("rb") as file:
                os.fsync(file.fileno())
            unfinished.replace(target)
        return target.stat().st_size


def _hold_answers(path: Path) -> None:
    connection = sqlite3.connect(path)
    try:
        with connection:
            hold(connection)
    finally:
        connection.close()


def _copy(source: Path, target: Path) -> None:
    there, here = sqlite3.connect(source), sqlite3.connect(target)
    try:
        there.backup(here)  # in one step: in several it would begin again with each change that others make
        here.execute("PRAGMA journal_mode = DELETE")
    finally:
        there.close()
        here.close()

"""A consistent copy of a workspace while others work in it."""

from __future__ import annotations

import os
import sqlite3
import tarfile
import tempfile
from pathlib import Path

from inbox.errors import BadUsage
from inbox.progress import Reached, unheard
from storage.connection import DATABASE, trouble
from storage.epoch import hold
from storage.store import SqliteStore

MB = 1_000_000
STEP = 2_000
"""Pages that are copied between two words about how far it is."""
_BESIDE = ("settings.toml", "live.db", "documents", "raw", "attached", "held", "erased.jsonl")


def backup(store: SqliteStore, target: Path, progress: Reached = unheard) -> int:
    """Write one tar file: the database as of one instant, raw files, drafts, documents, settings; its size in bytes.

    Restoring is unpacking it into an empty folder; what waits to be sent is held there, since it may have left from
    here meanwhile. Passwords and logins (the folder `secrets`) are left out. The database is copied first: raw files
    written after that are extra, never missing. BadUsage when the target exists. Nothing is left of what cannot be finished.
    """
    if target.exists():
        raise BadUsage(f"{target} exists already.", "Name another file: a backup never overwrites one.")
    with trouble(store.path):
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
            copies = {DATABASE: Path(folder) / DATABASE}
            _copy(store.path, copies[DATABASE], progress)
            _hold_answers(copies[DATABASE])
            if (store.workspace / "live.db").exists():
                copies["live.db"] = Path(folder) / "live.db"
                _copy(store.workspace / "live.db", copies["live.db"], progress)
            unfinished = Path(folder) / "backup.tar"
            beside = {name: store.workspace / name for name in _BESIDE if name not in copies}
            going = copies | {name: path for name, path in beside.items() if path.exists()}
            total, done = sum(map(_size, going.values())), 0

            def counted(entry: tarfile.TarInfo) -> tarfile.TarInfo:
                nonlocal done
                progress("Packing, MB", done // MB, total // MB)
                done += entry.size
                return entry

            with tarfile.open(unfinished, "w") as tar:
                for name, path in going.items():
                    tar.add(path, name, filter=counted)
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


def _size(path: Path) -> int:
    """The bytes of a file, or of all files below a folder."""
    if not path.is_dir():
        return path.stat().st_size
    return sum(each.stat().st_size for each in path.rglob("*") if each.is_file())


def _copy(source: Path, target: Path, progress: Reached) -> None:
    there, here = sqlite3.connect(source, isolation_level=None), sqlite3.connect(target)

    def copied(_status: int, left: int, total: int) -> None:
        progress("Copying, pages", total - left, total)

    try:
        # all of it is as of one instant: else it would begin again with each change that others make
        there.execute("BEGIN")
        there.execute("SELECT count(*) FROM sqlite_master").fetchone()
        there.backup(here, pages=STEP, progress=copied)
        there.execute("ROLLBACK")
        here.execute("PRAGMA journal_mode = DELETE")
    finally:
        there.close()
        here.close()

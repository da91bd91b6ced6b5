"""Raw bytes exactly as received: small ones compressed in the database, large ones as files named by their sha256.

A file is written and synced before the row that names it, so a row never points at nothing; a file without a row is
harmless and is used when the same bytes come again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
from pathlib import Path

from inbox.errors import WorldError
from inbox.safe_file import put_file, sync_folder, unfinished
from storage.packing import Packing

IN_DATABASE = 256 * 1024
"""Raw messages up to this many bytes lie in the database (measured: docs/storage-decisions.md)."""


class Raws:
    """The raw bytes of one workspace."""

    def __init__(self, workspace: Path) -> None:
        self._folder = workspace / "raw"
        self.packing = Packing("raw")

    def add(self, connection: sqlite3.Connection, data: bytes | Path) -> int:
        """Keep bytes, or those of a file (once, however often they come); their number. Inside a write transaction.

        Of a large file only the name is looked at, which `take` gave it: it is not read while the lock is held.
        """
        if isinstance(data, Path):
            if data.parent.parent == self._folder:
                return self._add_taken(connection, data)
            data = data.read_bytes()
        sha = hashlib.sha256(data).digest()
        known = connection.execute("SELECT id FROM raws WHERE sha = ?", (sha,)).fetchone()
        if known is not None:
            return int(known[0])
        packed = None
        if len(data) <= IN_DATABASE:
            packed = self.packing.pack(connection, data)
        else:
            self._write_file(sha, data)
        # no RETURNING: a statement that can be taken back costs more than the row
        added = connection.execute(
            "INSERT INTO raws(sha, size, data) VALUES(?, ?, ?)", (sha, len(data), packed)
        )
        assert added.lastrowid is not None
        return added.lastrowid

    def _add_taken(self, connection: sqlite3.Connection, path: Path) -> int:
        sha = bytes.fromhex(path.name)
        connection.execute(
            "INSERT OR IGNORE INTO raws(sha, size, data) VALUES(?, ?, NULL)", (sha, path.stat().st_size)
        )
        return int(connection.execute("SELECT id FROM raws WHERE sha = ?", (sha,)).fetchone()[0])

    def take(self, source: Path) -> Path:
        """Make a large file one of raw/, safe on disk, before a transaction that adds it; a small one stays where it is.

        Where the disk can, the bytes get a second name and are not copied.
        """
        size = source.stat().st_size
        if size <= IN_DATABASE:
            return source
        with source.open("rb") as file:
            sha = hashlib.file_digest(file, "sha256").digest()
            os.fsync(file.fileno())
        path = self._path(sha)
        if not (path.exists() and path.stat().st_size == size):
            self._make_folder(path.parent)
            with unfinished(path) as temporary:
                try:
                    os.link(source, temporary)
                except OSError:  # a disk without second names
                    shutil.copyfile(source, temporary)
                temporary.chmod(0o660)
                with temporary.open("rb") as file:
                    os.fsync(file.fileno())
        return path

    def beginning(self, connection: sqlite3.Connection, number: int, length: int) -> bytes:
        """The first so many bytes, b"" when they cannot be read; without a look at whether the rest is sound."""
        row = connection.execute("SELECT sha, data FROM raws WHERE id = ?", (number,)).fetchone()
        if row is None:
            return b""
        if row[1] is not None:
            return self.packing.unpack(connection, row[1])[:length]
        try:
            with self._path(row[0]).open("rb") as file:
                return file.read(length)
        except OSError:
            return b""

    def get(self, connection: sqlite3.Connection, number: int) -> bytes | None:
        """The bytes; None when there is no such number. WorldError when their file is gone or damaged."""
        row = connection.execute("SELECT sha, data FROM raws WHERE id = ?", (number,)).fetchone()
        if row is None:
            return None
        if row[1] is not None:
            return self.packing.unpack(connection, row[1])
        path = self._path(row[0])
        try:
            data = path.read_bytes()
        except OSError as error:
            raise WorldError(
                f"The bytes of a message are missing: {path} cannot be read.",
                "Restore the folder raw/ from a backup.",
            ) from error
        if hashlib.sha256(data).digest() != row[0]:
            raise WorldError(
                f"The bytes of a message are damaged: {path}.", "Restore the folder raw/ from a backup."
            )
        return data

    def forgetting(self, connection: sqlite3.Connection, number: int) -> None:
        """These are about to be erased: no dictionary that was trained from them is used any more."""
        row = connection.execute("SELECT data FROM raws WHERE id = ?", (number,)).fetchone()
        if row is not None and row[0] is not None and self.packing.sampled(connection, row[0]):
            self.packing.retire(connection)

    def forget(self) -> None:
        """A transaction was rolled back."""
        self.packing.forget()

    def _path(self, sha: bytes) -> Path:
        name = sha.hex()
        return self._folder / name[:2] / name

    def _write_file(self, sha: bytes, data: bytes) -> None:
        path = self._path(sha)
        if path.exists() and path.stat().st_size == len(data):
            return
        self._make_folder(path.parent)
        put_file(path, data, 0o660)

    def _make_folder(self, folder: Path) -> None:
        """Below raw/, for the whole group as the workspace is; what names it is synced, so that it outlives a crash."""
        for each in (self._folder, folder):
            with contextlib.suppress(FileExistsError):
                each.mkdir()
                each.chmod(0o2770)
                sync_folder(each.parent)

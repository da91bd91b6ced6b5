"""One holder at a time: a file lock for liveness (a kill frees it at once), a fencing number for safety."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType

from inbox.errors import WorldError
from storage.store import SqliteStore


class Lease:
    """Holding `name` in a workspace; the store then refuses to write once somebody else holds it."""

    def __init__(self, store: SqliteStore, name: str) -> None:
        self.name = name
        self._store = store
        self._file: int | None = None

    def take(self) -> bool:
        """Take it if nobody holds it; True when it is ours from now on."""
        path = self._store.workspace / f"{self.name}.lock"
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        with self._store.writing() as transaction:
            transaction.connection.execute(
                "INSERT INTO fences(name, number) VALUES(?, 1) ON CONFLICT DO UPDATE SET number = number + 1",
                (self.name,),
            )
            number = transaction.connection.execute(
                "SELECT number FROM fences WHERE name = ?", (self.name,)
            ).fetchone()[0]
        self._store.fence(self.name, number)
        self._file = file
        return True

    def release(self) -> None:
        """Give it back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Lease:
        """Take it, or say who has it (WorldError)."""
        if not self.take():
            raise WorldError(
                f"Another process is the {self.name} of this workspace already.", "Let it do the work."
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def held(workspace: Path, name: str) -> int | None:
    """The process that holds a lease, or None (asked without taking it)."""
    path = workspace / f"{name}.lock"
    try:
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read().strip() or 0)
    except (OSError, ValueError):
        return None
    return None

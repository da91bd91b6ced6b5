"""One holder at a time: a file lock for liveness (a kill frees it at once), a fencing number for safety.

A holder that is alive says so in the lock file every few seconds, by the time since boot, which nobody sets. One that
has stopped saying so (suspended, or hanging with its disk) loses the lease; when it goes on, its number is old and the
store refuses what it writes.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
from pathlib import Path
from types import TracebackType

from inbox.errors import WorldError
from inbox.safe_file import open_shared
from storage.store import SqliteStore

EXPIRES = 60.0
"""Seconds of silence after which somebody else may take a lease over."""
_LOOKS = 5
_LOOK_SECONDS = 0.002
"""`held` takes the lock for a moment; who wants it looks a few times before believing it taken."""
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Lease:
    """Holding `name` in a workspace; the store then refuses to write once somebody else holds it."""

    def __init__(self, store: SqliteStore, name: str, expires: float = EXPIRES) -> None:
        self.name = name
        self._store = store
        self._expires = expires
        self._path = _path(store.workspace, name)
        self._file: int | None = None
        self._over = threading.Event()
        self._renewing: threading.Thread

    def take(self) -> bool:
        """Take it if nobody holds it; True when it is ours from now on."""
        file: int | None = None
        try:
            with self._store.writing() as transaction:  # one at a time, also for those who find it expired
                file = self._lock()
                if file is None:
                    return False
                (number,) = transaction.connection.execute(
                    "INSERT INTO fences(name, number) VALUES(?, 1)"
                    " ON CONFLICT DO UPDATE SET number = number + 1 RETURNING number",
                    (self.name,),
                ).fetchone()
        except BaseException:
            if file is not None:
                os.close(file)
            raise
        self._store.fence(self.name, number)
        self._file = file
        self._over.clear()
        self._renewing = threading.Thread(
            target=self._renew, args=(file,), name=f"lease {self.name}", daemon=True
        )
        self._renewing.start()
        return True

    def release(self) -> None:
        """Give it back."""
        if self._file is not None:
            self._over.set()
            self._renewing.join()
            os.close(self._file)
            self._file = None
            self._store.fence(self.name, None)

    def _lock(self) -> int | None:
        file = open_shared(self._path)
        if not _locked(file):
            os.close(file)
            if _said(self._path)[1] > time.clock_gettime(_CLOCK) - self._expires:
                return None
            self._path.unlink()  # the silent holder keeps its lock, on a file that nobody finds any more
            file = open_shared(self._path)
            if not _locked(file):
                os.close(file)
                return None
        _say(file)
        return file

    def _renew(self, file: int) -> None:
        while not self._over.wait(self._expires / 6):
            with contextlib.suppress(OSError):
                _say(file)

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
    path = _path(workspace, name)
    try:
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _said(path)[0] or None
    except OSError:
        return None
    return None


def _path(workspace: Path, name: str) -> Path:
    return workspace / f"{name}.lock"


def _locked(file: int) -> bool:
    for _ in range(_LOOKS):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_LOOK_SECONDS)
        else:
            return True
    return False


def _say(file: int) -> None:
    words = f"{os.getpid()} {time.clock_gettime(_CLOCK):.3f}\n".encode()
    os.pwrite(file, words, 0)
    os.ftruncate(file, len(words))


def _said(path: Path) -> tuple[int, float]:
    """The holder's process, and when it last said that it is alive; zeros where that cannot be read."""
    try:
        process, at = path.read_text("ascii").split()
        return int(process), float(at)
    except (OSError, ValueError):
        return 0, 0.0

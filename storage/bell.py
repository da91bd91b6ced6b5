"""The bell: after a commit every other process on this host hears which conversations changed.

Unix datagrams are the fast way: non-blocking, dropped when a listener is full, so that a stopped screen never hangs a
writer. `PRAGMA data_version`, asked once a second, is the truth behind them; what was only noted beside the record
(places on servers, jobs) wakes nobody.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import select
import socket
import sqlite3
import stat
import tempfile
import threading
import time
from array import array
from collections.abc import Callable
from pathlib import Path

from storage.connection import connect

LOOK_SECONDS = 1.0
"""How often the database itself is asked whether something changed."""
PAUSE = 0.01
"""Seconds between two times of hearing: twenty processes that all wake for each of many rings would keep those from their
processors who ring. What rings meanwhile waits in the socket and is heard as one."""
AT_MOST = 100
"""More conversations than this in one ring are told as "many" (an empty set)."""
SURELY_ALL = 9
"""So many letters at once have not filled the queue of a socket, which holds ten at least; more may have been lost."""
SETTLED = 1_000_000_000
"""Nanoseconds after which the folder's time tells whether anything in it has changed since."""
_TAKEN = 65_536
NAMES = 9
"""So many folders are tried, where strangers have made some of these names theirs."""
MADE_SECONDS = 0.1
"""How long a folder that was made this moment may have other rights than it is to have."""


class Bell:
    """This process's rope and ear for one workspace."""

    def __init__(self, workspace: Path) -> None:
        self._folder = _folder(workspace)
        self._name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._listeners: list[_Listener] = []
        self._known: list[Path] = []
        self._changed = 0

    def ring(self, conversations: frozenset[int]) -> None:
        """Tell every listener, here and elsewhere; never waits, never fails."""
        told = conversations if len(conversations) <= AT_MOST else frozenset[int]()
        sockets = self._sockets()
        if not sockets:
            return
        letter = array("q", sorted(told)).tobytes()
        # a rope for each ring: letters that a stopped listener never takes would fill it, and silence it for all
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as rope:
            rope.setblocking(False)
            for path in sockets:
                try:
                    rope.sendto(letter, str(path))
                except ConnectionRefusedError:
                    with contextlib.suppress(OSError):  # left behind by a killed process
                        path.unlink()
                except OSError:
                    continue  # full or gone: data_version will tell it

    def others(self) -> bool:
        """Whether another process listens to this workspace."""
        return any(int(path.name.split("-")[0]) != os.getpid() and _alive(path) for path in self._sockets())

    def watch(self, database: Path, heard: Callable[[frozenset[int]], None]) -> Callable[[], None]:
        """Call `heard` from a thread of its own for every ring; the answer stops it."""
        listener = _Listener(self._folder / f"{self._name}-{len(self._listeners)}", database, heard)
        self._listeners.append(listener)
        listener.start()
        return listener.stop

    def close(self) -> None:
        """Stop listening."""
        for listener in self._listeners:
            listener.stop()

    def _sockets(self) -> list[Path]:
        """Who listens; looked up only when somebody has come or gone, which the folder's time tells."""
        try:
            changed = self._folder.stat().st_mtime_ns
            if changed != self._changed:
                self._known = list(self._folder.iterdir())
                # a file's time is coarse: who comes in the same tick would not be seen
                self._changed = changed if time.time_ns() - changed > SETTLED else 0
        except OSError:
            return []
        return self._known


class _Listener(threading.Thread):
    """One ear: a socket of its own, and a look at the database once a second."""

    def __init__(self, path: Path, database: Path, heard: Callable[[frozenset[int]], None]) -> None:
        super().__init__(name="bell", daemon=True)
        self._path, self._heard = path, heard
        self._ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._ear.bind(str(path))
        path.chmod(0o660)
        self._wake, self._waker = os.pipe()
        self._stopped = False
        # looked at before anybody is told that we listen: a change right after that must not pass unseen
        self._connection = connect(database, cache_kb=100)
        self._seen = _version(self._connection)
        self._recorded = _recorded(self._connection)

    def run(self) -> None:
        """Listen until stopped."""
        connection, version = self._connection, self._seen
        try:
            while not self._stopped:
                ear = self._ear.fileno()
                ready, _, _ = select.select([ear, self._wake], [], [], LOOK_SECONDS)
                if self._stopped:
                    return
                told = self._hear() if ear in ready else None
                try:
                    newest = _version(connection)
                    if newest == version and told is None:
                        continue
                    recorded = _recorded(connection)
                except (
                    sqlite3.Error
                ):  # a disk that fails for a moment: the next look tells; whoever rang is heard
                    newest, recorded = version, self._recorded
                changed, self._recorded = recorded != self._recorded, recorded
                version = newest
                if told is not None:
                    self._heard(told)
                elif changed:
                    self._heard(frozenset())
                select.select([self._wake], [], [], PAUSE)
        finally:
            connection.close()
            self._ear.close()
            os.close(self._wake)
            os.close(self._waker)
            with contextlib.suppress(OSError):
                self._path.unlink()

    def stop(self) -> None:
        """End the thread; safe to call twice."""
        if not self._stopped:
            self._stopped = True
            with contextlib.suppress(OSError):
                os.write(self._waker, b"!")
            if threading.current_thread() is not self and self.is_alive():
                self.join(timeout=2)

    def _hear(self) -> frozenset[int]:
        """Everything that was told up to now, as one; an unreadable or "many" letter makes it "many"."""
        told: set[int] = set()
        many = False
        letters = 0
        self._ear.setblocking(False)
        while True:
            try:
                letter = self._ear.recv(_TAKEN)
            except BlockingIOError:
                break
            letters += 1
            if not letter or len(letter) % 8:
                many = True
            else:
                told.update(array("q", letter))
        return frozenset() if many or letters > SURELY_ALL else frozenset(told)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _recorded(connection: sqlite3.Connection) -> int:
    """The number of the newest event."""
    return int(connection.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()[0])


def _alive(path: Path) -> bool:
    try:
        os.kill(int(path.name.split("-")[0]), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def _folder(workspace: Path) -> Path:
    """Where the sockets of a workspace lie: a short path (108 bytes is the limit), the same for all who share it.

    Anybody may make a folder of that name where temporary files lie; one that is a stranger's is left alone for the next.
    """
    name = hashlib.sha256(str(workspace.resolve()).encode()).hexdigest()[:12]
    whole = workspace.stat()
    first = Path(tempfile.gettempdir()) / f"frontdesk-{whole.st_uid}-{name}"
    for number in range(NAMES):
        folder = first.with_name(f"{first.name}-{number}") if number else first
        with contextlib.suppress(FileExistsError):
            folder.mkdir()
            with contextlib.suppress(PermissionError):
                os.chown(folder, -1, whole.st_gid)
            of_group = folder.stat().st_gid == whole.st_gid
            folder.chmod(0o2770 & (whole.st_mode | 0o2700) if of_group else 0o700)
        # only where it was made or given rights this moment: a stranger's holds nobody up
        until = time.monotonic() + MADE_SECONDS - max(0.0, time.time() - folder.lstat().st_ctime)
        while not _is_ours(folder, whole) and time.monotonic() < until:
            time.sleep(0.01)
        if _is_ours(folder, whole):
            return folder
    return first


def _is_ours(folder: Path, workspace: os.stat_result) -> bool:
    """Whether a folder is of somebody who may be in the workspace, and nobody else may look into it: the owner's (or
    root's), or one that a colleague made as it is made here, where the group shares the workspace."""
    status = folder.lstat()
    mode, of_group = stat.S_IMODE(status.st_mode), status.st_gid == workspace.st_gid
    if not stat.S_ISDIR(status.st_mode) or mode & (stat.S_IRWXO if of_group else stat.S_IRWXG | stat.S_IRWXO):
        return False
    if status.st_uid in (0, workspace.st_uid):
        return True
    shared = workspace.st_mode & stat.S_IRWXG == stat.S_IRWXG
    return of_group and shared and mode == 0o2770

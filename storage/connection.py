"""Opening the database: pragmas, numbered migrations, and clear words when it is damaged, newer or out of reach."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from inbox.errors import WorldError
from inbox.safe_file import make_shared
from inbox.text import one_line
from storage import wal

DATABASE = "frontdesk.db"
PAGE_SIZE = 8192
"""Measured: docs/storage-decisions.md."""
SMALLEST_PAGE = 512
"""Of SQLite, in bytes; all sizes of pages are powers of two."""
BUSY_SECONDS = 10.0
"""How long a change waits for another process to give the write lock back."""
LEAST_ROOM = 65_536
"""Bytes that must be free for SQLite to open a database at all."""
SCREEN_CACHE_KB = 8_000
WORKER_CACHE_KB = 64_000

_SCHEMA = Path(__file__).parent / "schema"


@cache
def newest_schema() -> int:
    """The number of the last migration this program knows."""
    return max(int(path.stem) for path in _SCHEMA.glob("[0-9]*.sql"))


def connect(
    path: Path,
    *,
    cache_kb: int = SCREEN_CACHE_KB,
    read_only: bool = False,
    busy_seconds: float = BUSY_SECONDS,
    kind: type[sqlite3.Connection] = sqlite3.Connection,
) -> sqlite3.Connection:
    """A connection with the pragmas every one of ours has; transactions are begun by hand."""
    uri = f"file:{_quoted(path)}?mode={'ro' if read_only else 'rwc'}"
    with files_for_all():
        connection = sqlite3.connect(
            uri,
            uri=True,
            timeout=busy_seconds,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
            factory=kind,
        )
        connection.execute(f"PRAGMA cache_size = -{cache_kb}")  # opens the file, and those beside it
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")  # what is erased is gone from the file, too
    return connection


@contextmanager
def files_for_all() -> Iterator[None]:
    """While SQLite makes files beside a database: they are for all who share it from their first moment, whatever the umask
    says. By itself it gives them their rights a moment later, and a colleague who comes in between is left out, or only
    reads for as long as he stays."""
    with _umask:
        before = os.umask(0o007)
        try:
            yield
        finally:
            os.umask(before)


_umask = threading.Lock()
"""It is the whole process's."""


def open_database(
    path: Path, *, cache_kb: int = SCREEN_CACHE_KB, busy_seconds: float = BUSY_SECONDS
) -> sqlite3.Connection:
    """Open, and make or migrate where needed. WorldError says what is wrong and what to do."""
    with trouble(path, busy_seconds):
        had_more = path.with_name("live.db").exists()  # made once there is a store: so it is asked for first
        fresh = not path.exists() or path.stat().st_size == 0
        if fresh and had_more:
            raise WorldError(
                f"{path} is empty or gone: everything that was in it is missing.", _restore(path)
            )
        if not fresh and _which(path) not in _opened:
            _look(path)
        make_shared(path)
        connection = connect(path, cache_kb=cache_kb, busy_seconds=busy_seconds)
        try:
            if fresh:
                connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
                connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            use_wal(connection, busy_seconds)
            migrate(connection, path)
        except BaseException:
            connection.close()
            raise
        _opened.add(_which(path))
        return connection


_opened: set[tuple[int, int]] = set()
"""Which files SQLite has opened in this process. No other hand may open and close them here: that drops every lock the
process holds on them (POSIX), and another process would then take away the log that is being written."""


def _which(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def use_wal(connection: sqlite3.Connection, busy_seconds: float = BUSY_SECONDS) -> None:
    """Switch to WAL. Of two that make a file at the same moment SQLite refuses one at once, whatever the busy time-out."""
    until = time.monotonic() + busy_seconds
    while True:
        try:
            with files_for_all():
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()  # opens the log
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)


def emptied(connection: sqlite3.Connection) -> bool:
    """Move all of the log into its file, and empty the log; False while somebody reads there, or writes."""
    try:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()  # most of it beside those who write
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError as error:
        if (
            error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY
            and error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_LOCKED
        ):
            raise
        return False
    return not busy


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the schema to the newest number: each migration whole or not at all."""
    newest = newest_schema()
    found = schema_of(connection)
    if found > newest:
        raise _newer(path, found)
    while found < newest:
        connection.execute("BEGIN IMMEDIATE")
        try:
            found = schema_of(connection)
            if found < newest:
                for statement in _statements((_SCHEMA / f"{found + 1:04}.sql").read_text("utf-8")):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {found + 1}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        found = schema_of(connection)


def schema_of(connection: sqlite3.Connection) -> int:
    """The schema number in the file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _look(path: Path) -> None:
    """Refuse a file that is no database, or whose end is missing, before anything is written to it."""
    with path.open("rb") as file:
        header = file.read(100)
    if not header.startswith(b"SQLite format 3\0"):
        raise WorldError(f"{path} is not a Frontdesk workspace, or it is damaged.", _restore(path))
    page = int.from_bytes(header[16:18], "big")
    size = 65536 if page == 1 else page
    if size < SMALLEST_PAGE or size & size - 1:
        raise WorldError(f"{path} is damaged: its beginning is not that of a database.", _restore(path))
    pages = int.from_bytes(header[28:32], "big")
    # read here and not by SQLite: opening a file of ours switches it to WAL, and a newer one must stay as it is
    schema = int.from_bytes(header[60:64], "big")
    if schema > newest_schema():
        raise _newer(path, schema)
    log = path.with_name(path.name + "-wal")
    if not wal.is_sound(log):
        raise WorldError(f"{log} is damaged: what was changed last stands there.", _restore(path))
    missing = range(path.stat().st_size // size, pages)
    if missing and not wal.pages(log, size).issuperset(missing):
        raise WorldError(f"{path} is shorter than it says it is: its end is missing.", _restore(path))


def _restore(path: Path) -> str:
    return f"Restore {path.parent} from a backup: unpack it into an empty folder (nothing was written here)."


def _newer(path: Path, found: int) -> WorldError:
    return WorldError(
        f"The workspace {path.parent} was made by a newer Frontdesk (schema {found}, this one knows {newest_schema()}).",
        "Upgrade Frontdesk on this machine; nothing was changed.",
    )


def _quoted(path: Path) -> str:
    from urllib.parse import quote

    return quote(str(path.absolute()))


@contextmanager
def trouble(path: Path, busy_seconds: float = BUSY_SECONDS) -> Iterator[None]:
    """Turn what SQLite and the disk say into a sentence with the next step (exit 4).

    What it says about one change alone (a constraint, a value) is a mistake of ours and passes as it is.
    """
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError):
        raise
    except sqlite3.DatabaseError as error:
        raise explained(error, path, busy_seconds) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _full() from error
        raise WorldError(
            f"The workspace {path.parent} cannot be used: {error.strerror or one_line(str(error))}.",
            "Check that the folder exists, is yours to write and has space, or name another with --workspace.",
        ) from error


def _full() -> WorldError:
    return WorldError(
        "The disk is full: nothing was changed.", "Free some space; everything saved so far is kept."
    )


def _is_full(path: Path) -> bool:
    """Whether there is no room even for the page that all readers share: SQLite then says that the disk failed."""
    try:
        room = os.statvfs(path.parent)
    except OSError:
        return False
    return room.f_bavail * room.f_frsize < LEAST_ROOM


def explained(error: sqlite3.DatabaseError, path: Path, busy_seconds: float = BUSY_SECONDS) -> WorldError:
    """One of SQLite's errors in words a person can act on."""
    said = one_line(str(error))
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _is_full(path)):
        return _full()
    if code == sqlite3.SQLITE_BUSY:
        return WorldError(
            f"Another Frontdesk process has held the workspace for {busy_seconds:g} s: nothing was changed.",
            "Try again; if it stays so, see with `ps` which frontdesk process hangs.",
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return WorldError(
            f"The workspace {path.parent} cannot be written: {said}.",
            "Check the rights of the folder and its files, or name another with --workspace.",
        )
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return WorldError(f"The workspace file {path} is damaged: {said}.", _restore(path))
    if code == sqlite3.SQLITE_IOERR:
        return WorldError(f"The disk failed under {path}: {said}.", "Check the disk; nothing was changed.")
    return WorldError(f"The workspace {path} could not be used: {said}.", "Try `frontdesk doctor`.")

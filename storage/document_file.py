"""A file of documents under TinyDB: safe with two writers, a text editor, and a death in the middle.

TinyDB's own storage rewrites in place, and remembers numbers that another process has given away. Here a lock lies
around the whole operation, the table is made anew inside it, and the file is replaced at once. What was read is
remembered by its sha256: a text editor takes no lock, but changes the bytes.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from tinydb.storages import Storage
from tinydb.table import Table

from inbox.errors import WorldError
from inbox.safe_file import open_shared, put_file
from storage.document_form import TABLE, documents_in, good_copy, read_file

LOCKED_SECONDS = 10.0
"""How long a change waits for another process; nothing holds the lock longer than one change takes."""
LOOKS = 5
LOOK_SECONDS = 0.05
"""An editor may be writing the file while it is read: what stays damaged over so many looks is damaged."""
RUNS = 20
"""So often a change is run again when somebody edits the file by hand at the same time."""

_Result = TypeVar("_Result")


class _Edited(Exception):
    """The file is no longer what was read."""


def change(path: Path, work: Callable[[Table], _Result]) -> _Result:
    """Run `work` on the table in `path`, alone, and write what it did; see `storage.documents.Documents.change`."""
    try:
        _make_folder(path.parent)
        with _locked(path):
            for _ in range(RUNS):
                file = _File(path)
                with contextlib.suppress(_Edited):
                    result = work(Table(file, TABLE))
                    file.flush()
                    return result
    except OSError as error:
        raise WorldError(
            f"{path} cannot be changed: {error.strerror or error}.",
            "Check the rights of the folder and the space on the disk; nothing was changed.",
        ) from error
    raise WorldError(
        f"{path} is being changed by another program all the time.", "Close it there; try again."
    )


class _File(Storage):
    """One operation's view of the file: read once, kept in memory, written once at the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed = False
        data = _settled(path)
        self._generation = _generation(data)
        found = documents_in(data)
        if found is None:
            self._keep_aside(data or b"")
            found = documents_in(read_file(good_copy(path)))
        elif data is not None and data != read_file(good_copy(path)):
            put_file(good_copy(path), data, 0o660)  # somebody's edit, which can be read
        self._tables = {TABLE: found or {}}

    def read(self) -> dict[str, dict[str, Any]]:
        """What is there, as TinyDB wants it."""
        return self._tables

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Remember what is to be there."""
        self._tables, self._changed = data, True

    def flush(self) -> None:
        """Replace the file, if it is still the one that was read. _Edited when it is not."""
        if not self._changed:
            return
        data = json.dumps(self._tables, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"
        if _generation(read_file(self._path)) != self._generation:
            raise _Edited
        put_file(self._path, data, 0o660)
        put_file(good_copy(self._path), data, 0o660)

    def _keep_aside(self, data: bytes) -> None:
        if not data.strip(b" \r\n\0"):
            return  # there is nothing in it
        name = f"{self._path.stem}.damaged-{hashlib.sha256(data).hexdigest()[:8]}.json"
        put_file(self._path.with_name(name), data, 0o660)


def _settled(path: Path) -> bytes | None:
    """The file's content; looked at again while it is damaged, since it may just be being written."""
    for _ in range(LOOKS - 1):
        data = read_file(path)
        if documents_in(data) is not None:
            return data
        time.sleep(LOOK_SECONDS)
    return read_file(path)


def _generation(data: bytes | None) -> bytes:
    return hashlib.sha256(data or b"").digest()


def _make_folder(folder: Path) -> None:
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
        folder.chmod(0o2770)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    file = open_shared(path.with_name(f".{path.stem}.lock"))
    try:
        until = time.monotonic() + LOCKED_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.002)
        yield
    finally:
        os.close(file)

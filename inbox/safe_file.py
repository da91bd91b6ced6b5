"""Files that are written whole or not at all, and outlive a crash once they are there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def put_file(path: Path, data: bytes, mode: int) -> None:
    """Put a whole file in the place of another, with these rights. Raises OSError; then the old one is still there."""
    with unfinished(path) as temporary:
        temporary.unlink(missing_ok=True)  # in a shared folder anybody could have laid a link of this name
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        with os.fdopen(os.open(temporary, flags, 0o600), "wb") as file:
            file.write(data)
            os.fchmod(file.fileno(), mode)  # whatever the umask says: a group may share the workspace
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """A name under which a file is to be made and synced; afterwards it has its own, and that is safe on disk."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield temporary
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder outlive a crash."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)

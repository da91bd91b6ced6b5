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


def open_shared(path: Path) -> int:
    """Open a file that all who share the workspace read and write, such as a lock; an empty one is made where there is none.

    The answer is its descriptor. Raises OSError.
    """
    make_shared(path)
    return os.open(path, os.O_RDWR | os.O_CLOEXEC)


def make_shared(path: Path) -> None:
    """Make an empty file for all who share the workspace, where there is none: a colleague who opens it in the same moment
    finds it with all its rights, whatever the umask says. Raises OSError."""
    if path.exists():
        return
    import tempfile

    number, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        os.fchmod(number, 0o660)
        with suppress(FileExistsError):
            os.link(temporary, path)
    except OSError:  # a disk without second names
        with suppress(FileExistsError):
            path.touch(0o660, exist_ok=False)
            path.chmod(0o660)
    finally:
        os.close(number)
        Path(temporary).unlink()


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

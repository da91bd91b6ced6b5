"""Where transcripts lie: a file, a folder or a zip, opened so that nothing in it can hurt.

Nothing is unpacked to disk. What a zip claims of its sizes is not believed: bytes are counted as they come. Links are not
followed, and what is neither file nor folder is left alone.
"""

from __future__ import annotations

import io
import mimetypes
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from inbox.chat.shape import Media
from inbox.errors import NotDone, WorldError
from inbox.text import one_line

HEAD = 65_536
"""Bytes by which a format is told."""
KEPT = 200
"""Heads that are kept while one format after the other looks at them."""
MOST_FILES = 200_000
LARGEST = 8 << 30
"""Bytes of one file; what is longer is read so far."""
RATIO = 1_000
"""How many times as long as it is packed a file of a zip may be: text packs at most a hundredfold, a bomb a thousandfold."""
ROOM = 64 << 20
"""Bytes up to which nobody asks how well they were packed."""
_ZIP = b"PK\x03\x04"


class TooMuch(NotDone):
    """More came out of a zip than can be meant."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a source: its name with `/` between folders, and its size in bytes as far as is known."""

    name: str
    size: int


class _Place(Protocol):
    def entries(self) -> Iterator[Entry]: ...

    def size(self, name: str) -> int | None: ...

    def open(self, name: str) -> IO[bytes]: ...


class Source:
    """What was named: one file, or all that lies in a folder or a zip.

    `name` is the last part of its path; `entries` are what is to be read, in the order of their names.
    """

    def __init__(self, path: Path, place: _Place, entries: tuple[Entry, ...]) -> None:
        self.path = path
        self.name = path.name
        self.entries = entries
        self._place = place
        self._heads: dict[str, bytes] = {}
        self._by_name = {PurePosixPath(entry.name).name: entry.name for entry in reversed(entries)}

    @property
    def is_packed(self) -> bool:
        """Whether it is a zip."""
        return isinstance(self._place, _Zipped)

    def head(self, name: str) -> bytes:
        """The first bytes of a file (`HEAD` of them); NotDone where it cannot be read."""
        if name not in self._heads:
            if len(self._heads) >= KEPT:
                del self._heads[next(iter(self._heads))]
            with self.open(name) as file:
                self._heads[name] = file.read(HEAD)
        return self._heads[name]

    def open(self, name: str) -> IO[bytes]:
        """A file's bytes. NotDone and TooMuch may also come while they are read."""
        return self._place.open(name)

    def size(self, name: str) -> int:
        """How many bytes a file has, as far as is known; 0 where it is not there."""
        return self._place.size(name) or 0

    def read(self, name: str, most: int) -> bytes:
        """All of a file, where it is not longer than `most` bytes; else NotDone."""
        data = None
        if self.size(name) <= most:  # else not a byte of it is taken into memory
            with self.open(name) as file:
                data = file.read(most + 1)
        if data is None or len(data) > most:
            raise NotDone(
                f"{one_line(name)} is larger than {most >> 20} MB.", "Export it in parts, month by month."
            )
        return data

    def media(self, name: str, near: str = "") -> Media:
        """A file that a line names, looked for beside the transcript `near`, and then anywhere in the source."""
        wanted = PurePosixPath("/", name.replace("\\", "/")).relative_to("/")
        shown = wanted.name or name
        if ".." in wanted.parts or "\0" in name:
            return Media(shown)
        beside = str(PurePosixPath(near).parent / wanted)
        for place in (beside, str(wanted), self._by_name.get(wanted.name)):
            size = self._place.size(place) if place else None
            if place is not None and size is not None:
                return Media(shown, type_of(shown), size, place)
        return Media(shown)


def type_of(name: str) -> str:
    """The type of a file by its name; `application/octet-stream` where that says nothing."""
    return mimetypes.guess_type(name, strict=False)[0] or "application/octet-stream"


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """What is named by a path. WorldError where it cannot be read, NotDone where it begins like a zip and is none."""
    try:
        if path.is_dir():
            folder = _Folder(path)
            yield Source(path, folder, _most(folder.entries(), path))
            return
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe waits for somebody to write
            raise NotDone(
                f"{one_line(path.name)} is a pipe or a device.",
                "Give what comes out of it on standard input, as -.",
            )
        with path.open("rb") as file:
            if file.read(4) == _ZIP:
                with _zip(path) as archive:
                    zipped = _Zipped(archive)
                    yield Source(path, zipped, _most(zipped.entries(), path))
                return
        yield Source(path, _Folder(path.parent), (Entry(path.name, path.stat().st_size),))
    except OSError as error:
        raise WorldError(
            f"{one_line(str(path))} cannot be read: {error.strerror or 'no such thing'}.",
            "Look at its rights and its disk.",
        ) from None


def of_bytes(data: bytes, name: str) -> Source:
    """What came over a pipe, or in a mail, as a source of one file."""
    return Source(Path(name), _Held(name, data), (Entry(name, len(data)),))


class _Held:
    """What came over a pipe."""

    def __init__(self, name: str, data: bytes) -> None:
        self._name = name
        self._data = data

    def entries(self) -> Iterator[Entry]:
        yield Entry(self._name, len(self._data))

    def size(self, name: str) -> int | None:
        return len(self._data) if name == self._name else None

    def open(self, name: str) -> IO[bytes]:  # noqa: ARG002  there is one
        return io.BytesIO(self._data)


class _Folder:
    """A folder, and the one in which a single file lies: its media lie beside it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def entries(self) -> Iterator[Entry]:
        for folder, folders, files in os.walk(self._path):
            folders[:] = sorted(each for each in folders if not each.startswith("."))
            for name in files:
                place = (Path(folder) / name).relative_to(self._path).as_posix()
                size = None if name.startswith(".") else self.size(place)
                if size is not None:
                    yield Entry(place, size)

    def size(self, name: str) -> int | None:
        try:
            found = (self._path / name).lstat()
        except OSError:
            return None
        return found.st_size if stat.S_ISREG(found.st_mode) else None

    def open(self, name: str) -> IO[bytes]:
        return (self._path / name).open("rb")


class _Zipped:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def entries(self) -> Iterator[Entry]:
        for info in self._archive.infolist():
            if not info.is_dir() and not info.filename.startswith("__MACOSX/"):
                yield Entry(info.filename, info.file_size)

    def size(self, name: str) -> int | None:
        try:
            return self._archive.getinfo(name).file_size
        except KeyError:
            return None

    def open(self, name: str) -> IO[bytes]:
        info = self._archive.getinfo(name)
        if info.flag_bits & 1:
            raise NotDone(f"{one_line(name)} is locked with a password.", "Unpack it, and give the folder.")
        try:
            return io.BufferedReader(_Counted(self._archive.open(info), name, info.compress_size))
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            raise _spoiled(name, error) from None


class _Counted(io.RawIOBase):
    """A file of a zip, whose bytes are counted: what grows beyond measure is a bomb, whatever its header says."""

    def __init__(self, file: IO[bytes], name: str, packed: int) -> None:
        self._file = file
        self._name = name
        self._most = min(LARGEST, max(ROOM, packed * RATIO))
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # the base knows any buffer
        try:
            data = self._file.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise _spoiled(self._name, error) from None
        self._read += len(data)
        if self._read > self._most:
            raise TooMuch(
                f"{one_line(self._name)} grows beyond measure when unpacked: that is no transcript.",
                "Nothing of it was taken in.",
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def _spoiled(name: str, error: Exception) -> NotDone:
    return NotDone(f"{one_line(name)} is spoiled in the zip: {one_line(str(error))}.", "Export it once more.")


@contextmanager
def _zip(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise NotDone(
            f"{one_line(path.name)} is no whole zip: its end is missing or spoiled.", "Export it once more."
        ) from None
    with archive:
        yield archive


def _most(entries: Iterator[Entry], path: Path) -> tuple[Entry, ...]:
    found = []
    for entry in entries:
        found.append(entry)
        if len(found) > MOST_FILES:
            raise NotDone(f"{one_line(path.name)} holds more than {MOST_FILES} files.", "Give it in parts.")
    return tuple(sorted(found, key=lambda each: each.name))

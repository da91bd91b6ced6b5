"""Files that go with drafts, kept as they were when they were attached: named by what they say, so each is kept once.

They lie in a folder of the workspace; a file that is moved, changed or deleted afterwards cannot break a sending.
"""

from __future__ import annotations

import contextlib
import hashlib
import mimetypes
import os
import shutil
import tempfile
import time
from collections.abc import Collection
from pathlib import Path

from inbox.errors import WorldError
from inbox.outgoing import file_name
from inbox.ports import DraftFile

FOLDER = "attached"
KEPT_FOR = 90 * 86_400
"""Seconds after which a file that no draft names is removed: what was sent lies with its message."""


class DraftFiles:
    """The files of one workspace."""

    def __init__(self, workspace: Path) -> None:
        self._folder = workspace / FOLDER

    def keep(self, source: Path | bytes, name: str, kind: str = "") -> DraftFile:
        """Copy what a file says, safe on disk; `kind` is its type, else its name tells.

        Raises WorldError when it is no file, or cannot be read or written.
        """
        name = file_name(name)
        kind = kind or mimetypes.guess_type(name, strict=False)[0] or "application/octet-stream"
        try:
            self._make_folder()
            size, sha = self._copy(source)
        except OSError as error:
            raise WorldError(
                f"{name} could not be attached: {error.strerror or 'it cannot be read'}.",
                "Nothing was attached; the draft is as it was.",
            ) from None
        return DraftFile(name, kind, size, sha)

    def read(self, sha: str) -> bytes:
        """What a file says. Raises WorldError when it is gone, or not what it was."""
        try:
            data = self._path(sha).read_bytes()
        except OSError:
            data = b""
        if hashlib.sha256(data).hexdigest() != sha:
            raise WorldError(
                "A file of this draft is no longer in the workspace.",
                "Nothing was sent. Take it off and attach it again.",
            )
        return data

    def drop(self, sha: str) -> None:
        """Remove a file."""
        self._path(sha).unlink(missing_ok=True)

    def sweep(self, named: Collection[str], now: float | None = None) -> int:
        """Remove what no draft names and nobody has attached for `KEPT_FOR`; how many."""
        count = 0
        before = (time.time() if now is None else now) - KEPT_FOR
        for path in self._folder.glob("*/*"):
            with contextlib.suppress(OSError):
                if path.name not in named and path.stat().st_mtime < before:
                    path.unlink()
                    count += 1
        return count

    def _copy(self, source: Path | bytes) -> tuple[int, str]:
        number, temporary = tempfile.mkstemp(dir=self._folder)  # mode 0600 until it has its name
        try:
            with os.fdopen(number, "w+b") as kept:
                if isinstance(source, bytes):
                    kept.write(source)
                else:
                    with source.open("rb") as file:
                        shutil.copyfileobj(file, kept, 1 << 20)
                kept.flush()
                size = kept.tell()
                kept.seek(0)
                sha = hashlib.file_digest(kept, "sha256").hexdigest()
                os.fchmod(number, 0o660)
                os.fsync(number)
            path = self._path(sha)
            if not path.parent.exists():
                path.parent.mkdir(exist_ok=True)
                path.parent.chmod(0o2770)
            Path(temporary).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise
        return size, sha

    def _path(self, sha: str) -> Path:
        return self._folder / sha[:2] / sha

    def _make_folder(self) -> None:
        if not self._folder.exists():
            self._folder.mkdir(exist_ok=True)
            self._folder.chmod(0o2770)

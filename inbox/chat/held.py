"""Exports of chats that wait until somebody says whose a name is; then they are taken in, and nobody has to move a file.

What lay in a watched folder waits in its `refused/`. Of what was imported a copy is kept in the workspace (`held/`), made
with the rights of whoever imported it: the worker reads no path that somebody else has written down.
"""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from inbox.chat.names import SETTLED, Asked, Held, Name, asked_of
from inbox.chat.shape import Asked as Told
from inbox.us import Us

if TYPE_CHECKING:
    from inbox.channels.chat.sources import Source
    from inbox.chat.intake import WhoIsUs
    from inbox.model import Instant

FOLDER, REFUSED = "held", "refused"
HEADS = 20
"""Files of an export whose beginnings tell it from others."""
LARGEST = 2_000_000_000
"""Bytes of an import of which a copy is kept."""


class Unknown:
    """The names that nobody knows of one export, gathered chat by chat; and the media of its chats. `file`: its name."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.names: list[Name] = []
        self.media: list[str] = []

    def __bool__(self) -> bool:
        return bool(self.names)

    @property
    def keys(self) -> tuple[str, ...]:
        """What they are found by."""
        return tuple(dict.fromkeys(each.key for each in self.names if each.key))

    def add(self, error: WhoIsUs) -> None:
        """A chat could not be taken in: its names are asked for."""
        names, media = asked_of(error.chat, error.keys, self.file)
        self.names += names
        self.media += media


def keep(workspace: Path, source: Source, media: Iterable[str]) -> Path | None:
    """A copy of an export in the workspace, with the files that its chats name; where it lies there, None where it is too
    large for that."""
    names = dict.fromkeys((*(entry.name for entry in source.entries), *media))
    size = source.path.stat().st_size if source.is_packed else sum(map(source.size, names))
    if size > LARGEST:
        return None
    folder = workspace / FOLDER / _mark(source)
    for each in (folder.parent, folder):
        if not each.exists():
            each.mkdir(exist_ok=True)
            each.chmod(0o2770)
    target = folder / (source.path.name if source.is_packed else f"{source.path.stem or 'chat'}.zip")
    if source.is_packed:
        shutil.copyfile(source.path, target)
    else:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for name in names:
                with source.open(name) as file, archive.open(name, "w", force_zip64=True) as copy:
                    shutil.copyfileobj(file, copy)
    target.chmod(0o660)
    return target.relative_to(workspace)


def _mark(source: Source) -> str:
    """What tells exports apart, so that the same one waits once however often it is imported."""
    heads = [source.head(entry.name) for entry in source.entries[:HEADS]]
    words = repr((source.name, [(entry.name, entry.size) for entry in source.entries], heads))
    return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def options_of(asked: Told, form: str | None) -> Mapping[str, Any]:
    """With which words an import was asked for, so that it can be asked for again."""
    zone = asked.zone.key if asked.zone is not None else None
    us = asked.us
    words = sorted({*us.addresses, *(f"@{each}" for each in us.domains), *us.names, *us.numbers})
    return {"format": form, "zone": zone, "columns": dict(asked.columns), "us": words}


def asked_with(options: Mapping[str, Any], us: Us) -> tuple[Told, str | None]:
    """The same words again, with who is known to be us by now; what was written by hand and is none is left out."""
    zone, columns, form = options.get("zone"), options.get("columns"), options.get("format")
    words = options.get("us")
    us |= Us.of(map(str, words)) if isinstance(words, list) else Us()
    try:
        local = ZoneInfo(zone) if isinstance(zone, str) else None
    except (KeyError, ValueError, OSError):
        local = None
    known = {str(what): str(column) for what, column in columns.items()} if isinstance(columns, dict) else {}
    return Told(us, local, known), form if isinstance(form, str) else None


def ready(asked: Asked, us: Us, now: Instant) -> list[Held]:
    """What can be tried again: one of its names was told long enough ago, or is one that the settings say is us."""
    return [each for each in asked.held if each.took is None and _is_told(each.names, asked, us, now)]


def _is_told(keys: Sequence[str], asked: Asked, us: Us, now: Instant) -> bool:
    for key in keys:
        name = asked.names.get(key)
        if (name is not None and name.is_told and now - name.at >= SETTLED) or us.is_our_name(key):
            return True
    return False


def place_of(held: Held, workspace: Path, folders: Iterable[Path]) -> Path | None:
    """Where it lies; None where it is gone, and where no such things lie: what the team's documents say is not believed."""
    if held.folder:
        place = Path(held.place)
        is_known = place.parent in [folder / REFUSED for folder in folders]
    else:
        place = workspace / held.place
        is_known = place.parent.parent == workspace / FOLDER
    if not is_known or ".." in place.parts or place.is_symlink() or place.parent.is_symlink():
        return None
    return place if place.exists() else None


def forget(place: Path) -> None:
    """Take the copy of an import away."""
    shutil.rmtree(place.parent, ignore_errors=True)

"""Chat exports written by hand in the shape in which programs write them, and ways to read them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from inbox.channels.chat.reading import Left, chats
from inbox.channels.chat.sources import opened
from inbox.chat.shape import Asked, Chat, Line
from inbox.us import Us

BERLIN = ZoneInfo("Europe/Berlin")


def asked(*ours: str, zone: str | None = None, **columns: str) -> Asked:
    """What a reader is told beside the files."""
    return Asked(Us.of(ours), ZoneInfo(zone) if zone else None, columns)


def read(path: Path, told: Asked = Asked(), form: str | None = None) -> list[Chat]:  # noqa: B008  frozen
    """The chats of a file, a folder or a zip; nothing of it may be left over."""
    with opened(path) as source:
        found = list(chats(source, told, form))
        assert not [each for each in found if isinstance(each, Left)]
        kept = [each for each in found if isinstance(each, Chat)]
        for each in kept:
            each.lines = list(each.lines)
        return kept


def refused(path: Path, told: Asked = Asked()) -> list[str]:  # noqa: B008
    """Why files could not be read."""
    with opened(path) as source:
        return [each.reason for each in chats(source, told) if isinstance(each, Left)]


def one(path: Path, told: Asked = Asked(), form: str | None = None) -> Chat:  # noqa: B008
    """The one chat of a file."""
    (found,) = read(path, told, form)
    return found


def said(chat: Chat) -> list[tuple[str | None, str]]:
    """Who said what."""
    return [(line.author, line.text) for line in chat.lines]


def lines(chat: Chat) -> list[Line]:
    """The lines of a chat."""
    return list(chat.lines)


def written(path: Path, value: Any) -> Path:
    """A file with this text, these bytes, or this as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(value, bytes):
        path.write_bytes(value)
    else:
        path.write_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), "utf-8")
    return path


def zipped(path: Path, files: Mapping[str, Any]) -> Path:
    """A zip with these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in files.items():
            text = value if isinstance(value, str | bytes) else json.dumps(value, ensure_ascii=False)
            archive.writestr(name, text)
    return path

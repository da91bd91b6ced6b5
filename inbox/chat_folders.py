"""Folders that are watched for exports of chats (`[[chat]]` in the settings): what lies there is taken in, and moved away.

A file is taken in whole, once nobody writes to it any more; then it lies in `done/`, or in `refused/` with a text beside it
that says why. Taking one in twice changes nothing, so it may be interrupted at any moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from inbox.channels.chat.reading import Left, chats
from inbox.channels.chat.sources import opened
from inbox.chat_intake import Terms, WhoIsUs, take_in, terms_of
from inbox.chats import Asked
from inbox.errors import FrontdeskError
from inbox.model import Instant, Who
from inbox.text import one_line, sanitise

if TYPE_CHECKING:
    from inbox.ports import Workspace
    from inbox.settings import ChatFolder, Settings

DONE, REFUSED = "done", "refused"
SETTLED = 10
"""Seconds after the last change of a file until it counts as whole."""
WHO = Who("import")


def look(store: Workspace, settings: Settings, now: Instant) -> int:
    """Take in what lies in the watched folders; how many lines are new."""
    added = 0
    for folder in settings.chats:
        path = Path(folder.folder).expanduser()
        for file in _waiting(path, now):
            added += _take_in(store, settings, folder, file, now)
    return added


def _waiting(folder: Path, now: Instant) -> Iterator[Path]:
    """What lies there and is whole, by name; nothing where the folder is not there (the doctor says so)."""
    try:
        found = sorted(folder.iterdir())
    except OSError:
        return
    for path in found:
        if path.name in (DONE, REFUSED) or path.name.startswith(".") or path.is_symlink():
            continue
        try:
            changed = max((each.lstat().st_mtime for each in (path, *path.rglob("*"))), default=now)
        except OSError:
            continue
        if now - changed >= SETTLED:
            yield path


def _take_in(store: Workspace, settings: Settings, folder: ChatFolder, path: Path, now: Instant) -> int:
    terms = terms_of(store, settings, live_since=now - Terms.FRESH)
    reasons: list[str] = []
    added = kept = 0
    try:
        with opened(path) as source:

            def read(place: str) -> bytes:
                with source.open(place) as file:
                    return file.read()

            for chat in chats(source, Asked(store.known_us()[0], settings.zone), folder.format):
                if isinstance(chat, Left):
                    reasons.append(f"{one_line(chat.name)}: {chat.reason}")
                    continue
                try:
                    taken = take_in(store, chat, terms, WHO, now, read)
                except WhoIsUs as error:
                    store.documents.ask_names(error.names)
                    reasons.append(f"{one_line(chat.title or chat.id or path.name)}: {error.what}")
                    continue
                added += taken.added
                kept += 1
    except FrontdeskError as error:
        reasons.append(str(error).replace("\n", " "))
    _move(path, DONE if kept and not reasons else REFUSED, reasons, kept)
    return added


def _move(path: Path, into: str, reasons: list[str], kept: int) -> None:
    """Put a file away under a name nobody has yet, and say why beside it. Where that is not allowed it stays, and is taken
    in again, which changes nothing."""
    folder = path.parent / into
    try:
        folder.mkdir(exist_ok=True)
        target, number = folder / path.name, 1
        while target.exists():
            number += 1
            target = folder / f"{path.stem} {number}{path.suffix}"
        if reasons:
            told = "".join(f"{sanitise(each)}\n" for each in reasons)
            if kept:
                told += f"{kept} other {'chat is' if kept == 1 else 'chats are'} in.\n"
            told += "Mend it and move the file back; what is in already is not taken in twice.\n"
            target.with_name(f"{target.name}.reason.txt").write_text(told, "utf-8")
        path.replace(target)
    except OSError:
        return

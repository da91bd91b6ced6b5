"""Folders that are watched for exports of chats (`[[chat]]` in the settings): what lies there is taken in, and moved away.

A file is taken in whole, once nobody writes to it any more; then it lies in `done/`, or in `refused/` with a text beside it
that says why. There it waits, where only a name has to be told. Taking one in twice changes nothing, so it may be
interrupted at any moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from inbox.channels.chat.reading import Left, chats
from inbox.channels.chat.sources import opened
from inbox.chat import held as held_chats
from inbox.chat.intake import Terms, WhoIsUs, take_in, terms_of
from inbox.chat.names import Held
from inbox.chat.shape import Asked
from inbox.errors import FrontdeskError
from inbox.model import Instant, Who
from inbox.text import one_line, sanitise

if TYPE_CHECKING:
    from inbox.ports import Workspace
    from inbox.settings import ChatFolder, Settings

DONE, REFUSED, REASON = "done", held_chats.REFUSED, ".reason.txt"
SETTLED = 10
"""Seconds after the last change of a file until it counts as whole."""
WHO = Who("import")


def look(store: Workspace, settings: Settings, now: Instant) -> int:
    """Take in what lies in the watched folders, and what waited for somebody to say whose a name is; how many lines are
    new."""
    added = 0
    for folder in settings.chats:
        path = Path(folder.folder).expanduser()
        for file in _waiting(path, now):
            added += _take_in(store, settings, folder, file, now)
    return added + _answered(store, settings, now)


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


class _Went(NamedTuple):
    """What became of an export: lines that are new, chats that are in, why others are not, and names nobody knows."""

    added: int
    chats: int
    reasons: list[str]
    unknown: held_chats.Unknown


def _take_in(store: Workspace, settings: Settings, folder: ChatFolder, path: Path, now: Instant) -> int:
    asked = Asked(store.known_us()[0], settings.zone)
    went = _read(store, path, asked, folder.format, terms_of(store, settings, now - Terms.FRESH), now)
    place = _move(path, path.parent, went)
    if went.unknown and place is not None:
        store.names.ask(went.unknown.names)
        store.names.hold(Held(str(place), path.name, went.unknown.keys, now, str(path.parent)))
    return went.added


def _answered(store: Workspace, settings: Settings, now: Instant) -> int:
    """Take in what waited for names that are told by now. What still waits for others goes on waiting."""
    if not any(each.took is None for each in store.names.held()):
        return 0
    added, us = 0, store.known_us()[0]
    folders = {Path(each.folder).expanduser(): each for each in settings.chats}
    for held in held_chats.ready(store.names.all(), us, now):
        place = held_chats.place_of(held, store.workspace, folders)
        if place is None:
            store.names.release(held.place)  # somebody has taken it away, or written down what is none
            continue
        if held.folder:
            asked, form = Asked(us, settings.zone), folders[place.parent.parent].format
            went = _read(store, place, asked, form, terms_of(store, settings, now - Terms.FRESH), now)
        else:
            asked, form = held_chats.asked_with(held.options, us)
            went = _read(store, place, asked, form, terms_of(store, settings), now)
        added += went.added
        if went.unknown:
            store.names.ask(went.unknown.names)
            store.names.hold(held._replace(names=went.unknown.keys))
            continue
        store.names.hold(held._replace(took=went.added, trouble=" ".join(went.reasons), at=now))
        if held.folder:
            place.with_name(f"{place.name}{REASON}").unlink(missing_ok=True)
            _move(place, place.parent.parent, went)
        else:
            held_chats.forget(place)
    return added


def _read(store: Workspace, path: Path, asked: Asked, form: str | None, terms: Terms, now: Instant) -> _Went:
    """Take in the chats of a file; nothing is asked for and nothing is moved yet."""
    reasons: list[str] = []
    unknown = held_chats.Unknown(path.name)
    added = kept = 0
    try:
        with opened(path) as source:

            def read(place: str) -> bytes:
                with source.open(place) as file:
                    return file.read()

            for chat in chats(source, asked, form):
                if isinstance(chat, Left):
                    reasons.append(f"{one_line(chat.name)}: {chat.reason}")
                    continue
                try:
                    taken = take_in(store, chat, terms, WHO, now, read)
                except WhoIsUs as error:
                    unknown.add(error)
                    reasons.append(f"{one_line(chat.title or chat.id or path.name)}: {error.what}")
                    continue
                added += taken.added
                kept += 1
    except FrontdeskError as error:
        reasons.append(str(error).replace("\n", " "))
    return _Went(added, kept, reasons, unknown)


def _move(path: Path, watched: Path, went: _Went) -> Path | None:
    """Put a file away in the watched folder under a name nobody has yet, say why beside it, and where it lies now. Where
    that is not allowed it stays, and is taken in again, which changes nothing."""
    folder = watched / (DONE if went.chats and not went.reasons else REFUSED)
    try:
        folder.mkdir(exist_ok=True)
        target, number = folder / path.name, 1
        while target.exists():
            number += 1
            target = folder / f"{path.stem} {number}{path.suffix}"
        if went.reasons:
            told = "".join(f"{sanitise(each)}\n" for each in went.reasons)
            if went.chats:
                told += f"{went.chats} other {'chat is' if went.chats == 1 else 'chats are'} in.\n"
            told += (
                "It is taken in as soon as somebody says whose these names are: frontdesk names shows them.\n"
                if went.unknown
                else "Mend it and move the file back; what is in already is not taken in twice.\n"
            )
            target.with_name(f"{target.name}{REASON}").write_text(told, "utf-8")
        path.replace(target)
    except OSError:
        return None
    return target

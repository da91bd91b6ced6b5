"""`frontdesk import` of chats: which of the files are transcripts, and what became of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from tui.line.acting import complain

if TYPE_CHECKING:
    from inbox.channels.chat.reading import Left
    from inbox.channels.chat.sources import Source
    from inbox.chat.held import Unknown
    from inbox.chat.shape import Asked, Chat
    from inbox.importing import Summary
    from tui.line.desk import Desk

MAIL = ("eml", "mbox", "maildir", "frontdesk")
"""Formats that are no chats."""


def transcripts(paths: Sequence[Path | None], form: str | None) -> list[Path | None]:
    """Those of the paths in which there is a chat. Standard input (None) is one only where somebody says so: it cannot be
    read twice."""
    if form is not None:
        return [] if form in MAIL else list(paths)
    return [path for path in paths if path is not None and _holds_chats(path)]


def _holds_chats(path: Path) -> bool:
    from inbox.channels.chat.reading import found
    from inbox.channels.chat.sources import opened
    from inbox.errors import FrontdeskError

    if path.is_dir() and (path / "cur").is_dir():
        return False
    try:
        with opened(path) as source:
            return source.is_packed or any(found(source))
    except FrontdeskError:
        return path.suffix.lower() == ".zip"  # what is wrong with it is said when it is read


def take_in_chats(
    desk: Desk,
    paths: Sequence[Path | None],
    form: str | None,
    asked: Asked,
    summary: Summary,
    progress: Callable[[int], None],
    cancelled: Callable[[], bool],
) -> None:
    """Take the chats of these files, and of standard input (None), in; what was odd about them is said on standard error."""
    from inbox.channels.chat.reading import Left, chats
    from inbox.chat.held import Unknown
    from inbox.errors import FrontdeskError
    from inbox.importing import Refused

    for path in paths:
        unknown = Unknown(path.name if path is not None else "standard input")
        try:
            with _opened(path) as source:
                for each in chats(source, asked, form):
                    if isinstance(each, Left):
                        summary.refused.append(Refused(_place(source.path, each), each.reason))
                    elif not cancelled():
                        _take_in(desk, source, each, unknown, summary, progress, cancelled)
                if unknown:
                    _hold(desk, source, unknown, asked, form)
        except FrontdeskError as error:
            summary.refused.append(Refused(str(path or "-"), " ".join(str(error).split())))


def _opened(path: Path | None) -> AbstractContextManager[Source]:
    from inbox.channels.chat.sources import of_bytes, opened

    return opened(path) if path is not None else nullcontext(of_bytes(sys.stdin.buffer.read(), "-"))


def _take_in(
    desk: Desk,
    source: Source,
    chat: Chat,
    unknown: Unknown,
    summary: Summary,
    progress: Callable[[int], None],
    cancelled: Callable[[], bool],
) -> None:
    from inbox.chat.intake import WhoIsUs, take_in, terms_of
    from inbox.importing import Refused
    from inbox.listing import Who
    from inbox.text import one_line

    called = one_line(chat.title or chat.id or source.name)
    terms = terms_of(desk.store(), desk.settings())

    def opened(place: str) -> bytes | None:
        with source.open(place) as file:
            return file.read()

    try:
        taken = take_in(desk.store(), chat, terms, Who("import"), desk.now(), opened, cancelled, progress)
    except WhoIsUs as error:
        unknown.add(error)
        summary.refused.append(Refused(str(source.path), f"{called}: {error.what} {error.next_step}"))
        return
    summary.added += taken.added
    summary.known += taken.known
    for oddity in chat.oddities.told:
        complain(f"{called}: {one_line(oddity, 300)}.")


def _hold(desk: Desk, source: Source, unknown: Unknown, asked: Asked, form: str | None) -> None:
    """Ask whose the names are, and keep a copy of what waits for that."""
    from inbox.chat.held import keep, options_of
    from inbox.chat.names import Held
    from inbox.text import one_line

    store = desk.store()
    store.names.ask(unknown.names)
    called = one_line(unknown.file, 80)
    place = keep(store.workspace, source, unknown.media)
    if place is None:
        complain(f"{called} is too large to wait here.", "Import it again once the names are told.")
        return
    options = options_of(asked, form)
    store.names.hold(Held(str(place), called, unknown.keys, desk.now(), options=options))
    complain(f"{called} waits: it comes in once somebody says whose these names are, and a worker runs.")


def _place(path: Path, left: Left) -> str:
    return str(path) if left.name == path.name else f"{path}: {left.name}"

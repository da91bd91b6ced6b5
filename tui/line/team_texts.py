"""The team's own texts, articles and saved replies: found by name, and what is wrong in them said."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import TYPE_CHECKING

from inbox.errors import NotDone

if TYPE_CHECKING:
    from tui.line.desk import Desk

COMMANDS = {"article": "knowledge", "saved reply": "saved"}
"""Which command lists the texts of a kind."""


def called(desk: Desk, kind: str, name: str, names: Iterable[str]) -> str:
    """The name among `names` that is meant, whatever its capitals. NotDone with the nearest when there is none; `kind`
    is one of COMMANDS."""
    from inbox.nearest import nearest
    from inbox.text import one_line

    known = {one_line(each).casefold(): each for each in names}
    found = known.get(one_line(name).casefold())
    if found is None:
        near = nearest(name, list(known.values()))
        raise NotDone(
            f"There is no {kind} {one_line(name, 60)!r}{near}", f"{desk.called} {COMMANDS[kind]} lists them."
        )
    return found


def kept_aside(text: str, name: str) -> str:
    """Keep a text that could not be saved in a file of whoever wrote it, and say where."""
    from inbox.safe_file import put_file
    from tui.line.desk import folder

    place = folder("XDG_STATE_HOME", ".local/state")
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = next(path for number in count(1) if not (path := place / f"{name}-{number}.md").exists())
    put_file(file, text.encode(), 0o600)
    return f"What you wrote is kept in {file}."


def tell_misspelt(text: str) -> None:
    """Refuse a text with a place that looks like a known one written wrong: NotDone, with the nearest."""
    from inbox.misspelt import misspelt_places

    for place, known in misspelt_places(text):
        raise NotDone(f"Nothing fills {place}; did you mean {{{known}}}?", "Mend it, and save it again.")


def tell_mistakes(desk: Desk, kind: str) -> None:
    """Say on standard error what is wrong in documents that were written by hand, with file, line and nearest word."""
    from tui.line.acting import complain

    for mistake in desk.store().documents.mistakes(kind):
        complain(mistake)

"""Writing in the person's own editor, with the fields as headers above the text, on a file only they can read."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from inbox.errors import WorldError
from inbox.nearest import nearest
from inbox.text import one_line
from tui.fields import NAMES

if TYPE_CHECKING:
    from tui.app import FrontdeskApp
    from tui.screens.letter import Letter


def written_outside(app: FrontdeskApp, letter: Letter, text: str) -> tuple[Letter, str | None, str]:
    """A letter and its text after $VISUAL or $EDITOR (else vi) had them, and what of the headers could not be read.

    The text is None when the editor ended with an error: nothing is taken over then. Raises WorldError when there is no
    such editor.
    """
    whole = edited(app, with_headers(letter, text) if letter.leaves else text)
    if whole is None or not letter.leaves:
        return letter, whole, ""
    return read_back(letter, whole)


def with_headers(letter: Letter, text: str) -> str:
    """The fields, a line each, a blank line, the text."""
    head = [f"{name}: {value}".rstrip() for name, value in zip(NAMES, letter.values, strict=True)]
    return "\n".join([*head, "", text])


def read_back(letter: Letter, whole: str) -> tuple[Letter, str, str]:
    """The fields and the text out of what was written; nothing is lost.

    A line above the blank one that is no field stays at the beginning of the text, and the answer's last part says which
    line it was. A field that is not there any more is as it was; one that was emptied is empty.
    """
    values = dict(zip(NAMES, letter.values, strict=True))
    names = {name.casefold(): name for name in NAMES}
    lines = whole.split("\n")
    end = next((number for number, line in enumerate(lines) if not line.strip()), None)
    if end is None and names.get(lines[0].partition(":")[0].strip().casefold()) is None:
        return letter, whole, "line 1: there are no headers above a blank line; all of it is the text"
    strange: list[str] = []
    seen: dict[str, str] = {}
    problem, name = "", None
    for number, line in enumerate(lines[:end], 1):
        word, colon, value = line.partition(":")
        found = names.get(word.strip().casefold()) if colon else None
        if found is not None:
            seen[found] = f"{seen[found]}, {value.strip()}" if found in seen else value.strip()
            name = found
        elif line[:1].isspace() and name is not None:  # an editor that breaks long lines
            seen[name] += f" {line.strip()}"
        else:
            strange.append(line)
            near = nearest(word.strip().title(), NAMES) if colon else "."
            problem = problem or f"line {number}: {one_line(line, 40)!r} is no header{near}"
    text = "\n".join([*strange, *(lines[end + 1 :] if end is not None else [])])
    if problem:
        problem += " It stands at the beginning of the text."
    return letter.with_values([*(values | seen).values()]), text, problem


def edited(app: FrontdeskApp, text: str) -> str | None:
    """`text` after the editor had it; None when the editor ended with an error."""
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    with tempfile.TemporaryDirectory(prefix="frontdesk-") as folder:  # made with mode 0700
        file = Path(folder) / "reply.txt"
        file.write_text(text, encoding="utf-8")
        try:
            with app.suspend():
                ended = subprocess.run([*command, str(file)], check=False, env=app.seat.environment())
        except OSError as error:
            raise WorldError(
                f"The editor {command[0]} could not be started: {error.strerror}.",
                "Set EDITOR to another one.",
            ) from None
        if ended.returncode != 0:
            return None
        return file.read_text(encoding="utf-8", errors="replace").rstrip("\n")

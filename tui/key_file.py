"""A person's own keybindings.toml, changed for them: one line at a time, and all else in it stays as it was written."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from inbox.errors import BadSettings, WorldError
from inbox.safe_file import put_file
from tui.keys import DEFAULT, Binding, Keymap, clashing, load

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

Line = tuple[str, str, Sequence[str] | None]
"""A context, a verb, and its keys: () for none at all, None for those it has without a line of its own."""


def clashes(keymap: Keymap, context: str, verb: str, keys: str) -> list[Binding]:
    """The bindings that would be in the way of these keys for a verb in a context."""
    new = Binding(context, verb, keys, Path(), 0)
    others = [each for each in keymap.bindings if (each.context, each.verb) != (context, verb)]
    pairs = clashing([*others, new])
    return list(dict.fromkeys(other if one is new else one for one, other in pairs if new in (one, other)))


def without(keymap: Keymap, taken: Iterable[Binding]) -> list[Line]:
    """The lines that take their keys from these bindings."""
    taken = list(taken)
    lines: list[Line] = []
    for context, verb in dict.fromkeys((each.context, each.verb) for each in taken):
        here = (each for each in keymap.bindings if (each.context, each.verb) == (context, verb))
        lines.append((context, verb, [each.keys for each in here if each not in taken]))
    return lines


def write(file: Path, lines: Sequence[Line] = (), preset: str | None = None) -> Keymap:
    """Write these lines, and the name of a preset, into a person's file; the keys that are in force then.

    The file is made where there is none, and replaced as a whole or not at all. Raises BadSettings where the keys could
    not be used so, WorldError where the file cannot be read or written; then it is as it was.
    """
    from tomlkit.exceptions import TOMLKitError

    try:
        text = file.read_bytes().decode() if file.exists() else ""
        load(file, text=text)  # what is wrong in it already is told with its line
        text = _with_preset(text, preset) if preset is not None else text
        text = _with_lines(text, lines)
        keymap = load(file, text=text)
        there = file.resolve()  # where people keep their files elsewhere and link to them
        _make_folder(there.parent)
        put_file(there, text.encode(), there.stat().st_mode & 0o777 if there.exists() else _rights(there))
    except TOMLKitError as error:
        raise BadSettings(
            f"{file} is written in a way that only a person can change.", "Edit it by hand."
        ) from error
    except UnicodeDecodeError as error:
        raise BadSettings(f"{file} is not UTF-8 text.", "Save the file as UTF-8.") from error
    except OSError as error:
        raise WorldError(
            f"{file} cannot be written: {error.strerror}.", "Check its rights and the space on the disk."
        ) from error
    return keymap


def _make_folder(folder: Path) -> None:
    """Make the folder where there is none; inside one that several share, for all of them."""
    if folder.exists():
        return
    folder.mkdir(parents=True)
    around = folder.parent.stat().st_mode
    if around & stat.S_ISGID:
        folder.chmod(around & 0o7777)


def _rights(file: Path) -> int:
    """Those of a new file: who shares the folder may write it."""
    return 0o660 if file.parent.stat().st_mode & stat.S_IWGRP else 0o644


def _with_lines(text: str, lines: Sequence[Line]) -> str:
    if not lines:
        return text
    import tomlkit

    document = tomlkit.parse(text)
    for context, verb, keys in lines:
        table = document.get(context)
        if keys is None:
            if table is not None:
                table.pop(verb, None)
                if not table and not _says_more(table):
                    document.pop(context)
            continue
        if table is None:
            table = tomlkit.table()
            if document.as_string().strip():
                document.add(tomlkit.nl())
            document.add(context, table)
        table[verb] = ", ".join(keys)
    return document.as_string()


def _says_more(table: object) -> bool:
    """Whether an empty table holds a comment of the person's."""
    as_string = getattr(table, "as_string", None)
    return as_string is not None and bool(as_string().strip())


def _with_preset(text: str, preset: str) -> str:
    import tomlkit

    document: TOMLDocument = tomlkit.parse(text)
    if "preset" in document:
        document["preset"] = preset
        if preset == DEFAULT:
            document.pop("preset")
        return document.as_string()
    return text if preset == DEFAULT else f'preset = "{preset}"\n' + text

"""A rule put at the end of settings.toml: what was written there stays byte for byte, and nothing is ever half written."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from inbox.errors import BadSettings, NotDone, WorldError
from inbox.model import Role
from inbox.safe_file import put_file
from inbox.text import one_line
from tui.line.settings_file import added

if TYPE_CHECKING:
    from inbox.model import Instant, Who
    from inbox.rules.reading import Rule
    from inbox.settings import Settings


class Tried(NamedTuple):
    """A rule as it would stand in the settings: those with it, and the rule itself."""

    settings: Settings
    rule: Rule


def bytes_of(path: Path) -> bytes:
    """The settings file as it is; nothing when there is none. Raises WorldError when it cannot be read."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        raise WorldError(f"{path} cannot be read: {error.strerror}.", "Mend its rights.") from None


def tried(existing: bytes, table: str, path: Path, now: Instant) -> Tried:
    """What the settings would be with one more rule. Raises BadSettings, in whose words the first line of the rule is 1."""
    from inbox.rules.rule_file import read
    from inbox.settings_checks import Mistakes

    whole = added(existing, table)
    above = _lines(whole) - _lines(table.encode())
    try:
        found = read(whole, path, now)
    except Mistakes as error:
        _refuse(((each.line, each.what) for each in error.mistakes), above)
        raise
    _refuse(((each.line, each.what) for each in found.refused), above)
    rules = found.settings.rules
    if not rules or table.count("[[rule]]") != 1:
        raise BadSettings("One rule, and nothing else, can be written here.")
    return Tried(found.settings, rules[-1])


def _refuse(wrong: Iterable[tuple[int, str]], above: int) -> None:
    """Raise BadSettings for the first that is wrong below so many lines."""
    for line, what in wrong:
        if line > above:
            raise BadSettings(f"Line {line - above}: {one_line(what, 300)}")


def _lines(text: bytes) -> int:
    return text.count(b"\n")


def may_write(who: Who) -> None:
    """Raise NotDone unless somebody may change the settings."""
    if who.role is not Role.OWNER:
        raise NotDone(f"Only an owner changes the settings, and {who.name} is none.", "Ask an owner.")


def write(path: Path, seen: bytes, table: str, now: Instant, who: Who) -> Tried:
    """Put a rule at the end of the settings file, unless it is not as it was when it was `seen`.

    Raises NotDone when somebody changed the file meanwhile, or this person may not; BadSettings when the settings would
    not be taken; WorldError when it cannot be written.
    """
    may_write(who)
    try:
        with _alone(path):
            existing = bytes_of(path)
            if existing != seen:
                raise NotDone("settings.toml was changed meanwhile.", "Look again: nothing was written.")
            new = tried(existing, table, path, now)
            mode = path.stat().st_mode & 0o777 if path.exists() else 0o660
            put_file(path.resolve(), added(existing, table), mode)  # a link stays a link
    except OSError as error:
        raise WorldError(
            f"{error.filename or path} cannot be written: {error.strerror}.", "Nothing was changed."
        ) from None
    return new


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """While nobody else adds a rule."""
    lock = os.open(path.with_name(f".{path.name}.lock"), os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o660)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)

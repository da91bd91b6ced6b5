"""A rule put at the end of settings.toml: what was written there stays byte for byte, and nothing is ever half written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from inbox.errors import BadSettings, NotDone, WorldError
from inbox.model import Role
from inbox.text import one_line
from inbox.verbs import whom_to_ask
from tui.line.settings_file import added, alone, replace

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


def tried(existing: bytes, table: str, path: Path, now: Instant, *, restricted: bool = False) -> Tried:
    """What the settings would be with one more rule. Raises BadSettings, in whose words the first line of the rule is 1;
    NotDone where access is `restricted` (`Desk.restricted`) and the rule would run a program or call a server: it does so
    as the account that holds the mail password."""
    from inbox.rules.reading import IN_THE_WORLD
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
    if restricted and any(action.do in IN_THE_WORLD for action in rules[-1].then):
        raise NotDone(
            "No rule with a command or webhook is written from here: this account is restricted.",
            "Whoever keeps this host writes it into settings.toml there.",
        )
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
        ask = whom_to_ask((Role.OWNER,), who.team)
        raise NotDone(f"Only an owner changes the settings, and {who.name} is none.", f"Ask {ask}.")


def write(path: Path, seen: bytes, table: str, now: Instant, who: Who, *, restricted: bool = False) -> Tried:
    """Put a rule at the end of the settings file, unless it is not as it was when it was `seen`.

    Raises NotDone when somebody changed the file meanwhile, or this person may not; BadSettings when the settings would
    not be taken; WorldError when it cannot be written.
    """
    may_write(who)
    try:
        with alone(path):
            existing = bytes_of(path)
            if existing != seen:
                raise NotDone("settings.toml was changed meanwhile.", "Look again: nothing was written.")
            new = tried(existing, table, path, now, restricted=restricted)
            replace(path, added(existing, table))
    except OSError as error:
        raise WorldError(
            f"{error.filename or path} cannot be written: {error.strerror}.", "Nothing was changed."
        ) from None
    return new

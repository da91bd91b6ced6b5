"""What may be run by who was let in by a forced command (`Desk.restricted`), and with which options.

Each path, program or server that they could name would be read, written or run as the account that holds the mail
password. So a command that is not in `MAY` is refused, and so is an option that looks as if it named such a thing
(`names_outside`), unless it is judged here; each refusal says what to do instead.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from functools import partial
from typing import Any, Final, NamedTuple, NoReturn

import click

from inbox.errors import NotDone


class Judged(NamedTuple):
    """What becomes of an option or argument that looks as if it named something outside.

    Without `instead` it does not, and is free. Else `what` is refused, and `instead` says what to do; `dash`: only "-",
    which is standard input or output, is taken.
    """

    what: str = ""
    instead: str = ""
    dash: bool = False

    def refuse(self) -> NoReturn:
        """Say so."""
        raise NotDone(f"{self.what}: this account is restricted.", self.instead)


FREE: Final = Judged()
_TEXT: Final = Judged("No files here", "ssh desk COMMAND … --file - < FILE takes the text from you.", True)
_TABLE: Final = Judged(
    "No files here", "ssh desk COMMAND … --fields - --text TEXT < TABLE takes it from you.", True
)
_SETTINGS: Final = Judged("No other settings here", "Leave it away: then those in force are looked at.")


def _read(command: str) -> Judged:
    return Judged("No files here", f"ssh desk {command} - < FILE", True)


MAY: Final[Mapping[str, Mapping[str, Judged]]] = {
    "import": {"paths": _read("import"), "mapping": FREE},
    "list": {},
    "day": {},
    "apply": {"file": Judged("No files here", "ssh desk apply < day.md", True)},
    "show": {},
    "search": {},
    "due": {},
    "why": {},
    "names": {},
    "customer different": {},
    "customer edit": {"fields": FREE},
    "customer erase": {},
    "customer export": {"file": Judged("No files here", "ssh desk customer export - > FILE", True)},
    "customer import": {"file": _read("customer import"), "maps": FREE},
    "customer list": {},
    "customer merge": {},
    "customer show": {},
    "customer unmerge": {},
    "outbox": {},
    "outbox drop": {},
    "outbox list": {},
    "outbox release": {},
    "outbox resend": {},
    "report": {"page": Judged("No files here", "ssh desk report --html - > report.html", True)},
    "activity": {},
    "audit": {},
    "retention": {},
    "reply": {"file": _TEXT, "to": FREE, "sender": FREE},
    "saved": {},
    "saved add": {"file": _TEXT},
    "saved list": {},
    "saved show": {},
    "knowledge": {},
    "knowledge add": {"file": _TEXT},
    "knowledge edit": {"file": _TEXT},
    "knowledge list": {},
    "knowledge remove": {},
    "knowledge search": {},
    "knowledge show": {},
    "note": {"file": _TEXT},
    "assign": {"to": FREE},
    "hand-over": {"to": FREE},
    "seen": {},
    "approve": {},
    "amend": {"file": _TEXT},
    "give-back": {},
    "assign-me": {},
    "take-next": {},
    "tag": {},
    "act": {},
    "snooze": {},
    "hold": {},
    "close": {"to": FREE},
    "close-quiet": {},
    "outcome": {"to": FREE},
    "goodwill": {},
    "no-answer": {},
    "reopen": {},
    "spam": {},
    "block": {},
    "unblock": {},
    "notice": {},
    "promise": {},
    "keep": {},
    "follow-up": {},
    "done": {},
    "nudge": {},
    "check-in": {},
    "merge": {},
    "split": {"message": FREE},
    "move": {"into": FREE},
    "join-suggested": {},
    "decline-suggestion": {},
    "take-chat": {},
    "mark-read": {},
    "upset": {},
    "undo": {},
    "redo": {},
    "issue banner": {"file": _TEXT},
    "issue close": {"file": _TEXT, "fields": _TABLE},
    "issue link": {},
    "issue list": {},
    "issue new": {},
    "issue reopen": {},
    "issue show": {},
    "issue stop": {},
    "issue tell": {"file": _TEXT, "fields": _TABLE},
    "issue unlink": {},
    "announce": {"file": _TEXT, "fields": _TABLE},
    "call": {"file": _TEXT},
    "put": {},
    "get": {"folder": Judged("No folders here", "ssh desk get ID/NUMBER > FILE brings it to you.")},
    "sla replay": {"file": _SETTINGS},
    "rules check": {"file": _SETTINGS},
    "rules from": {},
    "rules list": {},
    "rules replay": {"file": _SETTINGS},
    "parse": {"files": _read("parse --json")},
    "transcript": {"files": _read("transcript --json"), "mapping": FREE},
    "team add": {"key_file": _read("team add NAME --install --key")},
    "team away": {"to": FREE, "first": FREE},
    "team list": {},
    "team remove": {"to": FREE},
    "team role": {},
    "verify": {},
    "doctor": {},
    "keys": {},
    "profile": {},
}
"""Every command that may be run, and what is judged of it by the names of its parameters."""

_AT_HOME: Final = "Whoever keeps this host does it there."

REFUSED: Final[Mapping[str, Judged]] = {
    "demo": Judged("No demo here", "Install Frontdesk where you sit: frontdesk demo needs nothing else."),
    "init": Judged("No mailbox is set up from here", _AT_HOME),
    "login": Judged("No mailbox is logged in from here", _AT_HOME),
    "sync": Judged(
        "No worker is started by a command here", "g w and then r on the screen asks for the mail now."
    ),
    "sla try": Judged("No files here", "frontdesk sla try needs no inbox: run it where you sit."),
    "feed try": Judged(
        "No feeds are asked from here", "frontdesk feed try needs no inbox: run it where you sit."
    ),
    "export": Judged("Not everything is given out here", f"ssh desk show ID --full prints one. {_AT_HOME}"),
    "backup": Judged("No backup is made from here", _AT_HOME),
}
"""Commands that may not, and why: they read secrets, ask servers, or write the whole inbox into a folder."""

ONLY_WITH: Final[Mapping[str, tuple[str, Judged]]] = {
    "doctor": (
        "at_terminal",
        Judged(
            "The host is not looked at from here",
            f"ssh -t desk doctor --terminal looks at your terminal. {_AT_HOME}",
        ),
    ),
}
"""Commands that may be run with one option alone, by the name of its parameter."""

_UNKNOWN: Final = Judged("That is not for who comes in over SSH", _AT_HOME)

_HARMLESS: Final = (
    click.types.StringParamType,
    click.types.IntParamType,
    click.types.FloatParamType,
    click.types.BoolParamType,
    click.types.UnprocessedParamType,
    click.Choice,
)
_OUTSIDE: Final = frozenset(
    """ca cert command commands database destination dir directory editor exec fields file filename files folder folders from
    home host html image imap key log map module out output page pager password path paths place plugin program proxy
    root scenario script secret server settings shell smtp socket source target template to token url workspace""".split()  # noqa: SIM905  a table of words
)
_WORD: Final = re.compile(r"[a-z]+")


def names_outside(param: click.Parameter) -> bool:
    """Whether a parameter looks as if it named a file, a program or a server: by its type, by its name, or by how help
    shows it."""
    if isinstance(param, click.Option) and param.is_flag:
        return False
    if not isinstance(param.type, _HARMLESS):
        return True
    shown = f"{param.name} {' '.join(param.opts)} {param.metavar or ''}".lower()
    return not _OUTSIDE.isdisjoint(_WORD.findall(shown))


def let_in(path: str, command: click.Command) -> click.Command:
    """A command as it is for who was let in; `path` is how it is called, as "customer export"."""
    if isinstance(command, click.Group):
        return _group(path, command)
    if path not in MAY:
        return _refusing(path, command)
    allowed = copy.copy(command)
    allowed.params = [_param(path, each) for each in command.params]
    if path in ONLY_WITH:
        allowed.callback = partial(_only_with, *ONLY_WITH[path], command.callback)
    return allowed


def _group(path: str, group: click.Group) -> click.Group:
    allowed = copy.copy(group)
    allowed.commands = {name: let_in(f"{path} {name}", each) for name, each in group.commands.items()}
    allowed.params = [_param(path, each) for each in group.params]
    if path not in MAY:  # it does nothing of itself
        allowed.invoke_without_command = False
    return allowed


def _param(path: str, param: click.Parameter) -> click.Parameter:
    if not names_outside(param):
        return param
    judged = MAY.get(path, {}).get(param.name or "", _UNKNOWN)
    if judged == FREE:
        return param
    held = copy.copy(param)
    held.type = _Held(param.type, judged)
    return held


def _refusing(path: str, command: click.Command) -> click.Command:
    def refuse(**_: Any) -> NoReturn:
        REFUSED.get(path, _UNKNOWN).refuse()

    anything = click.Argument(["words"], nargs=-1, type=click.UNPROCESSED)
    return click.Command(
        command.name,
        {"ignore_unknown_options": True, "help_option_names": []},
        refuse,
        [anything],
        short_help=command.get_short_help_str(),
    )


def _only_with(option: str, judged: Judged, callback: Any, *arguments: Any, **given: Any) -> Any:
    if not given.get(option):
        judged.refuse()
    return callback(*arguments, **given)


class _Held(click.ParamType[Any]):
    """What looks outside: refused as it is read, before anything is done."""

    def __init__(self, meant: click.ParamType[Any], judged: Judged) -> None:
        self.name = meant.name
        self._meant, self._judged = meant, judged

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value, if it is one that may be named."""
        if not (self._judged.dash and value == "-"):
            self._judged.refuse()
        return self._meant.convert(value, param, ctx)

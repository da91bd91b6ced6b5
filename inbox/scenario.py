"""Scenario files: opening hours, a policy and what happened, to try without a mailbox (docs/clocks.md)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from inbox.errors import BadSettings, BadUsage, WorldError
from inbox.hours import Hours
from inbox.model import Clock, Happening, Instant, Status
from inbox.nearest import nearest, only
from inbox.open_time import FIRST_YEAR, LAST_YEAR
from inbox.policy import Policy
from inbox.sla import clocks
from inbox.toml_lines import Path as Keys
from inbox.toml_lines import lines_of

WORDS = (
    "customer",
    "reply",
    "note",
    "automatic",
    *(status.value for status in Status),
    "promise",
    "kept",
    "follow-up",
    "done",
)
_WITH_DUE = ("promise", "follow-up")
_WHOLE = "the file"
_KEYS = re.compile(r"[\w.-]+")
_ODD_KEY = re.compile(r"there is no '([^']+)' here")
_EXAMPLE = "Write it like 2013-03-21T09:30:00Z, without quotes."


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario as read: what happened, in the order of the file, the policy with its hours, and now."""

    now: Instant
    policy: Policy
    happenings: tuple[Happening, ...]

    def clocks(self) -> tuple[Clock, ...]:
        """Its clocks."""
        return clocks(self.happenings, self.policy, self.now)


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file.

    Raises BadUsage when there is no such file, BadSettings for what it says wrongly (naming the place and the
    nearest valid word), WorldError when it may not be read.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            raise BadSettings(f"{path} is not a text file in UTF-8.", "Save it as UTF-8.") from None
        raise BadUsage(f"There is no file {path}.", "Give the path of a scenario file.") from None
    except OSError as error:
        raise WorldError(f"{path} cannot be read: {error.strerror}.", "Check its permissions.") from None
    return parse_scenario(text, str(path))


def parse_scenario(text: str, name: str) -> Scenario:
    """Read the text of a scenario file called `name`; raises BadSettings as `read_scenario` does."""
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # tomllib also stumbles over endless numbers and nesting
        step = (
            _EXAMPLE if _speaks_of_an_instant(text, str(error)) else "https://toml.io says how it is written."
        )
        raise BadSettings(f"{name} is not valid TOML: {error}.", step) from None
    try:
        only(table, ("now", "hours", "policy", "events"), _WHOLE)
        now = _instant(table.get("now"), "now")
        if "hours" not in table:
            example = 'Write hours = "always", or a table [hours] with zone and week.'
            raise BadSettings("hours are missing.", example)
        hours = Hours.from_settings(table["hours"], now=now)
        policy = Policy.from_settings(table.get("policy", {}), hours)
        events = table.get("events", [])
        if not isinstance(events, list):
            raise BadSettings("events is no list.", "Write each event under a line [[events]].")
    except BadSettings as error:
        place = f"{name}, line {_line(text, (), error.what)}"
        raise BadSettings(f"{place}: {error.what}", error.next_step) from None
    happenings = []
    for number, event in enumerate(events):
        try:
            happenings.append(_happening(event))
        except BadSettings as error:
            place = f"{name}, line {_line(text, ('events', number), error.what)}: event {number + 1}"
            raise BadSettings(f"{place}: {error.what}", error.next_step) from None
    return Scenario(now, policy, tuple(happenings))


def _speaks_of_an_instant(text: str, error: str) -> bool:
    """Whether `tomllib` stumbled over a line that should hold an instant."""
    found = re.search(r"line (\d+)", error)
    row = text.split("\n")[int(found[1]) - 1 :][:1] if found else []
    return any(re.match(r"\s*(now|at|due)\s*=", each) for each in row)


def _line(text: str, within: Keys, what: str) -> int:
    """The line on which stands what a mistake speaks of: it begins with its keys ("hours.week.mon: …"), or names the
    one that does not belong there. What is missing is told of the line that begins its table."""
    lines = lines_of(text)
    said = _KEYS.match(what)
    odd = _ODD_KEY.search(what)
    keys = [*within, *(said[0].split(".") if said else ()), *(odd.groups() if odd else ())]
    path: Keys = ()
    for key in keys:
        path = (*path, key) if (*path, key) in lines else path
    return lines[path]


def _happening(event: object) -> Happening:
    if not isinstance(event, Mapping):
        raise BadSettings(f"{event!r} is no table.", "Write each event under a line [[events]].")
    only(event, ("at", "what", "due", "anyway", "by"), "its keys")
    what = event.get("what")
    if what is None:
        raise BadSettings("what is missing.", f"Events: {', '.join(WORDS)}.")
    if what not in WORDS:
        raise BadSettings(f"what: {what!r} is no event{nearest(what, WORDS)}", f"Events: {', '.join(WORDS)}.")
    at = _instant(event.get("at"), "at")
    has_due = what in _WITH_DUE
    if "due" in event and not has_due:
        raise BadSettings(f"{what} has no due.", "Only promise and follow-up have one.")
    anyway = event.get("anyway", False)
    if not isinstance(anyway, bool):
        raise BadSettings(f"anyway: {anyway!r} is neither true nor false.", "Write anyway = true.")
    if anyway and what != "follow-up":
        raise BadSettings(f"{what} has no anyway.", "Only a follow-up has one.")
    by = event.get("by", "")
    if not isinstance(by, str):
        raise BadSettings(f"by: {by!r} is no text.", "Write a name in quotes.")
    return Happening(at, what, _instant(event.get("due"), "due") if has_due else None, anyway, by)


def _instant(value: object, place: str) -> Instant:
    """An instant of TOML in whole seconds: a part of a second is left out."""
    if value is None:
        raise BadSettings(f"{place} is missing.", _EXAMPLE)
    if not isinstance(value, datetime):
        kind = "a date without a time" if isinstance(value, date) else "no instant"
        raise BadSettings(f"{place}: {str(value)!r} is {kind}.", _EXAMPLE)
    if value.tzinfo is None:
        raise BadSettings(f"{place}: {value} does not say in which zone.", _EXAMPLE)
    if not FIRST_YEAR < value.year < LAST_YEAR:
        raise BadSettings(f"{place}: {value} is too far away.", f"Years go from {FIRST_YEAR} to {LAST_YEAR}.")
    return int(value.replace(microsecond=0).timestamp())

"""The rules of a team as types, made from checked settings ([[rule]] of settings.toml, docs/rules.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

RULES = "rules"
"""Who does what rules do."""


class On(StrEnum):
    """What sets a rule off."""

    MESSAGE_IN = "message-in"  # something came in: of a customer or of a machine
    MESSAGE_OUT = (
        "message-out"  # something of ours was accepted by a server, or was seen to be written elsewhere
    )
    NOTE = "note"
    STATUS = "status"  # the status became another one
    TAG = "tag"  # tags were added or taken away
    CUSTOMER = "customer"  # somebody said something of the customer, or joined two
    CLOCK_WARNED = "clock-warned"
    CLOCK_BREACHED = "clock-breached"
    SILENCE = "silence"  # nothing came or went for as long as `after` says
    TIME = "time"  # at a time of day


BY_EVENT = frozenset({On.MESSAGE_IN, On.MESSAGE_OUT, On.NOTE, On.STATUS, On.TAG, On.CUSTOMER})
"""What an event of the record brings about; the rest comes with time."""
ABOUT_A_MESSAGE = frozenset({On.MESSAGE_IN, On.MESSAGE_OUT, On.NOTE})
"""Where the words of a query are looked for in the one message or note, not in all of the conversation."""


class Do(StrEnum):
    """What a rule can do: the key of a table in `then`."""

    TAG = "tag"
    UNTAG = "untag"
    ASSIGN = "assign"
    POLICY = "policy"
    SNOOZE = "snooze"
    HOLD = "hold"
    FOLLOW_UP = "follow_up"
    CLOSE = "close"
    REOPEN = "reopen"
    NOTE = "note"
    NOTIFY = "notify"
    DRAFT = "draft"
    SEND = "send"
    NUDGE = "nudge"
    UPSET = "upset"
    WEBHOOK = "webhook"
    COMMAND = "command"
    STOP = "stop"


BY_LOAD, IN_TURN, BY_SKILL = "load", "round-robin", "skill"
WAYS = (BY_LOAD, IN_TURN, BY_SKILL)
"""Words that say how somebody is chosen, where a name can stand."""
ASSIGNEE, OWNERS, EVERYBODY = "assignee", "owners", "everybody"
GROUPS = (ASSIGNEE, OWNERS, EVERYBODY)
"""Words that say who is told, where a name can stand."""
FIELDS = ("first_name", "name", "subject", "shop", "id")
"""What `{…}` can stand for in a note of a rule."""
ALONE = frozenset({Do.NOTIFY, Do.WEBHOOK, Do.COMMAND, Do.STOP})
"""What can be done without a conversation."""
IN_THE_WORLD = frozenset({Do.WEBHOOK, Do.COMMAND})
"""What the worker does in the world, at most once, after the commit."""


class Action(NamedTuple):
    """One thing a rule does. `words` are what stands behind its key: tags, a name, a date as typed, a text, the words of
    a command; () for what needs none. `until`: a date as typed, for `hold`; `on`: for `nudge` and `upset`, on or off."""

    do: Do
    words: tuple[str, ...] = ()
    until: str = ""
    on: bool = True

    @property
    def chooses(self) -> bool:
        """Whether it is to find out who is assigned something."""
        return self.do is Do.ASSIGN and self.words[0] in WAYS

    @property
    def in_words(self) -> str:
        """As it stands in lists and in the record: `tag returns`, `assign load`. Of an address that is called only the
        host, of a command only the program: what follows may be a secret."""
        words = " ".join(self.words)
        if self.do is Do.WEBHOOK:
            words = urlsplit(words).hostname or ""
        elif self.do is Do.COMMAND:
            words = self.words[0]
        return step_in_words(self.do, words, self.until, self.on)


class Rule(NamedTuple):
    """One rule. `after`: seconds, for silence. `at`: seconds into the day, for time; `days`: weekdays from Monday 0, all
    when empty. `automatic`: what it sends may go without a person. `mark` changes with every word of the rule."""

    name: str
    on: On
    then: tuple[Action, ...]
    when: str = ""
    after: int = 0
    at: int = 0
    days: tuple[int, ...] = ()
    automatic: bool = False
    mark: str = ""


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def rules_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """The rules in the order of the file, from rows as `inbox.settings_checks.check` keeps them."""
    return tuple(map(_rule, rows))


def _rule(row: Mapping[str, Any]) -> Rule:
    text = json.dumps({key: value for key, value in row.items() if value is not None}, sort_keys=True)
    return Rule(
        row["name"],
        On(row["on"]),
        tuple(Action(*step_of(each, Do)) for each in row["then"]),
        row["when"] or "",
        row["after"] or 0,
        row["at"] or 0,
        tuple(sorted({_DAYS.index(day) for day in row["days"]})),
        row["automatic"],
        sha256(text.encode()).hexdigest()[:16],
    )


Doing = TypeVar("Doing", bound=StrEnum)


def step_of(row: Mapping[str, Any], known: type[Doing]) -> tuple[Doing, tuple[str, ...], str, bool]:
    """A table of `then`, of a rule or of a saved action: which of the known things it does, the words behind its key, until
    when, and whether on or off."""
    do = next(each for each in known if row.get(each) is not None)
    value = row[do]
    if isinstance(value, bool):
        return do, (), "", value
    return do, tuple([value] if isinstance(value, str) else value), row.get("until") or "", True


def step_in_words(do: str, words: str, until: str, on: bool) -> str:
    """Such a table in words: `tag refund`, `hold carrier until 2d`."""
    said = f"{do.replace('_', '-')} {words}".rstrip()
    return f"{said}{f' until {until}' if until else ''}{'' if on else ' off'}"

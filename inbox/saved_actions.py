"""Saved actions: several verbs and a text under one name and one key ([[action]] of settings.toml, docs/screen.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from inbox.rules.reading import step_in_words, step_of

ME, NOBODY = "me", "nobody"
"""Words that can stand where a teammate is named."""


class Do(StrEnum):
    """What a saved action can do: the key of a table in `then`."""

    TAG = "tag"
    UNTAG = "untag"
    ASSIGN = "assign"
    SNOOZE = "snooze"
    HOLD = "hold"
    FOLLOW_UP = "follow_up"
    CLOSE = "close"
    REOPEN = "reopen"
    NOTE = "note"
    UPSET = "upset"
    REPLY = "reply"
    SEND = "send"


TEXTS = frozenset({Do.REPLY, Do.SEND})
"""What opens the composer with a saved reply; `send` opens the send bar as well, where a person sends it."""
LEAVES = frozenset({Do.SNOOZE, Do.HOLD, Do.CLOSE})
"""What leaves a conversation without need of anybody now."""


class Step(NamedTuple):
    """One thing it does. `words` stand behind its key; `until`: a date as typed, for `hold`; `on`: for `upset`."""

    do: Do
    words: tuple[str, ...] = ()
    until: str = ""
    on: bool = True

    @property
    def in_words(self) -> str:
        """As it stands in lists: `tag refund`, `snooze 2d`."""
        return step_in_words(self.do, " ".join(self.words), self.until, self.on)


class SavedAction(NamedTuple):
    """Several verbs under one name. `key` does it at once where actions are offered; "" for none."""

    name: str
    steps: tuple[Step, ...]
    key: str = ""

    @property
    def in_words(self) -> str:
        """All it does, in its order."""
        return ", ".join(step.in_words for step in self.steps)

    @property
    def text(self) -> Step | None:
        """What it writes, if it does."""
        return next((step for step in self.steps if step.do in TEXTS), None)

    @property
    def decides(self) -> tuple[Step, ...]:
        """What it changes by itself."""
        return tuple(step for step in self.steps if step.do not in TEXTS)

    @property
    def leaves(self) -> bool:
        """Whether nobody is needed there afterwards."""
        return self.text is None and any(step.do in LEAVES for step in self.steps)


def actions_of(rows: Iterable[Mapping[str, Any]]) -> tuple[SavedAction, ...]:
    """The actions in the order of the file, from rows as `inbox.settings_checks.check` keeps them."""
    return tuple(
        SavedAction(row["name"], tuple(Step(*step_of(each, Do)) for each in row["then"]), row["key"] or "")
        for row in rows
    )

"""What rules would have done, as it is told: each rule, how often, and the newest times one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heappush, heappushpop
from typing import NamedTuple

from inbox.model import Instant
from inbox.rules.reading import Rule

KEPT = 2_000
"""Of each rule so many firings are told one by one, the newest; all of them are counted."""


class Firing(NamedTuple):
    """Once that a rule would have done something: when, in which conversation (0: at a time of day, in none), which
    conditions held, and what it would have done."""

    at: Instant
    conversation: int
    held: tuple[str, ...]
    did: tuple[str, ...]


@dataclass(slots=True)
class Told:
    """What one rule would have done. `broken`: why it would have stopped itself, "" where it would not; `loops`: how often
    rules had set each other off for too long when it was its turn."""

    rule: Rule
    fired: int = 0
    conversations: int = 0
    broken: str = ""
    loops: int = 0
    _newest: list[Firing] = field(default_factory=list)
    _last: int = -1

    def add(self, firing: Firing) -> None:
        """It fired. Conversations come one after the other."""
        self.fired += 1
        self.conversations += firing.conversation not in (0, self._last)
        self._last = firing.conversation
        if len(self._newest) < KEPT:
            heappush(self._newest, firing)
        else:
            heappushpop(self._newest, firing)

    @property
    def firings(self) -> list[Firing]:
        """The newest, newest first."""
        return sorted(self._newest, reverse=True)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of it: each rule in the order of the file, and in how many conversations something happened meanwhile."""

    since: Instant
    now: Instant
    rules: Sequence[Told]
    conversations: int

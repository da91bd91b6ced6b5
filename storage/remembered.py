"""Large conversations as they were read last: between two transactions of a process, and only while they are the same.

A conversation of ten thousand mails is not read, told and timed again for the next one. What is remembered is true as
long as the row of the conversation names the same last event of the record (`conversations.told`): whatever changes
what it is made of writes another one there, from whichever process.
"""

from __future__ import annotations

from dataclasses import dataclass

from inbox.fold import Folding
from inbox.model import Conversation, Event
from inbox.policies import Standing

LARGE = 50
"""Events from which it is worth it."""
MOST = 100_000
"""Events of all that is remembered; a thousand take about a megabyte."""


@dataclass(slots=True)
class Known:
    """A conversation as it stands: its events, their fold, what it comes to, its deadlines."""

    events: list[Event]
    folding: Folding
    folded: Conversation | None = None
    standing: Standing | None = None


class Remembered:
    """What one store remembers; used under its write lock alone."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, Known]] = {}

    def take(self, conversation: int, told: int) -> Known | None:
        """What is remembered of a conversation, if its row still says `told`. Whoever takes it may change it, and gives
        it back when that is durable."""
        remembered = self._known.pop(conversation, None)
        return remembered[1] if remembered is not None and remembered[0] == told else None

    def give(self, conversation: int, told: int, known: Known) -> None:
        """Remember a conversation whose row says `told`; what was not used for long is forgotten for it."""
        if len(known.events) < LARGE:
            return
        self._known[conversation] = (told, known)
        while sum(len(each.events) for _, each in self._known.values()) > MOST and len(self._known) > 1:
            del self._known[next(iter(self._known))]

    def drop(self, conversation: int) -> None:
        """Forget a conversation: it is to be read anew."""
        self._known.pop(conversation, None)

"""Whether the customer of a conversation is upset, told from the record: what programs saw, and what people said.

A person's word stands: what they said no to is no sign any more, only something new is. Closing ends it, as soon as the
customer writes anew; until then it comes back with a reply that did not arrive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from inbox.model import Event

IMPORT = "import"
"""Why an event says so that an import or a first sync brought."""

APART = 30 * 60
"""Seconds between two messages of a customer that are two contacts; what comes sooner belongs to the one before."""


@dataclass(slots=True)
class _Mood:
    upset: bool = False
    signs: set[str] = field(default_factory=set)
    denied: set[str] = field(default_factory=set)
    told: set[int] = field(default_factory=set)  # the events that say so
    imported: set[int] = field(
        default_factory=set
    )  # messages an import found upset: as long as nobody answered them

    def forget(self) -> None:
        """They are not upset any more."""
        self.upset = False
        self.signs.clear()
        self.imported.clear()


class Moods:
    """One mood for each conversation that became part of this one, by its number."""

    def __init__(self) -> None:
        self._at: dict[int, _Mood] = {}

    def said(self, event: Event) -> None:
        """The customer is upset, by the signs in the event; or is not, because a person says so."""
        mood = self._at.setdefault(event.conversation or 0, _Mood())
        signs = set(event.data.get("signs", ()))
        mood.told.add(event.seq)
        if not event.data["upset"]:
            mood.denied |= mood.signs | signs
            mood.forget()
            return
        mood.signs |= signs
        if event.why == IMPORT:
            mood.imported.add(event.message or 0)
        else:
            mood.upset = True

    def carried(self, event: Event) -> None:
        """Others became part of this conversation, or of a part of it: upset in one of them is upset. What was said there
        goes on to be told here, as what is said here is said of all of it."""
        into, numbers = event.conversation or 0, set(event.data["events"])
        for number in [n for n, mood in self._at.items() if n != into and mood.told & numbers]:
            came, mood = self._at.pop(number), self._at.setdefault(into, _Mood())
            mood.upset = mood.upset or came.upset
            mood.signs |= came.signs
            mood.denied |= came.denied
            mood.told |= came.told
            mood.imported |= came.imported

    def began_anew(self) -> None:
        """The customer wrote to what was closed: they are judged by what they write from now on."""
        for mood in self._at.values():
            mood.forget()

    def upset(self, unanswered: Callable[[], Iterable[int]]) -> bool:
        """Whether they are upset in any part of it; `unanswered` tells the messages nobody has answered."""
        if any(mood.upset for mood in self._at.values()):
            return True
        imported = {message for mood in self._at.values() for message in mood.imported}
        return bool(imported) and not imported.isdisjoint(unanswered())

    @property
    def signs(self) -> tuple[str, ...]:
        """The codes of all signs that are known here: raised, or said no to."""
        return tuple(sorted({sign for mood in self._at.values() for sign in mood.signs | mood.denied}))

    @property
    def denied(self) -> tuple[str, ...]:
        """Those that a person said no to."""
        return tuple(sorted({sign for mood in self._at.values() for sign in mood.denied}))

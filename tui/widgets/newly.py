"""What changed in a conversation since it was opened here: colleagues and the customer go on while somebody reads.

It counts from when the hands came, or from what they last did there themselves, whichever was later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from inbox.fold import is_seen_again
from inbox.listing import PROGRAMS
from inbox.model import Event, EventType
from inbox.text import one_line

if TYPE_CHECKING:
    from tui.widgets.letters import Opened

E = EventType

NAMED = 4
"""Changes that are named; of more the last ones."""


class Newly:
    """Remembers from where on things are new, and what of it is there."""

    def __init__(self) -> None:
        self._from: tuple[int, int] | None = None  # the conversation, and the last event that was seen
        self.words = ""
        self.messages: frozenset[int] = frozenset()  # and notes
        self.events: frozenset[int] = frozenset()  # by their numbers

    def begin(self, opened: Opened | None) -> None:
        """The hands came to it (None: they left): what is there counts as seen."""
        self._from = (opened.id, opened.row.conversation.seq) if opened is not None else None
        self._tell(())

    def look(self, opened: Opened, me: str) -> None:
        """It was read again: what is new."""
        if self._from is None or self._from[0] != opened.id:
            self.begin(opened)
            return
        since = []  # the record is in the order of its numbers: what is old need not be looked at
        for event in reversed(opened.events):
            if event.seq <= self._from[1] or (event.who == me and not event.void):
                break
            if not event.void:
                since.append(event)
        self._tell(since[::-1])

    def _tell(self, events: Sequence[Event]) -> None:
        told = list(dict.fromkeys(_words(events)))
        more = "… · " if len(told) > NAMED else ""
        self.words = more + " · ".join(told[-NAMED:])
        self.messages = frozenset(e.message for e in events if e.message is not None and e.type in _BRINGS)
        self.events = frozenset(e.seq for e in events)


_BRINGS = (E.RECEIVED, E.QUEUED, E.NOTED, E.SENT_BY_HAND, E.CALLED)


def _words(events: Sequence[Event]) -> Iterator[str]:
    for event in events:
        who, data = one_line(event.who, 40), event.data
        by_person = event.who not in PROGRAMS
        match event.type:
            case E.RECEIVED:
                side = data.get("side")
                yield (
                    "the customer wrote"
                    if side == "customer"
                    else "we wrote elsewhere"
                    if side == "us"
                    else "new mail"
                )
            case E.QUEUED:
                passed = data.get("kind") == "forward"
                yield (
                    f"{who} {'passed it on' if passed else 'answered'}"
                    if by_person
                    else "a message went by itself"
                )
            case E.SENT_BY_HAND if not is_seen_again(event):
                yield f"{who} answered by hand"
            case E.CALLED:
                yield f"{who} telephoned"
            case E.NOTED:
                yield f"{who} wrote a note"
            case E.ASSIGNED if data.get("to") == event.who:
                yield f"{who} took it"
            case E.ASSIGNED:
                yield (
                    f"{who} gave it to {one_line(data['to'], 40)}"
                    if data.get("to")
                    else f"{who} gave it back"
                )
            case E.HANDED_OVER:
                yield f"{who} handed it over to {one_line(data['to'], 40)}"
            case E.APPROVED:
                yield f"{who} said yes"
            case E.GIVEN_BACK:
                yield f"{who} gave a letter back"
            case E.UNDELIVERED:
                yield "! a reply was not delivered"
            case _ if by_person and event.type in _DONE:
                yield f"{who} {_DONE[event.type]}"


_DONE = {
    E.TAGGED: "changed its tags",
    E.SNOOZED: "snoozed it",
    E.HELD: "holds it",
    E.CLOSED: "closed it",
    E.REOPENED: "opened it again",
    E.SPAM: "called it spam",
    E.PROMISED: "promised something",
    E.KEPT: "kept the promise",
    E.FOLLOW_UP: "set a follow-up",
    E.DONE: "followed it up",
    E.MERGED: "joined another with it",
    E.PARTED: "parted it",
    E.LINKED: "linked it to an issue",
    E.GOODWILL: "gave goodwill",
    E.UPSET: "said how the customer feels",
}

"""Looking for what a person is to be alerted of, and claiming it before it is told.

Whoever looks (each screen of a person, the worker) goes by what is written down: up to which instant and which event
that way of telling has looked, and what it has told. All of it changes in one transaction before anything is told, and
only in the place of what was read: of several processes one tells. One that dies between claiming and telling has told
nothing, and nobody tells it again: that is what never twice costs. (Mail is part of the claim: it still leaves.)

The first look tells nothing. What a new policy makes late at once is not alerted of: who wrote it was shown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from inbox.alerts import (
    GIVES,
    PAUSE,
    SOON,
    Alert,
    about_deadline,
    about_event,
    about_letter,
    in_words,
    told_by_rule,
    untold,
)

if TYPE_CHECKING:
    from inbox.hours import Hours
    from inbox.listing import Row
    from inbox.loops import Traffic
    from inbox.model import Clock, Event, Instant
    from inbox.ports import Workspace

MANY_EVENTS = 5_000
"""Events that were looked through and told nothing, until that is written down."""
AHEAD = 60
"""Seconds by which a look may have been ahead of us; more was a clock that was wrong, and counts for nothing."""


class Mark(NamedTuple):
    """How far one way of telling a person has looked, in deadlines and in the record, and when it last told."""

    up_to: Instant
    seq: int
    told_at: Instant | None = None


class Letter(NamedTuple):
    """An alert that leaves by mail: to which address, under which Message-ID."""

    address: str
    message_id: str


class LetterDue(NamedTuple):
    """A letter that has not left: since when, and how often that was tried."""

    number: int
    letter: Letter
    words: str
    at: Instant
    tries: int


class AlertBook(Protocol):
    """What is written down about alerts."""

    def mark(self, who: str, way: str) -> Mark | None:
        """How far this way has looked for a person; None: never."""

    def newest(self) -> int:
        """The number of the newest event."""

    def near(self, after: Instant, until: Instant, soon: Instant, who: str) -> list[int]:
        """Conversations of this person or of nobody whose warning or deadline lies in (after, until], or whose
        deadline lies in (until, soon]."""

    def news(self, after: int, up_to: int) -> list[tuple[int, Event]]:
        """Events that can change a deadline or be told, each with where it counts now (0: nowhere); no history."""

    def told(self, who: str, way: str, names: Collection[str]) -> set[str]:
        """Those of the names that were told already."""

    def claim(
        self,
        who: str,
        way: str,
        before: Mark | None,
        after: Mark,
        names: Collection[str] = (),
        letter: tuple[Letter, str] | None = None,
    ) -> bool:
        """Write down that this is told now, with the letter and its words if there is one; False: somebody else was
        faster, and nothing is written."""

    def letters_due(self, now: Instant) -> list[LetterDue]:
        """Letters that have not left, oldest first."""

    def letter_leaves(self, number: int) -> bool:
        """From here on the server may have it: it never goes again. False: somebody else has it in hand."""

    def letter_is(self, number: int, state: str, run_at: Instant) -> None:
        """What became of it: "sent", "failed", or "queued" again for `run_at`: the server surely has not got it."""

    def traffic(self, address: str, now: Instant) -> Traffic:
        """What went automatically to an address, folded, and came from it lately, these letters included."""


@dataclass(slots=True)
class Looking:
    """One process that looks for one person and one way of telling. `letter`: makes one for each telling by mail;
    `approves`: the person may say yes to what trainees wrote."""

    store: Workspace
    who: str
    way: str
    outside_hours: bool = False
    letter: Callable[[], Letter] | None = None
    approves: bool = False
    _clocks: dict[tuple[int, int, Instant], tuple[Clock, ...]] = field(default_factory=dict)

    def look(self, hours: Hours, now: Instant) -> str:
        """What is to be told now, claimed, in words; "" when there is nothing, or when it is not the time."""
        book = self.store.alerts
        mark = book.mark(self.who, self.way)
        if mark is None or mark.up_to > now + AHEAD:
            book.claim(self.who, self.way, mark, Mark(now, book.newest()))
            return ""
        if not (self.outside_hours or hours.is_open(now)):
            return ""
        if mark.told_at is not None and now - mark.told_at < PAUSE:
            return ""
        newest = book.newest()
        found = self._found(book, mark, newest, now)
        alerts = untold(found, book.told(self.who, self.way, [name for each in found for name in each.names]))
        if not alerts:
            if newest - mark.seq > MANY_EVENTS:
                book.claim(self.who, self.way, mark, mark._replace(seq=newest))
            return ""
        words = in_words(alerts)
        names = [name for alert in alerts for name in alert.names]
        letter = (self.letter(), words) if self.letter is not None else None
        claimed = book.claim(self.who, self.way, mark, Mark(now, newest, now), names, letter)
        return words if claimed else ""

    def _found(self, book: AlertBook, mark: Mark, newest: int, now: Instant) -> list[Alert]:
        """All there is to tell, told or not."""
        events = book.news(mark.seq, newest)
        near = book.near(mark.up_to, now, now + SOON, self.who)
        theirs_to_see = self.store.may_see(self.who, {0, *near, *(number for number, _ in events)})
        events = [each for each in events if each[0] in theirs_to_see]
        near = [number for number in near if number in theirs_to_see]
        rows = self.store.rows(sorted({*near, *(conversation for conversation, _ in events)}))
        names = {row.conversation.id: _customer(row) for row in rows}
        theirs = {row.conversation.id: row for row in rows if row.conversation.assignee in (None, self.who)}
        known, self._clocks = self._clocks, {}
        found: list[Alert | None] = []
        for number, row in theirs.items():
            if row.due_at is None or min(row.due_at - SOON, row.warn_at or row.due_at) > now:
                continue
            key = number, row.conversation.seq, row.due_at
            clocks = self._clocks[key] = known.get(key) or self.store.clocks(number, now)
            mine = row.conversation.assignee == self.who
            found.append(about_deadline(number, _customer(row), mine, clocks, row.due_at, now))
        since = {number: event.seq for number, event in events if event.type in GIVES}
        asked = {row.conversation.id: row.conversation.approvals for row in rows}
        found += [
            about_letter(event, number, names.get(number, ""), asked.get(number, 0), self.who, self.approves)
            for number, event in events
        ]
        found += [told_by_rule(event, number, names.get(number, ""), self.who) for number, event in events]
        for number, event in events:
            if number not in theirs or event.seq < since.get(number, 0):
                continue
            here, name = theirs[number].conversation, _customer(theirs[number])
            if here.assignee == self.who:  # and was so when it happened, or was given to them by it
                found.append(about_event(event, number, name, here.status, here.unread, self.who))
        return [alert for alert in found if alert is not None]


def _customer(row: Row) -> str:
    """Who it is about: the customer's name, else an address or a handle, else the subject."""
    return next(
        filter(None, (row.customer_name, *row.customer_addresses, *row.customer_handles, row.subject)), ""
    )

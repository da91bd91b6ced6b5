"""What was written into a day's file, done: each thing once, and only where nothing has come in between that its writer
would have wanted to see.

That something was done is in the record, on the event itself (`DONE_BY`), so that it counts as done for as long as it
stands: what is undone can be applied again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from inbox.aims import read_promise
from inbox.hours import Hours
from inbox.listing import Instant
from inbox.model import Event, EventType, Refusal, Who
from inbox.pledges import Promised
from inbox.ports import Decide, Decision, Scope, State
from inbox.settings import Buffer
from inbox.text import one_line
from inbox.typed_dates import read_date

DONE_BY = "day"
"""Under this name an event says by which line of which file it was done."""

RESTS = frozenset({"close", "no-answer", "snooze", "hold", "spam", "done", "keep", "promise", "act"})
"""What rests on what was seen: it is not done where the customer has written since, nor where the answer did not go."""

PLEDGES = frozenset({"promise", "keep"})
"""What the customer learns by the answer alone: not done either while that waits for a yes."""

E = EventType


class Again(Refusal):
    """It was done before."""


class Overtaken(Refusal):
    """Something has come in between."""


class NotSent(Refusal):
    """It rests on an answer that did not go."""


NOT_SENT = NotSent("The answer above it did not go.", "Apply it once that is answered.")


class Key(NamedTuple):
    """What makes something written in a file the same thing when the file is applied again: the file, the conversation, the
    place, and a digest of the words whatever their blank space."""

    file: str
    conversation: int
    place: str
    digest: str

    @property
    def mark(self) -> str:
        """How the record says it."""
        return f"{self.file} {self.conversation} {self.place} {self.digest}"


def key(file: str, conversation: int, place: str, words: str, nth: int = 0) -> Key:
    """The key of `words` at a place; `nth` tells the very same words there apart."""
    told = f"{' '.join(words.split())}\0{nth}"
    return Key(file, conversation, place, hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16])


# ---------------------------------------------------------------------- under the lock


def once(
    done: Key,
    scope: Scope,
    decide: Decide,
    conversation: int,
    *,
    seen: int,
    kind: str,
    answer: Callable[[], Refusal | None] = lambda: None,
) -> tuple[Scope, Decide]:
    """A decision that is made once, and not where it was overtaken since the event `seen`. `kind` is "answer", "note" or a
    verb; `answer`: why what rests on the answer it came with cannot be done."""

    def decided(state: State, who: Who, now: Instant) -> Decision:
        events = state.events.get(conversation, ())
        before = done_before(events, done)
        if before is not None:
            return before
        if kind == "answer" or kind in RESTS:
            newer = overtaken(events, seen, who.name, answers=kind == "answer")
            if newer is not None:
                return newer
        stopped = answer() if kind in RESTS else None
        if stopped is not None and (kind in PLEDGES or isinstance(stopped, NotSent)):
            return stopped
        facts = decide(state, who, now)
        if isinstance(facts, Refusal) or not facts:
            return facts
        first = facts[0]
        told = replace(first.event, data={**first.event.data, DONE_BY: done.mark})
        return [first._replace(event=told), *facts[1:]]

    here = tuple(dict.fromkeys((*scope.events, conversation)))
    return scope._replace(events=here), decided


def done_before(events: Sequence[Event], done: Key) -> Again | None:
    """That it was done before, where the record says so and nobody has undone it."""
    if any(not event.void and event.data.get(DONE_BY) == done.mark for event in events):
        return Again("It was done before.")
    return None


def changed_since(events: Sequence[Event], done: Key) -> Event | None:
    """What else was done from the place of an answer or a note when the file was applied before; None where nothing was, or
    the very same."""
    begins = f"{done.file} {done.conversation} {done.place} "
    stands = [
        event for event in events if not event.void and str(event.data.get(DONE_BY, "")).startswith(begins)
    ]
    return stands[-1] if stands and all(event.data[DONE_BY] != done.mark for event in stands) else None


def overtaken(events: Sequence[Event], seen: int, me: str, *, answers: bool) -> Overtaken | None:
    """What has come in after the event `seen` that the writer of an answer (`answers`), or who closes and puts off, would
    have wanted to see; None where there is nothing."""
    for event in events:
        if event.seq <= seen or event.void:
            continue
        words = _in_between(event, me, answers=answers)
        if words is not None:
            return Overtaken(words)
    return None


def _in_between(event: Event, me: str, *, answers: bool) -> str | None:
    by = "You have" if event.who == me else f"{one_line(event.who, 60)} has"
    match event.type:
        case E.RECEIVED if event.data.get("side") == "customer":
            return "The customer has written since."
        case E.RECEIVED if event.data.get("side") == "us" and not event.data.get("history"):
            return "It was answered from elsewhere since."
        case E.COMPLETED | E.CHAT_TAKEN:
            return "More of what the customer wrote has come since."
        case E.MERGED | E.PARTED:
            return f"{by} joined it with another, or parted it, since."
        case E.QUEUED if event.data.get("kind") != "forward" and (answers or event.who != me):
            return f"{by} answered since."
        case E.SENT_BY_HAND if answers or event.who != me:
            return f"{by} answered by hand since."
        case E.CALLED if answers or event.who != me:
            return f"{by} telephoned with the customer since."
        case E.CLOSED | E.SPAM if event.who != me:
            return f"{by} {'closed it' if event.type is E.CLOSED else 'called it spam'} since."
    return None


# ---------------------------------------------------------------------- times


@dataclass(frozen=True, slots=True)
class Times:
    """By what a time in the file is read: now, when the file was written, and what the settings say."""

    now: Instant
    written: Instant
    zone: ZoneInfo
    hours: Hours
    buffer: Buffer

    def instant(self, text: str) -> Instant | Refusal:
        """The instant that `text` names, counted from now; refused where counted from the day on which the file was written
        it is on another day."""
        found, later, meant = (
            read_date(text, at, self.zone, self.hours) for at in (self.now, self.now + 1, self.written)
        )
        if isinstance(found, Refusal) or isinstance(meant, Refusal) or later == found + 1:
            return found  # "3h" counts by the clock, whatever the day
        return self._another_day(text, meant, found) or found

    def promise(self, text: str) -> Promised | Refusal:
        """The same of a promise, "thu" or "thu, aim wed"."""
        found, later, meant = (
            read_promise(text, at, self.zone, self.hours, self.buffer)
            for at in (self.now, self.now + 1, self.written)
        )
        if isinstance(found, Refusal) or isinstance(meant, Refusal):
            return found
        if isinstance(later, Promised) and later.until == found.until + 1:
            return found
        return self._another_day(text, meant.until, found.until) or found

    def _another_day(self, text: str, meant: Instant, found: Instant) -> Refusal | None:
        there, here, then, today = (
            datetime.fromtimestamp(each, self.zone).date() for each in (meant, found, self.written, self.now)
        )
        if then == today or there == here:
            return None
        names = [f"{day:%a} {day.day} {day:%b}" for day in (there, here)]
        return Refusal(
            f"“{one_line(text, 40)}” is {names[0]} from the day of the file, and {names[1]} from today.",
            f"Write the date: {there.isoformat()} or {here.isoformat()}.",
        )

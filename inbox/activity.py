"""The activity of a day: who answered, closed, wrote notes, took and gave on how much, and when they began and ended.

A pure function of the record. What was closed and given is told by the same facts as the report (`inbox.reports`), so
that both say the same of a day; an answer counts on the day on which it was written, where the report counts a wait on
the day on which it began.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from inbox.figures import midnight
from inbox.fold import answers_at_once, writer_of
from inbox.listing import PROGRAMS, Instant
from inbox.model import Event, EventType
from inbox.reports import Reporter, Story, What

if TYPE_CHECKING:
    from inbox.ports import Reader

E = EventType

FIGURES = ("answered", "closed", "notes", "taken", "handed_over", "assigned", "goodwill", "approved")
"""What is counted, in the order in which it is shown; the names are stable."""

_FACTS = {What.CLOSED: "closed", What.GIVEN: "goodwill"}


class Day(NamedTuple):
    """One day: its date, from its first instant up to the first of the next one."""

    date: date
    start: Instant
    end: Instant


class Acts(NamedTuple):
    """What one person did on a day. `of`: for each of FIGURES the conversation of each act, in the order of time;
    `first` and `last`: when they did anything at all, None where that was nothing."""

    who: str
    of: Mapping[str, tuple[int, ...]]
    first: Instant | None = None
    last: Instant | None = None

    def count(self, figure: str) -> int:
        """How often they did it."""
        return len(self.of.get(figure, ()))


def day_of(now: Instant, zone: tzinfo, back: int = 0) -> Day:
    """The day in which an instant lies, or so many before."""
    on = datetime.fromtimestamp(now, zone).date() - timedelta(days=back)
    return Day(on, midnight(on, zone), midnight(on + timedelta(days=1), zone))


def gather(store: Reader, day: Day, now: Instant, team: Sequence[str] = ()) -> list[Acts]:
    """Who did what on a day; everybody of the team is named, the others where they did anything."""
    with closing(store.stories_among(store.worked_on(day.start, day.end))) as stories:
        return activity(stories, Reporter(store.book, now), day, team)


def activity(stories: Iterable[Story], reporter: Reporter, day: Day, team: Sequence[str] = ()) -> list[Acts]:
    """The same from the conversations in which somebody did something on that day. Teammates stand in the order of the
    team, others behind them by name."""
    found: dict[str, list[tuple[Instant, int, str, int]]] = {name: [] for name in team}
    for story in stories:
        for at, seq, who, figure in _acts(story, reporter):
            if day.start <= at < day.end and who and who not in PROGRAMS:
                found.setdefault(who, []).append((at, seq, figure, story.id))
    others = sorted(found.keys() - set(team))
    return [_counted(who, sorted(found[who])) for who in (*team, *others)]


def _counted(who: str, acts: Sequence[tuple[Instant, int, str, int]]) -> Acts:
    of: dict[str, list[int]] = {figure: [] for figure in FIGURES}
    for _, _, figure, conversation in acts:
        if figure:
            of[figure].append(conversation)
    times = [at for at, *_ in acts]
    told = {figure: tuple(conversations) for figure, conversations in of.items()}
    return Acts(who, told, min(times, default=None), max(times, default=None))


def _acts(story: Story, reporter: Reporter) -> Iterator[tuple[Instant, int, str, str]]:
    """When, in which order, who, and what: "" is anything that is not counted."""
    standing = [event for event in story.events if not event.void]
    for event in standing:
        if event.type in (E.UNDONE, E.REDONE, E.SENT):
            continue
        yield event.at, event.seq, event.who, _figure(event, standing)
        if "replaces" in event.data:  # the answer is still that of who wrote it, and when they did
            written = next((each.at for each in story.events if each.seq == event.data["replaces"]), event.at)
            yield written, event.seq, writer_of(event), "answered"
    for fact in reporter.facts(story):
        if fact.what in _FACTS and fact.who not in PROGRAMS:
            yield fact.at, 0, fact.who, _FACTS[fact.what]


def _figure(event: Event, events: Sequence[Event]) -> str:
    data = event.data
    match event.type:
        case E.APPROVED:
            return "approved"
        case E.QUEUED if "replaces" in data:
            return "approved"
        case E.QUEUED:
            return "answered" if _answers(event, events) else ""
        case E.SENT_BY_HAND | E.CALLED if answers_at_once(event):
            return "answered"
        case E.NOTED:
            return "notes"
        case E.ASSIGNED if data.get("to") == event.who:
            return "taken"
        case E.ASSIGNED if data.get("to"):
            return "assigned"
        case E.HANDED_OVER:
            return "handed_over"
        case _:
            return ""


def _answers(queued: Event, events: Sequence[Event]) -> bool:
    """Whether what was queued is a message of a person to a customer that leaves, or has left."""
    data = queued.data
    if "automatic" in data or "telling" in data or data.get("kind") == "forward":
        return False
    later = {event.type for event in events if event.message == queued.message and event.seq > queued.seq}
    if E.DROPPED in later and E.SENT not in later:
        return False
    return data.get("held") != "approval" or E.RELEASED in later or E.APPROVED in later

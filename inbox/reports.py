"""What customers felt, as facts: who waited how long for an answer, what was promised, reopened and closed.

A pure function of a conversation's events, the book of policies and now; `inbox.figures` counts the facts. What each
figure means stands in docs/report.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import IntEnum
from typing import NamedTuple

from inbox.fold import answers_at_once, writer_of
from inbox.happenings import happenings
from inbox.listing import PROGRAMS
from inbox.model import Clock, ClockKind, Event, EventType, Happening, Instant, Status
from inbox.money import Sum, sum_of
from inbox.policies import Book
from inbox.policy import Policy
from inbox.promise_story import Became, became
from inbox.sla import Changes, clocks, policy_for, status_after

E = EventType

ELSEWHERE = "elsewhere"
"""Who answered where nobody of the team is known to have: in another mail program, or before the import."""

IMPORT = "import"
"""The cause of a closing that an import made of history: no work of ours, so it counts nowhere."""

_USUAL = 8 * 3600
_REPLY_KINDS = (ClockKind.FIRST_REPLY, ClockKind.NEXT_REPLY)


class What(IntEnum):
    """What a fact says. A wait is answered, still open (waiting), or was closed without an answer (left)."""

    OPENED = 0
    FIRST_ANSWERED = 1
    FIRST_WAITING = 2
    FIRST_LEFT = 3
    NEXT_ANSWERED = 4
    NEXT_WAITING = 5
    NEXT_LEFT = 6
    REOPENED = 7
    KEPT = 8
    BROKEN = 9
    MOVED = 10
    CLOSED = 11
    GIVEN = 12
    ASKED = 13
    SCORED = 14


ANSWERED = frozenset({What.FIRST_ANSWERED, What.NEXT_ANSWERED})
WAITING = frozenset({What.FIRST_WAITING, What.NEXT_WAITING})


class Gift(NamedTuple):
    """Something that was given to a customer: what, how much (exact; None: it has no sum), and why."""

    kind: str
    sum: Sum | None
    reason: str


class Fact(NamedTuple):
    """One thing that happened, and when it began: the instant by which it belongs to a span.

    `who`: the teammate it is counted for ("" nobody yet). `seconds`: of a wait, the open time used. `late`: a wait
    that ran past its deadline. `outcome` and `cause`: of a closing, what came of it and whose doing it was. `score`: how it
    was from 1 to 5, of an answer, which belongs to when it was asked for. `gift`: what was given.
    """

    what: What
    at: Instant
    who: str = ""
    seconds: int = 0
    late: bool = False
    cause: str = ""
    outcome: str = ""
    score: int = 0
    gift: Gift | None = None


class Story(NamedTuple):
    """A conversation as a report needs it: what it is now, and its events in the order of the record."""

    id: int
    status: Status
    customer: int | None
    customer_name: str
    channel: str
    tags: tuple[str, ...]
    closed_why: str | None  # the outcome, while it is closed
    events: Sequence[Event]
    vip: bool = False  # whether its customer is one, whatever its tags
    cause: str | None = None  # whose doing it was, likewise


class Reporter:
    """Tells the facts of conversations, all as of one instant."""

    def __init__(self, book: Book, now: Instant) -> None:
        self._book = book
        self._now = now
        self._measures: dict[int, tuple[Policy, Policy]] = {}

    def facts(self, story: Story) -> list[Fact]:
        """The facts of one conversation, whenever they were. Of spam there are none."""
        if story.status is Status.SPAM:
            return []
        told = [each for each in happenings(story.events) if each.at <= self._now]
        said = _Said(story.events)
        policies = self._book.timeline(story.events)
        waits: list[Fact] = []
        promises: list[Fact] = []
        is_over = _status(told) in (Status.CLOSED, Status.SPAM)
        for clock in clocks(told, [(at, self._measure(policy)) for at, policy in policies], self._now):
            if clock.kind in _REPLY_KINDS:
                waits.append(self._wait(clock, policies, said, is_over))
            elif clock.kind is ClockKind.PROMISE and (what := _BECAME.get(became(clock))) is not None:
                promises.append(Fact(what, clock.started, said.promised.get(clock.started, "")))
        return [
            *_opened(told, waits, said),
            *waits,
            *_turns(told, said),
            *promises,
            *(_seldom(story.events) if said.seldom else ()),
        ]

    def _wait(self, clock: Clock, policies: Changes, said: _Said, is_over: bool) -> Fact:
        first = clock.kind is ClockKind.FIRST_REPLY
        late = clock.breached_at is not None and self._is_named(clock, policies)
        seconds = clock.taken or 0
        if clock.met is not None:
            what = What.FIRST_ANSWERED if first else What.NEXT_ANSWERED
            return Fact(what, clock.started, said.author(clock.met), seconds, late)
        if is_over:
            return Fact(What.FIRST_LEFT if first else What.NEXT_LEFT, clock.started, "", seconds, late)
        return Fact(What.FIRST_WAITING if first else What.NEXT_WAITING, clock.started, "", seconds, late)

    def _is_named(self, clock: Clock, policies: Changes) -> bool:
        """Whether the policy of the clock has such a clock: a wait is measured under any, but late only there."""
        policy = policy_for(clock, policies, self._now)
        target = policy.first_reply if clock.kind is ClockKind.FIRST_REPLY else policy.next_reply
        return target is not None

    def _measure(self, policy: Policy) -> Policy:
        """The policy with a target for both replies, so that waits are measured whether or not it names one."""
        known = self._measures.get(id(policy))
        if known is None:
            measure = replace(
                policy,
                first_reply=policy.first_reply or _USUAL,
                next_reply=policy.next_reply or _USUAL,
                resolve=None,
                update=None,
            )
            known = self._measures[id(policy)] = (policy, measure)
        return known[1]


class _Said:
    """Of the events, what happenings and clocks do not tell: who wrote an answer, who promised, who closed and why."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.promised: dict[Instant, str] = {}
        self.closed: dict[Instant, tuple[str, str, str]] = {}  # at -> outcome, who, cause
        self.seldom = False  # whether something was given, or asked how it was
        self._last: tuple[Instant, Instant] | None = None  # of the closing that stood last: at, recorded
        self._authors: dict[Instant, str] = {}
        queued: dict[int | None, Event] = {}
        for event in events:
            if event.void:
                continue
            match event.type:
                case E.QUEUED:
                    queued[event.message] = event
                    self._closing(event, event)
                case E.SENT_BY_HAND | E.CALLED if answers_at_once(event):
                    self._closing(event, event)
                    self._authors.setdefault(event.at, event.who)
                case E.RELEASED | E.APPROVED if event.message in queued:
                    self._closing(queued[event.message], event)
                case E.SENT if event.message in queued:
                    self._authors.setdefault(event.at, writer_of(queued[event.message]))
                case E.CLOSED:
                    self._closes(
                        event, event.data.get("why", "resolved"), event.who, event.data.get("cause", "")
                    )
                case E.OUTCOME if self._last is not None:
                    self._came_out(event)
                case E.MERGED | E.PARTED if event.data.get("status") == Status.CLOSED:
                    cause = event.data.get("cause") or ""
                    self._closes(event, event.data.get("closed_why") or "resolved", event.who, cause)
                case E.GOODWILL | E.FEEDBACK:
                    self.seldom = True
                case E.PROMISED:
                    self.promised[event.at] = event.who

    def author(self, at: Instant) -> str:
        """Whose answer went at an instant."""
        return self._authors.get(at, ELSEWHERE)

    def closing(self, happening: Happening) -> tuple[str, str, str]:
        """What came of it when it was closed, who did that, and whose doing it was."""
        return self.closed.get(happening.at, ("resolved", happening.by, ""))

    def _closing(self, queued: Event, event: Event) -> None:
        if queued.data.get("then") == Status.CLOSED:
            self._closes(event, queued.data.get("closed_why", "resolved"), writer_of(queued))

    def _closes(self, event: Event, why: str, who: str, cause: str = "") -> None:
        self.closed[event.at] = (why, who, cause)
        self.closed.setdefault(event.recorded, (why, who, cause))  # what was on its way counts from then
        self._last = (event.at, event.recorded)

    def _came_out(self, event: Event) -> None:
        """It was said afterwards what came of it: that holds for the closing before."""
        for at in self._last or ():
            _, who, _ = self.closed[at]
            self.closed[at] = (event.data["outcome"], who, event.data.get("cause", ""))


def _status(told: Sequence[Happening]) -> str:
    status: str = Status.OPEN.value
    for each in told:
        status = status_after(status, each.what)
    return status


def _opened(told: Sequence[Happening], waits: Sequence[Fact], said: _Said) -> Iterator[Fact]:
    """It began: with a customer, for who answered first; or with us, for who wrote."""
    began = next((each for each in told if each.what in ("customer", "reply")), None)
    if began is not None:
        answered = min((wait for wait in waits), key=lambda wait: wait.at, default=None)
        who = said.author(began.at) if began.what == "reply" else answered.who if answered else ""
        yield Fact(What.OPENED, began.at, who)


def _turns(told: Sequence[Happening], said: _Said) -> Iterator[Fact]:
    """It was closed, for who closed it; and opened again, for who had closed it."""
    status: str = Status.OPEN.value
    closer, counts = "", False
    for each in told:
        before, status = status, status_after(status, each.what)
        if status == before:
            continue
        if status == Status.CLOSED:
            outcome, closer, cause = said.closing(each)
            counts = outcome != IMPORT
            if counts:
                yield Fact(What.CLOSED, each.at, closer, cause=cause, outcome=outcome)
        elif before == Status.CLOSED and status != Status.SPAM and counts:
            yield Fact(What.REOPENED, each.at, closer)


def _seldom(events: Sequence[Event]) -> Iterator[Fact]:
    """What happens in few conversations."""
    yield from _given(events)
    yield from _asked(events)


def _given(events: Sequence[Event]) -> Iterator[Fact]:
    """What was given, for who gave it."""
    for event in events:
        if event.type is E.GOODWILL and not event.void:
            data = event.data
            gift = Gift(data["kind"], sum_of(data.get("amount"), data.get("currency")), event.why)
            yield Fact(What.GIVEN, event.at, event.who, gift=gift)


def _asked(events: Sequence[Event]) -> Iterator[Fact]:
    """When it was asked how it was, and the last answer to that; for who had closed it, else for who answered last."""
    who, at, by, score = "", None, "", 0
    for event in events:
        if event.void:
            continue
        if event.type is E.FEEDBACK and event.data.get("asked"):
            if at is not None and score:
                yield Fact(What.SCORED, at, by, score=score)
            at, by, score = event.at, who, 0
            yield Fact(What.ASKED, at, by)
        elif event.type is E.FEEDBACK:
            score = event.data.get("score", 0)
        elif event.type in (E.CLOSED, E.QUEUED, E.SENT_BY_HAND, E.CALLED) and event.who not in PROGRAMS:
            who = event.who
    if at is not None and score:
        yield Fact(What.SCORED, at, by, score=score)


_BECAME = {
    Became.KEPT: What.KEPT,
    Became.LATE: What.BROKEN,
    Became.BROKEN: What.BROKEN,
    Became.MOVED: What.MOVED,
}
"""What became of a promise; one that is open says nothing yet."""

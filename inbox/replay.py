"""History under hours and policies as if they had always held: who would have been late, beside who really was.

A pure function of the recorded events, the book of what really held, the hours and policies to try, and now. Each
conversation gets the policy that matched it then, as its status, tags and promises changed; whether a customer is a VIP
is taken as it is today.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from inbox.fold import Folding
from inbox.happenings import happenings
from inbox.hours import ALWAYS
from inbox.model import Clock, ClockKind, ClockState, Event, EventType, Instant, Status
from inbox.policies import Book
from inbox.policy import Policy, default_policies
from inbox.sla import Changes, clocks, next_due, policy_for

if TYPE_CHECKING:
    from inbox.model import Who
    from inbox.ports import Reader

LATE = frozenset({ClockState.MISSED, ClockState.BREACHED})
_DONE_WITH = (Status.CLOSED, Status.SPAM)
_by_batch = attrgetter("batch")

Counts = dict[tuple[ClockKind, str], Counter[ClockState]]
"""Clocks by kind and name of the policy, and how they ended or stand."""


class Late(NamedTuple):
    """A clock that would have been late: its deadline, when it was met (None: it is not), and by how much, in seconds of
    its policy's open time. `really`: whether it was late as things were."""

    conversation: int
    kind: ClockKind
    policy: str
    deadline: Instant
    met: Instant | None
    seconds: int
    really: bool


@dataclass
class Replay:
    """What came of the clocks that started in a span, as it really was and as it would have been."""

    since: Instant
    now: Instant
    conversations: int = 0
    other_deadline: int = 0
    """Conversations that would have another next deadline now."""
    before: Counts = field(default_factory=dict)
    after: Counts = field(default_factory=dict)
    late: list[Late] = field(default_factory=list)
    had: set[str] = field(default_factory=set)
    """The names of the policies that any conversation would have had."""
    no_longer: int = 0
    """Clocks that were late and would not have been."""

    @property
    def newly(self) -> int:
        """Clocks that would have been late and were not."""
        return sum(not each.really for each in self.late)

    def add(self, conversation: int, events: Sequence[Event], vip: bool, book: Book, tried: Book) -> None:
        """Take a conversation in, with all its events. `vip`: whether its customer is one, whatever its tags."""
        told = happenings(events)
        real = book.timeline(events)
        instead = timeline_under(tried, conversation, events, vip)
        was = clocks(told, real, self.now)
        would = was if instead == real else clocks(told, instead, self.now)
        late = {(c.kind, c.started) for c in was if c.state in LATE}
        self.had.update(policy.name for _, policy in instead)
        self.other_deadline += next_due(was) != next_due(would)
        found = [each for each in would if each.started >= self.since]
        if not found and not any(each.started >= self.since for each in was):
            return
        self.conversations += 1
        _count(self.before, was, real, self.since, self.now)
        _count(self.after, would, instead, self.since, self.now)
        for clock in found:
            if clock.state in LATE:
                policy = policy_for(clock, instead, self.now)
                self.late.append(_late(conversation, clock, policy, late, self.now))
        still = {(c.kind, c.started) for c in found if c.state in LATE}
        self.no_longer += sum(key not in still and key[1] >= self.since for key in late)

    def ordered(self) -> list[Late]:
        """Who would have been late, the worst first."""
        return sorted(
            self.late, key=lambda each: (-each.seconds, each.deadline, each.conversation, each.kind.value)
        )


def unmatched(found: Replay, tried: Book) -> list[Policy]:
    """The policies somebody wrote that no conversation would have had, in the order in which they are asked."""
    built_in = {policy.when for policy in default_policies(ALWAYS)}
    return [p for p in tried.current.policies if p.when not in built_in and p.name not in found.had]


def timeline_under(book: Book, conversation: int, events: Sequence[Event], vip: bool) -> Changes:
    """The policies a conversation would have had under the newest version of a book, from its first event on."""
    version = book.current
    found: list[tuple[Instant, Policy]] = [(0, version.common)]
    if all(policy.when is None for policy in version.policies[: version.policies.index(version.common) + 1]):
        return found
    folding = Folding(conversation)
    for _, group in groupby((e for e in events if e.type is not EventType.POLICY), key=_by_batch):
        batch = list(group)
        for event in batch:
            folding.apply(event)
        state = folding.result()
        if state.status in _DONE_WITH or all(event.void for event in batch):
            continue
        policy = version.chosen(state, vip or "vip" in state.tags, batch[-1].at)
        if policy is not found[-1][1] and policy != found[-1][1]:
            found.append((batch[-1].at, policy))
    return found


def _late(
    conversation: int,
    clock: Clock,
    policy: Policy,
    really: set[tuple[ClockKind, Instant]],
    now: Instant,
) -> Late:
    deadline = clock.breached_at or clock.due or 0
    seconds = policy.hours.between(deadline, now if clock.met is None else clock.met)
    return Late(
        conversation,
        clock.kind,
        policy.name,
        deadline,
        clock.met,
        seconds,
        (clock.kind, clock.started) in really,
    )


def _count(counts: Counts, found: Sequence[Clock], policies: Changes, since: Instant, now: Instant) -> None:
    for clock in found:
        if clock.started >= since:
            name = policy_for(clock, policies, now).name
            counts.setdefault((clock.kind, name), Counter())[clock.state] += 1


def replay(
    store: Reader,
    tried: Book,
    since: Instant,
    now: Instant,
    who: Who,
    goes_on: Callable[[int, int], bool] = lambda _done, _of: True,
) -> Replay | None:
    """Go through the record once. After each slice `goes_on` hears how many conversations are done of how many; None when
    it says no."""
    found, done = Replay(since, now), 0
    book = store.book
    with closing(store.stories(since, None, who, now)) as slices:
        for total, stories in slices:
            for story in stories:
                if story.status is not Status.SPAM:
                    found.add(story.id, story.events, story.vip, book, tried)
            done += len(stories)
            if not goes_on(done, total):
                return None
    return found

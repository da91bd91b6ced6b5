"""Which SLA policy holds for a conversation, over time, and the deadline that follows.

A book holds every version of hours and policies that was ever applied (they are part of the record). A conversation
begins under the policy that matches all in the version of its first event; any other policy that comes to hold is
an event, so that old deadlines can be derived again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC
from functools import cached_property

from inbox.happenings import happenings
from inbox.model import Clock, ClockKind, ClockState, Conversation, Event, EventType, Instant, Status
from inbox.policy import Policy
from inbox.queries import Facts, Node, matches, parse
from inbox.settings import Settings
from inbox.sla import clocks


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What lists need of the clocks: the next deadline, when it begins to warn, and under which policy. `wakes_at`: when
    a promise or a follow-up brings a conversation back that is out of the way."""

    policy: str
    due_at: Instant | None = None
    warn_at: Instant | None = None
    wakes_at: Instant | None = None


@dataclass(frozen=True)
class Version:
    """Hours and policies as they were applied at `at`; `text` is the settings' canonical form."""

    number: int
    at: Instant
    text: str = field(repr=False)

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """The policies of this version, in the order in which they are asked."""
        return Settings.from_canonical(self.text).policies

    @cached_property
    def common(self) -> Policy:
        """The first policy that matches every conversation (the last one where none does)."""
        return next((policy for policy in self.policies if policy.when is None), self.policies[-1])

    def named(self, name: str) -> Policy:
        """The policy of this name; the common one when there is none any more."""
        return next((policy for policy in self.policies if policy.name == name), self.common)

    @cached_property
    def _questions(self) -> tuple[tuple[Policy, Node | None], ...]:
        """Each policy with the query that says when it holds, read once."""
        return tuple((p, None if p.when is None else parse(p.when, self.at, UTC)) for p in self.policies)

    def chosen(self, conversation: Conversation, vip: bool, now: Instant) -> Policy:
        """The first policy whose `when` matches."""
        facts = Facts(conversation=conversation, vip=vip)
        for policy, node in self._questions:
            if node is None or matches(node, facts, now=now, me=""):
                return policy
        return self.common


class Book:
    """Every version of hours and policies, oldest first."""

    def __init__(self, versions: Sequence[Version]) -> None:
        self._versions = {version.number: version for version in versions}
        self._order = sorted(self._versions.values(), key=lambda version: version.number)

    @property
    def current(self) -> Version:
        """The version in force."""
        return self._order[-1]

    def timeline(self, events: Sequence[Event]) -> list[tuple[Instant, Policy]]:
        """The policies of a conversation with these events: from when on, and which."""
        begun = events[0].recorded if events else 0
        first = next((v for v in reversed(self._order) if v.at <= begun), self._order[0])
        found: list[tuple[Instant, Policy]] = [(0, first.common)]
        for event in events:
            if event.type is EventType.POLICY and not event.void:
                version = self._versions[event.data["version"]]
                found.append((event.at, version.named(event.data["policy"])))
        return found

    def change(
        self, conversation: Conversation, vip: bool, events: Sequence[Event], now: Instant
    ) -> Event | None:
        """The event by which another policy comes to hold for a conversation; None when the same one does.

        Closed conversations and spam have no running clock: they meet a new policy when they open again.
        """
        if conversation.status in (Status.CLOSED, Status.SPAM):
            return None
        now_in_force = self.timeline(events)[-1][1]
        chosen = self.current.chosen(conversation, vip, now)
        if chosen == now_in_force:
            return None
        return Event(
            EventType.POLICY,
            now,
            "clock",
            conversation.id,
            data={"version": self.current.number, "policy": chosen.name},
            recorded=now,
        )


def deadlines(conversation: Conversation, events: Sequence[Event], book: Book, now: Instant) -> Deadlines:
    """The next deadline of a conversation, from its events: no clock that was put back makes one of them uncounted."""
    now = max(now, *(max(event.at, event.recorded) for event in events)) if events else now
    timeline = book.timeline(events)
    policy = timeline[-1][1].name
    pledged = conversation.promised_until is not None or conversation.follow_up_at is not None
    if (conversation.status in (Status.CLOSED, Status.SPAM) or conversation.notice) and not pledged:
        return Deadlines(policy)
    running = [
        clock
        for clock in clocks(happenings(events), timeline, now)
        if clock.state in (ClockState.RUNNING, ClockState.BREACHED) and clock.due is not None
    ]
    if not running or conversation.status is Status.SPAM:
        return Deadlines(policy)
    next_one = min(running, key=lambda clock: clock.due or 0)
    wakes_at = _wakes_at(conversation, running) if pledged else None
    return Deadlines(policy, next_one.due, next_one.warn_at, wakes_at)


def _wakes_at(conversation: Conversation, running: Sequence[Clock]) -> Instant | None:
    """When a conversation that is out of the way comes back: as a promise begins to warn, and when a promise or a
    follow-up falls due. What was put out of the way since stays there."""
    if conversation.status is Status.OPEN:
        return None
    wakes = [clock.due for clock in running if clock.kind in (ClockKind.PROMISE, ClockKind.FOLLOW_UP)]
    wakes += [clock.warn_at for clock in running if clock.kind is ClockKind.PROMISE]
    return min((at for at in wakes if at is not None and at > conversation.turned_at), default=None)

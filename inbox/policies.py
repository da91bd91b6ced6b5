"""Which SLA policy holds for a conversation, over time, and the deadline that follows.

A book holds every version of hours and policies that was ever applied (they are part of the record). A conversation
begins under the policy that matches all in the version of its first event. In the next version the policy of the same name
takes the place of the one it has, else the one that matches all; any other policy that comes to hold is an event. So old
deadlines can be derived again, and new settings write nothing into each of two hundred thousand conversations.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from functools import cached_property
from typing import NamedTuple

from inbox.actions.check_in import PATIENCE
from inbox.actions.snooze import before_deadline
from inbox.happenings import happenings
from inbox.model import Clock, ClockKind, Conversation, Event, EventType, Happening, Instant, Status
from inbox.policy import Policy
from inbox.queries import Facts, Node, matches, parse
from inbox.settings import Settings
from inbox.sla import running


class Deadlines(NamedTuple):
    """What lists need of the clocks: the next deadline, when it begins to warn, and under which policy. `wakes_at`: when
    a promise or a follow-up brings a conversation back that is out of the way, or a deadline one that is snoozed."""

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

    @cached_property
    def _by_name(self) -> dict[str, Policy]:
        """Those that are ever asked: what comes after the first that matches all has no conversation."""
        asked = self.policies[: self.policies.index(self.common) + 1]
        return {policy.name: policy for policy in reversed(asked)}

    def named(self, name: str) -> Policy:
        """The policy of this name; the common one when no conversation can have such a one any more."""
        return self._by_name.get(name) or self.common

    @cached_property
    def _questions(self) -> tuple[tuple[Policy, Node | None], ...]:
        """Each policy with the query that says when it holds, read once."""
        return tuple((p, None if p.when is None else parse(p.when, self.at, UTC)) for p in self.policies)

    def given(self, events: Sequence[Event]) -> Policy | None:
        """The policy a rule has given a conversation with these events, whatever their `when` say; None where none has, or
        it is no more."""
        said = (e for e in reversed(events) if e.type is EventType.POLICY and e.who == "rules" and not e.void)
        last = next(said, None)
        return self._by_name.get(last.data["policy"]) if last is not None else None

    def chosen(self, conversation: Conversation, vip: bool, now: Instant) -> Policy:
        """The first policy whose `when` matches."""
        facts = Facts(conversation=conversation, vip=vip, upset=conversation.upset)
        for policy, node in self._questions:
            if node is None or matches(node, facts, now=now, me=""):
                return policy
        return self.common


class Book:
    """Every version of hours and policies, oldest first."""

    def __init__(self, versions: Sequence[Version]) -> None:
        self._versions = {version.number: version for version in versions}
        self._order = sorted(self._versions.values(), key=lambda version: version.number)
        self._carried: dict[
            int, list[tuple[Instant, Policy]]
        ] = {}  # place -> what follows from versions alone

    @property
    def current(self) -> Version:
        """The version in force."""
        return self._order[-1]

    def timeline(self, events: Sequence[Event]) -> Sequence[tuple[Instant, Policy]]:
        """The policies of a conversation with these events: from when on, and which."""
        begun = events[0].recorded if events else 0
        place = next((n for n in range(len(self._order) - 1, 0, -1) if self._order[n].at <= begun), 0)
        said = [event for event in events if event.type is EventType.POLICY and not event.void]
        if not said and place in self._carried:
            return self._carried[place]
        found: list[tuple[Instant, Policy]] = [(0, self._order[place].common)]
        now_at = place
        for event in said:
            version = self._versions[event.data["version"]]
            now_at = self._carry(found, now_at, version.number)
            _follow(found, event.at, version.named(event.data["policy"]))
        self._carry(found, now_at, self.current.number)
        if not said:
            self._carried[place] = found
        return found

    def _carry(self, found: list[tuple[Instant, Policy]], place: int, until: int) -> int:
        """Follow the newer versions up to the one numbered `until`; its place in the order."""
        while place + 1 < len(self._order) and self._order[place + 1].number <= until:
            place += 1
            version = self._order[place]
            _follow(found, version.at, version.named(found[-1][1].name))
        return place

    def worked_under(self, events: Sequence[Event]) -> str:
        """The name of the policy that was last said to hold: of what is closed, whatever the settings are by now."""
        said = [each for each in events if each.type is EventType.POLICY and not each.void]
        return said[-1].data["policy"] if said else self.timeline(events[:1])[0][1].name

    def change(
        self, conversation: Conversation, vip: bool, events: Sequence[Event], now: Instant
    ) -> Event | None:
        """The event by which another policy comes to hold for a conversation; None when the same one does.

        Closed conversations and spam have no running clock: they meet a new policy when they open again.
        """
        if conversation.status in (Status.CLOSED, Status.SPAM):
            return None
        now_in_force = self.timeline(events)[-1][1]
        chosen = self.current.given(events) or self.current.chosen(conversation, vip, now)
        if chosen is now_in_force or chosen == now_in_force:
            return None
        return Event(
            EventType.POLICY,
            now,
            "clock",
            conversation.id,
            data={"version": self.current.number, "policy": chosen.name},
            recorded=now,
        )


def _follow(found: list[tuple[Instant, Policy]], at: Instant, policy: Policy) -> None:
    """Another policy holds from an instant on; nothing where it is the same."""
    last = found[-1][1]
    if policy is not last and policy != last:
        found.append((at, policy))


@dataclass(frozen=True, slots=True)
class Standing:
    """The deadlines of a conversation as derived from its first `count` events, and what is needed to carry them on:
    how it stood, the latest instant in those events and at which one of them counts, and those that say which policy
    holds."""

    deadlines: Deadlines
    state: Conversation
    count: int
    latest: Instant
    newest: Instant
    steps: tuple[Event, ...]
    version: int


def deadlines(conversation: Conversation, events: Sequence[Event], book: Book, now: Instant) -> Deadlines:
    """The next deadline of a conversation, from its events: no clock that was put back makes one of them uncounted."""
    return standing(None, conversation, events, book, now).deadlines


def counts(conversation: Conversation) -> bool:
    """Whether a clock can run there: it is not done with and no notice, or something is promised or to be followed up."""
    if conversation.notice or conversation.status in (Status.CLOSED, Status.SPAM):
        return conversation.is_pledged
    return True


def latest(events: Iterable[Event], now: Instant) -> Instant:
    """The latest instant in these events, and no earlier than `now`."""
    for event in events:
        now = max(now, event.at, event.recorded)
    return now


def standing(
    before: Standing | None, conversation: Conversation, events: Sequence[Event], book: Book, now: Instant
) -> Standing:
    """The deadlines of a conversation. `before`: as they were derived from the first of these events; they are carried
    on where nothing since concerns a clock."""
    if before is not None and before.version != book.current.number:
        before = None
    new = events[before.count :] if before is not None else events
    newest = max((e.at for e in new), default=0)
    if before is not None:
        newest = max(newest, before.newest)
    last = latest(new, 0 if before is None else before.latest)
    steps = (*(before.steps if before is not None else events[:1]), *policy_steps(new, before is None))
    if before is not None and counts(conversation) and _goes_on(before, conversation, new):
        found = before.deadlines
    else:
        told = happenings(events) if counts(conversation) else ()
        found = derived(conversation, told, steps, book, max(now, last))
    return Standing(found, conversation, len(events), last, newest, steps, book.current.number)


def policy_steps(events: Sequence[Event], from_the_first: bool) -> list[Event]:
    """The events that say which policy holds; `from_the_first`: the first event itself is counted elsewhere."""
    return [e for e in events[1 if from_the_first else 0 :] if e.type is EventType.POLICY]


def _goes_on(before: Standing, conversation: Conversation, new: Sequence[Event]) -> bool:
    """Whether no clock minds what is new: further mail of somebody who waits already, or of machines."""
    was = before.state
    return (
        was.status is Status.OPEN
        and conversation.status is Status.OPEN
        and not was.notice
        and was.waiting_since is not None
        and before.deadlines.due_at is not None
        and before.deadlines.wakes_at is None
        and conversation.promised_until is None
        and conversation.follow_up_at is None
        and was.promised_until is None
        and was.follow_up_at is None
        and all(
            e.type is EventType.RECEIVED
            and not e.void
            and e.data["side"] != "us"
            and not e.data.get("history")
            and e.at > before.newest
            and e.at >= was.turned_at
            for e in new
        )
    )


def derived(
    conversation: Conversation,
    told: Sequence[Happening],
    steps: Sequence[Event],
    book: Book,
    now: Instant,
) -> Deadlines:
    """The deadlines under the policy in force: those before it say when a breach began, not when a clock that is not met
    is due. `told`: what the clocks see of it, where one `counts`; `steps`: its first
    event and those that say which policy holds; `now`: no earlier than any of its events."""
    if not counts(conversation):
        return Deadlines(book.worked_under(steps))
    policy = book.timeline(steps)[-1][1]
    found = running(told, policy, now)
    if not found or conversation.status is Status.SPAM:
        return Deadlines(policy.name)
    next_one = min(found, key=_wanted)
    comes_back = conversation.status is Status.SNOOZED or conversation.is_pledged
    wakes_at = _wakes_at(conversation, found, next_one) if comes_back else None
    return Deadlines(policy.name, next_one.wanted, next_one.warn_at, wakes_at)


def _wanted(clock: Clock) -> Instant:
    return clock.wanted or 0


_PLEDGED = (ClockKind.PROMISE, ClockKind.FOLLOW_UP)


def _wakes_at(conversation: Conversation, running: Sequence[Clock], next_one: Clock) -> Instant | None:
    """When a conversation that is out of the way comes back: as a promise begins to warn, and when a promise or a
    follow-up falls due (a check-in, when it has not gone by itself); what is snoozed, before the next deadline. What was
    put out of the way since stays there."""
    if conversation.status is Status.OPEN:
        return None
    wakes: list[Instant | None] = [
        clock.due + (PATIENCE if clock.due == conversation.check_in_at else 0)
        for clock in running
        if clock.kind in _PLEDGED and clock.due is not None
    ]
    wakes += [at for clock in running if clock.kind is ClockKind.PROMISE for at in (clock.warn_at, clock.aim)]
    answering = conversation.sending and conversation.waiting_since is None
    if conversation.status is Status.SNOOZED and next_one.kind not in _PLEDGED and not answering:
        wakes.append(before_deadline(conversation, next_one.due or 0))
    return min((at for at in wakes if at is not None and at > conversation.turned_at), default=None)

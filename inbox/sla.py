"""The clocks of a conversation: a pure function of what happened, the policy, its hours and now.

What a clock means, and what was decided where the rules left a choice, stands in docs/clocks.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import attrgetter

from inbox.lanes import BREACHED, CANCELLED, MET, MOVED, RUNNING, Lane, Pledge
from inbox.model import Clock, ClockKind, Happening, Instant, Status
from inbox.policy import Policy, default_policies

__all__ = ["Changes", "Policy", "clocks", "default_policies", "next_due", "policy_for", "running"]

Changes = Sequence[tuple[Instant, Policy]]
"""The policies a conversation has had, oldest first, each with the instant from which it held. The first
holds from the beginning, whatever its instant."""

FIRST_REPLY, NEXT_REPLY, RESOLVE, UPDATE, PROMISE, FOLLOW_UP = ClockKind

_STATUSES = frozenset(Status)
_RANK = {kind: rank for rank, kind in enumerate(ClockKind)}
_BY_TIME = attrgetter("at")
_FAR: Instant = 1 << 62


def clocks(happenings: Iterable[Happening], policies: Policy | Changes, now: Instant) -> tuple[Clock, ...]:
    """The clocks of a conversation as they stand at `now`, in the order they started (equals: of ClockKind).

    `happenings` count in the order of time, those of one instant in the order given; those after `now` do not
    count. When the policy changed, clocks that were met keep the policy of that moment, and the others have
    the newest from their start; a breach that a change brings has the later of deadline and change as its
    instant.
    """
    if isinstance(policies, Policy):
        found = _derive(happenings, policies, now)
    else:
        found = _over_changes(list(happenings), policies, now)
    if len(found) > 1:
        found.sort(key=_by_start)
    return tuple(found)


def running(happenings: Iterable[Happening], policy: Policy, now: Instant) -> list[Clock]:
    """Those of `clocks` under one policy that have a deadline: they run, or are breached."""
    found = _folded(happenings, policy, now).running(now)
    if len(found) > 1:
        found.sort(key=_by_start)
    return found


def next_due(found: Iterable[Clock]) -> Instant | None:
    """The next deadline: the earliest of the clocks that run or are breached; None when there is none."""
    return min(
        (clock.due for clock in found if clock.due is not None and clock.state in (RUNNING, BREACHED)),
        default=None,
    )


def policy_for(clock: Clock, policies: Policy | Changes, now: Instant) -> Policy:
    """The policy a clock has: the one in force when it was met, else the newest at `now`."""
    if isinstance(policies, Policy):
        return policies
    return policies[_reign(policies, now + 1 if clock.met is None else clock.met)][1]


def status_after(status: str, what: str) -> str:
    """The status after a happening: what the customer writes opens a conversation, unless it is spam."""
    if what == "customer":
        return status if status == "spam" else "open"
    return what if what in _STATUSES else status


class _Fold:
    """A conversation's clocks while its happenings are taken in one after the other."""

    status = "open"
    answered = False  # by a public reply of ours
    closing: Clock | None = None  # the resolve clock as the last closing met it
    imported: Instant = _FAR  # the earliest import that a clock still has to be counted from

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.timeline = policy.hours.timeline
        self.reply = Lane(self.timeline, policy.reply_pauses)
        self.resolve = Lane(self.timeline, policy.resolve_pauses)
        self.update = Lane(self.timeline, policy.update_pauses)
        self.lanes = (self.reply, self.resolve, self.update)
        self.pledges: list[Pledge] = []
        self.found: list[Clock] = []  # clocks that were met

    def take(self, happening: Happening) -> None:
        """Take in the next happening. A word that means nothing to clocks is passed over."""
        at = happening.at
        if at > self.imported:
            self.pass_imports(at)
        if happening.what == "closed":
            self.closed(at)
        status = status_after(self.status, happening.what)
        if status != self.status:
            self.turn(status, at, self.timeline.position(at))
        match happening.what:
            case "customer":
                self.customer(happening)
            case "reply":
                self.replied(happening)
            case "promise":
                for earlier in self.pledges:
                    if earlier.kind is PROMISE and earlier.end is None and at < earlier.due:
                        earlier.ends(MOVED, at)
                self.pledge(PROMISE, happening)
            case "follow-up":
                self.pledge(FOLLOW_UP, happening)
            case "kept":
                self.fulfil(PROMISE, at)
            case "done":
                self.fulfil(FOLLOW_UP, at)

    def customer(self, happening: Happening) -> None:
        """The customer wrote, and waits for a reply."""
        position = self.timeline.position(happening.at)
        if self.reply.kind is None:
            if self.answered:
                self.start(self.reply, NEXT_REPLY, self.policy.next_reply, happening, position)
            else:
                self.start(self.reply, FIRST_REPLY, self.policy.first_reply, happening, position)
        if self.resolve.kind is None:
            self.start(self.resolve, RESOLVE, self.policy.resolve, happening, position)
        for pledge in self.pledges:
            if pledge.kind is FOLLOW_UP and pledge.end is None and not pledge.anyway:
                pledge.ends(CANCELLED, happening.at)

    def replied(self, happening: Happening) -> None:
        """A person of ours replied in public."""
        position = self.timeline.position(happening.at)
        self.answered = True
        self.end(self.reply, happening.at, position)
        if self.resolve.kind is None:
            self.start(self.resolve, RESOLVE, self.policy.resolve, happening, position)
        self.end(self.update, happening.at, position)
        if self.status != "closed":
            self.start(self.update, UPDATE, self.policy.update, happening, position)

    def closed(self, at: Instant) -> None:
        """Closing meets what is unmet; the status before it decides whether that had a deadline."""
        position = self.timeline.position(at)
        if self.resolve.kind is not None and self.closing is None:
            self.closing = self.resolve.met(at, position)
        self.end(self.update, at, position)

    def turn(self, status: str, at: Instant, position: int) -> None:
        """Another status: reopened, or paused, or going on."""
        if self.closing is not None and status not in ("closed", "spam"):
            self.closing = None
            history = self.resolve.history
            if history is not None and at > history:
                self.resolve.history = None
                self.resolve.begins(history, position)
        self.status = status
        for lane in self.lanes:
            lane.turn(status in lane.pauses, at, position)

    def start(
        self, lane: Lane, kind: ClockKind, target: int | None, happening: Happening, position: int
    ) -> None:
        lane.start(kind, target, happening, position)
        if happening.history_since is not None:
            self.imported = min(self.imported, happening.history_since)

    def end(self, lane: Lane, at: Instant, position: int) -> None:
        if lane.kind is not None:
            self.found.append(lane.met(at, position))
            lane.kind = None

    def pass_imports(self, at: Instant) -> None:
        """Time goes on to `at`, past an import: what was still unmet there counts from it."""
        self.imported = _FAR
        for lane in self.lanes:
            history = lane.history
            is_met = lane.kind is None or (lane is self.resolve and self.closing is not None)
            if history is None or is_met:
                continue
            if history < at:
                lane.history = None
                lane.begins(history, self.timeline.position(history))
            else:
                self.imported = min(self.imported, history)

    def pledge(self, kind: ClockKind, happening: Happening) -> None:
        if happening.due is not None:
            self.pledges.append(Pledge(kind, happening))

    def fulfil(self, kind: ClockKind, at: Instant) -> None:
        """The oldest open one of its kind is kept or done."""
        for pledge in self.pledges:
            if pledge.kind is kind and pledge.end is None:
                pledge.ends(MET, at)
                return

    def clocks(self, now: Instant) -> list[Clock]:
        """All clocks as they stand at `now`."""
        if now >= self.imported:
            self.pass_imports(now + 1)
        position = self.timeline.position(now)
        for lane in self.lanes:
            if lane is self.resolve and self.closing is not None:
                self.found.append(self.closing)
            elif lane.kind is not None:
                self.found.append(lane.unmet(now, position, self.policy))
        for pledge in self.pledges:
            self.found.append(pledge.clock(now, self.policy))
        return self.found

    def running(self, now: Instant) -> list[Clock]:
        """Those that have a deadline, as they stand at `now`: they run, or are breached."""
        if now >= self.imported:
            self.pass_imports(now + 1)
        position = self.timeline.position(now)
        found = [
            lane.unmet(now, position, self.policy)
            for lane in self.lanes
            if lane.kind is not None
            and not lane.paused
            and not (lane is self.resolve and self.closing is not None)
        ]
        found += [pledge.clock(now, self.policy) for pledge in self.pledges if pledge.end is None]
        return found


def _derive(happenings: Iterable[Happening], policy: Policy, now: Instant) -> list[Clock]:
    """The clocks under one policy, those of a kind in the order they started."""
    return _folded(happenings, policy, now).clocks(now)


def _folded(happenings: Iterable[Happening], policy: Policy, now: Instant) -> _Fold:
    fold = _Fold(policy)
    for happening in sorted(happenings, key=_BY_TIME):
        if happening.at > now:
            break
        fold.take(happening)
    return fold


def _over_changes(happenings: Sequence[Happening], changes: Changes, now: Instant) -> list[Clock]:
    """The clocks under policies that followed one another.

    Which clocks there are, when they start and when they are met depends on the happenings alone. So the
    clocks are derived under each policy, and the n-th of a kind is the same clock under all that have it.
    """
    changes = [change for number, change in enumerate(changes) if not number or change[0] <= now]
    if len(changes) == 1:
        return _derive(happenings, changes[0][1], now)
    under: list[dict[ClockKind, list[Clock]]] = []
    for _, policy in changes:
        by_kind: dict[ClockKind, list[Clock]] = {kind: [] for kind in ClockKind}
        for clock in _derive(happenings, policy, now):
            by_kind[clock.kind].append(clock)
        under.append(by_kind)
    found = [*under[-1][PROMISE], *under[-1][FOLLOW_UP]]
    for kind in (FIRST_REPLY, NEXT_REPLY, RESOLVE, UPDATE):
        for number in range(max(len(by_kind[kind]) for by_kind in under)):
            same = [by_kind[kind][number] if by_kind[kind] else None for by_kind in under]
            one = _across(same, changes)
            if one is not None:
                found.append(one)
    return found


def _across(same: Sequence[Clock | None], changes: Changes) -> Clock | None:
    """One clock, given as it is under each policy: as it is under its own, with the breach on record.

    None when its own policy has no such clock.
    """
    met = next(each.met for each in same if each is not None)
    last = _reign(changes, _FAR if met is None else met)
    breach: Instant | None = None
    for number, (since, _) in enumerate(changes[: last + 1]):
        then = same[number]
        until = changes[number + 1][0] if number < last else _FAR
        due = None if then is None else then.breached_at
        if due is None or due >= until:
            breach = None
        elif number == 0 or due >= since:
            breach = due
        elif breach is None:
            breach = since  # the change brought it
    clock = same[last]
    return clock if clock is None or clock.breached_at == breach else replace(clock, breached_at=breach)


def _reign(changes: Changes, at: Instant) -> int:
    """Which policy is in force at an instant. A change in that very second counts as following from it."""
    return max((number for number, (since, _) in enumerate(changes) if since < at), default=0)


def _by_start(clock: Clock) -> tuple[Instant, int]:
    return clock.started, _RANK[clock.kind]

"""A slow clockwork, wound every five minutes, as judge of the quick derivation, and what holds for every story."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.hours import ALWAYS, Hours
from inbox.ledger import ledger
from inbox.model import Clock, ClockKind, ClockState, Happening, Instant, Status
from inbox.policy import Policy
from inbox.sla import clocks, running
from tests.clock_stories import (
    DAILY,
    DAY,
    FIRST,
    HOUR,
    MINUTE,
    NEXT,
    RESOLVE,
    UPDATE,
    z,
)

WORDS = ["customer", "reply", "note", "automatic", *(status.value for status in Status)]
QUARTERS = st.integers(0, 10).map(lambda count: count * 15 * MINUTE)
CALENDARS = [
    ALWAYS,
    DAILY,
    Hours(zone="Europe/Berlin", week=(((8 * HOUR, 12 * HOUR), (13 * HOUR, 14 * HOUR)),) * 7),
    Hours(zone="UTC", week=((), (), (), ((9 * HOUR, 11 * HOUR),), ((0, DAY),), (), ())),
    Hours(
        zone="America/New_York",
        week=(((0, 4 * HOUR), (22 * HOUR, DAY)),) * 7,
        holidays=frozenset({date(2013, 3, 22)}),
    ),
]


def stories(most: int = 12) -> st.SearchStrategy[list[Happening]]:
    """Stories of up to two days on a grid of five minutes, with much happening in the same instant."""
    step = st.sampled_from([0, 0, 5, 10, 30, 60, 150, 600]).map(lambda minutes: minutes * MINUTE)
    return st.lists(st.tuples(step, st.sampled_from(WORDS)), max_size=most).map(_placed)


def _placed(steps: list[tuple[int, str]]) -> list[Happening]:
    at, story = z("05:00"), []
    for step, what in steps:
        at += step
        story.append(Happening(at, what))
    return story


targets = st.none() | st.sampled_from([5, 30, 60, 120, 300, 720]).map(lambda minutes: minutes * MINUTE)
policies = st.builds(
    Policy,
    first_reply=targets,
    next_reply=targets,
    resolve=targets,
    update=targets,
    pause=st.none() | st.frozensets(st.sampled_from([status.value for status in Status]), max_size=3),
    hours=st.sampled_from(CALENDARS),
)


class Ticking:
    """A clock as a clockwork: it is wound every five minutes, and knows no arithmetic on calendars."""

    def __init__(self, kind: ClockKind, started: Instant, target: int, pauses: frozenset[str]) -> None:
        self.kind, self.started, self.target, self.pauses = kind, started, target, pauses
        self.used = 0
        self.reached: Instant | None = None  # the instant at which the target was used up
        self.breached = False
        self.met: Instant | None = None
        self.due: Instant | None = None

    def tick(self, at: Instant, status: str, is_open: bool) -> None:
        """Live through the five minutes from `at` on."""
        counts = 5 * MINUTE if is_open else 0
        if status in self.pauses:
            if self.reached is not None and not self.breached and counts:
                self.reached = at + counts
            return
        if self.reached is not None:
            self.breached = True
        self.used += counts
        if self.reached is None and self.used == self.target:
            self.reached = at + counts

    def stop(self, at: Instant, status: str, hours: Hours) -> None:
        """The deadline as it stands now."""
        if self.reached is not None and self.reached < at and status not in self.pauses:
            self.breached = True
        self.due = self.reached
        if status in self.pauses and not self.breached:
            self.due = None
        elif self.reached is None:
            left, until = self.target - self.used, at
            while left:
                left -= 5 * MINUTE if hours.is_open(until) else 0
                until += 5 * MINUTE
            self.due = until

    def shown(self, status: str) -> Clock:
        if self.met is not None:
            state = ClockState.MISSED if self.breached else ClockState.MET
        elif status in self.pauses:
            state = ClockState.PAUSED
        else:
            state = ClockState.BREACHED if self.breached else ClockState.RUNNING
        due = None if state is ClockState.PAUSED else self.due
        breach = self.reached if self.breached else None
        left = self.target - self.used
        return Clock(self.kind, state, self.started, due, self.met, self.target, self.used, left, breach)


def judge(story: list[Happening], policy: Policy, now: Instant) -> list[Clock]:
    """The reply, resolve and update clocks, wound from the first happening to now."""
    closed = frozenset({"closed", "spam"})
    pauses = {
        FIRST: closed | (policy.pause or frozenset()),
        NEXT: closed | (policy.pause or frozenset()),
        RESOLVE: closed | ({"waiting", "held"} if policy.pause is None else policy.pause),
        UPDATE: closed | ({"waiting"} if policy.pause is None else policy.pause),
    }
    wanted = {
        FIRST: policy.first_reply,
        NEXT: policy.next_reply,
        RESOLVE: policy.resolve,
        UPDATE: policy.update,
    }
    every: list[Ticking] = []
    status, answered, waits, began = "open", False, False, False

    def start(kind: ClockKind, at: Instant) -> None:
        target = wanted[kind]
        if target is not None:
            every.append(Ticking(kind, at, target, pauses[kind]))

    def meet(kinds: set[ClockKind], at: Instant) -> None:
        for clock in every:
            if clock.kind in kinds and clock.met is None:
                clock.stop(at, status, policy.hours)
                clock.met = at

    at = story[0].at if story else now
    left = list(story)
    while True:
        while left and left[0].at == at:
            what = left.pop(0).what
            before = status
            if what == "closed":
                meet({RESOLVE, UPDATE}, at)
            if what in {each.value for each in Status}:
                status = what
            elif what == "customer" and status != "spam":
                status = "open"
            if before != status and status not in ("closed", "spam"):
                for clock in every:
                    if clock.kind is RESOLVE:
                        clock.met = None
            if what in ("customer", "reply") and not began:
                began = True
                start(RESOLVE, at)
            if what == "customer" and not waits:
                waits = True
                start(NEXT if answered else FIRST, at)
            if what == "reply":
                answered, waits = True, False
                meet({FIRST, NEXT, UPDATE}, at)
                if status != "closed":
                    start(UPDATE, at)
        if at == now:
            break
        is_open = policy.hours.is_open(at)
        for clock in every:
            if clock.met is None or clock.kind is RESOLVE:  # a closing can be taken back
                clock.tick(at, status, is_open)
        at += 5 * MINUTE
    for clock in every:
        if clock.met is None:
            clock.stop(now, status, policy.hours)
    shown = [clock.shown(status) for clock in every]
    return sorted(shown, key=lambda clock: (clock.started, list(ClockKind).index(clock.kind)))


@settings(max_examples=300, deadline=None)
@given(stories(), policies, QUARTERS)
def test_the_derivation_agrees_with_a_slow_clockwork(
    story: list[Happening], policy: Policy, later: int
) -> None:
    for now in (story[-1].at if story else z("05:00"), (story[-1].at if story else z("05:00")) + later):
        found = [replace(clock, warn_at=None) for clock in clocks(story, policy, now)]
        assert found == judge(story, policy, now)


@settings(max_examples=150, deadline=None)
@given(stories(), policies, QUARTERS)
def test_the_clocks_that_run_are_those_of_all_clocks(
    story: list[Happening], policy: Policy, later: int
) -> None:
    now = (story[-1].at if story else z("05:00")) + later
    going = (ClockState.RUNNING, ClockState.BREACHED)
    found = [clock for clock in clocks(story, policy, now) if clock.state in going]
    assert running(story, policy, now) == found


@settings(max_examples=150, deadline=None)
@given(stories(), policies, QUARTERS, st.integers(-3, 3))
def test_counted_rows_of_the_ledger_add_up_to_what_was_taken(
    story: list[Happening], policy: Policy, later: int, odd: int
) -> None:
    now = (story[-1].at if story else z("05:00")) + later + odd
    plain = clocks(story, policy, now)
    explained = ledger(story, policy, now)
    assert tuple(replace(clock, ledger=()) for clock in explained) == plain
    for clock in explained:
        assert sum(row.counted for row in clock.ledger) == clock.taken
        spans = [row for row in clock.ledger if row.start < row.end]
        edges = [clock.started, *(row.end for row in spans)]
        assert [row.start for row in spans] == edges[:-1]
        assert edges[-1] == (clock.met or now)


@settings(max_examples=100, deadline=None)
@given(stories(), stories(), policies, QUARTERS)
def test_a_merge_folds_the_union_of_happenings_in_the_order_of_time(
    one: list[Happening], other: list[Happening], policy: Policy, later: int
) -> None:
    by_instant = {each.at: each for each in one + other}
    union = list(by_instant.values())
    now = z("24 05:00") + later
    ordered = sorted(union, key=lambda each: each.at)
    random.Random(later).shuffle(union)
    assert clocks(union, policy, now) == clocks(ordered, policy, now)


@settings(max_examples=100, deadline=None)
@given(stories(), policies, policies, st.integers(0, 40), QUARTERS)
def test_a_change_of_policy_agrees_with_having_had_the_new_one_from_the_start(
    story: list[Happening], old: Policy, new: Policy, steps: int, later: int
) -> None:
    now = (story[-1].at if story else z("05:00")) + later
    change = z("05:00") + steps * 30 * MINUTE
    found = clocks(story, [(0, old), (change, new)], now)
    under_old, under_new = clocks(story, old, now), clocks(story, new, now)
    if change > now:
        assert found == under_old
        return
    for clock in found:
        keeps_old = clock.met is not None and clock.met <= change
        bare = replace(clock, breached_at=None)
        assert bare in [replace(each, breached_at=None) for each in (under_old if keeps_old else under_new)]
        if not keeps_old and clock.breached_at is not None and clock.due is not None:
            assert clock.breached_at in (clock.due, change) or clock.breached_at < change
    same = clocks(story, [(0, old), (change, old)], now)
    assert same == under_old

"""Policies: what they name, how they warn, how they are written, and how one takes over from another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inbox.errors import BadSettings
from inbox.model import Clock, ClockState, Happening
from inbox.policy import Policy
from inbox.sla import clocks, default_policies, policy_for
from tests.clock_stories import (
    DAILY,
    FIRST,
    FOLLOW_UP,
    HOUR,
    MINUTE,
    NEXT,
    PROMISE,
    RESOLVE,
    UPDATE,
    WORKDAYS,
    derive,
    kinds,
    the,
    told,
    z,
)


def test_a_kind_the_policy_does_not_name_has_no_clock() -> None:
    story = told("08:00 customer", "08:10 reply", "09:00 customer", "09:10 closed")
    assert derive(story, "10:00", Policy(hours=DAILY)) == ()
    assert kinds(derive(story, "10:00", Policy(next_reply=HOUR, hours=DAILY))) == [NEXT]


def test_clocks_stand_in_the_order_they_started_and_then_of_their_kinds() -> None:
    story = told(
        "08:00 follow-up 12:00", "08:00 promise 12:00", "08:00 customer", "09:00 reply", "09:00 customer"
    )
    assert kinds(derive(story, "10:00")) == [FIRST, RESOLVE, PROMISE, FOLLOW_UP, NEXT, UPDATE]


@pytest.mark.parametrize(
    ("warn", "target", "at"),
    [
        (None, 2 * HOUR, "09:30"),  # a quarter
        (None, 8 * HOUR, "15:00"),  # at most an hour
        (20 * MINUTE, 2 * HOUR, "09:40"),
        (0.5, 8 * HOUR, "12:00"),
        (9 * HOUR, 8 * HOUR, "08:00"),  # not before the start
    ],
)
def test_a_clock_warns_open_time_ahead(warn: int | float | None, target: int, at: str) -> None:
    policy = Policy(first_reply=target, warn=warn, hours=DAILY)
    assert the(FIRST, derive(told("08:00 customer"), "08:30", policy)).warn_at == z(at)


def test_the_warning_of_a_deadline_after_the_opening_comes_before_closing_time() -> None:
    policy = Policy(first_reply=2 * HOUR, hours=DAILY)
    clock = the(FIRST, derive(told("15:10 customer"), "15:20", policy))
    assert (clock.due, clock.warn_at) == (z("22 07:10"), z("16:40"))


def test_good_without_any_configuration() -> None:
    vip_held, vip, held, usual = default_policies(WORKDAYS)
    assert (usual.first_reply, usual.next_reply, usual.resolve, usual.update) == (
        8 * HOUR,
        8 * HOUR,
        None,
        None,
    )
    assert (usual.when, usual.name) == (None, "default")
    assert (vip.first_reply, vip.next_reply, vip.when) == (4 * HOUR, 4 * HOUR, "is:vip OR is:upset")
    waits = "status:held OR is:promised OR issue:any"
    assert (held.update, held.when, vip_held.update) == (16 * HOUR, waits, 16 * HOUR)


def changed(story: list[Happening], at: str, old: Policy, new: Policy, now: str) -> tuple[Clock, ...]:
    return clocks(story, [(0, old), (z(at), new)], z(now))


SLOW = Policy("slow", first_reply=4 * HOUR, next_reply=4 * HOUR, hours=DAILY)
QUICK = Policy("quick", first_reply=HOUR, next_reply=HOUR, hours=DAILY)


def test_a_new_policy_applies_to_unmet_clocks_from_their_start() -> None:
    (clock,) = changed(told("08:00 customer"), "08:30", SLOW, QUICK, "08:40")
    assert (clock.target, clock.due, clock.state) == (HOUR, z("09:00"), ClockState.RUNNING)


def test_a_breach_that_a_change_brings_has_the_change_as_its_instant() -> None:
    (clock,) = changed(told("08:00 customer"), "10:00", SLOW, QUICK, "10:30")
    assert (clock.state, clock.due, clock.breached_at) == (ClockState.BREACHED, z("09:00"), z("10:00"))
    (clock,) = changed(told("08:00 customer", "10:15 reply"), "10:00", SLOW, QUICK, "11:00")
    assert (clock.state, clock.due, clock.breached_at) == (ClockState.MISSED, z("09:00"), z("10:00"))
    (clock,) = changed(told("08:00 customer"), "08:30", SLOW, QUICK, "10:30")
    assert clock.breached_at == z("09:00")


def test_a_clock_that_was_met_keeps_its_policy() -> None:
    for reply in ("09:30", "10:00"):
        story = told("08:00 customer", f"{reply} reply", "11:00 customer")
        changes = [(0, SLOW), (z("10:00"), QUICK)]
        first, second = clocks(story, changes, z("11:10"))
        assert (first.target, first.state) == (4 * HOUR, ClockState.MET)
        assert (second.target, second.due) == (HOUR, z("12:00"))
        assert policy_for(first, changes, z("11:10")) is SLOW
        assert policy_for(second, changes, z("11:10")) is QUICK


def test_a_breach_is_recorded_once_when_a_later_change_only_moves_the_deadline() -> None:
    half = replace(QUICK, name="half", first_reply=HOUR // 2)
    (clock,) = changed(told("08:00 customer"), "10:00", QUICK, half, "11:00")
    assert (clock.due, clock.breached_at) == (z("08:30"), z("09:00"))


def test_a_longer_policy_takes_the_breach_back_until_its_own_deadline() -> None:
    (clock,) = changed(told("08:00 customer"), "10:00", QUICK, SLOW, "11:00")
    assert (clock.state, clock.breached_at) == (ClockState.RUNNING, None)
    (clock,) = changed(told("08:00 customer"), "10:00", QUICK, SLOW, "13:00")
    assert (clock.state, clock.breached_at) == (ClockState.BREACHED, z("12:00"))


def test_an_update_clock_that_a_policy_brings_counts_from_our_last_public_reply() -> None:
    held = replace(SLOW, name="held", update=2 * HOUR)
    story = told("08:00 customer", "08:10 reply", "09:00 held")
    assert the(UPDATE, changed(story, "09:00", SLOW, held, "09:30")).due == z("10:10")
    late = the(UPDATE, changed(story, "11:00", SLOW, held, "11:30"))
    assert (late.state, late.due, late.breached_at) == (ClockState.BREACHED, z("10:10"), z("11:00"))
    back = clocks(story, [(0, SLOW), (z("09:00"), held), (z("09:30"), SLOW)], z("13:00"))
    assert UPDATE not in kinds(back)


def test_a_change_after_now_has_not_happened() -> None:
    (clock,) = changed(told("08:00 customer"), "10:00", SLOW, QUICK, "09:30")
    assert clock.target == 4 * HOUR


# ------------------------------------------------------------------ policies as people write them


def test_a_policy_as_people_write_it() -> None:
    table = {"name": "vip", "when": "is:vip", "first_reply": "1h30m", "pause": ["held"], "warn": "10%"}
    assert Policy.from_settings(table, DAILY) == Policy(
        "vip", first_reply=5400, pause=frozenset({"held"}), warn=0.1, hours=DAILY, when="is:vip"
    )
    assert Policy.from_settings({"warn": "15m"}, DAILY).warn == 900
    assert Policy.from_settings({"pause": []}, DAILY).pause == frozenset()
    assert Policy.from_settings({}, DAILY) == Policy(hours=DAILY)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"first": "1h"}, 'did you mean "first_reply"'),
        ({"first_reply": "2d"}, "policy.first_reply: '2d' counts days"),
        ({"pause": ["snozed"]}, 'policy.pause: .* did you mean "snoozed"'),
        ({"pause": "snoozed"}, "no list of statuses"),
        ({"warn": "0%"}, "policy.warn: '0%' is no share"),
        ({"warn": "101%"}, "no share"),
        ({"warn": "soon"}, "policy.warn: 'soon' is no duration"),
        ({"name": 5}, "policy.name: 5 is no text"),
        ([], "policy is no table"),
    ],
)
def test_a_policy_that_cannot_be_understood_names_the_place(table: object, words: str) -> None:
    with pytest.raises(BadSettings, match=words):
        Policy.from_settings(table, DAILY)

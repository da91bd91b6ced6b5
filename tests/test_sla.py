"""Clocks of a conversation: one story a rule, and a slow clockwork that the quick derivation must agree with."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.errors import BadSettings
from inbox.hours import ALWAYS, Hours
from inbox.ledger import ledger
from inbox.model import Clock, ClockKind, ClockState, Happening, Instant, Status
from inbox.open_time import NEVER
from inbox.policy import Policy
from inbox.sla import clocks, default_policies, next_due, policy_for

FIRST, NEXT, RESOLVE, UPDATE, PROMISE, FOLLOW_UP = ClockKind
MINUTE, HOUR, DAY = 60, 3600, 86400

# The stories happen on Thursday 2013-03-21 and the days after it; 08-18 in Berlin is 07-17 in UTC.
DAILY = Hours(zone="Europe/Berlin", week=(((8 * HOUR, 18 * HOUR),),) * 7)
WORKDAYS = Hours(zone="Europe/Berlin", week=(((8 * HOUR, 18 * HOUR),),) * 5 + ((),) * 2)
POLICY = Policy(
    first_reply=60 * MINUTE, next_reply=120 * MINUTE, resolve=180 * MINUTE, update=4 * HOUR, hours=DAILY
)


def z(text: str, month: int = 3) -> Instant:
    """`09:30`, `09:30:15`, `22 09:30`: an instant of UTC in March 2013, without a day on the 21st."""
    day, _, time = text.rpartition(" ")
    hour, minute, second = (*map(int, time.split(":")), 0)[:3]
    return int(datetime(2013, month, int(day or 21), hour, minute, second, tzinfo=UTC).timestamp())


def told(*lines: str, month: int = 3) -> list[Happening]:
    """`09:30 customer`, `22 09:30 promise 10:00`, `10:00 follow-up 22 12:00 anyway` as happenings."""
    found = []
    for line in lines:
        words = line.split()
        length = 2 if ":" in words[0] else 3
        at, what, rest = " ".join(words[: length - 1]), words[length - 1], words[length:]
        anyway = "anyway" in rest
        due = " ".join(word for word in rest if word != "anyway")
        found.append(Happening(z(at, month), what, z(due, month) if due else None, anyway))
    return found


def the(kind: ClockKind, found: tuple[Clock, ...], number: int = 0) -> Clock:
    return [clock for clock in found if clock.kind is kind][number]


def kinds(found: tuple[Clock, ...]) -> list[ClockKind]:
    return [clock.kind for clock in found]


def derive(story: list[Happening], now: str, policy: Policy = POLICY, month: int = 3) -> tuple[Clock, ...]:
    return clocks(story, policy, z(now, month))


# ------------------------------------------------------------------ what is promised in the examples


def test_a_customer_who_writes_waits_for_a_first_reply_and_a_solution() -> None:
    found = derive(told("09:30 customer"), "10:00", replace(POLICY, update=None))
    assert [(clock.kind, clock.due) for clock in found] == [(FIRST, z("10:30")), (RESOLVE, z("12:30"))]
    assert next_due(found) == z("10:30")


@pytest.mark.parametrize(
    ("reply", "target", "taken", "margin", "state"),
    [
        ("10:00", 60, 30, 30, ClockState.MET),
        ("14:00", 60, 270, -210, ClockState.MISSED),
    ],
)
def test_the_margin_of_a_first_reply(
    reply: str, target: int, taken: int, margin: int, state: ClockState
) -> None:
    clock = the(FIRST, derive(told("09:30 customer", f"{reply} reply"), "16:00"))
    assert (clock.target, clock.taken, clock.margin) == (target * 60, taken * 60, margin * 60)
    assert clock.state is state


def test_more_messages_before_the_reply_neither_restart_nor_add_a_clock() -> None:
    story = told("09:30 customer", "10:00 reply", "12:05 customer")
    once = derive(story, "13:00")
    twice = derive(story + told("12:30 customer"), "13:00")
    assert the(NEXT, once).due == z("14:05")
    assert [clock for clock in twice if clock.kind is NEXT] == [the(NEXT, once)]


@pytest.mark.parametrize(("pause", "due"), [(frozenset({"snoozed"}), "11:45"), (None, "11:30")])
def test_pauses_move_the_deadline(pause: frozenset[str] | None, due: str) -> None:
    hours = Hours(zone="Europe/Berlin", week=(((9 * HOUR, 18 * HOUR),),) * 7)
    policy = Policy(first_reply=120 * MINUTE, pause=pause, hours=hours)
    story = told(
        "4 09:00 customer", "4 09:30 snoozed", "4 09:45 open", "4 10:00 closed", "4 10:30 open", month=6
    )
    (clock,) = derive(story, "4 11:00", policy, month=6)
    assert clock.due == z(f"4 {due}", month=6)


# ------------------------------------------------------------------ first reply


def test_there_is_no_first_reply_clock_when_a_teammate_wrote_first() -> None:
    found = derive(told("09:00 reply", "10:00 customer"), "10:30")
    assert kinds(found) == [RESOLVE, UPDATE, NEXT]
    assert the(NEXT, found).started == z("10:00")


def test_notes_and_automatic_mail_neither_start_a_clock_nor_decide_who_opened_the_conversation() -> None:
    assert derive(told("08:00 note", "08:10 automatic"), "09:00") == ()
    found = derive(told("08:00 note", "08:10 automatic", "09:30 customer"), "10:00")
    assert kinds(found) == [FIRST, RESOLVE]
    assert the(RESOLVE, found).started == z("09:30")


def test_notes_and_automatic_mail_do_not_meet_a_reply_clock() -> None:
    clock = the(FIRST, derive(told("09:30 customer", "09:40 note", "09:50 automatic"), "10:00"))
    assert clock.met is None


def test_a_start_outside_open_time_is_the_instant_of_the_message() -> None:
    clock = the(FIRST, derive(told("05:00 customer"), "06:00"))
    assert (clock.started, clock.due, clock.taken) == (z("05:00"), z("08:00"), 0)


def test_at_the_deadline_itself_a_clock_still_runs_and_a_reply_is_in_time() -> None:
    assert the(FIRST, derive(told("09:30 customer"), "10:30")).state is ClockState.RUNNING
    late = the(FIRST, derive(told("09:30 customer"), "10:30:01"))
    assert (late.state, late.breached_at) == (ClockState.BREACHED, z("10:30"))
    assert the(FIRST, derive(told("09:30 customer", "10:30 reply"), "16:00")).state is ClockState.MET
    assert the(FIRST, derive(told("09:30 customer", "10:30:01 reply"), "16:00")).state is ClockState.MISSED


def test_a_breach_that_a_reply_followed_before_anyone_looked_is_still_a_breach() -> None:
    clock = the(FIRST, derive(told("09:30 customer", "11:00 reply"), "23 12:00"))
    assert (clock.state, clock.due, clock.met, clock.breached_at) == (
        ClockState.MISSED,
        z("10:30"),
        z("11:00"),
        z("10:30"),
    )


def test_an_answer_after_closing_time_can_be_late_with_margin_0() -> None:
    clock = the(FIRST, derive(told("16:00 customer", "17:30 reply"), "18:00"))
    assert (clock.state, clock.due, clock.margin) == (ClockState.MISSED, z("17:00"), 0)


# ------------------------------------------------------------------ next reply


def test_each_answered_round_has_a_clock_of_its_own() -> None:
    found = derive(
        told("08:00 customer", "08:10 reply", "09:00 customer", "09:10 reply", "10:00 customer"), "10:30"
    )
    assert [(clock.started, clock.met) for clock in found if clock.kind is NEXT] == [
        (z("09:00"), z("09:10")),
        (z("10:00"), None),
    ]


def test_several_replies_to_one_message_meet_one_clock() -> None:
    found = derive(told("08:00 customer", "08:10 reply", "08:20 reply"), "10:00")
    assert kinds(found) == [FIRST, RESOLVE, UPDATE, UPDATE]


# ------------------------------------------------------------------ statuses


@pytest.mark.parametrize("status", ["waiting", "held", "snoozed"])
def test_snoozing_hides_nothing_an_unanswered_customer_waits_whatever_we_call_it(status: str) -> None:
    clock = the(FIRST, derive(told("09:30 customer", f"09:40 {status}"), "10:00"))
    assert (clock.state, clock.due) == (ClockState.RUNNING, z("10:30"))


@pytest.mark.parametrize("status", ["closed", "spam"])
@pytest.mark.parametrize("pause", [None, frozenset[str](), frozenset({"held"})])
def test_in_closed_and_spam_reply_clocks_pause_whatever_the_policy_says(
    status: str, pause: frozenset[str] | None
) -> None:
    clock = the(
        FIRST, derive(told("09:30 customer", f"09:40 {status}"), "11:00", replace(POLICY, pause=pause))
    )
    assert (clock.state, clock.due, clock.taken) == (ClockState.PAUSED, None, 10 * MINUTE)


@pytest.mark.parametrize(("status", "pauses"), [("waiting", True), ("held", True), ("snoozed", False)])
def test_resolve_pauses_in_waiting_and_held(status: str, pauses: bool) -> None:
    clock = the(RESOLVE, derive(told("09:00 customer", f"10:00 {status}"), "11:00"))
    assert (clock.state is ClockState.PAUSED) is pauses
    assert clock.taken == (60 if pauses else 120) * MINUTE


@pytest.mark.parametrize(("status", "pauses"), [("waiting", True), ("held", False), ("snoozed", False)])
def test_update_pauses_in_waiting(status: str, pauses: bool) -> None:
    clock = the(UPDATE, derive(told("09:00 reply", f"10:00 {status}"), "11:00"))
    assert (clock.state is ClockState.PAUSED) is pauses


def test_a_pause_list_replaces_what_each_clock_does_by_default() -> None:
    policy = replace(POLICY, pause=frozenset({"snoozed"}))
    found = derive(told("08:00 customer", "08:30 reply", "09:00 waiting"), "10:00", policy)
    assert the(RESOLVE, found).state is ClockState.RUNNING
    assert the(UPDATE, found).state is ClockState.RUNNING
    found = derive(told("08:00 customer", "08:30 snoozed"), "10:00", policy)
    assert {clock.state for clock in found} == {ClockState.PAUSED}


def test_a_policy_may_pause_in_open_as_well() -> None:
    policy = replace(POLICY, pause=frozenset({"open"}))
    clock = the(FIRST, derive(told("08:00 customer", "09:00 held", "09:20 open"), "10:00", policy))
    assert (clock.state, clock.taken, clock.due) == (ClockState.PAUSED, 20 * MINUTE, None)


def test_paused_time_is_cut_out_to_the_second() -> None:
    policy = replace(POLICY, pause=frozenset({"held"}))
    story = told("09:30 customer", "09:40:07 held", "09:51:30 open")
    clock = the(FIRST, derive(story, "10:00", policy))
    assert clock.due == z("10:30") + 11 * MINUTE + 23
    assert clock.taken == 30 * MINUTE - (11 * MINUTE + 23)


def test_only_the_open_time_of_a_pause_is_lost() -> None:
    policy = replace(POLICY, pause=frozenset({"held"}))
    clock = the(FIRST, derive(told("16:30 customer", "16:45 held", "22 07:15 open"), "22 07:20", policy))
    assert clock.due == z("22 08:00")


def test_a_customers_message_opens_a_conversation_whatever_it_was() -> None:
    policy = replace(POLICY, pause=frozenset({"waiting", "held", "snoozed"}))
    for status in ("waiting", "held", "snoozed", "closed"):
        found = derive(told("08:00 customer", f"08:10 {status}", "09:10 customer"), "09:20", policy)
        assert the(FIRST, found).due == z("10:00"), status
        assert the(RESOLVE, found).state is ClockState.RUNNING, status


def test_spam_is_not_opened_by_its_sender() -> None:
    found = derive(told("08:00 customer", "08:10 spam", "09:10 customer"), "09:20")
    assert {clock.state for clock in found} == {ClockState.PAUSED}


def test_a_clock_that_starts_in_spam_is_paused_from_its_start() -> None:
    found = derive(told("08:00 spam", "08:10 customer"), "09:00")
    assert [(clock.started, clock.state, clock.taken) for clock in found] == [
        (z("08:10"), ClockState.PAUSED, 0),
        (z("08:10"), ClockState.PAUSED, 0),
    ]
    found = derive(told("08:00 spam", "08:10 customer", "09:00 open"), "09:00")
    assert the(FIRST, found).due == z("10:00")


def test_replies_notes_and_automatic_mail_change_no_status() -> None:
    for what in ("reply", "note", "automatic"):
        clock = the(RESOLVE, derive(told("08:00 customer", "08:10 closed", f"08:20 {what}"), "09:00"))
        assert (clock.state, clock.met) == (ClockState.MET, z("08:10")), what


# ------------------------------------------------------------------ pauses and breaches


def test_a_paused_clock_has_no_deadline_and_is_not_next() -> None:
    found = derive(told("09:30 customer", "09:40 spam"), "10:00")
    assert {clock.due for clock in found} == {None}
    assert next_due(found) is None


def test_a_deadline_that_had_passed_before_the_pause_does_not_move() -> None:
    story = told("09:00 customer", "10:30 closed")
    paused = the(FIRST, derive(story, "11:00"))
    assert (paused.state, paused.due, paused.breached_at) == (ClockState.PAUSED, None, z("10:00"))
    again = the(FIRST, derive(story + told("12:00 open"), "12:00"))
    assert (again.state, again.due, again.breached_at) == (ClockState.BREACHED, z("10:00"), z("10:00"))
    assert again.taken == 90 * MINUTE


def test_a_pause_at_the_deadline_itself_moves_it() -> None:
    story = told("09:00 customer", "10:00 closed", "11:00 open")
    clock = the(FIRST, derive(story, "11:00"))
    assert (clock.state, clock.due, clock.breached_at) == (ClockState.RUNNING, z("11:00"), None)
    assert the(FIRST, derive(story, "11:00:01")).breached_at == z("11:00")


def test_a_clock_met_while_paused_has_no_deadline() -> None:
    clock = the(FIRST, derive(told("09:00 customer", "09:30 closed", "12:00 reply"), "13:00"))
    assert (clock.state, clock.due, clock.met, clock.margin) == (
        ClockState.MET,
        None,
        z("12:00"),
        30 * MINUTE,
    )


def test_a_clock_met_while_paused_after_its_breach_has_the_instant_of_the_breach() -> None:
    clock = the(FIRST, derive(told("09:00 customer", "10:30 closed", "12:00 reply"), "13:00"))
    assert (clock.state, clock.due, clock.breached_at) == (ClockState.MISSED, z("10:00"), z("10:00"))
    assert clock.margin == -30 * MINUTE


def test_what_happens_in_one_instant_happens_in_the_order_given() -> None:
    policy = replace(POLICY, pause=frozenset({"snoozed"}))
    replied_first = derive(told("09:00 customer", "09:30 reply", "09:30 snoozed"), "10:00", policy)
    snoozed_first = derive(told("09:00 customer", "09:30 snoozed", "09:30 reply"), "10:00", policy)
    assert the(FIRST, replied_first).due == z("10:00")
    assert the(FIRST, snoozed_first).due is None


def test_a_run_of_no_length_cannot_be_late() -> None:
    policy = replace(POLICY, pause=frozenset({"held"}))
    story = told("16:00 customer", "17:00 held", "20:00 open", "20:00 held")
    assert the(FIRST, derive(story, "21:00", policy)).breached_at is None
    story = told("16:00 customer", "17:00 held", "20:00 open", "20:01 held")
    assert the(FIRST, derive(story, "21:00", policy)).breached_at == z("17:00")


def test_events_after_now_are_ignored_and_order_of_time_counts() -> None:
    story = told("10:00 reply", "09:30 customer", "12:00 closed")
    assert the(FIRST, derive(story, "11:00")).met == z("10:00")
    assert the(RESOLVE, derive(story, "11:00")).met is None
    assert the(RESOLVE, derive(story, "12:00")).met == z("12:00")
    assert derive(story, "09:00") == ()


# ------------------------------------------------------------------ resolve


def test_open_time_adds_up_over_reopening_and_closed_time_never_counts() -> None:
    story = told("08:00 customer", "09:00 closed", "11:00 open")
    clock = the(RESOLVE, derive(story, "11:30"))
    assert (clock.state, clock.taken, clock.due, clock.met) == (
        ClockState.RUNNING,
        90 * MINUTE,
        z("13:00"),
        None,
    )
    clock = the(RESOLVE, derive(story + told("12:00 closed"), "16:00"))
    assert (clock.state, clock.taken, clock.met, clock.due) == (
        ClockState.MET,
        120 * MINUTE,
        z("12:00"),
        z("13:00"),
    )


def test_a_breach_stays_on_record_when_the_conversation_is_reopened() -> None:
    story = told("08:00 customer", "11:30 closed", "14:00 customer")
    missed = the(RESOLVE, derive(story, "13:00"))
    assert (missed.state, missed.due, missed.met) == (ClockState.MISSED, z("11:00"), z("11:30"))
    again = the(RESOLVE, derive(story, "14:00"))
    assert (again.state, again.due, again.breached_at) == (ClockState.BREACHED, z("11:00"), z("11:00"))


def test_for_a_clock_ended_by_closing_the_status_before_it_counts() -> None:
    story = told("08:00 customer", "08:10 reply", "08:10 waiting", "16:00 closed")
    found = derive(story, "16:30")
    assert (the(RESOLVE, found).state, the(RESOLVE, found).due) == (ClockState.MET, None)
    assert (the(UPDATE, found).state, the(UPDATE, found).due) == (ClockState.MET, None)
    story = told("08:00 customer", "12:00 waiting", "16:00 closed")
    clock = the(RESOLVE, derive(story, "16:30"))
    assert (clock.state, clock.due, clock.taken) == (ClockState.MISSED, z("11:00"), 240 * MINUTE)


def test_closing_twice_or_calling_a_closed_conversation_spam_is_not_another_closing() -> None:
    for later in ("09:30 closed", "09:30 spam"):
        clock = the(RESOLVE, derive(told("08:00 customer", "09:00 closed", later), "10:00"))
        assert (clock.state, clock.met) == (ClockState.MET, z("09:00"))
    clock = the(RESOLVE, derive(told("08:00 customer", "09:00 closed", "09:30 spam", "10:00 held"), "10:00"))
    assert (clock.state, clock.met) == (ClockState.PAUSED, None)


def test_a_first_reply_into_a_closed_conversation_waits_for_a_closing_of_its_own() -> None:
    story = told("08:00 closed", "09:00 reply")
    clock = the(RESOLVE, derive(story, "10:00"))
    assert (clock.state, clock.met, clock.started) == (ClockState.PAUSED, None, z("09:00"))
    assert the(RESOLVE, derive(story + told("09:30 closed"), "10:00")).met == z("09:30")


# ------------------------------------------------------------------ update


def test_the_customer_hears_from_us_every_so_often_also_when_nothing_is_new() -> None:
    found = derive(told("08:00 customer", "08:30 reply", "11:00 reply"), "12:00")
    assert [(clock.started, clock.due, clock.met) for clock in found if clock.kind is UPDATE] == [
        (z("08:30"), z("12:30"), z("11:00")),
        (z("11:00"), z("15:00"), None),
    ]


def test_what_the_customer_writes_does_not_touch_the_update_clock() -> None:
    found = derive(told("08:30 reply", "09:00 customer"), "12:00")
    assert the(UPDATE, found) == the(UPDATE, derive(told("08:30 reply"), "12:00"))


def test_closing_meets_the_update_clock_and_reopening_starts_none() -> None:
    found = derive(told("08:30 reply", "09:00 closed", "10:00 open"), "12:00")
    assert [(clock.state, clock.met) for clock in found if clock.kind is UPDATE] == [
        (ClockState.MET, z("09:00"))
    ]


def test_a_reply_to_a_closed_conversation_starts_no_update_clock() -> None:
    assert UPDATE not in kinds(derive(told("08:00 customer", "08:10 closed", "08:20 reply"), "09:00"))
    assert UPDATE not in kinds(derive(told("08:00 customer", "08:20 closed", "08:20 reply"), "09:00"))


# ------------------------------------------------------------------ promises and follow-ups


def test_a_promise_is_due_at_the_instant_promised_and_never_pauses() -> None:
    found = derive(told("08:00 promise 22:00", "09:00 closed"), "10:00")
    (clock,) = found
    assert (clock.state, clock.due, clock.target, clock.taken, clock.margin) == (
        ClockState.RUNNING,
        z("22:00"),
        None,
        None,
        12 * HOUR,
    )
    assert next_due(found) == z("22:00")


def test_only_a_person_who_marks_it_keeps_a_promise() -> None:
    assert (
        the(PROMISE, derive(told("08:00 promise 12:00", "09:00 reply"), "10:00")).state is ClockState.RUNNING
    )
    kept = the(PROMISE, derive(told("08:00 promise 12:00", "12:00 kept"), "16:00"))
    assert (kept.state, kept.met, kept.margin) == (ClockState.MET, z("12:00"), 0)
    late = the(PROMISE, derive(told("08:00 promise 12:00", "12:10 kept"), "16:00"))
    assert (late.state, late.margin, late.breached_at) == (ClockState.MISSED, -10 * MINUTE, z("12:00"))


@pytest.mark.parametrize("new_due", ["11:00", "16:00"])
def test_a_promise_told_before_the_first_is_due_moves_it_whatever_its_own_due(new_due: str) -> None:
    found = derive(told("08:00 promise 12:00", f"10:00 promise {new_due}"), "17:00")
    first, second = found
    assert (first.state, first.due, first.met, first.margin, first.breached_at) == (
        ClockState.MOVED,
        z("12:00"),
        None,
        None,
        None,
    )
    assert (second.state, second.due) == (ClockState.BREACHED, z(new_due))


@pytest.mark.parametrize("told_at", ["12:00", "12:30"])
def test_a_promise_told_when_the_first_was_due_leaves_it_broken(told_at: str) -> None:
    first, second = derive(told("08:00 promise 12:00", f"{told_at} promise 16:00"), "13:00")
    assert (first.state, first.breached_at) == (ClockState.BREACHED, z("12:00"))
    assert second.state is ClockState.RUNNING


def test_kept_marks_the_oldest_open_promise() -> None:
    first, second = derive(told("08:00 promise 09:00", "10:00 promise 12:00", "10:30 kept"), "11:00")
    assert (first.state, first.met) == (ClockState.MISSED, z("10:30"))
    assert second.state is ClockState.RUNNING
    moved, kept = derive(told("08:00 promise 11:00", "10:00 promise 12:00", "10:30 kept"), "11:00")
    assert (moved.state, kept.state) == (ClockState.MOVED, ClockState.MET)


def test_a_follow_up_is_done_or_the_customer_writes_unless_anyway() -> None:
    story = told("08:00 follow-up 12:00", "08:01 follow-up 12:00 anyway", "09:00 closed", "10:00 customer")
    found = derive(story, "13:00", Policy(hours=DAILY))
    assert [(clock.state, clock.met, clock.margin, clock.breached_at) for clock in found] == [
        (ClockState.CANCELLED, None, None, None),
        (ClockState.BREACHED, None, -HOUR, z("12:00")),
    ]
    story = told("08:00 follow-up 12:00", "08:01 follow-up 12:00", "10:00 done")
    assert [clock.state for clock in derive(story, "11:00", Policy(hours=DAILY))] == [
        ClockState.MET,
        ClockState.RUNNING,
    ]


def test_a_follow_up_cancelled_after_it_was_due_keeps_its_breach() -> None:
    (clock,) = derive(told("08:00 follow-up 09:00", "09:30 customer"), "13:00", Policy())
    assert (clock.state, clock.due, clock.breached_at) == (ClockState.CANCELLED, z("09:00"), z("09:00"))
    (clock,) = derive(told("08:00 follow-up 09:00", "09:00 customer"), "13:00", Policy())
    assert clock.breached_at is None


def test_kept_and_done_without_anything_open_mean_nothing() -> None:
    assert derive(told("08:00 kept", "08:01 done"), "09:00") == ()


# ------------------------------------------------------------------ policy


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
    assert (held.update, held.when, vip_held.update) == (16 * HOUR, "status:held", 16 * HOUR)


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


# ------------------------------------------------------------------ imported history


def imported(story: list[Happening], at: str) -> list[Happening]:
    return [replace(each, history_since=z(at)) for each in story]


def test_nothing_is_late_by_being_imported() -> None:
    story = imported(told("1 08:00 customer"), "09:00")
    found = derive(story, "09:10")
    assert [(clock.started, clock.due, clock.taken) for clock in found] == [
        (z("09:00"), z("10:00"), 10 * MINUTE),
        (z("09:00"), z("12:00"), 10 * MINUTE),
    ]
    (first, _) = derive(story + told("09:20 closed", "09:50 open"), "10:00")
    assert first.due == z("10:30")
    met = the(FIRST, derive(story + told("09:30 reply"), "10:00"))
    assert (met.started, met.taken, met.state) == (z("09:00"), 30 * MINUTE, ClockState.MET)


def test_what_was_met_in_history_counts_from_the_message() -> None:
    story = imported(told("1 08:00 customer", "1 12:00 reply", "2 08:00 customer"), "09:00")
    found = derive(story, "09:10")
    assert (the(FIRST, found).started, the(FIRST, found).state) == (z("1 08:00"), ClockState.MISSED)
    assert the(NEXT, found).started == z("09:00")
    assert the(UPDATE, found).started == z("09:00")


def test_a_conversation_closed_by_its_import_is_not_late_when_it_opens_again() -> None:
    story = imported(told("1 08:00 customer"), "09:00") + told("09:00 closed")
    closed = derive(story, "10:00")
    assert (the(FIRST, closed).state, the(FIRST, closed).breached_at) == (ClockState.PAUSED, None)
    opened = derive(story + told("11:00 customer"), "11:10")
    assert (the(FIRST, opened).state, the(FIRST, opened).due) == (ClockState.RUNNING, z("12:00"))
    resolve = the(RESOLVE, opened)
    assert (resolve.state, resolve.due, resolve.taken) == (ClockState.RUNNING, z("14:00"), 10 * MINUTE)


def test_an_import_by_a_clock_that_is_slow_moves_no_start_back() -> None:
    (first, _) = derive(imported(told("09:30 customer"), "09:00"), "09:40")
    assert first.started == z("09:30")


def test_messages_that_arrive_after_the_import_are_judged_as_ever() -> None:
    story = imported(told("1 08:00 customer", "1 08:10 reply"), "09:00") + told("10:00 customer")
    assert the(NEXT, derive(story, "10:10")).started == z("10:00")


# ------------------------------------------------------------------ ledger


def rows(clock: Clock) -> list[tuple[str, int, str]]:
    return [
        (f"{datetime.fromtimestamp(row.start, UTC):%d %H:%M}", row.counted, row.reason)
        for row in clock.ledger
    ]


def test_the_ledger_tells_a_customer_where_the_time_went() -> None:
    hours = replace(WORKDAYS, country="DE")
    policy = Policy(first_reply=3 * HOUR, pause=frozenset({"snoozed"}), hours=hours)
    story = [
        Happening(z("28 16:00"), "customer", by="Kim"),
        Happening(z("28 16:30"), "snoozed", by="Ada"),
        Happening(z("28 16:40"), "open"),
        Happening(z("30 12:00"), "held", by="Ada"),
        Happening(z("31 23:00"), "note"),
        Happening(z("31 23:00") + 2 * DAY, "reply", by="Ben"),
    ]
    (clock,) = ledger(story, policy, story[-1].at + 5)
    assert clock.taken == 50 * MINUTE + 10 * HOUR
    assert rows(clock) == [
        ("28 16:00", 0, "the customer wrote for the first time (Kim)"),
        ("28 16:00", 30 * MINUTE, "opening hours"),
        ("28 16:30", 0, "paused: snoozed (Ada)"),
        ("28 16:40", 20 * MINUTE, "opening hours"),
        ("28 17:00", 0, "outside opening hours"),
        ("28 23:00", 0, "holiday: Good Friday"),
        ("29 23:00", 0, "outside opening hours"),
        ("31 22:00", 0, "holiday: Easter Monday"),
        ("01 22:00", 0, "outside opening hours"),
        ("02 06:00", 130 * MINUTE, "opening hours"),
        ("02 08:10", 0, "the deadline"),
        ("02 08:10", 10 * HOUR - 130 * MINUTE, "opening hours"),
        ("02 16:00", 0, "outside opening hours"),
        ("02 23:00", 0, "we replied (Ben): late"),
    ]


def test_the_ledger_of_a_running_clock_ends_with_its_deadline() -> None:
    (clock, _) = ledger(told("09:30 customer"), POLICY, z("10:00"))
    assert rows(clock)[-2:] == [("21 10:00", 0, "now: still running"), ("21 10:30", 0, "the deadline")]


def test_the_ledger_of_promises_and_follow_ups_says_how_they_ended() -> None:
    story = told(
        "08:00 follow-up 12:00", "08:00 promise 12:00", "09:00 promise 13:00", "10:00 customer", "10:30 kept"
    )
    found = {clock.state: rows(clock) for clock in ledger(story, Policy(), z("11:00"))}
    assert found[ClockState.MOVED][1] == ("21 09:00", 0, "moved by a later promise")
    assert found[ClockState.CANCELLED][1] == ("21 10:00", 0, "cancelled: the customer wrote")
    assert found[ClockState.MET][1] == ("21 10:30", 0, "promise kept: in time")


def test_the_ledger_of_an_imported_message_begins_at_the_import() -> None:
    (clock, _) = ledger(imported(told("1 08:00 customer"), "09:00"), POLICY, z("09:30"))
    assert rows(clock)[0] == ("21 09:00", 0, "the import: nothing is late by being imported")


# ------------------------------------------------------------------ a slow clockwork as judge

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


def test_a_deadline_beyond_every_opening_is_never() -> None:
    once = Hours(zone="UTC", openings=((date(2013, 3, 21), ((9 * HOUR, 10 * HOUR),)),))
    clock = the(FIRST, derive(told("09:30 customer"), "12:00", Policy(first_reply=HOUR, hours=once)))
    assert (clock.state, clock.due) == (ClockState.RUNNING, NEVER)


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

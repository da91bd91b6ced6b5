"""Clocks of a conversation, one story a rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from inbox.hours import Hours
from inbox.model import ClockState
from inbox.open_time import NEVER
from inbox.policy import Policy
from inbox.sla import next_due
from tests.clock_stories import (
    DAILY,
    FIRST,
    HOUR,
    MINUTE,
    NEXT,
    POLICY,
    PROMISE,
    RESOLVE,
    UPDATE,
    derive,
    imported,
    kinds,
    the,
    told,
    z,
)

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


# ------------------------------------------------------------------ imported history


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


def test_a_deadline_beyond_every_opening_is_never() -> None:
    once = Hours(zone="UTC", openings=((date(2013, 3, 21), ((9 * HOUR, 10 * HOUR),)),))
    clock = the(FIRST, derive(told("09:30 customer"), "12:00", Policy(first_reply=HOUR, hours=once)))
    assert (clock.state, clock.due) == (ClockState.RUNNING, NEVER)

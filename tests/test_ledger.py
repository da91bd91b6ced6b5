"""The ledger: where the time of a clock went, in words for a customer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from inbox.ledger import ledger
from inbox.model import Clock, ClockState, Happening
from inbox.policy import Policy
from tests.clock_stories import (
    DAY,
    HOUR,
    MINUTE,
    POLICY,
    WORKDAYS,
    imported,
    told,
    z,
)


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

"""What holds of every deadline and every ledger, whatever the hours, the policy and the story."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.hours import Hours
from inbox.ledger import ledger
from inbox.model import Clock, Happening
from inbox.scenario import Scenario, parse_scenario
from inbox.sla import clocks, status_after
from tests.told_scenarios import WEEKS, ZONES, stories
from tui.line import why
from tui.screens.sheets import Sheets

QUARTER = 900
starts = st.builds(int.__add__, st.sampled_from(WEEKS), st.integers(0, 10 * 86_400))
lengths = st.integers(1, 60 * 3600)
pausing = ("waiting", "held", "snoozed", "spam")


@st.composite
def weeks(draw: st.DrawFn) -> list[set[int]]:
    """Of each weekday the quarters of an hour that are open; somewhere at least one."""
    week = [draw(st.sets(st.integers(0, 95), max_size=8)) for _ in range(7)]
    week[draw(st.integers(0, 6))].add(draw(st.integers(0, 95)))
    return week


def hours(zone: str, week: list[set[int]]) -> Hours:
    """A calendar that is open in these quarters."""
    days = (tuple((QUARTER * each, QUARTER * (each + 1)) for each in sorted(day)) for day in week)
    return Hours(zone=zone, week=tuple(days))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), weeks(), starts, lengths, lengths)
def test_more_open_time_to_go_never_ends_earlier(
    zone: str, week: list[set[int]], start: int, first: int, more: int
) -> None:
    office = hours(zone, week)
    assert office.add(start, first) <= office.add(start, first + more)
    assert office.add(start, first) <= office.add(start + more, first)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), weeks(), weeks(), starts, lengths)
def test_longer_opening_hours_never_make_a_deadline_later(
    zone: str, week: list[set[int]], more: list[set[int]], start: int, target: int
) -> None:
    longer = [day | other for day, other in zip(week, more, strict=True)]
    assert hours(zone, longer).add(start, target) <= hours(zone, week).add(start, target)


def derived(told: str) -> tuple[Scenario, tuple[Clock, ...]]:
    scenario = parse_scenario(told, "scenario.toml")
    return scenario, ledger(scenario.happenings, scenario.policy, scenario.now)


@settings(max_examples=120, deadline=None)
@given(stories())
def test_a_deadline_lies_in_open_time_or_at_a_close(told: str) -> None:
    scenario, found = derived(told)
    for clock in found:
        if clock.taken is not None and clock.due is not None:
            (last,) = scenario.policy.hours.spans(clock.due - 1, clock.due)
            assert last.is_open, clock


@settings(max_examples=120, deadline=None)
@given(stories())
def test_the_rows_of_a_ledger_add_up_and_leave_no_hole(told: str) -> None:
    _, found = derived(told)
    for clock in found:
        rows = clock.ledger
        assert rows[0].start == rows[0].end == clock.started
        assert all(
            row.start <= row.end and row.reason and row.counted in (0, row.end - row.start) for row in rows
        )
        if clock.taken is None:
            continue
        assert sum(row.counted for row in rows) == clock.taken
        at = clock.started
        for row in rows:
            if row.start < row.end:
                assert row.start == at
                at = row.end
        assert at == (clock.met if clock.met is not None else max(each.end for each in rows[:-1]))


def is_done_with(happened: list[Happening]) -> bool:
    """Whether it was closed, and at most called spam since."""
    status, done = "open", False
    for each in happened:
        status = status_after(status, each.what)
        done = status == "closed" or (done and status == "spam")
    return done


@settings(max_examples=120, deadline=None)
@given(stories(), st.data())
def test_splitting_a_pause_in_two_changes_nothing(told: str, data: st.DataObject) -> None:
    scenario = parse_scenario(told, "scenario.toml")
    happened = sorted(scenario.happenings, key=lambda each: each.at)
    places = [
        number
        for number, each in enumerate(happened)
        if each.what in pausing and not is_done_with(happened[:number])  # else to go on is to open it again
    ]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    ends = [*(each.at for each in happened), max(scenario.now, happened[-1].at)]
    at = data.draw(st.integers(happened[place].at, ends[place + 1]))
    again = [Happening(at, "open"), replace(happened[place], at=at)]
    split = [*happened[: place + 1], *again, *happened[place + 1 :]]
    assert clocks(split, scenario.policy, scenario.now) == clocks(happened, scenario.policy, scenario.now)


@settings(max_examples=80, deadline=None)
@given(stories())
def test_what_people_read_adds_up_as_well(told: str) -> None:
    scenario, found = derived(told)
    zone = scenario.policy.hours.timeline.zone
    for clock in found:
        for lines, pattern in (
            (why._clocks([clock], [], zone), r"^  \S.*?  +((?:\d+[hms])+)  opening hours$"),
            (_on_the_screen(clock, zone, scenario.now), r"counts (\S+) h  opening hours$"),
        ):
            said = [read[1] for line in lines if (read := re.search(pattern, line))]
            assert sum(map(_seconds, said)) == (clock.taken or 0), said


def _on_the_screen(clock: Clock, zone: ZoneInfo, now: int) -> list[str]:
    seat = SimpleNamespace(now=lambda: now, zone=zone)
    return list(Sheets._clock(SimpleNamespace(seat=seat), clock, []))  # type: ignore[arg-type]  # all it asks for


def _seconds(said: str) -> int:
    """`1h30m5s`, or `1:30` and `1:30:05`, in seconds."""
    if ":" in said:
        hours, minutes, *seconds = map(int, said.split(":"))
        return hours * 3600 + minutes * 60 + sum(seconds)
    return sum(
        int(number) * {"h": 3600, "m": 60, "s": 1}[unit] for number, unit in re.findall(r"(\d+)([hms])", said)
    )

"""Times as people type them when they snooze: read one way or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.hours import ALWAYS, Hours
from tests.shop import NOW, ZONE, at, settings
from tui.when import parse_when, presets

HOURS = settings().hours  # Mon-Fri 09:00-17:00 in Vienna; it is Tuesday, 10 November 2026, 11:05


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("3h", "2026-11-10 14:05"),
        ("2 d", "2026-11-12 11:05"),
        ("17:00", "2026-11-10 17:00"),
        ("9:00", "2026-11-11 09:00"),
        ("tomorrow", "2026-11-11 09:00"),
        ("tomorrow 7:30", "2026-11-11 07:30"),
        ("fri", "2026-11-13 09:00"),
        ("Friday 14:00", "2026-11-13 14:00"),
        ("tue", "2026-11-17 09:00"),
        ("sat", "2026-11-16 09:00"),
        ("2026-12-24 12:00", "2026-12-24 12:00"),
        ("2027-05-01", "2027-05-03 09:00"),
    ],
)
def test_what_is_typed_is_read_one_way(typed: str, meant: str) -> None:
    assert parse_when(typed, NOW, ZONE, HOURS) == at(meant)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "we",
        "demain 9h",
        "25:00",
        "2026-02-30",
        "2020-01-01",
        "3",
        "h",
        "fri 14",
        "yesterday",
        "1:2:3",
        "0h",
    ],
)
def test_what_is_not_certain_is_not_guessed(typed: str) -> None:
    assert parse_when(typed, NOW, ZONE, HOURS) is None


def test_presets_begin_when_we_open() -> None:
    found = {key: until for key, _, until in presets(at("2026-11-13 16:00"), ZONE, HOURS)}  # a Friday
    assert found == {
        "h": at("2026-11-13 19:00"),
        "t": at("2026-11-16 09:00"),
        "d": at("2026-11-17 09:00"),
        "m": at("2026-11-16 09:00"),
        "w": at("2026-11-20 09:00"),
    }


def test_where_it_is_always_open_a_day_begins_at_nine() -> None:
    assert parse_when("tomorrow", NOW, ZONE, ALWAYS) == at("2026-11-11 09:00")


@given(st.text(max_size=30))
def test_no_text_breaks_it_and_what_it_reads_lies_ahead(text: str) -> None:
    found = parse_when(text, NOW, ZONE, HOURS)
    assert found is None or found > NOW


def test_a_calendar_that_never_opens_gives_no_time_that_has_passed() -> None:
    never = Hours(zone="Europe/Vienna")
    assert all(until > NOW for _, _, until in presets(NOW, ZONE, never))

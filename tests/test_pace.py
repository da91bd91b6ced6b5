"""The pace of the day: what is due before the closing, and what that asks of each who is here."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from inbox.hours import ALWAYS, Hours
from inbox.model import Instant
from inbox.pace import Pace, closing, pace
from storage.workspace import Workspace
from tests.screenplay import playing
from tests.shop import did

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = 3600
NOONS = Hours(zone="Europe/Berlin", week=(((8 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR)),) * 5 + ((), ()))


def at(text: str) -> Instant:
    return int(datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp())


@pytest.mark.parametrize(
    ("now", "closes"),
    [
        ("2026-03-16 09:00", "2026-03-16 17:00"),  # a pause at noon is no closing
        ("2026-03-16 16:59:59", "2026-03-16 17:00"),
        ("2026-03-16 17:00", None),
        ("2026-03-16 12:30", None),
        ("2026-03-15 10:00", None),  # a Sunday
    ],
)
def test_the_day_closes_at_the_end_of_its_last_hours(now: str, closes: str | None) -> None:
    assert closing(NOONS, at(now)) == (at(closes) if closes else None)


def test_where_it_is_always_open_no_day_closes() -> None:
    assert closing(ALWAYS, at("2026-03-16 09:00")) is None


def test_the_open_time_left_is_shared_by_those_who_are_here() -> None:
    now, closes = at("2026-03-16 09:00"), at("2026-03-16 17:00")
    left = NOONS.between(now, closes)
    assert pace(140, closes, 3, now, left) == Pace(140, closes, 3, 7)  # 140 in seven hours by three: 6.7
    assert pace(140, closes, 0, now, left) == Pace(140, closes, 1, 20)


def test_a_few_are_seen_without_being_counted() -> None:
    now, closes = at("2026-03-16 09:00"), at("2026-03-16 17:00")
    assert pace(3, closes, 1, now, 7 * HOUR) is None
    assert pace(9, None, 1, now, 0) is None


def test_in_the_last_minutes_nobody_is_asked_for_hundreds_an_hour() -> None:
    closes = at("2026-03-16 17:00")
    found = pace(10, closes, 1, closes - 60, 60)
    assert found is not None
    assert found.each == 40  # as if a quarter of an hour were left


async def test_the_bottom_line_says_what_is_due_today_and_counts_down_as_it_is_done(store: Workspace) -> None:
    async with playing(store, size=(160, 40)) as stage:
        assert "4 due by 17:00 · 1 here · 1 an hour" in stage.app.inbox.hints.state
        did(store, "bo", "close", conversation=1, why="thanks")
        await stage.rest()
        assert "due by" not in stage.app.inbox.hints.state  # three are seen without being counted


async def test_where_there_is_little_room_the_first_words_are_enough(store: Workspace) -> None:
    async with playing(store, size=(110, 30)) as stage:
        assert "4 due by 17:00 · anna" in stage.app.inbox.hints.state
    async with playing(store, size=(80, 24)) as stage:
        assert "due by" not in stage.app.inbox.hints.state

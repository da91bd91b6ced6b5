"""The minute: what becomes late while a screen is open is seen without a key, and nothing else moves by itself."""

from __future__ import annotations

import pytest

from storage.workspace import Workspace
from tests.screenplay import playing
from tests.shop import NOW, Clock, at, deliver, did, mail
from tui.seat import Pace

SIZES = [(80, 24), pytest.param((160, 48), marks=pytest.mark.long)]
DEADLINE = at("2026-11-10 11:06")


@pytest.mark.parametrize("size", SIZES)
async def test_what_becomes_late_is_seen_on_the_minute_without_a_key(
    store: Workspace, size: tuple[int, int]
) -> None:
    did(store, "anna", "promise", conversation=6, until=DEADLINE, now=NOW - 600)
    clock = Clock(DEADLINE - 1)
    async with playing(store, size, now=clock) as stage:
        row = next(line for line in stage.pane("list").split("\n") if "Another" in line)
        assert "0:00" in row and "!" not in row
        assert "2 late" in stage.said
        clock.now = DEADLINE + 60
        await stage.until(lambda: "3 late" in stage.said)
        row = next(line for line in stage.pane("list").split("\n") if "Another" in line)
        assert "!-0:01" in row


async def test_the_header_of_an_open_conversation_follows(store: Workspace) -> None:
    did(store, "anna", "promise", conversation=6, until=DEADLINE, now=NOW - 600)
    clock = Clock(DEADLINE - 1)
    async with playing(store, (80, 24), now=clock) as stage:
        stage.app.inbox.moving.open_conversation(6)
        await stage.rest()
        assert "0:00, promised 11:06" in stage.pane("conversation")
        clock.now = DEADLINE + 60
        await stage.until(lambda: "!-0:01, promised 11:06" in stage.pane("conversation"))


async def test_what_a_promise_brings_back_turns_up_by_itself(store: Workspace) -> None:
    did(store, "anna", "promise", conversation=6, until=DEADLINE, now=NOW - 600)
    did(store, "anna", "hold", conversation=6, whom="carrier")
    clock = Clock(DEADLINE - 1)
    async with playing(store, (80, 24), now=clock) as stage:
        assert "Another question" not in stage.pane("list")
        clock.now = DEADLINE + 60
        await stage.until(lambda: "1 new · g r" in stage.text)
        await stage.press("g r")
        assert "Another question" in stage.pane("list")


async def test_between_two_minutes_nothing_ticks(store: Workspace) -> None:
    deliver(store, mail("Kim <kim@kim.example>", "A bulb", "Broken.\n", "2026-11-10 11:00"))
    async with playing(store, (160, 48), now=Clock(NOW), pace=Pace(presence=60)) as stage:
        await stage.until(lambda: not stage.app.background.busy)
        here = (stage.app, stage.app.screen, *stage.app.screen.walk_children())
        timers = [timer for pump in here for timer in pump._timers if timer._active.is_set()]
        ticking = [timer._interval for timer in timers if timer._repeat is None]
        waiting = [timer._interval for timer in timers if timer._repeat is not None]
        assert ticking == [60]  # who else is here, and how the worker does
        assert max(waiting) > 50  # the minute
        assert sum(interval > 3 for interval in waiting) == 1

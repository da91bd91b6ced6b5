"""What the screen puts off for a moment is done late where the machine stood still meanwhile, and never not at all."""

from __future__ import annotations

import itertools

import pytest
from textual import _time

from storage.workspace import Workspace
from tests.screenplay import playing
from tests.shop import deliver, mail


async def test_what_was_put_off_while_the_machine_stood_still_is_done_after_all(
    store: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with playing(store) as stage:
        looks, real = itertools.count(), _time.get_time
        with monkeypatch.context() as standing:
            # it stands still for an hour after each of the next looks at the clock
            standing.setattr(_time, "get_time", lambda: real() + 3600 * min(next(looks), 50))
            deliver(store, mail("Eve <eve@eve.example>", "Broken on arrival", "Look.\n", "2026-11-10 11:04"))
            await stage.rest()
        assert "1 new" in stage.pane("list")

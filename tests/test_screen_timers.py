"""What the screen puts off for a moment is done late where the machine stood still meanwhile, and never not at all."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from threading import Event

import pytest
from textual import _time

from inbox.ports import Stretch
from storage.workspace import Workspace
from tests.screenplay import AT_ONCE, SOON, playing
from tests.shop import deliver, did, mail
from tui.screens.shelf import LEAD

UNSEEN = 4
"""A conversation that is not in the list."""
SEEN_BY_NOBODY = frozenset({UNSEEN})


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


async def test_the_first_change_after_quiet_is_read_at_once_and_a_flood_in_one_reading(
    store: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    pace = AT_ONCE._replace(settle=0.15)
    async with playing(store, pace=pace, monotonic=lambda: now[0]) as stage:
        shelf, asked = stage.app.inbox.shelf, list[float]()

        def later(delay: float, then: Callable[[], None]) -> None:
            asked.append(delay)
            if len(asked) < 3:
                then()

        await stage.until(lambda: not shelf._settling)  # what the start has asked for
        monkeypatch.setattr(stage.app.inbox, "set_timer", later)
        now[0] += 10
        shelf.rang(frozenset({2}))  # somebody has changed something, after seconds of quiet
        assert asked == [LEAD]
        now[0] += 0.05
        shelf.rang(frozenset({3}))  # and the next in the same moment
        assert asked[1:] == [pytest.approx(0.10)]
        for number in (4, 5, 6):
            shelf.rang(frozenset({number}))
        assert len(asked) == 3  # of a flood one reading


async def test_of_a_flood_of_rings_what_is_in_sight_is_heeded_at_once_and_the_last_is_not_lost(
    store: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, late = [1000.0], list[Callable[[], None]]()
    did(store, "bo", "no-answer", conversation=UNSEEN)
    async with playing(store, pace=AT_ONCE._replace(settle=5, spread=0), monotonic=lambda: now[0]) as stage:
        screen = stage.app.inbox
        heeded: list[frozenset[int] | None] = []
        tags = itertools.count(1)
        rang, set_timer = screen.shelf.rang, screen.set_timer

        def wait(delay: float, then: Callable[[], None]) -> object:
            if delay <= SOON or then == screen.shelf.look:
                return set_timer(delay, then)
            assert delay == pytest.approx(3)
            late.append(then)
            return None

        def note(conversations: frozenset[int] | None) -> None:
            heeded.append(conversations)
            rang(conversations)

        async def change(number: int) -> None:
            did(store, "bo", "tag", conversation=number, add=(f"tag{next(tags)}",))
            await stage.rest()

        monkeypatch.setattr(screen, "set_timer", wait)
        monkeypatch.setattr(screen.shelf, "rang", note)
        await change(UNSEEN)
        assert heeded == [SEEN_BY_NOBODY]
        now[0] += 2
        await change(UNSEEN)
        await change(UNSEEN)
        assert len(heeded) == len(late) == 1  # nobody sees it
        await change(1)
        assert "tag4" in stage.pane("list")
        assert heeded[1:] == [SEEN_BY_NOBODY | {1}]
        late.pop()()  # all of it was heeded meanwhile
        assert len(heeded) == 2
        now[0] += 2
        await change(UNSEEN)
        assert len(heeded) == 2
        now[0] += 3
        late.pop()()
        assert heeded[2:] == [SEEN_BY_NOBODY]


async def test_what_changes_while_a_conversation_is_read_is_read_again(
    store: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with playing(store, (160, 48)) as stage:
        heeded, stretch, rang = Event(), store.stretch, stage.app.inbox.shelf.rang

        def slow(*asked: int, **more: int) -> Stretch:
            found = stretch(*asked, **more)
            if not heeded.is_set():  # what was found is old before it is shown
                did(store, "bo", "note", conversation=asked[0], text="She rang just now.")
                assert heeded.wait(20)
            return found

        def note(conversations: frozenset[int] | None) -> None:
            rang(conversations)
            stage.app.call_later(heeded.set)

        monkeypatch.setattr(store, "stretch", slow)
        monkeypatch.setattr(stage.app.inbox.shelf, "rang", note)
        await stage.press("j")
        await stage.until(lambda: "note, only the team sees it" in stage.pane("conversation"))

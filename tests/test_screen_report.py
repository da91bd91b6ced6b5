"""The report on the screen: what stands where, one grouping after the other, and from a number to its conversations."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual import events

from inbox.errors import WorldError
from inbox.figures import COLUMNS, GROUPINGS
from inbox.text import cells
from storage.workspace import Workspace
from tests.screenplay import Stage, playing
from tests.shop import STORY, at, deliver, did, mail, shop
from tui.keys import to_textual

SMALL, LARGE = (80, 24), (160, 48)


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Workspace]:
    """The shop, in which two were closed, one has two tags, and one customer asked in October."""
    old = mail("Jo Park <jo@park.example>", "An old matter", "Any news?\n", "2026-10-06 10:00")
    store = shop(tmp_path, [old, *STORY])
    did(store, "bo", "close", at("2026-10-07 10:00"), conversation=1, why="elsewhere")
    did(store, "bo", "close", at("2026-11-10 10:00"), conversation=4, why="thanks")
    did(store, "bo", "tag", at("2026-11-10 10:00"), conversation=2, add=["refund", "vip"])
    yield store
    store.close()


def rows(stage: Stage) -> list[str]:
    """The groups, as they stand."""
    return [line for line in stage.lines[7:-3] if line.strip()]


async def send(stage: Stage, *keys: str) -> None:
    """Press keys while a thread is at work, and let them be painted."""
    for key in keys:
        stage.app.post_message(events.Key(to_textual(key), key if len(key) == 1 else None))
        await stage.pilot.pause()


@pytest.mark.parametrize("size", [SMALL, pytest.param(LARGE, marks=pytest.mark.long)])
async def test_it_shows_this_span_beside_the_one_before_and_a_plot(
    busy: Workspace, size: tuple[int, int]
) -> None:
    async with playing(busy, size) as stage:
        await stage.press("g R")
        lines = stage.lines
        assert lines[0].startswith(" Report  90 days, since Wed 12 Aug 00:00; as of 11:05")
        assert "[week]  teammate   customer   channel   tag   outcome   cause" in lines[1]
        assert lines[2].split()[:4] == ["opened", "answered", "waiting", "late"]
        assert lines[3].split()[:4] == ["▌", "this", "period", "[7]"]
        assert lines[4].split()[:4] == ["the", "one", "before", "0"]
        assert lines[5].split()[:3] == ["change", "▲", "new"]
        assert rows(stage)[-1].split()[:2] == ["2026-11-09", "6"]
        assert "█" in rows(stage)[-1]
        assert lines[-2].strip() == "opened by week  ▁▁▁▁▁▁▁▁▃▁▁▁▁█  most 6, week of 2026-11-09"
        assert all(cells(line) <= size[0] for line in lines)
        assert ("kept" in lines[2]) is (size == LARGE)


async def test_tab_goes_through_the_groupings_and_back(busy: Workspace) -> None:
    async with playing(busy, SMALL) as stage:
        await stage.press("g R")
        for by in (*GROUPINGS[1:], "week"):
            await stage.press("tab")
            assert f"[{by}]" in stage.lines[1]
        await stage.press("shift+tab")
        assert "[cause]" in stage.lines[1]
        await stage.press("shift+tab")
        assert [row.split()[0] for row in rows(stage)] == ["(not", "elsewhere", "thanks"]
        await stage.press("shift+tab")
        assert {row.split()[0] for row in rows(stage)} == {"(no", "refund", "vip"}


async def test_every_figure_is_reached_and_named_on_a_small_screen(busy: Workspace) -> None:
    async with playing(busy, SMALL) as stage:
        await stage.press("g R")
        seen = []
        for column in COLUMNS:
            assert column.head in stage.lines[2]
            assert stage.lines[-2].startswith(f"  {column.head} by week")
            seen.append(stage.lines[3])
            await stage.press("l")
        assert all("[" in line for line in seen)
        assert "◂" in stage.lines[2] and "▸" not in stage.lines[2]
        await stage.press(*["left"] * 20)
        assert "▸" in stage.lines[2] and "◂" not in stage.lines[2]


async def test_enter_opens_exactly_what_is_behind_a_number_and_escape_comes_back(busy: Workspace) -> None:
    async with playing(busy, LARGE) as stage:
        await stage.press("g R", "tab", "tab")
        stage.app.inbox.report.pane.go_to_column(2)  # waiting
        row = next(at for at, line in enumerate(rows(stage), 1) if "Anna Weber" in line)
        await stage.press(*["j"] * row, "enter")
        assert sorted(stage.app.inbox.list.ids) == [3, 7]
        assert stage.app.inbox.context == "list"
        assert "Report: waiting · customer Anna Weber" in stage.text
        await stage.press("escape")
        assert "[customer]" in stage.lines[1] and "▌ Anna Weber" in stage.text
        await stage.press("escape")
        assert stage.app.inbox.context == "list"
        assert "Report" not in stage.lines[0]


async def test_of_a_percentile_those_who_waited_that_long_or_longer(busy: Workspace) -> None:
    async with playing(busy, LARGE) as stage:
        await stage.press("g R", *["l"] * 5, "enter")
        assert list(stage.app.inbox.list.ids) == [3]  # since Monday 09:10: nobody has waited longer
        await stage.press("escape", "l", "enter")
        assert "There is nothing behind this one." in stage.said


async def test_another_span_and_the_record_again(busy: Workspace) -> None:
    async with playing(busy, SMALL) as stage:
        await stage.press("g R", "s")
        assert "365 days, since" in stage.lines[0]
        await stage.press("s")
        assert "7 days, since Tue 3 Nov 00:00" in stage.lines[0]
        assert "[6]" in stage.lines[3]
        deliver(busy, mail("New <new@new.example>", "Hello", "?\n", "2026-11-10 11:00"))
        await stage.press("escape", "g R")
        assert "[6]" in stage.lines[3]  # as it was read
        await stage.press("r")
        assert "[7]" in stage.lines[3]


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
async def test_the_reading_can_be_stopped_and_r_begins_again(busy: Workspace, key: str) -> None:
    async with playing(busy, SMALL) as stage:
        gate = threading.Event()
        stage.app.background.go_through("before it", lambda _: gate.wait(60), lambda _: None)
        await send(stage, "g", "R")
        assert "Reading the record" in stage.lines[0]
        await send(stage, key)
        assert "Stopped. r reads it again." in stage.said
        gate.set()
        await stage.rest()
        assert stage.app.inbox.report.pane.table is None
        await stage.press("r")
        assert "[7]" in stage.lines[3]


async def test_while_it_is_read_everything_else_goes_on(busy: Workspace) -> None:
    async with playing(busy, SMALL) as stage:
        gate = threading.Event()
        stage.app.background.go_through("before it", lambda _: gate.wait(60), lambda _: None)
        await send(stage, "g", "R")
        await send(stage, "0")
        await send(stage, "enter")
        assert "Reading the record" not in stage.lines[0]
        assert stage.app.inbox.context == "conversation"
        gate.set()
        await stage.rest()
        await stage.press("g R")
        assert "[7]" in stage.lines[3]


async def test_a_record_that_cannot_be_read_is_said_and_the_screen_goes_on(busy: Workspace) -> None:
    async with playing(busy, SMALL) as stage:

        def broken(_: object) -> None:
            raise WorldError("The disk is gone.", "Plug it in again.")

        stage.app.background.go_through("report", broken, lambda _: None, stage.app.inbox.report.back)
        await stage.rest()
        assert "The disk is gone." in stage.said
        await stage.press("g R")
        assert "[7]" in stage.lines[3]


async def test_an_empty_shop_says_so(tmp_path: Path) -> None:
    store = shop(tmp_path)
    async with playing(store, SMALL) as stage:
        await stage.press("g R", "tab")
        assert "Nothing happened in this span." in stage.text
        await stage.press("j", "l", "enter")
        assert "There is nothing behind this one." in stage.said
    store.close()


async def test_a_customer_with_a_hostile_name_stays_in_the_row(tmp_path: Path) -> None:
    name = b"=?utf-8?Q?[red]x=1b[31m=0aend=e2=80=ae?="
    raw = mail("NAME <x@evil.example>", "Hi", "?\n", "2026-11-10 09:00").replace(b"NAME", name)
    store = shop(tmp_path, [raw])
    async with playing(store, LARGE) as stage:
        await stage.press("g R", "tab", "tab")
        assert len(rows(stage)) == 1
        assert "[red]x[31m end" in rows(stage)[0]
        await stage.press("j", "enter")
        assert "customer [red]x" in stage.text
    store.close()

"""Long work on the screen: mail brought in beside the keys, seen with one key, stopped, and what is said of it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from textual import events

from inbox.ports import MailboxState
from storage.workspace import Workspace
from tests.screenplay import playing
from tests.servers.mailboxes import mailbox
from tests.shop import NOW, did

ROOT = Path(__file__).resolve().parents[1]
SAYS = r"""
import json, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
print("We seem to be support@shop.example", flush=True)
print("\x1e12400 40000", flush=True)
signal.sigwait({signal.SIGINT})
print(json.dumps({"added": 12400, "known": 3, "refused": []}))
sys.exit(130)
"""
"""An import that waits at a third of the way until it is stopped."""


@pytest.mark.parametrize("size", [(80, 24), pytest.param((160, 48), marks=pytest.mark.long)])
async def test_an_import_shows_how_far_it_is_and_is_stopped_from_the_list_of_what_goes_on(
    store: Workspace, tmp_path: Path, size: tuple[int, int]
) -> None:
    mails = tmp_path / "old [mail]"
    mails.mkdir()
    program = (sys.executable, "-I", "-S", "-c", SAYS)
    async with playing(store, size, program=program) as stage:
        await stage.press("g p")
        assert "Nothing long is under way." in stage.said
        await stage.press(":")
        await stage.type(f"import {mails}")
        await stage.hurry("enter")
        under_way = stage.app.inbox.under_way
        await stage.until(lambda: "12\u202f400 of 40\u202f000" in under_way.in_short)
        await stage.press("j")  # no key waits
        assert "importing 12 400 of 40 000" in stage.said
        await stage.press(":")
        await stage.type(f"import {mails}")
        await stage.hurry("enter")
        assert "One import after the other. g p shows how far this one is." in stage.said
        await stage.press("g p")
        assert "importing old [mail]" in stage.text and "(31 %)" in stage.text
        await stage.hurry("enter")
        await stage.until(lambda: not under_way.in_short)
        assert "Stopped: 12 400 added, 3 known. The same import goes on from there." in stage.said
    assert not store.verify(NOW)


async def test_mail_comes_in_while_the_screen_goes_on(store: Workspace, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.eml").write_text(
            f"From: Pat <pat@old.example>\nTo: support@shop.example\nMessage-ID: <{number}@old.example>\n"
            f"Subject: Old matter {number}\nDate: Mon, 2 Mar 2026 10:0{number}:00 +0000\n\nHello {number}\n"
        )
    program = (sys.executable, str(ROOT / "main.py"), "--workspace", str(store.workspace))
    before = store.read("SELECT count(*) FROM messages")[0][0]
    async with playing(store, program=program) as stage:
        await stage.press(":")
        await stage.type("import /nowhere/at/all")
        await stage.hurry("enter")
        assert "There is nothing at '/nowhere/at/all'." in stage.said
        stage.app.inbox.taking_in.begin(str(tmp_path / "0.eml"))
        await stage.until(lambda: not stage.app.inbox.under_way.in_short)
        assert "Imported: 1 added." in stage.said
        stage.app.inbox.taking_in.begin(str(tmp_path / "settings.toml.missing"))
        await stage.rest()
        assert "There is nothing at" in stage.said
    assert store.read("SELECT count(*) FROM messages")[0][0] == before + 1
    assert not store.verify(NOW)


async def test_where_paths_are_closed_there_is_no_import(store: Workspace) -> None:
    async with playing(store, restricted=True, program=("frontdesk",)) as stage:
        await stage.press(":")
        await stage.type("import /etc/passwd")
        await stage.hurry("enter")
        assert "No paths here: this account is restricted." in stage.said


async def test_a_search_that_takes_long_can_be_left_and_holds_up_nothing_that_follows(
    store: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All words of all mail, again and again: longer than anybody would wait."""
    monkeypatch.setattr("tui.screens.under_way.LONG", 0.01)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, i, i FROM n WHERE i < ? LIMIT ?"
    monkeypatch.setattr("storage.finding.message_sql", lambda *_, **__: (endless, (0, 1)))
    async with playing(store) as stage:
        await stage.press("/")
        for key in (*"refund", "enter"):
            stage.app.post_message(events.Key(key, key if len(key) == 1 else "\r"))
        under_way = stage.app.inbox.under_way
        async with asyncio.timeout(60):
            while "searching" not in under_way.in_short:
                await asyncio.sleep(0.005)
        monkeypatch.undo()
        await stage.press("escape")
        assert under_way.in_short == ""
        assert "Due next" in stage.text and "Search" not in stage.pane("list")
        await stage.press("/", *"refund", "enter")
        assert "Refund for order 4711" in stage.pane("list")


async def test_what_the_worker_does_stands_there_and_goes_on(store: Workspace) -> None:
    hostile = "\x1b]0;P\x07[b]INBOX\u202e\nQUIT"
    store.show_mailbox(
        MailboxState("support", "fetching", NOW - 60, folder=hostile, done=100, of=1000, began=NOW - 60)
    )
    item = store.items(1)[-1]
    did(store, "anna", "reply", conversation=1, text="Soon.", to=["jo@park.example"],
        sender="support@shop.example", item=item, leave_after=20)  # fmt: skip
    with store.lease():
        async with playing(store, (80, 24), mailboxes=(mailbox(),)) as stage:
            await stage.press("g p")
            rows = [line for line in stage.lines if "fetching" in line or "1 message waits" in line]
            assert "100 of 1 000 (10 %)" in rows[0] and "]0;P[b]INBOX" in rows[0]
            assert not {"\x1b", "\x07", "\u202e"} & set(stage.text)
            await stage.press("enter")
            assert "the worker's" in stage.text and "Under way" in stage.asked
            await stage.press("escape")
            assert stage.app.inbox.prompt is None
            await stage.pilot.resize_terminal(20, 5)
            await stage.press("g p", "down", "enter", "escape")


async def test_what_ends_while_it_is_looked_at_stays_under_the_hands(store: Workspace) -> None:
    stopped: list[str] = []
    async with playing(store, (80, 24)) as stage:
        under_way = stage.app.inbox.under_way
        first = under_way.begin("telling", "strike", lambda: stopped.append("first"), "")
        second = under_way.begin("closing", "[b]12\x1b[2J", lambda: stopped.append("second"), "It stays.")
        await stage.press("g p")
        under_way.end(first)  # a moment before Enter
        await stage.press("enter")
        assert stopped == [] and "It has ended." in stage.text
        await stage.press("down", "enter")
        assert stopped == ["second"] and "Stopping. It stays." in stage.said
        assert "closing stopping" in under_way.in_short
        assert under_way.stop_all() == []  # it was told to stop
        under_way.end(second)
        await stage.press("g p")
        assert "Nothing long is under way." in stage.said
        late = under_way.begin("searching", "lamp", lambda: None, "", long=False)
        under_way.end(late)
        assert under_way.in_short == "" and under_way.stop_all() == []

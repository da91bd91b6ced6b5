"""Alerts on the screen: said below, rung once for a person however many screens they have, and clean whatever is in them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from inbox.alerts import Alert, Kind, in_words
from inbox.hours import ALWAYS
from inbox.settings import Alerts, Settings
from inbox.text import sanitise
from storage.workspace import Workspace, open_store
from tests.front import TEAM
from tests.screenplay import Stage, playing
from tests.shop import NOW, STORY, at, deliver, did, mail, shop
from tests.terminal import frontdesk
from tests.test_screen_hostile import BODIES, FORBIDDEN
from tui.terminal_kind import inside, sounds, terminal_key, through, to_clipboard

MINUTE = 60
ANY_TIME: dict[str, Any] = {"hours": lambda: ALWAYS}


async def minute(stage: Stage, at: int) -> str:
    """The minute comes; what was rung."""
    stage.clock.now = at
    rung: list[str] = []
    stage.app.inbox.status.alerts.sound = rung.append
    stage.app.inbox.call_later(stage.app.inbox.status.alerts.look)  # as its timer calls it
    await stage.rest()
    return "".join(rung)


def first_deadline(store: Workspace) -> tuple[int, int]:
    """The next conversation that will be late, and when."""
    rows = store.rows([row[0] for row in store.read("SELECT id FROM conversations")])
    return min(
        (row.due_at, row.conversation.id) for row in rows if row.due_at is not None and row.due_at > NOW
    )


async def test_a_breach_is_said_and_rung_once_in_one_of_two_screens(store: Workspace) -> None:
    due, number = first_deadline(store)
    other = open_store(store.workspace)
    async with playing(store, **ANY_TIME) as one, playing(other, **ANY_TIME) as two:
        assert await minute(one, NOW) == ""  # what was late before is no news
        rung = [await minute(stage, due + MINUTE) for stage in (one, two)]
        assert rung == ["\a", ""]
        assert f"#{number} " in one.app.inbox.hints.said
        assert one.app.inbox.hints.said.startswith("! ")
        assert two.app.inbox.hints.said == ""
        assert await minute(one, due + 20 * MINUTE) == ""
    other.close()


async def test_who_wants_no_bell_only_reads(store: Workspace) -> None:
    due, _ = first_deadline(store)
    quiet = Settings(host_zone="Europe/Vienna", alerts=Alerts(bell=False))
    async with playing(store, settings=quiet, **ANY_TIME) as stage:
        await minute(stage, NOW)
        assert await minute(stage, due + MINUTE) == ""
        assert "late" in stage.app.inbox.hints.said


async def test_a_notice_goes_only_to_a_terminal_that_was_seen_to_pass_it(
    store: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    due, _ = first_deadline(store)
    environment = {"TERM": "tmux-256color", "TERM_PROGRAM": "tmux", "TMUX": "/tmp/tmux-0/default,1,0"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    store.documents.remember_terminal("anna", terminal_key(environment), ["osc9", "osc52"])
    store.documents.remember_terminal("bo", terminal_key(environment), ["osc777"])
    async with playing(store, **ANY_TIME) as stage:
        await minute(stage, NOW)
        rung = await minute(stage, due + MINUTE)
    assert rung.startswith("\a\x1bPtmux;\x1b\x1b]9;Frontdesk: ")
    assert rung.endswith("\a\x1b\\")
    assert store.documents.terminal("anna", "xterm / - / -") == frozenset()


@pytest.mark.parametrize("hostile", BODIES)
def test_60_nothing_of_a_hostile_name_reaches_the_terminal(hostile: str) -> None:
    words = in_words(
        [Alert(Kind.LATE, 12, hostile, ("x",)), Alert(Kind.WARNED, 13, f"4;0;{hostile}", ("y",))]
    )
    for way, semicolons in (("osc777", 3), ("osc9", 1)):
        said = sounds(words, [way])
        assert said.startswith("\a\x1b]")
        assert said.endswith("\a")
        inner = said[3:-1]
        assert not any(sign in inner for sign in FORBIDDEN)
        assert inner.count(";") == semicolons
        assert inner == sanitise(inner)


async def test_a_hostile_name_is_told_clean_by_the_screen(store: Workspace) -> None:
    number = deliver(store, mail("x@evil.example", "x", "Hello?\n", "2026-11-10 11:00"))
    with store.writing() as transaction:
        transaction.connection.execute(
            "UPDATE customers SET name = ? WHERE id = (SELECT customer FROM conversations WHERE id = ?)",
            ("\x1b]0;owned\x07\x9b31mEve\u202e", number),
        )
    due = store.rows([number])[0].due_at
    assert due is not None
    async with playing(store, **ANY_TIME) as stage:
        await minute(stage, due - MINUTE)
        assert await minute(stage, due + MINUTE) == "\a"
        assert f"#{number} " in stage.app.inbox.hints.said
        assert not any(sign in stage.app.inbox.hints.said for sign in FORBIDDEN)


def test_the_multiplexer_is_known_by_its_variable_and_over_ssh_by_term() -> None:
    assert inside({"TERM": "xterm-256color", "TMUX": "x"}) == "tmux"
    assert inside({"TERM": "tmux-256color"}) == "tmux"
    assert inside({"TERM": "screen.xterm"}) == "screen"
    assert inside({"TERM": "xterm-kitty"}) == ""
    assert terminal_key({"TERM": "\x1bevil\x07", "STY": "1"}).isprintable()


def test_a_sequence_goes_through_screen_in_pieces_that_it_takes() -> None:
    sent = through("\x1b]52;c;" + "A" * 1200 + "\a", "screen")
    assert sent.count("\x1bP") == sent.count("\x1b\\") == 3
    assert sent.replace("\x1bP", "").replace("\x1b\\", "") == "\x1b]52;c;" + "A" * 1200 + "\a"


async def test_a_link_is_copied_only_where_the_terminal_was_seen_to_take_it(
    store: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = mail("x@evil.example", "x", "See https://shop.example/42\n", "2026-11-10 11:00")
    number = deliver(store, page)
    monkeypatch.setenv("TERM", "xterm-kitty")
    async with playing(store) as stage:
        stage.app.inbox.moving.open_conversation(number)
        await stage.rest()
        await stage.press("l", "enter")
        assert "Not copied (frontdesk doctor --terminal). It leads to shop.example." in stage.said
        assert stage.app.clipboard == "https://shop.example/42"  # it can be pasted here
        assert not stage.app.copies
        store.documents.remember_terminal("anna", terminal_key(os.environ), ["osc52"])
        assert stage.app.copies
        await stage.press("enter")
        assert "Copied. It leads to shop.example." in stage.said


def test_what_is_copied_goes_as_tmux_and_screen_take_it() -> None:
    assert to_clipboard("x") == to_clipboard("x", "tmux") == "\x1b]52;c;eA==\a"  # tmux takes it itself
    assert to_clipboard("x", "screen") == "\x1bP\x1b]52;c;eA==\a\x1b\\"


def rung(raw: bytes) -> int:
    """How often the bell rang; what only ends a sequence (OSC) does not ring."""
    return re.sub(rb"\x1b\][^\x07\x1b]*\x07", b"", raw).count(b"\a")


def test_in_a_real_terminal_the_bell_rings_and_the_words_are_shown(tmp_path: Path) -> None:
    """The clock stands a second before a minute, so that minutes come quickly."""
    folder = tmp_path / "desk"
    shop(folder, STORY).close()
    (folder / "settings.toml").write_text(TEAM, "utf-8")
    store = open_store(folder)
    now = at("2026-11-10 11:05") + 59
    given = ("--workspace", str(folder), "--as", "anna", "--now", "2026-11-10T10:05:59Z")
    with frontdesk(*given, environment={"FRONTDESK_THEME": "dark"}) as terminal:
        terminal.until(lambda: store.alerts.mark("anna", "screen") is not None, "the first look")
        assert rung(terminal.raw) == 0
        did(store, "bo", "assign", conversation=1, to="anna", now=now)
        terminal.until_shown("assigned to you: #1 Jo Park")
        terminal.until(lambda: rung(terminal.raw) > 0, "the bell")
        assert rung(terminal.raw) == 1
    store.close()

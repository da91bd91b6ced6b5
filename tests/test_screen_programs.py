"""What programs know of a customer, on the screen: asked when the hands come, shown with its age, and no key waits."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inbox.around import around
from inbox.panels import PanelCommand, Said
from storage.workspace import Workspace
from tests.screenplay import Stage, playing
from tests.shop import NOW, deliver, did, mail, settings, shop
from tests.test_panels import worker
from tui.widgets import customer_panel

MAILS = (
    mail("Anna Weber <anna@weber.example>", "Lamp", "It is broken.\n", "2026-11-10 10:50"),
    mail("Jo Park <jo@park.example>", "Chair", "One chair.\n", "2026-11-10 10:52"),
    mail("Lea Roth <lea@roth.example>", "Hello", "Hi.\n", "2026-11-10 10:53"),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Workspace]:
    found = shop(tmp_path / "shop", MAILS)
    yield found
    found.close()


def panel(stage: Stage) -> str:
    return stage.pane("customer")


def asked(store: Workspace, name: str) -> list[int]:
    """Whom a program waits to be asked about."""
    with store.live.at_hand() as (connection, _):
        rows = connection.execute("SELECT customer FROM panel_asks WHERE panel = ?", (name,)).fetchall()
    return [row[0] for row in rows]


async def test_a_program_is_asked_when_a_conversation_is_opened_and_keys_go_on_meanwhile(
    store: Workspace, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    begun = tmp_path / "begun"
    script = f'touch {begun}; echo "order 4711 of $1"; cat {gate}'
    slow = PanelCommand("orders", ("sh", "-c", script, "sh", "{email}"))
    here = replace(settings(), panels=(slow,))
    with worker(store, slow, seconds=300):
        async with playing(store, size=(160, 48), settings=here) as stage:
            assert "orders" in panel(stage) and "not asked yet: opening asks" in panel(stage)
            await stage.press("j", "k")
            assert asked(store, "orders") == [], "nobody is asked about who is passed by"
            await stage.press("enter")
            await stage.until(lambda: "asking …" in panel(stage))
            assert asked(store, "orders") == [1]
            await stage.until(begun.exists)  # else Jo's takes its place before the worker has looked
            await stage.press("q", "j")  # it hangs, and hands go on
            assert "Jo Park" in panel(stage)
            await stage.press("n")
            await stage.type("a note")
            await stage.press("ctrl+s")
            assert "a note" in stage.pane("conversation")
            await stage.press("escape", "k", "enter")
            await stage.until(lambda: "asking …" in panel(stage))
            gate.write_text("shipped\n")
            await stage.until(lambda: "shipped" in panel(stage))
            assert "order 4711 of anna@weber.example" in panel(stage) and "just now" in panel(stage)
            assert asked(store, "orders") == [], "what was answered just now is not asked again"
            stage.clock.now += 1800
            stage.app.inbox.customer.tick()
            await stage.rest()
            assert "30 min ago" in panel(stage)
            stage.app.inbox.reading.again()
            await stage.rest()
            assert asked(store, "orders") == [], "it is asked when the hands come, not while they stay"
            await stage.press("i", "r")
            assert "asking …" in panel(stage) and "shipped" in panel(stage), "what was known stays meanwhile"
            gate.write_text("delivered\n")
            await stage.until(lambda: "delivered" in panel(stage))


async def test_what_is_known_stands_in_the_header_where_there_is_no_pane(store: Workspace) -> None:
    one, two = PanelCommand("orders", ("x", "{email}")), PanelCommand("credit", ("y", "{email}"))
    here = replace(settings(), panels=(one, two))
    did(store, "anna", "promise", conversation=1, until=NOW + 2 * 86_400, text="a lamp")
    store.panels.ask(["orders", "credit"], 1, 1)
    for each, text in ((one, "4711 shipped\n  2 orders"), (two, "")):
        found = store.panels.next(each.name)
        assert found is not None
        store.panels.answer(
            found, each.mark, text, "" if text else "took longer than 3 s and was ended", NOW - 120
        )
    async with playing(store, size=(80, 24), settings=here) as stage:
        await stage.press("enter")
        assert " Anna Weber · 1st · 4711 shipped" in stage.lines
        await stage.press("i")
        lines = panel(stage).split("\n")
        heads = next(line for line in lines if "orders" in line and "credit" in line)
        assert heads.index("orders") < heads.index("2 min ago") < heads.index("credit"), (
            "side by side, in order"
        )
        beside = next(line for line in lines if "4711 shipped" in line)
        assert "took longer than 3 s and was ended" in beside
        assert "2 orders" in panel(stage) and "r asks again" in panel(stage)
        assert all(len(line) <= 80 for line in stage.lines)


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (None, "waits until a worker runs"),
        ("not run: whoever runs this worker is no owner of the team", "no owner of"),
    ],
)
async def test_it_is_said_why_nothing_is_asked(store: Workspace, refused: str | None, words: str) -> None:
    one = PanelCommand("orders", ("x", "{email}"))
    here = replace(settings(), panels=(one,))
    if refused is None:
        async with playing(store, size=(160, 48), settings=here) as stage:
            await stage.press("enter")
            stage.app.inbox.reading.again()
            await stage.rest()
            assert words in panel(stage).replace("\n", " ")
        return
    with store.panels.serving(refused):
        async with playing(store, size=(160, 48), settings=here) as stage:
            await stage.press("enter")
            assert words in panel(stage) and "not run" not in panel(stage)
            assert asked(store, "orders") == []
            await stage.press("i", "r")
            assert "Nothing is asked: not run" in stage.said


async def test_without_programs_nothing_is_said_of_them(store: Workspace) -> None:
    async with playing(store, size=(160, 48)) as stage:
        await stage.press("enter", "i")
        assert "asked" not in panel(stage)
        await stage.press("r")
        assert "No program is asked about customers" in stage.said
        assert not (store.workspace / "panels.lock").exists()


async def test_what_a_program_says_is_text_and_nothing_else(store: Workspace) -> None:
    one = PanelCommand("orders", ("x", "{email}"))
    here = replace(settings(), panels=(one,))
    store.panels.ask(["orders"], 1, 1)
    found = store.panels.next("orders")
    assert found is not None
    evil = (
        "[red]order[/red] \x1b[2J\u202e4711\n"
        + "注文" * 60
        + "\n\x9b31mx\n"
        + "\n".join(f"line {n}" for n in range(40))
    )
    store.panels.answer(found, one.mark, evil, "", NOW)
    assert store.panels.said(1, [one])[0] == Said("orders", evil, NOW, "", NOW)
    for size in ((160, 48), (80, 24), (20, 5)):
        async with playing(store, size=size, settings=here) as stage:
            await stage.press("enter", "i")
            assert all(ord(one) >= 32 and one not in "\u202e\x9b" for one in stage.text.replace("\n", ""))
            if size[0] > 20:
                assert "[red]order[/red]" in panel(stage)


async def test_thousands_of_conversations_are_walked_through_and_only_what_is_seen_is_read(
    store: Workspace,
) -> None:
    for number in range(70):
        deliver(
            store,
            mail("Jo Park <jo@park.example>", f"Matter {number:03}", "Hello.\n", "2026-11-09 10:00"),
            NOW - 100 + number,
        )
        if number > 2:
            did(store, "anna", "no-answer", conversation=number + 4)
    others = around(store, settings(), store.rows([4])[0], "anna").subjects
    assert others == ("Matter 002", "Matter 001"), "open ones are named however old they are"
    async with playing(store, size=(160, 48)) as stage:
        stage.app.inbox.moving.open_conversation(4)
        await stage.rest()
        await stage.press("i")
        shown = panel(stage)
        assert "71 conversations, 4 open" in shown
        assert (
            shown.index(" open")
            < shown.index("Matter 002")
            < shown.index("history")
            < shown.index("Matter 069")
        )
        await stage.press("G")
        assert "Matter 003" in panel(stage) and "…\n" not in panel(stage) and "history" not in panel(stage)
        await stage.press("g g")
        assert "Jo Park" in panel(stage) and "Matter 002" in panel(stage)
        await stage.press("j", "j", "enter")
        assert "Matter 000" in stage.pane("conversation")


async def test_who_scrolls_on_before_rows_have_come_sees_them_all_the_same(
    store: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer_panel, "WINDOW", 8)
    for number in range(60):
        deliver(
            store,
            mail("Jo Park <jo@park.example>", f"Matter {number:03}", "Hello.\n", "2026-11-09 10:00"),
            NOW - 100,
        )
    gate = threading.Event()
    async with playing(store, size=(80, 24)) as stage:
        stage.app.inbox.moving.open_conversation(4)
        await stage.rest()
        await stage.press("i")
        stage.app.background.read("slow", lambda _: gate.wait(60), lambda _: None)  # the disk is
        for index in (60, 25, 60):
            stage.app.inbox.moving.to(index)
            await stage.pilot.pause()
        assert "…" in [line.strip() for line in panel(stage).split("\n")]
        gate.set()
        await stage.rest()
        assert "…" not in [line.strip() for line in panel(stage).split("\n")]

"""Names in chats on the screen: one list with one answer each, remembered, applied at once; two people at once."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from inbox.chat.folders import look
from inbox.chat.names import SETTLED
from inbox.model import Who
from inbox.settings import ChatFolder, Settings
from storage.workspace import Workspace
from tests.chats import written
from tests.screenplay import Stage, playing
from tests.shop import NOW, mail, shop

MAIL = mail("Lea Król <lea@mail.example>", "Paket", "Where is it?\n", "2026-11-10 10:50")
LINES = (
    "09/11/2026, 10:00 - Jo Park: hello, is the blue lamp there again?\n"
    "09/11/2026, 10:01 - Kim: It is, from Monday on.\n"
    "09/11/2026, 10:02 - Jo Park: thank you\n"
)


def watched(tmp_path: Path) -> tuple[Workspace, Settings, Path]:
    """A shop whose worker watches a folder, in which a chat lies of which nobody knows who is us."""
    folder = tmp_path / "chats"
    store = shop(tmp_path / "shop", [MAIL])
    settings = replace(Settings(host_zone="UTC"), chats=(ChatFolder(str(folder)),))
    written(folder / "chat.txt", LINES)
    os.utime(folder / "chat.txt", (NOW - 60, NOW - 60))
    assert look(store, settings, NOW) == 0
    return store, settings, folder


def files(folder: Path) -> list[str]:
    return sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file())


def names(stage: Stage) -> str:
    return stage.pane("names")


@pytest.mark.parametrize("size", [(80, 24), pytest.param((160, 48), marks=pytest.mark.long)])
async def test_names_are_answered_and_what_waited_comes_in(tmp_path: Path, size: tuple[int, int]) -> None:
    """A line says that names wait; a key an answer; then the worker takes in what waited, and nobody moves a file."""
    store, settings, folder = watched(tmp_path)
    async with playing(store, size=size) as stage:
        await stage.until(lambda: "2 names" in stage.said)
        await stage.press("g N")
        shown = names(stage)
        for words in (
            "ours or theirs?  2",
            "Jo Park",
            "2 lines",
            "hello, is the blue lamp",
            "chat.txt waits for this",
        ):
            assert words in shown, words
        await stage.press("t", "o")
        assert "Kim is us. The worker takes in what waited for it: chat.txt." in stage.said
        assert "Names" in names(stage) and "2 names" not in stage.said
        assert look(store, settings, NOW + 1) == 0, "a slip can still be mended"
        assert look(store, settings, NOW + SETTLED) == 3
        await stage.until(lambda: "Taken in: chat.txt, 3 new messages." in stage.said)
        await stage.press("escape")
        assert stage.app.inbox.place == "list"
    assert files(folder) == ["done/chat.txt"]
    assert [row.customer_name for row in store.rows([2])] == ["Jo Park"]
    assert store.verify(NOW + 60) == []
    store.close()


async def test_two_people_answer_at_once(tmp_path: Path) -> None:
    """Who answers first is heard; the other one is told, and sees what was said."""
    store, _, _ = watched(tmp_path)
    async with playing(store, size=(100, 30)) as stage:
        await stage.press("g N")
        asked = store.names.all().names["jo park"]
        assert store.names.say("Jo Park", "customer", Who("bo"), NOW, asked) is None  # not seen here yet
        await stage.press("o")
        await stage.until(lambda: "bo was first: Jo Park is a customer." in stage.said)
        assert store.names.told() == {"jo park": "customer"}
    store.close()


async def test_a_slip_is_mended_and_a_name_left_aside(tmp_path: Path) -> None:
    """What was said can be said anew; what is left aside is asked for no more, and waits."""
    store, settings, folder = watched(tmp_path)
    async with playing(store, size=(100, 30)) as stage:
        await stage.press("g N", "o", "l")
        assert "Kim is left aside." in stage.said
        assert store.names.told() == {"jo park": "agent"}
        await stage.press("g g")
        assert "Jo Park" in names(stage).split("\n")[2]
        await stage.press("t")
        assert "Jo Park is a customer." in stage.said
        assert store.names.told() == {"jo park": "customer"}
        assert look(store, settings, NOW + SETTLED) == 3, "in a chat of two the other one is us"
    assert files(folder) == ["done/chat.txt"]
    store.close()

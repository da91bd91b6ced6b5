"""One person at two terminals: a draft is found again at the other one, and a session left behind is in nobody's way."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from inbox.model import Role, Who
from storage.live import Live
from storage.workspace import open_store
from tests.screenplay import playing
from tests.shop import STORY, shop

BO = Who("bo", Role.AGENT)
TEAM = ("anna", "bo")


async def test_a_draft_of_another_terminal_is_found_again_and_written_over_by_neither(tmp_path: Path) -> None:
    shop(tmp_path, STORY).close()
    async with AsyncExitStack() as stack:
        stages = []
        for _ in range(2):
            store = open_store(tmp_path)
            stack.callback(store.close)
            stages.append(await stack.enter_async_context(playing(store, (80, 24), who=BO, team=TEAM)))
        left, here = stages
        await left.press("enter", "r")
        await left.type("Your money")
        await left.rest()
        # the line is slow, or was cut: one comes in anew while the old session is still there
        await here.press("enter", "r")
        assert "draft found again" in here.text and "Your money" in here.text
        await here.type(" is on its way.")
        await here.rest()
        await left.press("escape")  # the one that was left behind ends, and writes nothing over
        assert [one.text for one in store.drafts(2)] == ["Your money is on its way."]
        # both are written in: nothing is lost
        await left.press("r")
        await left.type(" A lamp comes.")
        await here.type(" Bye.")
        await left.rest()
        await here.rest()
        (kept,) = store.drafts(2)
        assert all(words in kept.text for words in ("A lamp comes.", "Bye.", "Your money is on its way."))
        assert (
            "You were writing here elsewhere, too: that text stands below this one." in left.said + here.said
        )


@pytest.mark.long
async def test_a_session_of_ones_own_that_hangs_holds_nothing_up(tmp_path: Path) -> None:
    store = shop(tmp_path, STORY)
    ghost = Live(tmp_path)  # as a screen that was stopped while it wrote
    ghost.show_presence("bo", 2, "writes")
    async with playing(store, (80, 24), who=BO, team=TEAM) as stage:
        await stage.press("N")  # taking next passes by none of one's own
        assert store.rows([2])[0].conversation.assignee == "bo"
        await stage.press("q", "k", "k", "k", "e", "o")
        await stage.rest()
        assert "skipped" not in stage.said
    ghost.close()
    store.close()

"""Three people at three screens of one workspace, each with a store of their own as in three processes."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

from inbox.model import Role, Who
from storage.workspace import open_store
from tests.screenplay import AT_ONCE, Stage, playing
from tests.shop import STORY, shop

TEAM = ("anna", "bo", "cy")


async def look(*stages: Stage) -> None:
    """What happens every few seconds, at every screen: first all say where they are, then all look."""
    for _ in range(2):
        for stage in stages:
            stage.app.call_later(stage.app.inbox.reading.look_around)  # as a timer does, in its own app
            await stage.rest()


async def test_who_looks_who_writes_and_an_answer_that_was_overtaken(tmp_path: Path) -> None:
    shop(tmp_path, STORY).close()
    async with AsyncExitStack() as stack:
        stages = []
        for name in TEAM:
            store = open_store(tmp_path)
            stack.callback(store.close)
            pace = AT_ONCE._replace(presence=3600)
            at = playing(store, who=Who(name, Role.AGENT), team=TEAM, pace=pace)
            stages.append(await stack.enter_async_context(at))
        anna, bo, cy = stages
        await bo.press("enter")
        await cy.press("enter", "r")
        await cy.type("Your money is on its way.")
        await look(*stages)
        row = next(line for line in anna.lines if "Refund for order" in line)
        assert "✎cy" in row  # who writes goes before who looks
        assert "cy is writing" in bo.text
        assert "Your money is on its way." not in bo.text  # a draft is its writer's
        assert "bo looks at it" in cy.text
        await anna.press("enter")
        await look(*stages)
        assert "bo looks at it" in anna.text and "cy is writing" in anna.text

        # two answer the same one: the second stops, and is shown the first
        await bo.press("r")
        await bo.type("We send a new lamp.")
        await bo.press("ctrl+s")
        await cy.press("ctrl+s", "enter")
        await bo.rest()
        await bo.press("enter")
        assert "cy has answered in the meantime. Read it; then send again" in bo.said
        assert "New: cy answered" in bo.text and "Your money is on its way." in bo.text
        assert len(bo.app.seat.store.outbox()) == 1
        await anna.rest()
        assert "New: cy answered" in anna.text

        # who goes away is there no more
        await cy.press("q", "q")
        await look(*stages)
        assert "cy is writing" not in anna.text

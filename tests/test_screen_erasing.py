"""Erasing a customer from their panel: by its name in the palette, after typing who it is; the worker does the rest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox.erasing import finish
from inbox.model import Role, Who
from storage.workspace import Workspace
from tests.screenplay import Stage, playing
from tests.shop import NOW, STORY, settings, shop


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Workspace]:
    found = shop(tmp_path, STORY)
    yield found
    found.close()


async def asked(stage: Stage) -> None:
    """Anna Weber's panel, and the verb by its name."""
    stage.app.inbox.moving.open_conversation(2)
    await stage.rest()
    await stage.press("i", ":")
    await stage.type("customer-erase")
    await stage.press("enter")


async def test_an_owner_types_the_name_and_another_word_erases_nobody(store: Workspace) -> None:
    async with playing(store) as stage:
        await asked(stage)
        assert "2 conversations with 2 messages" in stage.text
        await stage.type("Jo Park")
        await stage.press("enter")
        assert "another name" in stage.text
        assert store.erasing.unfinished() == []
        await asked(stage)
        await stage.type("Anna Weber")
        await stage.press("enter")
        await stage.until(lambda: bool(store.erasing.unfinished()))
        assert finish(store, settings(), NOW) == 1
        await stage.until(lambda: "anna.weber" not in stage.text)
        assert "(erased)" in stage.text
        assert "anna erased what was said here" in stage.text
    assert store.verify(NOW) == []


async def test_an_agent_is_told_whom_to_ask(store: Workspace) -> None:
    team = (("anna", Role.OWNER), ("bo", Role.AGENT))
    async with playing(store, who=Who("bo", Role.AGENT, team)) as stage:
        await asked(stage)
        assert "Erase is not for an agent: ask anna" in stage.text
        assert store.erasing.unfinished() == []

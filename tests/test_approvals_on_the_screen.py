"""A trainee's letter as owners and agents see it: let go, edited and sent, given back, each with one key."""

from __future__ import annotations

from pathlib import Path

import pytest

from inbox.approvals import waiting
from inbox.model import EventType, Role, Who
from storage.workspace import Workspace
from tests.screenplay import playing
from tests.shop import NOW, STORY, did, shop

TIM = Who("tim", Role.TRAINEE)
JO = "jo@park.example"
SUPPORT = "support@shop.example"
TEAM = ("anna", "bo", "tim")


@pytest.fixture
def store(tmp_path: Path) -> Workspace:
    store = shop(tmp_path, STORY, TEAM)
    writes(store)
    return store


def writes(store: Workspace, text: str = "It comes on Thursday.", **arguments: object) -> int:
    """Tim answers Jo Park; the number of his letter."""
    given = {"text": text, "to": [JO], "sender": SUPPORT, "subject": "Re: Where is my parcel?"} | arguments
    from inbox.actions import decision

    outcome = store.change(*decision("reply", conversation=1, **given), TIM, NOW)
    assert outcome.refusal is None, outcome.refusal
    return outcome.events[0].message or 0


def states(store: Workspace) -> dict[int, str]:
    return {line.message: line.state for line in store.outbox()}


async def test_what_a_trainee_wrote_calls_for_a_yes_and_one_key_lets_it_go(store: Workspace) -> None:
    (letter,) = states(store)
    async with playing(store, team=TEAM) as stage:
        await stage.press("4")
        assert "waits for a yes · Where" in stage.pane("list")
        await stage.press("enter")
        assert "waits for a yes" in stage.pane("conversation")
        await stage.press("Y")
        assert states(store) == {letter: "queued"}
        await stage.press("u")
        assert states(store) == {letter: "held"}
        assert "Undone" in stage.said

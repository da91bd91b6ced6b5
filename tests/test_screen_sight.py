"""On the screen: what is out of sight stands on top, says why, and is settled with one key."""

from __future__ import annotations

from inbox.model import Status
from storage.workspace import Workspace
from tests.screenplay import Stage, playing
from tests.shop import at, deliver, mail
from tests.stores import Desk

WIDE = (160, 40)
JO = "Jo Park <jo@park.example>"


def put_into_junk(store: Workspace) -> int:
    """We have answered Jo before; now the server takes a mail of hers for spam."""
    desk = Desk(store, at("2026-11-10 09:20"))
    desk.hands_over(desk.replies("anna", 1))
    raw = mail(JO, "The bill is wrong", "Please look again.", "2026-11-10 09:30")
    return deliver(store, raw, junk=True)


async def opens_the_view(stage: Stage) -> None:
    stage.app.screen.shelf.open_view("out-of-sight")  # type: ignore[attr-defined]  # the desk's own screen
    await stage.rest()


async def test_the_view_is_not_there_as_long_as_nothing_is_in_it(store: Workspace) -> None:
    async with playing(store, size=WIDE) as stage:
        assert "Out of sight" not in stage.text


async def test_spam_that_may_be_none_says_why_and_comes_back_with_one_key(store: Workspace) -> None:
    lost = put_into_junk(store)
    async with playing(store, size=WIDE) as stage:
        assert "Out of sight" in stage.text
        await opens_the_view(stage)
        row = next(line for line in stage.lines if "The bill is wrong" in line)
        assert "we answered them before" in row
        assert "brings it back" in stage.said
        await stage.press("w")
        assert "Out of sight: somebody we have answered before, and no person called it spam" in stage.text
        await stage.press("escape")
        await stage.press("E")
        assert store.rows([lost])[0].conversation.status is Status.OPEN
        assert store.counts(stage.app.seat.who, stage.app.seat.now())["out-of-sight"] == 0


async def test_a_person_says_that_it_is_spam_indeed(store: Workspace) -> None:
    lost = put_into_junk(store)
    async with playing(store, size=WIDE) as stage:
        await opens_the_view(stage)
        await stage.press("!")
        assert store.rows([lost])[0].conversation.status is Status.SPAM
        assert not store.rows([lost])[0].conversation.unjudged
        await stage.rest()
        assert "Out of sight" not in stage.pane("views")

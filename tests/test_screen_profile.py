"""One's own profile on the screen: asked once of somebody of a team, changed whenever one likes, in force at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from inbox.model import Role, Who
from inbox.profiles import Profile
from inbox.settings import Settings, Teammate
from storage.workspace import Workspace
from tests.screenplay import playing
from tui.seat import Seat

STAFF = Settings(host_zone="Europe/Vienna", team=(Teammate("anna"), Teammate("bo")))
TEAM = ("anna", "bo")
BO = Who("bo", Role.AGENT)


async def test_who_enters_first_is_asked_once_and_may_leave_it(store: Workspace, tmp_path: Path) -> None:
    keys = tmp_path / "keys" / "bo.toml"
    asked = {"settings": STAFF, "keys_file": keys, "asks_profile": True}
    async with playing(store, (80, 24), BO, TEAM, **asked) as stage:
        assert "Welcome, bo: how customers see you. Asked once, Esc leaves it as it is." in stage.asked
        assert "2 signature              (own lines under your answers)" in stage.text
        assert store.documents.profile("bo") == Profile()  # a line that is dropped now asks nothing again
        await stage.press("1")
        await stage.type("Bo Berger")
        await stage.press("enter")
        assert "1 name                   Bo Berger" in stage.text
        await stage.press("5")
        await stage.type("german")
        await stage.press("enter")
        assert "“german” is no language. Two letters each, as in: de en fr." in stage.said
        await stage.press("ctrl+u")
        await stage.type("de fr")
        await stage.hurry("enter", "3", *"lisb", "enter", "2")  # what is typed ahead waits for its question
        await stage.type("Bo Berger | Spare parts")
        await stage.hurry("enter", "4", *"mutt", "enter")
        assert "4 keys                   mutt" in stage.text
        await stage.press("escape")
        seat: Seat = stage.app.seat
        assert seat.called == "Bo Berger" and str(seat.own_zone) == "Europe/Lisbon"
        assert seat.keymap.preset == "mutt" and 'preset = "mutt"' in keys.read_text()
        said = Profile("Bo Berger", "Bo Berger\nSpare parts", "Europe/Lisbon", ("de", "fr"))
        assert store.documents.profile("bo") == said
        # in force at once: under an answer, and where a saved reply names who writes
        await stage.press("enter", "r")
        await stage.type("On its way.")
        await stage.press("ctrl+s", "y")  # as mutt's hands send
        assert "On its way.\n\n-- \nBo Berger\nSpare parts" in store.items(2)[-1].text


@pytest.mark.long
async def test_what_is_asked_by_name_is_there_for_one_person_alone_and_nobody_is_asked(
    store: Workspace,
) -> None:
    async with playing(store, (80, 24), team=("anna",)) as stage:
        assert "Welcome" not in stage.text
        await stage.press(":")
        await stage.type("profile")
        await stage.press("enter")
        assert "You. Esc when all is said:" in stage.asked
        await stage.press("4")
        assert "keys are shared" in stage.said


@pytest.mark.long
async def test_whose_hands_are_somewhere_already_is_told_in_one_line(store: Workspace) -> None:
    async with playing(store, (80, 24), who=BO, team=TEAM, settings=STAFF) as stage:
        await stage.press("j")
        stage.app.inbox.profiling._welcome()
        await stage.rest()
        assert "Welcome, bo." in stage.said and stage.app.inbox.prompt is None


async def test_it_is_in_nobodys_way(store: Workspace) -> None:
    async with playing(store, (80, 24), BO, TEAM, settings=STAFF, asks_profile=True) as stage:
        assert "Welcome, bo" in stage.asked
        await stage.hurry("j", "t", "o", "k", "enter")  # as if it were not there
        assert "Welcome" not in stage.text
        assert [number for number in range(1, 7) if store.rows([number])[0].conversation.tags] == [1]

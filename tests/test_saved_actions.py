"""Saved actions: several verbs and a text under one name and key, done as one and taken back as one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inbox.errors import BadSettings
from inbox.knowledge import SAVED
from inbox.saved_replies import SavedReply
from inbox.settings import Settings, load
from storage.workspace import Workspace
from tests.front import Front
from tests.screenplay import playing
from tests.shop import NOW, did
from tui.screens.deeds import Deed

TEAM = '[[team]]\nname = "anna"\nrole = "owner"\n\n[[team]]\nname = "bo"\n\n[[team]]\nname = "ria"\nrole = "reader"\n'
ACTIONS = """
[[action]]
name = "refund asked"
key = "r"
then = [{ tag = ["refund", "money"] }, { assign = "me" }, { follow_up = "2d" }, { reply = "Refund" }]

[[action]]
name = "to Bo"
key = "b"
then = [{ assign = "bo" }, { note = "@bo please look" }, { hold = "carrier", until = "3d" }]

[[action]]
name = "thanks only"
then = [{ untag = "refund" }, { close = "thanks" }]

[[action]]
name = "tell them"
then = [{ send = "Refund" }]
"""
REFUND = SavedReply("Refund", "Dear {first_name},\n\nyour money is on its way.\n")


def settings(folder: Path, text: str = TEAM + ACTIONS) -> Settings:
    (folder / "settings.toml").write_text(text)
    return load(folder / "settings.toml", folder / "settings.cache", now=NOW)


def state(store: Workspace, conversation: int) -> tuple[object, ...]:
    here = store.rows([conversation])[0].conversation
    return here.tags, here.assignee, here.status.value, here.follow_up_at is not None


async def test_an_action_does_all_it_says_and_one_undo_takes_all_of_it_back(
    store: Workspace, tmp_path: Path
) -> None:
    store.documents.save_reply(REFUND)
    async with playing(store, (80, 24), settings=settings(tmp_path)) as stage:
        before = state(store, 2)
        await stage.press(";")
        assert " r refund asked           tag refund money, assign me, follow-up 2d, reply Re…" in stage.text
        assert max(map(len, stage.lines)) <= 80
        await stage.press("r")
        assert state(store, 2) == (("money", "refund"), "anna", "open", True)
        assert "Dear Anna," in stage.app.inbox.writing.text and "money is on its way" in stage.text
        assert "Refund asked. ctrl+s goes on; Esc and u take all of it back." in stage.said
        letter = stage.app.inbox.writing.letter
        assert letter is not None and letter.used == (SAVED + "Refund",)
        await stage.press("escape")
        assert store.drafts(2)
        await stage.press("u")
        assert state(store, 2) == before and not store.drafts(2)
        assert not store.outbox()

        await stage.press(";", "r")
        await stage.type("And more.")
        await stage.press("escape", "u")
        assert state(store, 2) == before
        assert "And more." in store.drafts(2)[0].text  # what somebody wrote is not thrown away


async def test_where_one_part_is_refused_nothing_is_done_and_the_reason_is_told(
    store: Workspace, tmp_path: Path
) -> None:
    store.documents.save_reply(REFUND)
    did(store, "bo", "spam", conversation=1)
    async with playing(store, (80, 24), settings=settings(tmp_path)) as stage:
        stage.app.inbox.moving.open_conversation(1)
        await stage.rest()
        await stage.press(";", "b")
        assert "hold carrier until 3d: It is in spam: reopen it first. Nothing was done." in stage.said
        assert state(store, 1) == ((), None, "spam", False)
        assert [item.direction for item in store.items(1)] == ["in"]
        await stage.press("q", "1", ";", "r", "escape", "q", ";", "r")
        assert "Nothing was done: your draft is here." in stage.said
        store.documents.forget_reply("Refund")
        await stage.press("j", ";", "r")
        assert "there is no saved reply “Refund”" in stage.said
        assert state(store, 3) == ((), None, "open", False)


async def test_the_text_of_an_action_that_was_refused_is_not_left_for_the_next(
    store: Workspace, tmp_path: Path
) -> None:
    store.documents.save_reply(REFUND)
    again = '[[action]]\nname = "again"\nkey = "o"\nthen = [{ reopen = true }, { reply = "Refund" }]\n'
    async with playing(store, (80, 24), settings=settings(tmp_path, TEAM + ACTIONS + again)) as stage:
        await stage.press(";", "o")
        assert "reopen: It is open already. Nothing was done." in stage.said
        await stage.press(";", "b")
        assert state(store, 2)[1:3] == ("bo", "held") and not stage.app.inbox.writing.is_open


async def test_thousands_that_are_done_meanwhile_take_no_text_that_is_meant_for_one(
    store: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.documents.save_reply(REFUND)
    async with playing(store, (80, 24), settings=settings(tmp_path)) as stage:
        doing, saved = stage.app.inbox.doing, stage.app.inbox.saved_actions
        do, many = doing.do, Deed("act", (3, 4), "list", {"action": saved.all[1]})

        def meanwhile(verb: str, **arguments: Any) -> None:
            saved.done(many)  # what went on beside the keys has just come to its end
            do(verb, **arguments)

        monkeypatch.setattr(doing, "do", meanwhile)
        await stage.press(";", "r")
        assert state(store, 2)[0] == ("money", "refund")
        letter = stage.app.inbox.writing.letter
        assert letter is not None and letter.conversation == 2
        assert "your money is on its way." in stage.app.inbox.writing.text


async def test_an_action_works_on_all_that_are_selected_and_is_repeated(
    store: Workspace, tmp_path: Path
) -> None:
    did(store, "bo", "close", conversation=4, why="thanks")
    async with playing(store, (80, 24), settings=settings(tmp_path)) as stage:
        await stage.press("0", "*", ";")
        await stage.type("thanks")
        await stage.press("enter")
        assert "Saved action 6 conversations?" in stage.asked
        await stage.press("y")
        assert "1 of 6 was not: close thanks: It is closed already." in stage.app.inbox.hints.said
        assert [state(store, each)[2] for each in (1, 2, 3, 5, 6)] == ["closed"] * 5
        await stage.press("u")
        assert [state(store, each)[2] for each in (1, 2, 3, 4, 5, 6)] == [
            *["open"] * 3,
            "closed",
            "open",
            "open",
        ]
        await stage.press("g g", ";", "b", ".")
        assert [state(store, each)[1:3] for each in (2, 1)] == [("bo", "held")] * 2
        await stage.press("*", ";", "r")
        assert "one conversation at a time" in stage.said


async def test_an_action_is_found_by_its_name_too(store: Workspace, tmp_path: Path) -> None:
    async with playing(store, (80, 24), settings=settings(tmp_path)) as stage:
        await stage.press(":")
        await stage.type("to bo")
        assert next(line for line in stage.lines if line.startswith("▌ to Bo ")).endswith("; b")
        await stage.press("enter")
        assert state(store, 2)[1:3] == ("bo", "held")
        for typed in ("w", "wq", "x", "h"):
            await stage.press("escape", "escape", ":")
            await stage.type(typed)
            await stage.press("enter")
        assert "type to search them" in stage.asked
        await stage.press("escape", "g o", ":")
        await stage.type("to bo")  # where no conversation is seen, nothing is done to one
        assert "assign bo" not in stage.text


async def test_a_text_that_is_to_be_sent_waits_in_the_send_bar(store: Workspace, tmp_path: Path) -> None:
    store.documents.save_reply(REFUND)
    async with playing(store, (80, 24), settings=settings(tmp_path)) as stage:
        await stage.press(";")
        await stage.type("tell them")
        await stage.press("enter")
        assert stage.asked.startswith(" to anna.weber@weber.example") and not store.outbox()
        await stage.press("escape", "escape")
    async with playing(store, (80, 24)) as stage:
        await stage.press(";")
        assert "[[action]] in settings.toml makes one" in stage.said


def test_an_action_is_done_on_the_command_line_too_but_for_its_text(shop_front: Front) -> None:
    owners = "".join(f'[[team]]\nname = "{name}"\nrole = "owner"\n' for name in ("anna", "bo", "ria"))
    shop_front.write_settings(owners + ACTIONS)
    shop_front.ok("act", "thanks only", "1", "2")
    assert set(shop_front.ok("list", "status:closed").ids) == {"1", "2"}
    again = shop_front.run("act", "thanks only", "2", "3")
    assert again.status == 1 and "2: close thanks: It is closed already." in again.err
    shop_front.ok("undo")
    shop_front.ok("undo")
    assert shop_front.ok("list", "status:closed").ids == []
    assert "writes a text" in shop_front.run("act", "refund asked", "1").err
    shop_front.ok("act", "refund asked", "1", "--without-text")
    assert shop_front.json("list", "id:1")[0]["tags"] == ["money", "refund"]
    wrong = shop_front.run("act", "to bo", "1")
    assert wrong.status == 2 and 'did you mean "to Bo"?' in wrong.err


def test_mistakes_in_actions_are_told_with_their_lines(tmp_path: Path) -> None:
    wrong = """
[[action]]
name = "one"
key = "rr"
then = []
[[action]]
name = "one"
key = "a"
then = [{ assign = "bob" }, { reply = "X" }, { tag = "a", close = "never" }, { snooze = "soonish" }]
[[action]]
name = "two"
key = "a"
then = [{ until = "2d" }, { assign = "ria" }, { send_now = "X" }]
"""
    with pytest.raises(BadSettings) as caught:
        settings(tmp_path, TEAM + wrong)
    said = str(caught.value)
    for line, words in (
        (14, "this is one character"),
        (15, "this does nothing"),
        (17, "already. Write another"),
        (19, 'there is no such teammate; did you mean "bo"?'),
        (19, "the text comes last"),
        (19, "two things stand here, tag and close"),
        (19, "that is no reason for closing"),
        (22, "already. Write another"),
        (23, "belongs beside hold"),
        (23, "only reads"),
        (23, "send_now"),
    ):
        assert any(
            each.lstrip().startswith(f"{tmp_path}/settings.toml:{line}") and words in each
            for each in said.splitlines()
        ), (line, words, said)

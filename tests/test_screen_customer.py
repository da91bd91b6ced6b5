"""The customer on the screen: what is shown, what keys change, and how it looks in small and large terminals."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.workspace import Workspace
from tests.screenplay import Stage, playing
from tests.shop import NOW, did, mail, shop

DU = "Hallo, könntest du mir bitte sagen, wann das Paket kommt? Ich habe es noch nicht und warte auf dich.\n"
MAILS = (
    mail("Lea Król <lea.krol@mail.example>", "Paket", DU, "2026-11-10 10:50"),
    mail("Lea K. <leakrol+shop@mail.example>", "Lampe", "Two lamps, please.\n", "2026-11-10 10:51"),
    mail("Jo Park <jo@park.example>", "Chair", "One chair.\n", "2026-11-10 10:52"),
)


@pytest.fixture
def lea(tmp_path: Path) -> Iterator[Workspace]:
    """Lea writes from two addresses that differ in a dot and a tag; Jo writes, too."""
    found = shop(tmp_path, MAILS)
    yield found
    found.close()


def named(store: Workspace, text: str) -> int:
    (found,) = store.customers(text)
    return found.id


async def to(stage: Stage, conversation: int) -> None:
    """Open a conversation and put the hands on its customer."""
    stage.app.inbox.moving.open_conversation(conversation)
    await stage.rest()
    await stage.press("i")


def panel(stage: Stage) -> str:
    return stage.pane("customer")


@pytest.mark.parametrize("size", [(80, 24), pytest.param((160, 48), marks=pytest.mark.long)])
async def test_the_panel_says_who_it_is_and_how_they_write(lea: Workspace, size: tuple[int, int]) -> None:
    customer = named(lea, "lea.krol")
    did(lea, "anna", "customer-edit", customer=customer, note="Always pays at once.", add=["fair"], vip=True)
    async with playing(lea, size=size) as stage:
        await to(stage, 1)
        shown = panel(stage)
        for words in ("Lea Król  ★ VIP", "lea.krol@mail.example", "writes German, du", "#fair", "┃ Always pays at once.",
                      "perhaps the same: leakrol+shop@"):  # fmt: skip
            assert words in shown, words
        lines = [line for line in shown.split("\n") if line.strip()]
        assert all(line.startswith((" ", "▌")) for line in lines), "everything stands one cell from the edge"
        assert all(len(line) <= size[0] for line in stage.lines)


async def test_one_key_joins_who_is_perhaps_the_same_and_undo_parts_them(lea: Workspace) -> None:
    async with playing(lea, size=(160, 48)) as stage:
        await to(stage, 1)
        await stage.press("=")
        assert "1 conversation. Their addresses differ in dots and +tags alone." in stage.text
        await stage.press("y")
        assert "Joined. u takes it back." in stage.said
        assert "2 conversations, 2 open" in panel(stage) and "perhaps" not in panel(stage)
        await stage.press("u")
        assert "perhaps the same" in panel(stage)
        await stage.press("U", "X")
        assert "Parted." in stage.said and "perhaps the same" in panel(stage)
        assert lea.verify(NOW) == []


async def test_joining_with_anybody_is_searched_by_name(lea: Workspace) -> None:
    async with playing(lea, size=(160, 48)) as stage:
        await to(stage, 1)
        await stage.press("M")
        await stage.type("park")
        assert "jo@park.example" in stage.text
        await stage.press("enter")
        assert "Joined." in stage.said
    assert [each.value for each in lea.customers("lea.krol")[0].identities] == [
        "lea.krol@mail.example",
        "jo@park.example",
    ]


async def test_name_note_vip_tags_and_language_each_have_a_key(lea: Workspace) -> None:
    async with playing(lea, size=(160, 48)) as stage:
        await to(stage, 1)
        await stage.press("e", "n")
        assert "Lea Król" in stage.asked
        await stage.press("ctrl+u")
        await stage.type("Lea Nowak")
        await stage.press("enter", "n")
        await stage.type("Two dogs.")
        await stage.press("enter", "*", "e", "t")
        await stage.type("fair")
        await stage.press("enter", "e", "l")
        await stage.type("de")
        await stage.press("enter", "e", "f", "p", "e", "a")
        await stage.type("lea@work.example")
        await stage.press("enter")
        shown = panel(stage)
        for words in (
            "Lea Nowak  ★ VIP",
            "┃ Two dogs.",
            "#fair",
            "answer in German, Sie",
            "lea@work.example",
        ):
            assert words in shown, words
        assert "Lea Nowak" in stage.pane("list")
        await stage.press("*")
        assert "★" not in panel(stage)
        await stage.press("u", "u")
        assert "lea@work.example" not in panel(stage)
    assert lea.verify(NOW) == []


async def test_own_fields_and_tags_are_written_in_place_and_taken_back(lea: Workspace) -> None:
    async with playing(lea, size=(160, 48)) as stage:
        await to(stage, 1)
        await stage.press("f")
        await stage.type("number\nK 17\n")
        await stage.press("t")
        await stage.type("fair\n")
        assert " number K 17" in panel(stage) and "#fair" in panel(stage)
        await stage.press("f")
        assert "K 17" in stage.text
        await stage.press("enter", "ctrl+u")
        await stage.type("K 18\n")
        assert " number K 18" in panel(stage)
        await stage.press("u")
        assert " number K 17" in panel(stage)
        await stage.press("f", "enter", "ctrl+u", "enter")
        assert "number" not in panel(stage)
        await stage.press("f")
        await stage.type("a=b\nx\n")
        assert "is no name of a field" in stage.said
    assert lea.verify(NOW) == []


async def test_reasons_stand_beside_who_is_perhaps_the_same_and_how_soon_we_answer_is_told(
    lea: Workspace,
) -> None:
    from inbox.demo.post import deliver as leaves
    from tests.shop import at

    async with playing(lea, size=(160, 48)) as stage:
        await to(stage, 1)
        shown = " ".join(panel(stage).split())
        assert "Lea K.: Their addresses differ in dots and +tags alone. = joins, x somebody else" in shown
        assert "answered" not in panel(stage)
        await stage.press("escape", "r")
        await stage.type("On Monday.")
        stage.clock.now = at("2026-11-10 13:50")
        await stage.press("ctrl+s", "enter")
        await asyncio.to_thread(lambda: list(leaves(lea, stage.clock.now + 60)))
        stage.app.inbox.moving.open_conversation(1)
        await stage.rest()
        assert "answered in 3 h" in panel(stage)


async def test_what_cannot_be_done_says_why(lea: Workspace) -> None:
    async with playing(lea, size=(160, 48)) as stage:
        await to(stage, 3)
        await stage.press("=")
        assert "Nobody here looks like the same customer. M joins with anybody." in stage.said
        await stage.press("X")
        assert "Nobody was joined with this customer." in stage.said
        await stage.press("e", "l")
        await stage.type("German")
        await stage.press("enter")
        assert "two letters" in stage.said
        await stage.press("e", "a")
        await stage.type("nonsense")
        await stage.press("enter")
        assert "no mail address" in stage.said
        await stage.press("e", "a")
        await stage.type("lea.krol@mail.example")
        await stage.press("enter")
        assert "If they are one" in stage.said


async def test_a_colleagues_change_is_seen(lea: Workspace) -> None:
    async with playing(lea, size=(160, 48)) as stage:
        await to(stage, 1)
        customer = named(lea, "lea.krol")
        await asyncio.to_thread(did, lea, "bo", "customer-vip", customer=customer, vip=True)
        stage.app.inbox.reading.again()
        await stage.rest()
        assert "★ VIP" in panel(stage)


async def test_marks_of_a_sender_are_seen_in_list_header_and_message(tmp_path: Path) -> None:
    evil = mail('"support@shop.example" <x@evil.example>', "Invoice", "Pay at once.\n", "2026-11-10 10:40")
    like = mail(
        "Anna <anna@sh0p.example>", "Hello", "It is me.\n", "2026-11-10 10:41", reply_to="a@evil.example"
    )
    store = shop(tmp_path, (evil, like))
    async with playing(store, size=(160, 48)) as stage:
        assert "! x@evil.example" in stage.pane("list")
        stage.app.inbox.moving.open_conversation(1)
        await stage.rest()
        shown = stage.pane("conversation")
        assert "! perhaps somebody else" in shown
        assert shown.count("the name shows") == 1, "it is said once"
        stage.app.inbox.moving.open_conversation(2)
        await stage.rest()
        assert "answers go elsewhere" in stage.pane("conversation")
    store.close()


async def test_a_reader_looks_and_changes_nothing(store: Workspace) -> None:
    from inbox.model import Role, Who

    async with playing(store, size=(160, 48), who=Who("ria", Role.READER)) as stage:
        await to(stage, 1)
        await stage.press("*")
        assert "not for a reader" in stage.said

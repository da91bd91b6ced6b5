"""On a terminal of 80x24: what looks like part of something is joined or declined with one key, and what does not
belong together is parted."""

from __future__ import annotations

from inbox import mime
from inbox.actions import receive
from inbox.model import Role, Who
from storage.workspace import Workspace
from tests.screenplay import Stage, playing
from tests.shop import US, at, deliver, did, mail

SMALL = (80, 24)
JO = "Jo Park <jo@park.example>"


def asks_again(store: Workspace) -> int:
    """Jo writes once more about the parcel, in a new mail."""
    return deliver(store, mail(JO, "Re: Where is my parcel?", "Still nothing.", "2026-11-10 09:30"))


def answers_with_a_lamp(store: Workspace) -> None:
    """In the conversation about the parcel Jo writes about a lamp as well."""
    parcel = store.items(1)[0].message_id or ""
    for number, text in enumerate(("The lamp is broken, too.", "Do you hear me?")):
        deliver(
            store,
            mail(
                JO,
                "Re: Where is my parcel?",
                text,
                f"2026-11-10 09:3{number}",
                in_reply_to=parcel,
                message_id=f"<lamp{number}@park.example>",
            ),
        )


async def opens(stage: Stage, conversation: int) -> None:
    if stage.app.inbox.place == "conversation":  # there / looks in what is read
        await stage.press("q")
    await stage.press("/")
    await stage.type(f"id:{conversation}")
    await stage.press("enter", "enter")


async def test_what_looks_like_part_of_something_says_so_and_is_joined_with_one_key(store: Workspace) -> None:
    new = asks_again(store)
    async with playing(store, size=SMALL) as stage:
        await opens(stage, new)
        (line,) = (line for line in stage.lines if "looks like part of" in line)
        assert "looks like part of “Where is my parcel?” (same subject" in line
        assert "J joins, X no" in line
        await stage.press("J")
        assert store.resolve(new) == 1
        assert "Joined. u takes it back." in stage.said
        assert "Still nothing." in stage.text
        assert "looks like part" not in stage.lines[2]
        await stage.press("u")
        assert store.resolve(new) == new
        assert any("J joins, X no" in line for line in stage.lines)


async def test_each_of_two_suggestions_stands_with_its_own_reason(store: Workspace) -> None:
    new = asks_again(store)
    parcel = store.items(new)[0].message_id or ""
    raw = mail(JO, "Re: Where is my parcel?", "Jo: Hello?", "2026-11-10 09:40", in_reply_to=parcel)
    arrival = receive.Arrival(
        mime.parse(raw), raw, at("2026-11-10 09:40"), us=US, looks_like_chat="a stranger sent it"
    )
    outcome = store.change(receive.scope(arrival), receive.deciding(arrival), Who("sync"), arrival.at)
    assert outcome.conversations == (new,)
    async with playing(store, size=(120, 24)) as stage:
        await opens(stage, new)
        assert "looks like a chat (a stranger sent it)" in stage.text
        await stage.press("X")
        assert "looks like part of “Where is my parcel?” (same subject" in stage.text


async def test_what_is_no_part_of_it_is_not_said_to_be_again(store: Workspace) -> None:
    new = asks_again(store)
    assert store.counts(Who("anna"), 0)["suggestions"] == 1
    async with playing(store, size=SMALL) as stage:
        await opens(stage, new)
        await stage.press("X")
        assert not any("J joins" in line for line in stage.lines)
        assert "no part of #1" in stage.text
        assert store.counts(Who("anna"), 0)["suggestions"] == 0
        await stage.press("J")
        assert "looks like part of no other" in stage.said
        await stage.press("u")
        assert any("J joins, X no" in line for line in stage.lines)


async def test_from_a_message_on_it_becomes_a_conversation_of_its_own(store: Workspace) -> None:
    answers_with_a_lamp(store)
    async with playing(store, size=SMALL) as stage:
        await opens(stage, 1)
        await stage.press("g x")
        assert "Split it from" in stage.asked
        await stage.type("too")
        await stage.press("escape", "g x", "down", "enter")
        assert [item.text.strip() for item in store.items(7)] == [
            "The lamp is broken, too.",
            "Do you hear me?",
        ]
        assert "split: it is #7 now" in stage.said.lower()
        assert "2 messages went to 7, moved by anna" in stage.text
        await stage.press("u")
        assert len(store.items(1)) == 3


async def test_the_message_in_sight_is_offered_first(store: Workspace) -> None:
    answers_with_a_lamp(store)
    async with playing(store, size=SMALL) as stage:
        await opens(stage, 1)
        await stage.press("g x", "enter")
        assert [item.text.strip() for item in store.items(7)] == ["Do you hear me?"]


async def test_a_message_is_moved_to_where_it_belongs(store: Workspace) -> None:
    answers_with_a_lamp(store)
    did(store, "anna", "close", conversation=2, why="thanks")
    async with playing(store, size=SMALL) as stage:
        await opens(stage, 1)
        await stage.press("G", "g m")
        assert "Move" in stage.asked
        await stage.press("enter")
        await stage.type("2")
        await stage.press("enter")
        assert "Moved to #2. u takes it back." in stage.said
        assert [item.text.strip() for item in store.items(2)][-1] == "Do you hear me?"
        assert store.rows([2])[0].conversation.status.value == "open"
        await opens(stage, 2)
        await stage.press("w")
        assert "a message came from 1, moved by anna" in stage.text


async def test_one_message_alone_cannot_be_split(store: Workspace) -> None:
    async with playing(store, size=SMALL) as stage:
        await opens(stage, 1)
        await stage.press("g x")
        assert "only one message" in stage.said


async def test_reading_without_the_right_to_change_joins_nothing(store: Workspace) -> None:
    new = asks_again(store)
    async with playing(store, size=SMALL, who=Who("ria", Role.READER)) as stage:
        await opens(stage, new)
        await stage.press("J")
        assert store.resolve(new) == new
        assert "not for a reader" in stage.said


async def test_a_conversation_without_end_is_read_from_the_first_unread_on_in_stretches(
    store: Workspace,
) -> None:
    first = store.items(1)[0].message_id or ""
    for number in range(320):
        raw = mail(
            JO,
            "Re: Where is my parcel?",
            f"Word {number}",
            "2026-11-10 09:30",
            in_reply_to=first,
            message_id=f"<{number}@park.example>",
        )
        deliver(store, raw, at("2026-11-10 09:30") + number)
    async with playing(store, size=SMALL) as stage:
        await opens(stage, 1)
        assert "it should have come on Friday." in stage.text, "nobody has seen any of them"
        assert "1 of 321 ↓" in stage.text
        await stage.press("G")
        assert "Word 319" in stage.text
        assert "321 of 321" in stage.text
        for _ in range(40):
            await stage.press("pageup")
        assert "Word 319" not in stage.text
        await stage.press("g g")
        assert "it should have come on Friday." in stage.text
        await stage.press("q", "enter")
        assert "1 of 321 ↓" in stage.text, "it is opened again where one was"

"""Answer, next, answer, next: what follows a key, which keys are not meant for it, and the way back."""

from __future__ import annotations

import pytest
from textual import events

from inbox.model import Status
from storage.live import Live
from storage.workspace import Workspace
from tests.screenplay import playing
from tests.shop import ME, NOW, answered, deliver, did, mail
from tui.seat import Pace

SIZES = [(80, 24), *(pytest.param(size, marks=pytest.mark.long) for size in ((120, 36), (160, 48)))]
SLOW = Pace(quiet=0.001, settle=0.001, draft=0.001, glance=60, pause=0, presence=60)
"""A line so slow that nobody has seen anything yet."""


def status(store: Workspace, number: int) -> Status:
    return store.rows([number])[0].conversation.status


def text_of(store: Workspace, number: int) -> list[str]:
    return [item.reply for item in store.items(number) if item.direction == "out"]


@pytest.mark.parametrize("size", SIZES)
async def test_answers_go_out_one_after_the_other_and_the_next_one_opens(
    store: Workspace, size: tuple[int, int]
) -> None:
    bos = Live(store.workspace)  # as from another process
    bos._process = "another"
    async with playing(store, size) as stage:
        await stage.press("enter")
        await stage.hurry("r", *"Soon", "ctrl+s", "enter")  # the conversation 2, due first; then 1
        assert "Where is my parcel?" in stage.pane("conversation")
        bos.show_presence("bo", 3, "writes")
        await stage.hurry("r", *"Here", "ctrl+s", "enter")
        assert "注文についての質問" in stage.pane("conversation")
        assert "Skipped 1: a colleague is there." in stage.said
        await stage.press("<")  # nobody is kept from going where a colleague is
        assert "Invoice 2231" in stage.pane("conversation")
        bos.show_presence("bo", 4, "looks")
        did(store, "bo", "no-answer", conversation=5)
        await stage.hurry("e", "t")
        assert "Another question" in stage.pane("conversation")
        assert "Skipped 1: a colleague is there. Done meanwhile: 1." in stage.said
        await stage.hurry("e", "t")
        assert stage.app.inbox.place == "list" and "That was the last one in Due next." in stage.said
        assert (text_of(store, 2), text_of(store, 1)) == (["Soon"], ["Here"])
    bos.close()


async def test_the_second_key_of_a_question_that_was_not_asked_is_held(store: Workspace) -> None:
    answered(store, 1)
    async with playing(store) as stage:
        await stage.press("0")
        stage.app.inbox.list.go_to(1)
        await stage.press("enter")
        await stage.hurry("e", "t")  # ours is the last message here: nothing is asked
        assert (status(store, 1), store.rows([1])[0].conversation.closed_why) == (Status.CLOSED, "resolved")
        assert "t was held: you had not seen this one." in stage.said and stage.app.inbox.prompt is None


async def test_what_was_typed_behind_something_refused_is_dropped(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter")
        did(store, "bo", "no-answer", conversation=2)  # the bell has not rung here yet
        stage.app.post_message(events.Key("y", "y"))
        stage.app.post_message(events.Paste("Hello"))
        await stage.hurry("j", "y", "!", "r", *"Hello", "ctrl+s", "enter")
        assert "It is closed already." in stage.said
        await stage.hurry("j")
        await stage.hurry("q", "j", "E", "y", "!")  # what is refused at once drops them as well
        assert "It is open already." in stage.said
        assert not store.outbox() and not store.drafts()
        assert [status(store, n) for n in (1, 3, 4, 5, 6)] == [Status.OPEN] * 5


async def test_a_key_for_an_empty_view_does_nothing_to_what_comes_into_it(store: Workspace) -> None:
    for number in range(1, 7):
        did(store, "bo", "no-answer", conversation=number)
    async with playing(store, (80, 24), pace=SLOW) as stage:
        await stage.press("1")
        new = deliver(
            store, mail("Eve <eve@eve.example>", "Broken on arrival", "Look.\n", "2026-11-10 11:04")
        )
        await stage.rest()
        assert "Broken on arrival" in stage.pane("list")
        await stage.press("y")
        assert "y was held: you had not seen this one." in stage.said
        assert status(store, new) is Status.OPEN


async def test_a_key_is_held_for_as_long_as_the_line_takes(store: Workspace) -> None:
    async with playing(store) as stage:
        stage.app.inbox.keyboard.round_trip = 60.0
        await stage.press("enter", "e", "t")
        assert "Where is my parcel?" in stage.pane("conversation")
        await stage.press("g a")
        assert "g a was held: you had not seen this one." in stage.said
        assert store.rows([1])[0].conversation.assignee is None


async def test_what_is_pasted_runs_nothing_in_any_place(store: Workspace) -> None:
    async with playing(store) as stage:
        for place in ((), ("enter",), ("v",), ("i",), ("g o",), ("g R",)):
            await stage.press(*place)
            stage.app.post_message(events.Paste("eeyy!!\nt\x1b[A\x03:q\n" * 3))
            await stage.rest()
            assert "Pasted text runs no keys." in stage.said
            await stage.press("q")
        await stage.press("1", "r")
        stage.app.post_message(events.Paste("red\x1b[A\x07\ntwo"))
        await stage.rest()
        assert stage.app.inbox.writing.text.splitlines() == ["red[A", "two"]
        stage.app.post_message(events.Paste("word " * 50_000))
        await stage.rest()
        assert "250000 characters are too many for a letter" in stage.said
        await stage.press("escape", "q", "e")
        for text in ("t", "w" * 5000):  # as answers they are none
            stage.app.post_message(events.Paste(text))
            await stage.rest()
            assert "Pasted text answers nothing." in stage.asked
        await stage.press("escape", "/")
        stage.app.post_message(events.Paste("lamp\n" * 5000))
        await stage.rest()
        assert "Only the first 2000 characters fit here." in stage.asked
        await stage.press("escape", "g")
        stage.app.post_message(events.Paste("a"))
        await stage.rest()
        assert store.rows([2])[0].conversation.assignee is None
        assert {status(store, n) for n in range(1, 7)} == {Status.OPEN} and not store.outbox()


@pytest.mark.parametrize("size", SIZES)
async def test_undo_leads_back_to_the_letter_from_another_view(
    store: Workspace, size: tuple[int, int]
) -> None:
    async with playing(store, size) as stage:
        await stage.press("j", "enter")
        await stage.hurry("r", *"Here", "ctrl+s", "enter")
        await stage.press("9")  # somewhere else
        assert "Closed" in stage.app.inbox.list.title
        await stage.press("u")
        assert "Taken back: it has not left. Here is the draft." in stage.said
        assert "Where is my parcel?" in stage.pane("conversation")
        assert stage.app.inbox.writing.text == "Here" and not store.outbox()
        await stage.hurry("ctrl+u", *"There", "ctrl+s", "enter")
        assert "Due next" in stage.app.inbox.list.title  # the view it was done in goes on
        assert "Invoice 2231" in stage.pane("conversation") and text_of(store, 1) == ["There"]


async def test_undo_leads_back_into_a_search_and_out_of_it_again(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("j", "j", "/")
        await stage.hurry(*"lamp", "enter")
        await stage.hurry("e", "t")
        assert status(store, 2) is Status.CLOSED
        await stage.press("q", "k", "u")
        assert status(store, 2) is Status.OPEN
        assert stage.app.inbox.list.title.startswith("Search: lamp") and stage.app.inbox.list.current == 2
        await stage.press("q")
        assert stage.app.inbox.list.title.startswith("Due next") and stage.app.inbox.list.current == 1


async def test_undo_and_redo_go_on_in_turn(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter")
        await stage.hurry("e", "t")
        for _ in range(2):
            await stage.press("u")
            assert status(store, 2) is Status.OPEN and "Refund" in stage.pane("conversation")
            await stage.press("U")
            assert status(store, 2) is Status.CLOSED


async def test_what_was_done_before_leaving_is_undone_where_it_was(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("j", "j")
        await stage.hurry("e", "w")
    async with playing(store) as stage:
        await stage.press("u")
        assert "Undone: closed, in “Invoice 2231”." in stage.said
        assert "Invoice 2231" in stage.pane("conversation") and status(store, 3) is Status.OPEN


async def test_the_last_verb_is_repeated_on_the_next_one(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.hurry("t", *"lamp", "enter")
        await stage.press(".", ".")
        tagged = [n for n in range(1, 7) if store.rows([n])[0].conversation.tags]
        assert tagged == [1, 2, 3] and stage.app.inbox.list.current == 3
        await stage.hurry("e", "t")  # which goes on by itself
        await stage.press(".")
        assert [status(store, n) for n in (3, 4)] == [Status.CLOSED] * 2 and status(store, 5) is Status.OPEN
        await stage.press("G", "enter")
        await stage.hurry("t", *"last", "enter")
        await stage.press(".")  # behind the last one there is none
        assert "That was the last one in Due next." in stage.said
        assert [n for n in range(1, 7) if "last" in store.rows([n])[0].conversation.tags] == [6]


async def test_a_list_that_was_left_for_a_search_is_found_as_it_was(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        before = list(stage.app.inbox.list.ids)
        await stage.press("j", "/")
        await stage.hurry(*"lamp", "enter")
        deliver(store, mail("Eve <eve@eve.example>", "Broken on arrival", "Look.\n", "2026-11-10 07:00"))
        await stage.rest()
        await stage.press("q")
        assert list(stage.app.inbox.list.ids) == before and stage.app.inbox.list.current == 1
        assert stage.lines[0].endswith("1 new · g r")
        await stage.press("g r")
        assert len(stage.app.inbox.list.ids) == 7 and stage.app.inbox.list.current == 1


async def test_where_a_conversation_was_joined_while_it_was_open_the_next_key_waits_to_be_meant(
    store: Workspace,
) -> None:
    async with playing(store, pace=SLOW) as stage:
        await stage.press("j", "enter")
        did(store, "bo", "merge", conversation=1, into=3)
        await stage.rest()
        assert "bo joined #1 with it" in stage.pane("conversation")
        await stage.press("y")
        assert "y was held: you had not seen this one." in stage.said and status(store, 3) is Status.OPEN


async def test_a_key_for_a_message_that_has_just_left_is_not_meant_for_the_one_that_took_its_place(
    store: Workspace,
) -> None:
    for number in (1, 2):
        did(
            store,
            "bo",
            "reply",
            conversation=number,
            text="Soon",
            to=("a@b.example",),
            sender="support@shop.example",
        )
    first, second = (line.message for line in store.outbox())
    async with playing(store, pace=SLOW) as stage:
        await stage.press("g o")
        store.sending.by(ME).drop(first, NOW)
        stage.app.inbox.outbox.look()
        await stage.rest()
        await stage.press("d")
        assert "d was held: you had not seen this one." in stage.said and stage.app.inbox.prompt is None
        assert [line.message for line in store.outbox()] == [second]


async def test_an_answer_is_about_what_was_painted_when_it_was_asked(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("j", "enter", "e")
        assert "The customer wrote last. Close, because" in stage.asked
        did(store, "bo", "merge", conversation=1, into=3)
        await stage.rest()  # what is painted now is all of 3
        await stage.press("t")
        assert "It was joined with another one meanwhile. Nothing was done." in stage.said
        assert status(store, 3) is Status.OPEN


async def test_what_a_key_opens_takes_the_keys_behind_it(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter")
        await stage.hurry("V", "q", "w", "q")  # each into what was opened, and out of it again
        assert stage.app.inbox.place == "conversation" and stage.app.inbox.conversation.sheet is None
        await stage.hurry("A", "n", "g e")
        assert stage.app.inbox.prompt is None and status(store, 2) is Status.OPEN

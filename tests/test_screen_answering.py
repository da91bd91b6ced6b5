"""Answer, next, answer, next: the composer, the send bar, and taking it back."""

from __future__ import annotations

from pathlib import Path

from storage.workspace import Workspace, open_store
from tests.screenplay import playing
from tests.shop import NOW, deliver, did, mail


def last(store: Workspace, conversation: int) -> str:
    return store.items(conversation)[-1].reply


async def test_a_reply_is_written_below_the_customers_words_sent_and_the_next_one_opens(
    store: Workspace,
) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r")
        assert "Reply to anna.weber@weber.example" in stage.text
        assert "When can I expect it?" in stage.pane("conversation")
        await stage.type("Dear Anna,\n\nthe money is on its way.")
        await stage.press("ctrl+s")
        assert "to anna.weber@weber.example · from support@shop.example · then: waiting" in stage.asked
        await stage.press("enter")
        assert "Where is my parcel?" in stage.pane("conversation")
        assert "sends in 20 s, u takes it back" in stage.said
        assert last(store, 2) == "Dear Anna,\n\nthe money is on its way."
        assert store.rows([2])[0].conversation.sending == 1
        assert store.drafts(2) == []


async def test_the_customers_last_message_stays_in_sight_on_a_small_terminal(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        await stage.press("r")
        assert "Reply to" in stage.text
        seen = stage.pane("conversation").split("\n")
        assert len(seen) >= 9
        assert "the blue lamp arrived broken" in "\n".join(seen)


async def test_undo_goes_back_to_the_reply_and_opens_its_draft(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.type("Too early")
        await stage.press("ctrl+s", "enter", "u")
        assert "Taken back: it has not left. Here is the draft." in stage.said
        assert "Refund for order 4711" in stage.pane("conversation")
        assert "Too early" in stage.pane("composer")
        assert store.rows([2])[0].conversation.sending == 0
        await stage.type(" and now better")
        await stage.press("ctrl+s", "e")
        assert last(store, 2) == "Too early and now better"


async def test_the_undo_window_is_counted_down_and_ends(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.type("On its way")
        await stage.press("ctrl+s", "enter")
        stage.clock.now = NOW + 12
        stage.app.inbox.status.show()
        await stage.rest()
        assert "sends in 8 s" in stage.said
        stage.clock.now = NOW + 21
        stage.app.inbox.status.show()
        await stage.rest()
        assert "sends in" not in stage.said


async def test_escape_keeps_the_draft_and_another_screen_finds_it(store: Workspace, tmp_path: Path) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.type("Half a sentence")
        await stage.press("escape")
        assert "The draft is kept: r opens it again." in stage.said
        assert "draft" in stage.pane("conversation").split("\n")[1]
    again = open_store(tmp_path)
    async with playing(again) as stage:
        await stage.press("enter", "r")
        assert "Half a sentence" in stage.pane("composer")
        assert "draft found again" in stage.text
    again.close()


async def test_the_draft_is_on_disk_while_it_is_typed(store: Workspace, tmp_path: Path) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.type("Nobody pressed a key to save this")
        with_others = open_store(tmp_path)
        assert [draft.text for draft in with_others.drafts(2)] == ["Nobody pressed a key to save this"]
        with_others.close()
        assert "draft kept" in stage.text


async def test_a_note_is_written_without_a_send_bar(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "n")
        await stage.type("Ask the carrier first")
        await stage.press("ctrl+s")
        assert "┃ Ask the carrier first" in stage.pane("conversation")
        assert store.items(2)[-1].direction == "note"
        await stage.press("u")
        assert "Ask the carrier first" not in stage.pane("conversation")
        assert "Ask the carrier first" in stage.pane("composer")


async def test_sending_stops_when_a_colleague_was_quicker_and_shows_what_is_new(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.type("My answer")
        did(store, "bo", "reply", conversation=2, text="Bo's answer", to=("anna.weber@weber.example",),
            sender="support@shop.example")  # fmt: skip
        await stage.press("ctrl+s", "enter")
        assert "bo has answered in the meantime." in stage.said
        assert "My answer" in stage.pane("composer")
        assert "Bo's answer" in stage.pane("conversation")
        await stage.press("ctrl+s", "enter")
        assert last(store, 2) == "My answer"


async def test_nothing_is_sent_without_words(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r", "ctrl+s")
        assert "Nothing is written yet." in stage.said
        assert "then:" not in stage.text


async def test_send_and_snooze_asks_until_when(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.type("Back on Monday")
        await stage.press("ctrl+s", "s")
        assert "m Monday" in stage.text
        await stage.press("m")
        assert last(store, 2) == "Back on Monday"
        assert store.rows([2])[0].conversation.snoozed_until is not None


async def test_keys_typed_ahead_reach_the_reply_in_their_order(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.hurry("enter")
        await stage.hurry("r", *"Hi", "home", "x", "end", "y", "ctrl+s", "enter")
        assert last(store, 2) == "xHiy"


async def test_a_key_typed_while_a_reply_leaves_is_neither_text_nor_run_on_what_comes_next(
    store: Workspace,
) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.type("Soon")
        await stage.hurry("ctrl+s", "enter", "y")
        assert "y was held: you had not seen this one." in stage.said
        assert last(store, 2) == "Soon"
        assert {store.rows([n])[0].conversation.status.value for n in (1, 3, 4, 5, 6)} == {"open"}


async def test_a_reply_goes_to_the_conversation_that_was_opened_however_fast(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.hurry("j", "enter", "r", *"Hi", "ctrl+s", "enter")
        assert last(store, 1) == "Hi"
        assert len(store.items(2)) == 1


async def test_news_of_what_was_shown_before_does_not_call_it_back(store: Workspace) -> None:
    async with playing(store) as stage:
        stage.app.inbox.reading.open(1)
        stage.app.inbox.reading.again(frozenset({2}))
        await stage.rest()
        assert "Where is my parcel?" in stage.pane("conversation")


async def test_a_thrown_away_draft_comes_back_with_undo(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.type("Bad idea")
        await stage.press("ctrl+x ctrl+d")
        assert store.drafts(2) == []
        await stage.press("u")
        assert "Bad idea" in stage.pane("composer")


async def test_reply_to_all_names_the_others_and_no_reply_is_pointed_out(store: Workspace) -> None:
    copied = mail(
        "Kim <kim@kim.example>", "Both of us", "?\n", "2026-11-10 08:00", cc="Lou <lou@kim.example>"
    )
    noreply = mail("noreply@robot.example", "Form", "Please answer\n", "2026-11-10 08:01")
    both, robot = deliver(store, copied), deliver(store, noreply)
    async with playing(store) as stage:
        stage.app.inbox.moving.open_conversation(both)
        await stage.rest()
        await stage.press("R")
        assert "Reply to kim@kim.example · copy to lou@kim.example" in stage.text
        await stage.press("escape")
        stage.app.inbox.moving.open_conversation(robot)
        await stage.rest()
        await stage.press("r")
        assert "nobody reads noreply@robot.example" in stage.said


async def test_resizing_loses_neither_place_nor_draft(store: Workspace) -> None:
    async with playing(store, (160, 48)) as stage:
        await stage.press("j", "enter", "r")
        await stage.type("While it shrinks")
        for size in ((80, 24), (20, 5), (100, 30), (160, 48)):
            await stage.pilot.resize_terminal(*size)
            await stage.rest()
        assert "While it shrinks" in stage.pane("composer")
        assert "Where is my parcel?" in stage.pane("conversation")
        await stage.press("escape", "q")
        assert "▌" in next(line for line in stage.lines if "Where is my parcel?" in line)

"""Verbs by their keys: what they ask, what they say, and what becomes of keys that were typed ahead or in vain."""

from __future__ import annotations

from pathlib import Path

from textual import events

from inbox.actions import decision
from inbox.model import Role, Status, Who
from inbox.ports import Row
from inbox.verbs import VERBS
from storage.workspace import Workspace
from tests.screenplay import AT_ONCE, Stage, playing
from tests.shop import NOW, answered, at, deliver, did, mail, shop


def row(store: Workspace, conversation: int) -> Row:
    return store.rows([conversation])[0]


async def test_closing_asks_why_when_the_customer_wrote_last_and_moves_on(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("e")
        assert "Close, because" in stage.asked
        assert "t only thanks" in stage.asked
        await stage.press("t")
        assert (row(store, 2).conversation.status, row(store, 2).conversation.closed_why) == (
            Status.CLOSED,
            "thanks",
        )
        assert "Closed. u takes it back." in stage.said
        assert "Where is my parcel?" in stage.pane("conversation")
        await stage.press("u")
        assert row(store, 2).conversation.status is Status.OPEN
        assert "Refund for order 4711" in stage.pane("conversation")
        await stage.press("U")
        assert row(store, 2).conversation.status is Status.CLOSED


async def test_undoing_what_was_not_done_here_says_what_it_was_and_where(store: Workspace) -> None:
    did(store, "anna", "close", conversation=1, why="thanks")
    did(store, "anna", "assign", conversation=2, to="bo")
    async with playing(store) as stage:
        await stage.press("u")
        assert "Undone: given to bo, in “Refund for order 4711”." in stage.said
        await stage.press("u")
        assert "Undone: closed, in “Where is my parcel?”." in stage.said
        await stage.press("U")
        assert "Done again: closed, in “Where is my parcel?”." in stage.said


async def test_undoing_what_was_done_to_many_elsewhere_says_to_how_many(store: Workspace) -> None:
    tagging = [decision("tag", conversation=number, add=("lamp",)) for number in (2, 3, 4)]
    store.change_each(tagging, Who("anna"), NOW)
    async with playing(store) as stage:
        await stage.press("u")
        assert "Undone: tags changed, in 3 conversations." in stage.said


async def test_a_prompt_takes_what_was_typed_ahead(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.hurry("s", "t")
        assert row(store, 2).conversation.status is Status.SNOOZED
        await stage.hurry("e", "w")
        assert row(store, 1).conversation.closed_why == "elsewhere"
        await stage.hurry("a", "b", "o", "enter")
        assert row(store, 3).conversation.assignee == "bo"


async def test_snoozing_until_a_typed_time_shows_what_it_means(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("j", "j", "j", "s", "/")
        await stage.type("fri 14")
        assert "hour, or day of the month?" in stage.asked
        await stage.type(":00")
        assert "Fri 13 Nov 14:00" in stage.asked
        await stage.press("enter")
        until = row(store, 4).conversation.snoozed_until
        assert until is not None and until < at("2026-11-13 14:00")  # it wakes before the deadline
        assert "Snoozed: due 17:00, wakes 16:00." in stage.said


async def test_holding_says_for_whom_and_until_when(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("S")
        await stage.type("the carrier")
        await stage.press("enter", "m")
        held = row(store, 2).conversation
        assert (held.status, held.held_for, held.held_until) == (
            Status.HELD,
            "the carrier",
            at("2026-11-16 09:00"),
        )


async def test_tags_are_added_and_taken_off_in_one_line(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("t")
        await stage.type("refund vip")
        await stage.press("enter")
        assert row(store, 2).conversation.tags == ("refund", "vip")
        await stage.press("t")
        assert "-refund" in stage.text
        await stage.type("-vip broken")
        await stage.press("enter")
        assert row(store, 2).conversation.tags == ("broken", "refund")


async def test_repeat_does_the_last_verb_again_but_never_sends(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("t")
        await stage.type("urgent")
        await stage.press("enter", "j", ".")
        assert row(store, 1).conversation.tags == ("urgent",)
        await stage.press("r")
        await stage.type("Hello")
        await stage.press("ctrl+s", "enter")
        sent = len(store.outbox())
        await stage.press(".")
        assert len(store.outbox()) == sent


async def test_what_was_meant_for_one_alone_or_may_lose_a_customer_is_not_simply_repeated(
    store: Workspace,
) -> None:
    async with playing(store, (80, 24)) as stage:
        await stage.press("e", "t", "n")
        await stage.type("Only here")
        await stage.press("ctrl+s", ".")  # not what was done before the note
        assert "Note is not for the next one too. n asks anew." in stage.said
        assert row(store, 3).conversation.status is Status.OPEN
        to = ("yamada@kaisha.example",)
        did(store, "bo", "reply", conversation=4, text="Yes", sender="support@shop.example", to=to)
        for number, key in ((5, "!"), (4, ".")):
            stage.app.inbox.list.go_to(number)
            stage.app.inbox.go_to("list")
            await stage.press(key)
        assert "We have answered 山田 太郎 before. Spam all the same?" in stage.asked


async def test_merging_offers_this_customers_open_conversations_first(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("M")
        assert "#6 Another question" in stage.text
        await stage.press("enter")
        assert store.resolve(2) == 6
        await stage.press("u")
        assert store.resolve(2) == 2


async def test_spam_asks_only_when_we_ever_answered(store: Workspace) -> None:
    answered(store, 1)
    async with playing(store) as stage:
        await stage.press("!")
        assert row(store, 2).conversation.status is Status.SPAM
        await stage.press("0")
        stage.app.inbox.list.go_to(1)
        await stage.press("!")
        assert "We have answered Jo Park before. Spam all the same?" in stage.asked
        await stage.press("n")
        assert row(store, 1).conversation.status is not Status.SPAM


async def test_two_people_who_take_the_next_one_never_get_the_same(store: Workspace) -> None:
    async with playing(store) as stage:
        did(store, "bo", "take-next", conversation=2)
        await stage.press("N")
        assert "It is yours." in stage.said
        assert row(store, 1).conversation.assignee == "anna"
        assert "Where is my parcel?" in stage.pane("conversation")


async def test_keys_after_a_refusal_are_dropped(store: Workspace) -> None:
    did(store, "bo", "close", conversation=3, why="elsewhere")
    pace = AT_ONCE._replace(pause=60)
    async with playing(store, pace=pace) as stage:
        await stage.press("9")
        await stage.hurry("e", "E", "!")
        assert "It is closed already." in stage.said
        assert row(store, 3).conversation.status is Status.CLOSED


async def test_a_changing_key_is_held_before_the_next_conversation_can_have_been_seen(
    store: Workspace,
) -> None:
    pace = AT_ONCE._replace(glance=60)
    async with playing(store, pace=pace) as stage:
        await stage.hurry("e", "t")
        assert row(store, 2).conversation.status is Status.CLOSED
        await stage.press("y")
        assert "y was held: you had not seen this one." in stage.said
        assert {row(store, n).conversation.status for n in (1, 3, 4, 5, 6)} == {Status.OPEN}


async def test_a_verb_acts_on_what_was_painted_though_another_screen_moved_it(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("j")
        did(store, "bo", "merge", conversation=1, into=3)
        await stage.press("y")
        assert row(store, 3).conversation.status is Status.OPEN
        assert stage.said.strip() != ""


async def test_pasting_outside_a_text_runs_nothing(store: Workspace) -> None:
    async with playing(store) as stage:
        stage.app.post_message(events.Paste("eeee!!yy\n"))
        await stage.rest()
        assert "Pasted text runs no keys." in stage.said
        assert "Close, because" not in stage.text
        assert {row(store, n).conversation.status for n in range(1, 7)} == {Status.OPEN}
        await stage.press("enter", "r")
        stage.app.post_message(events.Paste("two\nlines"))
        await stage.rest()
        assert "two" in stage.pane("composer") and "lines" in stage.pane("composer")


async def test_a_reader_sees_everything_and_changes_nothing(store: Workspace) -> None:
    async with playing(store, who=Who("rea", Role.READER)) as stage:
        assert " r reply" not in stage.said
        await stage.press("r")
        assert "Reply is not for a reader" in stage.said
        await stage.press("enter")
        assert row(store, 2).conversation.unread


async def test_every_verb_can_be_done_here(store: Workspace) -> None:
    async with playing(store) as stage:
        assert all(callable(stage.app.inbox.deed(verb)) for verb in VERBS)


async def test_sequences_show_how_they_go_on(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("g")
        below = "\n".join(stage.lines[-4:])  # what does not fit in one line goes into more, in columns
        assert all(words in below for words in ("g g top", "g r take in new", "g c outcome"))
        await stage.press("x")
        assert "g x means nothing here" in stage.said
        assert "g g top" not in "\n".join(stage.lines)


async def test_what_goes_wrong_is_one_calm_line_and_the_screen_lives_on(store: Workspace) -> None:
    async with playing(store) as stage:
        stage.app.inbox.keyboard.wait()  # as while something is being sent
        await _fail(stage)
        assert "The disk is full. Free some space, then press the key again." in stage.said
        await stage.press("j")
        assert "Where is my parcel?" in stage.pane("conversation")


async def _fail(stage: Stage) -> None:
    from inbox.errors import WorldError

    def no_room(_: object) -> None:
        raise WorldError("The disk is full.", "Free some space, then press the key again.")

    stage.app.background.write(no_room)
    await stage.rest()


async def test_one_person_alone_is_not_asked_to_assign(tmp_path: Path) -> None:
    store = shop(tmp_path, [mail("Eve <eve@eve.example>", "Hi", "?\n", "2026-11-10 09:00")], team=("anna",))
    async with playing(store, (160, 48), team=("anna",)) as stage:
        assert "assign" not in stage.said
        assert "Unassigned" not in stage.pane("views")
        deliver(store, mail("Eva <eva@eva.example>", "Ho", "?\n", "2026-11-10 10:00"))
    store.close()


async def test_answers_of_one_key_stand_in_lines_where_one_line_is_too_short(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        await stage.press("s")
        assert [line.split()[:2] for line in stage.lines[-8:-2]] == [
            ["h", "3"], ["t", "tomorrow"], ["d", "2"], ["m", "Monday"], ["w", "a"], ["/", "typed"],
        ]  # fmt: skip
    async with playing(store, (160, 48)) as stage:
        await stage.press("e")
        assert stage.asked.endswith("t only thanks  w answered elsewhere  o not ours  n needs no answer")


async def test_a_long_answer_scrolls_with_its_caret(store: Workspace) -> None:
    async with playing(store, (60, 20)) as stage:
        await stage.press("/")
        await stage.type("word " * 20 + "END")
        assert "END" in stage.asked
        await stage.press("home")
        assert "END" not in stage.asked

"""Promises and follow-ups on the screen: made, seen, kept with a key or with a reply, explained, repeated, taken back."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from inbox.model import ClockKind, EventType, Status
from inbox.settings import Buffer
from storage.workspace import Workspace
from tests.front import Front
from tests.screenplay import Stage, playing
from tests.shop import NOW, Clock, at, did, settings

THURSDAY = at("2026-11-12 17:00")
SIZES = [(80, 24), pytest.param((160, 48), marks=pytest.mark.long)]


def states(store: Workspace, conversation: int, kind: ClockKind) -> list[str]:
    return [clock.state.value for clock in store.clocks(conversation, NOW) if clock.kind is kind]


def promised(
    store: Workspace, conversation: int = 2, until: int = THURSDAY, text: str = "a new lamp"
) -> None:
    did(store, "anna", "promise", conversation=conversation, until=until, text=text)


async def answer(stage: Stage, text: str, *keys: str) -> None:
    await stage.press("enter", "r")
    await stage.type(text)
    await stage.press(*keys)


@pytest.mark.parametrize("size", SIZES)
async def test_a_promise_is_made_in_a_few_keys_and_seen_in_the_row(
    store: Workspace, size: tuple[int, int]
) -> None:
    async with playing(store, size) as stage:
        await stage.press("b", "/")
        await stage.type("thu 17:00")
        await stage.press("enter")
        assert "What is promised (Thu 12 Nov 17:00)?" in stage.asked
        await stage.type("a new lamp")
        await stage.press("enter")
        assert "Promised for Thu 12 Nov 17:00 (a new lamp). u takes it back." in stage.said
        row = next(line for line in stage.pane("list").split("\n") if "Refund" in line)
        assert "promised Thu" in row
        assert " x2 " in row  # she has two open
    assert store.rows([2])[0].conversation.promised_until == THURSDAY


@pytest.mark.parametrize("size", SIZES)
async def test_the_header_says_what_is_promised_and_to_be_followed_up(
    store: Workspace, size: tuple[int, int]
) -> None:
    promised(store)
    did(store, "anna", "follow-up", conversation=2, until=at("2026-11-16 09:00"))
    async with playing(store, size) as stage:
        await stage.press("enter")
        header = stage.pane("conversation").split("\n")[1]
        assert "promised Thu 12 Nov 17:00" in header
        if size[0] > 80:
            assert "follow up Mon 16 Nov 09:00" in header
            assert "promised: a new lamp by Thu 12 Nov 17:00" in " ".join(stage.pane("customer").split())


async def test_the_panel_says_what_is_promised_in_another_matter(store: Workspace) -> None:
    promised(store, 6)
    async with playing(store, (160, 48)) as stage:
        assert "promised: Another question by" in stage.pane("customer")


async def test_the_words_of_a_promise_can_be_left_out(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.hurry("b", "t", "enter")
        assert "Promised for Wed 11 Nov 09:00. u takes it back." in stage.said
        await stage.press("u")
        assert "Undone: promise." in stage.said
    assert store.rows([2])[0].conversation.promised_until is None


async def test_a_kept_promise_is_a_met_one_and_can_be_taken_back(store: Workspace) -> None:
    promised(store)
    async with playing(store) as stage:
        await stage.press("g b")
        assert "Promise kept. u takes it back." in stage.said
        assert states(store, 2, ClockKind.PROMISE) == ["met"]
        await stage.press("u")
        assert states(store, 2, ClockKind.PROMISE) == ["running"]
        await stage.press("j", "g b")
        assert "Nothing is promised here: b promises something." in stage.said


async def test_the_line_for_a_date_says_what_comes_then_and_not_what_ends(store: Workspace) -> None:
    async with playing(store, (120, 36)) as stage:
        await stage.press("F", "slash")
        await stage.type("mon")
        assert stage.asked.startswith(" Come back to it mon")


async def test_a_follow_up_is_set_and_done(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("F", "m")
        assert "What for (Mon 16 Nov 09:00)?" in stage.asked
        await stage.type("does it work?")
        await stage.press("enter")
        assert "To be followed up Mon 16 Nov 09:00 (does it work?)." in stage.said
        assert "follow up Mon" in stage.pane("list")
        await stage.press("g F")
        assert "Followed up. u takes it back." in stage.said
    assert states(store, 2, ClockKind.FOLLOW_UP) == ["met"]


async def test_repeat_promises_the_same_to_the_next(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("b", "t")
        await stage.type("an answer")
        await stage.press("enter", "j", ".")
        assert "Promised for Wed 11 Nov 09:00 (an answer)." in stage.said
    untils = [row.conversation.promised_until for row in store.rows([2, 1])]
    assert untils == [at("2026-11-11 09:00")] * 2


async def test_the_record_tells_of_each_in_a_sentence(store: Workspace) -> None:
    promised(store)
    did(store, "bo", "follow-up", conversation=2, until=at("2026-11-16 09:00"), text="does it work?")
    did(store, "anna", "keep", conversation=2)
    did(store, "bo", "done", conversation=2)
    async with playing(store, (160, 48)) as stage:
        await stage.press("enter")
        told = stage.pane("conversation")
        assert "anna promised it for Thu 12 Nov 17:00 (a new lamp)" in told
        assert "bo comes back to it Mon 16 Nov 09:00 (does it work?)" in told
        assert "anna kept the promise" in told
        assert "bo followed it up" in told


# --------------------------------------------------------------------------- with a reply


@pytest.mark.parametrize("size", SIZES)
async def test_one_key_in_the_send_bar_keeps_the_promise_with_the_reply(
    store: Workspace, size: tuple[int, int]
) -> None:
    promised(store)
    async with playing(store, size) as stage:
        await answer(stage, "Here it is.", "ctrl+s")
        assert "promised Thu 12 Nov 17:00: k if this keeps it" in stage.pane("prompt")
        assert "k promise kept" in stage.said
        await stage.press("k")
        assert "the promise is kept with it" in stage.pane("prompt")
        await stage.press("enter")
        assert {event.type for event in store.events(2)[-3:]} >= {EventType.QUEUED, EventType.KEPT}
        assert states(store, 2, ClockKind.PROMISE) == ["met"]
        await stage.press("u")
        assert "Here it is." in stage.pane("composer")
        assert states(store, 2, ClockKind.PROMISE) == ["running"]
    assert store.outbox() == []


async def test_pressed_twice_it_keeps_nothing(store: Workspace) -> None:
    promised(store)
    async with playing(store) as stage:
        await answer(stage, "Not yet.", "ctrl+s", "k", "k", "enter")
    assert states(store, 2, ClockKind.PROMISE) == ["running"]
    assert store.rows([2])[0].conversation.status is Status.WAITING


async def test_where_nothing_is_promised_the_bar_does_not_speak_of_it(store: Workspace) -> None:
    async with playing(store) as stage:
        await answer(stage, "Hello.", "ctrl+s")
        assert "promise" not in stage.pane("prompt") + stage.said
        await stage.press("k")
        assert "Nothing is promised here." in stage.said


async def test_what_leaves_later_keeps_no_promise_yet(store: Workspace) -> None:
    promised(store)
    async with playing(store) as stage:
        await answer(stage, "Tomorrow.", "ctrl+s", "k", "l")
        assert "What leaves later keeps no promise yet." in stage.said
        assert "the promise is kept with it" in stage.pane("prompt")


# --------------------------------------------------------------------------- why


@pytest.mark.parametrize("size", SIZES)
async def test_why_says_of_a_promise_what_was_said_and_when(store: Workspace, size: tuple[int, int]) -> None:
    promised(store)
    async with playing(store, size) as stage:
        await stage.press("w", "G")
        shown = " ".join(stage.pane("conversation").split())
        assert "promise: running, due Thu 12 Nov 17:00 “a new lamp”" in shown
        assert "11:05 promised to the customer (anna)" in shown
        assert "17:00 the instant promised" in shown
        assert "does not count promised" not in shown


def test_the_commands_promise_keep_with_a_reply_and_say_why(shop_front: Front) -> None:
    shop_front.ok("promise", "2", "--until", "thu 17:00", "--text", "a new lamp")
    shop_front.ok("follow-up", "2", "--at", "mon", "--text", "does it work?", who="bo")
    said = shop_front.ok("why", "2").out
    assert "promise: running, due 2026-11-12 17:00 “a new lamp”" in said
    assert "promised to the customer (anna)" in said and "the instant promised" in said
    assert "follow up: running, due 2026-11-16 09:00 “does it work?”" in said
    shop_front.ok("reply", "2", "--text", "Here it is.", "--kept")
    assert "promise: met" in shop_front.ok("why", "2").out
    assert "Nothing is promised here" in shop_front.run("reply", "2", "--text", "Again.", "--kept").err


# --------------------------------------------------------------------------- late


@pytest.mark.parametrize("size", SIZES)
async def test_a_broken_promise_is_told_by_signs_and_not_by_colour_alone(
    store: Workspace, size: tuple[int, int]
) -> None:
    did(store, "bo", "hold", conversation=6, whom="carrier")
    promised(store, 6, until=NOW + 60)
    clock = Clock(NOW + 26 * 60)
    async with playing(store, size, now=clock) as stage:
        await stage.press("6")
        row = next(line for line in stage.pane("list").split("\n") if "Another" in line)
        assert "!-0:25" in row  # though it is held
        await stage.press("enter")
        assert "!-0:25, promised 11:06" in stage.pane("conversation")


# --------------------------------------------------------------------------- found in what is written


async def test_one_key_in_the_send_bar_takes_on_what_the_letter_promises(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        await answer(stage, "You get it by Thursday.", "ctrl+s")
        assert "promised: Thu 12 Nov 17:00 - p takes it on" in stage.pane("prompt")
        await stage.press("p")
        assert "it promises Thu 12 Nov 17:00" in stage.pane("prompt")
        await stage.press("l")
        assert "What leaves later promises nothing yet." in stage.said
        await stage.press("p", "p", "enter")
        assert store.rows([2])[0].conversation.promised_until == THURSDAY
        told = store.events(2)
        assert next(e.why for e in told if e.type is EventType.PROMISED) == "You get it by Thursday"
        await stage.press("u")
        assert "You get it by Thursday" in stage.pane("composer")
        assert store.rows([2])[0].conversation.promised_until is None
    assert store.outbox() == []


async def test_a_letter_that_promises_nothing_is_not_spoken_of(store: Workspace) -> None:
    async with playing(store) as stage:
        await answer(stage, "You have until Thursday.", "ctrl+s")
        assert "promise" not in stage.pane("prompt")
        await stage.press("p")
        assert "No promise with a date is found in it" in stage.said
        await stage.press("enter")
    assert store.rows([2])[0].conversation.promised_until is None


async def test_what_is_told_is_aimed_for_earlier_and_both_zones_are_shown(store: Workspace) -> None:
    careful = replace(settings(), promise_buffer=Buffer(workdays=1))
    async with playing(store, (160, 48), settings=careful, own_zone=ZoneInfo("America/New_York")) as stage:
        await answer(stage, "You get it by Thursday.", "ctrl+s", "p")
        assert "it promises Thu 12 Nov 17:00 · 11:00 here, aim Wed 11 Nov 17:00" in stage.pane("prompt")
        await stage.press("enter", "k", "b", "/")
        assert stage.asked.startswith(" Promised until")
        await stage.type("mon 10")
        assert "hour, or day of the month?" in stage.asked
        await stage.type(":00")
        assert "Mon 16 Nov 10:00 · 04:00 here, aim Fri 13 Nov 10:00" in stage.asked
        await stage.type(", aim fri noon")
        assert "Mon 16 Nov 10:00 · 04:00 here, aim Fri 13 Nov 12:00" in stage.asked
        await stage.press("enter", "enter")
        assert "Promised for Mon 16 Nov 10:00, aiming for Fri 13 Nov 12:00. u takes it back." in stage.said
    due = {row.conversation.promised_until: row.due_at for row in store.rows([1, 2, 3, 4])}
    assert due[at("2026-11-16 10:00")] is not None


async def test_what_cannot_be_read_stays_on_the_line_to_be_mended(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("F", "/")
        await stage.type("frietag 9")
        await stage.press("enter")
        assert 'did you mean "freitag"?' in stage.said
        assert "frietag 9" in stage.asked
        await stage.press("ctrl+u")
        await stage.type("freitag 9 uhr")
        await stage.press("enter", "enter")
        assert "To be followed up Fri 13 Nov 09:00." in stage.said


async def test_the_conversation_and_the_customer_say_what_became_of_promises(store: Workspace) -> None:
    promised(store, 2, NOW + 3600, "a lamp")
    did(store, "anna", "promise", conversation=2, until=NOW + 60, now=NOW + 10, text="a date")
    did(store, "anna", "keep", conversation=2, now=NOW + 7200)
    async with playing(store, (160, 48), now=Clock(NOW + 7300)) as stage:
        await stage.press("enter")
        told = stage.pane("conversation")
        assert "promised it for 12:05 (a lamp): moved" in told
        assert "promised it for 11:06 (a date): kept late" in told
        assert "promises: 1 broken, 1 moved" in stage.pane("customer")


def test_the_commands_promise_with_a_reply_aim_for_less_and_say_what_became_of_it(shop_front: Front) -> None:
    said = shop_front.ok("reply", "2", "--text", "You will have it by Thursday.").err
    assert "It promises 2026-11-12 17:00: “You will have it by Thursday”" in said
    assert '--promise "2026-11-12 17:00" takes it on.' in said
    shop_front.ok("reply", "1", "--text", "You will have it by Thursday.", "--promise", "thu 17:00, aim wed")
    shop_front.ok("promise", "6", "--until", "next mon", "--aim", "fri 14:00", "--text", "an answer")
    for words, says in (
        (("promise", "6", "--until", "we"), "is no date"),
        (("promise", "6", "--until", "2020-01-01"), "has passed"),
        (("promise", "6", "--until", "fri", "--aim", "next mon"), "The aim lies after what is promised."),
        (
            ("reply", "6", "--text", "x", "--promise", "next fri"),
            "could be Fri 13 Nov 09:00 or Fri 20 Nov 09:00",
        ),
    ):
        ran = shop_front.run(*words)
        assert ran.status == 2 and says in ran.err
    [one] = shop_front.json("show", "1")
    assert one["promises"] == [
        {"at": "2026-11-10T10:05:00Z", "who": "anna", "until": "2026-11-12T16:00:00Z", "aim": "2026-11-11T08:00:00Z",
         "text": "You will have it by Thursday", "became": "open"}
    ]  # fmt: skip
    shop_front.now = at("2026-11-18 10:00")
    shop_front.ok("keep", "6")
    assert (
        "promised for 2026-11-16 09:00, aim 2026-11-13 14:00, kept late: an answer"
        in shop_front.ok("show", "6").out
    )
    number = shop_front.json("show", "6")[0]["customer"]["id"]
    assert "promises: 1 broken" in shop_front.ok("customer", "show", number).out

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
        assert "waits for a yes again" in stage.said


async def test_it_is_edited_and_goes_in_its_place_and_undo_gives_the_edit_back(store: Workspace) -> None:
    (letter,) = states(store)
    async with playing(store, team=TEAM) as stage:
        await stage.press("4", "enter", "W")
        assert "tim wrote this, you send it" in stage.text
        await stage.type(" Promised.")
        await stage.press("escape")
        assert "W opens it again" in stage.said
        await stage.press("W", "ctrl+s", "enter")
        (sent,) = states(store)
        assert (sent != letter, states(store)[sent]) == (True, "queued")
        event = next(e for e in store.events(1) if e.message == sent)
        assert (event.who, event.data["of"], store.items(1)[-1].reply) == (
            "anna",
            "tim",
            "It comes on Thursday. Promised.",
        )
        await stage.press("u")
        assert states(store) == {letter: "held"}
        assert "It comes on Thursday. Promised." in stage.text
        await stage.press("escape", "W", "ctrl+x ctrl+d")
        await stage.press("W")
        assert "Promised" not in stage.text  # thrown away: their words again


async def test_an_edit_goes_with_the_sender_and_the_signature_they_had_chosen(store: Workspace) -> None:
    did(store, "anna", "approve", conversation=1, leave_after=0)
    writes(store, "Blue.", sender="sales@shop.example", signature="Tim\nThe shop", quoted="> What colour?")
    async with playing(store, team=TEAM) as stage:
        await stage.press("4", "enter", "W")
        await stage.type(" Light blue.")
        await stage.press("ctrl+s", "enter")
    last = store.items(1)[-1]
    assert (last.reply, last.signature, last.quoted) == (
        "Blue. Light blue.",
        "Tim\nThe shop",
        "> What colour?",
    )
    assert [each.address for each in last.sender] == ["sales@shop.example"]


async def test_it_is_given_back_with_a_note_that_its_writer_sees(store: Workspace) -> None:
    async with playing(store, team=TEAM) as stage:
        await stage.press("4", "enter", "K")
        assert "Back to tim, who is to change:" in stage.asked
        await stage.press("enter")
        assert "tim needs to know why" in stage.said
        await stage.press("K")
        await stage.type("Which Thursday?")
        await stage.press("enter")
        assert "It is tim's draft again" in stage.said
        assert states(store) == {}
        await stage.press("u")
        assert "It is a draft of tim again: that stays." in stage.said
    async with playing(store, who=TIM, team=TEAM) as stage:
        await stage.press("4", "enter")
        assert "you are called here" in stage.pane("conversation")
        assert "Which Thursday?" in stage.pane("conversation")
        await stage.press("r")
        assert "It comes on Thursday." in stage.text


async def test_who_wrote_it_takes_it_back_and_a_yes_is_not_theirs(store: Workspace) -> None:
    async with playing(store, who=TIM, team=TEAM) as stage:
        await stage.press("2", "enter")
        assert "Your letter waits for a yes: W takes it back" in stage.pane("conversation")
        await stage.press("Y")
        assert "Say yes is not for a trainee" in stage.said
        await stage.press("W")
        assert states(store) == {}
        assert "It comes on Thursday." in stage.text
        assert "Taken back" in stage.said


async def test_what_happened_meanwhile_is_said_and_asks_for_a_reason(store: Workspace) -> None:
    did(store, "bo", "reply", conversation=1, text="On Friday.", to=[JO], sender=SUPPORT, leave_after=0)
    (letter, bos) = sorted(states(store))
    async with playing(store, team=TEAM) as stage:
        await stage.press("4", "enter", "Y")
        assert "bo has answered in the meantime." in stage.text
        assert "Let tim's letter go all the same, because" in stage.asked
        await stage.press("enter")
        assert "it still waits for a yes" in stage.said
        await stage.press("Y")
        await stage.type("both are needed")
        await stage.press("enter")
        assert states(store) == {letter: "queued", bos: "queued"}
        said = [event for event in store.events(1) if event.type is EventType.OVERRIDDEN]
        assert [(event.why, event.data["checks"]) for event in said] == [("both are needed", ["newer"])]


async def test_who_is_second_is_told_who_was_first(store: Workspace) -> None:
    (letter,) = states(store)
    async with playing(store, team=TEAM) as stage:
        await stage.press("4", "enter", "W")
        did(store, "bo", "approve", conversation=1, message=letter, leave_after=0)
        await stage.press("ctrl+s", "enter")
        assert "bo has said yes already." in stage.said
        assert states(store) == {letter: "queued"}  # and nothing went twice
        await stage.press("escape", "escape")
        await stage.press("Y")
        assert "waits for a yes" in stage.said or "said yes already" in stage.said


async def test_the_outbox_lets_it_go_the_same_way(store: Workspace) -> None:
    did(store, "bo", "reply", conversation=1, text="On Friday.", to=[JO], sender=SUPPORT, leave_after=0)
    letter = next(message for message, state in states(store).items() if state == "held")
    async with playing(store, team=TEAM) as stage:
        await stage.press("g o", "r")
        assert "all the same, because" in stage.asked
        await stage.type("x")
        await stage.press("enter")
        assert states(store)[letter] == "queued"


async def test_of_two_letters_the_older_comes_first(store: Workspace) -> None:
    (first,) = states(store)
    second = writes(store, "And it is blue.")
    assert [event.message for event in waiting(store.events(1))] == [first, second]
    async with playing(store, (80, 24), team=TEAM) as stage:
        await stage.press("4", "enter")
        assert "tim's letter and 1 more wait for a yes" in stage.pane("conversation")
        await stage.press("Y")
        assert (states(store)[first], states(store)[second]) == ("queued", "held")


async def test_a_hidden_copy_is_seen_by_who_says_yes(store: Workspace) -> None:
    did(store, "anna", "approve", conversation=1, leave_after=0)
    writes(store, bcc=["else@rival.example"])
    for size in ((160, 48), (80, 24)):
        async with playing(store, size, team=TEAM) as stage:
            await stage.press("4", "enter")
            assert "! a hidden copy of it goes to else@rival.example" in stage.pane("conversation")
            assert "K gives it back" in stage.pane("conversation")

"""Hints while writing, by keys: the customer's questions beside the text, and what the send bar says of a letter."""

from __future__ import annotations

from inbox.model import EventType
from inbox.settings import Settings
from storage.workspace import Workspace
from tests.screenplay import Stage, playing
from tests.shop import at, deliver, mail, settings

KIM = "Kim Lee <kim@kim.example>"
THREE = (
    "Hello,\n\nwhere is my parcel? Do you also sell bulbs?\nAnd please send me the invoice.\n\nThanks\nKim\n"
)


def asked(store: Workspace, text: str = THREE, subject: str = "Three things") -> int:
    """Kim asks."""
    return deliver(store, mail(KIM, subject, text, "2026-11-10 08:00"))


async def opened(stage: Stage, number: int) -> None:
    """A reply to a conversation is begun."""
    stage.app.inbox.moving.open_conversation(number)
    await stage.rest()
    await stage.press("r")


def checked(**levels: str) -> Settings:
    """The settings of the shop with some hints at other levels."""
    usual = settings()
    return Settings(**{**vars(usual), "checks": {**usual.checks, **levels}})


async def test_the_questions_stand_above_the_text_on_a_small_terminal_and_are_crossed_off(
    store: Workspace,
) -> None:
    number = asked(store)
    async with playing(store, (80, 24)) as stage:
        await opened(stage, number)
        assert stage.pane("questions") == (
            " 3 questions: where is my parcel? · Do you also sell bulbs? · And please send m…"
        )
        await stage.type("Your parcel left on Monday.")
        assert stage.pane("questions").startswith(
            " 2 of 3 questions left: Do you also sell bulbs? · And please"
        )
        await stage.type(" Bulbs we have, and the invoice is below.")
        assert stage.pane("questions").startswith(" ✓ 3 questions: ✓ where is my parcel? · ✓ Do you")
        await stage.press("ctrl+s")
        assert "untouched" not in stage.pane("prompt")
        await stage.press("escape", "escape")
        assert "questions" not in stage.text
        await stage.press("n")
        assert "questions" not in stage.text  # nobody outside reads a note


async def test_the_questions_stand_beside_the_text_on_a_wide_one_and_in_the_bar_without_a_count(
    store: Workspace,
) -> None:
    number = asked(store)
    async with playing(store, (160, 48)) as stage:
        await opened(stage, number)
        await stage.type("Bulbs we have.")
        lines = [line.strip("│ ") for line in stage.pane("questions").split("\n")]
        assert list(filter(None, lines)) == [
            "2 of 3 questions left",
            "? where is my parcel?",
            "✓ Do you also sell bulbs?",
            "? And please send me the invoice.",
        ]
        await stage.press("ctrl+s")
        assert "Question untouched: «where is my parcel?», and 1 more" in stage.pane("prompt")
        assert "hint" not in stage.asked
        await stage.press("enter")
    assert store.items(number)[-1].reply == "Bulbs we have."
    assert store.documents.hints("anna")[0] == {"question": 1}


async def test_what_the_customer_writes_meanwhile_is_asked_too(store: Workspace) -> None:
    number = asked(store, "Where is it?\n")
    async with playing(store, (80, 24)) as stage:
        await opened(stage, number)
        assert stage.pane("questions").startswith(" 1 question: Where is it?")
        more = mail(KIM, "Re: Three things", "And what does it cost?\n", "2026-11-10 11:00", message_id="<b@kim.example>",
                    in_reply_to=store.items(number)[0].message_id or "")  # fmt: skip
        assert deliver(store, more, at("2026-11-10 11:04")) == number
        await stage.rest()
        assert stage.pane("questions").startswith(" 2 questions: Where is it? · And what does it cost?")


async def test_a_hard_hint_stops_until_a_reason_is_given_and_the_reason_is_kept(store: Workspace) -> None:
    number = asked(store)
    async with playing(store, settings=checked(question="hard")) as stage:
        await opened(stage, number)
        await stage.type("Hello")
        await stage.press("ctrl+s", "enter")
        assert (
            "Not sent. Question untouched: «where is my parcel?», and 2 more. a sends it anyway" in stage.said
        )
        await stage.press("a")
        await stage.type("told on the phone")
        await stage.press("enter", "enter")
    (event,) = [event for event in store.events(number) if event.type is EventType.OVERRIDDEN]
    assert (event.why, event.data["checks"]) == ("told on the phone", ["question"])


async def test_a_hard_next_step_stops_only_what_closes_and_what_is_off_is_not_shown(store: Workspace) -> None:
    number = asked(store)
    async with playing(store, settings=checked(next_step="hard", question="off")) as stage:
        await opened(stage, number)
        await stage.type("The money is back on your card, and there is nothing else for you.")
        assert "3 questions" not in stage.text
        await stage.press("ctrl+s")
        assert "untouched" not in stage.pane("prompt")
        await stage.press("e")
        assert "Not sent. To close with it, it names no next step." in stage.said
        await stage.press("enter")
    assert store.items(number)[-1].reply.startswith("The money is back on your card")


async def test_no_more_than_three_are_said_and_what_left_stays_away(store: Workspace) -> None:
    number = asked(store)
    asked(store, "Hello\n", "Bulbs")
    for _ in range(5):
        store.documents.ignore_hints("anna", ["more"])
    async with playing(store) as stage:
        await opened(stage, number)
        assert "1 more open: M joins them" in stage.pane("compose-head")
        await stage.type("Attached. @bo @anna look. We will write soon.")
        await stage.press("ctrl+s")
        said = stage.pane("prompt").replace("\n", "")
        assert (
            "nothing is attached" in said and "reads like a note" in said and "«Bulbs» (M joins them)" in said
        )
        assert "untouched" not in said and "3 hints" in stage.asked
        await stage.press("x")
        assert "Bulbs" not in stage.pane("prompt") and "2 hints" in stage.asked
        await stage.press("escape", "ctrl+s")
        assert "untouched" in stage.pane("prompt")
    assert "more" in store.documents.hints("anna")[1]

"""Going anywhere: by typing what one knows, by a letter, and back."""

from __future__ import annotations

import pytest

from inbox.model import Who
from storage.workspace import Workspace
from tests.screenplay import playing
from tests.shop import ME, NOW, deliver, did, mail

SIZES = [(80, 24), *(pytest.param(size, marks=pytest.mark.long) for size in ((120, 36), (160, 48)))]


async def test_any_conversation_is_reached_by_what_is_known_of_it(store: Workspace) -> None:
    order = mail("Eve <eve@eve.example>", "Hello", "It is about AB-7731-x, thanks.\n", "2026-11-10 11:00")
    new = deliver(store, order)
    async with playing(store, (80, 24)) as stage:
        here = stage.app.inbox
        for known, number in (
            ("#3", 3),
            ("4711", 2),
            ("web lamp", 2),  # the customer, and a word of the text
            ("parcel whe", 1),
            ("krol", 5),
            ("注文", 4),
            ("ab-7731", new),
            ("acme.ex", 3),
        ):
            await stage.press("ctrl+g")
            await stage.hurry(
                *({" ": "space"}.get(key, key) for key in known), "enter"
            )  # ahead of what is found
            assert (here.reading.shown, here.place) == (number, "conversation"), known
        await stage.press("ctrl+g")
        await stage.type("zzzz")
        assert "Nothing fits that." in stage.asked
        await stage.press("enter", "escape")
        assert here.reading.shown == 3


async def test_what_is_found_is_shown_while_one_types_and_hostile_words_are_words(store: Workspace) -> None:
    deliver(store, mail("Eve <eve@eve.example>", "[red]x[/] \x1b[31m lamp", "Look.\n", "2026-11-10 11:00"))
    async with playing(store, (80, 24)) as stage:
        await stage.press("ctrl+g")
        assert "a number, a customer, words, an order number" in stage.asked
        await stage.type("lamp")
        assert "[red]x[/]" in stage.text and "Refund for order 4711" in stage.text
        await stage.press("down", "enter")
        assert "Refund for order 4711" in stage.pane("conversation")
        for words in ('"', "* OR (", "'; DROP", "\\", "a" * 400, "-- %_", "99999999999999999999"):
            await stage.press("ctrl+g")
            await stage.hurry(*({" ": "space"}.get(key, key) for key in words), "enter")
            await stage.press("escape")
        assert stage.app.inbox.place in ("conversation", "list")


@pytest.mark.parametrize("size", SIZES)
async def test_a_mark_leads_back_also_after_leaving_and_belongs_to_who_set_it(
    store: Workspace, size: tuple[int, int]
) -> None:
    async with playing(store, size) as stage:
        await stage.hurry("j", "m", "a")
        assert "Marked a: “Where is my parcel?”. ' a comes back to it." in stage.said
        await stage.press("9")
        await stage.hurry("'", "a")
        assert "Where is my parcel?" in stage.pane("conversation")
        await stage.hurry("'", "'")  # and back to where that was asked
        assert stage.app.inbox.list.title.startswith("Closed") and stage.app.inbox.place == "list"
        await stage.hurry("'", "'")
        assert "Where is my parcel?" in stage.pane("conversation")
    did(store, "bo", "merge", conversation=1, into=3)
    async with playing(store, size) as stage:
        await stage.press("'")
        assert "Jo Park: Where is my parcel?" in stage.text and "back to where you were" in stage.text
        await stage.press("b")
        assert "Nothing is marked b." in stage.asked
        await stage.press("a")
        assert stage.app.inbox.reading.shown == 3  # where it lives now
    async with playing(store, size, who=Who("bo", ME.role)) as stage:
        await stage.hurry("'", "a")
        assert "Nothing is marked a." in stage.asked
        await stage.press("escape")
        assert stage.app.inbox.place == "list"


async def test_a_letter_that_is_left_by_a_jump_is_kept(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter")
        await stage.hurry("r", *"Soon", "ctrl+t", "ctrl+g", "3", "enter")
        assert not stage.app.inbox.writing.is_open and stage.app.inbox.reading.shown == 3
        await stage.hurry("'", "'", "r")
        assert stage.app.inbox.writing.text == "Soon" and stage.app.inbox.reading.shown == 2
        await stage.hurry(
            "ctrl+g", *"4711", "enter", "n", *"Look", "ctrl+s"
        )  # all of it ahead of what is found
        assert [item.text for item in store.items(2) if item.direction == "note"] == ["Look"]


async def test_the_way_back_is_kept_by_whatever_has_led_away(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("'", "'")
        assert "There is nowhere to go back to yet." in stage.said
        await stage.press("j", "j", "enter", "N")
        assert "Refund for order 4711" in stage.pane("conversation")
        await stage.hurry("'", "'")
        assert "Invoice 2231" in stage.pane("conversation")
        await stage.press("q", "/")
        await stage.hurry(*"lamp", "enter")
        await stage.press("ctrl+g", "6", "enter")
        assert "Another question" in stage.pane("conversation")
        await stage.hurry("'", "`")
        assert stage.app.inbox.list.title.startswith("Search: lamp")
        await stage.press(":")
        await stage.hurry(*"2231", "enter")
        assert "Invoice 2231" in stage.pane("conversation")
        await stage.hurry("'", "'")
        assert stage.app.inbox.list.title.startswith("Search: lamp")


def test_what_is_looked_for_in_vain_is_given_up(store: Workspace) -> None:
    assert store.reach("lamp", ME, NOW, 8) == [2]
    assert store.reach("lamp", ME, NOW, 8, lambda: True) in ([], [2])  # before it is found, or not at all
    assert store.reach("  ", ME, NOW, 8) == []

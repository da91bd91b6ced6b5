"""Waiting for a customer, on the screen: thanks, nudges, snoozing before a deadline, and what went silent, by keys."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inbox import nudging
from inbox.model import Status
from inbox.settings import NudgePace
from storage.workspace import Workspace
from tests.screenplay import playing
from tests.shop import NOW, Clock, at, deliver, did, mail, settings
from tests.stores import DAY, Desk

SIZES = [(80, 24), pytest.param((160, 48), marks=pytest.mark.long)]
SET = replace(settings(), automatic_sending=True, nudges=NudgePace((3 * DAY, 7 * DAY), ("a b c.", "d e f.")))


def answered(store: Workspace, conversation: int = 2, to: str = "anna.weber@weber.example") -> Desk:
    """Anna answers, and a server takes it."""
    desk = Desk(store, NOW - 3600)
    desk.hands_over(desk.replies("anna", conversation, to=to))
    return desk


def thanks(store: Workspace) -> None:
    raw = mail("Anna Weber <anna.weber@weber.example>", "Re: Refund for order 4711", "Thank you so much!\n",
               "2026-11-10 11:00", in_reply_to="<refund@weber.example>")  # fmt: skip
    assert deliver(store, raw) == 2


@pytest.mark.parametrize("size", SIZES)
async def test_thanks_are_seen_and_opened_by_one_key(store: Workspace, size: tuple[int, int]) -> None:
    answered(store)
    thanks(store)
    async with playing(store, size, settings=SET) as stage:
        await stage.press("5")
        row = next(line for line in stage.pane("list").split("\n") if "Refund" in line)
        assert " thanks " in row
        await stage.press("enter")
        assert "thanks only - E opens it" in stage.pane("conversation").split("\n")[1]
        await stage.press("E")
        assert "Open again: it is more than thanks. u takes it back." in stage.said
        assert store.rows([2])[0].conversation.waiting_since == at("2026-11-10 11:00")
        await stage.press("u")
        assert store.rows([2])[0].conversation.thanks


@pytest.mark.parametrize("size", SIZES)
async def test_nudges_are_switched_on_and_told(store: Workspace, size: tuple[int, int]) -> None:
    answered(store)
    async with playing(store, size, settings=SET) as stage:
        await stage.press("5", "enter", "g n")
        assert "Nudges on. u takes it back." in stage.said
        header = stage.pane("conversation").split("\n")[1]
        assert "to be nudged, 2 at most, first Fri" in header
        await stage.press("w")
        assert "To be nudged, 2 at most" in stage.pane("conversation")
        await stage.press("escape", "g n")
        assert "No more nudges." in stage.said


async def test_a_snooze_past_the_deadline_says_when_it_wakes(store: Workspace) -> None:
    async with playing(store, (120, 36), settings=SET) as stage:
        await stage.press("G", "s", "w")  # the last is not late yet
        assert "Snoozed: due " in stage.said
        assert ", wakes " in stage.said
        await stage.press("7", "enter")
        assert "snoozed: due " in stage.pane("conversation").split("\n")[1]


@pytest.mark.parametrize("size", SIZES)
async def test_what_went_silent_is_closed_together_and_taken_back(
    store: Workspace, size: tuple[int, int]
) -> None:
    answered(store)
    answered(store, 1, "jo@park.example")
    later = Clock(NOW + 22 * DAY)
    async with playing(store, size, settings=SET, now=later) as stage:
        await stage.press("v", "G", "k")  # the last but one of the views
        await stage.press("enter")
        assert "2 silent for 21 days or more - g e closes them together." in stage.said
        assert "2 silent · g e" in stage.pane("list").split("\n")[0]
        await stage.press("g e")
        assert "2 silent for 21 days or more. Close them, as gone quiet?" in stage.asked
        await stage.press("y")
        assert "Closed: 2 conversations. u takes it back." in stage.said
        assert {row.conversation.closed_why for row in store.rows([1, 2])} == {"quiet"}
        await stage.press("u")
        assert {row.conversation.status for row in store.rows([1, 2])} == {Status.WAITING}


async def test_what_was_nudged_is_told_and_the_customers_answer_ends_it(store: Workspace) -> None:
    desk = answered(store)
    did(store, "anna", "nudge", conversation=2, after=SET.nudges.after)
    later = Clock(NOW + 3 * DAY)
    assert nudging.send(store, SET, later.now) == 1
    desk.now = later.now
    desk.hands_over(store.items(2)[-1].id)
    async with playing(store, (80, 24), settings=SET, now=later) as stage:
        await stage.press("5", "enter")
        header = stage.pane("conversation").split("\n")[1]
        assert "nudged 1 of 2 on today, next Tue" in header
        assert " by itself → anna.weber@weber.example" in stage.pane("conversation")
        raw = mail("Anna Weber <anna.weber@weber.example>", "Re: Refund for order 4711", "It is still broken.\n",
                   "2026-11-13 11:30", in_reply_to="<refund@weber.example>")  # fmt: skip
        later.now += 1800
        assert deliver(store, raw) == 2
        await stage.rest()
        assert "nudged" not in stage.pane("conversation").split("\n")[1]

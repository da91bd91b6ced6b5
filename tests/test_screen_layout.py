"""The screen at every size: what is seen where, nothing out of reach, and no place lost when the size changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox.model import Who
from storage.workspace import Workspace, open_store
from tests.golden import same_as_golden
from tests.screenplay import Stage, playing
from tests.shop import STORY, at, did, mail, shop

WIDE, MEDIUM, NARROW = (160, 40), (110, 34), (80, 24)
HEBREW = mail("נועם לוי <noam@levi.example>", "האם אתם שולחים לחיפה?", "שלום\n", "2026-11-10 10:05")


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Workspace]:
    """The shop in the middle of a day: something of everything that a row can say."""
    store = shop(tmp_path, (*STORY, HEBREW))
    did(store, "bo", "assign", conversation=2, to="anna")
    did(store, "bo", "tag", conversation=2, add=["refund"])
    did(store, "bo", "assign", conversation=1, to="bo")
    did(store, "bo", "tag", conversation=4, add=["vip", "shipping"])
    did(store, "bo", "upset", conversation=5)
    did(store, "anna", "promise", conversation=3, until=at("2026-11-12 17:00"), text="the invoice")
    did(store, "bo", "snooze", conversation=6, until=at("2026-11-12 09:00"))
    desk = open_store(tmp_path)
    desk.show_presence(Who("bo"), 4, "writes")
    yield store
    desk.close()
    store.close()


async def resize(stage: Stage, *size: int) -> None:
    await stage.pilot.resize_terminal(*size)
    await stage.rest()


async def test_three_sizes_as_they_are_seen(busy: Workspace) -> None:
    async with playing(busy, WIDE) as stage:
        stage.app.inbox.reading.look_around()
        await stage.press("0", "j")
        same_as_golden("wide", stage.text)
        await resize(stage, *MEDIUM)
        same_as_golden("medium", stage.text)
        await resize(stage, *NARROW)
        same_as_golden("narrow-list", stage.text)
        await stage.press("enter")
        same_as_golden("narrow-conversation", stage.text)
        await stage.press("r")
        await stage.type("Dear Anna,\n\n")
        same_as_golden("narrow-reply", stage.text)


async def test_at_eighty_columns_everything_is_one_key_away(busy: Workspace) -> None:
    async with playing(busy, NARROW) as stage:
        for key, seen in (
            ("v", "Held & promised"),
            ("1", "Refund for order 4711"),
            ("enter", "arrived broken"),
        ):
            await stage.press(key)
            assert seen in stage.text, key
        header = stage.text.splitlines()[:4]
        assert any("Anna Weber" in line and "2 open" in line for line in header)
        await stage.press("i")
        assert "anna.weber@weber.example" in stage.text
        await stage.press("escape", "escape", "?")
        assert "Reply to the customer" in stage.text
        for line in stage.lines:
            assert len(line) <= 80


def place(stage: Stage) -> tuple[object, ...]:
    """Where somebody is: the row, what is above it, what is selected, the conversation and the line of it on top, the
    draft, the question."""
    here = stage.app.inbox
    top = stage.pane("conversation").splitlines()[4:6] if here.place == "conversation" else None
    return (
        here.list.current,
        here.list.top,
        frozenset(here.list.selected),
        here.place,
        here.context,
        top,
        here.writing.text if here.writing.is_open else None,
        here.prompt.line.text if here.prompt is not None else None,
        here.prompt.chosen if here.prompt is not None else None,
    )


LONG = "".join(
    f"Paragraph {n}: {'some words that wrap at one width or another. ' * 6}\n\n" for n in range(40)
)


async def test_no_place_is_lost_on_the_way_through_every_size_and_back(tmp_path: Path) -> None:
    mails = [
        mail(
            f"C{n} <c{n}@many.example>", f"Question {n}", LONG if n == 23 else "?\n", f"2026-11-10 08:{n:02}"
        )
        for n in range(26)
    ]
    store = shop(tmp_path, mails)

    async def through(*sizes: tuple[int, int]) -> None:
        before = place(stage)
        for size in sizes:
            await resize(stage, *size)
            assert place(stage)[0] == before[0] and place(stage)[2:5] == before[2:5]
            assert place(stage)[6:] == before[6:]
            here = stage.app.inbox.list
            if here.size.height > 1:
                assert here.top <= here.at < here.top + here.page
        await resize(stage, 160, 48)
        assert place(stage) == before

    async with playing(store, (160, 48)) as stage:
        await stage.press("space", "space")
        await stage.hurry(*["j"] * 22)
        stage.app.inbox.list.turn(-4)
        await through((20, 5))  # in the list
        await stage.press("enter", "space")
        await through(NARROW, (20, 5))  # far down in a long conversation
        await stage.press("r")
        await stage.type("Hello,\n\nthis is begun")
        await through((1, 1))  # in the middle of a reply
        await stage.type(" and goes on")
        assert stage.app.inbox.writing.text.endswith("this is begun and goes on")
        await stage.press("escape", "escape", "a")
        await stage.type("b")
        await through((20, 5))  # in the middle of a question
        await stage.press("enter")
        assert {store.rows([n])[0].conversation.assignee for n in (1, 2)} <= {"bo", None}
    store.close()


async def test_on_next_to_no_room_nothing_breaks_and_the_row_is_seen(busy: Workspace) -> None:
    async with playing(busy, (20, 5)) as stage:
        assert stage.lines[1].startswith("▌  !-1:55 • Anna")
        for keys in (
            ("enter",),
            ("q",),
            ("v",),
            ("q",),
            ("i",),
            ("q",),
            (":", "escape"),
            ("?", "escape"),
            ("/", "escape"),
        ):
            await stage.press(*keys)
            assert len(stage.lines) == 5 and all(len(line) <= 20 for line in stage.lines), keys
        await stage.press("r")
        await stage.type("Hi")
        assert "Hi" in stage.text
        await stage.press("ctrl+s", "escape", "escape")
        for size in ((1, 1), (1, 40), (300, 2), (40, 3)):
            await resize(stage, *size)
            await stage.hurry("j", "enter", "q", "v", "q", "k")
        await resize(stage, *NARROW)
        assert "Refund for order 4711" in stage.text


async def test_a_question_on_a_low_screen_shows_what_is_chosen(busy: Workspace) -> None:
    async with playing(busy, (40, 6)) as stage:
        await stage.press(":")
        assert sum(line.startswith("▌") for line in stage.lines) == 1
        await stage.press("down", "down", "down")
        assert sum(line.startswith("▌") for line in stage.lines) == 1


async def test_what_is_urgent_unread_and_mine_is_told_by_signs(busy: Workspace) -> None:
    async with playing(busy, (120, 34), theme="mono") as stage:
        stage.app.inbox.reading.look_around()
        await stage.press("0")

        def row(words: str) -> str:
            return next(line for line in stage.lines if words in line)

        anna = row("Refund for order 4711")
        assert "!-1:55 •" in anna and "#refund" in anna and " you " in anna and anna.endswith("yesterday")
        assert " bo " in row("Where is my parcel?")
        assert "✎bo" in row("注文") and "★ 山田" in row("注文") and "#vip" not in row("注文")
        assert "!upset" in row("Do you ship")
        assert "promised Thu" in row("Invoice 2231")
        assert "snooze" in row("Another question")

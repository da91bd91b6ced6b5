"""Many at once: by hand, by range, all there are; with the count first, each refusal told, undone as one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox.actions import decision
from inbox.model import Status, Who
from storage.workspace import Workspace
from tests.screenplay import playing
from tests.shop import NOW, did, mail, shop
from tests.terminal import frontdesk
from tui.screens import moving
from tui.screens.under_way import Work

MANY = 105


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with more than one page and more than one moment's work."""
    folder = tmp_path_factory.mktemp("bulk")
    shop(
        folder,
        [
            mail(f"C{n} <c{n}@many.example>", f"Matter {n}", "?\n", f"2026-11-10 0{8 + n // 60}:{n % 60:02}")
            for n in range(MANY)
        ],
    ).close()
    return folder


@pytest.fixture
def many(full: Path, tmp_path: Path) -> Iterator[Workspace]:
    for file in full.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    store = shop(tmp_path)
    yield store
    store.close()


def standing(store: Workspace) -> dict[Status, int]:
    rows = store.rows(range(1, MANY + 1))
    return {each: sum(row.conversation.status is each for row in rows) for each in Status if each}


@pytest.mark.parametrize("size", [(80, 24), pytest.param((160, 48), marks=pytest.mark.long)])
async def test_all_that_a_view_shows_is_closed_together_and_taken_back_as_one(
    many: Workspace, size: tuple[int, int]
) -> None:
    for number in (3, 77, 104):
        did(many, "bo", "close", conversation=number, why="elsewhere")
    async with playing(many, size) as stage:
        await stage.press("5")
        await stage.hurry("0", "*", "e", "n")  # also what was not read yet, and nobody has seen
        assert f"Close {MANY} conversations?" in stage.asked
        await stage.press("y")
        assert standing(many)[Status.CLOSED] == MANY
        assert "Closed: 102 conversations. 3 of 105 were not: It is closed already." in stage.said
        assert not stage.app.inbox.list.selected
        await stage.press("u")
        assert standing(many) | {Status.OPEN: 0, Status.CLOSED: 0} == dict.fromkeys(standing(many), 0)
        assert standing(many)[Status.OPEN] == MANY - 3
        await stage.press("U")
        assert standing(many)[Status.CLOSED] == MANY
    assert not many.verify(NOW)


async def test_keys_go_on_beside_thousands_and_undo_ends_it(
    many: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with playing(many, (120, 36)) as stage:
        under_way, heard = stage.app.inbox.under_way, set()
        told = under_way.at

        def at(work: Work, done: int, total: int | None = None) -> None:
            told(work, done, total)
            heard.add((work.doing, work.what, total, under_way.in_short.partition(" ")[0]))

        monkeypatch.setattr(under_way, "at", at)
        await stage.hurry("*", "g", "a", "y", "j", "j", "n", *"Seen", "ctrl+s")
        assert heard == {("take", f"{MANY} conversations", MANY, "take")}
        assert stage.app.inbox.place == "conversation"  # the note was written meanwhile
        assert [item.text for item in many.items(3) if item.direction == "note"] == ["Seen"]
        assert not under_way.in_short
        assert {row.conversation.assignee for row in many.rows(range(1, MANY + 1))} == {"anna"}
        await stage.press("q", "*")
        await stage.hurry("a", *"bo", "enter", "y", "u")
        assert {row.conversation.assignee for row in many.rows(range(1, MANY + 1))} == {"anna"}


async def test_keys_wait_for_more_than_can_be_selected_at_once(
    many: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "MANY", 2)
    async with playing(many, (80, 24)) as stage:
        await stage.hurry("0", "*", "e")
        assert f"Close {MANY}, because" in stage.asked
        await stage.press("escape")
        await stage.hurry("*")
        assert not stage.app.inbox.list.selected


async def test_a_range_is_of_conversations_not_of_rows(many: Workspace) -> None:
    async with playing(many, (80, 24)) as stage:
        await stage.press("j", "j", "space", "k", "k")  # 3, and the hands on 2
        did(many, "bo", "no-answer", conversation=1)
        await stage.rest()
        await stage.press("g r", "G", "k")
        assert stage.app.inbox.list.selected == {3}
        await stage.press("-")
        assert stage.app.inbox.list.selected == set(range(3, MANY))
        await stage.press("*")
        assert "104 selected" in stage.lines[0]
        await stage.press("*", "g g", "space", "space", "r")
        assert "One at a time: 2 are selected, q lets them go." in stage.said and "L links them" in stage.said
        await stage.press("n")
        await stage.hurry(*"Strike", "enter")
        assert [len(many.items(n)) for n in (2, 3, 4)] == [
            2,
            2,
            1,
        ] and "Note written: 2 conversations" in stage.said


async def test_new_mail_moves_neither_the_hands_nor_what_is_selected_far_down(many: Workspace) -> None:
    async with playing(many, (80, 24)) as stage:
        await stage.press("G", "space", "k", "k", "k")
        here = stage.app.inbox.list.current
        many.change(*decision("no-answer", conversation=1), Who("bo"), NOW)
        await stage.press("g r")
        assert stage.app.inbox.list.current == here and stage.app.inbox.list.selected == {MANY}
        assert len(stage.app.inbox.list.ids) == MANY - 1
        did(many, "bo", "no-answer", conversation=here or 0)
        await stage.press("g r")
        assert stage.app.inbox.list.current == (here or 0) + 1  # the one after it
        did(many, "bo", "no-answer", conversation=MANY)
        await stage.press("g g", "g r")
        assert not stage.app.inbox.list.selected  # what is listed no more is not acted on


def closed(store: Workspace) -> int:
    return standing(store)[Status.CLOSED]


def test_a_kill_in_the_middle_leaves_whole_changes_and_one_action(many: Workspace) -> None:
    words = ("--workspace", str(many.workspace), "--as", "anna", "--now", "2026-11-10T11:05:00Z")
    quiet = many.watch(
        lambda _: None
    )  # somebody else is here: it goes in slices, and lets others have their turn
    with frontdesk(*words) as screen:
        screen.until_shown("c0@many.example")
        screen.press("*")
        screen.until_shown(f"{MANY} selected")
        screen.press("en")
        screen.until_shown(f"Close {MANY} conversations?")
        screen.press("y")
        screen.until(lambda: closed(many) > 0, "the first change")
        screen.kill()
        assert screen.ended() == -9
    quiet()
    assert closed(many)
    assert not many.verify(NOW)
    with frontdesk(*words) as screen:
        screen.until_shown("@many.example")
        screen.press("u")
        screen.until(lambda: not closed(many), "what was done is taken back by who comes again")
    assert not many.verify(NOW)

"""What a person sees of the list, and what they do with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from inbox.model import Who
from inbox.text import cells
from storage.workspace import Workspace, open_store
from tests.screenplay import playing
from tests.shop import NOW, ZONE, at, deliver, did, mail, shop
from tui.times import waited


async def test_the_most_urgent_is_on_top_with_its_lateness_said_in_signs(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        assert stage.lines[:8] == [
            " Due next  6",
            "▌  !-1:55 • Anna Weber        Refund for order 4711                 x2 ✉    1 d",
            "   !-1:05 • Jo Park           Where is my parcel?                      ✉    1 d",
            "     5:55 • ACME GmbH         Invoice 2231                             ✉    2 h",
            "     5:55 • 山田 太郎         注文についての質問                       ✉    2 h",
            "    23:35 • Lea Król          Do you ship to Poland? 🚚📦              ✉ 25 min",
            "    23:50 • Anna Weber        Another question                      x2 ✉ 10 min",
            "",
        ]


async def test_columns_stay_aligned_whatever_is_written_in_them(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        rows = stage.lines[1:7]
        assert {cells(row[: row.index("✉")]) for row in rows} == {71}


async def test_j_and_k_move_and_the_conversation_follows(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("j")
        assert "Where is my parcel?" in stage.pane("conversation")
        await stage.press("k")
        assert "Refund for order 4711" in stage.pane("conversation")


async def test_what_came_meanwhile_waits_above_and_moves_nothing(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        await stage.press("j")
        before = stage.lines[1:7]
        deliver(store, mail("Eve <eve@eve.example>", "Broken on arrival", "Look.\n", "2026-11-10 11:04"))
        await stage.rest()
        assert stage.lines[1:7] == before
        assert stage.lines[0].endswith("1 new · g r")
        await stage.press("g r")
        assert any("Broken on arrival" in line for line in stage.lines)
        assert "▌" in next(line for line in stage.lines if "Where is my parcel?" in line)
        assert "new" not in stage.lines[0]


async def test_a_colleagues_change_appears_in_its_place(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        did(store, "bo", "close", conversation=1, why="elsewhere")
        await stage.rest()
        assert stage.lines[2].startswith("   closed")


async def test_a_page_is_turned_at_the_edge(tmp_path: Path) -> None:
    many = [
        mail(f"C{n} <c{n}@many.example>", f"Question {n}", "?\n", f"2026-11-10 08:{n:02}") for n in range(50)
    ]
    store = shop(tmp_path, many)
    async with playing(store, (80, 24)) as stage:
        for _ in range(22):
            await stage.press("j")
        assert "Question 22" in stage.lines[1]
        assert stage.lines[1].startswith("▌")
        await stage.press("k")
        assert "Question 21" in stage.lines[22]
        await stage.press("G")
        assert any("Question 49" in line and line.startswith("▌") for line in stage.lines)
        await stage.press("g g")
        assert "Question 0 " in stage.lines[1]
    store.close()


async def test_several_are_selected_and_closed_together_after_the_count_was_said(store: Workspace) -> None:
    async with playing(store, (100, 24)) as stage:
        await stage.press("space", "space")
        assert "2 selected" in stage.lines[0]
        await stage.press("g a")
        assert "Take 2 conversations?" in stage.asked
        await stage.press("y")
        assert "Given to anna: 2 conversations" in stage.said
        assert {store.rows([n])[0].conversation.assignee for n in (1, 2)} == {"anna"}


async def test_several_are_snoozed_and_each_wakes_before_its_own_deadline(store: Workspace) -> None:
    async with playing(store, (100, 24)) as stage:
        await stage.press("j", "j", "j", "-", "s", "w", "y")
        assert "2 left out" not in stage.said
        until = [store.rows([n])[0].conversation.snoozed_until for n in (3, 4)]
        due = at("2026-11-10 17:00")
        assert [moment is not None and moment < due for moment in until] == [True, True]
        await stage.press("u")
        assert {store.rows([n])[0].conversation.status.value for n in (1, 2, 3, 4)} == {"open"}


async def test_clocks_move_on_by_themselves(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        assert "!-1:55" in stage.lines[1]
        stage.clock.now = NOW + 120
        stage.app.inbox.list.tick()
        await stage.rest()
        assert "!-1:57" in stage.lines[1]


async def test_into_an_empty_view_what_comes_is_taken_in_at_once(tmp_path: Path) -> None:
    """Nothing moves under anybody's hands there; and "everybody has been answered" would be an untruth."""
    store = shop(tmp_path, ())
    async with playing(store, (80, 24)) as stage:
        assert "Broken on arrival" not in stage.pane("list")
        deliver(store, mail("Eve <eve@eve.example>", "Broken on arrival", "Look.\n", "2026-11-10 11:04"))
        await stage.rest()
        assert any("Broken on arrival" in line for line in stage.lines)
        assert "new · g r" not in stage.lines[0]
    store.close()


async def test_an_empty_view_says_so(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        await stage.press("2")
        assert "Nothing is yours." in stage.text and "N takes the next one." in stage.text
        await stage.press("j", "enter", "e")
        assert "There is no conversation here." in stage.said


async def test_a_colleague_who_comes_writes_and_leaves_is_seen_in_the_row(
    store: Workspace, tmp_path: Path
) -> None:
    bo = open_store(tmp_path)
    async with playing(store, (100, 30)) as stage:

        async def row() -> str:
            stage.app.inbox.reading.look_around()
            await stage.rest()
            return next(line for line in stage.lines if "Where is my parcel?" in line)

        assert "bo" not in await row()
        bo.show_presence(Who("bo"), 1, "looks")
        assert "○bo " in await row()
        bo.show_presence(Who("bo"), 1, "writes")
        assert "✎bo " in await row()
        did(store, "bo", "assign", conversation=1, to="anna")
        assert "✎bo " in await row()  # what happens now comes before who has it
        bo.show_presence(Who("bo"), None, "")
        assert " you " in await row()
    bo.close()
    async with playing(store, (100, 30), team=("anna",)) as stage:
        alone = next(line for line in stage.lines if "Where is my parcel?" in line)
        assert " you " not in alone  # one person is the whole team


@pytest.mark.parametrize(
    ("then", "roomy", "words"),
    [
        ("2026-11-10 11:05", True, "now"),
        ("2026-11-10 11:09", True, "now"),  # a clock of a machine that is ahead
        ("2026-11-10 10:20", True, "45 min"),
        ("2026-11-10 00:05", True, "11 h"),
        ("2026-11-09 23:55", True, "yesterday"),
        ("2026-11-09 23:55", False, "1 d"),
        ("2026-11-07 09:00", True, "3 d"),
        ("2026-10-20 09:00", True, "20 Oct"),
        ("2024-10-20 09:00", True, "2024"),
    ],
)
def test_since_when_somebody_waits_is_said_as_people_say_it(then: str, roomy: bool, words: str) -> None:
    assert waited(at(then), NOW, ZONE, roomy) == words
    assert len(words) <= (9 if roomy else 6)

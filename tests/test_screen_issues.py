"""Issues by keys: linked in bulk, told with each letter shown first, stopped, announced; what spikes; banners."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox.issues import Spike
from inbox.text import cells
from storage.workspace import Workspace
from tests.screenplay import Stage, playing
from tests.shop import NOW, at, deliver, mail, shop

NAMES = ("Ada Novak", "Ben Okafor", "Cleo Ruiz")
STRIKE = "Hello,\n\nwhere is my parcel? They say that the carrier is on strike.\n"
OTHER = "The carrier is on strike, is it? And can you change the name on the invoice?\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Workspace]:
    mails = [
        mail(
            f"{name} <{name.split()[0].lower()}@people.example>", f"Parcel {n}", STRIKE, f"2026-11-10 09:1{n}"
        )
        for n, name in enumerate(NAMES)
    ]
    mails.append(mail("Gil Vega <gil@people.example>", "Two things", OTHER, "2026-11-10 09:30"))
    found = shop(tmp_path, mails)
    yield found
    found.close()


def fits(stage: Stage) -> bool:
    """Whether no line is wider than the screen, and the last one is not empty."""
    width = stage.app.size.width
    return all(cells(line) <= width for line in stage.lines) and bool(stage.said.strip())


async def link_all(stage: Stage, title: str = "Carrier strike") -> None:
    await stage.press("*", "L")
    await stage.type(title)
    await stage.press("enter")


@pytest.mark.parametrize("size", [(80, 24), pytest.param((160, 48), marks=pytest.mark.long)])
async def test_a_strike_by_keys_from_the_link_to_the_stop(store: Workspace, size: tuple[int, int]) -> None:
    async with playing(store, size) as stage:
        await stage.press("*", "L")
        assert stage.asked.startswith(" Link 4 conversations to"), "the count comes first"
        await stage.type("Carrier strike")
        await stage.press("enter")
        assert "Linked to carrier-strike: 4 conversations." in stage.said

        await stage.press("g L")
        row = next(line for line in stage.lines if "carrier-strike" in line)
        assert row.split() == ["▌", "carrier-strike", "4", "4", "-", "-", "Carrier", "strike"]
        assert fits(stage)
        await stage.press("enter")
        assert "Issue carrier-strike  4" in stage.lines[0]
        await stage.press("q", "t")
        await stage.type("Dear {first_name},\n\nit comes on Friday, {colour}.")
        await stage.press("ctrl+s")
        assert "the text, line 3: there is no field {colour}" in stage.said
        await stage.press("backspace", "backspace")
        for _ in "{colour}, ":
            await stage.press("backspace")
        await stage.type(".")
        await stage.press("ctrl+s")
        assert "3 to be told · 1 set aside" in stage.lines[0]
        assert "Ada Novak <ada@people.example>  in #1" in stage.text
        assert "Dear Ada," in stage.text
        await stage.press("j", "k", "G")
        assert "asks something else" in stage.text
        assert fits(stage)
        await stage.press("x")
        assert "4 to be told · 0 set aside" in stage.lines[0], "a key takes it back"
        await stage.press("x", "enter")
        assert "Tell 3 customers?" in stage.asked
        await stage.press("y")
        assert "3 told. They leave in 120 s" in stage.said
        row = next(line for line in stage.lines if "carrier-strike" in line)
        assert row.split()[:6] == ["▌", "carrier-strike", "4", "1", "3", "-"]
        assert not store.drafts()
        assert [each.bulk for each in store.sending.due(NOW + 200)] == [True] * 3

        await stage.press("x")
        assert "Stopped" in stage.said
        assert "Nobody has it." in stage.said
        assert not store.sending.due(NOW + 200)
    assert not store.verify(NOW)


async def test_undo_stops_what_was_told_and_closed(store: Workspace) -> None:
    async with playing(store, (100, 30)) as stage:
        await link_all(stage)
        await stage.press("g L", "e")
        await stage.type("It goes on.")
        await stage.press("ctrl+s", "enter", "y")
        assert "(closed)" in stage.text
        assert {store.rows([n])[0].conversation.status.value for n in (1, 2, 3)} == {"closed"}
        await stage.press("u")
        assert "Undone" in stage.said
        assert "(closed)" not in stage.text
        assert {store.rows([n])[0].conversation.status.value for n in (1, 2, 3)} == {"open"}


async def test_a_banner_stands_in_the_composer_and_can_be_taken_out(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        await stage.press("L")
        await stage.type("strike")
        await stage.press("enter", "g L", "b")
        await stage.type("The carrier is on strike.")
        await stage.press("enter", "t", "l")
        assert "Banner on top of answers here until" in stage.text
        await stage.press("q", "r")
        assert "the banner of strike stands on top" in stage.text
        await stage.type("Sorry!")
        assert "The carrier is on strike.\n\n Sorry!" in "\n".join(line.rstrip() for line in stage.lines)
        await stage.press("ctrl+x ctrl+d", "q", "j", "r")
        assert "banner" not in stage.text, "the other one is linked to nothing"
        await stage.press("escape", "q", "k")
        stage.clock.now += 3 * 86_400
        await stage.press("r")
        assert "banner" not in stage.text, "it has ended by itself"


async def test_words_that_spike_are_one_calm_line_and_a_key_links_them(store: Workspace) -> None:
    store.issues.noticed([Spike("strike", 4, at("2026-11-10 09:00"))], NOW)
    async with playing(store, (80, 24)) as stage:
        assert stage.lines[0].endswith("4 in 90 min mention “strike” · L links them")
        await stage.press("L", "up", "end")
        assert any("4 in 90 min mention" in line for line in stage.lines[-6:])
        await stage.press("enter")
        assert "Mentions “strike”" in stage.lines[0]
        assert "4 selected" in stage.lines[0]
        assert stage.asked.startswith(" Link 4 conversations to Strike")
        await stage.press("enter")
        assert [row.conversation.issue for row in store.rows([1, 2, 3, 4])] == ["strike"] * 4
        assert "mention" not in stage.lines[0].replace("Mentions", "")
        await stage.press("g L", "L")
        assert "No word spikes just now." in stage.said


async def test_a_customer_is_announced_to_and_the_draft_is_kept(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        await stage.press("g L", "A")
        await stage.type("subject:parcel")
        await stage.press("enter")
        await stage.type("New terms")
        await stage.press("enter")
        await stage.type("Hello {first_name},\n\nthey change.")
        await stage.press("escape")
        assert "The draft is kept" in stage.said
        await stage.press("A")
        await stage.type("subject:parcel")
        await stage.press("enter")
        await stage.type("New terms")
        await stage.press("enter")
        assert "they change." in stage.text
        await stage.press("ctrl+s")
        assert "3 to be told" in stage.lines[0]
        assert "Hello Ada," in stage.text
        await stage.press("enter", "y")
        row = next(line for line in stage.lines if "new-terms" in line)
        assert row.split()[2:6] == ["3", "-", "3", "-"]
        deliver(store, mail("Ben Okafor <ben@people.example>", "Parcel 9", STRIKE, "2026-11-10 11:00"))
        await stage.press("enter")
        assert "New terms" in stage.text


async def test_a_link_is_taken_off_by_the_same_key(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        await stage.press("L")
        await stage.type("strike")
        await stage.press("enter", "j", ".")
        assert [row.conversation.issue for row in store.rows([1, 2])] == ["strike"] * 2
        await stage.press("L")
        await stage.type("no issue")
        await stage.press("enter")
        assert [row.conversation.issue for row in store.rows([1, 2])] == ["strike", None]

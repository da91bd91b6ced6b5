"""Reading on the screen: one calm stream, the place kept, long conversations, words found, sheets, copies and commands."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual import events

from inbox.model import Who
from storage.workspace import Workspace
from tests.screenplay import Stage, playing
from tests.shop import answered, at, deliver, did, mail, shop
from tui.keys import to_textual
from tui.terminal_kind import terminal_key
from tui.widgets.story import NEWEST
from tui.widgets.stream import Stream

JO = "Jo Park <jo@park.example>"
FIRST = "<first@park.example>"


def writes(store: Workspace, text: str, when: str, number: int = 0, **more: str) -> int:
    """Jo writes in the one long conversation."""
    headers = {"in_reply_to": FIRST, "message_id": f"<{number}.{when[11:]}@park.example>"} | more
    return deliver(store, mail(JO, "Re: Parcel", text, when, **headers))


@pytest.fixture
def store(tmp_path: Path) -> Workspace:
    """A conversation of a few days, read by us: letters, an answer, a note, machine mail and many small steps."""
    store = shop(
        tmp_path, [mail(JO, "Parcel", "Where is my parcel?\n", "2026-11-03 10:00", message_id=FIRST)]
    )
    for tag in ("late", "abroad", "dhl", "urgent"):
        did(store, "bo", "tag", at("2026-11-03 11:00"), conversation=1, add=[tag])
    answered(store, 1, "We are looking for it.", at("2026-11-04 09:00"))
    writes(
        store,
        "I am away until Monday.",
        "2026-11-04 09:01",
        1,
        auto_submitted="auto-replied",
        x_autoreply="yes",
    )
    writes(store, "It is still not here.\n\n> We are looking for it.\n> Bo\n", "2026-11-09 10:00", 2)
    did(store, "bo", "note", at("2026-11-09 11:00"), conversation=1, text="The carrier lost it.")
    did(store, "bo", "mark-read", at("2026-11-09 11:01"), conversation=1, read=True)
    return store


async def opened(stage: Stage, conversation: int = 1) -> str:
    stage.app.inbox.moving.open_conversation(conversation)
    await stage.rest()
    return stage.pane("conversation")


@pytest.mark.parametrize("size", [(160, 48), pytest.param((100, 36), marks=pytest.mark.long), (80, 24)])
async def test_a_conversation_is_one_calm_stream(store: Workspace, size: tuple[int, int]) -> None:
    async with playing(store, size) as stage:
        told = await opened(stage)
        if size[1] < 30:
            await stage.press("g g")
            told = stage.pane("conversation") + "\n"
            await stage.press("G")
            told += stage.pane("conversation")
        assert "Where is my parcel?" in told
        assert "▸ 3 Nov 11:00  4 steps, the last: bo tagged it +urgent · z" in told, "steps are one line"
        assert "│ bo → jo@park.example" in told and "│ We are looking for it." in told, "ours behind a line"
        assert "▸ Jo Park, automatic: Re: Parcel · z" in told and "I am away" not in told
        assert "It is still not here." in told and "▸ 2 quoted lines · z" in told
        assert "┃ bo  note, only the team sees it" in told and "yesterday 11:00" in told
        assert "5 of 5" in told or "4 of 5" in told
        await stage.press("g g", "z")
        unfolded = stage.pane("conversation")
        assert "bo tagged it +late" in unfolded
        await stage.press("z")
        await stage.press("]", "enter")
        assert "bo tagged it +late" in stage.pane("conversation"), "the steps before this message alone"
        await stage.press("enter", "]", "enter")
        assert "I am away until Monday." in stage.pane("conversation")
        assert "4 steps" in stage.pane("conversation") or size[1] < 30


async def test_the_hands_go_from_message_to_message(store: Workspace) -> None:
    async with playing(store, (100, 40)) as stage:
        await opened(stage)

        def bars() -> list[str]:
            return [line for line in stage.pane("conversation").splitlines() if line.startswith("▌")]

        await stage.press("g g")
        assert "Jo Park  jo@park.example" in bars()[0]
        await stage.press("]")
        assert bars()[0].startswith("▌ │ bo →")
        await stage.press("j", "j")
        assert "It is still not here." in stage.pane("conversation") and "Jo Park" in bars()[0]
        await stage.press("[", "[", "[", "[")
        assert stage.said.startswith(" That was the first message.")
        await stage.press("G", "]")
        assert stage.said.startswith(" That was the last message.")
        assert len(bars()) == 1 and "note" in bars()[0]


async def test_what_is_read_stays_where_it_is_while_more_comes_and_is_found_again(store: Workspace) -> None:
    for number in range(12):
        writes(store, f"I ask again, for the {number}th time.\n\nJo\n", f"2026-11-10 08:{number:02}", number)
    did(store, "bo", "mark-read", conversation=1, read=True)
    async with playing(store, (80, 24)) as stage:
        await opened(stage)
        await stage.press("g g", "pagedown", "j")
        before = stage.lines
        writes(store, "One more thing.", "2026-11-10 11:04", 99)
        await stage.rest()
        after = stage.lines
        changed = [line for line, other in zip(before, after, strict=True) if line != other]
        assert len(changed) <= 4, "the header and its new line; the text stays where it is"
        assert any("New: the customer wrote" in line for line in after)
        await stage.press("q", "v", "escape")
        where = [line for line in after if "th time" in line]
        did(store, "bo", "mark-read", conversation=1, read=True)
        await opened(stage)
        assert [line for line in stage.lines if "th time" in line][:3] == where[:3]
        await stage.press("q")
        await stage.until(lambda: "•" not in stage.pane("list"))
        writes(store, "And now?", "2026-11-10 11:05", 100)
        await stage.until(lambda: "•" in stage.pane("list"))
        assert "And now?" in await opened(stage), "what nobody has seen comes first"


async def test_a_key_that_comes_before_anything_is_laid_out_moves_nothing(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        view = stage.app.inbox.conversation
        assert view.opened is not None and not view.stream, "read, but not seen yet"
        for step in (1, -1):
            view.step(step)
        assert "It is still not here." in await opened(stage)


async def test_a_note_of_ones_own_is_seen_at_once(store: Workspace) -> None:
    writes(store, "One line more.\n" * 60, "2026-11-10 09:00", 77)
    for number in range(12):
        writes(store, f"I ask again, for the {number}th time.\n", f"2026-11-10 08:{number:02}", number)
    async with playing(store, (80, 24)) as stage:
        await opened(stage)
        await stage.press("g g", "n")
        await stage.type("Mine")
        await stage.press("ctrl+s")
        assert "┃ Mine" in stage.pane("conversation")
        await stage.press("[", "V")
        sheet = stage.pane("conversation")
        await stage.press("n")
        await stage.type("Beside it")
        await stage.press("ctrl+s")
        assert stage.pane("conversation") == sheet, "a sheet stays where it is"


async def test_a_long_conversation_is_read_in_stretches_and_searched_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.reading.STRETCH", 20)
    monkeypatch.setattr("tui.widgets.conversation_view.NEAR", 4)
    store = shop(
        tmp_path, [mail(JO, "Parcel", "The very first one.\n", "2026-11-03 10:00", message_id=FIRST)]
    )
    for number in range(70):
        text = f"Word {number}." + (
            " The needle, folded.\n\n> a needle in a quote" if number in (7, 35, 69) else ""
        )
        raw = mail(
            JO,
            "Re: Parcel",
            text,
            "2026-11-04 10:00",
            in_reply_to=FIRST,
            message_id=f"<{number}@park.example>",
        )
        deliver(store, raw, at("2026-11-04 10:00") + 60 * number)
    did(store, "bo", "mark-read", conversation=1, read=True)
    async with playing(store, (80, 24)) as stage:
        assert "Word 69." in await opened(stage)
        await stage.press("g g")
        assert "The very first one." in stage.text and "1 of 71 ↓" in stage.text
        await stage.press("/")
        await stage.type("the NEEDLE")
        await stage.press("enter")
        assert "Word 7." in stage.text and "message 1 of 3 that say it" in stage.said
        await stage.press("n")
        assert "Word 35." in stage.text and "message 2 of 3" in stage.said
        await stage.press("n", "n")
        assert "Word 7." in stage.text, "behind the last comes the first"
        await stage.press("p")
        assert "Word 69." in stage.text
        assert stage.app.inbox.context == "search"
        await stage.press("escape", "n")
        assert stage.app.inbox.writing.is_open, "n is a note again"
        await stage.press("escape", "/")
        await stage.type("no such words")
        await stage.press("enter")
        assert "Nothing here says “no such words”." in stage.said
        await stage.press("/")
        await stage.type("needle")
        await stage.press("down", "enter")
        assert stage.asked.startswith(" Search needle"), "all conversations"


async def test_words_in_a_sheet_and_in_what_is_folded_are_found(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        await opened(stage)
        await stage.press("/")
        await stage.type("looking for")
        await stage.press("enter", "n")
        assert "> We are looking for it." in stage.pane("conversation"), "unfolded, for it says so there"
        await stage.press("q", "V", "/")
        await stage.type("message-id")
        await stage.press("enter")
        assert "“message-id” · n next" in stage.said
        await stage.press("q")
        assert "The mail as it came" in stage.text
        await stage.press("q")
        assert "The mail as it came" not in stage.text


async def test_sheets_say_all_of_it_and_come_back_to_where_one_was(store: Workspace) -> None:
    raw = mail(
        JO,
        "Re: Parcel",
        "x" * 300 + " end of the line",
        "2026-11-10 10:00",
        in_reply_to=FIRST,
        received="from a by b; Tue, 10 Nov 2026 10:00:01 +0100",
    )
    deliver(store, raw)
    async with playing(store, (80, 24)) as stage:
        await opened(stage)
        await stage.press("V")
        assert "In-Reply-To: <first@park.example>" in stage.text
        await stage.press("q", "g h")
        assert "1  10:00:01" in stage.text and "a → b" in stage.text
        assert "Subject       Re: Parcel" in stage.text
        await stage.press("q", "w")
        assert "Why it is due" in stage.text and "Why these messages are together" not in stage.lines[-1]
        await stage.press("q", "G")
        place = stage.pane("conversation")
        await stage.press("V", "pagedown", "q")
        assert stage.pane("conversation") == place, "where one was"
        await stage.press("g g", "]", "V")
        assert "To: <jo@park.example>" in stage.text, "of the message under the hands"


async def test_why_it_is_marked_is_said(store: Workspace) -> None:
    did(store, "bo", "tag", conversation=1, add=["vip"])
    async with playing(store, (100, 70)) as stage:
        await opened(stage)
        await stage.press("w")
        assert "as of a VIP: bo tagged it vip 11:05." in stage.text
        await stage.press("q", "!", "y")
        await opened(stage)
        await stage.press("w")
        assert "It is spam: anna said so 11:05." in stage.text


# --------------------------------------------------------------------------- copies and commands


async def test_a_copy_goes_where_it_was_seen_to_pass_and_else_into_a_file(
    store: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with playing(store, (120, 36)) as stage:
        await opened(stage)
        await stage.press("g y")
        assert "a address jo@park.example" in stage.text
        await stage.press("a")
        assert "Not copied: frontdesk doctor --terminal" in stage.text
        await stage.press("y", "enter")
        assert (tmp_path / "copied.txt").read_text() == "jo@park.example"
        store.documents.remember_terminal("anna", terminal_key(os.environ), ["osc52"])
        await stage.press("g y", "n")
        assert (stage.app.clipboard, stage.said[:19]) == ("1", " Copied: number 1. ")
        await stage.press("g g", "g y", "t")
        assert stage.app.clipboard == "Where is my parcel?"
        await stage.press("g y", "l")
        assert "No link leads anywhere" in stage.said
    async with playing(store, (120, 36), restricted=True) as stage:
        store.documents.remember_terminal("anna", terminal_key(os.environ), [])
        await opened(stage)
        await stage.press("g y", "n")
        assert "ssh desk show ID prints it." in stage.said and stage.app.inbox.prompt is None


async def test_what_is_read_is_given_to_a_command_and_never_becomes_one(
    store: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    writes(store, f"'; touch {tmp_path}/pwned; $(touch {tmp_path}/pwned) \x1b[31m", "2026-11-10 10:00", 3)
    async with playing(store, (120, 36)) as stage:
        await opened(stage)
        await stage.press("|", "t")
        await stage.type("cat; wc -l >&2")
        await stage.press("enter")
        assert "cat; wc -l >&2: done in" in stage.text and "'; touch" in stage.text
        assert not (tmp_path / "pwned").exists()
        await stage.press("q", "|", "a")
        assert "cat; wc -l >&2" in stage.text, "it is remembered"
        await stage.type("grep -c Note")
        await stage.press("enter")
        assert "grep -c Note: done" in stage.text
        await stage.press("q", "|", "b", "enter")
        assert stage.app.inbox.prompt is None, "nothing was typed, nothing runs"
        await stage.press("|", "m")
        await stage.type("true")
        await stage.press("enter")
        assert "and said nothing." in stage.said
        await stage.press("G", "[", "|", "m")
        await stage.type("cat")
        await stage.press("enter")
        assert "This message has no mail behind it. | t gives its text. " in stage.said, "a note has none"


async def test_a_command_is_stopped_and_there_is_none_where_the_account_is_restricted(
    store: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    async with playing(store, (120, 36)) as stage:
        await opened(stage)
        stage.app.inbox.closer.piping._run(1, store.items(1)[0], "text", "sleep 600")
        for key in ("|", "y"):
            stage.app.post_message(events.Key(to_textual(key), key))
        await stage.rest()
        assert "sleep 600: stopped after" in stage.said
    async with playing(store, (80, 24), restricted=True, who=Who("anna")) as stage:
        await opened(stage)
        await stage.press("|")
        assert "this account is restricted." in stage.text and "ssh desk show ID" in stage.text
        assert stage.app.inbox.prompt is None


@pytest.mark.parametrize("size", [(20, 5), (8, 3)])
async def test_any_size_shows_a_conversation(store: Workspace, size: tuple[int, int]) -> None:
    writes(store, "שלום עולם " * 40 + "山" * 300 + "👩‍👩‍👧 " * 30, "2026-11-10 10:00", 3)
    async with playing(store, size) as stage:
        await opened(stage)
        for keys in ("z", "]", "[", "V", "q", "g h", "q", "w", "q", "G", "g g", "pagedown", "j", "o", "q"):
            await stage.press(keys)
        await stage.press("/")
        await stage.type("parcel")
        await stage.press("enter", "n", "q", "q")


async def test_a_long_conversation_keeps_its_place_while_it_is_out_of_sight(
    store: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.reading.STRETCH", 20)
    for number in range(50):
        writes(store, f"Word {number}.", "2026-11-10 08:00", number, message_id=f"<{number}@park.example>")
    did(store, "bo", "mark-read", conversation=1, read=True)
    async with playing(store, (80, 24)) as stage:
        await stage.press("0", "enter")
        assert "Word 49." in stage.text and "of 55" in stage.lines[0]
        view = stage.app.inbox.conversation
        view._settled, view._stream = (
            False,
            Stream(),
        )  # it was read again after there was room, and before it was laid out
        view.show(view.opened, view.panel)
        await stage.rest()
        assert "Word 49." in stage.text and "55 of 55" in stage.lines[0]
        for _ in range(3):
            await stage.press("pageup")
        place = stage.pane("conversation")
        await stage.press("q")
        stage.app.inbox.reading.again()  # there is no room for it now
        await stage.rest()
        await stage.press("enter")
        assert stage.pane("conversation") == place


async def test_somebody_may_sit_before_a_conversation_all_day(store: Workspace) -> None:
    """Each step that comes is marked as new; of very many the earlier ones are one line again."""
    async with playing(store, (160, 60)) as stage:
        await opened(stage)
        for number in range(NEWEST + 4):
            did(store, "bo", "tag", conversation=1, add=[f"step{number}"])
        await stage.until(lambda: "4 steps, the last: bo tagged it +step3 · z" in stage.pane("conversation"))
        await stage.press("G")
        told = stage.pane("conversation")
        assert told.count("  + bo tagged it") == NEWEST and f"+step{NEWEST + 3}" in told

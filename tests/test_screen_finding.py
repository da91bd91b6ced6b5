"""Finding: the palette, the keys in force, the search, the views, and sheets that say more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from inbox.knowledge import Article
from inbox.saved_replies import SavedReply
from inbox.verbs import VERBS
from storage.workspace import Workspace
from tests.screenplay import AT_ONCE, playing
from tests.shop import deliver, did
from tui.widgets.hint_line import sign


async def test_the_palette_finds_a_verb_by_a_few_letters_and_does_it(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press(":")
        await stage.type("asgme")
        assert "assign-me" in stage.text
        await stage.press("enter")
        assert store.rows([2])[0].conversation.assignee == "anna"


async def test_while_letters_are_typed_only_they_are_seen_and_enter_means_what_fits_them(
    store: Workspace,
) -> None:
    async with playing(store, pace=AT_ONCE._replace(quiet=60)) as stage:
        await stage.press(":")
        listed = stage.pane("prompt").splitlines()[:-1]
        await stage.type("asgme")
        *still, typed = stage.pane("prompt").splitlines()
        assert still == listed and ": asgme" in typed
        await stage.press("down", "up")  # whoever looks for the list sees what they move in
        assert "assign-me" in stage.pane("prompt")
        await stage.press("enter")
        assert store.rows([2])[0].conversation.assignee == "anna"


async def test_what_was_found_stays_in_sight_until_it_is_replaced(store: Workspace) -> None:
    async with playing(store) as stage:
        seen: list[bool] = []
        await stage.press(":")
        await stage.type("anna w")
        bar = stage.app.inbox.prompt_bar
        assert "Anna Weber" in stage.pane("prompt")
        draw = bar.repaint

        def drawn() -> None:
            draw()
            seen.append("Anna Weber" in "".join(bar.line(y).text for y in range(bar.size.height)))

        vars(bar)["repaint"] = drawn
        await stage.type("eb")
        assert len(seen) > 2 and all(seen)


async def test_what_the_palette_says_of_a_verb_fits_eighty_columns_with_its_key(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        keys = {verb: stage.app.seat.keymap.keys_for("list", verb) for verb in VERBS}
        long = sorted((verb for verb in keys if keys[verb]), key=lambda verb: len(VERBS[verb].words))[-5:]
        for verb in long:
            await stage.press(":")
            await stage.type(verb)
            shown = next(line for line in stage.lines if line.startswith(f"▌ {verb} "))
            assert VERBS[verb].words in shown and shown.endswith(sign(keys[verb][0])), shown
            await stage.press("escape")


async def test_the_palette_says_why_something_cannot_be_done(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press(":")
        await stage.type("reopen")
        assert "It is open already." in stage.text
        await stage.press("enter")
        assert "It is open already." in stage.asked
        await stage.press("escape")
        assert store.rows([2])[0].conversation.status.value == "open"


async def test_hands_that_know_other_programs_leave_with_colon_q(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press(":")
        await stage.hurry("q", "enter")
        assert not stage.app.is_running or stage.app._exit


async def test_the_palette_finds_whatever_has_a_name_and_goes_there(store: Workspace) -> None:
    store.documents.save_reply(SavedReply("Parcel is late", "Dear {first_name},\n\nit is on its way."))
    store.documents.save_article(Article("Customs", "Poland needs no papers.", ("poland",)))
    async with playing(store, (80, 24)) as stage:
        await stage.press(":")
        await stage.type("weber")
        assert "▌ Anna Weber             anna.weber@weber.example" in stage.text
        assert stage.text.count("  customer\n") == 1
        assert "Refund for order 4711  Anna Weber · open · Mon 9 Nov 09:10                 #2" in stage.text
        await stage.press("enter")
        assert stage.lines[0].startswith(" Customer: Anna Weber  2")

        await stage.press(":")
        await stage.hurry(
            *"invoice", "enter", "w"
        )  # typed ahead: Enter waits until it is found, and w for Enter
        assert "Invoice 2231" in stage.pane("conversation") and "Why" in stage.text
        await stage.press("q", "q", ":")
        await stage.type("#1")
        assert "Where is my parcel?" in stage.text
        await stage.press("enter", "q", ":")
        await stage.type("notices")
        await stage.press("enter")
        assert stage.lines[0].startswith(" Notices")

        await stage.press("0", ":")
        await stage.type("parcel is")
        assert "reply" in next(line for line in stage.lines if line.startswith("▌ Parcel is late"))
        await stage.press("enter")
        assert "it is on its way." in stage.app.inbox.writing.text
        await stage.press("escape", ":")
        await stage.type("customs")
        await stage.press("enter")
        assert "Poland needs no papers." in stage.text
        await stage.press("q", "q", ":")
        await stage.type("light")
        assert next(line for line in stage.lines if line.startswith("▌ theme light")).endswith("theme")
        await stage.press("enter")
        assert "Colours: dark on light." in stage.said
        await stage.press(":")
        await stage.type("bo")
        assert "▌ bo                     what they have" in stage.text
        await stage.press("enter")
        assert "Nothing is in the hands of bo." in stage.text


async def test_foreign_names_in_the_palette_are_shown_as_text(store: Workspace) -> None:
    bad = b"From: =?utf-8?q?Eve_=1B=5D0=3Bowned=07=E2=80=AE?= <eve@evil.example>\n"
    deliver(
        store,
        bad + b"Subject: =?utf-8?q?[bold]evil=0D=0A=1B[2J?=\nMessage-ID: <e@evil.example>\n\nHello evil.\n",
    )
    async with playing(store, (80, 24)) as stage:
        await stage.press(":")
        await stage.type("evil")
        assert "eve@evil.example" in stage.text and "[bold]evil" in stage.text
        assert not any(sign in stage.text for sign in "\x1b\x07\u202e\r")


async def test_help_lists_the_keys_in_force_can_be_searched_and_runs_the_entry(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        await stage.press("?")
        assert stage.lines[2].startswith("▌ answer  r             Reply to the customer")
        assert stage.lines[3].startswith("          R             Reply to everybody")
        await stage.type("myself")
        assert "g a" in stage.text and "Hide it until later" not in stage.text
        await stage.press("enter")
        assert store.rows([2])[0].conversation.assignee == "anna"
        await stage.press("?")
        await stage.type("open it again")
        assert stage.asked.endswith("It is open already.")  # why not, in full, before it is tried
        await stage.press("enter", "escape", "?")
        await stage.type("issue no")
        assert "▌ change  :unlink       Link it to no issue" in stage.text  # what has no key is there as well


async def test_where_there_is_no_room_the_words_come_before_the_headings(store: Workspace) -> None:
    async with playing(store, (20, 5)) as stage:
        await stage.press("?")
        await stage.type("myself")
        assert "▌ g a      Take it …" in stage.text
        await stage.press("enter", ":", *"web")
        assert "Anna Weber" in stage.text
        await stage.press("down", "up", "escape", "g k", *"tag", "enter", "n", "x", "escape")
        assert store.rows([2])[0].conversation.assignee == "anna"


async def test_help_is_there_while_one_writes_under_a_key_that_is_no_text(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        await stage.press("r", "f1")
        assert stage.app.inbox.writing.letter is not None
        await stage.type("everybody")
        await stage.press("enter")
        assert stage.app.inbox.writing.letter.kind == "reply-all"
        await stage.press("/", "ctrl+s", "f1")
        assert "Esc goes back first" in stage.said


async def test_a_search_opens_as_a_view_and_escape_goes_back_to_the_place(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("j", "j", "/")
        await stage.type("lamp")
        await stage.press("enter")
        assert stage.lines[0].startswith(" Search: lamp  1")
        assert "Refund for order 4711 · " in stage.pane("list")
        assert "the blue lamp arrived broken" in stage.pane("list")
        await stage.press("escape")
        assert "Due next" in stage.lines[0]
        assert "▌" in next(line for line in stage.lines if "Invoice 2231" in line)


async def test_what_was_searched_for_stands_there_as_it_was_typed(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("/")
        await stage.type("id:2,3")
        await stage.press("enter")
        assert stage.lines[0].startswith(" Search: id:2,3  2")


async def test_a_query_that_cannot_be_read_says_so_while_it_is_typed(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("/")
        await stage.type("is:lat")
        assert "late" in stage.asked
        await stage.press("enter")
        assert "late" in stage.said


async def test_views_have_numbers_and_counts(store: Workspace) -> None:
    did(store, "bo", "close", conversation=3, why="elsewhere")
    async with playing(store, (160, 48)) as stage:
        assert "▸1  Due next           5" in stage.pane("views")
        await stage.press("9")
        assert "Invoice 2231" in stage.pane("list")
        assert "▸9  Closed             1" in stage.pane("views")
        await stage.press("v", "k", "enter")
        assert "Notices" in stage.lines[0]


async def test_drafts_are_a_view(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("j", "r")
        await stage.type("Later")
        await stage.press("escape", "v", "G")
        for _ in range(4):
            await stage.press("k")
        await stage.press("enter")
        assert "Drafts" in stage.lines[0]
        assert "Where is my parcel?" in stage.pane("list")


async def test_the_mail_is_shown_exactly_as_it_came(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "V")
        assert "From: Anna Weber <anna.weber@weber.example>" in stage.text
        assert "The mail as it came" in stage.text
        await stage.press("q")
        assert "From: Anna Weber" not in stage.text
        assert "When can I expect it?" in stage.text


async def test_why_says_how_the_deadline_came_about(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("w")
        assert "first reply: running" in stage.text or "first reply: breached" in stage.text
        assert "open time used" in stage.text
        assert "Why these messages are together" in stage.text


async def test_the_customers_history_can_be_walked_and_opened(store: Workspace) -> None:
    async with playing(store, (160, 48)) as stage:
        await stage.press("i")
        assert "▌" in stage.pane("customer")
        await stage.press("enter")
        assert "Another question" in stage.pane("conversation")


async def test_quotes_and_signatures_are_folded_until_one_key_unfolds_them(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter")
        assert "▸ signature · z" in stage.text and "12 Canal Street" not in stage.text
        await stage.press("z")
        assert "12 Canal Street" in stage.text
        await stage.press("z")
        assert "12 Canal Street" not in stage.text


async def test_a_colleague_who_writes_is_seen(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter")
        _write_elsewhere(store)
        stage.app.inbox.reading.look_around()
        await stage.rest()
        assert "bo is writing" in stage.pane("conversation")


async def test_the_next_one_is_not_where_a_colleague_is(store: Workspace) -> None:
    async with playing(store) as stage:
        _write_elsewhere(store, 1)
        await stage.press("e", "t")
        assert "Invoice 2231" in stage.pane("conversation")
        assert "Skipped 1: a colleague is there." in stage.said


def _write_elsewhere(store: Workspace, conversation: int = 2) -> None:
    word = (
        "import os, sys, pathlib; from inbox.model import Who; from storage.workspace import open_store;"
        "store = open_store(pathlib.Path(sys.argv[1])); store.show_presence(Who('bo'), int(sys.argv[2]), 'writes');"
        "os._exit(0)"
    )
    subprocess.run(
        [sys.executable, "-c", word, str(store.workspace), str(conversation)],
        check=True,
        cwd=Path(__file__).parent.parent,
    )


async def test_the_hint_line_has_a_form_for_eighty_columns_that_keeps_help(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        assert stage.said == " r reply  n note  a assign  s snooze  e close  / search  ? help   anna · 2 late"
    async with playing(store, (40, 12)) as stage:
        assert "? help" in stage.said
        await stage.press("g")  # what can follow, and how much there was no room for
        assert sum(line.startswith(" g ") for line in stage.lines) == 6 and " more" in stage.lines[-1]

"""Writing without another editor: moving, selecting, cutting, finding, quoting a part, and taking everything back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.reflow import paragraph_around, reflow
from storage.workspace import Workspace
from tests.screenplay import Stage, playing
from tui.keys import to_textual
from tui.widgets.composer import EDITING_KEYS, Composer


def text(stage: Stage) -> str:
    return stage.app.inbox.writing.text


def chosen(stage: Stage) -> str:
    composer = stage.app.inbox.writing.composer
    assert composer is not None
    return composer.selected_text


async def write(stage: Stage, words: str) -> None:
    await stage.press("enter", "r")
    await stage.type(words)


# --------------------------------------------------------------------------- lines made one again


@pytest.mark.parametrize(
    ("broken", "made"),
    [
        ("Dear Anna,\nthe lamp\nis on its way.", "Dear Anna, the lamp is on its way."),
        ("One\ntwo\n\nthree\nfour", "One two\n\nthree four"),
        ("- a lamp\n  in blue\n- a shade", "- a lamp in blue\n- a shade"),
        ("1. first\n   more\n2. second", "1. first more\n2. second"),
        ("> she wrote\n> more\nand we", "> she wrote more\nand we"),
        (">> deep\n>> er\n> up", ">> deep er\n> up"),
        ("Bye\n-- \nAnna\nShop", "Bye\n-- \nAnna Shop"),
        ("", ""),
    ],
)
def test_the_lines_of_a_paragraph_are_joined_and_nothing_else(broken: str, made: str) -> None:
    assert reflow(broken) == made


@given(st.text("ab >-*.1\n\t", max_size=60))
def test_joining_lines_loses_no_word_and_is_done_once(written: str) -> None:
    made = reflow(written)
    assert "".join(made.replace(">", "").split()) == "".join(written.replace(">", "").split())
    assert reflow(made) == made
    lines = written.split("\n")
    for row in range(len(lines)):
        first, last = paragraph_around(lines, row)
        assert 0 <= first <= row <= last < len(lines)


async def test_pasted_lines_become_a_paragraph_and_come_back_with_one_undo(store: Workspace) -> None:
    async with playing(store) as stage:
        await write(stage, "Dear Anna,\n\nthe lamp\nis on\nits way.")
        await stage.press("alt+q")
        assert text(stage) == "Dear Anna,\n\nthe lamp is on its way."
        await stage.press("alt+q")
        assert "no lines to join" in stage.said
        await stage.press("ctrl+z")
        assert text(stage) == "Dear Anna,\n\nthe lamp\nis on\nits way."
        await stage.press("f7", "alt+q")
        assert text(stage) == "Dear Anna,\n\nthe lamp is on its way."


# --------------------------------------------------------------------------- moving, cutting, taking back


@pytest.mark.long
async def test_words_lines_and_the_whole_text_are_walked_and_cut_as_in_a_shell(store: Workspace) -> None:
    async with playing(store) as stage:
        await write(stage, "one two three\nfour five six")
        await stage.press("alt+<")
        await stage.type("0 ")
        await stage.press("alt+f", "alt+d")
        assert text(stage) == "0 one three\nfour five six"
        await stage.press("ctrl+end", "alt+b", "ctrl+u")
        assert text(stage) == "0 one three\nsix"
        await stage.press("ctrl+home", "alt+k")
        assert text(stage) == "\nsix"
        await stage.press("ctrl+z", "ctrl+z")
        assert text(stage) == "0 one three\nfour five six"
        await stage.press("ctrl+y")
        assert text(stage) == "0 one three\nsix"


async def test_what_is_selected_without_shift_is_cut_and_put_in_elsewhere(store: Workspace) -> None:
    async with playing(store) as stage:
        await write(stage, "one two three")
        await stage.press("ctrl+a", "ctrl+space", "alt+f")
        assert chosen(stage) == "one"
        await stage.press("right")
        assert chosen(stage) == "one "
        await stage.press("ctrl+x ctrl+x", "ctrl+e", "space", "ctrl+v")
        assert text(stage) == "two three one "
        await stage.press("left")
        assert chosen(stage) == "", "it goes on selecting"


@pytest.mark.long
async def test_escape_ends_selecting_before_it_leaves_and_a_copy_stays_a_copy(store: Workspace) -> None:
    async with playing(store) as stage:
        await write(stage, "one two")
        await stage.press("ctrl+space", "ctrl+home", "escape")
        assert (stage.app.inbox.context, chosen(stage)) == ("compose", "")
        await stage.press("ctrl+space", "ctrl+end", "ctrl+c")
        assert (text(stage), chosen(stage)) == ("one two", "")
        await stage.press("ctrl+v")
        assert text(stage) == "one twoone two"
        await stage.press("ctrl+space", "ctrl+home")
        await stage.type("new")
        assert text(stage) == "new"


@pytest.mark.long
async def test_a_line_begins_as_far_in_as_the_one_above(store: Workspace) -> None:
    async with playing(store) as stage:
        await write(stage, "Please:\n    one\ntwo\n\nBye")
        assert text(stage) == "Please:\n    one\n    two\n\nBye"
        await stage.press("ctrl+z")
        assert text(stage).startswith("Please:\n    one\n    two")


# --------------------------------------------------------------------------- finding


async def test_a_word_is_found_as_it_is_typed_and_again_around_the_end(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        await write(stage, "A lamp, a Lamp and a shade.")
        await stage.press("ctrl+home", "ctrl+f")
        await stage.type("lam")
        assert "2 found" in stage.text
        assert chosen(stage) == "lam"
        await stage.type("p")
        await stage.press("down")
        assert chosen(stage) == "Lamp"
        await stage.press("enter", "f3")
        assert chosen(stage) == "lamp"
        await stage.press("f3")
        await stage.type("light")
        assert text(stage) == "A lamp, a light and a shade."
        await stage.press("ctrl+f", "enter")
        assert chosen(stage) == "lamp", "Enter alone looks for the same again"
        await stage.press("ctrl+f")
        await stage.type("sofa")
        await stage.press("enter")
        assert "'sofa' is not in the text." in stage.said


@pytest.mark.long
async def test_before_anything_was_found_the_next_one_is_asked_for(store: Workspace) -> None:
    async with playing(store) as stage:
        await write(stage, "A lamp")
        await stage.press("f3")
        assert "Find in the text:" in stage.text


# --------------------------------------------------------------------------- quoting a part


async def test_a_paragraph_of_the_customer_is_quoted_where_the_hands_are(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:  # the first in the list is Anna's letter of four paragraphs
        await write(stage, "Dear Anna,")
        await stage.press("ctrl+x ctrl+y")
        assert "Quote which part?" in stage.text
        await stage.type("when can")
        await stage.press("enter")
        assert text(stage) == "Dear Anna,\n> When can I expect it?\n\n"
        await stage.type("Tomorrow.")
        await stage.press("ctrl+x ctrl+y")
        await stage.type("all of")
        await stage.press("enter")
        assert text(stage).count("\n> ") > 3
        await stage.press("ctrl+z", "ctrl+z", "ctrl+z")
        assert text(stage) == "Dear Anna,", "a word is not taken back at once"
        assert "broken" in stage.pane("conversation"), "what she wrote is out of sight"


@pytest.mark.long
async def test_in_a_new_letter_there_is_nothing_to_quote(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("c", "escape", "ctrl+x ctrl+y")
        assert "nothing here that could be quoted" in stage.said


# --------------------------------------------------------------------------- what help says of it


async def test_help_names_the_keys_of_the_text_and_each_of_them_is_one(store: Workspace) -> None:
    async with playing(store, (120, 60)) as stage:
        await write(stage, "Soon.")
        await stage.press("f1")
        await stage.type("undo in the")
        assert "ctrl+z" in stage.text
        await stage.press("enter")
        assert "press it in the text" in stage.said
    for keys, words in EDITING_KEYS:
        for key in keys.split():
            assert to_textual(key) in Composer._EDITING, (key, words)

"""Other keys for a verb: picked, pressed, and written into one's own file, which stays one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from inbox.errors import BadSettings, WorldError
from storage.workspace import Workspace
from tests.screenplay import playing
from tui.key_file import clashes, without, write
from tui.keys import load

MINE = """\
# my keys

[list]   # where I live
close = "x"  # as in the old program

# more to come
[conversation]
close = "x"
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "frontdesk" / "keybindings.toml"


# --------------------------------------------------------------------------- the file


def test_a_line_is_changed_and_all_else_stays_as_it_was_written(own: Path) -> None:
    own.parent.mkdir()
    own.write_text(MINE)
    own.chmod(0o640)
    keymap = write(own, [("list", "close", ["z", "ctrl+e"]), ("global", "undo", ["ctrl+z"])])
    text = MINE.replace('close = "x"  # as', 'close = "z, ctrl+e"  # as')
    assert own.read_text() == text + '\n[global]\nundo = "ctrl+z"\n'
    assert keymap == load(own) and keymap.keys_for("list", "close") == ("z", "ctrl+e")
    assert own.stat().st_mode & 0o777 == 0o640
    write(own, [("list", "close", None), ("global", "undo", None)])
    assert own.read_text() == MINE.replace('close = "x"  # as in the old program\n', "") + "\n"


def test_a_preset_is_written_on_top_and_taken_away_again(own: Path) -> None:
    write(own, [("list", "spam", ["ctrl+x"])])
    assert write(own, preset="mutt").preset == "mutt"
    assert own.read_text() == 'preset = "mutt"\n[list]\nspam = "ctrl+x"\n'
    write(own, preset="gmail")
    assert write(own, preset="default").preset == "default"
    assert own.read_text() == '[list]\nspam = "ctrl+x"\n'


def test_a_file_that_is_linked_to_stays_where_it_is(own: Path, tmp_path: Path) -> None:
    own.parent.mkdir()
    elsewhere = tmp_path / "dotfiles.toml"
    elsewhere.write_text(MINE)
    own.symlink_to(elsewhere)
    write(own, [("list", "close", ["z"])])
    assert own.is_symlink() and 'close = "z"' in elsewhere.read_text()


def test_what_cannot_be_used_or_written_leaves_the_file_as_it_was(own: Path) -> None:
    own.parent.mkdir()
    own.write_text(MINE)
    with pytest.raises(BadSettings, match="is also the key of reply"):
        write(own, [("list", "close", ["r"])])
    with pytest.raises(BadSettings, match=":5: 'x' for close in \\[list\\] is also the key of select"):
        write(own, preset="gmail")
    assert own.read_text() == MINE
    own.write_text(MINE + "[lost]\n")
    with pytest.raises(BadSettings, match=r":9: there is no table \[lost\]"):
        write(own, [("list", "close", ["z"])])
    own.write_bytes(b"# \xff\n")
    with pytest.raises(BadSettings, match="not UTF-8"):
        write(own, [("list", "close", ["z"])])
    with pytest.raises(WorldError, match="cannot be written"):
        write(Path("/proc/frontdesk/keybindings.toml"), [("list", "close", ["z"])])


def test_what_is_in_the_way_of_new_keys_is_known_before() -> None:
    keymap = load()
    assert [each.verb for each in clashes(keymap, "list", "close", "u")] == ["undo"]  # from everywhere
    assert clashes(keymap, "compose", "send", "ctrl+e") == [] == clashes(keymap, "list", "close", "x")
    assert {each.verb for each in clashes(keymap, "global", "report", "r")} >= {
        "reply",
        "sync-now",
        "release",
    }
    assert [each.verb for each in clashes(keymap, "list", "close", "r x")] == ["reply"]
    assert len(clashes(keymap, "list", "close", "g")) > 10
    assert without(keymap, clashes(keymap, "list", "close", "j")) == [("list", "down", ["down"])]


# --------------------------------------------------------------------------- the screen


async def test_a_verb_gets_the_key_that_is_pressed_and_gives_it_back(store: Workspace, own: Path) -> None:
    async with playing(store, (80, 24), keys_file=own) as stage:
        await stage.press("g k")
        await stage.type("close it")
        assert any(line.startswith("▌ close ") and line.endswith(" e") for line in stage.lines)
        await stage.press("enter")
        assert "close in the list and conversation, e:  n new keys  m one more  x no key" in stage.asked
        await stage.press("n", "x")
        assert "free: Enter takes it" in stage.asked
        await stage.press("backspace", "r")
        assert stage.asked.endswith("Enter takes it from reply")
        await stage.press("enter")
        assert "r is close in the list and conversation now. reply: no key now. It is written." in stage.said
        lines = 'reply = ""\nclose = "r"\n'
        assert own.read_text() == f"[list]\n{lines}\n[conversation]\n{lines}"
        await stage.press("r")  # in force at once
        assert "Close, because" in stage.asked
        for verb in ("close it", "reply to the"):
            await stage.press("escape", "g k")
            await stage.type(verb)
            await stage.press("enter", "d")
            assert "the usual key again." in stage.said
        await stage.press("r")
        assert stage.app.inbox.writing.is_open and load(own) == load()


async def test_what_cannot_be_the_keys_says_why_and_changes_nothing(store: Workspace, own: Path) -> None:
    async with playing(store, (80, 24), keys_file=own) as stage:
        await stage.press("g k")
        await stage.type("close it")
        await stage.press("enter", "m", "g")
        assert "g begins" in stage.asked and "press another after it" in stage.asked
        await stage.press("enter")
        assert "press another after it" in stage.asked
        await stage.press("z", "enter")
        assert load(own).keys_for("list", "close") == ("e", "g z")
        await stage.press("g k")
        await stage.type("open the send bar")
        await stage.press("enter", "n", "s", "enter")
        assert "is typed as text in [compose]" in stage.asked
        stage.app.inbox.keyboard.paste("q")
        await stage.press("escape")
        assert stage.app.inbox.prompt is None and "send" not in own.read_text()
        await stage.press("g k")
        await stage.type("preset gm")
        await stage.press("enter", "z")
        assert load(own).preset == "gmail" and stage.app.inbox.seat.keymap.preset == "gmail"
        assert "nothing to undo" in stage.said
        own.write_text("[list\n")  # somebody edits it at the same time
        await stage.press("g k")
        await stage.type("preset mutt")
        await stage.press("enter")
        assert "this is not TOML" in stage.said and own.read_text() == "[list\n"


async def test_shared_keys_are_not_changed_from_one_screen(store: Workspace) -> None:
    async with playing(store, (80, 24), keys_file=None, restricted=True) as stage:
        await stage.press("g k")
        assert "keys are shared" in stage.said and stage.app.inbox.prompt is None


async def test_who_was_let_in_under_a_name_has_keys_of_their_own(store: Workspace, own: Path) -> None:
    async with playing(store, (80, 24), keys_file=own, restricted=True) as stage:
        await stage.press("g k")
        await stage.type("preset gm")
        await stage.press("enter")
        assert load(own).preset == "gmail" and stage.app.inbox.seat.keymap.preset == "gmail"

"""Keys: the shipped table holds together, a person's own overlays it, and every mistake is told at once."""

from __future__ import annotations

from pathlib import Path
from string import ascii_letters, digits, punctuation

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual._xterm_parser import XTermParser
from textual.events import Key

from inbox.errors import BadSettings, WorldError
from inbox.verbs import CONTEXTS, VERBS
from tui.key_table import keys_markdown
from tui.keys import (
    PENDING,
    PRESETS,
    SHIPPED,
    from_textual,
    is_character,
    key_named,
    load,
    presets,
    to_textual,
)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "keybindings.toml"


def mistakes(file: Path, text: str) -> list[str]:
    """What is said about a file of this text, a line a mistake, without the way to the file."""
    file.write_text(text)
    with pytest.raises(BadSettings) as caught:
        load(file)
    return caught.value.next_step.replace(f"{file}:", "").replace(str(SHIPPED), "shipped").splitlines()


# --------------------------------------------------------------------------- the shipped table


BY_NAME = {"unlink", "check-in", "rule-from-this", "theme", "profile", "import", "customer-erase"}
"""Verbs done so seldom that the palette is enough."""


def test_every_verb_has_a_key_somewhere_but_for_a_few() -> None:
    keymap = load()
    assert set(VERBS) - BY_NAME <= {binding.verb for binding in keymap.bindings} <= set(VERBS)


def test_every_context_can_be_left_and_helps() -> None:
    keymap = load()
    for context in CONTEXTS:
        if context != "global":
            assert any(verb in keymap.in_force(context) for verb in ("back", "leave-draft")), context
        if context not in ("compose", "send", "prompt"):
            assert keymap.verb_for(context, ["?"]) == "help"


@pytest.mark.parametrize(
    ("context", "typed", "verb"),
    [
        ("list", ["r"], "reply"),
        ("list", ["space"], "select"),
        ("conversation", ["space"], "page-down"),
        ("list", ["g"], PENDING),
        ("list", ["g", "g"], "top"),
        ("list", ["g", "i"], "import-left"),  # from [global]
        ("list", ["g", "q"], None),
        ("list", ["x"], None),
        ("list", ["d"], "nothing-deleted"),
        ("send", ["e"], "send-and-close"),
        ("compose", ["ctrl+x"], PENDING),
        ("compose", ["ctrl+x", "ctrl+e"], "edit-outside"),
        ("compose", ["u"], None),  # a letter of the reply, not undo
        ("send", ["u"], None),
        ("prompt", ["/"], None),
        ("compose", ["ctrl+q"], "quit"),
    ],
)
def test_the_common_ground(context: str, typed: list[str], verb: object) -> None:
    assert load().verb_for(context, typed) == verb


def test_keys_are_listed_as_people_write_them() -> None:
    keymap = load()
    assert keymap.keys_for("list", "down") == ("j", "down")
    assert keymap.keys_for("list", "take-in") == ("g r",)
    assert keymap.keys_for("compose", "undo") == ()
    assert next(iter(keymap.in_force("send"))) == "send-now"
    assert keymap.in_force("list")["undo"] == ("u",)


def test_the_table_escapes_what_markdown_would_take_for_its_own(own: Path) -> None:
    own.write_text('[list]\nwhy = "|, `"\n')
    table = keys_markdown(load(own))
    assert "| `\\|` `` ` `` | Why this deadline" in table
    assert "| `0` … `9` | The view number 0 to 9 | everywhere | view-0 … view-9 |" in table


# --------------------------------------------------------------------------- a person's own


def test_own_keys_take_the_place_of_the_shipped_ones_line_by_line(own: Path) -> None:
    own.write_text('[list]\nclose = "x, ctrl+e"\nnote = ""\n')
    keymap = load(own)
    assert keymap.keys_for("list", "close") == ("x", "ctrl+e")
    assert keymap.verb_for("list", ["e"]) is None
    assert keymap.verb_for("list", ["n"]) is None
    assert keymap.verb_for("conversation", ["e"]) == "close"  # another table
    assert keymap.verb_for("list", ["r"]) == "reply"


def test_a_global_verb_may_have_a_key_of_its_own_in_one_place(own: Path) -> None:
    own.write_text('[list]\nundo = "ctrl+z"\n')
    assert load(own).keys_for("list", "undo") == ("ctrl+z", "u")


def test_two_verbs_may_change_places(own: Path) -> None:
    own.write_text('[list]\nreply = "R"\nreply-all = "r"\n')
    keymap = load(own)
    assert (keymap.verb_for("list", ["R"]), keymap.verb_for("list", ["r"])) == ("reply", "reply-all")


def test_without_a_file_of_ones_own_the_shipped_keys_hold(own: Path) -> None:
    assert load(own) == load()


# --------------------------------------------------------------------------- presets


def test_what_has_a_key_by_default_has_one_in_every_preset_in_the_same_place() -> None:
    usual = load()
    assert presets() == ("default", "gmail", "mutt")
    for name in presets():
        keymap = load(preset=name)
        assert keymap.preset == name
        for context in CONTEXTS:
            assert set(usual.in_force(context)) <= set(keymap.in_force(context)), (name, context)


@pytest.mark.parametrize(
    ("preset", "context", "typed", "verb"),
    [
        ("mutt", "list", "m", "new"),
        ("mutt", "list", "g", "reply-all"),
        ("mutt", "list", "t", "select"),
        ("mutt", "list", "c", "views"),
        ("mutt", "list", "l", "search"),
        ("mutt", "list", "comma o", "outbox"),  # the sequences of g begin with a comma
        ("mutt", "conversation", "j", "next-conversation"),
        ("mutt", "conversation", "enter", "down"),
        ("mutt", "conversation", "i", "back"),
        ("mutt", "conversation", "v", "attachments"),
        ("mutt", "send", "y", "send-now"),
        ("gmail", "list", "c", "new"),
        ("gmail", "list", "a", "reply-all"),
        ("gmail", "list", "x", "select"),
        ("gmail", "list", "* a", "select-all"),
        ("gmail", "list", "b", "snooze"),
        ("gmail", "list", "z", "undo"),
        ("gmail", "list", "g i", "view-1"),
        ("gmail", "conversation", "k", "previous-conversation"),
        ("gmail", "conversation", "u", "back"),
        ("gmail", "conversation", "e", "close"),
    ],
)
def test_a_preset_does_what_the_hands_expect(preset: str, context: str, typed: str, verb: str) -> None:
    assert load(preset=preset).verb_for(context, typed.split()) == verb


def test_a_preset_is_chosen_by_one_line_and_ones_own_lines_lie_over_it(own: Path) -> None:
    own.write_text('preset = "gmail"\n[list]\nclose = "E"\nreopen = "e"\n')
    keymap = load(own)
    assert keymap.preset == "gmail"
    assert [keymap.verb_for("list", [key]) for key in "zEe"] == ["undo", "close", "reopen"]
    assert load(own, preset="default").verb_for("list", ["z"]) is None


def test_a_preset_is_named_right_in_the_right_place_and_its_clashes_with_the_files_they_stand_in(
    own: Path,
) -> None:
    assert mistakes(own, 'preset = "mut"\n') == ["1: there is no preset 'mut'; did you mean \"mutt\"?"]
    assert mistakes(own, "preset = 3\n")[0].startswith("1: there is no preset 3")
    assert mistakes(own, '[list]\npreset = "mutt"\n') == [
        "2: preset stands on top of the file, above the first table."
    ]
    assert mistakes(own, 'instead = { g = "comma" }\n') == [
        '1: there is no table [instead]; did you mean "send"?'
    ]
    (said,) = mistakes(own, 'preset = "mutt"\n[list]\nclose = "t"\n')
    assert said.startswith(
        f"3: 't' for close in [list] is also the key of select in [list] ({PRESETS / 'mutt.toml'}:"
    )


# --------------------------------------------------------------------------- mistakes


def test_every_mistake_is_told_at_once_with_its_line_and_what_to_do(own: Path) -> None:
    assert mistakes(
        own,
        "[list]\n"
        'repli = "x"\n'
        'send = "x"\n'
        "tag = 3\n"
        'open = "pgdn, control+x"\n'
        "[lists]\n"
        'close = "x"\n'
        "[compose]\n"
        'send = "s"\n',
    ) == [
        '2: there is no verb "repli"; did you mean "reply"?',
        "3: send cannot be done in [list]. It belongs in [compose].",
        '4: tag needs its keys in quotes: tag = "key, key", or "" for none.',
        '5: open: "control" goes with no key; did you mean "ctrl"?',
        '5: open: "pgdn" is no key; did you mean "pagedown"?',
        '6: there is no table [lists]; did you mean "list"?',
        "9: send: 's' is typed as text in [compose]. Take a key with ctrl, or a named one.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[list]\nclose = "r"\n', "2: 'r' for close in [list] is also the key of reply in [list] (shipped:"),
        ('[list]\nclose = "u"\n', "2: 'u' for close in [list] is also the key of undo in [global] (shipped:"),
        (
            '[list]\nclose = "x"\nspam = "x"\n',
            "3: 'x' for spam in [list] is also the key of close in [list] (2)",
        ),
        (
            '[list]\nclose = "r e"\n',
            "2: 'r e' for close in [list] begins with 'r', the key of reply in [list]",
        ),
        (
            '[list]\nclose = "x, x e"\n',
            "2: 'x e' for close in [list] begins with 'x', the key of close in [list]",
        ),
        (
            '[compose]\nsend = "ctrl+x"\n',
            "2: 'ctrl+x' for send in [compose] is how 'ctrl+x ctrl+",
        ),
        (
            '[compose]\nsend = "ctrl+q"\n',
            "2: 'ctrl+q' for send in [compose] is also the key of quit in [global]",
        ),
        (
            '[global]\nsearch = "u"\n',
            "2: 'u' for search in [global] is also the key of undo in [global] (shipped:",
        ),
    ],
)
def test_two_verbs_never_share_a_key_nor_the_beginning_of_a_sequence(own: Path, text: str, said: str) -> None:
    first, *_ = mistakes(own, text)
    assert first.startswith(said)
    assert "Give one of them another key, or none: " in first


def test_a_clash_within_global_is_told_once(own: Path) -> None:
    assert len(mistakes(own, '[global]\nsearch = "u"\n')) == 1


def test_an_unbound_verb_clashes_with_nothing(own: Path) -> None:
    own.write_text('[list]\nclose = "r"\nreply = ""\n')
    assert load(own).verb_for("list", ["r"]) == "close"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("shift+r", "'shift+r' is a character of its own: write R."),
        ("shift+1", "'shift+1' is a character of its own: write the character it makes."),
        ("ctrl+A", "'ctrl+A': write ctrl+a, or ctrl+shift+a if shift is meant."),
        ("ctrl+i", "A terminal cannot tell 'ctrl+i' from tab: write tab."),
        ("Enter", '"Enter" is no key; did you mean "enter"?'),
        ("ctrl+", '"" is no key.'),
        ("x,,z", "there is a comma with no key beside it. The key itself is called comma."),
        ("g escape", "'g escape': escape ends a sequence, and cannot be part of one."),
    ],
)
def test_a_bad_name_says_what_to_write(own: Path, keys: str, said: str) -> None:
    assert mistakes(own, f'[list]\nwhy = "{keys}"\n') == [f"2: why: {said}"]


def test_a_broken_file_names_its_line(own: Path) -> None:
    assert mistakes(own, '[list]\nwhy = "x\n')[0].startswith("2: this is not TOML: ")
    own.write_bytes(b'[list]\n# \xff\nwhy = "x"\n')
    with pytest.raises(BadSettings, match="2: this is not UTF-8 text"):
        load(own)


def test_a_file_that_cannot_be_read_is_the_worlds_fault(own: Path) -> None:
    own.mkdir()
    with pytest.raises(WorldError, match="cannot be read"):
        load(own)


@given(st.text(max_size=60))
def test_no_text_at_all_gets_past_as_anything_but_keys_or_a_mistake(written: str) -> None:
    try:
        key = key_named(written)
    except ValueError as error:
        assert str(error)
    else:
        assert key_named(key) == key
        assert " " not in key


# --------------------------------------------------------------------------- what Textual delivers


def pressed(data: str) -> list[str]:
    """Our names of the keys Textual makes of what a terminal sends."""
    events = [event for event in XTermParser(debug=False).feed(data) if isinstance(event, Key)]
    return [from_textual(event.key, event.character) for event in events]


def test_every_character_arrives_under_its_own_name() -> None:
    for character in ascii_letters + digits + punctuation.replace(",", "") + "üß€Жあ":
        assert pressed(character) == [character] == [key_named(character)]
        if character.isascii():
            assert from_textual(to_textual(character)) == character
    assert pressed(",") == ["comma"]
    assert pressed(" ") == ["space"]


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ("\r", "enter"),
        ("\t", "tab"),
        ("\x7f", "backspace"),
        ("\x08", "backspace"),
        ("\x13", "ctrl+s"),
        ("\x00", "ctrl+space"),
        ("\x1d", "ctrl+]"),
        ("\x1b[A", "up"),
        ("\x1b[Z", "shift+tab"),
        ("\x1b[5~", "pageup"),
        ("\x1bOP", "f1"),
        ("\x1b[1;5C", "ctrl+right"),
        # the same keys as terminals with the kitty protocol send them
        ("\x1b[114;1;114u", "r"),
        ("\x1b[114;2;82u", "R"),
        ("\x1b[47;1;47u", "/"),
        ("\x1b[55;2;47u", "/"),  # shift and 7 on a German keyboard
        ("\x1b[115;5u", "ctrl+s"),
        ("\x1b[97;6u", "ctrl+shift+a"),
        ("\x1b[120;7u", "alt+ctrl+x"),
        ("\x1b[105;5u", "tab"),
        ("\x1b[109;5u", "enter"),
        ("\x1b[32;5u", "ctrl+space"),
        ("\x1b[27u", "escape"),
        ("\x1b[9;2u", "shift+tab"),
    ],
)
def test_keys_have_one_name_whatever_the_terminal_sends(sent: str, key: str) -> None:
    assert pressed(sent) == [key] == [key_named(key)]
    assert from_textual(to_textual(key)) == key


def test_names_people_may_write_for_characters() -> None:
    assert [key_named(name) for name in ("slash", "question_mark", "dollar_sign", "full_stop")] == list(
        "/?$."
    )
    assert key_named("ctrl+plus") == key_named("ctrl+plus") == "ctrl+plus" == from_textual("ctrl+plus")
    assert key_named("shift+alt+left") == "alt+shift+left"
    assert is_character("space") and is_character("é") and not is_character("ctrl+s")

"""Keys cut in two by a slow line: what is a beginning waits for its rest, and the rest of what was given up is no key."""

from __future__ import annotations

import pytest

from tui.cut_keys import LONGEST, REST, SLOW, CutKeys, patience

ARROW = "\x1b[A"
WHOLE = (
    ARROW,
    "\x1bOB",
    "\x1b[5~",
    "\x1b[1;5C",
    "\x1b[<35;80;24M",
    "\x1b[?2026;2$y",
    "\x1b[27u",
    "\x1bOP",
    "\x1b[200~",
)


def keys(wait: float = 0.4) -> CutKeys:
    """A line where a lone Esc waits so long."""
    return CutKeys(wait)


@pytest.mark.parametrize("key", WHOLE)
def test_a_key_cut_anywhere_comes_out_in_one_piece(key: str) -> None:
    for at in range(1, len(key)):
        line = keys()
        assert line.take("j" + key[:at], 0.0) == "j" and line.waits
        assert line.overdue(0.39) == ""
        assert line.take(key[at:] + "k", 0.39) == key + "k"
        assert not line.waits and line.overdue(9.0) == ""


def test_one_byte_at_a_time_is_still_one_key() -> None:
    line, out = keys(), []
    for number, letter in enumerate("\x1b[1;5C"):
        out.append(line.take(letter, number * 0.3))
        out.append(line.overdue(number * 0.3 + 0.2))
    assert "".join(out) == "\x1b[1;5C"


def test_a_lone_escape_is_believed_after_a_while_and_not_before() -> None:
    line = keys()
    assert line.take("\x1b", 10.0) == ""
    assert line.overdue(10.39) == ""
    assert line.overdue(10.41) == "\x1b"
    assert line.take("j", 10.5) == "j"


def test_two_escapes_are_two() -> None:
    line = keys()
    assert line.take("\x1b\x1b", 0.0) == "\x1b"
    assert line.overdue(1.0) == "\x1b"


@pytest.mark.parametrize("late", [key[1:] for key in WHOLE])
def test_the_rest_of_a_key_that_was_given_up_runs_no_verbs(late: str) -> None:
    line = keys()
    line.take("\x1b", 0.0)
    assert line.overdue(1.0) == "\x1b"
    assert line.take(late + "j", 1.0 + REST / 2) == "j"


@pytest.mark.parametrize("typed", ["[", "A", "[r", "O", "oh", "0", "r", "[["])
def test_what_hands_type_after_an_escape_is_typed(typed: str) -> None:
    line = keys()
    line.take("\x1b", 0.0)
    line.overdue(1.0)
    assert line.take(typed, 1.2) == typed


def test_long_after_an_escape_everything_is_typed() -> None:
    line = keys()
    line.take("\x1b", 0.0)
    line.overdue(1.0)
    assert line.take("[A", 1.1 + REST) == "[A"


def test_beside_the_machine_nothing_is_kept() -> None:
    line = CutKeys(patience(over_ssh=False, round_trip=0.002))
    assert line.take("\x1b", 0.0) == "\x1b" and not line.waits


def test_a_slow_line_is_told_by_ssh_or_by_what_was_measured() -> None:
    assert patience(False, SLOW / 2) == 0.0
    assert patience(True, 0.0) > 0.3
    assert patience(False, 0.3) == patience(True, 0.3) > patience(True, 0.1)


STRINGS = (
    "\x1b]10;rgb:ffff/ffff/ffff\x07",
    "\x1b]11;rgb:0000/0000/0000\x1b\\",
    "\x1b]lrm -r\x1b\\",
    "\x1bP>|XTerm(388)\x1b\\",
    "\x1bP1$r0m\x1b\\",
    "\x1bXquit\x1b\\",
    "\x1b^quit\x1b\\",
    "\x1b_Gi=31;OK\x1b\\",
)


@pytest.mark.parametrize("wait", [0.0, 0.4])
@pytest.mark.parametrize("said", STRINGS)
def test_what_a_terminal_says_in_strings_is_no_key(said: str, wait: float) -> None:
    assert keys(wait).take(f"j{said}{said}k", 0.0) == "jk"
    for at in range(2, len(said)):
        line = keys(wait)
        assert line.take("j" + said[:at], 0.0) == "j" and line.waits
        assert line.overdue(0.09) == ""
        assert line.take(said[at:] + "k", 0.09) == "k"
        assert not line.waits and line.overdue(9.0) == ""


def test_an_answer_that_is_cut_by_a_slow_line_is_waited_for() -> None:
    for said in STRINGS[:2]:
        line = keys()
        assert line.take(said[:9], 0.0) == line.overdue(REST - 0.1) == ""
        assert line.take(said[9:] + "k", REST - 0.1) == "k"
        line.take("\x1b", 4.0)
        assert line.overdue(5.0) == "\x1b"  # believed, and wrongly
        assert line.take(said[1:] + "k", 5.5) == "k"


def test_one_letter_of_an_answer_at_a_time_is_none() -> None:
    line = keys()
    out = [line.take(letter, number * 0.05) for number, letter in enumerate(STRINGS[0])]
    assert "".join(out) == "" and not line.waits


@pytest.mark.parametrize("wait", [0.0, 0.4])
@pytest.mark.parametrize("key", ["\x1b]", "\x1bP", "\x1bX", "\x1b^", "\x1b_"])
def test_alt_with_the_key_a_string_begins_with_is_that_key(key: str, wait: float) -> None:
    line = keys(wait)
    assert line.take(key, 0.0) == "" and line.overdue(0.09) == ""
    assert line.overdue(0.5) == key  # alone
    assert line.take("j", 0.6) == "j"
    assert line.take(f"{key}jj", 1.0) == "" and line.overdue(1.5) == f"{key}jj"  # and more, at once
    assert line.take(key, 2.0) == line.take("j", 2.05) == ""
    assert line.take("k", 2.5) == f"{key}jk"  # and hands that never rest
    assert line.take(f"{key}{ARROW}{key}\x07", 3.0) == f"{key}{ARROW}{key}\x07"


def test_a_string_that_never_ends_is_given_up_and_is_no_key() -> None:
    line = keys()
    assert line.take("\x1b]10;rgb:", 0.0) == line.overdue(REST + 0.1) == "" and not line.waits
    assert line.take("j", 3.0) == "j"
    assert line.take("\x1b]52;c;" + "A" * LONGEST, 4.0) == "" and not line.waits
    assert line.take("j", 4.1) == "j"
    assert line.take("\x1bX" + "d" * 100, 5.0) == line.overdue(6.0) == ""
    assert line.take(f"\x1b]10;rgb:{ARROW}j", 7.0) == f"{ARROW}j"  # cut short by a key


def test_a_paste_with_a_string_before_it_is_still_a_paste() -> None:
    assert keys().take(f"{STRINGS[0]}\x1b[200~", 0.0) == "\x1b[200~"
    assert keys().take("\x1b]10;rgb:\x1b[200~", 0.0) == "\x1b[200~"
    assert keys().take(f"\x1b[112;3u{STRINGS[3]}\x1b[93;3;93u", 0.0) == "\x1b[112;3u\x1b[93;3;93u"

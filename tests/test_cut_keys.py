"""Keys cut in two by a slow line: what is a beginning waits for its rest, and the rest of what was given up is no key."""

from __future__ import annotations

import pytest

from tui.cut_keys import REST, SLOW, CutKeys, patience

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

"""What is pasted is never a key: in pieces, with escape sequences in it, without an end."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser

from tui.pasting import END, LOST, START, Pastes, Piece


def read(pieces: list[str], at: float = 0.0) -> tuple[str, list[str]]:
    """What was typed, without the marks, and what was pasted."""
    pastes = Pastes()
    found = [piece for text in pieces for piece in pastes.split(text, at)]
    typed = "".join(piece.text for piece in found if not piece.pasted)
    return typed.replace(START + END, ""), [piece.text for piece in found if piece.pasted]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 6, 7, 1000])
def test_a_paste_is_one_in_whatever_pieces_it_comes(size: int) -> None:
    said = "\x1b[31mred\x1b[0m eeyy!!\n\x1b\x1b[20\x1b[200~\x1b[D" + "e" * 40
    sent = f"jk{START}{said}{END}k{START}{END}j"
    assert read([sent[at : at + size] for at in range(0, len(sent), size)]) == ("jkkj", [said, ""])


@given(
    st.lists(st.text("\x1b[2010~ejA\n", max_size=12), min_size=1, max_size=5), st.lists(st.integers(0, 60))
)
def test_nothing_is_lost_and_nothing_pasted_is_typed(said: list[str], cuts: list[int]) -> None:
    said = [each.replace(END, "") for each in said]
    sent = "".join(f"k{START}{each}{END}" for each in said)
    at = sorted({0, len(sent), *(cut for cut in cuts if cut < len(sent))})
    typed, pasted = read([sent[a:b] for a, b in itertools.pairwise(at)])
    assert (typed, pasted) == ("k" * len(said), said)


def test_the_parser_of_keys_makes_nothing_of_what_is_left_of_a_paste() -> None:
    parser, pastes = XTermParser(), Pastes()
    said = "\x1b" + "e" * 50 + "\x1b[A!!"
    made = [
        event
        for text in (f"j{START}{said}"[:20], f"j{START}{said}"[20:] + END + "k")
        for piece in pastes.split(text, 0.0)
        if not piece.pasted
        for event in parser.feed(piece.text)
    ]
    assert [event.key for event in made if isinstance(event, events.Key)] == ["j", "k"]


def test_a_paste_whose_end_was_lost_does_not_lock_the_keys_for_ever() -> None:
    pastes = Pastes()
    assert list(pastes.split(f"{START}some text", 0.0)) == [Piece(START)]
    assert list(pastes.split("more of it, late", LOST + 1)) == []  # a line that stood still
    assert list(pastes.split("j", 2 * LOST + 2)) == [
        Piece("some textmore of it, late", True), Piece(END), Piece("j"),
    ]  # fmt: skip

"""Nothing is sent twice to a terminal, and what it shows is what it would have shown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.glass import Glass
from tui.sparing import Sparing

COLUMNS, LINES = 24, 4
INKS = (
    "", "1", "2;36", "4", "7", "38;2;214;216;221;48;2;20;23;29", "38;2;91;97;110;48;2;20;23;29", "1;31",
    "1;38;2;214;216;221;48;2;38;44;56", "48;2;20;23;29", "38;5;203;48;5;17", "9;93;44", "3;97;104",
)  # fmt: skip
STEADY = ("a", "b", " ", "  ", "│", "é", "…", "Refund for order", "Refund of order", "      ", "★")
ROUGH = ("日本", "👍", "👩\u200d💻", "e\u0301", "שלום", "한")


def painted(y: int, x: int, runs: list[tuple[str, str]]) -> str:
    """A line as Textual writes it: the place, each run in its ink, and out of it again."""
    said = "".join(f"\x1b[{ink}m{text}\x1b[0m" if ink else text for text, ink in runs)
    return f"\x1b[{y};{x}H{said}"


def updates(texts: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    """What Textual might write, update by update; a run never leaves the screen."""
    runs = st.lists(st.tuples(st.sampled_from(texts), st.sampled_from(INKS)), min_size=1, max_size=5)
    fitting = runs.filter(lambda each: sum(2 * len(text) for text, _ in each) < COLUMNS - 8)
    line = st.builds(painted, st.integers(1, LINES), st.integers(1, 8), fitting)
    return st.lists(st.lists(line, min_size=1, max_size=4).map("\n".join), max_size=8)


def both(written: list[str], wide_emoji: bool = True) -> tuple[Glass, Glass, int, int]:
    """A terminal that is sent everything, one that is sent what must be, and how many characters that took."""
    all_of_it, what_must = (Glass(COLUMNS, LINES, wide_emoji) for _ in range(2))
    sparing, sent = Sparing(), 0
    for update in written:
        spared = sparing.of(update + "\x1b[1;1H")
        all_of_it.feed(update)
        what_must.feed(spared)
        sent += len(spared)
        assert sparing.of(update.split("\n")[-1]) == "", "what is there already"
    return all_of_it, what_must, sent, sum(map(len, written))


@settings(max_examples=25, deadline=None)
@given(updates(STEADY))
def test_steady_text_is_shown_as_it_would_be_and_never_takes_more(written: list[str]) -> None:
    all_of_it, what_must, sent, full = both(written)
    assert what_must.seen() == all_of_it.seen()
    assert sent <= full + 12 * len(written)


@settings(max_examples=25, deadline=None)
@given(updates(STEADY + ROUGH))
def test_doubtful_widths_are_shown_as_they_would_be(written: list[str]) -> None:
    all_of_it, what_must, _, _ = both(written)
    assert what_must.text == all_of_it.text
    assert what_must.seen() == all_of_it.seen()


def test_an_emoji_that_is_one_cell_here_moves_nothing_behind_it() -> None:
    rows = [painted(1, 1, [("👍 thanks", ""), ("│", "1"), ("panel", "2;36")])]
    _, glass, _, _ = both(rows, wide_emoji=False)
    assert glass.line(1).index("│") == len("👍 thanks") + 1  # where a terminal has it that gives it two


def test_what_is_narrower_here_than_we_think_leaves_nothing_behind() -> None:
    rows = [painted(1, 1, [("order number 4711", "1")]), painted(1, 1, [("a heart ❤\ufe0f of its", "1")])]
    _, glass, _, _ = both(rows)
    assert glass.line(1).rstrip() == "a heart ❤\ufe0f of its"


@pytest.mark.parametrize(
    "apart", ["\x1b[?2026$p", "\a", "\x1b]22;default\x07", "\x1b]52;c;aGk=\x07", "\x1bP\x1b]9;x\x07\x1b\\"]
)
def test_what_leaves_the_cells_alone_passes_and_nothing_is_forgotten(apart: str) -> None:
    sparing, row = Sparing(), painted(2, 3, [("Anna Weber", "1;31")])
    assert sparing.of(row) and sparing.of(apart) == apart and sparing.of(row) == ""


@pytest.mark.parametrize(
    "strange",
    ["\x1b[2J", "\x1b[?1049h", "\x1b[?1049l", "\x1bc", "\x1b[1;1Hx\x1b[5A", "\x1b[58;5;1mx", "loose"],
)
def test_what_is_not_understood_passes_whole_and_all_is_sent_anew(strange: str) -> None:
    sparing, row = Sparing(), painted(2, 3, [("Anna Weber", "1;31")])
    first = sparing.of(row)
    assert sparing.of(strange).removeprefix("\x1b[0m") == strange
    assert sparing.of(row) == first


def test_only_the_letters_that_differ_go_out_with_as_little_ink_as_can_be() -> None:
    sparing, ink = Sparing(), "38;2;214;216;221;48;2;20;23;29"
    sparing.of(painted(5, 10, [("Refund for order 4711   ", ink)]))
    assert sparing.of(painted(5, 10, [("Refund for order 4712   ", ink)])) == "\x1b[30G2"
    assert sparing.of(painted(5, 10, [("Refund for order 4713   ", "1;" + ink)])).startswith(
        "\x1b[10G\x1b[1m"
    )
    assert sparing.of(painted(6, 1, [("a", ink)])) == "\x1b[6;1H\x1b[22ma"  # the ground is there already
    assert sparing.of("\x1b[7;9H") == "\x1b[7;9H"  # where a text is written, for what helps with typing


def test_the_inks_of_many_pictures_are_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.sparing.MOST_STEPS", 60)
    sparing = Sparing()
    what_must, all_of_it = Glass(COLUMNS, LINES), Glass(COLUMNS, LINES)
    for picture in range(40):
        runs = [("▀", f"38;2;{picture};{cell};7;48;2;{cell};{picture};9") for cell in range(12)]
        update = painted(1 + picture % LINES, 1, runs)
        what_must.feed(sparing.of(update + "\x1b[1;1H"))
        all_of_it.feed(update)
    assert what_must.seen() == all_of_it.seen()
    assert len(sparing._said) + len(sparing._steps) < 120

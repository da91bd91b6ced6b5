"""Columns stay where they are whatever strangers write into them, on terminals that differ in what they make of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from inbox.text import cells, sanitise
from storage.workspace import Workspace
from tests.screenplay import playing
from tests.shop import deliver, did, mail
from tests.strangers import EVERYTHING
from tui.columns import FENCE, column, fenced, steady, unfenced
from tui.gate import Gate
from tui.widgets.pane import strip_of

FAMILY, RAINBOW, FLAG = "👨\u200d👩\u200d👧", "🏳\ufe0f\u200d🌈", "🇦🇹"
PIECES: tuple[str, ...] = (
    "a",
    " ",
    "é",
    "e\u0301",
    "Z\u0351\u0343",
    "日本",
    "ﾊﾝ",
    FAMILY,
    RAINBOW,
    FLAG,
    "👍🏽",
    "❤\ufe0f",
    "1\ufe0f\u20e3",
)
PIECES += (
    "שלום",
    "مرحبا",
    "\u1112\u1161\u11ab",
    "★",
    "…",
    "\u200d",
    "\ufe0f",
    "\u20e3",
    "🏽",
    "\u200e",
    "\u202e",
)
WILD = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.sampled_from(EVERYTHING)


@given(WILD, st.integers(1, 40))
def test_a_column_is_as_wide_as_it_should_be_by_either_way_of_counting(text: str, width: int) -> None:
    """Ours counts characters, Rich's counts graphemes: terminals do the one or the other."""
    written = column(text, width)
    assert cells(written) == width
    if text not in EVERYTHING:  # which has marks that no two programs count alike
        assert cell_len(written) == width
    assert sanitise(unfenced(written)) == unfenced(written)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (FAMILY, "👨"),
        (f"for {FAMILY}!", "for 👨!"),
        (RAINBOW, "🏳"),
        ("👍🏽 thanks", "👍 thanks"),
        ("I ❤\ufe0f it", "I ❤ it"),
        ("1\ufe0f\u20e3", "1"),
        (FLAG, FLAG),
        ("cafe\u0301", "café"),
        ("\u1112\u1161\u11ab", "한"),
        ("plain", "plain"),
        ("क्षि", "क्षि"),
    ],
)
def test_what_terminals_measure_differently_is_written_simpler(text: str, written: str) -> None:
    assert steady(text) == written


def test_right_to_left_text_is_fenced_and_nobody_else_can_put_a_fence() -> None:
    assert fenced("שלום") == f"{FENCE}שלום{FENCE}"
    assert fenced("hello") == "hello" and fenced("日本") == "日本"
    assert column("a\u200eb", 4) == "ab  "
    assert FENCE not in sanitise("שלום\u200e")
    one, other = Style(bold=True), Style(dim=True)
    assert strip_of([("לוי", one), ("  ", one), ("1st", other)]).text == f"{FENCE}לוי{FENCE}  1st"
    assert strip_of([(" שלום", one)]).text == " שלום"  # a line by itself needs none
    assert strip_of([("a\u200eb", one)]).text == "ab"  # who forgot to clean it
    assert strip_of([("לוי", one), ("1st", other)]).cell_length == 6


def test_the_gate_lets_a_fence_pass_beside_right_to_left_text_only() -> None:
    from rich.segment import Segment
    from textual.color import Color

    def passed(text: str) -> str:
        return Gate().apply([Segment(text, Style())], Color.parse("black"))[0].text

    assert passed(fenced("שלום")) == fenced("שלום")
    assert passed("pay\u200epal") == "paypal"
    assert passed("\u202eשלום\u202c\u200e") == "שלום"


STRANGERS = (
    "Ann",
    "山田 太郎",
    FAMILY * 3,
    "נועם לוי",
    "محمد بن سلمان بن عبد العزيز",
    "Z\u0351\u0343\u0342algo",
    "x" * 90,
    f"{FLAG}👍🏽❤\ufe0f",
    "tab\tand \x1b[31mcolour",
    "ﷺ",
)


async def test_every_row_ends_where_the_others_do(store: Workspace) -> None:
    for number, words in enumerate(STRANGERS):
        deliver(
            store,
            mail(
                f'"{_quoted(words)}" <s{number}@far.example>',
                words.replace("\x1b", ""),
                "?\n",
                "2026-11-10 09:30",
            ),
        )
    did(store, "bo", "assign", conversation=3, to="bo")
    async with playing(store, (160, 48)) as stage:
        for size in ((160, 48), (120, 36), (80, 24)):
            await stage.pilot.resize_terminal(*size)
            await stage.press("0")
            here = stage.app.inbox.list
            rows = [here.line(y).text for y in range(1, min(len(here.ids), here.page) + 1)]
            assert len(rows) > 12
            for measure in (cells, cell_len):
                ends = {measure(row[: row.index("✉")]) for row in rows}
                assert len(ends) == 1, (size, rows)


def _quoted(text: str) -> str:
    return text.replace("\x1b", "").replace("\t", " ")

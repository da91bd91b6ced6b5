"""The gate for foreign text: nothing a terminal obeys, nothing a reader cannot see, and the rest untouched."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.text import MARKS, cells, cut, one_line, pad, sanitise, snippet

ANYTHING = st.text(st.characters(codec=None, categories=None, exclude_categories=()), max_size=60)
HOSTILE = st.text(
    st.sampled_from(
        "ab \n\t\r\x00\x07\x1b[]0;m\x7f\x85\x9b\x9d\u200b\u200d\u200e\u202e\u2066\u2028\ufeff\u0301\ud800é日😀"
    ),
    max_size=60,
)


def test_clean_text_comes_back_as_the_same_object() -> None:
    for text in ("", "plain\n\ttext", "Grüße, 日本語, Ελληνικά", "👍 ok"):
        assert sanitise(text) is text


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b]0;owned\x07title", "]0;ownedtitle"),  # sets the title of the window
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x9b31mred", "31mred"),  # CSI as one C1 byte
        ("\x1bP+q\x1b\\", "P+q\\"),  # DCS
        ("a\x00b\x08c\x7fd", "abcd"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),  # right-to-left override hides an ending
        ("\u2066a\u2069", "a"),
        ("pay\u200bpal", "paypal"),
        ("\ufeffstart", "start"),
        ("a\u200d\u200c\u200db", "ab"),
        ("one\r\ntwo\rthree\x85four\u2028five", "one\ntwo\nthree\nfour\nfive"),
        ("good\rbad", "good\nbad"),  # a lone CR would overwrite the line
        ("lone\ud800surrogate", "lone\ufffdsurrogate"),
        ("tag\U000e0041\U000e0042", "tag"),
    ],
)
def test_what_a_terminal_would_obey_is_gone(hostile: str, shown: str) -> None:
    assert sanitise(hostile) == shown


def test_what_people_write_stays() -> None:
    family = "👨\u200d👩\u200d👧"
    persian = "می\u200cخواهم"
    assert sanitise(f"{family} {persian} नमस्ते ❤\ufe0f") == f"{family} {persian} नमस्ते ❤\ufe0f"


def test_marks_are_bounded_and_do_not_paint_over_the_lines_above() -> None:
    painted = "Z" + "\u0301\u0336\u20dd" * 50 + "o"
    shown = sanitise(painted)
    assert (
        sum(unicodedata.combining(each) != 0 or unicodedata.category(each) == "Me" for each in shown) <= MARKS
    )
    assert shown[0] == "Z" and shown[-1] == "o"
    assert sanitise("e\u0301e\u0302") == "e\u0301e\u0302"


def test_length_is_bounded() -> None:
    assert sanitise("x" * 50, 10) == "x" * 9 + "…"
    assert len(sanitise("x" * 200_000)) == 100_000
    assert sanitise("x" * 10, 10) == "x" * 10


@given(ANYTHING | HOSTILE)
@settings(deadline=None)
def test_nothing_hostile_ever_passes(text: str) -> None:
    shown = sanitise(text)
    shown.encode()
    for each in shown:
        category = unicodedata.category(each)
        assert category not in ("Cc", "Cs") or each in "\n\t"
        assert unicodedata.bidirectional(each) not in (
            "LRE",
            "RLE",
            "PDF",
            "LRO",
            "RLO",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        )
    assert sanitise(shown) == shown


@given(ANYTHING | HOSTILE, st.integers(1, 30))
@settings(deadline=None)
def test_one_line_is_one_line(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert "\n" not in line and "\t" not in line and "  " not in line and line == line.strip()


def test_one_line_joins_lines_and_says_what_it_cut() -> None:
    assert one_line("Re:  your\r\n\torder\n") == "Re: your order"
    assert one_line("a long subject line", 7) == "a long…"
    assert snippet("Hello,\n\nwhere is it?") == "Hello, where is it?"


def test_cells_count_what_a_terminal_draws() -> None:
    assert cells("abc") == 3
    assert cells("日本") == 4
    assert cells("e\u0301") == 1
    assert cells("👨\u200d👩\u200d👧") == 2
    assert cells("❤\ufe0f") == 2


@given(st.text(st.sampled_from("ab日本😀é\u0301\u200d"), max_size=20), st.integers(0, 12))
@settings(deadline=None)
def test_cut_and_padded_text_fits_its_column(text: str, width: int) -> None:
    assert cells(cut(text, width)) <= width
    assert cells(pad(text, width)) == width


def test_cut_ends_in_a_sign_only_when_it_cut() -> None:
    assert cut("日本語", 6) == "日本語"
    assert cut("日本語", 5) == "日本…"
    assert cut("日本語", 4) == "日…"
    assert cut("plain", 3) == "pl…"
    assert cut("plain", 0) == ""

"""What lies below a conversation: blocks laid out when they are seen, lines broken where they may be, words found."""

from __future__ import annotations

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from inbox.text import cells, sanitise
from tests.shop import NOW, ZONE, at
from tui.looks import inks_of
from tui.times import spoken
from tui.widgets.pane import strip_of
from tui.widgets.stream import Block, Place, Stream, inked, pattern_of, spans_in
from tui.widgets.wrapping import as_written, exactly, set_in

INK = inks_of("frontdesk-dark").text


def stream_of(heights: list[int]) -> Stream:
    """Blocks of these heights; a line says its block and its number."""
    return Stream(
        [
            Block(
                10 * number, partial(list, [strip_of([(f"{number}.{line}", INK)]) for line in range(height)])
            )
            for number, height in enumerate(heights)
        ]
    )


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=12),
    st.integers(1, 12),
    st.lists(st.one_of(st.integers(-30, 30), st.just("end"), st.just("top")), max_size=12),
)
def test_a_stream_scrolls_like_all_its_lines_below_each_other(
    heights: list[int], page: int, moves: list[int | str]
) -> None:
    flat = [f"{number}.{line}" for number, height in enumerate(heights) for line in range(height)]
    stream, top, last = stream_of(heights), 0, max(0, sum(heights) - page)
    for move in moves:
        if move == "end":
            stream.to_end(page)
            top = last
        elif move == "top":
            stream.go(Place(0), page)
            top = 0
        else:
            before = top
            top = max(0, min(top + int(move), last))
            assert stream.move(int(move), page) == (top != before)
        assert [strip.text for _, _, strip in stream.shown(page)] == flat[top : top + page]
        assert stream.goes_on(page) == (top + page < len(flat))
        again = stream_of(heights)
        again.go(stream.place, page)
        assert again.place == stream.place


def test_what_is_on_top_stays_there_when_more_comes_before_and_behind() -> None:
    stream = stream_of([4, 4, 4])
    stream.go(Place(10, 2), 3)
    longer = Stream([Block(-10, lambda: [strip_of([("before", INK)])]), *stream_of([4, 4, 4, 4]).blocks])
    longer.go(stream.place, 3)
    assert [strip.text for _, _, strip in longer.shown(3)] == ["1.2", "1.3", "2.0"]


def test_only_what_is_seen_is_laid_out() -> None:
    made: list[int] = []

    def make(number: int) -> list[object]:
        made.append(number)
        return [strip_of([("x", INK)])] * 10

    stream = Stream([Block(number, partial(make, number)) for number in range(10_000)])  # type: ignore[arg-type]
    stream.go(Place(5_000), 40)
    assert len(list(stream.shown(40))) == 40
    assert len(made) < 12


# --------------------------------------------------------------------------- lines

WORDS = st.text(st.sampled_from("abcdé 山です 、。👩\u0301משה> |-1.\t\n"), max_size=200).map(sanitise)


@given(WORDS, st.integers(2, 40))
def test_no_line_is_wider_than_there_is_room_and_no_letter_is_lost(text: str, width: int) -> None:
    lines = [line for line, _ in as_written(text, width)]
    assert all(cells(line) <= max(width, 2) for line in lines)
    letters = [c for c in text if c.isalpha() or c in "。、👩"]
    assert [c for c in "".join(lines) if c.isalpha() or c in "。、👩"] == letters
    for line in text.split("\n"):
        pieces = list(exactly(line, width))
        assert all(cells(piece) <= max(width, 2) for piece in pieces)
        assert all(cells(piece) <= max(width, 2) for piece in set_in(line, width))


def test_points_quotes_and_rows_go_on_where_a_reader_looks_for_them() -> None:
    def lines(text: str) -> list[str]:
        return [line for line, _ in as_written(text, 30)]

    assert lines("- this is a point that goes on and on") == ["- this is a point that goes on", "  and on"]
    assert lines("12. the twelfth of many points, and long") == [
        "12. the twelfth of many",
        "    points, and long",
    ]
    assert lines("> > what they quoted of what we quoted") == [
        "> > what they quoted of what",
        "> > we quoted",
    ]
    assert lines("| lamp  | 2 | 40.00 | 80.00 | paid |") == ["| lamp  | 2 | 40.00 | 80.00 |", "↪ paid |"]
    assert lines("名前は山田です、いつもお世話になっております。") == [
        "名前は山田です、いつもお世話に",
        "なっております。",
    ]
    assert [quoted for _, quoted in as_written("> a\nb", 30)] == [True, False]


def test_a_paragraph_broken_for_a_wider_page_flows_again() -> None:
    told = (
        "We have looked into what happened to your parcel, and it\ncame back to us. We send it again today.\n\n"
        "Kind regards\nJo"
    )
    assert [line for line, _ in as_written(told, 40)] == [
        "We have looked into what happened to",
        "your parcel, and it came back to us. We",
        "send it again today.",
        "",
        "Kind regards",
        "Jo",
    ]
    assert [line for line, _ in as_written(told, 80)] == told.split("\n")


def test_of_five_megabytes_in_one_line_only_what_is_asked_for_is_broken() -> None:
    """All of it would take minutes."""
    for letter in ("a", "山", "e\u0301", "x "):
        lines = as_written(letter * (5_000_000 // len(letter)), 78)
        assert all(0 < cells(next(lines)[0]) <= 78 for _ in range(600))


# --------------------------------------------------------------------------- finding


def test_words_are_found_across_the_end_of_a_line_whatever_their_case() -> None:
    texts = ["Anna  yesterday", "  │ it came BACK", "  │ on Friday, back"]
    block = Block(0, lambda: [strip_of([(text, INK)]) for text in texts])
    assert spans_in(block, pattern_of("came back on")) == {1: [(7, 16)], 2: [(0, 6)]}
    assert spans_in(block, pattern_of("back")) == {1: [(12, 16)], 2: [(15, 19)]}
    assert spans_in(block, pattern_of("(.*")) == {}
    assert spans_in(block, pattern_of("gone")) == {}


@given(st.text(st.sampled_from("ab 山"), min_size=1, max_size=30), st.data())
def test_marking_a_hit_changes_no_letter(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    cut = data.draw(st.integers(0, len(text)))
    strip = strip_of([(text[:cut], INK), (text[cut:], inks_of("frontdesk-dark").late)])
    shown = inked(strip, [(start, end)], inks_of("frontdesk-dark").cursor)
    assert shown.text == strip.text
    assert shown.cell_length == strip.cell_length


# --------------------------------------------------------------------------- times


def test_when_is_said_as_people_say_it() -> None:
    def said(text: str) -> str:
        return spoken(at(text), NOW, ZONE)

    assert said("2026-11-10 09:12") == "09:12"
    assert said("2026-11-09 23:59") == "yesterday 23:59"
    assert said("2026-11-04 08:00") == "Wed 08:00"
    assert said("2026-11-03 08:00") == "3 Nov 08:00"
    assert said("2025-12-24 18:00") == "24 Dec 2025 18:00"
    assert said("2026-11-11 08:00") == "Wed 11 Nov 08:00", "what is to come is said in full"

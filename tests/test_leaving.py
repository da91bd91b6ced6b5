"""When something for later leaves, what is passed on, and fields as typed: pure, with odd input."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.forwarding import forward_subject
from inbox.leaving import clock_there, offset_written, their_morning
from inbox.model import Address
from inbox.recipients import as_typed, parse_recipients, pieces
from tui.fields import Fields, parted
from tui.screens.editor import read_back, with_headers
from tui.screens.letter import Letter

HOUR = 3600


def dated(value: str) -> bytes:
    return f"From: a@b.example\r\nDate: {value}\r\nSubject: x\r\n\r\nDate: Mon, 1 Jan 2024 08:00:00 +0900\r\n".encode()


@pytest.mark.parametrize(
    ("value", "offset"),
    [
        ("Tue, 10 Nov 2026 02:30:00 -0500", -5 * HOUR),
        ("Tue, 10 Nov 2026 13:00 +0530 (IST)", 5 * HOUR + 1800),
        (
            "Tue, 10 Nov 2026 07:30:00 +0000",
            None,
        ),  # web mail writes UTC: it says nothing of where somebody is
        ("Tue, 10 Nov 2026 07:30:00 GMT", None),
        ("Tue, 10 Nov 2026 07:30:00 +9900", None),
        ("", None),
    ],
)
def test_the_zone_of_the_customer_is_what_their_date_header_says(value: str, offset: int | None) -> None:
    assert offset_written(dated(value)) == offset


@given(st.binary(max_size=300))
def test_no_bytes_at_all_raise_when_a_zone_is_looked_for(raw: bytes) -> None:
    offset_written(raw)


@given(st.integers(-12 * HOUR, 14 * HOUR), st.integers(0, 2_000_000_000))
def test_their_morning_is_the_next_nine_o_clock_there(offset: int, now: int) -> None:
    morning = their_morning(offset, now)
    assert now < morning <= now + 24 * HOUR
    there = datetime.fromtimestamp(morning + offset, UTC)
    assert (there.hour, there.minute, there.second) == (9, 0, 0)


def test_zones_are_said_as_people_say_them() -> None:
    assert [clock_there(each) for each in (-5 * HOUR, 5 * HOUR + 1800, 0)] == ["UTC-5", "UTC+5:30", "UTC+0"]


def test_a_subject_says_only_once_that_it_is_passed_on() -> None:
    assert forward_subject("Lamp") == "Fwd: Lamp"
    assert forward_subject("WG: Lampe") == "WG: Lampe"
    assert forward_subject("Lamp\r\nBcc: x@y.example") == "Fwd: Lamp Bcc: x@y.example"


@given(st.text(max_size=40), st.sampled_from(["ann@shop.example", "b.o+x@sub.shop.example"]))
def test_an_address_written_out_reads_back_as_that_one_address(name: str, address: str) -> None:
    found, bad = parse_recipients(as_typed(Address(name, address)))
    assert bad == []
    assert [each.address for each in found] == [address]


KEYS = st.sampled_from(["up", "down", "tab", "enter", "shift+tab", "left", "right", "home", "end", "backspace",
                        "delete", "ctrl+w", "ctrl+u", "ctrl+k"])  # fmt: skip


@given(st.lists(st.one_of(KEYS, st.characters()), max_size=60))
def test_no_keys_at_all_break_the_fields(keys: list[str]) -> None:
    fields = Fields(["a@b.example", "", "", "us@shop.example", "Hi"], ["us@shop.example"], lambda _: True)
    for key in keys:
        fields.press(key, key if len(key) == 1 else None)
        fields.offer(["Ann <ann@shop.example>"] if fields.wanted else [])
        assert 0 <= fields.at < 5
        assert 0 <= fields.lines[fields.at].caret <= len(fields.lines[fields.at].text)
        assert all("\n" not in value for value in fields.values)
        for number in range(5):
            fields.complaint(number)
        assert pieces(fields.values[0]) == list(parted(fields.values[0]))


@given(st.text(max_size=200))
def test_whatever_an_editor_leaves_nothing_is_lost(whole: str) -> None:
    letter = Letter("new", to=("a@b.example",), sender="us@shop.example", subject="Hi")
    back, text, _ = read_back(letter, whole)
    kept = " ".join((*back.values, text))
    head = whole.split("\n")
    for line in head:
        for word in line.partition(":")[2].split() or line.split():
            if "," not in word and ";" not in word and '"' not in word:
                assert word in kept


def test_what_goes_to_the_editor_comes_back_as_it_was() -> None:
    letter = Letter(
        "new", to=('"Lee, Bo" <bo@x.example>', "broken@@"), sender="us@shop.example", subject="Re: a: b"
    )
    assert read_back(letter, with_headers(letter, "Text\n\nTo: not a header")) == (
        letter,
        "Text\n\nTo: not a header",
        "",
    )

"""The letters of tests/letters/: what is told apart exactly, and that nothing anybody wrote is ever swallowed."""

from __future__ import annotations

import sys
from functools import cache
from types import FrameType

import pytest

from benchmarks.letters import GROUPS, Found, Letter, judge, read
from inbox import attributions, marks, replies
from inbox.attributions import rows, templates
from inbox.mime import parse

KNOWN_MISSES: dict[str, set[str]] = {
    # iOS marks where a signature begins and not where it ends: people write below it, so it is shown.
    "first": {"iOS Mail | English | html with signature div"},
    "fresh": set(),
}


@cache
def found(group: str) -> list[Found]:
    return [judge(letter) for letter in read(group)]


@pytest.mark.parametrize("group", GROUPS)
def test_no_written_line_is_swallowed(group: str) -> None:
    assert {each.letter.title: each.swallowed for each in found(group) if each.swallowed} == {}


@pytest.mark.parametrize("group", GROUPS)
def test_reply_quote_and_signature_are_exact_but_for_known_misses(group: str) -> None:
    misses = {each.letter.title for each in found(group) if not all(each.exact.values())}
    assert misses == KNOWN_MISSES[group]


def test_the_letters_come_from_many_programs_and_languages() -> None:
    letters = {group: read(group) for group in GROUPS}
    everything = [letter for group in letters.values() for letter in group]
    assert len(everything) >= 150
    assert len(letters["fresh"]) >= len(everything) / 3
    assert len({letter.title for letter in everything}) == len(everything)
    assert len({letter.client for letter in everything}) >= 40
    assert len({letter.language for letter in everything}) >= 30


@pytest.mark.parametrize("group", GROUPS)
def test_the_letters_are_read_without_oddities(group: str) -> None:
    """A letter that is no proper mail would prove nothing."""
    odd = {letter.title: parse(letter.raw()).oddities for letter in read(group)}
    assert {title: said for title, said in odd.items() if said} == {}


def test_a_letter_in_one_more_language_needs_one_line() -> None:
    """What docs/reading-mail.md promises: the code knows no language but those of the tables."""
    words = [
        *templates(attributions.WROTE),
        *templates(attributions.FORWARDED),
        *templates(attributions.ORIGINAL),
    ]
    assert len({language for language, _ in rows(attributions.WROTE)}) >= 30
    for template in words:
        sample = template.replace("…", "x@y.example 2026")
        dashed = f"----- {sample} -----"
        assert (
            marks.OPENED.fullmatch(sample)
            or marks.UNOPENED.fullmatch(sample)
            or marks.FORWARDED.fullmatch(dashed)
            or marks.ORIGINAL.fullmatch(dashed)
        ), template


@pytest.mark.parametrize("language", [language for language, _ in rows(attributions.LABELS)])
def test_a_header_block_of_every_language_begins_the_quote(language: str) -> None:
    for name, row in rows(attributions.LABELS):
        if name != language:
            continue
        sender, date, to, _, subject = (words.split(",")[0].strip() for words in row)
        block = [
            f"{sender}: Sam <sam@shop.example>",
            f"{date}: 2026-03-12 09:04",
            f"{to}: Ann <ann@mail.example>",
            f"{subject}: Lamp",
        ]
        reply, quoted, signature = replies.split("\n".join(["Yes.", "", *block, "", "Is it on?"]))
        assert (reply, quoted, signature) == ("Yes.", "\n".join([*block, "", "Is it on?"]), "")


# ------------------------------------------------------------------------------------------------ linear


def steps(text: str, hints: bytes = b"") -> int:
    """The lines of Python that are run to take a text apart: what a clock would show, without the clock."""
    count = 0

    def trace(frame: FrameType, _event: str, _argument: object) -> object:
        nonlocal count
        count += 1
        return trace if frame.f_code.co_filename.startswith(ROOM) else None

    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]  # typeshed wants the recursive type spelled out
    try:
        replies.split(text, hints=hints)
    finally:
        sys.settrace(before)
    return count


ROOM = replies.__file__.rpartition("/")[0]
NOTICE = "This mail is confidential and meant for the recipient; delete it when it reached you in error.\n\n"
REPEATED = {
    "quotes": "> quoted\n",
    "answers between": "> quoted\nyes\n\n",
    "attributions": "On 12 March 2026 at 09:04, Sam <sam@shop.example> wrote:\n> yes\n\nno\n",
    "wrapped attributions": "On 12 March 2026 at 09:04, Sam of the shop\n<sam@shop.example>\nwrote:\n\n",
    "half attributions": "12 March 2026 09:04 Sam of the shop at the corner sam@shop.example\n",
    "header blocks above marks": "From: Sam <s@x.example>\nSent: 12 March 2026 09:04\nSubject: x\n\n> q\nyes\n",
    "labels": "From: x\n",
    "rules": "-----\n",
    "signature marks": "-- \nx\n",
    "notices": NOTICE,
    "armour": "-----BEGIN PGP SIGNATURE-----\n",
    "telephones": "Sent from my iPhone\n\n",
    "closings": "Kind regards,\nAnn\nann@mail.example\n",
    "code": "> x = 1\n\n",
    "colons": "a:\n",
    "dashes": "-- On Monday --\n",
    "lists": "I miss:\n> a bulb\n",
    "titles": "---- Original message ----From: x\n",
    "who and when": "12.05.2026, 15:04, Sam <s@x.example>\n",
    "signatures that go on": "-- \nAnn\nann@mail.example\n\nIt hums.\n\n",
    "drawn frames": "----------\nAnn\nann@mail.example\nwww.mail.example\n",
    "blank lines": "\n",
}


@pytest.mark.parametrize("kind", REPEATED)
def test_twice_the_text_takes_at_most_twice_the_steps(kind: str) -> None:
    piece = REPEATED[kind]
    replies.split(piece * 10)  # patterns are compiled once
    half, whole = (f"Hello\n{piece * count}" for count in (1500, 3000))
    assert steps(whole) <= 2.1 * steps(half) + 500


@pytest.mark.parametrize("hint", [marks.ATTRIBUTED, marks.CITED, marks.STYLED, marks.BLOCK, marks.SIGNED])
def test_twice_the_html_takes_at_most_twice_the_steps(hint: int) -> None:
    counts = []
    for count in (1500, 3000):
        counts.append(steps("a line\n\n" * count, bytes([hint, 0]) * count))
    assert counts[1] <= 2.1 * counts[0] + 500


def test_a_line_is_never_handed_whole_to_the_long_patterns() -> None:
    """Templates with two gaps cost the square of a line: long lines are the person's, and few are tried."""
    line = "Am " + "schrieb x " * 5000 + ":"
    assert replies.split(line) == (line, "", "")


def test_letters_of_the_form_flowed_are_wrapped_like_the_programs_do() -> None:
    letter = Letter("x | y | z", form="flowed", lines=["> " + "word " * 40 + "end", "word " * 40 + "end"])
    raw = letter.raw().decode()
    assert max(map(len, raw.split("\r\n"))) <= 78
    assert parse(letter.raw()).text == "\n".join(letter.lines)

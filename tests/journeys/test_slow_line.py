"""Frontdesk over a slow line that cuts keys, drops and stalls; what arrived is safe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.workspace import open_store
from tests.shop import mail, shop
from tests.slow_line import OVER_SSH, SLOW, SlowLine
from tests.terminal import Terminal, at_a_terminal, command

NOW = "2026-11-10T11:05:00Z"
DOWN, ESCAPE = "\x1b[B", "\x1b"
MAILS = 12
WORDS = "Half a thought about"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with a dozen conversations."""
    shop(
        tmp_path / "shop",
        [
            mail(
                f"Customer {n} <c{n}@park.example>",
                f"Parcel {n:02}",
                f"Where is it, number {n:02}?",
                f"2026-11-10 {n % 10:02}:30",
            )
            for n in range(MAILS)
        ],
    ).close()
    return tmp_path / "shop"


@contextmanager
def far_away(folder: Path, round_trip: float = SLOW) -> Iterator[SlowLine]:
    """The screen, over SSH from far away; it has come to rest."""
    words = command("--workspace", str(folder), "--as", "anna", "--now", NOW)
    with at_a_terminal(SlowLine, words, environment=OVER_SSH) as terminal:
        terminal.round_trip = round_trip
        terminal.until_shown("Where is it, number")
        yield terminal


def here(terminal: Terminal) -> str:
    """The row under the hands."""
    return next((line for line in terminal.screen.splitlines() if line.lstrip().startswith("▌")), "")


def row(terminal: Terminal, number: int) -> str:
    """The subject of a row of the list, from 0 on."""
    subjects: list[str] = re.findall(r"Parcel \d\d", terminal.screen)
    return subjects[number]


def drafts(folder: Path) -> list[str]:
    """The texts that are kept as drafts."""
    store = open_store(folder)
    try:
        return [draft.text for draft in store.drafts()]
    finally:
        store.close()


@pytest.mark.long
def test_the_round_trip_is_measured_and_shown(folder: Path) -> None:
    with far_away(folder) as terminal:
        terminal.press("j")
        terminal.until(lambda: re.search(r"line \d+ ms", terminal.screen) is not None, "the round trip")
        shown = re.search(r"line (\d+) ms", terminal.screen)
        assert shown is not None and int(shown[1]) >= SLOW * 1000
        assert (
            terminal.raw.count(b"\x1b[?2026$p") == 2
        )  # Textual's own question, and ours; no more while nobody types


def test_an_arrow_that_is_cut_in_two_is_an_arrow_and_escape_still_goes_back(folder: Path) -> None:
    with far_away(folder) as terminal:
        first, second = row(terminal, 0), row(terminal, 1)
        assert first in here(terminal)
        terminal.press_cut(DOWN, 1, gap=SLOW)
        terminal.until(lambda: second in here(terminal), "the second row")
        terminal.press("\r")
        terminal.until_shown("next")  # the keys of an open conversation
        terminal.press_cut("\x1b[A", 2, gap=SLOW)
        terminal.press(ESCAPE)
        terminal.until_shown("Enter open")
        assert second in here(terminal)
        assert "means nothing" not in terminal.screen


@pytest.mark.long
def test_a_burst_of_held_keys_ends_where_it_should_and_is_cheap(folder: Path) -> None:
    with far_away(folder) as terminal:
        sent = len(terminal.raw)
        for _ in range(93):
            terminal.press("jjk")
        last = row(terminal, MAILS - 2)  # two down and one up: in the end one above the last
        terminal.until(lambda: last in here(terminal), "the last but one")
        terminal.press("gg")
        terminal.until(lambda: row(terminal, 0) in here(terminal), "the first row")
        assert (len(terminal.raw) - sent) / 280 < 600


@pytest.mark.long
def test_61_a_line_that_drops_in_the_middle_of_writing_loses_nothing_that_arrived(folder: Path) -> None:
    with far_away(folder) as terminal:
        question = f"Where is it, number {row(terminal, 1)[-2:]}?"
        terminal.press("j\rr")
        terminal.until_shown("Reply to")
        terminal.press(WORDS + " the parcel")
        terminal.until_shown(WORDS + " the parcel")
        terminal.press(" that never arrives")
        terminal.drop()
        assert terminal.ended() in (0, 129, -1)
        assert b"Traceback" not in terminal.raw
    assert any(WORDS + " the parcel" in text for text in drafts(folder))
    with far_away_again(folder) as terminal:
        terminal.until_shown("line dropped")
        terminal.until_shown("draft kept")
        terminal.until_shown(WORDS)
        terminal.until_shown(question)


@contextmanager
def far_away_again(folder: Path) -> Iterator[SlowLine]:
    """The same, where the last time ended by a dropped line."""
    words = command("--workspace", str(folder), "--as", "anna", "--now", NOW)
    with at_a_terminal(SlowLine, words, environment=OVER_SSH) as terminal:
        yield terminal


@pytest.mark.long
def test_a_line_that_stalls_and_then_drops_leaves_no_screen_hanging(folder: Path) -> None:
    with far_away(folder, round_trip=0.0) as terminal:
        terminal.press("\rr")
        terminal.until_shown("Reply to")
        terminal.press(WORDS)
        terminal.until(lambda: any(WORDS in text for text in drafts(folder)), "the draft")
        terminal.stalled = True  # the program writes more than anything on the way can hold
        for key in ESCAPE * 3 + "jk" * 60:
            terminal.press(key)
            terminal._read(0.02)
        terminal.drop()
        assert terminal.ended() in (0, 129, -1)
    assert any(WORDS in text for text in drafts(folder))

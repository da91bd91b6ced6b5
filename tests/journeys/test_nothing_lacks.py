"""What was never sent again is there all the same: the screen as it stands is the screen painted anew, whatever was done."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.shop import mail, shop
from tests.terminal import Terminal, frontdesk

NOW = "2026-11-10T11:05:00Z"
ESC = "\x1b"
TOUR = (
    "jjj", "G", "gg\r", "]z", ESC, "r", "Half a thought 👍 über 日本", ESC, "n" + "x" * 90, ESC, "?", ESC, ":view", ESC,
    "/parcel\r", ESC, "v", ESC + "i", ESC + "s", ESC, "0w", ESC + "gR", ESC + "e", ESC + "k",
)  # fmt: skip
"""Panes that come and go, questions, writing, pages, what is said at the bottom."""

LETTERS = (
    "Plain words, and nothing else.",
    "Emoji 👍👩\u200d💻❤ in a row\n\nand │ lines ─ of boxes ★",
    "日本語のメール 한국어 中文",
    "שלום, איפה החבילה שלי? 4711",
    "e\u0301 a\u0308 combining, tabs\tand\tmore",
    "> quoted\n> lines\n\nand an answer\n-- \nsignature",
)


def at_rest(terminal: Terminal, quiet: float = 0.3) -> None:
    """Let the screen say all it has to say."""
    known, until = len(terminal.raw), time.monotonic() + quiet
    while time.monotonic() < until:
        terminal._read(0.02)
        if len(terminal.raw) > known:
            known, until = len(terminal.raw), time.monotonic() + quiet


@pytest.mark.long
@pytest.mark.parametrize(
    ("columns", "lines", "environment"),
    [
        (80, 24, {}),
        (160, 48, {"COLORTERM": "truecolor"}),
    ],
)
def test_the_screen_as_it_stands_is_the_screen_painted_anew(
    tmp_path: Path, columns: int, lines: int, environment: dict[str, str]
) -> None:
    mails = [
        mail(
            f"Name {n} <c{n}@park.example>",
            f"Parcel {text.splitlines()[0]}",
            text,
            f"2026-11-10 {n % 9:02}:30",
        )
        for n, text in enumerate(LETTERS * 5)
    ]
    shop(tmp_path / "shop", mails).close()
    words = "--workspace", str(tmp_path / "shop"), "--as", "anna", "--now", NOW
    with frontdesk(
        *words, columns=columns, lines=lines, environment=environment, program="tests/hasty.py"
    ) as terminal:
        terminal.until_shown("Parcel" if columns > 40 else "Name")
        at_rest(terminal)
        size = columns, lines
        for number, keys in enumerate(TOUR):
            terminal.press(keys)
            at_rest(terminal, 0.8)  # what is read meanwhile comes later than the key's own answer
            if number == len(TOUR) // 2:
                size = columns + 7, lines + 3
                terminal.resize(*size)
                at_rest(terminal)
            _ = terminal.screen
            stands, read = terminal.glass.seen(), terminal.glass.text
            known = len(terminal.raw)
            terminal.resize(*size)  # the same: whoever comes back to a terminal may not know what it shows
            terminal.until_past(known + columns)
            at_rest(terminal)
            assert terminal.screen == read, f"after {keys!r}"
            assert terminal.glass.seen() == stands, f"after {keys!r}"
        assert not terminal.is_over()

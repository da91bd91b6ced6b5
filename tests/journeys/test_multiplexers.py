"""Frontdesk inside tmux and GNU screen: it is painted right, its keys arrive, and what was begun is there on coming back."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.shop import mail, shop
from tests.terminal import Terminal, at_a_terminal, command

QUESTION, WORDS = "Where is my parcel?", "Half a thought about"
NOW = "2026-11-10T11:05:00Z"
PROGRAMS = [
    pytest.param(
        name, marks=pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed")
    )
    for name in ("tmux", "screen")
]


class Multiplexer:
    """A session of its own, in which Frontdesk runs; terminals come and go."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder
        self.place = {"TMUX_TMPDIR": str(folder), "SCREENDIR": str(folder / "screens")}
        (folder / "screens").mkdir(mode=0o700)
        (folder / "plain").write_text("")

    def begin(self, *words: str) -> list[str]:
        """What begins the session with this command in it."""
        if self.name == "tmux":
            return [
                "tmux",
                "-L",
                "here",
                "-f",
                str(self.folder / "plain"),
                "new-session",
                "-s",
                "here",
                *words,
            ]
        return ["screen", "-c", str(self.folder / "plain"), "-S", "here", *words]

    @property
    def again(self) -> list[str]:
        """What brings a terminal back to it."""
        if self.name == "tmux":
            return ["tmux", "-L", "here", "attach", "-t", "here"]
        return ["screen", "-c", str(self.folder / "plain"), "-D", "-r", "here"]

    @contextmanager
    def terminal(self, words: list[str], columns: int = 100) -> Iterator[Terminal]:
        """A terminal that runs this."""
        with at_a_terminal(Terminal, words, columns, 30, self.place) as terminal:
            yield terminal

    def end(self) -> None:
        """End what is left."""
        last = (
            ["tmux", "-L", "here", "kill-server"]
            if self.name == "tmux"
            else ["screen", "-S", "here", "-X", "quit"]
        )
        subprocess.run(last, env={"PATH": "/usr/bin:/bin", **self.place}, capture_output=True, check=False)


@pytest.fixture
def multiplexer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Multiplexer]:
    """One of them, which is gone afterwards."""
    one = Multiplexer(request.param, tmp_path)
    try:
        yield one
    finally:
        one.end()


@pytest.mark.long
@pytest.mark.parametrize("multiplexer", PROGRAMS, indirect=True)
def test_keys_arrive_and_a_draft_is_there_when_a_terminal_comes_back(
    multiplexer: Multiplexer, tmp_path: Path
) -> None:
    shop(
        tmp_path / "shop", [mail("Jo Park <jo@park.example>", "My parcel", QUESTION, "2026-11-10 08:30")]
    ).close()
    words = command("--workspace", str(tmp_path / "shop"), "--as", "anna", "--now", NOW)
    with multiplexer.terminal(multiplexer.begin(*words)) as terminal:
        terminal.until_shown(QUESTION)
        terminal.press("\r")
        terminal.until_shown("Jo Park  jo@park.example")
        terminal.press("\x1b")  # alone: the multiplexer waits, too, and hands it on
        terminal.until_shown("Enter open")
        terminal.press("\x1b[C\r")  # an arrow that means nothing here, in one piece
        terminal.press("r")
        terminal.until_shown("Reply to")
        terminal.press(WORDS)
        terminal.until_shown(WORDS)
        terminal.hang_up()  # the line is gone, and with it this terminal; Frontdesk lives on
        terminal.ended()
    with multiplexer.terminal(multiplexer.again, columns=150) as terminal:  # another one, and wider
        terminal.until_shown(WORDS)
        terminal.until_shown("Views")
        terminal.press(" it\x11")
        terminal.ended()
    assert "Traceback" not in terminal.text

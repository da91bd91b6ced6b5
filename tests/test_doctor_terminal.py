"""`frontdesk doctor --terminal` before terminals that answer well, badly, or not at all: real ones, played by a script."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import termios
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest

from storage.documents import Documents
from storage.workspace import open_store
from tests.front import Front
from tests.terminal import frontdesk
from tui.checkup.finding import Finding
from tui.checkup.questions import opened
from tui.checkup.terminal import examine

COPY = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07")
ASKED = re.compile(
    rb"\x1b\[c|\x1b\[>0q|\x1b\[\?2026\$p|\x1bP\$qm\x1b\\|\x1b\[6n|\x1b\]52;c;\?\x07|\[y/N\] |\(Return alone: no\): "
)
GOOD = {
    b"\x1b[c": b"\x1b[?62;22;52c",
    b"\x1b[>0q": b"\x1bP>|good(1.0)\x1b\\",
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1bP$qm\x1b\\": b"\x1bP1$r0;48:2::1:2:3m\x1b\\",
    b"\x1b[6n": b"\x1b[7;3R",
    b"[y/N] ": b"y",
    b"(Return alone: no): ": b"\r",
}


@dataclass
class Played:
    """A terminal on the far side: its answers by what it is asked; `raw` is all it was sent."""

    line: int
    answers: dict[bytes, bytes]
    copies: bool = False  # whether it gives back what was copied
    raw: bytes = b""
    _done: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def play(self) -> None:
        while not self._over.is_set():
            if not select.select([self.line], [], [], 0.02)[0]:
                continue
            with suppress(OSError):
                self.raw += os.read(self.line, 65536)
            self.answer()

    def answer(self) -> None:
        """Answer what was asked since."""
        for asked in ASKED.finditer(self.raw, self._done):
            self._done = asked.end()
            said = self.answers.get(asked[0], b"")
            if asked[0] == b"\x1b]52;c;?\x07" and self.copies:
                said = COPY.findall(self.raw)[-1].join((b"\x1b]52;c;", b"\x1b\\"))
            while said:
                said = said[os.write(self.line, said) :]

    def end(self) -> None:
        self._over.set()


@contextmanager
def terminal(answers: dict[bytes, bytes], copies: bool = False) -> Iterator[tuple[Played, int]]:
    """A pseudo-terminal with this one behind it, and the descriptor of our side."""
    far, near = pty.openpty()
    played = Played(far, answers, copies)
    thread = threading.Thread(target=played.play, daemon=True)
    thread.start()
    try:
        yield played, near
    finally:
        played.end()
        thread.join()
        os.close(near)
        os.close(far)


def asked(
    answers: dict[bytes, bytes],
    environment: dict[str, str] | None = None,
    copies: bool = False,
    patience: float = 5.0,
) -> tuple[dict[str, Finding], set[str], bytes]:
    """What is found at such a terminal by subject, what passed, and all that was sent."""
    passed: set[str] = set()
    with terminal(answers, copies) as (played, near):
        before = termios.tcgetattr(near)
        with opened(near, patience, a_person=0.3) as line:
            assert line is not None
            found = list(examine(line, environment or {"TERM": "xterm"}, passed))
        assert termios.tcgetattr(near) == before
        raw = played.raw
    assert not any(one.ok is False for one in found)
    return {one.subject: one for one in found}, passed, raw


def test_a_good_terminal_is_believed_and_the_person_asked_only_for_what_it_cannot_tell() -> None:
    found, passed, raw = asked(GOOD, copies=True)
    assert passed == {"osc9", "osc777", "osc52", "synchronized", "truecolour", "wide", "emoji"}
    assert found["name"].detail == "good(1.0)"
    assert found["clipboard"].ok
    assert raw.count(b"[y/N]") == 3  # the bell and two notices
    assert b"Paste" not in raw


def test_a_terminal_that_answers_nothing_is_left_alone_in_a_moment() -> None:
    start = time.monotonic()
    found, passed, raw = asked({}, patience=0.3)
    assert time.monotonic() - start < 20
    assert passed == set()
    assert raw == b"\x1b[c"  # it may print what it does not know: it is sent nothing more
    assert found["answers"].next


GARBAGE = (
    b"\x1b",
    b"\xff\xfe\x00\x1b[",
    b"\x1b[?",
    b"y\ry\ry\r",
    b"\x1b]52;c;" + b"A" * 3000,
    b"\x1bP>|\x07" * 200,
)


@pytest.mark.parametrize(
    "garbage", [pytest.param(each, marks=pytest.mark.long if n % 3 else ()) for n, each in enumerate(GARBAGE)]
)
def test_a_terminal_that_answers_garbage_passes_nothing_by_it(garbage: bytes) -> None:
    start = time.monotonic()
    _, passed, _ = asked({b"\x1b[c": garbage}, patience=0.3)
    assert passed == set()
    rubbish = dict.fromkeys((key for key in GOOD if key.startswith(b"\x1b")), garbage)
    found, passed, _ = asked(rubbish | {b"\x1b[c": GOOD[b"\x1b[c"]}, patience=0.3)
    assert passed <= {"osc9", "osc777"} and (b"y" in garbage or not passed)
    assert time.monotonic() - start < 60
    assert all(one.detail.isprintable() for one in found.values())


def test_a_terminal_that_gives_back_something_else_has_not_copied() -> None:
    found, passed, _ = asked(GOOD | {b"\x1b]52;c;?\x07": b"\x1b]52;c;b2xk\x07"})
    assert "osc52" not in passed
    assert found["clipboard"].ok is None


def test_an_answer_with_sequences_in_it_is_shown_clean() -> None:
    found, _, _ = asked(GOOD | {b"\x1b[>0q": "\x1bP>|evil\x9b31m\u202e\x07\r\nname\x1b\\".encode()})
    assert found["name"].detail.isprintable()
    assert found["name"].detail.startswith("evil")


@pytest.mark.parametrize("cells", [1, 3, 8])
def test_a_wide_character_of_another_width_is_said(cells: int) -> None:
    found, passed, _ = asked(GOOD | {b"\x1b[6n": b"\x1b[7;%dR" % (cells + 1)})
    assert not passed & {"wide", "emoji"}
    assert found["emoji"].detail == f"takes {cells} cells instead of 2"


def test_who_says_no_or_nothing_gets_no_notices() -> None:
    for answer in (b"n", b"\r", b"", b"\x1b[I", b"x\r"):
        _, passed, _ = asked(GOOD | {b"[y/N] ": answer})
        assert not passed & {"osc9", "osc777", "osc52"}


def test_a_person_can_paste_what_was_copied() -> None:
    class Pasting(Played):
        def answer(self) -> None:
            copied = COPY.findall(self.raw)
            if copied:
                paste = b"\x1b[200~" + b64decode(copied[0]) + b"\x1b[201~\r"
                self.answers = {**self.answers, b"(Return alone: no): ": paste}
            super().answer()

    far, near = pty.openpty()
    played = Pasting(far, GOOD)
    threading.Thread(target=played.play, daemon=True).start()
    passed: set[str] = set()
    with opened(near, 5.0, 5.0) as line:
        assert line is not None
        found = {one.subject: one for one in examine(line, {"TERM": "tmux-256color"}, passed)}
    played.end()
    assert "osc52" in passed
    assert found["clipboard"].ok


@pytest.mark.parametrize(("name", "says"), [("tmux", "allow-passthrough"), ("screen", "screen")])
def test_inside_a_multiplexer_what_it_answers_itself_is_no_proof_and_what_to_set_is_said(
    name: str, says: str
) -> None:
    found, passed, raw = asked(GOOD | {b"[y/N] ": b"n"}, {"TERM": f"{name}-256color"}, copies=True)
    assert "osc52" not in passed  # its buffer is not the clipboard
    assert says in found["clipboard"].next
    assert says in found["osc9"].next
    assert (b"\x1bPtmux;\x1b\x1b]9;" in raw) is (name == "tmux")


def test_what_is_no_terminal_is_asked_nothing() -> None:
    out, into = os.pipe()
    with opened(out) as line:
        assert line is None
    os.close(out)
    os.close(into)


# ------------------------------------------------------------------ the command


def played_by(front: Front, answers: dict[bytes, bytes], *words: str) -> tuple[int, str]:
    """The command in a process of its own before such a terminal; its exit status, and what it wrote."""
    environment = {"TERM": "xterm-kitty", "TERM_PROGRAM": "kitty"}
    given = ("--workspace", str(front.workspace), "--as", "anna", "doctor", "--terminal", *words)
    with frontdesk(*given, environment=environment) as ran:
        far = Played(ran.line, answers, copies=True)
        while not ran.is_over():
            ran._read(0.02)
            far.raw = ran.raw
            far.answer()
        return ran.ended(), ran.text


def test_the_command_remembers_what_passed_for_this_person_and_terminal(front: Front) -> None:
    open_store(front.workspace).close()
    status, said = played_by(front, GOOD)
    assert status == 0, said
    assert "16 million" in said
    (known,) = Documents(front.workspace).read("preferences")
    assert known["terminals"] == {
        "xterm-kitty / kitty / -": ["emoji", "osc52", "osc777", "osc9", "synchronized", "truecolour", "wide"]
    }
    status, said = played_by(front, GOOD | {b"[y/N] ": b"n"}, "--json")
    assert status == 0, said
    checks = [json.loads(line) for line in re.findall(r"\{.*\}", said)]
    assert {one["check"] for one in checks} == {"terminal"}
    assert {one["subject"] for one in checks} >= {
        "xterm-kitty",
        "clipboard",
        "osc9",
        "osc777",
        "emoji",
        "remembered",
    }
    (known,) = Documents(front.workspace).read("preferences")
    assert "osc9" not in known["terminals"]["xterm-kitty / kitty / -"]


def test_without_a_workspace_nothing_is_made(front: Front) -> None:
    shutil.rmtree(front.workspace)
    status, said = played_by(front, GOOD)
    assert status == 0, said
    assert not front.workspace.exists()
    assert "nothing is remembered" in said


def test_in_a_pipe_there_is_nobody_to_ask(front: Front) -> None:
    ran = front.run("doctor", "--terminal", "--json")
    assert json.loads(ran.out)["detail"] == "no terminal here"

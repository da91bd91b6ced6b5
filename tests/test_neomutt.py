"""What we send threads in another mail program: a real neomutt on a real Maildir shows the tree."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox import mime
from inbox.actions.reply import Made, make
from inbox.model import Address, Message
from inbox.outgoing import Outgoing, build
from inbox.ports import Item
from tests.terminal import Terminal

NEOMUTT = shutil.which("neomutt")
pytestmark = pytest.mark.skipif(NEOMUTT is None, reason="neomutt is not installed (Debian: neomutt)")

RC = """
set sort=threads
set strict_threads=yes
set index_format="[%i %s]"
set ascii_chars=yes
set sleep_time=0
"""
LINE = re.compile(r"\[<([\w.-]+)@[\w.-]+> ([^\]\n]*)\]")


def theirs(number: int, subject: str, *headers: str) -> bytes:
    """What a customer's mail program sends."""
    lines = (
        "From: Jo Park <jo@park.example>",
        "To: support@shop.example",
        f"Subject: {subject}",
        f"Message-ID: <their-{number}@park.example>",
        f"Date: Mon, 16 Mar 2026 {8 + number:02}:00:00 +0000",
        *headers,
    )
    return "\r\n".join([*lines, "", "x", ""]).encode()


def answer(raw: bytes, number: int) -> bytes:
    """Our answer to a message, as it is sent."""
    came: Message = mime.parse(raw)
    item = Item(
        1, "in", 1, "", came.message_id, came.sender, came.to, came.cc, (), came.subject, "x", "x", "", "", (), (), False,
        came.references or came.in_reply_to,
    )  # fmt: skip
    made = make(
        text="It is on its way.",
        to=["jo@park.example"],
        sender="support@shop.example",
        item=item,
        date=1_773_648_000 + 3600 * number + 1800,
        bits=number,
    )
    assert isinstance(made, Made)
    assert isinstance(made.raw, bytes)
    return made.raw


@contextlib.contextmanager
def neomutt(folder: Path) -> Iterator[Terminal]:
    """neomutt's list of a Maildir, in a terminal of its own."""
    rc = folder.parent / "neomuttrc"
    rc.write_text(f'{RC}set folder="{folder}"\n', "utf-8")
    words = ["neomutt", "-n", "-F", str(rc), "-R", "-f", str(folder)]
    environment = {
        "TERM": "vt100",
        "LC_ALL": "C.UTF-8",
        "HOME": str(folder.parent),
        "LINES": "30",
        "COLUMNS": "150",
    }
    pid, line = pty.fork()
    if not pid:
        os.execve(str(NEOMUTT), words, environment)
    terminal = Terminal(pid, line)
    try:
        yield terminal
    finally:
        terminal.close()


def tree(tmp_path: Path, mails: list[bytes]) -> list[tuple[str, str]]:
    """(the first part of the Message-ID, the tree and the subject) of each line, from top to bottom."""
    folder = tmp_path / "Maildir"
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    for number, raw in enumerate(mails):
        (folder / "cur" / f"{number}:2,S").write_bytes(raw.replace(b"\r\n", b"\n"))
    with neomutt(folder) as terminal:
        terminal.until(lambda: len(_lines(terminal)) == len(mails), "the list")
        return [(number, shown.rstrip()) for number, shown in _lines(terminal)]


def _lines(terminal: Terminal) -> list[tuple[str, str]]:
    """The lines of the list as they stand on the screen."""
    return [(found[1], found[2]) for line in _screen(terminal.raw) if (found := LINE.search(line))]


SEQUENCE = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|\x1b[()][0B]|\x1b[=>]|[\x0e\x0f]")
ROWS, COLUMNS = 30, 150


def _screen(raw: bytes) -> list[str]:
    """What a VT100 shows after these bytes, as far as a list needs it: the cursor skips what is blank already."""
    shown = [[" "] * COLUMNS for _ in range(ROWS)]
    row = column = at = 0
    text = raw.decode("utf-8", "replace")
    while at < len(text):
        found = SEQUENCE.match(text, at)
        at = found.end() if found else at + 1
        if found:
            count = int(found[1] or 1) if (found[1] or "").isdecimal() or not found[1] else 1
            match found[2]:
                case "H":
                    row, column = (int(one or 1) - 1 for one in f"{found[1]};;".split(";")[:2])
                case "A" | "B":
                    row += count if found[2] == "B" else -count
                case "C" | "D":
                    column += count if found[2] == "C" else -count
                case "K":
                    shown[row][column:] = [" "] * (COLUMNS - column)
                case "J":
                    shown[row][column:] = [" "] * (COLUMNS - column)
                    shown[row + 1 :] = [[" "] * COLUMNS for _ in shown[row + 1 :]]
        elif (sign := text[at - 1]) == "\r":
            column = 0
        elif sign == "\n":
            row = min(row + 1, ROWS - 1)
        elif sign == "\b":
            column -= 1
        elif sign >= " " and column < COLUMNS:
            shown[row][column] = sign
            column += 1
    return ["".join(line) for line in shown]


def ours(number: int) -> str:
    return f"{number:032x}"


def test_answers_hang_below_what_they_answer_however_long_it_goes_on(tmp_path: Path) -> None:
    first = theirs(1, "Where is it?")
    second = answer(first, 1)
    third = theirs(
        2, "Re: Where is it?", f"In-Reply-To: <{ours(1)}@shop.example>"
    )  # no References, as some programs do
    fourth = answer(third, 2)
    references = (
        f"<their-1@park.example>\r\n <{ours(1)}@shop.example> <their-2@park.example> <{ours(2)}@shop.example>"
    )
    fifth = theirs(
        3, "AW: Where is it?", f"In-Reply-To: <{ours(2)}@shop.example>", f"References: {references}"
    )
    sixth = answer(fifth, 3)
    other = theirs(4, "Where is it?")  # the same words, another matter
    assert tree(tmp_path, [sixth, other, fourth, first, fifth, third, second]) == [
        ("their-1", "Where is it?"),
        (ours(1), "`->"),
        ("their-2", "  `->"),
        (ours(2), "    `->"),
        ("their-3", "      `->"),
        (ours(3), "        `->"),
        ("their-4", "Where is it?"),
    ]


def test_a_message_without_our_references_would_stand_alone(tmp_path: Path) -> None:
    """That the tree comes from our headers: the same answer, hanging on nothing."""
    letter = Outgoing(
        Address("", "support@shop.example"), (Address("", "jo@park.example"),), "Re: Where is it?", "x",
        f"<{ours(1)}@shop.example>", 1_773_655_200,
    )  # fmt: skip
    shown = tree(tmp_path, [theirs(1, "Where is it?"), build(letter)])
    assert [text for _, text in shown] == ["Where is it?", "Re: Where is it?"]

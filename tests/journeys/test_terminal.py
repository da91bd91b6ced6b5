"""Frontdesk on a real terminal: it opens, obeys, survives a lost line, and shows no stranger's escape sequence."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from storage.workspace import open_store
from tests.shop import mail, shop
from tests.strict_terminal import OPENING
from tests.terminal import Terminal, frontdesk

PARCEL = "Where is my parcel"  # stands in the list of the made-up shop
MUGS = "enamel mugs"  # is said in its second conversation
READ = "Enter opens it"  # stands below a conversation as soon as it is there: keys are taken by then
CTRL_Q = "\x11"


def drafts(folder: Path) -> list[str]:
    """The texts that are kept as drafts."""
    store = open_store(folder)
    try:
        return [draft.text for draft in store.drafts()]
    finally:
        store.close()


def keeps(terminal: Terminal, folder: Path, words: str) -> None:
    """Wait until a draft with these words is on the disk."""
    terminal.until(lambda: any(words in text for text in drafts(folder)), f"a draft with {words!r}")


def composing(terminal: Terminal, folder: Path, words: str) -> None:
    """Open the second conversation and begin a reply."""
    terminal.until_shown(READ)
    terminal.press("j")
    terminal.until_shown(MUGS)
    terminal.press("\rr")
    terminal.until_shown("Reply to")
    terminal.press(words)
    keeps(terminal, folder, words)


def test_the_demo_opens_and_keys_move(tmp_path: Path) -> None:
    with frontdesk("demo", "--keep", str(tmp_path / "shop")) as terminal:
        terminal.until_shown(PARCEL)
        seen = len(terminal.raw)
        terminal.press("jj\r")
        terminal.until_more("an answer to the keys")
        terminal.press("?")
        terminal.until_shown("reply", seen)
        terminal.press("\x1b")
        terminal.until_more("the screen below the help")
        seen = len(terminal.raw)
        terminal.press("\x0c")  # ctrl+l: whatever something else has written over it
        terminal.until_shown(PARCEL, seen)
        terminal.press(CTRL_Q)
        assert terminal.ended() == 0
    assert "Nothing left this machine." in terminal.text
    assert "Traceback" not in terminal.text


def test_an_answer_is_typed_and_queued(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    with frontdesk("demo", "--keep", str(folder)) as terminal:
        composing(terminal, folder, "A word from the terminal.")
        terminal.press("\x13")
        terminal.until_shown("then: waiting")
        terminal.until_shown("Nobody is at")  # mail came back from there
        terminal.press("a")
        terminal.until_shown("because")
        terminal.press("they have mended it\r")
        terminal.until_shown("goes anyway")
        terminal.press("\r")
        terminal.until_shown("takes it back")
        terminal.press(CTRL_Q)
        terminal.ended()
    store = open_store(folder)
    (line,) = [line for line in store.outbox() if line.state == "queued"]
    assert store.items(line.conversation)[-1].reply == "A word from the terminal."
    assert store.drafts(line.conversation) == []
    store.close()


@pytest.mark.parametrize("how", ["hang_up", "kill"])
def test_61_a_draft_outlives_a_lost_line_and_a_kill(tmp_path: Path, how: str) -> None:
    folder = tmp_path / "shop"
    words = "Half a thought about"
    with frontdesk("demo", "--keep", str(folder)) as terminal:
        composing(terminal, folder, words)
        getattr(terminal, how)()
        status = terminal.ended()
    assert "Traceback" not in terminal.text
    assert status == -9 if how == "kill" else status in (0, 129, -1)
    assert any(words in text for text in drafts(folder))
    with frontdesk("--workspace", str(folder)) as again:
        if how == "hang_up":  # nothing has to be pressed to be where one was
            again.until_shown("line dropped")
            again.until_shown("draft kept")
        else:
            again.until_shown(READ)
            again.press("j\rr")
        again.until_shown(words)


@pytest.mark.parametrize(
    ("columns", "lines", "environment"),
    [(20, 5, {}), (80, 24, {"TERM": "dumb"}), (80, 24, {"NO_COLOR": "1"}), (1, 1, {}), (300, 100, {})],
)
def test_61_no_terminal_is_too_poor(
    tmp_path: Path, columns: int, lines: int, environment: dict[str, str]
) -> None:
    folder = str(tmp_path / "shop")
    with frontdesk(
        "demo", "--keep", folder, columns=columns, lines=lines, environment=environment
    ) as terminal:
        terminal.until(lambda: len(terminal.raw) > len(OPENING) or terminal.is_over(), "a screen")
        terminal.press("jkr")
        terminal.resize(20, 5)
        terminal.press("abc")
        terminal.resize(90, 30)
        terminal.press(CTRL_Q)
        assert terminal.ended() == 0
    assert "Traceback" not in terminal.text
    assert "Something went wrong" not in terminal.text


PAYLOADS = (
    "\x1b]0;PAYLOAD\x07", "\x1b]52;c;UEFZTE9BRA==\x07", "\x1b]8;;http://payload.example/\x1b\\link",
    "\x1b[5;41;93mred", "\x1b[2J", "\x1b[?1049l", "\x1b[6n", "\x1b[c", "\x1b]777;notify;PAYLOAD;x\x07", "\x1b]9;PAYLOAD\x07",
    "\x1bP+q5041\x1b\\", "\x1b_APC\x1b\\", "\x1bc", "\x9b31m", "\x9d0;PAYLOAD\x9c", "\x90q\x9c",
    "\u202eterces", "\u2066x\u2069", "\u200b\u200b\u200b", "\x08\x08\x08", "\x07\x07",
)  # fmt: skip
OURS_TOO = ("\x1b[2J", "\x1b[?1049l", "\x1b[6n", "\x1b[c")
"""Sequences that Textual itself may write; as payloads they are told by the word behind them."""


def hostile(number: int, payload: str) -> bytes:
    """A mail with the payload in its subject, the sender's name, its text and the name of a file."""

    def encoded(text: str) -> str:
        return "=?utf-8?B?" + base64.b64encode(text.encode()).decode() + "?="

    words = f"{number:02}before{payload}after{number:02}"
    raw = mail("NAME <who@evil.example>", "SUBJECT", "BODY", f"2026-11-10 0{number % 10}:{number + 10}")
    return (
        raw.replace(b"SUBJECT", encoded(words).encode())
        .replace(b"NAME", encoded(words).encode())
        .replace(b"BODY", words.encode())
        .replace(b"who@", f"who{number}@".encode())
    )


def test_60_no_payload_of_a_stranger_reaches_the_terminal(tmp_path: Path) -> None:
    shop(tmp_path / "shop", [hostile(number, payload) for number, payload in enumerate(PAYLOADS)]).close()
    words = "--workspace", str(tmp_path / "shop"), "--now", "2026-11-10T11:05:00Z"
    with frontdesk(*words, columns=200, lines=60) as terminal:
        terminal.until_shown("20before")
        for number in range(len(PAYLOADS)):
            terminal.press("j")
            terminal.until_more(f"conversation {number}")
        terminal.press("ri")
        terminal.press(CTRL_Q)
        terminal.ended()
    for number, payload in enumerate(PAYLOADS):
        assert f"{number:02}before".encode() in terminal.raw
        assert f"before{payload}".encode() not in terminal.raw
        if payload not in OURS_TOO:
            assert payload.encode() not in terminal.raw, repr(payload)

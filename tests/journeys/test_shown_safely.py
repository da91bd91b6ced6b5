"""Hostile text on a real terminal: through every place and every key of the screen, none of it is obeyed.

Which keys there are is read from the key tables, so that a new verb is pressed and a new place has to be shown the
way to.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from inbox.verbs import CONTEXTS
from tests.strangers import EVERYTHING, bunches, hostile_shop
from tests.strict_terminal import places_of, strange_on_screen
from tests.terminal import Terminal, frontdesk
from tui.keys import load

ESCAPE = "\x1b[27u"  # as terminals send it that can tell it from the beginning of a sequence
LEAVE = "\x11"
WAYS = {
    "global": "",
    "views": "v",
    "list": "",
    "conversation": "\r",
    "compose": "r",
    "send": "rIt is on its way.\x13",
    "prompt": "t",
    "customer": "i",
    "mailboxes": "gw",
    "names": "gN",
    "outbox": "go",
    "attachments": "\ro",
    "report": "gR",
    "issues": "gL",
    "telling": "gLtTold.\x13",
    "activity": "gd",
    "search": "\r/body\r",
}
"""The keys that lead from the list to where each key table is in force."""

KEYS = {
    "enter": "\r", "escape": ESCAPE, "tab": "\t", "space": " ", "comma": ",", "backspace": "\x7f", "home": "\x1b[H",
    "end": "\x1b[F", "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C",
    "left": "\x1b[D", "shift+tab": "\x1b[Z", "f1": "\x1bOP", "f3": "\x1bOR", "alt+q": "\x1bq", "ctrl+space": "\x00",
}  # fmt: skip

TOUR = (
    "", "\r", "z", "]", "\x1b[6~", "gh", "\x1b[6~", ESCAPE, "/body\r", "n", ESCAPE, "gyt", "n", "|tcat\r", ESCAPE,
    "V", "\x1b[6~", ESCAPE, "w", ESCAPE, "i", "\r", ESCAPE, "R", "\x10", "\x10", "\x14", ESCAPE,
    "\x12", ESCAPE, "\x0b", "\x1b[B", ESCAPE, "\x18\x19", ESCAPE, "\x18\x19", "\r",
    "\x06body", "\r", "\x1bq", "\x0f", ESCAPE, "\x18\x01", "\x13", ESCAPE, "\x18\x04", "f", "\x10",
    "\x13", ESCAPE, "\x18\x04",
    "n", "\x1b[200~[/]\x1b[31m\x07pasted\x9b1m\x1b[201~", ESCAPE,
    "p", "\x1b[200~+49[/]\x1b[31m\x1b[201~", ESCAPE,
    "p", "\r", "\x1b[200~[/]\x1b[31m\x07called\x9b1m\x1b[201~", "\x13", "c", ESCAPE,
    "\x13", "\r", "M", ESCAPE, "a", ESCAPE, "s", ESCAPE, "S", ESCAPE,
    "?", ESCAPE, ":", ESCAPE, ":shop", ESCAPE, ":subject", ESCAPE, "gk", ESCAPE, ";", ESCAPE,
    "c", "\x12", ESCAPE, ESCAPE, "gw", "\x1b[6~", ESCAPE, "gN", "j", ESCAPE, "go", "\x1b[6~", ESCAPE, "v", ESCAPE,
    "gR", "\t\t", "jjl", "\r", ESCAPE, "\t\t", ESCAPE, "gL", "\r", ESCAPE, ESCAPE,
    "gd", "\x1b[D", "\t\r", ESCAPE, ESCAPE,
    "ma", "'", ESCAPE, "\x07", "subject", "\x1b[B", "\r", "'a", "''", ESCAPE, ".", " *", "e", ESCAPE, ESCAPE,
)  # fmt: skip
"""What is pressed at one conversation, one after the other; each is looked at."""

SHOWN = (
    *("subject", "name", "body", "quote", "signature", "file", "note", "draft", "reply", "server", "for"),
    *(
        "trouble",
        "next",
        "question",
        "saved",
        "words",
        "title",
        "article",
        "wisdom",
        "person",
        "chat",
        "said",
    ),
)
"""What of the shop must have been on the screen, or nothing was proved."""


def typed(keys: str) -> str:
    """What a terminal sends for keys as people write them."""
    return "".join(
        KEYS.get(key) or (chr(ord(key[-1]) & 0x1F) if key.startswith("ctrl+") else key)
        for key in keys.split()
    )


TO_EDITOR = "\x18\x05"
BACK = b"\x1b[?1049h"
"""What is written when the screen is ours again."""


class Visit:
    """Hands on the screen, which wait until it has come to rest."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def press(self, keys: str) -> None:
        """Press keys and let the screen answer them."""
        before = known = len(self.terminal.raw)
        self.terminal.press(keys)
        until = time.monotonic() + (3 if keys.endswith(TO_EDITOR) else 0.1)  # some keys have nothing to say
        while time.monotonic() < until:
            self.terminal._read(0.02)
            if keys.endswith(TO_EDITOR):  # while the terminal is the editor's, it echoes what is typed
                if BACK in self.terminal.raw[before:]:
                    until = min(until, time.monotonic() + 0.1)
            elif len(self.terminal.raw) > known:
                known, until = len(self.terminal.raw), time.monotonic() + 0.025

    def at(self, row: int, keys: str = "") -> None:
        """Press keys in the list of all, with the hands on one row."""
        self.press(ESCAPE * 4 + "0gg" + "j" * row + keys)


@contextmanager
def at_the_screen(folder: Path, columns: int, lines: int, more: dict[str, str]) -> Iterator[Visit]:
    """The screen on a workspace; in the end it is left by its key, and what it wrote is judged."""
    words = "--workspace", str(folder), "--now", "2026-11-10T10:05:00Z", "--as", "anna"
    with frontdesk(
        *words, columns=columns, lines=lines, environment=more, program="tests/hasty.py"
    ) as terminal:
        terminal.until_shown("subject")
        yield Visit(terminal)
        assert not terminal.is_over(), f"it ended by itself:\n{terminal.text[-2000:]}"
        terminal.press(ESCAPE * 4 + LEAVE)
        assert terminal.ended() == 0
    strange = strange_on_screen(terminal.raw, columns, lines)
    assert not strange, "\n".join(strange[:20])
    assert "Traceback" not in terminal.text
    assert "Something went wrong" not in terminal.text


@contextmanager
def hostile_workspace(folder: Path, texts: Sequence[str]) -> Iterator[Path]:
    """A shop full of them; somebody is its worker, so that what servers have said stays as it is."""
    store = hostile_shop(folder / "shop", texts)
    lease = store.lease()
    assert lease.take()
    try:
        yield folder / "shop"
    finally:
        lease.release()
        store.close()


@pytest.fixture
def editor(tmp_path: Path) -> dict[str, str]:
    """An editor that writes them all into the letter."""
    script = tmp_path / "editor"
    (tmp_path / "letter").write_text("\n".join(EVERYTHING), "utf-8", "replace")
    script.write_text(f'#!/bin/sh\ncat "{tmp_path / "letter"}" > "$1"\n')
    script.chmod(0o755)
    return {"EDITOR": str(script)}


def test_each_key_table_has_a_way_to_it() -> None:
    assert set(WAYS) == set(CONTEXTS)


def go_round(visit: Visit, rows: int) -> None:
    """Every screen at every conversation."""
    for row in range(rows):
        visit.at(row)
        for keys in TOUR:
            visit.press(keys)


def press_all(visit: Visit, keys: Sequence[tuple[str, str]], rows: Sequence[int]) -> None:
    """Press keys where they are in force; Enter answers what they ask."""
    for number, (context, sequence) in enumerate(keys):
        visit.at(rows[number % len(rows)], WAYS[context] + typed(sequence))
        visit.press("\r")


def every_key() -> list[tuple[str, str]]:
    """Every key, and where it is in force; but for the one that leaves."""
    return [(one.context, one.keys) for one in load().bindings if one.verb != "quit"]


def one_key_a_verb() -> list[tuple[str, str]]:
    """The first key of each verb; of the views one stands for all."""
    verbs = {one.verb: (one.context, one.keys) for one in reversed(load().bindings) if one.verb != "quit"}
    return [key for verb, key in verbs.items() if not verb.startswith("view-") or verb == "view-1"]


MANY = bunches(16)


@pytest.mark.long
def test_60_no_screen_obeys_what_a_stranger_wrote(tmp_path: Path, editor: dict[str, str]) -> None:
    with hostile_workspace(tmp_path, MANY) as folder, at_the_screen(folder, 140, 36, editor) as visit:
        go_round(visit, len(MANY))
        raw = visit.terminal.raw
    missing = [what for what in SHOWN if what.encode() not in raw]
    assert not missing, "these were on no screen"


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in (1, 2, 3))])
def test_60_no_verb_lets_it_through(tmp_path: Path, editor: dict[str, str], part: int) -> None:
    with hostile_workspace(tmp_path, MANY) as folder, at_the_screen(folder, 80, 24, editor) as visit:
        press_all(visit, one_key_a_verb()[part::4], range(len(MANY)))


@pytest.mark.long
def test_60_a_click_on_markup_does_nothing(tmp_path: Path) -> None:
    texts = [text for text in EVERYTHING if "click" in text]
    with hostile_workspace(tmp_path, texts) as folder, at_the_screen(folder, 120, 30, {}) as visit:
        for row in range(len(texts)):
            visit.at(row)
            visit.press("\r")
            for words in ("@click=app.quit", "click[/]", "evil.example", "javascript"):
                for column, line in places_of(words, visit.terminal.raw):
                    visit.press(f"\x1b[<0;{column + 1};{line}M\x1b[<0;{column + 1};{line}m")
            visit.press("V")


ALL = bool(os.environ.get("FRONTDESK_STRANGERS"))
"""Set it to send every string alone past every screen and key, which takes half an hour; else some of them go."""


@pytest.mark.long
@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
def test_60_each_string_alone_on_every_screen(
    tmp_path: Path, editor: dict[str, str], size: tuple[int, int]
) -> None:
    texts = EVERYTHING if ALL else EVERYTHING[size[1] % 2 :: 12]
    with hostile_workspace(tmp_path, texts) as folder, at_the_screen(folder, *size, editor) as visit:
        go_round(visit, len(texts))


@pytest.mark.long
@pytest.mark.parametrize("row", range(len(bunches())) if ALL else (0, 5))
def test_60_each_string_before_every_key(tmp_path: Path, editor: dict[str, str], row: int) -> None:
    with (
        hostile_workspace(tmp_path, bunches()) as folder,
        at_the_screen(folder, 80, 24, editor) as visit,
    ):
        press_all(visit, every_key(), [row])

"""The pieces of the screen by themselves: lines, rows, wrapping, prompts, threads, colours."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style
from textual.message import Message
from textual.strip import Strip

from inbox.model import Conversation, Status
from inbox.ports import Row
from inbox.text import cells, sanitise
from inbox.verbs import VERBS
from storage.workspace import Workspace
from tests.screenplay import playing
from tests.shop import NOW, STORY, ZONE, shop
from tui.background import Came, Line
from tui.looks import inks_of, theme_for
from tui.prompts import LineEditor, Option, Prompt, Seeking
from tui.screens.inbox import InboxScreen
from tui.screens.part import Later
from tui.times import lateness, since
from tui.widgets.pane import changed_width, strip_of, wiped
from tui.widgets.rows import Look, row_strip
from tui.widgets.wrapping import wrapped

INKS = inks_of("frontdesk-dark")
TEXT, FAINT = INKS.text, INKS.faint


# --------------------------------------------------------------------------- lines and their repainting


def test_only_what_differs_is_painted_again() -> None:
    before = strip_of([("name     ", TEXT), ("  subject ", FAINT)])
    assert changed_width(before, strip_of([("NAME     ", TEXT), ("  subject ", FAINT)])) == 4
    assert changed_width(before, strip_of([("name     ", TEXT), ("  subjecT ", FAINT)])) == 18
    assert changed_width(before, strip_of([("longer than before, by far", TEXT)])) == 26
    assert changed_width(strip_of([("山山山    ", TEXT)]), strip_of([("山川山    ", TEXT)])) == 4


@given(st.data())
def test_what_is_not_painted_again_is_the_same(data: st.DataObject) -> None:
    letters = st.text(st.sampled_from(["a", " ", "山", "👩", "\u200d", "👧", "\u0301"]), max_size=8).map(
        sanitise
    )
    end = data.draw(letters)
    before, after = (strip_of([(data.draw(letters) + end, TEXT)]) for _ in range(2))
    width = changed_width(before, after)

    def rest(strip: Strip) -> str:
        start = next(
            (n for n in range(len(strip.text) + 1) if cells(strip.text[:n]) >= width), len(strip.text)
        )
        return strip.text[start:].lstrip("\u200d\u0301")

    if before.cell_length == after.cell_length and width < before.cell_length:
        assert rest(before) == rest(after)


def test_the_end_of_a_longer_line_is_wiped_in_the_ink_of_the_new_one() -> None:
    assert wiped(strip_of([("short", TEXT)]), 9).text == "short    "
    assert len(list(wiped(strip_of([("short", TEXT)]), 9))) == 1
    assert wiped(Strip([], 0), 9).cell_length == 0  # Textual fills an empty line


@given(st.lists(st.tuples(st.text(max_size=20), st.sampled_from([TEXT, FAINT])), max_size=5))
def test_nothing_a_terminal_obeys_gets_into_a_line(runs: list[tuple[str, Style]]) -> None:
    strip = strip_of(runs)
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in strip.text)


@given(
    st.text(max_size=40),
    st.text(max_size=80),
    st.sampled_from(list(Status)),
    st.integers(40, 200),
    st.booleans(),
)
def test_a_row_is_as_wide_as_the_list_whatever_stands_in_it(
    name: str, subject: str, status: Status, width: int, under: bool
) -> None:
    here = Conversation(id=1, status=status, tags=("vip", "東京"), last_at=NOW, unread=under)
    row = Row(here, subject, "", name, (), (), 12, NOW - 60, NOW - 90, "default")
    strip = row_strip(row, Look(width, INKS, NOW, ZONE, "anna"), under=under)
    assert strip.cell_length == width == cells(strip.text)


@given(st.text(max_size=300), st.integers(1, 60))
def test_wrapping_keeps_every_word_and_no_line_is_too_wide(text: str, width: int) -> None:
    text = sanitise(text).replace("\t", " ")
    lines = list(wrapped(text, width))
    assert all(cells(line) <= max(width, 2) for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_very_narrow_row_says_only_who_what_and_since_when() -> None:
    row = Row(
        Conversation(id=1, last_at=NOW, tags=("vip",)), "Lamp", "", "Ann", (), (), 3, None, None, "default"
    )
    assert row_strip(row, Look(45, INKS, NOW, ZONE)).text.split() == ["Ann", "Lamp", "now"]


def test_wrapping_breaks_between_words_and_keeps_indents() -> None:
    assert list(wrapped("one two three", 8)) == ["one two", "three"]
    assert list(wrapped("    indented\n\nb", 20)) == ["    indented", "", "b"]
    assert list(wrapped("abcdefghij", 4)) == ["abcd", "efgh", "ij"]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (40 * 60, "0:40"),
        (-25 * 60, "!-0:25"),
        (26 * 3600, "26:00"),
        (5 * 86_400, "5d"),
        (-500 * 86_400, "!-500d"),
    ],
)
def test_lateness_has_a_sign_and_never_more_than_seven_cells(seconds: int, shown: str) -> None:
    assert lateness(NOW + seconds, NOW) == shown
    assert len(shown) <= 7


def test_since_when_is_short() -> None:
    hour = 3600
    moments = [since(NOW - past, NOW, ZONE) for past in (2 * hour, 24 * hour, 9 * 24 * hour, 400 * 24 * hour)]
    assert moments == ["09:05", "Mon", "1 Nov", "2025"]


# --------------------------------------------------------------------------- prompts


def typed(editor: LineEditor, *keys: str) -> str:
    for key in keys:
        editor.press(key, key if len(key) == 1 else None)
    return editor.text


def test_a_line_is_edited_as_in_a_shell() -> None:
    editor = LineEditor("one two three")
    assert typed(editor, "ctrl+w") == "one two "
    assert typed(editor, "home", "x", "end", "y") == "xone two y"
    assert typed(editor, "left", "backspace") == "xone twoy"
    assert typed(editor, "ctrl+a", "ctrl+k", "z") == "z"
    assert not editor.press("f5", None)


def test_a_pasted_text_stays_one_line() -> None:
    editor = LineEditor()
    editor.insert("two\nlines\x1b[31m")
    assert "\n" not in editor.text


def test_an_answer_that_is_blocked_says_why() -> None:
    prompt = Prompt(
        "?", lambda _: None, lambda _: [Option("no", 1, key="n", blocked="Not now.")], asks_line=False
    )
    assert prompt.press("n", "n") is None
    assert prompt.refusal == "Not now."


def test_text_that_fits_nothing_is_no_answer_unless_any_will_do() -> None:
    offer = [Option("ann", "ann")]
    closed = Prompt("?", lambda _: None, lambda text: [o for o in offer if o.label.startswith(text)])
    for key in ("x", "enter"):
        assert closed.press(key, key) is None
    assert closed.refusal == "Nothing fits that."
    free = Prompt("?", lambda _: None, lambda text: [o for o in offer if o.label.startswith(text)], free=True)
    free.press("x", "x")
    assert free.press("enter", None) == "x"


def test_hands_stay_on_what_they_were_moved_to_or_hear_that_it_is_gone() -> None:
    found = [Option("lamp", 1, "open"), Option("lamps", 2, "closed")]
    seeking = Seeking("?", lambda _: None, lambda _: tuple(found))
    seeking.press("down", None)
    found.insert(0, Option("lamp oil", 3))
    assert seeking.refresh()
    assert seeking.under_hands == Option("lamps", 2, "closed")
    del found[-1]
    assert not seeking.refresh()


# --------------------------------------------------------------------------- threads


def line_and_post() -> tuple[Line, list[Came], Callable[[], None]]:
    came: list[Came] = []
    posted = threading.Semaphore(0)

    def post(message: Message) -> None:
        assert isinstance(message, Came)
        came.append(message)
        posted.release()

    return (
        Line("test", post),
        came,
        lambda: None if posted.acquire(timeout=5) else pytest.fail("nothing came"),
    )


def test_newer_work_takes_the_place_of_older_that_has_not_begun() -> None:
    line, came, wait = line_and_post()
    begun, go = threading.Event(), threading.Event()

    def held_up() -> None:
        begun.set()
        go.wait(5)

    line.put(held_up, lambda _: None)
    begun.wait(5)
    done: list[int] = []
    for number in range(5):
        line.put(lambda number=number: done.append(number), lambda _: None, slot="same")  # type: ignore[misc]
    go.set()
    wait()
    wait()
    assert done == [4]
    assert len(came) == 2
    line.end()


def test_a_failure_is_told_and_the_thread_lives_on() -> None:
    line, came, wait = line_and_post()
    told: list[str] = []
    line.put(lambda: 1 / 0, None, failed=lambda: told.append("failed"))
    line.put(lambda: "alive", lambda _: None)
    wait()
    wait()
    assert isinstance(came[0].error, ZeroDivisionError)
    assert came[0].failed is not None
    came[0].failed()
    assert told == ["failed"]
    assert came[1].result == "alive"
    line.end()


# --------------------------------------------------------------------------- the first paint


FIRST_SCREEN = """
import sys
from dataclasses import replace
import main
from tui import app, seat
resting = seat.Pace(quiet=60, settle=60)  # what is read a moment later is not part of it
vars(main)["open_screen"] = lambda desk: app.open_screen(desk, desk.program)  # without a terminal
vars(app)["seat_at"] = lambda *words: replace(seat.seat_at(*words), pace=resting)
def painted(screen):
    print(*sys.modules)
    screen.exit()
run = app.FrontdeskApp.run
app.FrontdeskApp._painted = painted
app.FrontdeskApp.run = lambda screen, **_: run(screen, headless=True, size=(160, 48))
sys.exit(main.main(["--workspace", sys.argv[1], "--as", "anna"]))
"""
"""Frontdesk, which says what is loaded once the first screen is painted, and ends."""

EARLY = frozenset(
    {"inbox", "app", "shelf", "reading", "moving", "keyboard", "status", "mailboxes", "first_steps", "part"}
    | {"alerts", "emptiness", "warming"}
)
"""The parts of the screen without which there is no first one."""


def test_only_what_the_first_screen_shows_is_loaded_before_it_is_painted(tmp_path: Path) -> None:
    shop(tmp_path, STORY).close()
    heavy = {
        *("inbox.actions", "inbox.answering", "inbox.fold", "inbox.hours", "inbox.mime", "inbox.model"),
        *("inbox.ports", "inbox.settings_schema", "tui.prompts", "tui.widgets.letters"),
        *("tui.widgets.story", "tui.widgets.heading", "tui.widgets.customer_sheet", "tui.widgets.composer"),
        *("textual.widgets._text_area", "pydantic", "selectolax", "chardet", "holidays", "aiosmtplib"),
        *("imapclient", "markdown_it", "tinydb", "hashlib"),
    }
    root = Path(__file__).parent.parent
    command = [sys.executable, "-c", FIRST_SCREEN, str(tmp_path)]
    for _ in ("where settings are taken in", "as always"):
        ran = subprocess.run(command, check=True, cwd=root, capture_output=True, text=True)
    loaded = set(ran.stdout.split())
    assert loaded & heavy == set()
    parts = {name.removeprefix("tui.screens.") for name in loaded if name.startswith("tui.screens.")}
    assert parts <= EARLY


async def test_every_part_is_there_when_asked_for_and_every_verb_is_done_by_one(store: Workspace) -> None:
    later = {name: part for name, part in vars(InboxScreen).items() if isinstance(part, Later)}
    async with playing(store) as stage:
        screen, done = stage.app.inbox, set[str]()
        for name, part in later.items():
            assert type(getattr(screen, name)).__module__ == part.module
            assert getattr(screen, name) is part.of(screen)
            done |= set(part.of(screen).verbs())
        assert "reply" in done and done <= set(VERBS)
        assert all(callable(screen.deed(verb)) for verb in VERBS)  # the palette offers each


# --------------------------------------------------------------------------- colours


@pytest.mark.parametrize(
    ("environment", "theme"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "frontdesk-dark"),
        ({"TERM": "xterm-256color", "COLORFGBG": "0;15"}, "frontdesk-light"),
        ({"TERM": "linux"}, "frontdesk-ansi"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "frontdesk-mono"),
        ({}, "frontdesk-ansi"),
    ],
)
def test_the_theme_fits_the_terminal(environment: dict[str, str], theme: str) -> None:
    assert theme_for("auto", environment) == theme


async def test_without_colour_the_row_under_the_hands_is_reversed_and_lateness_still_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    store = shop(tmp_path, STORY)
    async with playing(store, (80, 24), theme="auto") as stage:
        strips = stage.app.screen._compositor.render_strips()
        styles = [segment.style for strip in strips for segment in strip if segment.style is not None]
        assert {style.color.name for style in styles if style.color is not None} <= {"default"}
        assert {style.bgcolor.name for style in styles if style.bgcolor is not None} <= {"default"}
        assert all(segment.style is not None and segment.style.reverse for segment in strips[1])
        assert "!-1:55" in stage.lines[1]
    store.close()

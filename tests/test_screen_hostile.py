"""What strangers write is only ever text: on every part of the screen, whatever it would do to a terminal."""

from __future__ import annotations

import pytest

from storage.workspace import Workspace
from tests.screenplay import Stage, playing
from tests.shop import deliver, did, mail, shop

BODIES = (
    "\x1b]0;owned\x07title",
    "\x1b]52;c;ZXZpbA==\x07clipboard",
    "\x1b[2J\x1b[Hwipe",
    "\x1b[31mred\x1b[0m",
    "\x9b31mC1 csi",
    "\x90dcs\x9c",
    "\x1bP+q544e\x1b\\",
    "\x1b_apc\x1b\\",
    "bell\x07bell",
    "back\x08\x08\x08space",
    "line\rreturn",
    "nul\x00nul",
    "[bold red]markup[/] [@click=app.exit]click[/]",
    "[[]] [/] [link=file:///etc/passwd]x[/link]",
    "\u202eright to left\u202c",
    "\u2066isolate\u2069",
    "zero\u200bwidth\ufeffbom",
    "Z\u0351\u0343\u0342\u0310\u0352\u0360\u0324a\u0351\u0343\u0342\u0310\u0352l\u0351\u0343\u0342go",
    "tag \U000e0041\U000e0042",
    "\ud83d lone",
    "🏳️‍🌈👩‍👩‍👧‍👦🇦🇹",
    "مرحبا بالعالم",
    "שלום עולם",
    "한국어 日本語 中文",
    "ﷺ﷽",
    "a" * 5000,
    "tab\tcd\ttab",
)
FORBIDDEN = ("\x1b", "\x07", "\x08", "\x00", "\r", "\x9b", "\x90", "\u202e", "\u2066", "\u200b", "\ufeff")


def hostile(number: int, text: str) -> bytes:
    """A mail with this text wherever a stranger can put one."""
    raw = mail("SENDER <who@evil.example>", "SUBJECT", "BODY", f"2026-11-10 0{number % 10}:{number:02}")
    written = text.encode("utf-8", "surrogatepass")
    raw = raw.replace(b"who@", f"who{number}@".encode())
    one_line = written.replace(b"\r", b" ").replace(b"\n", b" ")
    return (
        raw.replace(b"SENDER", b'"' + one_line.replace(b'"', b"")[:200] + b'"')
        .replace(b"SUBJECT", one_line)
        .replace(b"BODY", b"before " + written + b" after")
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    store = shop(tmp_path_factory.mktemp("hostile"))
    for number, text in enumerate(BODIES):
        conversation = deliver(store, hostile(number, text))
        did(store, "bo", "note", conversation=conversation, text=text or "x")
    return store


async def _clean(stage: Stage) -> None:
    shown = stage.text
    for sign in FORBIDDEN:
        assert sign not in shown, (repr(sign), shown)


@pytest.mark.parametrize(
    ("size", "step"),
    [
        ((80, 24), 2),
        ((160, 48), 4),
        pytest.param((80, 24), 1, marks=pytest.mark.long),
        pytest.param((160, 48), 1, marks=pytest.mark.long),
    ],
)
async def test_no_list_conversation_panel_or_prompt_shows_what_a_terminal_would_obey(
    store: Workspace, size: tuple[int, int], step: int
) -> None:
    """Each conversation, or each so many; the list beside it shows all."""
    async with playing(store, size) as stage:
        for _ in BODIES[::step]:
            await stage.press("enter", "z")
            await _clean(stage)
            await stage.press("V")
            await _clean(stage)
            await stage.press("q", "M")
            await _clean(stage)
            await stage.press("escape", "q", *["j"] * step)


async def test_markup_is_shown_as_it_was_written(store: Workspace) -> None:
    async with playing(store, (160, 48)) as stage:
        stage.app.inbox.moving.open_conversation(13)
        await stage.rest()
        assert "[bold red]markup[/] [@click=app.exit]click[/]" in stage.pane("conversation")


async def test_hostile_words_of_ones_own_are_only_words(store: Workspace) -> None:
    async with playing(store, (120, 36)) as stage:
        await stage.press("/")
        stage.app.inbox.keyboard.paste("[red]x[/] \x1b[31m \x07 \u202e")
        await stage.rest()
        await _clean(stage)
        await stage.press("enter")
        await _clean(stage)
        await stage.press("escape", "escape", "S")
        stage.app.inbox.keyboard.paste("\x1b]0;x\x07[/]")
        await stage.rest()
        await _clean(stage)
        await stage.press("enter")
        await _clean(stage)


@pytest.mark.parametrize("size", [(20, 5), (1, 1), (10, 3), (300, 100)])
async def test_no_size_of_a_terminal_breaks_the_screen(store: Workspace, size: tuple[int, int]) -> None:
    async with playing(store, size) as stage:
        await stage.press("j", "enter", "r", "escape", "q", "?", "escape", ":", "escape", "i", "v", "escape")
        assert stage.app.is_running

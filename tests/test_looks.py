"""Colours: each can be read on its ground, each person keeps their own, and nothing needs them."""

from __future__ import annotations

import os
from itertools import product

import pytest
from rich.color import Color, ColorSystem

from storage.workspace import Workspace
from tests.screenplay import Stage, playing
from tui.looks import DARK, LIGHT, THEMES, inks_of, laid_on, theme_for, unknown_theme

GROUNDS = ("ground", "cursor", "bar")
"""What may lie under an ink."""
READ = ("text", "muted", "accent", "late", "soon", "note")
"""Inks of what is to be read; `faint` is what stands back."""


def of_256(colour: str) -> str:
    """What becomes of a colour at a terminal of 256."""
    return Color.parse(colour).downgrade(ColorSystem.EIGHT_BIT).get_truecolor().hex


PALETTES = {"dark": DARK, "light": LIGHT}
PALETTES |= {
    f"{theme} of 256": {name: of_256(colour) for name, colour in palette.items()}
    for theme, palette in PALETTES.items()
}


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    shares = (channel / 255 for channel in Color.parse(colour).get_truecolor())
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2: from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_measured_as_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_what_is_read_has_four_and_a_half_to_one_on_every_ground() -> None:
    """What is faint has it, too, but on the row under the hands: there it has three to one."""
    asked = {("faint", "cursor"): 3.0}
    poor = {
        (theme, ink, ground): round(found, 2)
        for (theme, palette), ink, ground in product(PALETTES.items(), (*READ, "faint"), GROUNDS)
        if (found := contrast(palette[ink], palette[ground])) < asked.get((ink, ground), 4.5)
    }
    assert poor == {}


def test_grounds_are_told_apart_also_where_colours_are_few() -> None:
    for palette in PALETTES.values():
        assert len({palette[name] for name in (*GROUNDS, "divider")}) == 4
        assert (
            len({palette[name] for name in ("text", "muted", "faint", "accent", "late", "soon", "note")}) == 7
        )


def test_every_ink_of_a_palette_is_measured() -> None:
    for palette in PALETTES.values():
        assert set(palette) == {*READ, *GROUNDS, "faint", "divider"}


def test_the_sixteen_are_the_terminals_own_and_mono_has_none() -> None:
    for name in ("frontdesk-ansi", "frontdesk-mono"):
        inks = inks_of(name)
        for inked in (inks, laid_on(inks, inks.cursor), laid_on(inks, inks.bar)):
            for field in inks._fields:
                style = getattr(inked, field)
                colours = {colour for colour in (style.color, style.bgcolor) if colour is not None}
                assert all(colour.is_default or colour.number < 16 for colour in colours), (name, field)
                assert name == "frontdesk-ansi" or all(colour.is_default for colour in colours), field


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
def test_late_unread_and_the_row_under_the_hands_are_told_without_colour(theme: str) -> None:
    inks = inks_of(theme)
    assert inks.strong.bold and not inks.text.bold
    if theme in ("frontdesk-ansi", "frontdesk-mono"):
        assert inks.late.bold and inks.cursor.reverse and inks.head.underline
        under = laid_on(inks, inks.cursor)
        assert all(
            ink.color.is_default for ink in (under.late, under.accent, under.soon) if ink.color is not None
        )


MANY = {"TERM": "xterm-256color"}


@pytest.mark.parametrize(
    ("wish", "environment", "kept", "worn"),
    [
        ("auto", MANY, "auto", "dark"),
        ("auto", MANY, "light", "light"),
        ("auto", MANY | {"COLORFGBG": "0;15"}, "auto", "light"),
        ("auto", MANY | {"COLORFGBG": "0;15"}, "dark", "dark"),
        ("auto", {"TERM": "linux"}, "light", "ansi"),  # chosen at a terminal of more colours
        ("auto", {"TERM": "linux"}, "mono", "mono"),
        ("auto", {"TERM": "linux", "COLORTERM": "truecolor"}, "light", "light"),
        ("dark", {"TERM": "linux"}, "light", "dark"),  # FRONTDESK_THEME: who says so knows
        ("mono", MANY, "light", "mono"),
        ("dark", MANY | {"NO_COLOR": "1"}, "light", "mono"),
        ("auto", MANY | {"NO_COLOR": ""}, "light", "light"),  # empty it means nothing
        ("no such", MANY, "none such", "dark"),
    ],
)
def test_no_color_comes_before_the_environment_and_that_before_what_was_chosen(
    wish: str, environment: dict[str, str], kept: str, worn: str
) -> None:
    assert theme_for(wish, environment, kept) == f"frontdesk-{worn}"


def test_a_theme_there_is_not_is_said_with_the_nearest_there_is() -> None:
    assert unknown_theme("mono") == unknown_theme("auto") == ""
    assert 'no "drak"; did you mean "dark"? Known: dark, light, ansi, mono, auto.' in unknown_theme("drak")
    assert "\x1b" not in unknown_theme("\x1b[31m")


# --------------------------------------------------------------------------- on the screen


@pytest.fixture(autouse=True)
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of many colours, whatever the tests are run in."""
    for name in ("NO_COLOR", "COLORFGBG", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def grounds(stage: Stage) -> set[str]:
    """The colours something stands on."""
    strips = stage.app.screen._compositor.render_strips()
    styles = {segment.style for strip in strips for segment in strip if segment.style is not None}
    return {style.bgcolor.name for style in styles if style.bgcolor is not None}


async def test_a_theme_is_seen_before_it_is_chosen_and_kept_for_who_chose_it(store: Workspace) -> None:
    async with playing(store, (100, 30), theme="auto") as stage:
        await stage.press("j", "space")
        before = stage.lines[:8]
        assert DARK["ground"] in grounds(stage)
        await stage.press(":")
        await stage.type("theme\n")
        await stage.press("down", "down")
        assert LIGHT["ground"] in grounds(stage) and DARK["ground"] not in grounds(stage)
        await stage.press("escape")
        assert DARK["ground"] in grounds(stage) and LIGHT["ground"] not in grounds(stage)
        assert store.documents.theme("anna") == "auto"
        await stage.press(":")
        await stage.type("theme\nno colour\n")
        assert not {ground for ground in grounds(stage) if ground.startswith("#")}
        assert stage.app.theme == "frontdesk-mono"
        assert "Kept for anna" in stage.said
        assert stage.lines[:8] == before
    async with playing(store, (100, 30), theme="auto") as stage:
        assert stage.app.theme == "frontdesk-mono"
        assert store.documents.theme("bo") == "auto"
    async with playing(store, (100, 30), theme="light") as stage:  # FRONTDESK_THEME
        assert stage.app.theme == "frontdesk-light"
        await stage.press(":")
        await stage.type("theme\n")
        assert stage.app.theme == "frontdesk-light"
        await stage.press("up", "enter")
        assert "FRONTDESK_THEME says otherwise at the next start" in stage.said


async def test_a_terminal_of_sixteen_colours_says_so_beside_the_choice(
    store: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "linux")
    async with playing(store, (80, 24), theme="auto") as stage:
        assert stage.app.theme == "frontdesk-ansi"
        await stage.press(":")
        await stage.type("theme\n")
        assert "dark on light; here, the sixteen" in stage.text


async def test_where_no_color_is_asked_for_none_can_be_chosen(
    store: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    store.documents.keep_theme("anna", "light")
    async with playing(store, (80, 24), theme="dark") as stage:
        assert grounds(stage) <= {"default"}
        await stage.press(":")
        await stage.type("theme\n")
        assert "NO_COLOR is set here" in stage.said
    monkeypatch.setenv("NO_COLOR", "")
    async with playing(store, (80, 24), theme="auto") as stage:
        assert LIGHT["ground"] in grounds(stage)
    assert "NO_COLOR" not in os.environ

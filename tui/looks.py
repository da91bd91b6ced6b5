"""The palette: three themes, and the inks that lines are written with.

One accent, one colour for late and one for soon; everything else is a grade of the foreground. No colour carries a
meaning alone: late has `!` and a minus, the row under the hands has a bar. The ansi theme uses the terminal's own
sixteen colours and reverses the row under the hands, so it also serves a screen without any colour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from rich.color import Color
from rich.style import Style
from textual.theme import Theme

_DARK = {
    "ground": "#14171d",
    "text": "#d6d8dd",
    "muted": "#8d93a0",
    "faint": "#5b616e",
    "accent": "#7fb4ca",
    "late": "#e68a7a",
    "soon": "#d8ae6b",
    "note": "#c9b98a",
    "cursor": "#262c38",
    "bar": "#1b1f27",
}
_LIGHT = {
    "ground": "#fbfaf7",
    "text": "#2a2c31",
    "muted": "#686d77",
    "faint": "#a3a7af",
    "accent": "#1f6f8b",
    "late": "#b3362a",
    "soon": "#8f6200",
    "note": "#7a6420",
    "cursor": "#e2eaf0",
    "bar": "#f0efea",
}


@dataclass(frozen=True, slots=True)
class Inks:
    """Styles by what they mean, on the ground of the screen."""

    text: Style
    strong: Style
    muted: Style
    faint: Style
    accent: Style
    late: Style
    soon: Style
    note: Style
    cursor: Style  # the row under the hands: only a background, laid under the other inks
    bar: Style  # hint line and prompts: only a background
    head: Style  # header lines: a background, or a line below where there is none


def _coloured(palette: Mapping[str, str]) -> Inks:
    ground = palette["ground"]
    ink = {
        name: Style(color=palette[name], bgcolor=ground)
        for name in ("text", "muted", "faint", "accent", "late", "soon", "note")
    }
    return Inks(
        **ink,
        strong=ink["text"] + Style(bold=True),
        cursor=Style(bgcolor=palette["cursor"]),
        bar=Style(bgcolor=palette["bar"]),
        head=Style(bgcolor=palette["bar"]),
    )


_INKS: dict[str, Inks] = {
    "frontdesk-dark": _coloured(_DARK),
    "frontdesk-light": _coloured(_LIGHT),
    "frontdesk-ansi": Inks(
        text=Style(color=Color.default()),
        strong=Style(color=Color.default(), bold=True),
        muted=Style(color=Color.default(), dim=True),
        faint=Style(color=Color.default(), dim=True),
        accent=Style(color="cyan"),
        late=Style(color="red", bold=True),
        soon=Style(color="yellow"),
        note=Style(color="yellow"),
        cursor=Style(reverse=True),
        bar=Style(),
        head=Style(underline=True),
    ),
}


def _theme(name: str, palette: Mapping[str, str], dark: bool) -> Theme:
    ground = palette["ground"]
    return Theme(
        name=name,
        primary=palette["accent"],
        accent=palette["accent"],
        warning=palette["soon"],
        error=palette["late"],
        foreground=palette["text"],
        background=ground,
        surface=ground,
        panel=palette["bar"],
        dark=dark,
        variables={
            "bar": palette["bar"],
            "faint": palette["faint"],
            "muted": palette["muted"],
            "cursor": palette["cursor"],
        },
    )


THEMES: tuple[Theme, ...] = (
    _theme("frontdesk-dark", _DARK, True),
    _theme("frontdesk-light", _LIGHT, False),
    Theme(
        name="frontdesk-ansi",
        ansi=True,
        primary="ansi_cyan",
        accent="ansi_cyan",
        warning="ansi_yellow",
        error="ansi_red",
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        variables={
            "bar": "ansi_default",
            "faint": "ansi_default",
            "muted": "ansi_default",
            "cursor": "ansi_default",
            "input-cursor-background": "ansi_default",
            "input-cursor-foreground": "ansi_default",
            "ansi-background": "ansi_default",  # Textual's own sheets ask an ansi theme for these two
            "ansi-foreground": "ansi_default",
        },
    ),
)


def inks_of(theme: str) -> Inks:
    """The inks of one of our themes; those of the ansi theme for any other."""
    return _INKS.get(theme, _INKS["frontdesk-ansi"])


def laid_on(inks: Inks, ground: Style) -> Inks:
    """The same inks written on `ground`: the row under the hands, a header line."""
    return Inks(**{field.name: getattr(inks, field.name) + ground for field in fields(Inks)})


def theme_for(wish: str, environment: Mapping[str, str]) -> str:
    """Which theme to wear: `wish` is dark, light, ansi or auto.

    auto: the terminal's sixteen colours where it has no more or where NO_COLOR is set (no-color.org), else dark or
    light as COLORFGBG says ("15;0": light on dark), else dark.
    """
    if wish in ("dark", "light", "ansi"):
        return f"frontdesk-{wish}"
    many = environment.get("COLORTERM") in ("truecolor", "24bit") or "256" in environment.get("TERM", "")
    if environment.get("NO_COLOR") or not many:
        return "frontdesk-ansi"
    ground = environment.get("COLORFGBG", "").rpartition(";")[2]
    return "frontdesk-light" if ground in ("7", "15") else "frontdesk-dark"

"""The palette: four themes, and the inks that lines are written with.

One accent, one colour for late and one for soon; everything else is a grade of the foreground. No colour carries a
meaning alone: late has `!` and a minus, unread a dot and bold, the row under the hands has a bar. `ansi` uses the
terminal's own sixteen colours and reverses the row under the hands; `mono` does without any.

Contrast is WCAG 2.2's, measured by tests/test_looks.py on every ground there is: 4.5 to 1 for what is to be read, and
for what is faint, too, but on the row under the hands, where it is 3 to 1. The lines between panes carry no meaning, and
may be quieter. Over SSH a terminal often owns to 256 colours only (COLORTERM stays behind): the greys are chosen so that
they are still three greys there, and the same is measured of what becomes of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rich.color import Color
from rich.style import Style
from textual.theme import Theme

DARK = {
    "ground": "#15171b",
    "text": "#d6d8dd",
    "muted": "#a1a7b4",
    "faint": "#828997",
    "accent": "#7fb4ca",
    "late": "#e68a7a",
    "soon": "#d8ae6b",
    "note": "#c9b98a",
    "cursor": "#2a2e36",
    "bar": "#1c1f24",
    "divider": "#363b44",
}
LIGHT = {
    "ground": "#fbfaf7",
    "text": "#2a2c31",
    "muted": "#50555f",
    "faint": "#666b75",
    "accent": "#1c6a86",
    "late": "#b32a24",
    "soon": "#7d5600",
    "note": "#6f5b1c",
    "cursor": "#e4e8ea",
    "bar": "#f1f0ef",
    "divider": "#d2d2cf",
}

NAMES = ("dark", "light", "ansi", "mono")
"""The themes, as FRONTDESK_THEME and a teammate's preferences name them; besides, `auto`: as the terminal is."""


class Inks(NamedTuple):
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


_PLAIN = Style(color=Color.default())
_BOLD = Style(color=Color.default(), bold=True)
_DIM = Style(color=Color.default(), dim=True)
_MONO = Inks(
    text=_PLAIN,
    strong=_BOLD,
    muted=_PLAIN,
    faint=_DIM,
    accent=_BOLD,
    late=_BOLD,
    soon=_BOLD,
    note=_PLAIN,
    cursor=Style(reverse=True),
    bar=Style(),
    head=Style(underline=True),
)
_INKS: dict[str, Inks] = {
    "frontdesk-dark": _coloured(DARK),
    "frontdesk-light": _coloured(LIGHT),
    "frontdesk-mono": _MONO,
    "frontdesk-ansi": _MONO._replace(
        accent=Style(color="cyan"),
        late=Style(color="bright_red", bold=True),
        soon=Style(color="yellow"),
        note=Style(color="yellow"),
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
        variables={name: palette[name] for name in ("bar", "divider")},
    )


def _plain_theme(name: str, accent: str, warning: str, error: str, divider: str) -> Theme:
    """A theme on the terminal's own ground."""
    own = ("bar", "input-cursor-background", "input-cursor-foreground")
    textuals = ("ansi-background", "ansi-foreground")  # its own sheets ask an ansi theme for these two
    return Theme(
        name=name,
        ansi=True,
        primary=accent,
        accent=accent,
        warning=warning,
        error=error,
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        variables=dict.fromkeys((*own, *textuals), "ansi_default") | {"divider": divider},
    )


THEMES: tuple[Theme, ...] = (
    _theme("frontdesk-dark", DARK, True),
    _theme("frontdesk-light", LIGHT, False),
    _plain_theme("frontdesk-ansi", "ansi_cyan", "ansi_yellow", "ansi_bright_red", "ansi_bright_black"),
    _plain_theme("frontdesk-mono", *("ansi_default",) * 4),
)


def inks_of(theme: str) -> Inks:
    """The inks of one of our themes; those of mono for any other."""
    return _INKS.get(theme, _MONO)


def laid_on(inks: Inks, ground: Style) -> Inks:
    """The same inks written on `ground`: the row under the hands, a header line. Where that is reversed a colour would
    become a block: there they are bold or not, and nothing else."""
    plain = _MONO if ground.reverse else inks
    return Inks(**{name: ink + ground for name, ink in plain._asdict().items()})


def colourless(environment: Mapping[str, str]) -> bool:
    """Whether NO_COLOR asks for no colour at all (no-color.org: present, and not empty)."""
    return bool(environment.get("NO_COLOR"))


def theme_for(wish: str, environment: Mapping[str, str], kept: str = "auto") -> str:
    """Which theme to wear. `wish` is what FRONTDESK_THEME says, `kept` what the person has chosen once: a name, or auto.

    NO_COLOR comes before all, then the wish, then what was chosen; dark and light that were chosen elsewhere need a
    terminal of more than sixteen colours. auto: the terminal's sixteen where it has no more, else dark or light as
    COLORFGBG says ("15;0": light on dark), else dark.
    """
    if colourless(environment):
        return "frontdesk-mono"
    if wish in NAMES:
        return f"frontdesk-{wish}"
    if kept in ("ansi", "mono"):
        return f"frontdesk-{kept}"
    many = environment.get("COLORTERM") in ("truecolor", "24bit") or "256" in environment.get("TERM", "")
    if not many:
        return "frontdesk-ansi"
    if kept in NAMES:
        return f"frontdesk-{kept}"
    ground = environment.get("COLORFGBG", "").rpartition(";")[2]
    return "frontdesk-light" if ground in ("7", "15") else "frontdesk-dark"


def unknown_theme(wish: str) -> str:
    """What is said where FRONTDESK_THEME names no theme; "" where it does."""
    known = (*NAMES, "auto")
    if wish in known:
        return ""
    from inbox.nearest import nearest
    from inbox.text import one_line

    return f'FRONTDESK_THEME: there is no "{one_line(wish, 20)}"{nearest(wish, known)} Known: {", ".join(known)}.'

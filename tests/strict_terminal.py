"""A terminal that knows only what Frontdesk itself says, and calls everything else what it is: a stranger's."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator

from inbox.text import cells, sanitise
from tui.columns import unfenced

_MOUSE = (1000, 1002, 1006)
MOUSE_ON, MOUSE_OFF = ("".join(f"\x1b[?{mode}{sign}" for mode in _MOUSE) for sign in "hl")
OPENING = f"\x1b[?1049h{MOUSE_ON}\x1b[?25l\x1b[?1004h\x1b[>25u\x1b[?2026$p\x1b[?2048$p\x1b[?2004h\x1b[?7l"
CLOSING = f"\x1b[?2004l\x1b[?7h{MOUSE_OFF}\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
"""What Textual's driver says as it begins and ends, always whole: a part of it alone is a stranger's."""
_INKED = CLOSING.replace("\x1b[?1049l", "\x1b[0m\x1b[?1049l")
"""The end where something was written in an ink last, which is put away before the terminal is given back."""

CLEAR = "\r\x1b[K"
"""How `tui.line.progress` takes its line away."""

_INK = r"\x1b\[(?:(?:0|1|2|4|7|2[247]|[39][0-79]|(?:4|10)[0-79]|[34]8;5;\d{1,3}|[34]8;2;\d{1,3};\d{1,3};\d{1,3});?)*m"
_SCREEN = re.compile(
    "|".join(
        (
            r"(?P<text>[^\x00-\x1f\x7f-\x9f]+)",
            r"\x1b\[(?P<row>\d+);(?P<column>\d+)H",
            r"\x1b\[(?P<along>\d+)G",
            _INK,
            r"(?P<end>\r\n)(?=\x1b)",
            r"\x1b\[\?25[hl]",
            r"\x1b\]22;(?:default|pointer|text)\x07",  # the shape of the mouse
            *map(re.escape, (OPENING, CLOSING, MOUSE_ON, MOUSE_OFF)),
            r"\x1b\]52;c;(?P<copied>[A-Za-z0-9+/=]+)\x07",
            r"(?P<odd>.)",
        )
    ),
    re.DOTALL,
)
_LINK = re.compile(r"(?:https?|mailto|tel):[!-~]+")
"""The only thing that is ever put into a clipboard: an address of a link, by who presses Enter on it."""

# `doctor --terminal` asks every terminal its name (DA1), and more only one that answers
_LINES = re.compile(r"(?P<text>[^\x00-\x1f\x7f-\x9f]+)|\r?\n|\t|\r\x1b\[K|\x1b\[c|(?P<odd>.)", re.DOTALL)


def strange_on_screen(raw: bytes, columns: int, lines: int) -> list[str]:
    """What the screen has written and never writes by itself, each with what stands around it."""
    screen, closed, after = _text(raw).replace(_INKED, CLOSING).rpartition(CLOSING)
    said = after.removeprefix(MOUSE_OFF)
    return [*_strange(_SCREEN, screen + closed, (columns, lines)), *strange_in_lines(said)]


def strange_in_lines(text: str) -> list[str]:
    """What a command has written, to a terminal or a pipe, that no command writes by itself."""
    return list(_strange(_LINES, text, None))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _strange(known: re.Pattern[str], text: str, size: tuple[int, int] | None) -> Iterator[str]:
    for found in known.finditer(text):
        parts = found.groupdict()
        around = ascii(text[max(0, found.start() - 60) : found.end() + 40])
        if parts["odd"] is not None:
            yield f"a control: {around}"
        elif parts["text"] is not None and sanitise(shown := unfenced(parts["text"]), len(text)) != shown:
            yield f"hidden: {around}"
        elif size is not None and not _inside(parts, size):
            yield f"out of the screen: {around}"
        elif parts.get("copied") and not _LINK.fullmatch(b64decode(parts["copied"]).decode()):
            yield f"in the clipboard: {around}"


def _inside(parts: dict[str, str | None], size: tuple[int, int]) -> bool:
    column, row = parts["column"] or parts["along"] or 1, parts["row"] or 1
    return 1 <= int(column) <= size[0] and 1 <= int(row) <= size[1]


def places_of(words: str, raw: bytes) -> list[tuple[int, int]]:
    """Where words stand on a screen that wrote this, as column and line from 1: what was painted over is gone."""
    grid: dict[int, dict[int, str]] = {}
    row = column = 1
    for found in _SCREEN.finditer(_text(raw)):
        parts = found.groupdict()
        if parts["row"] is not None:
            row, column = int(parts["row"]), int(parts["column"])
        elif parts["along"] is not None:
            column = int(parts["along"])
        elif parts["end"] is not None:
            row, column = row + 1, 1
        elif parts["text"] is not None:
            for character in parts["text"]:
                grid.setdefault(row, {})[column] = character
                column += cells(character)
    found_at = []
    for number, line in grid.items():
        painted = "".join(line.get(at, " ") for at in range(1, max(line) + 1))
        found_at += [(match.start() + 1, number) for match in re.finditer(re.escape(words), painted)]
    return found_at

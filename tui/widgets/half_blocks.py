"""A picture out of half blocks: each cell shows two pixels, one in the ink of the letter and one in that of the ground."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from rich.color import Color
from rich.style import Style
from textual.strip import Strip

from inbox.pictures import Picture
from tui.widgets.pane import strip_of

SHARP_ENOUGH = ("truecolor", "256")
"""With fewer colours (names of rich's colour systems) nothing would be seen."""
_UPPER = "▀"
_Pixel = tuple[int, int, int]


def half_blocks(picture: Picture) -> Sequence[Strip]:
    """The lines of a picture."""

    @cache
    def ink(upper: _Pixel, lower: _Pixel) -> Style:
        return Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower))

    lines = []
    for y in range(0, picture.height, 2):
        pairs = zip(picture.row(y), picture.row(y + 1), strict=True)
        cells = [(" " if upper == lower else _UPPER, ink(upper, lower)) for upper, lower in pairs]
        lines.append(strip_of(cells))
    return lines

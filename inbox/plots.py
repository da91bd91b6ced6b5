"""Small plots of block characters: what a glance needs, in one line of a terminal."""

from __future__ import annotations

from collections.abc import Sequence

_HEIGHTS = "▁▂▃▄▅▆▇█"
_PARTS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")


def sparkline(values: Sequence[int | None]) -> str:
    """One character a value, from ▁ (nothing) to █ (the largest); a blank for None."""
    largest = max((value for value in values if value is not None), default=0)
    if largest <= 0:
        return "".join(" " if value is None else _HEIGHTS[0] for value in values)
    top = len(_HEIGHTS) - 1
    return "".join(" " if value is None else _HEIGHTS[-(-value * top // largest)] for value in values)


def bar(value: int | None, largest: int, width: int) -> str:
    """A bar of at most `width` cells for a value, to an eighth of a cell; whatever is more than nothing is seen."""
    if not value or largest <= 0 or width <= 0:
        return ""
    eighths = max(1, min(value, largest) * width * 8 // largest)
    return "█" * (eighths // 8) + _PARTS[eighths % 8]

"""The last gate of the screen: every line of every widget passes it on its way to the terminal.

Widgets clean foreign text where they lay it out (`tui.widgets.pane.strip_of`), because the width of a line is counted
there. This gate is for widgets that are not ours and for what somebody forgets: behind it there is only Textual's
compositor, whose own sequences move the cursor and change the ink.
"""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from inbox.text import sanitise
from tui.columns import unfenced


class Gate(LineFilter):
    """Takes out of rendered text what a terminal would obey, and links, which would carry foreign addresses."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002  (Textual's signature)
        """The same segments where there is nothing to take out, which is nearly always."""
        if all(_is_harmless(segment) for segment in segments):
            return segments
        return [segment if _is_harmless(segment) else _cleaned(segment) for segment in segments]


def _is_harmless(segment: Segment) -> bool:
    text, style = unfenced(segment.text), segment.style
    plain = text.isprintable() and (text.isascii() or sanitise(text) is text)
    return plain and (style is None or not style.link)


def _cleaned(segment: Segment) -> Segment:
    text = sanitise(segment.text).replace("\n", " ").replace("\t", " ")
    style = segment.style
    return Segment(text, style.update_link(None) if style is not None and style.link else style)

"""A pane of lines that repaints only what changed: the reason why a key costs a few hundred bytes.

Textual repaints the regions it is told. A pane compares the lines it should show with those it has shown and names
only the differing ones, each no wider than its text. Blank ground is never sent twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from inbox.text import cells, sanitise
from tui.columns import FENCE, fenced, unfenced
from tui.looks import Inks, inks_of

if TYPE_CHECKING:
    from tui.app import FrontdeskApp

Run = tuple[str, Style]
"""Text and the ink it is written with; the text has passed `inbox.text.sanitise`."""

EMPTY = Strip([], 0)

_WHOLE = re.compile(f"[\u200d{FENCE}]")
"""A joiner melts what stands beside it, a fence is no cell of its own: such a line is painted as a whole."""


def strip_of(runs: Iterable[Run]) -> Strip:
    """A line out of runs; neighbours in the same ink become one, because each change of ink costs bytes. What is written
    from right to left stays in its run.

    Its cells are counted here: to count them itself, Textual would load tables that take longer than a first paint.
    """
    segments: list[Segment] = []
    width = 0
    parts = [run for run in runs if run[0]]
    for said, ink in parts:
        # Whoever forgot the gate: nothing a terminal obeys passes here.
        clean = said.isprintable() or unfenced(said).isprintable()
        text = said if clean else sanitise(said).replace("\n", " ").replace("\t", " ")
        width += cells(text)
        if len(parts) > 1 and FENCE not in text:
            text = fenced(text)
        if segments and segments[-1].style == ink:
            segments[-1] = Segment(segments[-1].text + text, ink)
        else:
            segments.append(Segment(text, ink))
    return Strip(segments, width)


def cropped(strip: Strip, width: int) -> Strip:
    """A line in at most `width` cells; what was cut ends in "…"."""
    if strip.cell_length <= width:
        return strip
    return Strip([*strip.crop(0, width - 1), Segment("…")], width)


def changed_width(before: Strip, line: Strip) -> int:
    """Cells from the left edge to the last one in which two lines differ: what follows need not be painted again."""
    width = max(before.cell_length, line.cell_length)
    if before.cell_length != line.cell_length or _WHOLE.search(before.text) or _WHOLE.search(line.text):
        return max(1, width)
    ends = [list(before), list(line)]
    while ends[0] and ends[1] and ends[0][-1] == ends[1][-1]:
        width -= cells(ends[0].pop().text)
        ends[1].pop()
    if ends[0] and ends[1] and ends[0][-1].style == ends[1][-1].style:
        one, other = ends[0][-1].text, ends[1][-1].text
        width -= cells(one)
        while one and other and one[-1] == other[-1]:
            one, other = one[:-1], other[:-1]
        width += cells(one)
    return max(1, width)


def wiped(line: Strip, width: int) -> Strip:
    """The line with blanks in its last ink up to `width`: one ink less on the wire than Textual's own filling."""
    short = width - line.cell_length
    if short <= 0 or not line:
        return line
    *others, last = line
    return Strip([*others, Segment(last.text + " " * short, last.style)], width)


class Pane(Widget):
    """Lines in inks. A subclass answers `line`; whoever changes what is shown calls `repaint`."""

    class Wheeled(Message):
        """The wheel was turned over a pane."""

        def __init__(self, pane: Pane, lines: int) -> None:
            super().__init__()
            self.pane = pane
            self.lines = lines

    class Pointed(Message):
        """A line of a pane was clicked."""

        def __init__(self, pane: Pane, y: int) -> None:
            super().__init__()
            self.pane = pane
            self.y = y

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._shown: list[Strip] = []  # the lines as they are
        self._painted: list[Strip] = []  # the same, with what wipes the end of a longer line before them

    @property
    def frontdesk(self) -> FrontdeskApp:
        """The app, under its own type."""
        return cast("FrontdeskApp", self.app)

    @property
    def inks(self) -> Inks:
        """The inks of the theme in force."""
        return inks_of(self.app.theme)

    def line(self, y: int) -> Strip:
        """The line at height `y` of what is visible."""
        raise NotImplementedError

    def repaint(self) -> None:
        """Compare what should be seen with what was, and repaint the difference."""
        height = self.size.height
        shown = self._shown
        if len(shown) != height:
            self._begin()
            self.refresh()
            return
        changed = []
        for y in range(height):
            line = self.line(y)
            before = shown[y]
            if line is not before and line != before:
                width = changed_width(before, line)
                changed.append(Region(0, y, width, 1))
                shown[y] = line
                self._painted[y] = wiped(line, width)
        if changed:
            self.refresh(*changed)

    def redraw(self) -> None:
        """Forget what was shown, after a change of size or of theme, and paint everything."""
        self._shown = []
        self.repaint()

    def render_line(self, y: int) -> Strip:
        """What Textual paints: the line as it was compared."""
        if len(self._shown) != self.size.height:
            self._begin()
        return self._painted[y] if y < len(self._painted) else EMPTY

    def _begin(self) -> None:
        self._shown = [self.line(y) for y in range(self.size.height)]
        self._painted = list(self._shown)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Three lines on."""
        event.stop()
        self.post_message(self.Wheeled(self, 3))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Three lines back."""
        event.stop()
        self.post_message(self.Wheeled(self, -3))

    def on_click(self, event: events.Click) -> None:
        """A line was meant."""
        event.stop()
        self.post_message(self.Pointed(self, event.y))

    def on_resize(self) -> None:
        """Another size: everything again."""
        self.redraw()

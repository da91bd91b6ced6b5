"""A pane of lines that repaints only what changed: the reason why a key costs a few hundred bytes.

Textual repaints the regions it is told. A pane compares the lines it should show with those it has shown and names
only the differing ones, each no wider than its text. Blank ground is never sent twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.looks import Inks, inks_of

if TYPE_CHECKING:
    from tui.app import FrontdeskApp

Run = tuple[str, Style]
"""Text and the ink it is written with; the text has passed `inbox.text.sanitise`."""

EMPTY = Strip([], 0)


def strip_of(runs: Iterable[Run]) -> Strip:
    """A line out of runs; neighbours in the same ink become one, because each change of ink costs bytes."""
    segments: list[Segment] = []
    for text, ink in runs:
        if not text:
            continue
        if segments and segments[-1].style == ink:
            segments[-1] = Segment(segments[-1].text + text, ink)
        else:
            segments.append(Segment(text, ink))
    return Strip(segments)


class Pane(Widget):
    """Lines in inks. A subclass answers `line`; whoever changes what is shown calls `repaint`."""

    context = "global"
    """Whose keys are in force while the hands are here."""

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._shown: list[Strip] = []

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
            self._shown = [self.line(y) for y in range(height)]
            self.refresh()
            return
        changed = []
        for y in range(height):
            line = self.line(y)
            before = shown[y]
            if line is not before and line != before:
                changed.append(Region(0, y, max(line.cell_length, before.cell_length, 1), 1))
                shown[y] = line
        if changed:
            self.refresh(*changed)

    def redraw(self) -> None:
        """Forget what was shown, after a change of size or of theme, and paint everything."""
        self._shown = []
        self.repaint()

    def render_line(self, y: int) -> Strip:
        """What Textual paints: the line as it was compared."""
        if len(self._shown) != self.size.height:
            self._shown = [self.line(at) for at in range(self.size.height)]
        return self._shown[y] if y < len(self._shown) else EMPTY

    def on_resize(self) -> None:
        """Another size: everything again."""
        self.redraw()

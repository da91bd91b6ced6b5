"""What the parts of the screen have in common: the screen they belong to, and short ways to what they use."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.widgets.hint_line import called

if TYPE_CHECKING:
    from tui.background import Background
    from tui.screens.inbox import InboxScreen
    from tui.seat import Seat


PLACES = ("views", "list", "conversation", "customer")
"""Where the hands can be, from left to right."""


class Part:
    """A part of the screen with state of its own; it lives on Textual's loop, as all that touches widgets."""

    def __init__(self, screen: InboxScreen) -> None:
        self.screen = screen

    @property
    def seat(self) -> Seat:
        """Where the person sits."""
        return self.screen.seat

    @property
    def background(self) -> Background:
        """The threads."""
        return self.screen.frontdesk.background

    def called(self, verb: str, context: str = "list") -> str:
        """What a person presses for a verb: its key there, or its name in the palette where it has none."""
        return called(self.seat.keymap, context, verb)

    def verbs(self) -> dict[str, Callable[[], None]]:
        """The verbs this part does, by name."""
        return {}

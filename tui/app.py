"""The application: theme, threads, the one way keys take, and how it ends.

The rule of the threads: Textual's loop draws and takes keys; background code posts messages; only handlers touch
widgets. `open_screen` is what `main` calls.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

if "SSH_CONNECTION" in os.environ:  # an arrow key cut in two by the line must not become Esc, [, A
    os.environ.setdefault("ESCDELAY", "500")  # read by Textual when it is imported

from textual import events
from textual.app import App
from textual.binding import BindingType

from tui.background import Background, Came, Rang
from tui.looks import THEMES, theme_for
from tui.screens.inbox import InboxScreen
from tui.seat import Seat, seat_at

if TYPE_CHECKING:
    from tui.line.desk import Desk


def open_screen(desk: Desk) -> None:
    """Show the screen until the person leaves it. Raises BadSettings and WorldError before anything is shown."""
    sys.setswitchinterval(0.001)  # a key must not wait for a thread that reads a long list
    FrontdeskApp(seat_at(desk)).run()


class FrontdeskApp(App[None]):
    """Frontdesk on a terminal. The store is handed in with the seat."""

    CSS_PATH = Path(__file__).parent / "styles" / "frontdesk.tcss"
    ENABLE_COMMAND_PALETTE = False
    INLINE_PADDING = 0
    BINDINGS: ClassVar[list[BindingType]] = []
    TITLE = "Frontdesk"

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.seat = seat
        self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = theme_for(seat.theme, os.environ)
        self.background = Background(seat.store, self.post_message)

    def get_default_screen(self) -> InboxScreen:
        """The one screen."""
        return InboxScreen(self.seat, self.size)

    @property
    def inbox(self) -> InboxScreen:
        """The one screen, under its own type."""
        screen = self.screen
        assert isinstance(screen, InboxScreen)
        return screen

    async def on_event(self, event: events.Event) -> None:
        """Keys and pastes are taken here, one after the other and each at once; all else goes Textual's way.

        Textual would hand each key to the widget in focus over its own queue: a key that moves the focus and the key
        typed after it could overtake each other.
        """
        if isinstance(event, events.Key) and not event.is_forwarded:
            self.inbox.keyboard.press(event)
        elif isinstance(event, events.Paste) and not event.is_forwarded:
            self.inbox.keyboard.paste(event.text)
        else:
            await super().on_event(event)

    def on_mount(self) -> None:
        """Listen for the bell once there is something to see."""
        self.call_after_refresh(self._painted)

    def _painted(self) -> None:
        self.background.watch()
        if not self.is_headless:
            gc.freeze()  # what was loaded stays: the collector need not walk it between two keys
            gc.enable()

    def on_came(self, came: Came) -> None:
        """The background has an answer, or could not get one."""
        if came.error is not None:
            self.inbox.complain(came.error)
        elif came.then is not None:
            came.then(came.result)

    def on_rang(self, _: Rang) -> None:
        """The bell: what is visible is written again in its place."""
        heard = self.background.heard()
        self.inbox.shelf.rang(heard)
        self.inbox.reading.again(heard)

    def on_unmount(self) -> None:
        """The screen ends: what is being written is kept."""
        self.background.end()

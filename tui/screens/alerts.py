"""Alerts on the screen: looked for on the minute, told in the bottom line, by the bell and by a notice of the desktop.

Of several screens of one person one tells; the others show what is late as ever.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from inbox.errors import FrontdeskError
from inbox.verbs import SENIORS
from tui.screens.part import Part
from tui.terminal_kind import inside, sounds, terminal_key

if TYPE_CHECKING:
    from inbox.alerting import Looking
    from inbox.ports import Workspace
    from inbox.settings import Alerts as Wanted
    from tui.screens.inbox import InboxScreen


class Alerts(Part):
    """Looks for what to tell who sits here. `sound` writes to the terminal."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self.sound: Callable[[str], None] = self._write
        self._looking: Looking | None = None

    def look(self) -> None:
        """See whether there is something to tell."""
        now = self.seat.now()
        self.background.write(lambda store: self._look(store, now), self._tell)

    @property
    def _wanted(self) -> Wanted | None:
        return self.seat.settings.alerts if self.seat.settings is not None else None

    def _look(self, store: Workspace, now: int) -> tuple[str, frozenset[str]]:
        """On the writer's thread: what to tell, claimed, and what this terminal was seen to pass."""
        from inbox.alerting import Looking

        if self._looking is None:
            outside = self._wanted is not None and self._wanted.outside_hours
            approves = self.seat.who.role in SENIORS
            self._looking = Looking(store, self.seat.who.name, "screen", outside, approves=approves)
        try:
            words = self._looking.look(self.seat.hours(), now)
        except FrontdeskError:  # a disk that fails is told where something was asked for, not every minute
            return "", frozenset()
        if not words:
            return "", frozenset()
        return words, store.documents.terminal(self.seat.who.name, terminal_key(os.environ))

    def _tell(self, found: tuple[str, frozenset[str]]) -> None:
        words, passed = found
        if not words:
            return
        if not self.screen.hints.urgent:
            self.screen.say(f"! {words}")
        if self._wanted is None or self._wanted.bell:
            self.sound(sounds(words, passed, inside(os.environ)))

    def _write(self, sequence: str) -> None:
        driver = self.screen.app._driver  # Textual's own way out, as its App.bell takes
        if driver is not None and not self.screen.app.is_headless:
            driver.write(sequence)
            driver.flush()

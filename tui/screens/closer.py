"""Looking closer at what is read: sheets that say more, finding words, copying, giving it to a command.

Each is loaded when it is first asked for: none of it is needed for a first paint.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from tui.screens.part import Part

if TYPE_CHECKING:
    from tui.screens.copying import Copying
    from tui.screens.finding import Finding
    from tui.screens.piping import Piping
    from tui.screens.sheets import Sheets


class Closer(Part):
    """The verbs of whoever reads and wants to know more."""

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            "raw": self._raw,
            "headers": self._headers,
            "why": self._why,
            "copy": self._copy,
            "pipe": self._pipe,
            "next-hit": lambda: self.finding.go(1),
            "previous-hit": lambda: self.finding.go(-1),
        }

    def _raw(self) -> None:
        self.sheets.raw()

    def _headers(self) -> None:
        self.sheets.headers()

    def _why(self) -> None:
        self.sheets.why()

    def _copy(self) -> None:
        self.copying.ask()

    def _pipe(self) -> None:
        self.piping.ask()

    @cached_property
    def sheets(self) -> Sheets:
        """The mail as it came, its headers, and why."""
        from tui.screens.sheets import Sheets

        return Sheets(self.screen)

    @cached_property
    def finding(self) -> Finding:
        """Words in what is read."""
        from tui.screens.finding import Finding

        return Finding(self.screen)

    @cached_property
    def copying(self) -> Copying:
        """What goes into the clipboard."""
        from tui.screens.copying import Copying

        return Copying(self.screen)

    @cached_property
    def piping(self) -> Piping:
        """What is given to a command."""
        from tui.screens.piping import Piping

        return Piping(self.screen)

    @property
    def finds(self) -> bool:
        """Whether words are looked for in what is read."""
        return self.screen.conversation.found is not None

    def begin_finding(self) -> bool:
        """Ask for words to be found, where something is read; whether that is so."""
        reads = self.screen.place == "conversation" and self.screen.conversation.opened is not None
        if reads:
            self.finding.begin()
        return reads

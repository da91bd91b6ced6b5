"""What a person carries to the customer: put where it can be taken from. The clipboard of who sits there, where this
terminal takes a copy; else a file that only they can read, and the text on the screen."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tui.screens.copying import HOW, LONGEST
from tui.screens.part import Part

if TYPE_CHECKING:
    from inbox.ports import Workspace
    from tui.screens.inbox import InboxScreen


class Carrying(Part):
    """Puts a text there, once, and takes it away again."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._text = ""
        self._said = ""
        self._file: Path | None = None

    def ready(self, text: str, then: Callable[[str], None]) -> None:
        """Put `text` there, unless it lies there already, and go on with a word on where that is."""
        if text == self._text:
            then(self._said)
            return
        fits = len(text.encode("utf-8", "replace")) <= LONGEST
        if fits:
            self.screen.frontdesk.copy_to_clipboard(text)
        if fits and self.screen.frontdesk.copies:
            self._lies(text, "Copied.", then)
            return
        why = HOW if fits else "it is too long for a clipboard over a terminal"
        if self.seat.restricted:
            self._lies(text, f"Not copied ({why}): mark it on the screen.", then)
            return

        def there(file: Path) -> None:
            self._forget_file()
            self._file = file
            self._lies(text, f"Not copied ({why}): take it from {file}, or mark it on the screen.", then)

        self.ask_first(lambda _: _kept(text), there)

    def put_away(self) -> None:
        """It has arrived, or is not to: nothing of it lies about any more."""
        self._text = self._said = ""
        self._forget_file()

    def _lies(self, text: str, said: str, then: Callable[[str], None]) -> None:
        self._text, self._said = text, said
        then(said)

    def _forget_file(self) -> None:
        file, self._file = self._file, None
        if file is not None:

            def gone(_: Workspace) -> None:
                file.unlink(missing_ok=True)

            self.background.read("", gone, lambda _: None)


def _kept(text: str) -> Path:
    handle, name = tempfile.mkstemp(prefix="frontdesk-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
        file.write(text)
    return Path(name)

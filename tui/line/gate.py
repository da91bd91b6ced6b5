"""The last gate of the command line: whatever a command prints passes it on its way out.

Commands clean foreign text where they lay it out, because only they know what is one line and how long it may be.
What one of them forgot, or a library says by itself, is cleaned here; no caller can pass by.
"""

from __future__ import annotations

import io
import sys


class Gate(io.TextIOWrapper):
    """A standard stream that lets through only what `inbox.text.sanitise` does, of any length.

    What a command draws itself (`tui.line.progress`) goes to the file below it.
    """

    def __init__(self, below: io.TextIOWrapper) -> None:
        super().__init__(
            below.buffer,
            below.encoding,
            below.errors,
            line_buffering=below.line_buffering,
            write_through=below.write_through,
        )
        self._below = below  # whose end would close the file

    def write(self, text: str) -> int:
        """Write the text without what a terminal would obey; the count is of what was given, as callers expect."""
        super().write(text if _is_plain(text) else _clean(text))
        return len(text)


def put_gates() -> None:
    """Put one before standard output and one before standard error, for the whole process.

    What was closed before the process began stays so. Nothing may have been written yet.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            setattr(sys, name, Gate(stream))


def _is_plain(text: str) -> bool:
    """Most of what is said is; `inbox.text` need not be loaded for it."""
    return text.isascii() and text.replace("\n", "").isprintable()


def _clean(text: str) -> str:
    from inbox.text import sanitise

    return sanitise(text, len(text))

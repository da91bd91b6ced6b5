"""What is pasted, taken out of what a terminal sends before any of it can be taken for keys.

A terminal puts what is pasted between two marks (bracketed paste, `CSI ? 2004 h`). Textual's parser knows them, but makes
keys of a paste with escape sequences in it, and of marks that a slow line has cut in two. Here nothing between the marks
is ever a key, in whatever pieces it comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

START, END = "\x1b[200~", "\x1b[201~"

LOST = 10.0
"""Seconds of silence in a paste whose end never came, after which a key is a key again."""

A_KEY = 8
"""Characters of the longest sequence that a single key sends; a piece of a paste is longer, or holds its end."""


class Piece(NamedTuple):
    """Some of what a terminal sent: typed, for the parser of keys, or all of a paste."""

    text: str
    pasted: bool = False


class Pastes:
    """Tells what was pasted from what was typed. The marks themselves go to the parser, which waits for their ends."""

    def __init__(self) -> None:
        self._tail = ""  # the beginning of a mark that may go on
        self._pasted: list[str] | None = None  # so far, between the marks
        self._heard = 0.0

    @property
    def begins(self) -> bool:
        """Whether half of the mark is here: no key sends that much of it, and the parser is to wait for the rest."""
        return self._pasted is None and len(self._tail) > 2

    def split(self, text: str, now: float) -> Iterator[Piece]:
        """What came at an instant of the monotonic clock, in seconds, in its order."""
        heard, self._heard = self._heard, now
        if self._pasted is not None and now - heard > LOST and len(text) <= A_KEY and END not in text:
            yield from self._end()
        while text:
            if self._pasted is None:
                before, text = self._until_start(text)
                if before:
                    yield Piece(before)
            else:
                joined = self._tail + text
                at = joined.find(END)
                if at < 0:
                    self._tail = _begun(joined, END)
                    self._pasted.append(joined[: len(joined) - len(self._tail)])
                    return
                self._pasted.append(joined[:at])
                self._tail, text = "", joined[at + len(END) :]
                yield from self._end()

    def _until_start(self, text: str) -> tuple[str, str]:
        """What is typed, up to and with the mark at which a paste begins; and the rest."""
        known = self._tail
        at = (known + text).find(START)
        if at < 0:
            self._tail = _begun(known + text, START)
            return text, ""
        end = at + len(START) - len(known)
        self._tail, self._pasted = "", []
        return text[:end], text[end:]

    def _end(self) -> Iterator[Piece]:
        assert self._pasted is not None
        whole, self._pasted = "".join([*self._pasted, self._tail]), None
        self._tail = ""
        yield Piece(whole.replace("\x00", ""), pasted=True)
        yield Piece(END)


def _begun(text: str, mark: str) -> str:
    """The longest end of a text with which a mark begins."""
    return next(
        (mark[:n] for n in range(min(len(mark) - 1, len(text)), 0, -1) if text.endswith(mark[:n])), ""
    )

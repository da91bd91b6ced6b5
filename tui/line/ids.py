"""Ids of conversations as they are given to a command: as arguments, or one a line on standard input."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from inbox.errors import NotDone

if TYPE_CHECKING:
    from tui.line.desk import Desk

LONGEST = 18
"""Digits of an id: what SQLite can hold."""


def ids_given(desk: Desk, words: Sequence[str]) -> list[int]:
    """Conversation ids as they live now, each once; `-` reads them from standard input, the first word of each line.

    A conversation that was joined with another answers under both ids. NotDone (exit 1) for one that is unknown.
    """
    texts: list[str] = []
    for word in words:
        if word == "-":
            texts += [line.split()[0] for line in sys.stdin if line.strip()]
        else:
            texts.append(word)
    found: dict[int, None] = {}
    for text in texts:
        found[id_given(desk, text)] = None
    return list(found)


def id_given(desk: Desk, text: str) -> int:
    """One conversation's id as it lives now. NotDone (exit 1) when it is unknown."""
    number = desk.store().resolve(int(text)) if is_id(text) else None
    if number is None:
        raise NotDone(
            f"There is no conversation {text[:40]!r}.", f"{desk.called} list shows the ids there are."
        )
    return number


def message_given(desk: Desk, text: str) -> int:
    """One message's number as it was typed. NotDone (exit 1) for what cannot be one."""
    if not is_id(text):
        raise NotDone(
            f"There is no message {text[:40]!r}.", f"{desk.called} show ID --json names the messages."
        )
    return int(text)


def is_id(text: str) -> bool:
    """Whether a text can be an id at all."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST

"""What a shop's own systems know of a customer, shown beside a conversation: `[panel.NAME]` in the settings names a program.

A screen asks by a line in a file of the workspace, and goes on; the worker runs the program (`inbox.panel_running`), keeps
the answer and rings the bell. A screen has one question open for each program: a newer one takes its place, so that
nothing piles up however fast somebody pages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple, Protocol
from zlib import crc32

from inbox.listing import Instant
from inbox.text import one_line

if TYPE_CHECKING:
    from inbox.model import Customer

PLACES = ("email", "name", "phone", "handle", "customer")
"""What `{…}` can stand for in the arguments; `{field:NAME}` as well, for an own field of the customer."""
PLACE = re.compile(r"\{(field:[^{}]{1,60}|[a-z]{1,20})\}")
LONGEST_WORD = 320
"""Characters of one value that a program is given."""
WAITS = 60.0
"""Seconds after which a question that nobody took is forgotten."""

_MISSING = {
    "email": "no mail address of theirs is known",
    "name": "no name of theirs is known",
    "phone": "no telephone number of theirs is known",
    "handle": "no handle of theirs is known",
}


class PanelCommand(NamedTuple):
    """A program that is asked: its name, the arguments with their places, and how many seconds an answer serves."""

    name: str
    command: tuple[str, ...]
    every: int = 600

    @property
    def mark(self) -> str:
        """What tells the answers of this command from those of another one of that name."""
        return f"{crc32(json.dumps(self.command).encode()):08x}"


class Said(NamedTuple):
    """What a program said of a customer last: the text (sanitised, a few lines), when, and what went wrong since.

    `waiting`: whether somebody has asked and no answer is here yet.
    """

    panel: str
    text: str = ""
    at: Instant | None = None
    trouble: str = ""
    tried_at: Instant | None = None
    waiting: bool = False

    def is_due(self, every: int, now: Instant) -> bool:
        """Whether it is to be asked again, after so many seconds."""
        return not self.waiting and (self.tried_at is None or not 0 <= now - self.tried_at < every)

    @property
    def first_line(self) -> str:
        """What stands for it where there is one line for everything; "" where it said nothing."""
        return self.text.partition("\n")[0]


class Asked(NamedTuple):
    """A question that waits: which program, about which customer, from a screen that shows which conversation."""

    panel: str
    customer: int
    conversation: int


class PanelBook(Protocol):
    """Questions and answers, in a file of the workspace that every screen and the worker read."""

    def ask(self, panels: Sequence[str], customer: int, conversation: int) -> None:
        """Ask these programs about a customer, in the place of what this screen asked them before."""

    def next(self, panel: str) -> Asked | None:
        """The question that waits longest for a program; those that waited too long are forgotten."""

    def answer(self, asked: Asked, mark: str, text: str, trouble: str, now: Instant) -> None:
        """Keep what came of a question, and let the screens that asked it see. With `trouble` the text that was there
        stays."""

    def said(self, customer: int, panels: Sequence[PanelCommand]) -> tuple[Said, ...]:
        """What each of these programs said of a customer last, in their order."""

    def serving(self, refused: str = "") -> AbstractContextManager[bool]:
        """Be the one who answers, for as long as the `with` lasts; False where somebody else is. `refused` says why
        nothing is run."""

    def unserved(self) -> str | None:
        """Why nobody answers: None where somebody does, "" where nobody is there, else what whoever is there said."""


class Unfilled(Exception):
    """A place cannot be filled; the words say which and why."""


def values_of(customer: Customer) -> dict[str, str]:
    """What can stand in the places, of one customer; what is not known is left out. The first identity of each kind."""
    found = {"name": customer.name, "customer": str(customer.id)}
    for identity in customer.identities:
        place = {"mail": "email", "phone": "phone"}.get(identity.kind, "handle")
        found.setdefault(place, identity.value)
    found |= {f"field:{name}": value for name, value in customer.fields}
    return {place: word for place, text in found.items() if (word := one_line(text, LONGEST_WORD).strip())}


def filled(command: Sequence[str], values: dict[str, str]) -> list[str]:
    """The arguments with their places filled, each one argument as before. Raises Unfilled, with words, where a value is
    missing, or where what a customer wrote would be read as an option."""

    def value(found: re.Match[str]) -> str:
        place = found[1]
        if place not in values:
            name = one_line(place.partition(":")[2], 60)
            raise Unfilled(_MISSING.get(place, f"they have no field “{name}”"))
        return values[place]

    words = [command[0]]
    for word in command[1:]:
        made = PLACE.sub(value, word)
        if made.startswith("-") and not word.startswith("-"):
            raise Unfilled(f"“{one_line(made, 60)}” begins with a hyphen, as an option would")
        words.append(made)
    return words

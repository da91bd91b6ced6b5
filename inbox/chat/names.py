"""Names in chats of which nobody has said whose they are: asked once, answered once, remembered; and what waits for that.

What is told beside a name helps to know it again: in which chats it stands, what it said first, how much it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from inbox.chat.shape import Chat, asked_name
from inbox.listing import Instant, Who
from inbox.text import cut, one_line

ASKED, OURS, THEIRS, LEFT = "", "agent", "customer", "left"
"""The side of a name: asked for, ours, a customer's, left aside by somebody who could not tell."""
SIDES = (ASKED, OURS, THEIRS, LEFT)
MOST_CHATS = 5
"""Chats that are named beside a name."""
FIRST_SAID = 120
"""Cells that are kept of what a name said first."""
SETTLED = 10
"""Seconds after an answer until what waits for it is taken in: so long a slip can be mended."""
TOLD_FOR = 7 * 86_400
"""Seconds for which it is told what became of something that waited."""


class Name(NamedTuple):
    """A name as chats show it; `chats`: where it stands, in words, and how many lines of it are there; `first`: what it
    said first; `side`: what was said of it, by `who` and when."""

    name: str
    chats: tuple[tuple[str, int], ...] = ()
    first: str = ""
    side: str = ASKED
    who: str = ""
    at: Instant = 0

    @property
    def key(self) -> str:
        """What it is found by."""
        return asked_name(self.name)

    @property
    def lines(self) -> int:
        """How much it says, in all chats that are named."""
        return sum(count for _, count in self.chats)

    @property
    def is_told(self) -> bool:
        """Whether somebody has said whose it is."""
        return self.side in (OURS, THEIRS)


class Held(NamedTuple):
    """An export that waits for answers. `place`: the file, `called`: what people know it by; `names`: the keys of those
    that nobody knows; `folder`: the watched folder it came from, "" for an import, of which `options` says with which
    words it was asked for. `took` and `trouble`: what became of it in the end, at `at`."""

    place: str
    called: str
    names: tuple[str, ...]
    at: Instant
    folder: str = ""
    options: Mapping[str, Any] = {}
    took: int | None = None
    trouble: str = ""


class Asked(NamedTuple):
    """All that is asked and was said, by key; and what waits, or waited until lately."""

    names: Mapping[str, Name]
    held: tuple[Held, ...] = ()

    @property
    def waiting(self) -> list[Name]:
        """Those that nobody has spoken of, the ones that say most first."""
        asked = [each for each in self.names.values() if each.side == ASKED]
        return sorted(asked, key=lambda each: (-each.lines, each.key))


class NameBook(Protocol):
    """Names in chats of which nobody has said whose they are, and what waits for that. See `storage.chat_names`."""

    def all(self) -> Asked:
        """All names, and what waits for them."""

    def told(self) -> dict[str, str]:
        """The side of each name of which somebody said it, by its key: "agent" or "customer"."""

    def held(self) -> list[Held]:
        """What waits for names, and what became of it lately."""

    def ask(self, names: Sequence[Name]) -> None:
        """Ask on which side these are; what was said of them stays said."""

    def say(
        self, name: str, side: str, who: Who, now: Instant, instead_of: Name | None = None
    ) -> Name | None:
        """Say on which side a name is; with `instead_of`, only where nothing else was said meanwhile: else what was.
        BadUsage for no name at all."""

    def hold(self, held: Held) -> None:
        """Remember that an export waits, or what became of it."""

    def release(self, place: str) -> None:
        """It waits no more, and nothing is to be told of it."""


def asked_of(chat: Chat, keys: Iterable[str], file: str) -> tuple[list[Name], list[str]]:
    """What helps to know these participants of a chat in a file, for which every line is read; and where the files lie that
    go with it."""
    wanted = dict.fromkeys(keys, 0)
    first: dict[str, str] = {}
    media: list[str] = []
    for line in chat.lines:
        media += [each.place for each in line.attachments if each.place]
        if line.author in wanted:
            wanted[line.author] += 1
            if line.author not in first and line.text.strip():
                first[line.author] = cut(one_line(line.text, 4 * FIRST_SAID), FIRST_SAID)
    called = one_line(f"{chat.format}: {chat.title or chat.id or file}", 80)
    names = [
        Name(chat.participants[key].called, ((called, count),), first.get(key, ""))
        for key, count in wanted.items()
    ]
    return names, media


def added(known: Name | None, asked: Name) -> Name:
    """What is known of a name, with one more place where it was met."""
    if known is None:
        return asked
    chats = dict(known.chats) | dict(asked.chats)
    return known._replace(chats=tuple(chats.items())[:MOST_CHATS], first=known.first or asked.first)


# ------------------------------------------------------------------------------ as documents


def document_of(name: Name) -> dict[str, Any]:
    """A name as the team's documents hold it."""
    said = {"first": name.first, "side": name.side, "who": name.who, "at": name.at}
    return {"name": name.key, "shown": name.name, "chats": [list(each) for each in name.chats], **said}


def name_of(document: Mapping[str, Any]) -> Name | None:
    """The name that a document holds, which may be written by hand; None where it holds none."""
    key = asked_name(str(document.get("name", "")))
    if not key:
        return None
    shown, side, at = str(document.get("shown") or key), document.get("side"), document.get("at")
    chats = document.get("chats")
    return Name(
        shown if asked_name(shown) == key else key,
        tuple(
            (str(each[0]), each[1])
            for each in (chats if isinstance(chats, list) else ())
            if isinstance(each, list) and len(each) == 2 and isinstance(each[1], int)
        ),
        str(document.get("first", "")),
        side if isinstance(side, str) and side in SIDES else ASKED,
        str(document.get("who", "")),
        at if isinstance(at, int) else 0,
    )


def held_as_document(held: Held) -> dict[str, Any]:
    """What waits, as the team's documents hold it."""
    return {"name": held.place, **held._asdict(), "names": list(held.names), "options": dict(held.options)}


def held_of(document: Mapping[str, Any]) -> Held | None:
    """What waits, of a document; None where it says nothing of the kind."""
    place, names, options = document.get("place"), document.get("names"), document.get("options")
    at, took = document.get("at"), document.get("took")
    if not isinstance(place, str) or not isinstance(names, list):
        return None
    return Held(
        place,
        str(document.get("called", "")),
        tuple(map(str, names)),
        at if isinstance(at, int) else 0,
        str(document.get("folder", "")),
        options if isinstance(options, dict) else {},
        took if isinstance(took, int) else None,
        str(document.get("trouble", "")),
    )

"""Chats as they were exported, in one neutral shape, whatever program wrote them.

A reader of a format (`inbox.channels.chat`) makes chats of this shape; what becomes of them is decided elsewhere. Lines are
made as they are asked for, so that a transcript of any length passes: `Chat.oddities` is complete once they have been read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from inbox.model import Instant
from inbox.text import one_line
from inbox.us import Us

FORMATS = {
    "whatsapp": "whatsapp",
    "telegram": "telegram",
    "slack": "slack",
    "messenger": "messenger",
    "discord": "discord",
    "signal": "signal_text",
    "matrix": "matrix",
    "google-chat": "google_chat",
    "sms": "sms",
    "tawk": "tawk",
    "intercom": "intercom",
    "zendesk-chat": "zendesk_chat",
    "olark": "olark",
    "livechat": "livechat",
    "hubspot": "hubspot",
    "irc": "irc",
    "mail-transcript": "mail_transcript",
    "jsonl": "jsonl",
    "csv": "tables",
}
"""Every format by its name, with the module of `inbox.channels.chat` that reads it; asked in this order."""
MOST_ODDITIES = 200
"""What is said of one chat; of the rest only how many there were."""
BY_HAND = "by-hand:"
"""What ids of lines begin with that a person has carried into a chat, and no transcript has shown yet."""
LONGEST_NAME = 60
"""Characters of a name that is asked for."""


class Side(StrEnum):
    """Who speaks: the customer, somebody of ours, a program of ours, the chat program itself, or nobody can tell."""

    CUSTOMER = "customer"
    AGENT = "agent"
    BOT = "bot"
    SYSTEM = "system"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who takes part. `handle` is how the format knows them ("" where it has no more than a name); `address` and
    `phone` are what it tells besides."""

    name: str
    handle: str = ""
    role: Side = Side.UNKNOWN
    address: str = ""
    phone: str = ""

    @property
    def key(self) -> str:
        """What lines call their author: the handle, else the name."""
        return self.handle or self.name

    @property
    def called(self) -> str:
        """What people see of them: the name, else the handle."""
        return self.name or self.handle


@dataclass(frozen=True, slots=True)
class Media:
    """A file that belongs to a line. `place` is where its bytes lie in the source; without it the file is missing, and type
    and size are None."""

    name: str | None
    type: str | None = None
    size: int | None = None
    place: str = ""


class Line(NamedTuple):
    """One thing that was said. `author` is the key of a participant, None where the chat program itself speaks; `reply_to`
    is the id of another line; `topic` is what lines of one matter have in common, where the format knows matters; `mark` is
    "edited", "deleted", or "note" for what only our side saw; `title` what it is called, where lines have titles."""

    id: str
    at: Instant
    author: str | None
    role: Side
    text: str
    attachments: tuple[Media, ...] = ()
    reply_to: str | None = None
    topic: str | None = None
    mark: str = ""
    title: str = ""


class Oddities:
    """What was wrong, in words, each once; of a great many, only how many more there were."""

    def __init__(self) -> None:
        self._said: dict[str, None] = {}
        self._more = 0

    def say(self, what: str) -> None:
        """Remember one; the same again changes nothing."""
        if what in self._said:
            return
        if len(self._said) < MOST_ODDITIES:
            self._said[what] = None
        else:
            self._more += 1

    def join(self, other: Oddities) -> None:
        """Remember what was said elsewhere, too."""
        for what in other.told:
            self.say(what)

    def take(self) -> Oddities:
        """What was said so far, handed over; this one begins anew."""
        taken = Oddities()
        taken._said, taken._more = self._said, self._more
        self._said, self._more = {}, 0
        return taken

    @property
    def told(self) -> tuple[str, ...]:
        """All of them, in the order they were met."""
        more = (f"… and {self._more} more",) if self._more else ()
        return (*self._said, *more)


class Again:
    """Lines that are made anew whenever they are read."""

    def __init__(self, make: Callable[[], Iterator[Line]]) -> None:
        self._make = make

    def __iter__(self) -> Iterator[Line]:
        return self._make()


@dataclass(slots=True)
class Chat:
    """One chat as exported. `lines` can be read again and again, oldest first; `participants` go by their keys."""

    format: str
    id: str | None
    title: str | None
    lines: Iterable[Line]
    participants: dict[str, Participant] = field(default_factory=dict)
    oddities: Oddities = field(default_factory=Oddities)


class Place(NamedTuple):
    """Where a line belongs: its chat, by the format and what it goes by there, what that is called, and its own id, instant
    and topic."""

    format: str
    chat: str
    title: str
    line: str
    at: Instant
    topic: str | None = None


class Carried(NamedTuple):
    """What a person of ours has carried into a chat by hand, and no transcript has shown yet."""

    message: int
    conversation: int
    at: Instant
    text: str


class Around(NamedTuple):
    """What is here already, of some lines of a chat that follow each other: those that are, with the conversation each
    stands in; the conversation and instant of the line before them, and of the one behind; where topics are talked about;
    what was carried there by hand.
    """

    known: Mapping[str, int] = {}
    before: tuple[int, Instant] | None = None
    behind: tuple[int, Instant] | None = None
    topics: Mapping[str, int] = {}
    carried: Sequence[Carried] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader is told beside the files: who is us, the zone of local times (None: nobody said, UTC is taken and
    said to be), whether that is only where this machine stands (which is said, too), and for CSV which column is what."""

    us: Us = Us()  # noqa: RUF009  frozen
    zone: ZoneInfo | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    zone_is_guess: bool = False


def sides(people: Mapping[str, Participant], us: Us) -> dict[str, Participant]:
    """The same participants with our side told by its names: where one of us takes part, everybody else of whom the format
    says nothing is a customer; and so is who speaks alone, where it is known who is us."""
    ours = {
        key
        for key, each in people.items()
        if each.role is Side.AGENT
        or (each.role is Side.UNKNOWN and any(us.is_our_name(name) for name in _names(each)))
    }
    unknown = [key for key, each in people.items() if each.role is Side.UNKNOWN]
    alone = bool(us) and len(unknown) == 1
    told = {}
    for key, each in people.items():
        role = each.role
        if role is Side.UNKNOWN and (ours or alone):
            role = Side.AGENT if key in ours else Side.CUSTOMER
        told[key] = Participant(each.name, each.handle, role, each.address, each.phone)
    return told


def _names(each: Participant) -> Iterator[str]:
    return (word for word in (each.name, each.handle, each.address, each.phone) if word)


def folded(name: str) -> str:
    """A name for comparison."""
    return " ".join(name.split()).casefold()


def asked_name(name: str) -> str:
    """What a name is asked for by, and found again: as a person sees it and can type it, folded."""
    return one_line(folded(name), LONGEST_NAME)


class Ordinals:
    """Stable ids for lines of formats that have none: the same line of a longer export has the same id.

    It is made of the minute, the author, the text, and of how many equal ones came before in that minute. Lines come in the
    order of time, so only one minute is remembered.
    """

    def __init__(self, format_: str) -> None:
        self._format = format_
        self._minute: Instant | None = None
        self._seen: dict[tuple[str | None, str], int] = {}

    def id(self, at: Instant, author: str | None, text: str) -> str:
        """The id of the next line."""
        minute = at // 60
        if minute != self._minute:
            self._minute = minute
            self._seen.clear()
        number = self._seen.get((author, text), 0)
        self._seen[author, text] = number + 1
        words = "\x00".join((self._format, str(minute), author or "", text, str(number)))
        return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()

"""What a query says, as a tree of frozen nodes. Build And, Or and Not with `both`, `either` and `negated`.

A node is about a conversation. In a search for messages, words, dates and attachments are about the message
itself and everything else about its conversation. Nodes hold no person and no present moment: "me" and "now"
are given when a tree is evaluated, so that a view can be a constant.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from inbox.model import Instant, Status


class Field(StrEnum):
    """The parts of a message that words are looked for in: the columns of the full-text index."""

    SUBJECT = "subject"
    SENDER = "sender"
    RECIPIENTS = "recipients"
    BODY = "body"


class Flag(StrEnum):
    """What holds of a conversation or does not. A query can name the first seven; views use all of them."""

    LATE = "late"  # its deadline is over
    UNREAD = "unread"
    NOTICE = "notice"
    ANSWERED = "answered"
    VIP = "vip"
    UPSET = "upset"
    ATTACHMENT = "attachment"  # a message of it (in a search: the message) has a file attached
    UNANSWERED = "unanswered"  # a customer's message waits for an answer
    SENDING = "sending"
    FAILED = "failed"
    APPROVALS = "approvals"
    QUARANTINED = "quarantined"
    SUGGESTED = "suggested"
    MENTIONED = "mentioned"  # a note names me and I have not acted since
    OUT_OF_SIGHT = "out of sight"  # a customer waits, and neither a clock nor the outbox nor the list says so


@dataclass(frozen=True, slots=True)
class Everything:
    """Every conversation."""


@dataclass(frozen=True, slots=True)
class _Parts:
    parts: tuple[Node, ...]


class And(_Parts):
    """All parts hold."""

    __slots__ = ()


class Or(_Parts):
    """At least one part holds."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Node


@dataclass(frozen=True, slots=True)
class Words:
    """A word or phrase as typed: its words follow each other in one field (any, or `field`) of one message.

    With `prefix` the last word may go on. How words are cut and compared: `inbox.queries.words`.
    """

    text: str
    field: Field | None = None
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class _Named:
    name: str


class Tag(_Named):
    """It carries this tag, exactly as written."""

    __slots__ = ()


class CustomerIs(_Named):
    """The customer: an id if it is a number, else how words of the name begin, or part of an address."""

    __slots__ = ()


class Channel(_Named):
    """It came by this channel: mail, phone, feed or a chat format's name, in lower case."""

    __slots__ = ()


class MailboxIs(_Named):
    """It belongs to this mailbox, exactly as the settings name it."""

    __slots__ = ()


class Issue(_Named):
    """It is linked to this issue. Nothing is yet."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class StatusIs:
    """Its status is one of these."""

    statuses: tuple[Status, ...]


@dataclass(frozen=True, slots=True)
class Assignee:
    """It is assigned to `name`, or to me, or (neither given) to nobody."""

    name: str | None = None
    me: bool = False


@dataclass(frozen=True, slots=True)
class Ids:
    """It is one of these conversations."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Is:
    """A flag is set."""

    flag: Flag


@dataclass(frozen=True, slots=True)
class _When:
    at: Instant


class Before(_When):
    """The last message (in a search: the message) is from before this instant."""

    __slots__ = ()


class After(_When):
    """The last message (in a search: the message) is from this instant or later."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class _Within:
    seconds: int


class Due(_Within):
    """Its deadline is over, or comes within so many seconds."""

    __slots__ = ()


class Quiet(_Within):
    """Its last message is older than so many seconds."""

    __slots__ = ()


Node: TypeAlias = (
    Everything
    | And
    | Or
    | Not
    | Words
    | Tag
    | CustomerIs
    | Channel
    | MailboxIs
    | Issue
    | StatusIs
    | Assignee
    | Ids
    | Is
    | Before
    | After
    | Due
    | Quiet
)


def both(*parts: Node) -> Node:
    """All of the parts, flat: no And within an And, no Everything, no And of one."""
    flat = [p for part in parts for p in (part.parts if isinstance(part, And) else (part,))]
    wanted = tuple(part for part in flat if not isinstance(part, Everything))
    if len(wanted) == 1:
        return wanted[0]
    return And(wanted) if wanted else Everything()


def either(*parts: Node) -> Node:
    """Any of the parts (at least one), flat: no Or within an Or, Everything as soon as one part is."""
    flat = tuple(p for part in parts for p in (part.parts if isinstance(part, Or) else (part,)))
    if any(isinstance(part, Everything) for part in flat):
        return Everything()
    return flat[0] if len(flat) == 1 else Or(flat)


def negated(part: Node) -> Node:
    """Not the part; what is denied twice is said once."""
    return part.part if isinstance(part, Not) else Not(part)

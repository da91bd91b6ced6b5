"""What a query says, as a tree of frozen nodes. Build And, Or and Not with `both`, `either` and `negated`.

A node is about a conversation. In a search for messages, words, dates and attachments are about the message
itself and everything else about its conversation. Nodes hold no person and no present moment: "me" and "now"
are given when a tree is evaluated, so that a view can be a constant.
"""

from __future__ import annotations

from enum import StrEnum
from inspect import get_annotations
from typing import ClassVar, NoReturn, TypeAlias, dataclass_transform

from inbox.listing import Instant, Status


class Field(StrEnum):
    """The parts of a message that words are looked for in: the columns of the full-text index."""

    SUBJECT = "subject"
    SENDER = "sender"
    RECIPIENTS = "recipients"
    BODY = "body"


GONE_QUIET = 7 * 86_400
"""Seconds without a word after which a conversation that waits for the customer has gone quiet."""


class Flag(StrEnum):
    """What holds of a conversation or does not. A query can name those of `grammar.ASKED`; views use all of them."""

    LATE = "late"  # its deadline is over
    UNREAD = "unread"
    NOTICE = "notice"
    ANSWERED = "answered"
    VIP = "vip"
    UPSET = "upset"
    PROMISED = "promised"  # something is promised to the customer, and not kept yet
    THANKS = "thanks"  # the last message is a mere thank-you
    GOODWILL = "goodwill"  # something was given to the customer here
    FEEDBACK = "feedback"  # the customer has answered how it was
    ATTACHMENT = "attachment"  # a message of it (in a search: the message) has a file attached
    UNANSWERED = "unanswered"  # a customer's message waits for an answer
    SENDING = "sending"
    FAILED = "failed"
    APPROVALS = "approvals"
    QUARANTINED = "quarantined"
    SUGGESTED = "suggested"
    MENTIONED = "mentioned"  # a note names me and I have not acted since
    OUT_OF_SIGHT = "out of sight"  # a customer waits, and neither a clock nor the outbox nor the list says so


@dataclass_transform(frozen_default=True)
class _Value:
    """A frozen value with the annotated fields of its class, equal to others of this very class.

    What a frozen dataclass is, but made in no time: every command loads these classes before it does anything.
    """

    __match_args__: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        fields = (*cls.__match_args__, *get_annotations(cls))
        cls.__match_args__ = fields  # type: ignore[misc]  # mypy thinks of the class as of a dataclass

    def __init__(self, *values: object, **named: object) -> None:
        fields = self.__match_args__
        given = dict(zip(fields, values, strict=False)) | named
        for name in fields:
            self.__dict__[name] = given.pop(name) if name in given else getattr(type(self), name)
        if given or len(values) > len(fields):
            raise TypeError(f"{type(self).__name__} has the fields {fields}")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.__dict__.items())})"


class Everything(_Value):
    """Every conversation."""


class _Parts(_Value):
    parts: tuple[Node, ...]


class And(_Parts):
    """All parts hold."""


class Or(_Parts):
    """At least one part holds."""


class Not(_Value):
    """The part does not hold."""

    part: Node


class Words(_Value):
    """A word or phrase as typed: its words follow each other in one field (any, or `field`) of one message.

    With `prefix` the last word may go on. How words are cut and compared: `inbox.queries.words`.
    """

    text: str
    field: Field | None = None
    prefix: bool = False


class _Named(_Value):
    name: str


class Tag(_Named):
    """It carries this tag, exactly as written."""


class CustomerIs(_Named):
    """The customer: an id if it is a number, else how words of the name begin, or part of an address."""


class Channel(_Named):
    """It came by this channel: mail, phone, feed or a chat format's name, in lower case."""


class MailboxIs(_Named):
    """It belongs to this mailbox, exactly as the settings name it."""


class Issue(_Value):
    """It is linked to the issue of this name, or (none given) to any."""

    name: str | None = None


class OutcomeIs(_Named):
    """It is closed, and this came of it: a word of `inbox.outcomes`."""


class CauseIs(_Named):
    """It is closed, and this is whose doing it was, exactly as written."""


class Score(_Value):
    """The customer answered last, when asked how it was, with a number from `low` to `high`, both included."""

    low: int
    high: int


class StatusIs(_Value):
    """Its status is one of these."""

    statuses: tuple[Status, ...]


class Assignee(_Value):
    """It is assigned to `name`, or to me, or (neither given) to nobody."""

    name: str | None = None
    me: bool = False


class Ids(_Value):
    """It is one of these conversations."""

    ids: tuple[int, ...]


class Is(_Value):
    """A flag is set."""

    flag: Flag


class _When(_Value):
    at: Instant


class Before(_When):
    """The last message (in a search: the message) is from before this instant."""


class After(_When):
    """The last message (in a search: the message) is from this instant or later."""


class _Within(_Value):
    seconds: int


class Due(_Within):
    """Its deadline is over, or comes within so many seconds."""


class Warned(_Value):
    """Its warning has come: its deadline is over, or near enough for its policy to warn."""


class Quiet(_Within):
    """Its last message is older than so many seconds."""


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
    | OutcomeIs
    | CauseIs
    | Score
    | StatusIs
    | Assignee
    | Ids
    | Is
    | Before
    | After
    | Due
    | Warned
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

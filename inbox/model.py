"""The words of Frontdesk as types: frozen, plain, without behaviour that touches the world.

Instants are whole seconds of UTC since 1970 (`Instant`); durations are whole seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, NamedTuple

# Told in a module of their own, which is all that a command that lists has to load.
from inbox.listing import ACTIVE as ACTIVE  # noqa: PLC0414
from inbox.listing import Conversation as Conversation  # noqa: PLC0414
from inbox.listing import Instant as Instant  # noqa: PLC0414
from inbox.listing import Role as Role  # noqa: PLC0414
from inbox.listing import Status as Status  # noqa: PLC0414
from inbox.listing import Who as Who  # noqa: PLC0414

# --------------------------------------------------------------------------- mail as it was read


class Address(NamedTuple):
    """A mailbox as written: the decoded display name ("" when none) and the address, not folded."""

    name: str
    address: str


class Attachment(NamedTuple):
    """A leaf that is not the body: file name as given (None when none), type in lower case, decoded size in bytes."""

    name: str | None
    type: str
    size: int
    inline: bool = False


class Automatic(NamedTuple):
    """What machine mail this is; `why` names the headers or words that said so (docs: mail, automatic)."""

    is_automatic: bool = False
    suppress_auto_reply: bool = False
    notice: bool = False
    why: tuple[str, ...] = ()


class Call(NamedTuple):
    """A phone call. `way`: "in" they called, "out" we called, "missed" we called and nobody was reached; `seconds`: how long
    it took, None where nobody says."""

    way: str
    seconds: int | None = None


class Bounce(NamedTuple):
    """One recipient of a delivery report: enhanced status ("5.1.1"), SMTP code, "hard" or "soft", the server's words.

    `action`: "failed" or "delayed", as RFC 3464 or plain words say it, else "". `final`: where a forwarded one ended up,
    "" when that is the recipient itself. `until`: of a delayed one, how long it is still tried.
    """

    recipient: str
    status: str | None
    code: int | None
    kind: str
    diagnostic: str
    action: str = ""
    final: str = ""
    until: Instant | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message as read from its raw bytes. Reading never fails: what was wrong is in `oddities`, in words."""

    message_id: str | None = None
    date: Instant | None = None  # the Date header, else the top Received, else None
    received: Instant | None = None  # the top Received header alone
    subject: str = ""
    sender: tuple[Address, ...] = ()  # From
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    text: str = ""  # the whole readable body, quote and signature included
    reply: str = ""  # what the person wrote
    quoted: str = ""
    signature: str = ""
    attachments: tuple[Attachment, ...] = ()
    automatic: Automatic = Automatic()  # noqa: RUF009  (a tuple)
    bounces: tuple[Bounce, ...] = ()
    in_reply_to: tuple[str, ...] = ()  # ids keep their angle brackets
    references: tuple[str, ...] = ()  # oldest first
    on_behalf_of: tuple[
        Address, ...
    ] = ()  # the customer, where the headers name who passed it on: a form, a teammate
    authentication: tuple[str, ...] = ()  # Authentication-Results values, newest first, as written
    oddities: tuple[str, ...] = ()
    digest: str = (
        ""  # hex digest of (From, Date, Subject, decoded parts): with Message-ID the identity of a message
    )
    call: Call | None = None  # of what was said on the phone


# --------------------------------------------------------------------------- people


class Identity(NamedTuple):
    """One way a customer is known: kind "mail", "phone" or a chat format's name; value folded for comparison."""

    kind: str
    value: str


class Customer(NamedTuple):
    """A person or company we talk to, over all channels. `merged_into` redirects a joined customer for ever, to whom
    it lives under now. `form` is how they are addressed: "familiar" (du, tu), "polite" (Sie, vous), "" not said.
    """

    id: int
    name: str
    identities: tuple[Identity, ...] = ()
    tags: tuple[str, ...] = ()
    merged_into: int | None = None
    vip: bool = False
    note: str = ""
    language: str = ""  # two letters
    form: str = ""
    stop: bool = False  # wants no announcements and no questions how it was: only answers
    fields: tuple[tuple[str, str], ...] = ()  # own ones: name and value, by name
    erased: Instant = 0  # when all that was known of them was erased


class Block(NamedTuple):
    """A sender whose mail is spam: the folded address, or `@domain` for everybody there; who said so, and when."""

    address: str
    who: str
    at: Instant


class Ruling(NamedTuple):
    """A sender (the folded address, or `@domain`) whose mail is always a notice, or never one; who said so, and when."""

    address: str
    notice: bool
    who: str
    at: Instant


# --------------------------------------------------------------------------- conversations


class EventType(IntEnum):
    """Numbers are read for ever: never reuse one, never change what one means."""

    RECEIVED = 1  # a message came in, or one of ours written elsewhere was seen
    QUEUED = 2  # a reply of ours entered the outbox
    SENT = 3  # the server accepted a reply of ours, for at least one recipient
    UNDELIVERED = 4  # a reply of ours failed for good, or came back
    NOTED = 5
    ASSIGNED = 6
    TAGGED = 7
    SNOOZED = 8
    WOKEN = 9
    HELD = 10
    CLOSED = 11
    REOPENED = 12
    SPAM = 13
    PARTED = 14  # messages moved out into a conversation of their own, or into another one
    MERGED = 15
    DECLINED = 16  # it is no part of what it was said to look like
    CUSTOMER_MADE = 17
    CUSTOMERS_JOINED = 18  # one customer is another one
    CUSTOMER_EDITED = 19  # a person said something of a customer: name, note, tags, VIP, language, an address
    UNDONE = 20
    REDONE = 21
    SETTINGS = 22  # who is us, hours or policies changed; the text stands in a side row
    POLICY = 23  # another SLA policy applies to the conversation
    READ = 24
    UNKNOWN = 25  # the line was lost after the final dot: nobody knows whether the reply left
    SUGGESTED = 26  # looks like part of another conversation
    SIDE = 27  # who wrote a message was derived again: us or the customer
    PARSED = 28  # messages were read again by a newer parser
    RELEASED = 29  # a reply that was held, failed or unknown goes again, because a person says so
    DROPPED = 30  # a reply that never left was given up
    BLOCKED = 31  # all further mail of a sender, or of a whole domain, is spam
    UNBLOCKED = 32
    COMPLETED = 33  # the rest of a large message came, of which only the beginning was here
    DELAYED = 34  # a reply of ours has been refused for hours, for now: whoever wrote it is told
    SENDER_RULED = 35  # a sender's mail, or a whole domain's, is always a notice, or never one
    OVERRIDDEN = 36  # a reply of ours was sent although checks said no, because a person gave a reason
    GOODWILL = 37  # something was given to a customer: a discount, a refund, a gift
    NUDGING = 38  # whether we write again by ourselves to a customer who does not answer
    LOOP_STOPPED = 39  # nothing automatic goes to an address for a while: too much went to and fro
    PROMISED = 40  # something was promised to the customer, until an instant
    KEPT = 41  # the oldest promise that is open was kept
    FOLLOW_UP = 42  # somebody is to come back to it at an instant
    DONE = 43  # the oldest follow-up that is open is done
    FIRED = 44  # a rule did something, because of an event, and why
    ISSUE = 45  # an issue was made, changed or closed: one cause of many conversations
    LINKED = 46  # a conversation belongs to an issue, or does no more
    UPSET = 47  # the customer is upset, by the signs that are named, or is not, because a person says so
    FEEDBACK = 48  # a customer was asked how it was, or has answered
    OUTCOME = 49  # what came of it, and whose doing it was, said after closing
    HANDED_OVER = 50  # given to a teammate with one line that says where it stands
    SENT_BY_HAND = 51  # an answer of ours that a person carried to where the customer is, and said so
    CALLED = 52  # somebody of ours has telephoned with the customer, or has tried to
    CHAT_TAKEN = 53  # a mail told of a chat, whose lines are messages by now: it was taken as one by a person
    APPROVED = 54  # an owner or agent said yes to what a trainee wrote: it goes
    GIVEN_BACK = 55  # what waited for a yes is a draft of who wrote it again
    RESTRICTED = 57  # who may see which mailboxes was settled anew
    ERASED = (
        62  # what a conversation, some of its messages or a customer said was erased, and comes back no more
    )
    HANDED_OUT = 63  # all that is held of a customer, or of everybody, was written out of the workspace
    BACKED_UP = 64  # a backup was written
    TEAM = 66  # somebody was taken into the team or out of it, got another role or key, is away or back


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the record: who did what to which conversation, when it counts from, and why.

    `data` holds ids and short words only; texts lie in side rows that can be erased. `at` is when it counts from,
    `recorded` when it was written down (they differ for imported history). Events of one action share `batch`,
    the number of its first event.
    """

    type: EventType
    at: Instant
    who: str
    conversation: int | None = None
    message: int | None = None
    why: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    recorded: Instant = 0
    seq: int = 0  # given by the store
    batch: int = 0  # given by the store
    void: bool = False  # undone


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a verb cannot be done, in words a person can read, and what would help."""

    reason: str
    next_step: str = ""
    about: tuple[int, int] | None = None  # the conversation, and the message of ours that it is about


# --------------------------------------------------------------------------- clocks


class ClockKind(StrEnum):
    """The clocks of a conversation, in the order in which equals are listed."""

    FIRST_REPLY = "first_reply"
    NEXT_REPLY = "next_reply"
    RESOLVE = "resolve"
    UPDATE = "update"
    PROMISE = "promise"
    FOLLOW_UP = "follow_up"


class ClockState(StrEnum):
    """The result of a clock; "late" is decided by instants."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    BREACHED = "breached"
    MOVED = "moved"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Happening:
    """What clocks see of an event. `what`: customer, reply, note, automatic, open, waiting, held, snoozed, closed,
    spam, promise, kept, follow-up, done. `history_since`: set for imported messages, the import's instant, from
    which an unmet reply clock counts. `due` and `anyway` belong to promises and follow-ups, `aim` to promises; `by` names
    who, for the ledger.
    """

    at: Instant
    what: str
    due: Instant | None = None
    anyway: bool = False
    by: str = ""
    history_since: Instant | None = None
    aim: Instant | None = None


class LedgerRow(NamedTuple):
    """One span of a clock's life: counted open time, or a hole and its reason. Counted rows add up to `taken`."""

    start: Instant
    end: Instant
    counted: int
    reason: str


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock as derived at an instant. Seconds; `taken` and `target` None for promises and follow-ups."""

    kind: ClockKind
    state: ClockState
    started: Instant
    due: Instant | None
    met: Instant | None
    target: int | None
    taken: int | None
    margin: int | None
    breached_at: Instant | None
    warn_at: Instant | None = None
    aim: Instant | None = None  # of a promise that is open: when we want to be done

    @property
    def wanted(self) -> Instant | None:
        """When it is to be done: what is aimed for, else when it is due."""
        return self.aim if self.aim is not None else self.due

    ledger: tuple[LedgerRow, ...] = ()

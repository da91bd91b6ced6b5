"""What a list needs of the model: who asks, where a conversation stands, and a row of the list.

By itself, so that commands that list load nothing else, and of tuples, which are made in no time; everybody else finds
these in `inbox.model` and `inbox.ports`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

Instant = int
"""UTC, whole seconds since 1970-01-01T00:00:00Z."""


class Role(StrEnum):
    """What a teammate may do; one table verb x role stands in `verbs`."""

    OWNER = "owner"
    AGENT = "agent"
    TRAINEE = "trainee"
    READER = "reader"


class Who(NamedTuple):
    """Who acts: a teammate's name and role, or a machine part ("import", "sync", "clock", a rule) as owner. `team`: the
    names and roles there are, so that a refusal can say who may."""

    name: str
    role: Role = Role.OWNER
    team: tuple[tuple[str, Role], ...] = ()


PROGRAMS = frozenset({"sync", "import", "settings", "clock", "screen", "rules", "worker"})
"""Who acts where no person does; no teammate can be called so."""


class Status(StrEnum):
    """Where a conversation stands."""

    OPEN = "open"
    WAITING = "waiting"  # for the customer
    HELD = "held"  # for somebody else: carrier, supplier, colleague
    SNOOZED = "snoozed"
    CLOSED = "closed"
    SPAM = "spam"


ACTIVE = (Status.OPEN, Status.WAITING, Status.HELD, Status.SNOOZED)


class Conversation(NamedTuple):
    """The state of one conversation, folded from its events by `fold.Folding.apply`; never written any other way."""

    id: int
    status: Status = Status.OPEN
    assignee: str | None = None
    tags: tuple[str, ...] = ()  # sorted
    customer: int | None = None  # who wrote, or was written to, first
    channel: str = "mail"
    mailbox: str | None = None
    first_message: int | None = None  # by time; its subject is the conversation's
    last_message: int | None = None  # by time, without notes; its words are the snippet
    first_at: Instant = 0
    last_at: Instant = 0
    last_from: str = ""  # "customer" | "us" | "automatic", of the last message; notes do not count
    messages: int = 0  # in and out, without notes
    unread: bool = False
    notice: bool = False
    answered: bool = False  # a person of ours has replied in public
    waiting_since: Instant | None = None  # the oldest customer message nobody has answered
    last_customer_at: Instant | None = None  # the newest message of a person on the customer's side
    last_reply_at: Instant | None = None  # our newest public reply
    snoozed_until: Instant | None = None
    held_for: str | None = None
    held_until: Instant | None = None
    closed_at: Instant | None = None
    closed_why: str | None = None  # the outcome: a word of `inbox.outcomes`
    cause: str | None = None  # whose doing it was, where somebody has said so; while it is closed
    referred: str | None = None  # to whom the customer was referred; while it is closed
    linked_to: int | None = None  # the conversation this one continues
    sending: int = 0  # replies of ours queued and not yet accepted
    failed: int = 0  # replies of ours that failed, or of which nobody knows whether they left
    approvals: int = 0  # replies of a trainee's that need a yes
    mentions: tuple[
        str, ...
    ] = ()  # teammates named with @ in a note, or to whom it was handed over, who have not acted here since
    handed: int | None = None  # the event by which it was handed over, until who got it acts
    suggested: int | None = None  # looks like part of this conversation; itself: like a chat
    marked: bool = False  # who wrote here may be somebody else than it seems
    upset: bool = False  # the customer is, by signs that are named, or because a person says so
    signs: tuple[str, ...] = ()  # the codes of those signs, and of such as a person said no to
    contacts: int = 0  # how often the customer came in a row since we answered; no row says it
    unjudged: bool = False  # spam of the server or a block, of which no person has said so
    quarantined: bool = False  # holds a message that could not be read
    promised_until: Instant | None = None  # when the oldest promise that is open falls due
    follow_up_at: Instant | None = None  # when the oldest follow-up that is open falls due
    issue: str | None = None  # the issue it is linked to
    thanks: bool = False  # the last message is a mere thank-you: nobody waits for an answer to it
    nudging: bool = False  # we write again by ourselves if the customer does not answer
    nudged: int = 0  # how often we have, since they last wrote
    nudge_at: Instant | None = (
        None  # when the next message that no person writes goes: a nudge, or a check-in
    )
    check_in_at: Instant | None = None  # that of a check-in
    turned_at: Instant = 0  # when the status was last set
    live: bool = False  # more than imported history: new mail came, or a person did something here
    goodwill: int = 0  # how often something was given here
    score: int | None = None  # what the customer answered last when asked how it was: 1 to 5
    asked_at: Instant | None = None  # when they were last asked
    seq: int = 0  # the last event folded in
    erased: bool = False  # all that was said here is gone for good; no row says it

    @property
    def looks_like_chat(self) -> bool:
        """Whether a mail in it looks like a chat, of which no person has said anything yet."""
        return self.suggested == self.id

    @property
    def is_pledged(self) -> bool:
        """Whether something is promised there, or to be followed up."""
        return self.promised_until is not None or self.follow_up_at is not None


class Row(NamedTuple):
    """A conversation as a list shows it: its state, the words beside it and its next deadline."""

    conversation: Conversation
    subject: str
    snippet: str
    customer_name: str
    customer_addresses: tuple[str, ...]
    customer_handles: tuple[str, ...]
    customer_open: int  # how many conversations this customer has that are not closed
    due_at: Instant | None
    warn_at: Instant | None
    policy: str
    vip: bool = False
    handed: tuple[str, str, str] | None = (
        None  # who handed it over, to whom, and the line that says where it stands
    )

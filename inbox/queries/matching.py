"""A query evaluated in memory, over the facts of one conversation; the store's SQL must agree with it."""

from __future__ import annotations

from dataclasses import dataclass

from inbox.model import Conversation, Instant, Status
from inbox.queries.tree import (
    After,
    And,
    Assignee,
    Before,
    CauseIs,
    Channel,
    CustomerIs,
    Due,
    Everything,
    Field,
    Flag,
    Ids,
    Is,
    Issue,
    MailboxIs,
    Node,
    Not,
    Or,
    OutcomeIs,
    Quiet,
    Score,
    StatusIs,
    Tag,
    Warned,
    Words,
)
from inbox.queries.words import fold_words, is_number, needle, tokens


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """What a query can ask of a message or note; texts as written. `attachments` counts files not inline."""

    subject: str = ""
    sender: str = ""
    recipients: str = ""
    body: str = ""  # what was written, without quotes
    at: Instant = 0
    attachments: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What a query can ask of a conversation. `identities`: the customer's folded addresses and handles; `known`: we have
    answered them, here or elsewhere."""

    conversation: Conversation
    due_at: Instant | None = None
    warn_at: Instant | None = None
    vip: bool = False
    upset: bool = False
    customer_name: str = ""
    identities: tuple[str, ...] = ()
    known: bool = False
    messages: tuple[MessageFacts, ...] = ()


def matches(node: Node, facts: Facts, now: Instant, me: str) -> bool:
    """Whether a conversation fits: by words and attachments of any message, by the date of the last one."""
    return _fits(node, facts, None, now, me)


def matches_message(node: Node, facts: Facts, message: MessageFacts, now: Instant, me: str) -> bool:
    """Whether one message fits: by its own words, date and attachments, by its conversation for the rest."""
    return _fits(node, facts, message, now, me)


def _fits(node: Node, facts: Facts, message: MessageFacts | None, now: Instant, me: str) -> bool:
    conversation = facts.conversation
    match node:
        case Everything():
            return True
        case And(parts):
            return all(_fits(part, facts, message, now, me) for part in parts)
        case Or(parts):
            return any(_fits(part, facts, message, now, me) for part in parts)
        case Not(part):
            return not _fits(part, facts, message, now, me)
        case Words():
            return any(_holds(node, each) for each in ((message,) if message else facts.messages))
        case Tag(name):
            return name in conversation.tags
        case StatusIs(statuses):
            return conversation.status in statuses
        case Assignee(name, is_me):
            return conversation.assignee == (me if is_me else name)
        case CustomerIs(name):
            return _is_customer(name, facts)
        case Channel(name):
            return conversation.channel == name
        case MailboxIs(name):
            return conversation.mailbox == name
        case Issue(name):
            return conversation.issue is not None if name is None else conversation.issue == name
        case OutcomeIs(name):
            return conversation.status is Status.CLOSED and conversation.closed_why == name
        case CauseIs(name):
            return conversation.status is Status.CLOSED and conversation.cause == name
        case Score(low, high):
            return conversation.score is not None and low <= conversation.score <= high
        case Ids(ids):
            return conversation.id in ids
        case Is(Flag.ATTACHMENT):
            return any(each.attachments for each in ((message,) if message else facts.messages))
        case Is(flag):
            return _is(flag, facts, now, me)
        case Before(at):
            return (message.at if message else conversation.last_at) < at
        case After(at):
            return (message.at if message else conversation.last_at) >= at
        case Due(seconds):
            return facts.due_at is not None and facts.due_at <= now + seconds
        case Warned():
            warned = facts.due_at if facts.warn_at is None else facts.warn_at
            return facts.due_at is not None and warned is not None and warned <= now
        case Quiet(seconds):
            return conversation.last_at < now - seconds


def _holds(wanted: Words, message: MessageFacts) -> bool:
    words, prefix = needle(wanted.text, wanted.prefix)
    fields = Field if wanted.field is None else (wanted.field,)
    return any(_follow(words, prefix, tokens(getattr(message, field))) for field in fields)


def _follow(words: tuple[str, ...], prefix: bool, found: list[str]) -> bool:
    """Whether the words stand in `found` one after the other, the last one perhaps only as a beginning."""
    if not words:
        return False
    *first, last = words
    for start in range(len(found) - len(first)):
        end = start + len(first)
        if found[start:end] == first and (found[end].startswith(last) if prefix else found[end] == last):
            return True
    return False


def _is_customer(wanted: str, facts: Facts) -> bool:
    customer = facts.conversation.customer
    if customer is None:
        return False
    if is_number(wanted):
        return customer == int(wanted) or wanted in facts.identities
    words, part = fold_words(wanted), wanted.casefold()
    return (words != "" and f" {words}" in f" {fold_words(facts.customer_name)}") or any(
        part in value for value in facts.identities
    )


def _is(flag: Flag, facts: Facts, now: Instant, me: str) -> bool:
    conversation = facts.conversation
    match flag:
        case Flag.LATE:
            return facts.due_at is not None and facts.due_at < now
        case Flag.UNREAD:
            return conversation.unread
        case Flag.NOTICE:
            return conversation.notice
        case Flag.ANSWERED:
            return conversation.answered
        case Flag.VIP:
            return facts.vip
        case Flag.UPSET:
            return facts.upset
        case Flag.PROMISED:
            return conversation.promised_until is not None
        case Flag.THANKS:
            return conversation.thanks
        case Flag.GOODWILL:
            return conversation.goodwill > 0
        case Flag.FEEDBACK:
            return conversation.score is not None
        case Flag.ATTACHMENT:
            return any(message.attachments for message in facts.messages)
        case Flag.UNANSWERED:
            return conversation.waiting_since is not None
        case Flag.SENDING:
            return conversation.sending > 0
        case Flag.FAILED:
            return conversation.failed > 0
        case Flag.APPROVALS:
            return conversation.approvals > 0
        case Flag.QUARANTINED:
            return conversation.quarantined
        case Flag.SUGGESTED:
            return conversation.suggested is not None
        case Flag.MENTIONED:
            return me in conversation.mentions
        case Flag.OUT_OF_SIGHT:
            from inbox.sight import unseen

            return unseen(conversation, facts.due_at, facts.known) is not None

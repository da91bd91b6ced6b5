"""A message of ours: checked, built with its final Message-ID, and put into the outbox, where it waits to leave.

A reply answers the customer. What is forwarded goes to somebody else: the customer still waits, and the conversation
stays what it is unless the writer says otherwise.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from inbox import mime, outgoing
from inbox.actions import promise
from inbox.actions.facts import happened
from inbox.answering import hangs_on, reply_subject
from inbox.below import signed
from inbox.built import verify_built
from inbox.channel import channel_of, in_words
from inbox.checks import Written, newer, nobody_reads, to_nobody
from inbox.errors import FrontdeskError
from inbox.letter_html import html_of, signature_below
from inbox.listing import PROGRAMS
from inbox.model import (
    Attachment,
    Event,
    EventType,
    Instant,
    Message,
    Refusal,
    Role,
    Who,
)
from inbox.pledges import Promised
from inbox.ports import Content, Decision, DraftFile, Fact, Item, Scope, State
from inbox.ports import Outgoing as Leaving
from inbox.recipients import parse_recipients
from inbox.text import one_line

THEN = ("waiting", "closed", "snoozed", "open")
"""What a conversation can be after a reply."""


@dataclass(frozen=True, slots=True)
class Made:
    """A message of ours as it will leave, and as reading it back shows it."""

    sender: str
    envelope: tuple[str, ...]
    raw: bytes | Path
    message: Message


class Automatically(NamedTuple):
    """A message of ours that no person wrote: to whom it goes, folded, and whether it is of the kind that goes there once
    a day. `inbox.actions.auto_reply` alone may say so of an answer, and `inbox.actions.unasked` of what answers nothing
    (`by`: what it is)."""

    address: str
    vacation: bool = False
    by: str = ""


def scope(conversation: int, **_: object) -> Scope:
    """The conversation and its events: a colleague may have answered in the meantime."""
    return Scope(conversations=(conversation,), events=(conversation,), leaves=True)


def make(
    *,
    text: str,
    to: Sequence[str],
    sender: str | None,
    date: Instant,
    cc: Sequence[str] = (),
    bcc: Sequence[str] = (),
    subject: str | None = None,
    item: Item | None = None,
    quoted: str = "",
    signature: str = "",
    form: str = "text",
    enclosures: Sequence[outgoing.Enclosure] = (),
    bits: int | None = None,
    automatic: str = "",
    unsubscribe: str = "",
) -> Made | Refusal:
    """Build a message, read it back and compare. It touches nothing: a large one is made before the store is locked.

    Below `text` stand the signature, unless it has one, and what is quoted. With the `form` "both" all of it is said
    once more as HTML, `text` being read as Markdown.

    `date` is what its Date says: when it leaves, where that is decided. `bits` are the 128 random bits of its
    Message-ID, drawn here when not given. `automatic` is what Auto-Submitted says (RFC 3834), `unsubscribe` the address
    that List-Unsubscribe names.
    """
    if not text.strip() and not enclosures:
        return Refusal("The reply is empty.", "Write something first.")
    stop = next(to_nobody(Written(text, to, cc, bcc, sender)), None)
    if stop is not None:
        return Refusal(stop.words, stop.next_step)
    from_us, _ = parse_recipients(sender or "")
    if len(from_us) != 1:
        return Refusal(f"{one_line(sender or '', 80)} cannot be sent from.", "Choose one of our addresses.")
    sides = [tuple(parse_recipients("\n".join(each))[0]) for each in (to, cc, bcc)]
    answered = (
        Message(message_id=item.message_id, references=item.references)
        if item is not None and channel_of(item.channel).sends
        else Message()
    )
    in_reply_to, references = hangs_on(answered)
    body = signed(text, signature) + (f"\n\n{quoted}" if quoted else "")
    going = outgoing.Outgoing(
        sender=from_us[0],
        to=sides[0],
        cc=sides[1],
        bcc=sides[2],
        subject=reply_subject(item.subject if item is not None else "") if subject is None else subject,
        text=body,
        message_id=outgoing.new_message_id(
            from_us[0].address.rpartition("@")[2], secrets.randbits(128) if bits is None else bits
        ),
        date=date,
        in_reply_to=in_reply_to,
        references=references,
        html=html_of(text, signature_below(text, signature), quoted) if form == "both" else None,
        attachments=tuple(enclosures),
        automatic=automatic,
        unsubscribe=unsubscribe,
    )
    try:
        raw = outgoing.build(going)
        envelope = outgoing.envelope(going)
    except FrontdeskError as error:
        return Refusal(error.what, error.next_step)
    problems = verify_built(raw, going)
    if problems:
        return Refusal(
            f"The message was not built as it was meant: {problems[0]}.",
            "Nothing was sent. Please report this.",
        )
    return Made(going.sender.address, envelope, raw, _as_read(going, raw, text, quoted, signature))


def decide(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    then: str | None = "waiting",
    until: Instant | None = None,
    leave_after: int = 20,
    leave_at: Instant | None = None,
    seen: int | None = None,
    anyway: str = "",
    overridden: Sequence[str] = (),
    kind: str = "reply",
    mailbox: str | None = None,
    files: Sequence[DraftFile] = (),
    used: Sequence[str] = (),
    made: Made | None = None,
    automatic: Automatically | None = None,
    keeps: bool = False,
    promises: Promised | None = None,
    telling: Mapping[str, Any] | None = None,
    **written: Any,
) -> Decision:
    """Queue a reply to `item`; what is written are the arguments of `make`, or `made` of them before.

    `leave_at` is for later: it then leaves at that instant, unless the customer writes before. `seen` is the number of
    the last event the writer had on the screen: an answer of a colleague's after it stops the sending until it was
    read. `anyway` is the reason with which a person overrides what can be overridden, `overridden` the names of the
    checks that stopped it before (`inbox.checks`); those that are made here join them in the record. `files` are what the
    enclosures were made of, for the draft it becomes again when it is taken back; `used` what of the
    team's texts is in it. `keeps`: with it the oldest open promise is kept; `promises`: with it something is promised.
    `telling`: it goes to many (`inbox.actions.tell`), and which issue and telling it belongs to.
    """
    here = state.conversations[conversation]
    if who.name in PROGRAMS and automatic is None:  # it has to pass `inbox.actions.auto_reply`
        return Refusal("Nothing is sent by itself.", "Programs answer through inbox.actions.auto_reply.")
    if automatic is not None and not channel_of(here.channel).sends:
        return Refusal(
            f"Nothing goes by itself to who writes by {in_words(here.channel)}.", "A person answers."
        )
    if automatic is not None:
        written["automatic"] = "auto-generated" if automatic.by else "auto-replied"
    cannot_be = refused_times(now, then, until, leave_at)
    if cannot_be is not None:
        return cannot_be
    pledged = promise.with_reply(here, who, now, kind, leave_at, keeps=keeps, promises=promises)
    if isinstance(pledged, Refusal):
        return pledged
    if made is None:
        tried = make(date=leave_at or now, **written)
        if isinstance(tried, Refusal):
            return tried
        made = tried
    too_large = larger_than_taken(made, state, mailbox or here.mailbox)
    if too_large is not None:
        return too_large
    stops = [*nobody_reads(made.envelope), *newer(state.events[conversation], who.name, seen)]
    if stops and not anyway:
        return Refusal(stops[0].words, stops[0].next_step)
    data = {
        "then": then,
        "until": until,
        "mailbox": mailbox or here.mailbox,
        "customer": here.customer,
        "used": list(used) or None,
        "automatic": automatic.address if automatic is not None else None,
        "vacation": True if automatic is not None and automatic.vacation else None,
        "by": automatic.by or None if automatic is not None else None,
        **(telling or {}),
    }
    fact = queued(
        made,
        who,
        now,
        conversation,
        data,
        anyway=anyway,
        kind=kind,
        files=files,
        leave_after=leave_after,
        leave_at=leave_at,
    )
    checks = (*overridden, *(each.name for each in stops))
    return [fact, *pledged, *overriding(anyway, checks, conversation, who, now)]


def refused_times(
    now: Instant, then: str | None, until: Instant | None, leave_at: Instant | None
) -> Refusal | None:
    """The refusal of what cannot come after a message of ours, or of an instant to leave that has passed."""
    if then is not None and (then not in THEN or (then == "snoozed" and (until is None or until <= now))):
        return Refusal(
            "What comes after the message cannot be.",
            f"One of {', '.join(THEN)}; snoozed with a time to come.",
        )
    if leave_at is not None and leave_at <= now:
        return Refusal("The time for it has passed.", "Name one to come, or send it now.")
    return None


def larger_than_taken(made: Made, state: State, mailbox: str | None) -> Refusal | None:
    """The refusal of what the server of the mailbox would not take, as far as it has said how much that is."""
    largest = state.largest.get(mailbox or "")
    size = made.raw.stat().st_size if isinstance(made.raw, Path) else len(made.raw)
    if largest is None or size <= largest:
        return None
    return Refusal(
        f"The message has {size / 1e6:.1f} MB, and the server of {mailbox} takes {largest / 1e6:.1f} MB at most.",
        "Send a link, or fewer files at a time.",
    )


def overriding(anyway: str, checks: Sequence[str], conversation: int, who: Who, now: Instant) -> list[Fact]:
    """The event that says which checks were overridden, and why; [] where none was."""
    names = list(dict.fromkeys(checks))
    if not anyway or not names:
        return []
    return [happened(EventType.OVERRIDDEN, conversation, who, now, why=anyway, checks=names)]


def to_all(state: State, who: Who, now: Instant, **arguments: Any) -> Decision:
    """A reply to everybody."""
    return decide(state, who, now, kind="reply-all", **arguments)


def forward(
    state: State,
    who: Who,
    now: Instant,
    *,
    then: str | None = None,
    item: Item | None = None,
    **arguments: Any,
) -> Decision:
    """Pass something on to somebody else: it hangs on nothing the customer wrote, and answers nobody."""
    return decide(state, who, now, kind="forward", then=then, **arguments)


def queued(
    made: Made,
    who: Who,
    now: Instant,
    conversation: int,
    data: dict[str, Any],
    *,
    anyway: str = "",
    kind: str = "reply",
    files: Sequence[DraftFile] = (),
    leave_after: int = 20,
    leave_at: Instant | None = None,
) -> Fact:
    """The event of a message of ours, with its content for the outbox. What a trainee wrote waits for a yes there."""
    needs_yes = who.role is Role.TRAINEE
    more = {
        "held": "approval" if needs_yes else None,
        "kind": kind if kind != "reply" else None,
        "files": [file.sha for file in files] or None,
        "later": leave_at,
    }
    kept = {key: value for key, value in (data | more).items() if value is not None}
    event = Event(EventType.QUEUED, now, who.name, conversation, why=anyway, data=kept, recorded=now)
    leaving = Leaving(
        data.get("mailbox"),
        made.sender,
        made.envelope,
        now + leave_after if leave_at is None else leave_at,
        "held" if needs_yes else "queued",
        bulk="telling" in data or data.get("by") == "feedback",
    )
    content = Content(
        made.message,
        "out",
        now,
        made.raw,
        author=who.name,
        customer=data.get("customer"),
        outgoing=leaving,
    )
    return Fact(event, content)


def _as_read(going: outgoing.Outgoing, raw: bytes, text: str, quoted: str, signature: str) -> Message:
    """Our own message as reading it back would show it; its digest is that of the bytes that leave."""
    return Message(
        message_id=going.message_id,
        date=going.date,
        subject=going.subject,
        sender=(going.sender,),
        to=going.to,
        cc=going.cc,
        text=going.text,
        reply=text.rstrip(),
        quoted=quoted,
        signature=signature,
        attachments=tuple(
            Attachment(outgoing.file_name(each.name), each.type, len(each.content))
            for each in going.attachments
        ),
        in_reply_to=(going.in_reply_to,) if going.in_reply_to else (),
        references=going.references,
        digest=mime.parse(raw).digest,
    )

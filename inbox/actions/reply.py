"""A reply: checked, built with its final Message-ID, and put into the outbox. It leaves after the undo window."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from inbox import mime, outgoing
from inbox.answering import hangs_on, is_no_reply, reply_subject
from inbox.built import verify_built
from inbox.errors import FrontdeskError
from inbox.model import Address, Event, EventType, Instant, Message, Refusal, Role, Who
from inbox.ports import Content, Decision, Fact, Item, Scope, State
from inbox.ports import Outgoing as Leaving
from inbox.recipients import parse_recipients
from inbox.text import one_line

THEN = ("waiting", "closed", "snoozed", "open")
"""What a conversation can be after a reply."""


def scope(conversation: int, **_: object) -> Scope:
    """The conversation and its events: a colleague may have answered in the meantime."""
    return Scope(conversations=(conversation,), events=(conversation,))


def decide(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    text: str,
    to: Sequence[str],
    sender: str | None,
    cc: Sequence[str] = (),
    bcc: Sequence[str] = (),
    subject: str | None = None,
    mailbox: str | None = None,
    item: Item | None = None,
    quoted: str = "",
    then: str = "waiting",
    until: Instant | None = None,
    leave_after: int = 20,
    seen: int | None = None,
    anyway: str = "",
    bits: int | None = None,
) -> Decision:
    """Queue a reply to `item`.

    `seen` is the number of the last event the writer had on the screen: an answer of a colleague's after it stops the
    sending until it was read. `anyway` is the reason with which a person overrides what can be overridden. `bits` are
    the 128 random bits of the Message-ID (drawn here when not given: the one thing a decision may do twice).
    """
    here = state.conversations[conversation]
    if not text.strip():
        return Refusal("The reply is empty.", "Write something first.")
    if then not in THEN or (then == "snoozed" and (until is None or until <= now)):
        return Refusal(
            "What comes after the reply cannot be.", f"One of {', '.join(THEN)}; snoozed with a time to come."
        )
    if not sender:
        return Refusal(
            "None of our addresses is known to send from.",
            'Write a [[mailbox]] into settings.toml, or `us = ["support@…"]`.',
        )
    sides = [parse_recipients(", ".join(each)) for each in (to, cc, bcc)]
    unparsed = [piece for _, bad in sides for piece in bad]
    if unparsed:
        return Refusal(
            f"{one_line(unparsed[0], 80)} cannot be mailed.", "Correct the address, or take it out."
        )
    recipients = [address.address for good, _ in sides for address in good]
    if not recipients:
        return Refusal("Nobody would get this reply.", "Name a recipient.")
    if not anyway:
        deaf = next((address for address in recipients if is_no_reply(address)), None)
        if deaf is not None:
            return Refusal(
                f"Nobody reads what is sent to {deaf}.",
                "Name another address, or give a reason to send anyway.",
            )
        newer = _newer_answer(state, conversation, who, seen)
        if newer is not None:
            return Refusal(
                f"{newer.who} has answered in the meantime.",
                "Read it; then send again, change it, or leave it.",
            )
    answered = (
        Message(message_id=item.message_id, references=item.references) if item is not None else Message()
    )
    in_reply_to, references = hangs_on(answered)
    body = text.rstrip() + (f"\n\n{quoted}" if quoted else "")
    going = outgoing.Outgoing(
        sender=parse_recipients(sender)[0][0],
        to=tuple(sides[0][0]),
        cc=tuple(sides[1][0]),
        bcc=tuple(sides[2][0]),
        subject=reply_subject(item.subject if item is not None else "") if subject is None else subject,
        text=body,
        message_id=outgoing.new_message_id(
            sender.rpartition("@")[2].rstrip(">"), secrets.randbits(128) if bits is None else bits
        ),
        date=now,
        in_reply_to=in_reply_to,
        references=references,
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
    needs_yes = who.role is Role.TRAINEE
    event = Event(
        EventType.QUEUED,
        now,
        who.name,
        conversation,
        why=anyway,
        data={
            key: value
            for key, value in {
                "then": then,
                "until": until,
                "mailbox": mailbox or here.mailbox,
                "customer": here.customer,
                "held": "approval" if needs_yes else None,
            }.items()
            if value is not None
        },
        recorded=now,
    )
    content = Content(
        _as_read(going, raw, text, quoted),
        "out",
        now,
        raw,
        author=who.name,
        customer=here.customer,
        outgoing=Leaving(
            mailbox or here.mailbox,
            going.sender.address,
            envelope,
            now + leave_after,
            "held" if needs_yes else "queued",
        ),
    )
    return [Fact(event, content)]


def _newer_answer(state: State, conversation: int, who: Who, seen: int | None) -> Event | None:
    if seen is None:
        return None
    for event in state.events[conversation]:
        ours = event.type is EventType.QUEUED or (
            event.type is EventType.RECEIVED and event.data["side"] == "us" and not event.data.get("history")
        )
        if event.seq > seen and ours and not event.void and event.who != who.name:
            return event
    return None


def _as_read(going: outgoing.Outgoing, raw: bytes, text: str, quoted: str) -> Message:
    """Our own message as reading it back would show it; its digest is that of the bytes that leave."""
    return Message(
        message_id=going.message_id,
        date=going.date,
        subject=going.subject,
        sender=(going.sender,),
        to=tuple(Address(a.name, a.address) for a in going.to),
        cc=tuple(Address(a.name, a.address) for a in going.cc),
        text=text.rstrip() + (f"\n\n{quoted}" if quoted else ""),
        reply=text.rstrip(),
        quoted=quoted,
        in_reply_to=(going.in_reply_to,) if going.in_reply_to else (),
        references=going.references,
        digest=mime.parse(raw).digest,
    )

"""An answer that a person carried to where the customer is, and says so: copied into a chat, written below a review.

Nothing leaves here. It counts as an answer like any other, from the instant in which it is said. Where the conversation is
one of a chat it waits there for the transcript that has it, so that it is not told twice (`inbox.actions.chat`).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from inbox import line_mail
from inbox.actions import promise
from inbox.actions.reply import overriding, refused_times
from inbox.chat.shape import BY_HAND, Place
from inbox.checks import newer
from inbox.listing import PROGRAMS
from inbox.model import Address, Event, EventType, Instant, Message, Refusal, Who
from inbox.pledges import Promised
from inbox.ports import Content, Decision, Fact, Scope, State
from inbox.text import snippet

ELSEWHERE = "Answered elsewhere."
"""What stands where nobody wrote down what was said."""
SUBJECT = 60


def scope(conversation: int, **_: object) -> Scope:
    """The conversation, its events, since a colleague may have answered, and the chat it is a stretch of."""
    return Scope(conversations=(conversation,), events=(conversation,), chat_of=conversation)


def decide(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    text: str = "",
    then: str | None = "waiting",
    until: Instant | None = None,
    seen: int | None = None,
    anyway: str = "",
    overridden: Sequence[str] = (),
    used: Sequence[str] = (),
    keeps: bool = False,
    promises: Promised | None = None,
    bits: int | None = None,
) -> Decision:
    """Write an answer down that is there already; without `text`, that there is one. The other arguments are those of a
    reply (`inbox.actions.reply`)."""
    here = state.conversations[conversation]
    if who.name in PROGRAMS:
        return Refusal("Nothing goes by hand by itself.", "A person carries it there, and says so.")
    cannot_be = refused_times(now, then, until, None)
    if cannot_be is not None:
        return cannot_be
    pledged = promise.with_reply(here, who, now, "reply", None, keeps=keeps, promises=promises)
    if isinstance(pledged, Refusal):
        return pledged
    stops = newer(state.events[conversation], who.name, seen)
    if stops and not anyway:
        step = "Read it. Where yours is there already, write it down all the same."
        return Refusal(stops[0].words, step)
    said = text.strip() or ELSEWHERE
    token = f"{secrets.randbits(128) if bits is None else bits:032x}"
    place = state.chat_place
    channel = place.format if place is not None else "by-hand"
    message_id = f"<{token}@{channel}.by-hand.invalid>"
    message = Message(
        message_id=message_id,
        date=now,
        subject=snippet(said, SUBJECT),
        sender=(Address(who.name, ""),),
        text=said,
        reply=said,
        digest=message_id,
    )
    head = line_mail.head(message, now, channel, place.title or place.chat if place is not None else "")
    data = {"then": then, "until": until, "customer": here.customer, "used": list(used) or None}
    event = Event(
        EventType.SENT_BY_HAND,
        now,
        who.name,
        conversation,
        why=anyway,
        data={key: value for key, value in data.items() if value is not None},
        recorded=now,
    )
    content = Content(
        message,
        "out",
        now,
        line_mail.whole(head, said),
        author=who.name,
        customer=here.customer,
        chat=Place(place.format, place.chat, place.title, f"{BY_HAND}{token}", now, place.topic)
        if place is not None
        else None,
    )
    checks = (*overridden, *(each.name for each in stops))
    return [Fact(event, content), *pledged, *overriding(anyway, checks, conversation, who, now)]

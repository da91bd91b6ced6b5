"""A phone call written down: who, which way, what was said, what was promised, and when somebody comes back to it.

It is an answer from the instant of the call on, if somebody was reached. Whoever has a number that nobody knows becomes a
customer; an own conversation begins where none is named.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

from inbox import line_mail
from inbox.actions import promise
from inbox.actions.facts import happened
from inbox.callers import IN, MISSED, NOT_REACHED, WAYS, alike
from inbox.model import (
    Address,
    Call,
    Conversation,
    Customer,
    Event,
    EventType,
    Identity,
    Instant,
    Message,
    Refusal,
    Who,
)
from inbox.outcomes import RESOLVED
from inbox.pledges import Promised
from inbox.ports import Content, Decision, Fact, Scope, State
from inbox.text import one_line, snippet
from inbox.us import fold_number

SUBJECT = 60
LONGEST_NAME = 120
"""Characters."""
LONGEST = 24 * 3_600
"""Seconds of a call."""


def scope(
    conversation: int | None = None, customer: int | None = None, number: str = "", **_: object
) -> Scope:
    """The conversation, the customer, and whose the number is."""
    return Scope(
        conversations=(conversation,) if conversation is not None else (),
        customers=(customer,) if customer is not None else (),
        identities=(Identity("phone", fold_number(number)),) if number else (),
    )


def decide(
    state: State,
    who: Who,
    now: Instant,
    *,
    text: str = "",
    way: str = IN,
    conversation: int | None = None,
    customer: int | None = None,
    number: str = "",
    name: str = "",
    at: Instant | None = None,
    seconds: int | None = None,
    promises: Promised | None = None,
    follow_up: Instant | None = None,
    what_for: str = "",
    closes: bool = False,
    bits: int | None = None,
) -> Decision:
    """Write a call down in a `conversation`, or in one of its own. Who called: the `customer`, else whose the conversation
    or the `number` is, else somebody new, with `name`. A number that nobody has becomes one of theirs. `at` is when it was,
    `seconds` how long it took; what was promised and when to come back to it is said with it.
    """
    text = text.strip()
    if not text and way != MISSED:
        return Refusal("Nothing is written of what was said.", "Write it down in a few words.")
    if way not in WAYS:
        return Refusal(f"{one_line(way, 40)} is no way a call can go.", f"One of {', '.join(WAYS)}.")
    if seconds is not None and not 0 <= seconds <= LONGEST:
        return Refusal("No call is so long.", "Say how long it took, such as 5m.")
    if promises is not None and way == MISSED:
        return Refusal("Nobody was reached, so nothing is promised.", "Say when to try again instead.")
    if closes and way == MISSED:
        return Refusal(
            "Nobody was reached, so it is not closed.", "Write it down, and close it with a reason."
        )
    here = state.conversations.get(conversation) if conversation is not None else None
    whose = _whose(state, here, customer, number)
    if isinstance(whose, Refusal):
        return whose
    if whose is None and not number and not name.strip():
        return Refusal("It does not say who called.", "Name a number, a customer or a name.")
    facts: list[Fact] = []
    known = state.customers.get(whose) if whose is not None else None
    key = Identity("phone", fold_number(number))
    theirs = known.identities if known is not None else ()
    has_it = any(each.kind == "phone" and alike(each.value, number) for each in theirs)
    learns = (
        bool(number) and key not in state.identities and not has_it and (known is not None or whose is None)
    )
    called = known.name if known is not None else one_line(name, LONGEST_NAME) or one_line(number, 40)
    if whose is None or learns:
        whose = state.next_customer if whose is None else whose
        made = Event(EventType.CUSTOMER_MADE, now, who.name, data={"customer": whose}, recorded=now)
        facts.append(Fact(made, customer=Customer(whose, called, (key,) if learns else ())))
    home = conversation if conversation is not None else state.next_conversation
    data = {
        "way": way,
        "customer": whose,
        "seconds": seconds,
        "channel": "phone",  # as far as it is the first
    }
    when = min(at, now) if at is not None else now
    event = Event(
        EventType.CALLED,
        when,
        who.name,
        home,
        data={name: value for name, value in data.items() if value is not None},
        recorded=now,
    )
    other = Address(called, one_line(number, 40))
    facts.append(
        Fact(event, _content(text or NOT_REACHED, Call(way, seconds), other, whose, when, who, bits))
    )
    if promises is not None:
        promised = promise.decide(
            state, who, now, conversation=home, until=promises.until, aim=promises.aim, text=promises.words
        )
        if isinstance(promised, Refusal):
            return promised
        facts += promised
    if follow_up is not None:
        set_ = promise.follow_up(state, who, now, conversation=home, until=follow_up, text=what_for)
        if isinstance(set_, Refusal):
            return set_
        facts += set_
    if closes:
        facts.append(happened(EventType.CLOSED, home, who, now, why_=RESOLVED))
    return facts


def _whose(
    state: State, here: Conversation | None, customer: int | None, number: str
) -> int | Refusal | None:
    """The customer who called; None for somebody new."""
    if customer is not None:
        named = state.customers.get(customer)
        if named is None:
            return Refusal(f"There is no customer {customer}.", "frontdesk customer list shows them.")
        whose: int | None = customer if named.merged_into is None else named.merged_into
    else:
        whose = state.identities.get(Identity("phone", fold_number(number))) if number else None
    if here is None or here.customer is None or whose in (None, here.customer):
        return whose if here is None or here.customer is None else here.customer
    return Refusal("That conversation is another customer's.", "Write it down in one of its own.")


def _content(
    text: str, call: Call, other: Address, customer: int, at: Instant, who: Who, bits: int | None
) -> Content:
    """What is kept of a call, as a mail of its own (`inbox.line_mail`): what was said, and whose words those are."""
    message_id = f"<{secrets.randbits(128) if bits is None else bits:032x}@phone.invalid>"
    ours = Address(who.name, "")
    message = Message(
        message_id=message_id,
        date=at,
        subject=snippet(text, SUBJECT),
        sender=(other if call.way == IN else ours,),
        to=(ours if call.way == IN else other,),
        text=text,
        reply=text,
        digest=message_id,
        call=call,
    )
    told = "; ".join(
        (call.way, other.address or other.name, *([f"{call.seconds} s"] if call.seconds is not None else ()))
    )
    bare = replace(message, sender=(Address(message.sender[0].name, ""),))
    head = line_mail.head(bare, at, "phone", "") + f"X-Call: {one_line(told)}\n"
    return Content(message, "call", at, line_mail.whole(head, text), author=who.name, customer=customer)

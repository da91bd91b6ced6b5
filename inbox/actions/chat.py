"""A line of a chat has come: whose it is, in which conversation it stands, and what follows from that.

A chat goes on for years; a conversation is a stretch of it. A line belongs to the conversation of its topic, where the
format knows topics, else to that of the line before (or behind) it, unless there was silence between for too long. What
was parted once stays parted: where a line is now is asked of the store, not worked out again.
"""

from __future__ import annotations

from dataclasses import dataclass

from inbox.actions import receive
from inbox.chats import Around, Place, Side
from inbox.model import Customer, Event, EventType, Identity, Instant, Message, Refusal, Who
from inbox.placing import DAY
from inbox.ports import Content, Decide, Decision, Fact, Scope, State

HOUR = 3_600


@dataclass(frozen=True, slots=True)
class Arrival:
    """A line on its way in. `people` are the ways by which its customer is known, the surest first, and `name` what they
    are called; `history`: it wakes nobody and makes nothing late. `silence`: so long nobody says anything within one
    conversation. `by`: who of ours wrote it."""

    place: Place
    message: Message
    side: Side
    people: tuple[Identity, ...]
    name: str
    by: str = ""
    note: bool = False
    raw: bytes | None = None
    history: bool = False
    silence: int = DAY
    open_for: int = 14 * DAY


def scope(arrival: Arrival) -> Scope:
    """The place in its chat, and whose the ways are by which the customer is known."""
    return Scope(chat=arrival.place, identities=arrival.people)


def deciding(arrival: Arrival) -> Decide:
    """The decision about one line, as the store takes it."""
    return lambda state, who, now: decide(state, who, now, arrival=arrival)


def decide(state: State, who: Who, now: Instant, *, arrival: Arrival) -> Decision:
    """Place it; one that is here already changes nothing."""
    around = state.chat or Around()
    if around.known:
        return Refusal("known")
    at, message = arrival.place.at, arrival.message
    facts: list[Fact] = []
    customer = _customer(arrival, state, who, now, facts)
    found, why = _conversation(around, at, arrival.silence)
    conversation = state.next_conversation if found is None else found
    here = None if found is None else state.conversations.get(found)
    side = {Side.AGENT: "us", Side.CUSTOMER: "customer"}.get(arrival.side, "automatic")
    content = Content(
        message,
        "note" if arrival.note else "out" if side == "us" else "in",
        at,
        arrival.raw,
        author=arrival.by,
        customer=customer,
        chat=arrival.place,
    )
    if arrival.note and here is not None:
        return [*facts, Fact(Event(EventType.NOTED, at, who.name, conversation, recorded=now), content)]
    data = {
        "side": side,
        "customer": customer,
        "place": why,
        "history": arrival.history or None,
        "trusted": True if side == "us" else None,
        "channel": arrival.place.format,
    }
    told = {key: value for key, value in data.items() if value is not None}
    event = Event(EventType.RECEIVED, at, who.name, conversation, data=told, recorded=now)
    facts.append(Fact(event, content._replace(direction="out" if side == "us" else "in")))
    if arrival.history:
        facts += receive.history_settled(here, who, now, conversation, at, arrival.open_for, side)
    return facts


def _customer(arrival: Arrival, state: State, who: Who, now: Instant, facts: list[Fact]) -> int | None:
    """Whose chat it is: known by one of the ways, or new; further ways of somebody known are learnt."""
    if not arrival.people:
        return None
    number = next((state.identities[each] for each in arrival.people if each in state.identities), None)
    new = tuple(each for each in arrival.people if each not in state.identities)
    if number is not None and not new:
        return number
    made = Customer(number or state.next_customer, arrival.name, new)
    if number is not None:
        known = state.customers.get(number)
        made = made._replace(name=known.name if known is not None else arrival.name)
    event = Event(EventType.CUSTOMER_MADE, now, who.name, data={"customer": made.id}, recorded=now)
    facts.append(Fact(event, customer=made))
    return made.id


def _conversation(around: Around, at: Instant, silence: int) -> tuple[int | None, str]:
    """The conversation a line stands in, None for a new one; and why, in words."""
    if around.topic is not None:
        return around.topic, "the same topic of the chat"
    if around.before is not None and at - around.before[1] < silence:
        return around.before[0], "the chat goes on"
    if around.behind is not None and around.behind[1] - at < silence:
        return around.behind[0], "the chat goes on from here"
    if around.before is None and around.behind is None:
        return None, "the chat begins"
    return None, f"nobody had said anything for {silence // HOUR} hours"

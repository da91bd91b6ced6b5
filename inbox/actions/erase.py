"""That a customer is erased: said once, by an owner, and nothing takes it back. What it means in the store is done by the
store itself (`Erasing.go_on`), in slices and again after a kill; each conversation tells of it in an event of its own."""

from __future__ import annotations

from typing import Any

from inbox.model import ACTIVE, Conversation, Event, EventType, Instant, Refusal, Who
from inbox.ports import Decision, Fact, Scope, State

E = EventType


def scope(customer: int, **_: Any) -> Scope:
    """The customer, and what of ours is on its way to them."""
    return Scope(customers=(customer,), erasing=customer)


def decide(state: State, who: Who, now: Instant, *, customer: int) -> Decision:
    """From now on they are nobody we know. Refused while an answer to them has not left: it would leave without its
    conversation, or be lost without a word."""
    here = state.customers.get(customer)
    if here is None or here.merged_into is not None:
        return Refusal("There is no such customer any more.", "customer list shows who there is.")
    if here.erased:
        return Refusal("That customer is erased already.", "frontdesk verify says whether anything is left.")
    if state.unsent:
        numbers = ", ".join(f"#{each}" for each in state.unsent[:5])
        return Refusal(
            f"An answer to them has not left yet ({numbers}).",
            "Wait until it has, take it back with undo, or give it up: frontdesk outbox drop ID.",
        )
    data = {"customer": customer, "state": "begun"}
    return [Fact(Event(E.ERASED, now, who.name, data=data, recorded=now))]


def whole(here: Conversation, who: str, now: Instant, **about: Any) -> Fact:
    """All that a conversation says was erased; one that was open is closed with it."""
    data = {"whole": True, **about} | ({"closes": True} if here.status in ACTIVE else {})
    return Fact(Event(E.ERASED, now, who, here.id, data=data, recorded=now))


def attachments(conversation: int, messages: tuple[int, ...], who: str, now: Instant, **about: Any) -> Fact:
    """What came with these messages was erased, and their bytes with it; what they say stays."""
    data = {"attachments": list(messages), **about}
    return Fact(Event(E.ERASED, now, who, conversation, data=data, recorded=now))


def some(conversation: int, messages: tuple[int, ...], who: str, now: Instant, **about: Any) -> Fact:
    """What these messages of a conversation said was erased."""
    data = {"messages": list(messages), **about}
    return Fact(Event(E.ERASED, now, who, conversation, data=data, recorded=now))

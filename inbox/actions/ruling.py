"""Say of a sender that their mail is always a notice, or never one: of what comes, and of what is here.

Who is ruled on stands in the record alone, and the last word about an address decides; one about an address goes before
one about its domain. A person in a conversation of ours is none, whoever is ruled on, and what a machine answered or
reported stays that.
"""

from __future__ import annotations

from collections.abc import Iterable

from inbox.actions.block import LONGEST, keys
from inbox.actions.facts import happened
from inbox.model import Event, EventType, Instant, Message, Refusal, Ruling, Who
from inbox.ports import Caught, Decision, Item, Scope, State
from inbox.us import Us, side_of

DAYS = 90
"""How far back what is here is ruled on, too."""


def scope(conversation: int, target: str = "", domain: bool = False) -> Scope:
    """The conversation, who wrote there, and what was said of them."""
    return Scope(conversations=(conversation,), senders=(conversation,))


def decide(
    state: State, who: Who, now: Instant, *, conversation: int, target: str = "", domain: bool = False
) -> Decision:
    """Mail of who wrote here last (or of `target`: an address, or `@` with a domain) is always a notice."""
    return _rule(state, who, now, conversation, target, domain, True)


def never(
    state: State, who: Who, now: Instant, *, conversation: int, target: str = "", domain: bool = False
) -> Decision:
    """Mail from there is never a notice: people wrote it, and wait for an answer."""
    return _rule(state, who, now, conversation, target, domain, False)


def target_of(senders: tuple[str, ...], domain: bool) -> str:
    """Who is ruled on: who wrote last, people before machines, or with `domain` everybody there; "" when it does not
    say."""
    sender = next(iter(senders), "")
    local, _, at = sender.rpartition("@")
    if not local or not at or len(sender) > LONGEST:
        return ""
    return side_of(sender) if domain else sender


def _rule(
    state: State, who: Who, now: Instant, conversation: int, target: str, domain: bool, notice: bool
) -> Decision:
    senders = state.senders.get(conversation, ())
    target = target or target_of(senders, domain)
    if not target:
        return Refusal("It does not say which address it came from.")
    if domain and not target.startswith("@"):
        return Refusal(
            f"Strangers have addresses side by side at {target.rpartition('@')[2]}.", "Rule on it alone."
        )
    if state.us is not None and (state.us.is_us(target) or target.removeprefix("@") in state.us.domains):
        return Refusal(f"{target} is one of us.", "What we write is no notice.")
    here = state.conversations[conversation]
    # people who wrote beside them, and an answer of ours, make it a conversation of people
    stays = notice and (
        here.answered or here.sending > 0 or not all(target in keys(each) for each in senders)
    )
    standing = state.ruled.get(target)
    if standing is not None and standing.notice == notice and (stays or here.notice == notice):
        return Refusal(f"{target} is {in_words(notice)} already.")
    event = EventType.SENDER_RULED
    return [happened(event, conversation, who, now, address=target, notice=notice, stays=stays or None)]


def in_words(notice: bool) -> str:
    """What is said of a sender."""
    return "always a notice" if notice else "never a notice"


def preview(caught: Caught, notice: bool) -> str:
    """What a ruling would catch, for the question that is asked first."""
    count = caught.conversations
    held = (
        f"In {DAYS} days {count} conversation{'s' if count != 1 else ''}, {caught.answered} of them answered"
    )
    return f"{held}; {_changed(caught, notice)}."


def preview_in_short(caught: Caught, notice: bool) -> str:
    """The same in some 50 characters: what stands beside a choice."""
    return f"{caught.conversations} in {DAYS} days, {caught.answered} answered; {_changed(caught, notice)}."


def _changed(caught: Caught, notice: bool) -> str:
    changes = len(caught.changes)
    if not changes:
        return "none changes"
    become = f"{changes} become{'s' if changes == 1 else ''}"
    return f"{become} {'notices' if notice and changes > 1 else 'a notice' if notice else 'mail of people'}"


def because(items: Iterable[Item], events: Iterable[Event]) -> str:
    """Why a conversation is a notice: who said so, or what in the headers of its newest mail does."""
    for event in reversed(list(events)):
        if event.type is EventType.SENDER_RULED and event.data["notice"] and not event.void:
            return f"{event.who} said so of {event.data['address']}"
        if event.type is EventType.RECEIVED and "ruled" in event.data and event.data.get("notice"):
            return f"that was said of {event.data['ruled']}"
    incoming = [item.machine for item in items if item.direction == "in" and item.machine]
    return "; ".join(incoming[-1]) if incoming else ""


def standing(message: Message, us: Us, state: State) -> Ruling | None:
    """What was said of who wrote an arriving message, by the address in its From; None: nothing."""
    if not message.sender or us.is_us(message.sender[0].address):
        return None
    return next((state.ruled[key] for key in keys(message.sender[0].address) if key in state.ruled), None)

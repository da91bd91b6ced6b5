"""Give a conversation to a teammate, to oneself, or to nobody."""

from __future__ import annotations

from collections.abc import Mapping

from inbox.actions.facts import happened, one
from inbox.model import EventType, Instant, Refusal, Status, Who
from inbox.ports import Decision, State

scope = one


def decide(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    to: str | None,
    shares: Mapping[int, str] | None = None,
) -> Decision:
    """Assign to `to`; None gives it back to everybody. Where it is shared out by what each has in hand, `shares` says who
    gets this one."""
    here = state.conversations[conversation]
    if shares is not None:
        to = shares.get(conversation)
        if to is None:
            return Refusal("Nobody is here to get it.", "Name somebody, or nobody.")
    if here.assignee == to:
        return Refusal(f"It is assigned to {to} already." if to else "Nobody has it already.")
    return [happened(EventType.ASSIGNED, conversation, who, now, to=to, was=here.assignee)]


def to_me(state: State, who: Who, now: Instant, *, conversation: int) -> Decision:
    """Assign to who acts."""
    return decide(state, who, now, conversation=conversation, to=who.name)


def take(state: State, who: Who, now: Instant, *, conversation: int) -> Decision:
    """Take the next one: only while nobody has it, so that two people never get the same."""
    here = state.conversations[conversation]
    if here.assignee is not None or here.status is not Status.OPEN:
        return Refusal(f"{here.assignee or 'Somebody'} was quicker.", "N takes the one after it.")
    return [happened(EventType.ASSIGNED, conversation, who, now, to=who.name)]

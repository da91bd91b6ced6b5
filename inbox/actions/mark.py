"""Read and unread."""

from __future__ import annotations

from inbox.actions.facts import happened, one
from inbox.model import EventType, Instant, Refusal, Who
from inbox.ports import Decision, State

scope = one


def decide(state: State, who: Who, now: Instant, *, conversation: int, read: bool) -> Decision:
    """Mark it read, or unread."""
    if state.conversations[conversation].unread != read:
        return Refusal("It is read already." if read else "It is unread already.")
    return [happened(EventType.READ, conversation, who, now, read=read)]


def seen(state: State, who: Who, now: Instant, *, conversation: int) -> Decision:
    """Who was called to it has seen it, and does nothing here: it calls for them no more."""
    here = state.conversations[conversation]
    if who.name not in here.mentions:
        return Refusal("Nobody calls for you here.")
    return [happened(EventType.READ, conversation, who, now, read=not here.unread, seen=True)]

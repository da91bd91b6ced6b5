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

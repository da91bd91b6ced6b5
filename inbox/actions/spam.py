"""Spam: no clock, no alert, never reopened by its sender; `reopen` brings it back."""

from __future__ import annotations

from inbox.actions.facts import happened, one
from inbox.model import EventType, Instant, Who
from inbox.ports import Decision, State

scope = one


def decide(state: State, who: Who, now: Instant, *, conversation: int) -> Decision:
    """Call it spam."""
    return [happened(EventType.SPAM, conversation, who, now)]

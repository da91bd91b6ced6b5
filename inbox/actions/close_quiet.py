"""Closing what has gone quiet, together: each is looked at once more under the lock, for somebody may just have written."""

from __future__ import annotations

from inbox.actions.facts import happened, one
from inbox.model import EventType, Instant, Refusal, Who
from inbox.outcomes import QUIET
from inbox.ports import Decision, State
from inbox.quiet import stays

scope = one


def decide(state: State, who: Who, now: Instant, *, conversation: int) -> Decision:
    """Close it as gone quiet."""
    why = stays(state.conversations[conversation], now)
    if why is not None:
        return Refusal(why, "“close” closes it by itself.")
    return [happened(EventType.CLOSED, conversation, who, now, why_=QUIET)]

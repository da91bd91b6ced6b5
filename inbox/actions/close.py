"""Closing: at once where our message is the last; where the customer's is, with the reason why."""

from __future__ import annotations

from inbox.actions.facts import happened, one
from inbox.model import Conversation, EventType, Instant, Refusal, Who
from inbox.ports import Decision, State

scope = one

WHY = {
    "resolved": "resolved",
    "thanks": "only thanks",
    "elsewhere": "answered elsewhere",
    "not-ours": "not ours",
    "no-answer": "needs no answer",
}
"""The reasons a person can give, and how they read."""


def asks_why(conversation: Conversation) -> bool:
    """Whether closing needs a reason: the customer has the last word and nobody has answered it."""
    return conversation.waiting_since is not None


def decide(state: State, who: Who, now: Instant, *, conversation: int, why: str | None = None) -> Decision:
    """Close it; `why` is one of WHY and must be said while the customer waits for an answer."""
    if why is not None and why not in WHY:
        return Refusal(f"{why!r} is no reason for closing.", "Reasons are: " + ", ".join(WHY) + ".")
    if asks_why(state.conversations[conversation]) and why is None:
        return Refusal(
            "The customer's message is the last here.",
            "Say why: thanks, elsewhere, not-ours, no-answer or resolved.",
        )
    return [happened(EventType.CLOSED, conversation, who, now, why_=why or "resolved")]


def no_answer(state: State, who: Who, now: Instant, *, conversation: int) -> Decision:
    """Close it because it needs no answer."""
    return decide(state, who, now, conversation=conversation, why="no-answer")

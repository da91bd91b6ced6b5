"""Join one conversation with another. The event carries what it moved, so that undoing it is exact."""

from __future__ import annotations

from typing import Any

from inbox.actions.facts import happened
from inbox.model import Conversation, EventType, Instant, Refusal, Status, Who
from inbox.ports import Decision, Scope, State

_LIVELY = (Status.OPEN, Status.HELD, Status.SNOOZED, Status.WAITING, Status.CLOSED, Status.SPAM)


def scope(into: int, conversation: int) -> Scope:
    """Both conversations, and the events of the one that moves."""
    return Scope(conversations=(into, conversation), events=(conversation,))


def decide(state: State, who: Who, now: Instant, *, into: int, conversation: int, why: str = "") -> Decision:
    """Move everything of `conversation` into `into`; its id redirects there from now on."""
    if into not in state.conversations:
        return Refusal("There is no such conversation to join with.", "list shows the ids there are.")
    if into == conversation:
        return Refusal("That is the same conversation.", "Name another one.")
    kept, moved = state.conversations[into], state.conversations[conversation]
    livelier = min((kept, moved), key=lambda c: _LIVELY.index(c.status))
    return [
        happened(
            EventType.MERGED,
            into,
            who,
            now,
            why=why,
            from_=conversation,
            events=[event.seq for event in state.events[conversation]],
            assignee=kept.assignee or moved.assignee,
            **_standing(livelier),
        )
    ]


def _standing(conversation: Conversation) -> dict[str, Any]:
    return {
        "status": conversation.status.value,
        "snoozed_until": conversation.snoozed_until,
        "held_for": conversation.held_for,
        "held_until": conversation.held_until,
        "closed_at": conversation.closed_at,
        "closed_why": conversation.closed_why,
    }

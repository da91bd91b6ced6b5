"""What became of a reply on its way out: accepted, refused for good, or unknown. Decided by the worker alone."""

from __future__ import annotations

from collections.abc import Sequence

from inbox.actions.facts import happened, one
from inbox.model import EventType, Instant, Refusal, Who
from inbox.ports import Decision, State

scope = one


def sent(state: State, who: Who, now: Instant, *, conversation: int, message: int) -> Decision:
    """The server accepted it for at least one recipient, at `now`: the answer counts."""
    if conversation not in state.conversations:
        return Refusal("There is no such conversation.")
    return [happened(EventType.SENT, conversation, who, now, message=message)]


def undelivered(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    message: int,
    recipients: Sequence[str],
    everybody: bool,
) -> Decision:
    """Refused for good for these recipients (all of them: `everybody`); the customer has no answer."""
    if conversation not in state.conversations:
        return Refusal("There is no such conversation.")
    return [
        happened(
            EventType.UNDELIVERED,
            conversation,
            who,
            now,
            message=message,
            recipients=list(recipients),
            all=everybody,
        )
    ]


def unknown(state: State, who: Who, now: Instant, *, conversation: int, message: int) -> Decision:
    """The line was lost after the final dot: never sent again by itself, a person decides."""
    if conversation not in state.conversations:
        return Refusal("There is no such conversation.")
    return [happened(EventType.UNKNOWN, conversation, who, now, message=message)]


def again(state: State, who: Who, now: Instant, *, conversation: int, message: int, was: str) -> Decision:
    """A held, failed or unknown one goes again, because a person says so."""
    if conversation not in state.conversations:
        return Refusal("There is no such conversation.")
    return [happened(EventType.RELEASED, conversation, who, now, message=message, was=was)]


def dropped(state: State, who: Who, now: Instant, *, conversation: int, message: int) -> Decision:
    """A reply that never left is given up: the customer still waits."""
    if conversation not in state.conversations:
        return Refusal("There is no such conversation.")
    return [happened(EventType.DROPPED, conversation, who, now, message=message)]

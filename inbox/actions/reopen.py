"""Open again: what was closed, held, snoozed, waiting or spam; and what the clock wakes."""

from __future__ import annotations

from inbox.actions.facts import happened, one
from inbox.model import EventType, Instant, Refusal, Status, Who
from inbox.ports import Decision, State

scope = one


def decide(state: State, who: Who, now: Instant, *, conversation: int) -> Decision:
    """Open it again. Out of spam it is said to be none: the worker tells the server so (`inbox.marking`)."""
    was_spam = state.conversations[conversation].status is Status.SPAM
    was = Status.SPAM.value if was_spam else None
    return [happened(EventType.REOPENED, conversation, who, now, was=was)]


def wake(state: State, who: Who, now: Instant, *, conversation: int) -> Decision:
    """Wake what was snoozed or held until now, or what a promise or a follow-up brings back; a refusal when somebody
    was quicker."""
    here = state.conversations.get(conversation)
    if here is None:
        return Refusal("There is no such conversation.")
    until = {Status.SNOOZED: here.snoozed_until, Status.HELD: here.held_until}.get(here.status)
    if until is not None and until <= now:
        return [happened(EventType.WOKEN, conversation, who, now)]
    if here.status in (Status.OPEN, Status.SPAM):
        return Refusal("Nothing to wake.")
    if here.follow_up_at is not None and here.follow_up_at <= now:
        return [happened(EventType.WOKEN, conversation, who, now, why="to be followed up")]
    if here.promised_until is not None:
        return [happened(EventType.WOKEN, conversation, who, now, why="a promise falls due")]
    return Refusal("Nothing to wake.")

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
    """Wake what was snoozed or held until now; a refusal when somebody was quicker."""
    here = state.conversations.get(conversation)
    if here is None:
        return Refusal("There is no such conversation.")
    until = {Status.SNOOZED: here.snoozed_until, Status.HELD: here.held_until}.get(here.status)
    if until is None or until > now:
        return Refusal("Nothing to wake.")
    return [happened(EventType.WOKEN, conversation, who, now)]

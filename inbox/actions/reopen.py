"""Open again: what was closed, held, snoozed, waiting or spam; and what the clock wakes."""

from __future__ import annotations

from inbox.actions.check_in import PATIENCE
from inbox.actions.facts import happened, one
from inbox.actions.snooze import before_deadline
from inbox.model import EventType, Instant, Refusal, Status, Who
from inbox.ports import Decision, State

scope = one

DUE = "its deadline comes before"
"""Why it woke before the time it was snoozed until."""


def decide(state: State, who: Who, now: Instant, *, conversation: int) -> Decision:
    """Open it again. Out of spam it is said to be none: the worker tells the server so (`inbox.marking`). A thank-you that
    stands last is any other message from then on, with a clock from when it came."""
    here = state.conversations[conversation]
    was = Status.SPAM.value if here.status is Status.SPAM else None
    return [happened(EventType.REOPENED, conversation, who, now, was=was, thanks=here.thanks or None)]


def wake(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    due: Instant | None = None,
    seq: int | None = None,
) -> Decision:
    """Wake what was snoozed or held until now, what a promise or a follow-up brings back, and what was snoozed past its
    deadline; a refusal when somebody was quicker. `due`: its deadline as of the event `seq`."""
    here = state.conversations.get(conversation)
    if here is None:
        return Refusal("There is no such conversation.")
    until = {Status.SNOOZED: here.snoozed_until, Status.HELD: here.held_until}.get(here.status)
    if until is not None and until <= now:
        return [happened(EventType.WOKEN, conversation, who, now)]
    if here.status in (Status.OPEN, Status.SPAM):
        return Refusal("Nothing to wake.")
    pledged = due in (here.promised_until, here.follow_up_at)
    if here.status is Status.SNOOZED and due is not None and not pledged and here.seq == seq:
        early = before_deadline(here, due)
        if early is not None and early <= now:
            return [happened(EventType.WOKEN, conversation, who, now, why=DUE, due=due)]
    patience = PATIENCE if here.follow_up_at == here.check_in_at else 0
    if here.follow_up_at is not None and here.follow_up_at + patience <= now:
        return [happened(EventType.WOKEN, conversation, who, now, why="to be followed up")]
    if here.promised_until is not None:
        return [happened(EventType.WOKEN, conversation, who, now, why="a promise falls due")]
    return Refusal("Nothing to wake.")

"""Join one conversation with another. The event carries what it moved, so that undoing it is exact."""

from __future__ import annotations

from inbox.actions.facts import happened
from inbox.model import Conversation, EventType, Instant, Refusal, Status, Who
from inbox.ports import Decision, Fact, Scope, State

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
    return [joining(state, who, now, joined(state, into, conversation), conversation, why)]


def joining(state: State, who: Who, now: Instant, after: Conversation, moved: int, why: str) -> Fact:
    """The event by which `moved` becomes part of a conversation that then stands as `after` says."""
    return happened(
        EventType.MERGED,
        after.id,
        who,
        now,
        why=why,
        from_=moved,
        events=[event.seq for event in state.events[moved]],
        assignee=after.assignee,
        status=after.status.value,
        snoozed_until=after.snoozed_until,
        held_for=after.held_for,
        held_until=after.held_until,
        closed_at=after.closed_at,
        closed_why=after.closed_why,
    )


def joined(state: State, into: int, *moving: int) -> Conversation:
    """How `into` stands after others were joined with it: as the liveliest of them, with whoever has one of them."""
    after = state.conversations[into]
    for number in moving:
        moved = state.conversations[number]
        livelier = min((after, moved), key=lambda each: _LIVELY.index(each.status))
        after = livelier._replace(
            id=into,
            assignee=after.assignee or moved.assignee,
            live=after.live or moved.live,
            last_customer_at=_later(after.last_customer_at, moved.last_customer_at),
            last_reply_at=_later(after.last_reply_at, moved.last_reply_at),
        )
    return after


def _later(one: Instant | None, other: Instant | None) -> Instant | None:
    return max((each for each in (one, other) if each is not None), default=None)

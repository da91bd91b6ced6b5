"""Join one conversation with another. The event carries what it moved, so that undoing it is exact."""

from __future__ import annotations

from typing import Any

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


def scope_suggested(conversation: int) -> Scope:
    """The conversation, and the one it looks like part of."""
    return Scope(conversations=(conversation,), events=(conversation,), suggested=(conversation,))


def scope_declined(conversation: int) -> Scope:
    """The conversation."""
    return Scope(conversations=(conversation,))


def join_suggested(state: State, who: Who, now: Instant, *, conversation: int) -> Decision:
    """Join it with the one it looks like part of."""
    into = state.suggested.get(conversation)
    if into is None:
        return Refusal("It looks like part of no other conversation.", "“merge” joins it with one you name.")
    return decide(state, who, now, into=into, conversation=conversation, why="it looked like part of it")


def decline_suggestion(state: State, who: Who, now: Instant, *, conversation: int) -> Decision:
    """It is no part of that; it is not said again."""
    other = state.conversations[conversation].suggested
    if other is None:
        return Refusal("It looks like part of no other conversation.")
    if other == conversation:
        return [happened(EventType.DECLINED, conversation, who, now, with_=other, chat=True)]
    return [happened(EventType.DECLINED, conversation, who, now, with_=other)]


def joining(
    state: State,
    who: Who,
    now: Instant,
    after: Conversation,
    moved: int,
    why: str,
    *,
    history: bool = False,
) -> Fact:
    """The event by which `moved` becomes part of a conversation that then stands as `after` says."""
    return happened(
        EventType.MERGED,
        after.id,
        who,
        now,
        why=why,
        from_=moved,
        events=[event.seq for event in state.events[moved]],
        history=history or None,
        assignee=after.assignee,
        **standing(after),
    )


def standing(after: Conversation) -> dict[str, Any]:
    """How a conversation stands, in the words of an event that says so."""
    return {
        "status": after.status.value,
        "snoozed_until": after.snoozed_until,
        "held_for": after.held_for,
        "held_until": after.held_until,
        "closed_at": after.closed_at,
        "closed_why": after.closed_why,
        "cause": after.cause,
        "referred": after.referred,
    }


def joined(state: State, into: int, *moving: int | Conversation) -> Conversation:
    """How `into` stands after others were joined with it: as the liveliest of them, with whoever has one of them."""
    after = state.conversations[into]
    for each in moving:
        moved = state.conversations[each] if isinstance(each, int) else each
        livelier = min((after, moved), key=lambda each: _LIVELY.index(each.status))
        after = livelier._replace(
            id=into,
            assignee=after.assignee or moved.assignee,
            unread=after.unread or moved.unread,
            live=after.live or moved.live,
            last_customer_at=_later(after.last_customer_at, moved.last_customer_at),
            last_reply_at=_later(after.last_reply_at, moved.last_reply_at),
        )
    return after


def _later(one: Instant | None, other: Instant | None) -> Instant | None:
    return max((each for each in (one, other) if each is not None), default=None)

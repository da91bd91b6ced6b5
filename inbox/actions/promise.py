"""Promises and follow-ups by plain verbs: promise, keep, follow up, done (docs/clocks.md)."""

from __future__ import annotations

from inbox.actions.facts import happened, one
from inbox.aims import checked
from inbox.model import EventType, Instant, Refusal, Who
from inbox.ports import Decision, Fact, State
from inbox.text import one_line

LONGEST = 120
"""Characters of what is promised, or of why somebody comes back to it."""

scope = one


def decide(
    _state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    until: Instant,
    aim: Instant | None = None,
    text: str = "",
) -> Decision:
    """Something was promised to the customer until `until`. It moves a promise that is not due yet.

    `aim`: when we want to be done; it brings the conversation back, and the customer does not know of it.
    """
    found = promised(who, now, conversation=conversation, until=until, aim=aim, text=text)
    return found if isinstance(found, Refusal) else [found]


def promised(
    who: Who,
    now: Instant,
    *,
    conversation: int,
    until: Instant,
    aim: Instant | None = None,
    text: str = "",
    reply: bool = False,
) -> Fact | Refusal:
    """The event of a promise; with `reply` it is told by the reply of the same action, and holds only as long as that is
    under way or has left."""
    told = checked(until, aim, now)
    if isinstance(told, Refusal):
        return told
    why = one_line(text, LONGEST)
    return happened(
        EventType.PROMISED,
        conversation,
        who,
        now,
        why=why,
        due=told.until,
        aim=told.aim,
        reply=reply or None,
    )


def follow_up(
    _state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    until: Instant,
    text: str = "",
    anyway: bool = False,
) -> Decision:
    """Come back to it at `until`, unless the customer writes before; with `anyway` also then."""
    if until <= now:
        return Refusal("That time has passed.", "Give a time to come, such as 2026-05-01 09:00.")
    why = one_line(text, LONGEST)
    return [happened(EventType.FOLLOW_UP, conversation, who, now, why=why, due=until, anyway=anyway or None)]


def keep(_state: State, who: Who, now: Instant, *, conversation: int) -> Decision:
    """The oldest open promise was kept (`inbox.verbs` knows whether there is one)."""
    return [happened(EventType.KEPT, conversation, who, now)]


def done(_state: State, who: Who, now: Instant, *, conversation: int) -> Decision:
    """The oldest open follow-up is done."""
    return [happened(EventType.DONE, conversation, who, now)]

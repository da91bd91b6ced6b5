"""Promises and follow-ups by plain verbs: promise, keep, follow up, done (docs/clocks.md)."""

from __future__ import annotations

from inbox.actions.facts import happened, one
from inbox.model import EventType, Instant, Refusal, Who
from inbox.ports import Decision, State
from inbox.text import one_line

LONGEST = 120
"""Characters of what is promised, or of why somebody comes back to it."""

scope = one


def decide(
    _state: State, who: Who, now: Instant, *, conversation: int, until: Instant, text: str = ""
) -> Decision:
    """Something was promised to the customer until `until`. It moves a promise that is not due yet."""
    return _pledge(EventType.PROMISED, who, now, conversation, until, text)


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
    return _pledge(EventType.FOLLOW_UP, who, now, conversation, until, text, anyway)


def keep(_state: State, who: Who, now: Instant, *, conversation: int) -> Decision:
    """The oldest open promise was kept (`inbox.verbs` knows whether there is one)."""
    return [happened(EventType.KEPT, conversation, who, now)]


def done(_state: State, who: Who, now: Instant, *, conversation: int) -> Decision:
    """The oldest open follow-up is done."""
    return [happened(EventType.DONE, conversation, who, now)]


def _pledge(
    kind: EventType,
    who: Who,
    now: Instant,
    conversation: int,
    until: Instant,
    text: str,
    anyway: bool = False,
) -> Decision:
    if until <= now:
        return Refusal("That time has passed.", "Give a time to come, such as 2026-05-01 09:00.")
    why = one_line(text, LONGEST)
    return [happened(kind, conversation, who, now, why=why, due=until, anyway=anyway or None)]

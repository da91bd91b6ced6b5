"""Promises and follow-ups by plain verbs: promise, keep, follow up, done (docs/clocks.md)."""

from __future__ import annotations

from inbox.actions.facts import PASSED, happened, one
from inbox.model import Conversation, EventType, Instant, Refusal, Role, Who
from inbox.pledges import Promised, checked
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
    told = _told(Promised(until, aim, text), conversation, who, now)
    return told if isinstance(told, Refusal) else [told]


def with_reply(
    here: Conversation,
    who: Who,
    now: Instant,
    kind: str,
    leave_at: Instant | None,
    *,
    keeps: bool,
    promises: Promised | None,
) -> list[Fact] | Refusal:
    """What a reply of ours keeps and promises, in that order; it holds only as long as the reply is under way or has left.

    Refused where the customer is told nothing yet, or nothing at all.
    """
    if keeps and here.promised_until is None:
        return Refusal("Nothing is promised here, or it was kept already.", "Send it without that.")
    if not keeps and promises is None:
        return []
    if kind == "forward":
        does = "keeps no promise" if keeps else "promises nothing"
        return Refusal(f"What goes to somebody else {does}.", "Send it without that.")
    if leave_at is not None:
        return not_yet("What leaves later", keeps)
    if who.role is Role.TRAINEE:
        return not_yet("What waits for a yes", keeps)
    facts = [happened(EventType.KEPT, here.id, who, now, reply=True)] if keeps else []
    if promises is not None:
        told = _told(promises, here.id, who, now, reply=True)
        if isinstance(told, Refusal):
            return told
        facts.append(told)
    return facts


def not_yet(what: str, keeps: bool) -> Refusal:
    """Why a reply that the customer does not get at once keeps or promises nothing; `what` tells of the reply."""
    if keeps:
        return Refusal(f"{what} keeps no promise yet.", "Say that it is kept once it has left.")
    return Refusal(f"{what} promises nothing yet.", "Promise it once it has left.")


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
        return PASSED
    why = one_line(text, LONGEST)
    return [happened(EventType.FOLLOW_UP, conversation, who, now, why=why, due=until, anyway=anyway or None)]


def keep(_state: State, who: Who, now: Instant, *, conversation: int) -> Decision:
    """The oldest open promise was kept (`inbox.verbs` knows whether there is one)."""
    return [happened(EventType.KEPT, conversation, who, now)]


def done(_state: State, who: Who, now: Instant, *, conversation: int) -> Decision:
    """The oldest open follow-up is done."""
    return [happened(EventType.DONE, conversation, who, now)]


def _told(
    promised: Promised, conversation: int, who: Who, now: Instant, *, reply: bool = False
) -> Fact | Refusal:
    found = checked(promised.until, promised.aim, now)
    if isinstance(found, Refusal):
        return found
    why = one_line(promised.words, LONGEST)
    data = {"due": found.until, "aim": found.aim, "reply": reply or None}
    return happened(EventType.PROMISED, conversation, who, now, why=why, **data)

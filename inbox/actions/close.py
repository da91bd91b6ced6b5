"""Closing: at once where our message is the last; where the customer's is, with the reason why. Each closing has an
outcome and may have a cause, which can be said, or said otherwise, once it is closed (docs/closing.md)."""

from __future__ import annotations

from typing import Any

from inbox.actions import check_in as coming_back
from inbox.actions.facts import happened, one
from inbox.model import Conversation, EventType, Instant, Refusal, Status, Who
from inbox.nearest import nearest
from inbox.outcomes import GIVEN, LONGEST, NO_ANSWER, NOT_OURS, OUTCOMES, REFERRED, RESOLVED
from inbox.ports import Decision, Fact, State

scope = one

WHY = {word: OUTCOMES[word].words for word in GIVEN}
"""The outcomes a person can give, and how they read."""


def asks_why(conversation: Conversation) -> bool:
    """Whether closing needs a reason: the customer has the last word and nobody has answered it."""
    return conversation.waiting_since is not None


def decide(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    why: str | None = None,
    cause: str | None = None,
    to: str | None = None,
    check_in: Instant | None = None,
) -> Decision:
    """Close it; `why` is one of WHY and must be said while the customer waits for an answer. `cause`: whose doing it was;
    `to`: where the customer was referred; `check_in`: when somebody is to ask them whether all is well."""
    wrong = _wrong(why, cause, to)
    if wrong is not None:
        return wrong
    if asks_why(state.conversations[conversation]) and why is None:
        return Refusal(
            "The customer's message is the last here.",
            "Say why: thanks, elsewhere, not-ours, no-answer or resolved.",
        )
    said: dict[str, Any] = {"why_": why or RESOLVED, "cause": cause or None, "to": to or None}
    if why == NOT_OURS and asks_why(state.conversations[conversation]):
        said["unheard"] = True
    closed = happened(EventType.CLOSED, conversation, who, now, **said)
    return _and_check_in([closed], state, who, now, conversation, check_in)


def _and_check_in(
    facts: list[Fact], state: State, who: Who, now: Instant, conversation: int, at: Instant | None
) -> Decision:
    """The same, and somebody is to come back to the customer at an instant, as one action."""
    if at is None:
        return facts
    more = coming_back.decide(state, who, now, conversation=conversation, until=at)
    return more if isinstance(more, Refusal) else [*facts, *more]


def no_answer(state: State, who: Who, now: Instant, *, conversation: int) -> Decision:
    """Close it because it needs no answer."""
    return decide(state, who, now, conversation=conversation, why=NO_ANSWER)


def outcome(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    outcome: str | None = None,
    cause: str | None = None,
    to: str | None = None,
    check_in: Instant | None = None,
) -> Decision:
    """Say what came of it, and whose doing it was. What is open is closed with that. Of what is closed `cause` None leaves
    what was said, "" takes it away; so `outcome` None."""
    here = state.conversations[conversation]
    if here.status is not Status.CLOSED:
        return decide(
            state, who, now, conversation=conversation, why=outcome, cause=cause, to=to, check_in=check_in
        )
    becomes = outcome or here.closed_why or RESOLVED
    referred = to if to is not None or becomes != REFERRED else here.referred
    wrong = _wrong(outcome, cause, referred)
    if wrong is not None:
        return wrong
    if cause is None:
        cause = here.cause
    if (becomes, cause or None, referred or None) == (here.closed_why, here.cause, here.referred):
        if check_in is None:
            return Refusal("That is what it says already.")
        return _and_check_in([], state, who, now, conversation, check_in)
    said: dict[str, Any] = {"outcome": becomes, "cause": cause or None, "to": referred or None}
    told = happened(EventType.OUTCOME, conversation, who, now, **said)
    return _and_check_in([told], state, who, now, conversation, check_in)


def _wrong(why: str | None, cause: str | None, to: str | None) -> Refusal | None:
    """The refusal of words that cannot be said of a closing."""
    if why is not None and why not in WHY:
        return Refusal(
            f"{why!r} is no reason for closing{nearest(why, WHY)}", "Reasons are: " + ", ".join(WHY) + "."
        )
    if why == REFERRED and not (to or "").strip():
        return Refusal("It does not say where the customer was referred.", "Say it in a few words: to whom.")
    for what, text in (("cause", cause), ("place", to)):
        if text and (len(text) > LONGEST or not text.isprintable()):
            return Refusal(
                f"That {what} is longer than {LONGEST} characters, or not one line.", "Shorten it."
            )
    return None

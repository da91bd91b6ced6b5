"""What became of a reply on its way out: accepted, delayed, refused for good, or unknown. Decided by the worker alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial

from inbox.actions.facts import happened, one
from inbox.addresses import fold_address
from inbox.model import Bounce, Event, EventType, Instant, Refusal, Who
from inbox.ports import Decision, Fact, State
from inbox.text import one_line

scope = one

LEFT = ("sent", "unknown")
"""States of a recipient to whom a message has gone, or may have."""


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
    failed: Mapping[str, str],
    answer: bool,
) -> Decision:
    """Refused for good for these recipients, with the words of servers; `answer`: whether it is one all the same.

    Who is known not to have it is told of once.
    """
    if conversation not in state.conversations:
        return Refusal("There is no such conversation.")
    from inbox.bounce_verdicts import read_answer

    told = _told(state.events.get(conversation, ()), message)
    tell = partial(not_reached, who, now, conversation=conversation, message=message, answer=answer)
    return [
        tell(read_answer(address, words))
        for address, words in failed.items()
        if one_line(address, 320) not in told
    ]


def not_reached(
    who: Who,
    at: Instant,
    bounce: Bounce,
    *,
    conversation: int,
    message: int,
    answer: bool,
    assignee: str | None = None,
) -> Fact:
    """One recipient does not have a message of ours, and why; `assignee` is whom it is given to, where nobody has it."""
    from inbox.bounce_verdicts import reason

    return happened(
        EventType.UNDELIVERED,
        conversation,
        who,
        at,
        message=message,
        why=reason(bounce),
        recipients=[one_line(bounce.recipient, 320)],
        all=not answer,
        failure=bounce.kind,
        assignee=assignee,
    )


def in_words(event: Event) -> str:
    """What an UNDELIVERED says, as a sentence without its stop."""
    to, why = ", ".join(event.data.get("recipients", ())), f", because {event.why}" if event.why else ""
    return f"not delivered to {to}{why}" + ("" if event.data.get("all", True) else "; the others have it")


def is_answer(states: Mapping[str, str], customer: Collection[str]) -> bool:
    """Whether a message still is an answer, by the state of each recipient: the customer has it, or may have it; where it
    went to others alone, one of these. `customer`: folded addresses."""
    asked = [state for address, state in states.items() if fold_address(address) in customer]
    return any(state in LEFT for state in asked or states.values())


def _told(events: Sequence[Event], message: int) -> set[str]:
    """Of whom the record knows that they do not have a message, as it went out last."""
    told: set[str] = set()
    for event in events:
        if event.message == message and event.type in (EventType.SENT, EventType.RELEASED):
            told.clear()
        elif event.message == message and event.type is EventType.UNDELIVERED:
            told.update(event.data["recipients"])
    return told


def delayed(
    state: State, who: Who, now: Instant, *, conversation: int, message: int, since: Instant, why: str
) -> Decision:
    """It was to leave at `since` and is still refused for now: the customer has no answer yet. `why` in few words."""
    if conversation not in state.conversations:
        return Refusal("There is no such conversation.")
    return [happened(EventType.DELAYED, conversation, who, now, message=message, why=why, since=since)]


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

"""One text to many: to all who are linked to an issue, each in their own conversation, or as an announcement.

It is an answer of the person who tells: it meets clocks, and it waits behind other answers. What was queued of a telling is
found by its digest under the lock, so that nobody is told twice, whoever dies in between (docs/issues.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inbox.actions import issue as issues
from inbox.actions import reply, undo, write
from inbox.actions.facts import happened
from inbox.answering import LONGEST_SUBJECT
from inbox.issues import SUBJECT, TEXT, Issue
from inbox.model import Event, EventType, Instant, Refusal, Who
from inbox.ports import Decision, Fact, Scope, State
from inbox.text import one_line, sanitise

WINDOW = 120
"""Seconds until what is told leaves, in which all of it can be stopped."""

ALREADY = Refusal("They were told already.")
STOPPED = Refusal("They have said stop.")


def begin(
    state: State,
    who: Who,
    now: Instant,
    *,
    issue: str,
    telling: str,
    text: str,
    subject: str = "",
    new: str = "",
) -> Decision:
    """Say what is told, before anybody is; with `new`, a kind, the issue is made where there is none yet."""
    here = state.issues.get(issue)
    data = {"issue": issue, "telling": telling}
    words = ((SUBJECT, one_line(subject, LONGEST_SUBJECT)), (TEXT, sanitise(text).strip()))
    said = [each for each in words if each[1]]
    if here is None:
        made = (
            issues.make(state, who, now, issue=issue, kind=new, title=subject)
            if new
            else issues.unknown(issue)
        )
        if isinstance(made, Refusal):
            return made
        data["kind"] = new  # in one event, so that it goes where all of it is stopped
        said += made[0].said
    elif here.telling == telling:
        return []
    return [Fact(Event(EventType.ISSUE, now, who.name, data=data, recorded=now), said=tuple(said))]


def scope(conversation: int, issue: str, unless_stop: int | None = None, **_: Any) -> Scope:
    """The conversation with its events, the issue, and the customer who may have said stop."""
    whom = () if unless_stop is None else (unless_stop,)
    return Scope(
        conversations=(conversation,), events=(conversation,), leaves=True, issues=(issue,), customers=whom
    )


def decide(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    issue: str,
    telling: str,
    seen: int,
    unless_stop: int | None = None,
    **written: Any,
) -> Decision:
    """Tell the customer of a conversation that is linked; `seen`: the last event in it when the letter was made ready.

    `unless_stop`: of what was announced, the customer, who is told nothing more after a stop.
    """
    if unless_stop is not None and any(each.stop for each in state.customers.values()):
        return STOPPED
    here, events = state.conversations[conversation], state.events[conversation]
    if _told_in(events, telling):
        return ALREADY
    if here.issue != issue:
        return Refusal(f"It is linked to {issue} no more.")
    if any(_customer_wrote(event) and event.seq > seen for event in events):
        return Refusal("The customer has written since: look at it first.")
    return reply.decide(
        state,
        who,
        now,
        conversation=conversation,
        seen=seen,
        leave_after=WINDOW,
        telling={"issue": issue, "telling": telling},
        **written,
    )


def _told_in(events: Sequence[Event], telling: str) -> bool:
    """Whether a telling stands in a conversation: queued, and neither taken back nor given up since."""
    dropped = {event.message for event in events if event.type is EventType.DROPPED and not event.void}
    return any(
        event.type is EventType.QUEUED
        and not event.void
        and event.data.get("telling") == telling
        and event.message not in dropped
        for event in events
    )


def _customer_wrote(event: Event) -> bool:
    return event.type is EventType.RECEIVED and not event.void and event.data.get("side") == "customer"


def scope_announce(issue: str, customer: int, telling: str, to: Sequence[str], **_: Any) -> Scope:
    """The customer, the issue, and whether they were told."""
    people = write.scope(to=to)
    return people._replace(issues=(issue,), customers=(customer,), told=(telling, customer))


def announce(
    state: State,
    who: Who,
    now: Instant,
    *,
    issue: str,
    telling: str,
    customer: int,
    to: Sequence[str],
    **written: Any,
) -> Decision:
    """Write to a customer in a new conversation that is linked to the issue; never to who wants answers only."""
    if state.told:
        return ALREADY
    known = state.customers.get(customer)
    if known is None or known.merged_into is not None:
        return Refusal("There is no such customer any more.")
    if known.stop:
        return STOPPED
    if issue not in state.issues:
        return issues.unknown(issue)
    about = {"issue": issue, "telling": telling, "customer": customer}
    made = write.decide(state, who, now, to=to, leave_after=WINDOW, telling=about, **written)
    if isinstance(made, Refusal):
        return made
    return [*made, happened(EventType.LINKED, state.next_conversation, who, now, issue=issue)]


def close(state: State, who: Who, now: Instant, *, issue: str, telling: str) -> Decision:
    """Close the issue with what was told."""
    here: Issue | None = state.issues.get(issue)
    if here is None:
        return issues.unknown(issue)
    if not here.is_open:
        return []
    data = {"issue": issue, "state": "closed", "telling": telling}
    return [Fact(Event(EventType.ISSUE, now, who.name, data=data, recorded=now))]


def scope_stop(telling: str) -> Scope:
    """All that was queued of it."""
    return Scope(telling=telling)


def stop(state: State, who: Who, now: Instant, *, telling: str) -> Decision:
    """Take back all of it that has not left."""
    del telling
    return undo.stop(state, who, now)

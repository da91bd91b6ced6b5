"""Out of the way until later. Snoozing never hides lateness: it wakes before the deadline."""

from __future__ import annotations

from collections.abc import Iterable

from inbox.actions.facts import PASSED, happened, one
from inbox.model import Conversation, Event, EventType, Instant, Who
from inbox.ports import Decision, State

scope = one

EARLIER = 3600
"""Seconds before a deadline at which a snoozed conversation is back."""


def decide(
    state: State, who: Who, now: Instant, *, conversation: int, until: Instant, due: Instant | None = None
) -> Decision:
    """Snooze until `until`, or until shortly before the deadline `due` where that comes first."""
    if until <= now:
        return PASSED
    wakes = wakes_at(until, due, now)
    early = wakes < until
    why = "wakes before the deadline" if early else ""
    return [
        happened(EventType.SNOOZED, conversation, who, now, why=why, until=wakes, due=due if early else None)
    ]


def wakes_at(until: Instant, due: Instant | None, now: Instant) -> Instant:
    """When a snooze really ends: an hour before a deadline that comes sooner, but never in the past."""
    if due is None or due <= now or until <= due - EARLIER:
        return until
    return max(due - EARLIER, now + (due - now) // 2)


def wakes_early(
    here: Conversation, events: Iterable[Event], due: Instant | None
) -> tuple[Instant, Instant] | None:
    """The deadline because of which a snoozed conversation wakes early, and when that is; None where it does not. `events`:
    its record; `due`: its next deadline."""
    snoozes = [each for each in events if each.type is EventType.SNOOZED and not each.void]
    if here.snoozed_until is None or not snoozes:
        return None
    if due is not None and due not in (here.promised_until, here.follow_up_at):
        wakes = before_deadline(here._replace(turned_at=snoozes[-1].at), due)
        if wakes is not None:
            return due, wakes
    said = snoozes[-1].data
    return (said["due"], said["until"]) if "due" in said and said["until"] == here.snoozed_until else None


def before_deadline(here: Conversation, due: Instant) -> Instant | None:
    """When a snoozed conversation wakes before the time it was snoozed until, because of a deadline that came about, or
    came nearer, since; None: it does not."""
    if here.snoozed_until is None or due <= here.turned_at:
        return None
    wakes = wakes_at(here.snoozed_until, due, here.turned_at)
    return wakes if wakes < here.snoozed_until else None

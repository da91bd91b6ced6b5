"""Out of the way until later. Snoozing never hides lateness: it wakes before the deadline."""

from __future__ import annotations

from inbox.actions.facts import happened, one
from inbox.model import EventType, Instant, Refusal, Who
from inbox.ports import Decision, State

scope = one


def decide(
    state: State, who: Who, now: Instant, *, conversation: int, until: Instant, due: Instant | None = None
) -> Decision:
    """Snooze until `until`, or until shortly before the deadline `due` where that comes first."""
    if until <= now:
        return Refusal("That time has passed.", "Give a time to come, such as 2026-05-01 09:00.")
    wakes = wakes_at(until, due, now)
    shortened = "wakes before the deadline" if wakes < until else ""
    return [happened(EventType.SNOOZED, conversation, who, now, why=shortened, until=wakes)]


def wakes_at(until: Instant, due: Instant | None, now: Instant) -> Instant:
    """When a snooze really ends: an hour before a deadline that comes sooner, but never in the past."""
    if due is None or due <= now or until <= due - 3600:
        return until
    return max(due - 3600, now + (due - now) // 2)

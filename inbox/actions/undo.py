"""Undo and redo: the last action of a person becomes void, or counts again, and the state is folded anew."""

from __future__ import annotations

from inbox.fold import UNDOABLE
from inbox.model import Event, EventType, Instant, Refusal, Who
from inbox.ports import Decision, Fact, Scope, State


def scope(by: str) -> Scope:
    """The last action of `by` that still counts."""
    return Scope(undo_by=by)


def scope_redo(by: str) -> Scope:
    """What `by` has undone last."""
    return Scope(undo_by=by)


def decide(state: State, who: Who, now: Instant, *, by: str) -> Decision:
    """Take back the last action of `by`, whole."""
    action = state.last_action
    if not action:
        return Refusal("There is nothing to undo.")
    for event in action:
        reason = _bound(event, state)
        if reason is not None:
            return Refusal(reason)
    return [_about(EventType.UNDONE, action, who, now)]


def redo(state: State, who: Who, now: Instant, *, by: str) -> Decision:
    """Do again what `by` undid last, as long as nothing was done since."""
    if not state.last_undone:
        return Refusal("There is nothing to redo.")
    for event in state.last_undone:
        if event.type is EventType.QUEUED:
            return Refusal("A reply that was taken back is a draft again.", "Open the draft and send it.")
    return [_about(EventType.REDONE, state.last_undone, who, now)]


def _about(kind: EventType, action: tuple[Event, ...], who: Who, now: Instant) -> Fact:
    return Fact(
        Event(
            kind,
            now,
            who.name,
            data={"events": [event.seq for event in action], "batch": action[0].batch},
            recorded=now,
        )
    )


def _bound(event: Event, state: State) -> str | None:
    if event.type not in UNDOABLE:
        return f"{event.type.name.capitalize().replace('_', ' ')} cannot be undone."
    if event.type is EventType.QUEUED:
        state_now = state.outbox.get(event.message or 0, "sent")
        if state_now not in ("queued", "held"):
            return "That reply has left already: a correction is a new reply (r)."
    if event.type is EventType.MERGED:
        moved = set(event.data["events"])
        for later in state.events.get(event.conversation or 0, ()):
            if later.seq > event.seq and not later.void and later.type is EventType.MERGED:
                return f"It was joined again by {later.who} since: undo that first."
            if later.seq in moved and later.void:
                continue
    return None

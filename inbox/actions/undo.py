"""Undo and redo: the last action of a person becomes void, or counts again, and the state is folded anew."""

from __future__ import annotations

from inbox.fold import UNDOABLE, carries, is_seen_again
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
    if any("telling" in event.data for event in action):
        return stop(state, who, now)
    numbers = {event.seq for event in action}
    for event in sorted(action, key=lambda each: each.type is not EventType.CHAT_TAKEN):
        reason = _bound(event, numbers, state)
        if reason is not None:
            left = (
                event.type in (EventType.QUEUED, EventType.APPROVED)
                and state.outbox.get(event.message or 0) != "dropped"
            )
            about = (event.conversation or 0, event.message or 0) if left else None
            return Refusal(reason, about=about)
    return [_about(EventType.UNDONE, action, who, now)]


NOT_LEFT = ("queued", "held", "refused-for-now")
"""States in the outbox in which nobody has a message yet."""


def stop(state: State, who: Who, now: Instant) -> Decision:
    """Take back all of a telling that has not left; the issue is what it was before, where it was closed with it or where
    nobody was told."""
    queued = [event for event in state.told if event.type is EventType.QUEUED]
    waiting = [each for each in queued if state.outbox.get(each.message or 0) in NOT_LEFT]
    if not waiting:
        return Refusal("All of that has left already.", "A correction is told anew.")
    nobody = len(waiting) == len(queued)
    said = [e for e in state.told if e.type is EventType.ISSUE and (nobody or "state" in e.data)]
    return [_about(EventType.UNDONE, tuple(sorted((*waiting, *said), key=lambda e: e.seq)), who, now)]


def redo(state: State, who: Who, now: Instant, *, by: str) -> Decision:
    """Do again what `by` undid last, as long as nothing was done since."""
    if not state.last_undone:
        return Refusal("There is nothing to redo.")
    for event in state.last_undone:
        if any(
            e.type is EventType.ERASED and e.data.get("whole")
            for e in state.events.get(event.conversation or 0, ())
        ):
            return Refusal("What was said there was erased since: nothing is done again.")
        if "telling" in event.data:
            return Refusal(
                "What was stopped is told anew.", "“issues” tells all, as does frontdesk issue tell."
            )
        if event.type is EventType.QUEUED:
            return Refusal("A reply that was taken back is a draft again.", "Open the draft and send it.")
        if event.type is EventType.APPROVED:
            return Refusal("A yes that was taken back is said anew.", "Look at the letter, and say yes.")
        if event.type is EventType.SENT_BY_HAND:
            return Refusal("An answer that was taken back is written down anew.", "Reply once more.")
        if event.type is EventType.CUSTOMERS_JOINED:
            here, there = (state.customers.get(event.data[each]) for each in ("from", "customer"))
            if here is None or there is None or here.merged_into is not None or there.merged_into == here.id:
                return Refusal("They were joined otherwise since.", "Look at the customer, and join anew.")
        if event.type in (EventType.MERGED, EventType.PARTED):
            both = (event.conversation, event.data.get("from"))
            later = _moved_on(event, both, state)
            if later is not None:
                return Refusal(
                    f"{later.who} has {_MOVED[later.type]} since.", "Look at what is there, and do it anew."
                )
        if event.type is EventType.MERGED and _came_back(event, state):
            return Refusal(
                "What had been parted from it is back since.", "Look at what is there, and join anew."
            )
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


_OUTLIVES_MERGE = frozenset(
    {
        EventType.NOTED,
        EventType.TAGGED,
        EventType.READ,
        EventType.QUEUED,
        EventType.SENT_BY_HAND,
        EventType.CALLED,
    }
)
"""What can be undone though the conversation was joined with another since: the rest was decided anew by that."""


def _bound(event: Event, together: set[int], state: State) -> str | None:
    """Why an event cannot be undone any more, with those undone together with it; None when it can."""
    if event.type is EventType.CHAT_TAKEN:
        return "It was taken as a chat: its lines stay. “split” and “merge” put them elsewhere."
    if event.type is EventType.GIVEN_BACK:
        return f"It is a draft of {event.data['to']} again: that stays."
    for conversation in (event.conversation, event.data.get("from")):
        for later in state.events.get(conversation or 0, ()) if isinstance(conversation, int) else ():
            if later.type is EventType.ERASED and later.seq > event.seq and later.data.get("whole"):
                return "What was said there was erased since: that cannot be undone."
    if event.type not in UNDOABLE:
        return f"{event.type.name.capitalize().replace('_', ' ')} cannot be undone."
    if event.type in (EventType.QUEUED, EventType.APPROVED):
        state_now = state.outbox.get(event.message or 0, "sent")
        if state_now == "dropped":
            return "That reply was given up already."
        if state_now == "undone":
            return "That reply is a draft again already."
        if state_now not in ("queued", "held"):
            return "That reply has left already: a correction is a new reply."
    elif event.type is EventType.SENT_BY_HAND and any(
        is_seen_again(later) and later.message == event.message and not later.void
        for later in state.events.get(event.conversation or 0, ())
    ):
        return "A transcript has shown that it is there: a correction is a new answer."
    elif event.type not in _OUTLIVES_MERGE:
        moves = event.type in (EventType.MERGED, EventType.PARTED)
        for conversation in {event.conversation, event.data.get("from")} if moves else {event.conversation}:
            for later in state.events.get(conversation or 0, ()):
                stands = later.seq > event.seq and not later.void and later.seq not in together
                if stands and (carries(later) or (moves and later.type is EventType.PARTED)):
                    words = "joined with another" if later.type is EventType.MERGED else "parted"
                    return f"It was {words} by {later.who} since: undo that first."
    return None


def _came_back(merged: Event, state: State) -> bool:
    """Whether there is more of what was before in the conversation that was joined than the merge took along."""
    before = {each.seq for each in state.events.get(merged.data["from"], ()) if each.seq < merged.seq}
    return not before <= set(merged.data["events"])


_MOVED = {EventType.MERGED: "joined one of them with another", EventType.PARTED: "parted one of them"}


def _moved_on(event: Event, both: tuple[int | None, ...], state: State) -> Event | None:
    """What has joined one of both with another since, or parted one of them; None when each is still as it was."""
    for conversation in both:
        for other in state.events.get(conversation or 0, ()):
            since = other.seq > event.seq
            if other.void or other.type not in (EventType.MERGED, EventType.PARTED):
                continue
            if other.type is EventType.MERGED and event.type is EventType.MERGED:
                since = other.data["from"] in both
            if since:
                return other
    return None

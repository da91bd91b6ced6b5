"""A trainee's letter and the yes it waits for: it is let go, edited and sent, or given back to who wrote it.

Whoever says yes decides on one letter, named by its message: of two who decide at once, the second is told what the
first has done. A letter that was edited takes the place of the one that waited, so that never both leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from inbox.actions import note, reply
from inbox.actions.facts import happened
from inbox.approvals import settled, stops, waiting
from inbox.model import Event, EventType, Instant, Refusal, Role, Who
from inbox.ports import Decision, State
from inbox.verbs import SENIORS, whom_to_ask

scope = reply.scope


def decide(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    message: int | None = None,
    leave_after: int = 20,
    seen: int | None = None,
    anyway: str = "",
    overridden: Sequence[str] = (),
) -> Decision:
    """Say yes to a letter: it leaves `leave_after` seconds from now, or when it was to leave later.

    `message` None: the only one that waits here. `seen`: up to which event who says yes knows the conversation; what
    happened between the letter and that is said in `overridden` and overruled with the reason `anyway`.
    """
    queued = letter_of(state, conversation, message)
    if isinstance(queued, Refusal):
        return queued
    found = stops(state.events[conversation], queued, seen if anyway else None)
    if found:
        return Refusal(found[0].words, found[0].next_step)
    later = queued.data.get("later")
    leave_at = later if later is not None and later > now else now + leave_after
    said = happened(
        EventType.APPROVED,
        conversation,
        who,
        now,
        message=queued.message,
        why=anyway,
        of=queued.who,
        leave_at=leave_at,
    )
    return [said, *reply.overriding(anyway, overridden, conversation, who, now)]


def amend(
    state: State, who: Who, now: Instant, *, conversation: int, message: int | None = None, **written: Any
) -> Decision:
    """Send a letter as it was edited, in the place of the one that waits; `written` as for a reply."""
    queued = letter_of(state, conversation, message)
    if isinstance(queued, Refusal):
        return queued
    if who.role is Role.TRAINEE:
        return Refusal(
            "What waits for a yes is not sent by a trainee.", f"Ask {whom_to_ask(SENIORS, who.team)}."
        )
    kind = str(queued.data.get("kind", "reply"))
    if kind == "forward":
        written.setdefault("then", None)
    made = reply.decide(state, who, now, conversation=conversation, kind=kind, **written)
    if isinstance(made, Refusal):
        return made
    here = state.conversations[conversation]
    data = {
        "instead": queued.message,
        "replaces": queued.seq,
        "of": queued.who,
        "assignee": here.assignee or queued.who,
    }
    facts = list(made)
    facts[0] = facts[0]._replace(
        event=replace(facts[0].event, data={**facts[0].event.data, **data, "kind": kind})
    )
    return facts


def give_back(
    state: State, who: Who, now: Instant, *, conversation: int, message: int | None = None, text: str = ""
) -> Decision:
    """Make a letter a draft of who wrote it again, with a note that calls them; who wrote it takes it back with none."""
    queued = letter_of(state, conversation, message)
    if isinstance(queued, Refusal):
        return queued
    own, team = queued.who == who.name, [name for name, _ in who.team]
    if who.role is Role.TRAINEE and not own:
        return Refusal(f"That letter is {queued.who}'s.", f"Ask {whom_to_ask(SENIORS, who.team)}.")
    if not own and not text.strip():
        return Refusal(f"{queued.who} needs to know why.", "Say in a few words what is to change.")
    if not own and team and queued.who not in team:
        return Refusal(
            f"{queued.who} is nobody of the team any more.",
            "Edit it and send it yourself, or give it up in the outbox.",
        )
    back = happened(
        EventType.GIVEN_BACK,
        conversation,
        who,
        now,
        message=queued.message,
        letters=[queued.seq],
        to=queued.who,
    )
    if not text.strip():
        return [back]
    noted = note.decide(state, who, now, conversation=conversation, text=text, team=team)
    if isinstance(noted, Refusal):
        return noted
    event = noted[0].event
    called = sorted({*event.data.get("mentions", ()), queued.who} - {who.name})
    return [back, noted[0]._replace(event=replace(event, data={**event.data, "mentions": called}))]


def letter_of(state: State, conversation: int, message: int | None) -> Event | Refusal:
    """What queued the letter that is decided on, or why there is none."""
    asked = waiting(state.events[conversation])
    found = [event for event in asked if message is None or event.message == message]
    if not found:
        return Refusal(settled(state.events[conversation], message))
    if len(found) > 1:
        names = ", ".join(f"{event.message} of {event.who}" for event in found)
        return Refusal(f"{len(found)} letters wait here for a yes: {names}.", "Name one of them.")
    return found[0]

"""A saved action: its verbs one after the other, as one decision. Where one of them is refused, nothing is done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from inbox.actions import decision
from inbox.hours import Hours
from inbox.model import Conversation, Instant, Refusal, Who
from inbox.ports import Decision, Fact, Scope, State
from inbox.rules.deciding import after
from inbox.saved_actions import ME, NOBODY, Do, SavedAction, Step
from inbox.typed_dates import read_date


def scope(conversation: int, **_: object) -> Scope:
    """The conversation, and its events: each verb is decided as if those before it had happened."""
    return Scope(conversations=(conversation,), events=(conversation,))


def decide(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    action: SavedAction,
    zone: ZoneInfo,
    hours: Hours,
    team: Collection[str] = (),
    due: Instant | None = None,
) -> Decision:
    """All that the action decides by itself; its text is written by a person. What is so already is passed over.

    `zone` and `hours` read the dates in it, `team` the names in a note; `due` is when the conversation is due next.
    """
    facts: list[Fact] = []
    for step in action.decides:
        here = state.conversations[conversation]
        if _is_so(step, here, who):
            continue
        arguments = _arguments(step, who, team, due)
        if isinstance(until := arguments.get("until"), str):
            found = read_date(until, now, zone, hours)
            if isinstance(found, Refusal):
                return _of(step, found)
            arguments["until"] = found
        _, decided = decision(_VERB.get(step.do, str(step.do)), conversation=conversation, **arguments)
        result = decided(state, who, now)
        if isinstance(result, Refusal):
            return _of(step, result)
        facts += result
        state = after(state, conversation, result)
    if not facts and action.text is None:
        return Refusal("All of that is so already.")
    return facts


_VERB = {Do.UNTAG: "tag", Do.FOLLOW_UP: "follow-up"}


def _is_so(step: Step, here: Conversation, who: Who) -> bool:
    match step.do:
        case Do.TAG:
            return set(step.words) <= set(here.tags)
        case Do.UNTAG:
            return not set(step.words) & set(here.tags)
        case Do.ASSIGN:
            return here.assignee == _whom(step, who)
        case Do.UPSET:
            return here.upset == step.on
        case _:
            return False


def _whom(step: Step, who: Who) -> str | None:
    name = step.words[0]
    return who.name if name == ME else None if name == NOBODY else name


def _arguments(step: Step, who: Who, team: Collection[str], due: Instant | None) -> dict[str, Any]:
    """What the verb of a step is given; dates as they are typed."""
    match step.do:
        case Do.TAG:
            return {"add": step.words}
        case Do.UNTAG:
            return {"remove": step.words}
        case Do.ASSIGN:
            return {"to": _whom(step, who)}
        case Do.SNOOZE:
            return {"until": step.words[0], "due": due}
        case Do.HOLD:
            return {"whom": step.words[0], "until": step.until or None}
        case Do.FOLLOW_UP:
            return {"until": step.words[0]}
        case Do.CLOSE:
            return {"why": step.words[0]}
        case Do.NOTE:
            return {"text": step.words[0], "team": team}
        case Do.UPSET:
            return {"upset": step.on}
        case _:
            return {}


def _of(step: Step, refusal: Refusal) -> Refusal:
    next_step = f"Nothing was done. {refusal.next_step}".rstrip()
    return replace(refusal, reason=f"{step.in_words}: {refusal.reason}", next_step=next_step)

"""One pure decision a verb: a function of (state, who, arguments, now) that answers events or a refusal.

`decision` is the way in for keys, commands and rules alike: it names what is touched and wraps the decision so that
roles and availability (`inbox.verbs`) are checked again under the store's lock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from inbox.actions import assign, close, hold, mark, merge, note, reopen, reply, snooze, spam, tag, undo
from inbox.model import Instant, Refusal, Who
from inbox.ports import Decide, Decision, Scope, State
from inbox.verbs import VERBS, refused


@dataclass(frozen=True, slots=True)
class Action:
    """How one verb decides: what it must see, and the decision itself (called with the verb's own arguments)."""

    scope: Callable[..., Scope]
    decide: Callable[..., Decision]


ACTIONS: dict[str, Action] = {
    "reply": Action(reply.scope, reply.decide),
    "reply-all": Action(reply.scope, reply.decide),
    "note": Action(note.scope, note.decide),
    "assign": Action(assign.scope, assign.decide),
    "assign-me": Action(assign.scope, assign.to_me),
    "take-next": Action(assign.scope, assign.take),
    "tag": Action(tag.scope, tag.decide),
    "snooze": Action(snooze.scope, snooze.decide),
    "hold": Action(hold.scope, hold.decide),
    "close": Action(close.scope, close.decide),
    "no-answer": Action(close.scope, close.no_answer),
    "reopen": Action(reopen.scope, reopen.decide),
    "spam": Action(spam.scope, spam.decide),
    "merge": Action(merge.scope, merge.decide),
    "mark-read": Action(mark.scope, mark.decide),
    "undo": Action(undo.scope, undo.decide),
    "redo": Action(undo.scope_redo, undo.redo),
}


def decision(verb: str, **arguments: Any) -> tuple[Scope, Decide]:
    """The scope and the decision of a verb with its arguments (a conversation by its id in `conversation`).

    KeyError when no such verb changes anything.
    """
    action, declared = ACTIONS[verb], VERBS[verb]

    def decide(state: State, who: Who, now: Instant) -> Decision:
        touched = arguments.get("conversation")
        if touched is not None and touched not in state.conversations:
            return Refusal("There is no such conversation.", "list shows the ids there are.")
        here = [state.conversations[touched]] if touched is not None else []
        reason = refused(declared, who, here)
        if reason is not None:
            return Refusal(reason)
        return action.decide(state, who, now, **arguments)

    return action.scope(**arguments), decide

"""One pure decision a verb: a function of (state, who, arguments, now) that answers events or a refusal.

`decision` is the way in for keys, commands and rules alike: it names what is touched and wraps the decision so that
roles and availability (`inbox.verbs`) are checked again under the store's lock.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from inbox.model import Refusal
from inbox.verbs import VERBS, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from inbox.model import Instant, Who
    from inbox.ports import Decide, Decision, Scope, State


class Action(NamedTuple):
    """How one verb decides, by the names in its module here, which is loaded when the verb is first done: what it must
    see, and the decision itself (called with the verb's own arguments). `explains`: it knows better than the row of the
    conversation why it cannot be done now."""

    module: str
    decide: str = "decide"
    scope: str = "scope"
    explains: bool = False

    def load(self) -> tuple[Callable[..., Scope], Callable[..., Decision]]:
        """The functions these names stand for."""
        module = import_module(f"{__name__}.{self.module}")
        return getattr(module, self.scope), getattr(module, self.decide)


ACTIONS: dict[str, Action] = {
    "reply": Action("reply"),
    "reply-all": Action("reply", "to_all"),
    "forward": Action("reply", "forward"),
    "new": Action("write"),
    "by-hand": Action("by_hand"),
    "note": Action("note"),
    "call": Action("call"),
    "assign": Action("assign"),
    "assign-me": Action("assign", "to_me"),
    "take-next": Action("assign", "take"),
    "hand-over": Action("hand_over"),
    "seen": Action("mark", "seen"),
    "approve": Action("approve", explains=True),
    "amend": Action("approve", "amend", explains=True),
    "give-back": Action("approve", "give_back", explains=True),
    "tag": Action("tag"),
    "snooze": Action("snooze"),
    "hold": Action("hold"),
    "promise": Action("promise"),
    "keep": Action("promise", "keep"),
    "follow-up": Action("promise", "follow_up"),
    "done": Action("promise", "done"),
    "nudge": Action("nudge"),
    "check-in": Action("check_in"),
    "close-quiet": Action("close_quiet"),
    "close": Action("close"),
    "outcome": Action("close", "outcome"),
    "goodwill": Action("goodwill"),
    "no-answer": Action("close", "no_answer"),
    "reopen": Action("reopen"),
    "spam": Action("spam"),
    "block": Action("block"),
    "unblock": Action("block", "unblock", "scope_unblock"),
    "notice": Action("ruling"),
    "no-notice": Action("ruling", "never"),
    "link": Action("issue", "link", "scope_link"),
    "unlink": Action("issue", "unlink", "scope_unlink"),
    "issue-new": Action("issue", "make"),
    "issue-change": Action("issue", "change"),
    "issue-banner": Action("issue", "banner"),
    "issue-tell": Action("tell"),
    "issue-stop": Action("tell", "stop", "scope_stop"),
    "announce": Action("tell", "announce", "scope_announce"),
    "merge": Action("merge"),
    "take-chat": Action("mailed_chat"),
    "join-suggested": Action("merge", "join_suggested", "scope_suggested"),
    "decline-suggestion": Action("merge", "decline_suggestion", "scope_declined"),
    "split": Action("part", "split", "scope_split"),
    "move-message": Action("part", "move", "scope_move"),
    "mark-read": Action("mark"),
    "upset": Action("upset"),
    "customer-edit": Action("customers", "edit"),
    "customer-note": Action("customers", "edit"),
    "customer-vip": Action("customers", "edit"),
    "customer-join": Action("customers", "join", "scope_join"),
    "customer-same": Action("customers", "join", "scope_join"),
    "customer-different": Action("customers", "apart", "scope_apart"),
    "customer-part": Action("customers", "part", "scope_part"),
    "customer-erase": Action("erase"),
    "act": Action("saved"),
    "undo": Action("undo"),
    "redo": Action("undo", "redo", "scope_redo"),
}


def decision(verb: str, **arguments: Any) -> tuple[Scope, Decide]:
    """The scope and the decision of a verb with its arguments (a conversation by its id in `conversation`).

    KeyError when no such verb changes anything.
    """
    action = ACTIONS[verb]
    scope, decided = action.load()
    declared = VERBS[verb]

    def decide(state: State, who: Who, now: Instant) -> Decision:
        touched = arguments.get("conversation")
        if touched is not None and touched not in state.conversations:
            return Refusal("There is no such conversation.", "list shows the ids there are.")
        here = [state.conversations[touched]] if touched is not None and not action.explains else []
        reason = refused(declared, who, here)
        if reason is not None:
            return Refusal(reason)
        return decided(state, who, now, **arguments)

    return scope(**arguments), decide

"""Mail that the server had put into Junk lies in the inbox now: somebody took it out there, so it is no spam."""

from __future__ import annotations

from inbox.actions.facts import happened
from inbox.model import EventType, Instant, Refusal, Status, Who
from inbox.ports import Decision, Scope, State


def scope(conversation: int) -> Scope:
    """The conversation, and who called it spam."""
    return Scope(conversations=(conversation,), events=(conversation,))


def decide(state: State, who: Who, now: Instant, *, conversation: int) -> Decision:
    """Open it as new mail. Only what `who`, the worker, called spam by itself: what a person decided stands."""
    here = state.conversations.get(conversation)
    if here is None or here.status is not Status.SPAM:
        return Refusal("It is not spam.")
    called = [e for e in state.events[conversation] if e.type is EventType.SPAM and not e.void]
    if called[-1].who != who.name:
        return Refusal(f"{called[-1].who} called it spam.")
    why = "it was taken out of Junk on the server"
    return [
        happened(EventType.REOPENED, conversation, who, now, why=why),
        happened(EventType.READ, conversation, who, now, why=why, read=False),
    ]

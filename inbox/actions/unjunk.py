"""Mail that the server had put into Junk lies in the inbox now: somebody took it out there, so it is no spam."""

from __future__ import annotations

from inbox.actions.facts import happened
from inbox.model import EventType, Instant, Refusal, Status, Who
from inbox.ports import Decision, Scope, State


def scope(conversation: int) -> Scope:
    """The conversation, and who called it spam."""
    return Scope(conversations=(conversation,), events=(conversation,))


def decide(state: State, who: Who, now: Instant, *, conversation: int) -> Decision:
    """Open it as new mail. Only what `who`, the worker, called spam because the server did: what a person decided
    stands, be it a block, or that it is spam after all once we had moved its mail out of Junk ourselves."""
    here = state.conversations.get(conversation)
    if here is None or here.status is not Status.SPAM:
        return Refusal("It is not spam.")
    events = state.events[conversation]
    called = [e for e in events if e.type is EventType.SPAM and not e.void][-1]
    if called.who != who.name:
        return Refusal(f"{called.who} called it spam.")
    if "blocked" in called.data:
        return Refusal("Its sender is blocked.")
    taken_back = [e for e in events if e.type is EventType.REOPENED and e.void and e.seq > called.seq]
    if taken_back:
        return Refusal(f"{taken_back[-1].who} has taken back that it is no spam.")
    why = "it was taken out of Junk on the server"
    return [
        happened(EventType.REOPENED, conversation, who, now, why=why),
        happened(EventType.READ, conversation, who, now, why=why, read=False),
    ]

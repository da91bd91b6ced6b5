"""The rest of a large message has come: of what people did nothing changes, only what there is to read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from inbox.actions import merge
from inbox.model import Event, EventType, Instant, Message, Refusal, Status, Who
from inbox.ports import Begun, Content, Decision, Fact, Scope, State

KNOWN = Refusal("known")
"""All of it is here already."""
ANOTHER = Refusal("another message")
"""What began alike is whole already, and says something else: this is a message of its own."""


def scope(message: int, whole: Message) -> Scope:
    """The message of which the beginning is here, and `whole`, which was read from all its bytes."""
    return Scope(message=whole, rest_of=message)


def decide(state: State, who: Who, now: Instant, *, message: Message, raw: bytes | Path) -> Decision:
    """Put all that was read in the place of the beginning.

    Where the very same message came another way meanwhile (an import that begins otherwise), both conversations are
    one matter and are joined; the two stay side by side in it, as nothing that a person saw may vanish.
    """
    begun = state.begun
    if begun is None or state.same == begun.message or (state.same is not None and not begun.coming):
        return KNOWN
    if not begun.coming:
        return ANOTHER
    facts: list[Fact] = []
    data: Mapping[str, int] = {}
    conversation = begun.conversation
    if state.same is not None:
        data = {"twice": state.same}
        if (other := _one_matter(begun, state)) is not None and conversation is not None:
            after = merge.joined(state, other, conversation)
            facts.append(
                merge.joining(state, who, now, after, conversation, "the very same message lies in both")
            )
            conversation = other
    event = Event(EventType.COMPLETED, now, who.name, conversation, begun.message, data=data, recorded=now)
    content = Content(message, begun.direction, begun.at, raw)
    return [*facts, Fact(event, content)]


def _one_matter(begun: Begun, state: State) -> int | None:
    """The conversation with which that of the message is to be joined, unless it is another customer's or spam."""
    here, there = (state.conversations.get(number or 0) for number in (begun.conversation, begun.twice_in))
    if here is None or there is None or here.id == there.id or here.customer != there.customer:
        return None
    if frozenset((here.id, there.id)) in state.cuts:
        return None
    return None if Status.SPAM in (here.status, there.status) else there.id

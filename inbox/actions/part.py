"""Part a conversation, or move messages into another one. The event carries what it moved, so undoing it is exact.

Two events say it: one where the messages are now, which tells how that conversation stands afterwards, and one where
they were. What is parted by hand stays parted: nothing joins the two again but a person.
"""

from __future__ import annotations

from collections.abc import Sequence

from inbox.actions import merge
from inbox.actions.facts import happened
from inbox.fold import BRINGS, fold
from inbox.model import Conversation, Event, EventType, Instant, Refusal, Status, Who
from inbox.ports import Decision, Fact, Scope, State

_NOT_HERE = Refusal(
    "There is no such message in this conversation.", "frontdesk show ID --json names the messages."
)


def scope_split(conversation: int, message: int) -> Scope:
    """The conversation and its events."""
    return Scope(conversations=(conversation,), events=(conversation,))


def split(state: State, who: Who, now: Instant, *, conversation: int, message: int) -> Decision:
    """From `message` on it is a conversation of its own."""
    lying = lying_in(state.events[conversation])
    if message not in lying:
        return _NOT_HERE
    moved = [each for each in lying if each >= message]
    if not _speaks(lying, moved):
        return Refusal("There are only notes from here on.", "Split it from a message on.")
    if not _speaks(lying, set(lying).difference(moved)):
        return Refusal("From here on that is all of it.", "Split it from a later message on.")
    return parting(state, who, now, conversation, state.next_conversation, moved, cut=True)


def scope_move(conversation: int, messages: Sequence[int], into: int, onward: bool = False) -> Scope:
    """Both conversations and their events."""
    return Scope(conversations=(conversation, into), events=(conversation, into))


def move(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    messages: Sequence[int],
    into: int,
    onward: bool = False,
) -> Decision:
    """Put messages of a conversation into another one; with `onward`, all that came after the first of them, too.

    Where nothing but notes would stay behind, the two are joined.
    """
    if into not in state.conversations:
        return Refusal("There is no such conversation to move it to.", "list shows the ids there are.")
    if into == conversation:
        return Refusal("It lies there already.", "Name another conversation.")
    lying = lying_in(state.events[conversation])
    if not messages or not lying.keys() >= set(messages):
        return _NOT_HERE
    moved = [each for each in lying if each in messages or (onward and each > min(messages))]
    if not _speaks(lying, set(lying).difference(moved)):
        return [merge.joining(state, who, now, merge.joined(state, into, conversation), conversation, "")]
    return parting(state, who, now, conversation, into, moved, cut=True)


def parting(
    state: State,
    who: Who,
    now: Instant,
    origin: int,
    target: int,
    messages: Sequence[int],
    *,
    why: str = "",
    cut: bool = False,
    history: bool = False,
) -> list[Fact]:
    """The events by which messages go from one conversation to another, or to the new one `target`, with all that was
    recorded of them. `cut`: a person says so, and nothing joins the two again by itself."""
    here = state.conversations[origin]
    moved = moving(state.events[origin], messages)
    part = _standing(here, fold(target, moved))
    after = merge.joined(state, target, part) if target in state.conversations else part
    went = happened(
        EventType.PARTED,
        target,
        who,
        now,
        why=why,
        from_=origin,
        messages=list(messages),
        events=[event.seq for event in moved],
        new=None if target in state.conversations else True,
        cut=cut or None,
        history=history or None,
        unread=after.unread or None,
        assignee=after.assignee,
        **merge.standing(after),
    )
    left = happened(
        EventType.PARTED,
        origin,
        who,
        now,
        why=why,
        to=target,
        messages=list(messages),
        cut=cut or None,
        history=history or None,
    )
    return [went, left]


def lying_in(events: Sequence[Event]) -> dict[int, EventType]:
    """The messages and notes of a conversation with these events, in the order they are shown, and what brought them."""
    found = {e.message: e.type for e in events if e.type in BRINGS and not e.void and e.message is not None}
    return dict(sorted(found.items()))


def moving(events: Sequence[Event], messages: Sequence[int]) -> list[Event]:
    """What was recorded of these messages, void or not; with a reply, why it was sent although a check said no."""
    numbers = set(messages)
    batches = {e.batch for e in events if e.type is EventType.QUEUED and e.message in numbers}
    return [
        e for e in events if e.message in numbers or (e.type is EventType.OVERRIDDEN and e.batch in batches)
    ]


def _speaks(lying: dict[int, EventType], messages: Sequence[int] | set[int]) -> bool:
    """Whether one of these is more than a note."""
    return any(lying[each] is not EventType.NOTED for each in messages)


def _standing(here: Conversation, part: Conversation) -> Conversation:
    """How a part stands by itself: closed or spam as the whole was; where nobody waits, as the whole does."""
    as_whole = here.status in (Status.CLOSED, Status.SPAM)
    if not as_whole and here.status is not Status.OPEN:
        as_whole = part.status is Status.OPEN and part.waiting_since is None
    stands = here if as_whole else part
    return stands._replace(
        id=part.id,
        assignee=here.assignee,
        unread=here.unread,
        live=part.live,
        last_customer_at=part.last_customer_at,
        last_reply_at=part.last_reply_at,
    )

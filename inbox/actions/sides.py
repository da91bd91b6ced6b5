"""Who wrote a message is derived again when it becomes known who is us."""

from __future__ import annotations

from inbox.actions.facts import happened
from inbox.actions.receive import customer_of
from inbox.model import EventType, Instant, Message, Refusal, Status, Who
from inbox.ports import Decision, Fact, Scope, State
from inbox.us import Us


def scope(conversation: int, message: Message) -> Scope:
    """The conversation, and the customers its addresses lead to."""
    return Scope(conversations=(conversation,), people=message)


def decide(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    number: int,
    message: Message,
    us: Us,
    was: str,
) -> Decision:
    """Say anew whether message `number` is ours; a refusal when nothing changes."""
    by_us = bool(message.sender) and us.is_us(message.sender[0].address)
    side = "us" if by_us else "customer"
    if side == was or conversation not in state.conversations:
        return Refusal("unchanged")
    facts: list[Fact] = []
    customer = customer_of(message, us, by_us, state, who, now, facts)
    facts.append(
        happened(EventType.SIDE, conversation, who, now, message=number, side=side, customer=customer)
    )
    return facts


def settle(state: State, who: Who, now: Instant, *, conversation: int, open_for: int) -> Decision:
    """After that, imported history is closed or opened again as an import would have left it."""
    here = state.conversations.get(conversation)
    if here is None:
        return Refusal("gone")
    only_machines = not here.answered and here.last_customer_at is None
    open_ = (here.waiting_since is not None or only_machines) and now - here.last_at < open_for
    if open_ and here.status is Status.CLOSED and here.closed_why == "import":
        return [happened(EventType.REOPENED, conversation, who, now, why="who is us has changed")]
    if not open_ and here.status is Status.OPEN and here.waiting_since is None and not here.live:
        return [
            happened(EventType.CLOSED, conversation, who, now, why="who is us has changed", why_="import")
        ]
    return Refusal("stays")

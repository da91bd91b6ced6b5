"""A customer is asked how it was, by mail and by nobody; and what their answer says (docs/closing.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inbox.actions import unasked
from inbox.actions.facts import happened
from inbox.channel import channel_of
from inbox.feedback_words import Answer, read_answer, says_only_stop, says_stop
from inbox.model import Conversation, Event, EventType, Instant, Message, Refusal, Status, Who
from inbox.outcomes import RESOLVED, THANKS
from inbox.ports import Decision, Fact, Scope, State

BY = "feedback"
"""What the question says of itself in its QUEUED event."""
STOPPABLE = frozenset({BY, "nudge", "check-in", "rule", "announcement"})
"""Messages of ours that can be answered with STOP: those that no person wrote to this customer alone."""
ANNOUNCED = "announcement"
LONGEST_BELOW = 120
"""Characters that a mail program puts below its STOP."""
ASKED_AFTER = (RESOLVED, THANKS)
"""Outcomes after which a customer may be asked; the index conversations_askable of 0002.sql says the same."""
PAUSE = 90 * 86_400
"""Seconds before a customer is asked again, in whichever conversation."""


def scope(conversation: int, customer: int, to: str, **_: Any) -> Scope:
    """The conversation with its events, the customer, when they were last asked, and whether they need us elsewhere."""
    return unasked.scope(conversation, to)._replace(customers=(customer,), asked=customer)


def decide(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    customer: int,
    to: str,
    **written: Any,
) -> Decision:
    """Ask, if that may be, all of it seen once more under the lock. `written` are the arguments of `reply.make`."""
    here = state.conversations.get(conversation)
    if here is None or not may_be_asked(here) or _were_upset(state.events[conversation]):
        return Refusal("It is not one to ask about.")
    known = state.customers.get(customer)
    if known is None or known.merged_into is not None or known.stop or here.customer != customer:
        return Refusal("They have said stop.")
    if state.asked.at is not None and now - state.asked.at < PAUSE:
        return Refusal("They were asked lately.")
    if state.asked.running:
        return Refusal("Another conversation of theirs is open.")
    made = unasked.decide(state, who, now, conversation=conversation, to=to, by=BY, **written)
    if isinstance(made, Refusal):
        return made
    asked = happened(EventType.FEEDBACK, conversation, who, now, customer=customer, asked=True)
    return [*made, asked]


def may_be_asked(here: Conversation) -> bool:
    """Whether a conversation is one to ask about: a person wrote, a person answered, and all was well when it was closed."""
    return (
        here.status is Status.CLOSED
        and here.closed_why in ASKED_AFTER
        and here.answered
        and here.last_customer_at is not None
        and channel_of(here.channel).sends
        and not (here.notice or here.marked or here.quarantined or here.failed or here.sending)
    )


def _were_upset(events: Sequence[Event]) -> bool:
    """Whether they were upset when it was last said how they are: a form letter would make that worse."""
    said = [event for event in events if event.type is EventType.UPSET and not event.void]
    return bool(said) and bool(said[-1].data["upset"])


# ---------------------------------------------------------------------- the answer


def answered(message: Message, state: State) -> str:
    """What the message of ours was that a message answers (`by` of its QUEUED event); "" for what a person wrote."""
    for text in message.in_reply_to[:1] or message.references[-1:]:
        for known in state.known.get(text, ()):
            if known.ours and known.by:
                return known.by
    return ""


def unsubscribes(message: Message) -> bool:
    """Whether it is what a mail program writes when somebody presses List-Unsubscribe there (RFC 2369): a mail that answers
    nothing, with the subject that our announcements name. What programs put below it is one line that asks nothing."""
    below = message.reply.strip()
    return (
        not message.in_reply_to
        and not message.references
        and says_stop(message.subject)
        and len(below) <= LONGEST_BELOW
        and "?" not in below
    )


def score_in(message: Message, by: str) -> Answer | None:
    """What an answer to our question says; None for what is no such answer, or not clearly."""
    if by != BY or any(not each.inline for each in message.attachments):
        return None
    return read_answer(message.reply)


def settles(message: Message, by: str, answer: Answer | None) -> bool:
    """Whether nobody has to come back to it: a good number without a wish, or STOP and nothing else."""
    if answer is not None:
        return answer.settles
    return by in STOPPABLE and says_only_stop(message.reply)


def consequences(
    message: Message, by: str, answer: Answer | None, conversation: int, customer: int, who: Who, now: Instant
) -> list[Fact]:
    """What follows from an answer beside the message itself: the number, or that they want answers only."""
    if answer is not None:
        return [happened(EventType.FEEDBACK, conversation, who, now, customer=customer, score=answer.score)]
    if by in STOPPABLE and (says_stop(message.reply) or unsubscribes(message)):
        data = {"customer": customer, "stop": True}
        return [Fact(Event(EventType.CUSTOMER_EDITED, now, who.name, data=data, recorded=now))]
    return []

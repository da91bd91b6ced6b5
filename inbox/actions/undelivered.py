"""A report about a message of ours has come (RFC 3464): who does not have it, and what that makes of our answer.

The proof of a report is the id of the message: 128 random bits that only those know who got it. Whom the message did
not go to, it cannot speak of. Other forms of reports are shown and change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from inbox.actions.deliver import LEFT, is_answer, not_reached
from inbox.actions.facts import happened
from inbox.addresses import fold_address
from inbox.automatic import DELIVERY_REPORT
from inbox.bounce_verdicts import DELAYED, FAILED, spellings
from inbox.bounces import returned_message_id
from inbox.model import Bounce, Conversation, EventType, Instant, Message, Who
from inbox.ports import Fact, Recipient, Returned
from inbox.text import one_line

WAITS = ("queued", "refused-for-now")


def ids(message: Message, raw: bytes) -> tuple[str, ...]:
    """The ids of which one is that of the message a delivery report is about; () for other mail.

    What it gives back decides; only where it gives nothing back does what it answers.
    """
    if DELIVERY_REPORT not in message.automatic.why:
        return ()
    returned = returned_message_id(raw)
    return (returned,) if returned else (*message.in_reply_to, *message.references[-1:])


def consequences(
    returned: Returned, here: Conversation, bounces: Iterable[Bounce], who: Who, at: Instant, now: Instant
) -> list[Fact]:
    """What the record is to know: that it left, where nobody knew; and for each recipient that does not have it, why.

    `at` is when the report came; `here` the conversation in which the message lies. Who is known not to have it is told
    of once.
    """
    failed = {
        recipient.address: bounce
        for recipient, bounce in named(returned, bounces, FAILED)
        if recipient.state in LEFT or (returned.state == "data" and recipient.state in WAITS)
    }
    if not failed:
        return []
    states = {each.address: each.state for each in returned.recipients} | dict.fromkeys(failed, "failed")
    facts = []
    if "unknown" in states.values():
        left_at = at if returned.lost_at is None else returned.lost_at
        facts.append(happened(EventType.SENT, here.id, who, left_at, message=returned.message))
    answer = is_answer(states, returned.customer)
    author = returned.author if here.assignee is None else None
    for address, bounce in failed.items():
        facts.append(
            not_reached(
                who,
                at,
                bounce._replace(recipient=address),
                conversation=here.id,
                message=returned.message,
                answer=answer,
                assignee=author,
            )
        )
    return [Fact(replace(fact.event, recorded=now)) for fact in facts]


def delays(returned: Returned, bounces: Iterable[Bounce]) -> dict[str, object]:
    """What the record keeps of a report that a message is still being tried: whom it has not reached, and until when."""
    late = {
        recipient.address: bounce
        for recipient, bounce in named(returned, bounces, DELAYED)
        if recipient.state in LEFT
    }
    until = max((bounce.until for bounce in late.values() if bounce.until is not None), default=None)
    return {"delayed": [one_line(each, 320) for each in late] or None, "tried_until": until if late else None}


def named(returned: Returned, bounces: Iterable[Bounce], action: str) -> list[tuple[Recipient, Bounce]]:
    """The recipients of our message of which a report says this (RFC 3464, 2.3.3): by the address that was written to,
    and only where that is none of ours by the one where it ended up."""
    folded = {fold_address(each.address): each for each in returned.recipients}
    found: dict[str, tuple[Recipient, Bounce]] = {}
    for bounce in bounces:
        if bounce.action == action:
            hits = folded.keys() & spellings(bounce.recipient) or folded.keys() & spellings(bounce.final)
            found |= {each: (folded[each], bounce) for each in hits}
    return [found[each] for each in folded if each in found]

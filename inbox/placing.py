"""Which conversation a message belongs to, and why: by the ids in its headers and by who took part, never by a
guessable number in a subject, and never across customers by itself.

The rules, in their order (docs/record.md): known already; an id we made joins; somebody else's id joins when the sender
took part there; the same subject of the same customer lately is only suggested; else a conversation of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from inbox.addresses import fold_address
from inbox.customers import taking_part
from inbox.model import Conversation, Instant, Message, Status
from inbox.ports import State

DAY = 86_400
LOOK_BACK = 20
"""How many of the newest References are looked up."""

_PREFIX = re.compile(
    r"^\s*(?:(?:re|aw|antw|antwort|sv|vs|ref|rif|res|odp|回复|答复|返信|fwd?|wg|tr|rv|enc|i|转发|轉寄)\s*(?:\[\d+\])?\s*[:：]\s*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a message goes. `conversation` None is a new one; `linked_to` the old one it continues; `suggestion`
    one it merely looks like; `merge` smaller ones of the same customer that this message proves to be the same."""

    conversation: int | None
    reason: str
    sure: bool = True
    linked_to: int | None = None
    suggestion: int | None = None
    new_sender: bool = False
    merge: tuple[int, ...] = ()


def looked_up(message: Message) -> tuple[str, ...]:
    """The ids whose whereabouts decide: its own, In-Reply-To, and References from the newest back."""
    references = message.references[-LOOK_BACK:][::-1]
    own = (message.message_id,) if message.message_id else ()
    return tuple(dict.fromkeys((*own, *message.in_reply_to, *references)))


def people_of(message: Message, ours: bool) -> frozenset[str]:
    """By which addresses, folded, a message may belong to a conversation: whoever wrote it, or whom it speaks for; of
    one of ours, whom it went to."""
    named = (*message.to, *message.cc) if ours else message.on_behalf_of or message.sender[:1]
    return frozenset(fold_address(a.address) for a in named if a.address)


def bare_subject(subject: str) -> str:
    """A subject without its reply and forward prefixes, folded, for comparison."""
    return " ".join(_PREFIX.sub("", subject).split()).casefold()


def place(
    message: Message,
    *,
    people: frozenset[str],
    ours: bool,
    customer: int | None,
    state: State,
    now: Instant,
    history: bool,
    new_after_closed: int = 30 * DAY,
) -> Placement:
    """Place `message`. `people` are the folded addresses by which it may belong to a conversation: its sender's, none
    where nobody believable is named; for a message written by us and trusted to be (`ours`), whom it went to.

    `customer` is the customer of the sender where there is one; `history` says that it comes with an import, where
    age closes nothing.
    """
    joins, strangers = _evidence(message, people, ours, state)
    going_on = [
        number
        for number in joins
        if history or not _long_closed(state.conversations[number], now, new_after_closed)
    ]
    if going_on:
        first = going_on[0]
        same = [first, *(other for other in going_on[1:] if _one_matter(first, other, state))]
        target = max(same, key=lambda number: (state.conversations[number].messages, -number))
        others = tuple(number for number in same if number != target)
        took_part = not people.isdisjoint(state.participants.get(first, ()))
        return Placement(target, joins[first], new_sender=not (ours or took_part), merge=others)
    if joins:
        return Placement(None, "continues one closed long ago", linked_to=next(iter(joins)))
    if strangers:
        return Placement(
            None, "answers a message of a conversation the sender has no part in", suggestion=strangers[0]
        )
    if state.alike is not None and customer is not None:
        return Placement(None, "same subject and customer, lately", sure=False, suggestion=state.alike)
    return Placement(None, "begins a conversation")


def _evidence(
    message: Message, people: frozenset[str], ours: bool, state: State
) -> tuple[dict[int, str], list[int]]:
    """The conversations the ids of a message lead to, the nearest first: those it joins, and why; and those it does
    not, because its people have no part in them.

    An answer joins when it answers a message of ours, or when one of its people took part before; what we write joins
    what it answers in any case. The answer may also be the one that was here first.
    """
    joins: dict[int, str] = {}
    ours_alone: dict[int, str] = {}
    strangers: list[int] = []
    for text in looked_up(message):
        for known in state.known.get(text, ()):
            if known.conversation not in state.conversations:
                continue
            reason = "answers a message here"
            took_part = not people.isdisjoint(state.participants.get(known.conversation, ()))
            by_us_alone = ours and (known.message is not None or "" in known.referrers)
            if text == message.message_id:
                if known.message is not None:
                    continue
                reason = "an answer to it came first"
                joined = ours or "" in known.referrers or not taking_part(message).isdisjoint(known.referrers)
            elif known.ours:
                reason, joined = "answers a message of ours", True
            else:
                joined = took_part or not people.isdisjoint(known.names)
            if joined:
                joins.setdefault(known.conversation, reason)
            elif by_us_alone:
                ours_alone.setdefault(known.conversation, reason)
            else:
                strangers.append(known.conversation)
    return joins | {each: why for each, why in ours_alone.items() if each not in joins}, strangers


def _long_closed(target: Conversation, now: Instant, limit: int) -> bool:
    if target.status is not Status.CLOSED:
        return False
    ended = target.last_at if target.closed_why == "import" else target.closed_at
    return ended is not None and now - ended > limit


def _one_matter(one: int, other: int, state: State) -> bool:
    """Whether two conversations may be merged because a message belongs to both: they are of one customer, the one
    does not merely continue the other, neither is spam, and nobody has parted them."""
    here, there = state.conversations[one], state.conversations[other]
    return (
        here.customer is not None
        and here.customer == there.customer
        and other != here.linked_to
        and one != there.linked_to
        and Status.SPAM not in (here.status, there.status)
        and frozenset((one, other)) not in state.cuts
    )

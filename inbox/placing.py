"""Which conversation a message belongs to, and why: by the ids in its headers and by who took part, never by a
guessable number in a subject, and never across customers by itself.

The rules, in their order (docs/mail.md): known already; an id we made joins; somebody else's id joins when the sender
took part there; the same subject of the same customer lately is only suggested; else a conversation of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from inbox.model import Conversation, Instant, Message, Status
from inbox.ports import Known, State

DAY = 86_400
LOOK_BACK = 20
"""How many of the newest References are looked up."""

_PREFIX = re.compile(
    r"^\s*(?:(?:re|aw|antw|antwort|sv|vs|ref|rif|res|odp|回复|答复|返信|fwd?|wg|tr|rv|enc|i|转发|轉寄)\s*(?:\[\d+\])?\s*[::]\s*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a message goes. `conversation` None is a new one; `linked_to` the old one it continues; `suggestion`
    one it merely looks like; `merge` others of the same customer that this message proves to be the same."""

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


def bare_subject(subject: str) -> str:
    """A subject without its reply and forward prefixes, folded, for comparison."""
    return " ".join(_PREFIX.sub("", subject).split()).casefold()


def place(
    message: Message,
    *,
    sender: str,
    ours: bool,
    customer: int | None,
    state: State,
    now: Instant,
    history: bool,
    new_after_closed: int = 30 * DAY,
) -> Placement:
    """Place `message` from the folded address `sender` (`ours`: written by us and trusted to be).

    `customer` is the customer of the sender where there is one; `history` says that it comes with an import, where
    age closes nothing.
    """
    suggestion: int | None = None
    found: list[tuple[Known, str]] = []
    for text in looked_up(message):
        known = state.known.get(text)
        if known is None or known.conversation not in state.conversations:
            continue
        if text == message.message_id:
            if known.message is None:
                found.append((known, "an answer to it came first"))
            continue
        found.append((known, "answers a message of ours" if known.ours else "answers a message here"))
    for known, reason in found:
        took_part = sender in state.participants.get(known.conversation, frozenset())
        if not (ours or known.ours or took_part):
            suggestion = suggestion or known.conversation
            continue
        target = state.conversations[known.conversation]
        if not history and _long_closed(target, now, new_after_closed):
            return Placement(None, "continues one closed long ago", linked_to=target.id)
        others = () if ours else _same_customer(target, found, state)
        return Placement(target.id, reason, new_sender=not (ours or took_part), merge=others)
    if suggestion is not None:
        return Placement(
            None, "answers a message of a conversation the sender has no part in", suggestion=suggestion
        )
    if state.alike is not None and customer is not None and not found:
        return Placement(None, "same subject and customer, lately", sure=False, suggestion=state.alike)
    return Placement(None, "begins a conversation")


def _long_closed(target: Conversation, now: Instant, limit: int) -> bool:
    if target.status is not Status.CLOSED:
        return False
    ended = target.last_at if target.closed_why == "import" else target.closed_at
    return ended is not None and now - ended > limit


def _same_customer(target: Conversation, found: list[tuple[Known, str]], state: State) -> tuple[int, ...]:
    others = dict.fromkeys(known.conversation for known, _ in found)
    return tuple(
        other
        for other in others
        if other != target.id
        and target.customer is not None
        and state.conversations[other].customer == target.customer
    )

"""Nothing unanswered is ever out of sight: what of a conversation nobody would come back to, and why.

Every message of a customer has to be answered, or in a conversation that is open with a running clock; waiting, held or
snoozed with a clock or a date; a notice; or closed or called spam by a person, a rule or an import. `unseen` says what
the row of a conversation can tell, which is the view "Out of sight"; `out_of_sight` proves it from the record, for each
message, and `frontdesk verify` tells what it finds (docs/queries.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from inbox.fold import sets_status
from inbox.model import Conversation, Event, EventType, Instant, Status, Who

if TYPE_CHECKING:
    from inbox.ports import Reader

OLD_DRAFT = 3 * 86_400
"""Seconds after which a draft that nobody touched is a forgotten one, while the customer waits."""


class Reason(NamedTuple):
    """Why something is out of sight, in few words for a list and in more, and what helps: `{id}` is the conversation."""

    brief: str
    words: str
    next: str


NO_CLOCK = Reason(
    "waits without a clock",
    "a customer waits here, and no clock, view or date says so",
    "Answer it, or: frontdesk reopen {id}",
)
SPAM = Reason(
    "we answered them before",
    "somebody we have answered before, and no person called it spam",
    "If it is none: frontdesk reopen {id}, else: frontdesk spam {id}",
)
UNREADABLE = Reason(
    "could not be read",
    "it could not be read, so nobody knows whose it is, and no person called it spam",
    "If it is none: frontdesk reopen {id}, else: frontdesk spam {id}",
)
NOT_IN_TEAM = Reason(
    "not in the team",
    "a customer waits here for {who}, who is no teammate",
    "Give it to somebody: frontdesk assign {id} --to NAME",
)
FORGOTTEN = Reason(
    "a forgotten draft",
    "a customer waits here, and an answer that {who} began {days} days ago was never sent",
    "Send it or discard it, or: frontdesk reopen {id}",
)
OPEN_UNTIMED = Reason(
    "waits without a clock",
    "a customer waits here, and no clock runs although the policy has one",
    "Answer it; its clocks: frontdesk why {id}",
)
UNSAID = Reason(
    "closed by nobody",
    "it was closed while a customer waits, and nobody said so",
    "frontdesk reopen {id}",
)


class Unseen(NamedTuple):
    """One message that is out of sight (None: the whole conversation), why, and what helps."""

    message: int | None
    words: str
    next: str


class Desk(NamedTuple):
    """What is around a conversation.

    `known`: we have answered its customer before, here or elsewhere. `team`: the names of all teammates; nobody: it is
    not known who there is. `timed`: the policy has a clock for unanswered customers that runs while it is open. `drafts`:
    who began an answer here, and when it was last touched.
    """

    due_at: Instant | None
    known: bool = False
    team: Collection[str] = ()
    timed: bool = False
    drafts: Mapping[str, Instant] = {}


def unseen(conversation: Conversation, due_at: Instant | None, known: bool) -> Reason | None:
    """Why a conversation is out of sight, as far as its row tells; None: it is not."""
    if conversation.waiting_since is None or conversation.notice:
        return None
    if conversation.status is Status.SPAM:
        if not conversation.unjudged:
            return None
        return SPAM if known else UNREADABLE if conversation.quarantined else None
    said = conversation.sending or conversation.approvals or conversation.failed or due_at is not None
    dated = conversation.held_until is not None or conversation.snoozed_until is not None
    rests = conversation.status in (Status.WAITING, Status.HELD, Status.SNOOZED)
    return NO_CLOCK if rests and not said and not dated else None


def told(reader: Reader, conversation: int, now: Instant) -> tuple[str, str] | None:
    """Why a conversation is in the view "Out of sight", and what helps; None: it is not."""
    from inbox.queries import Flag, Ids, Is, both

    if not reader.ids(both(Ids((conversation,)), Is(Flag.OUT_OF_SIGHT)), Who(""), now, 1):
        return None
    row = reader.rows([conversation])[0]
    reason = unseen(row.conversation, row.due_at, known=True)  # else the view would not hold it
    return None if reason is None else (reason.words, reason.next.format(id=conversation))


def out_of_sight(
    conversation: Conversation, unanswered: Iterable[int], events: Sequence[Event], desk: Desk, now: Instant
) -> list[Unseen]:
    """Every message of the customer that nobody has answered (`unanswered`, from the record) and that nobody would come
    back to, with the reason."""
    waiting = list(unanswered)
    if not waiting or conversation.notice:
        return []
    why = [
        _filled(reason, conversation, **words) for reason, words in _reasons(conversation, events, desk, now)
    ]
    return [Unseen(message, *each) for message in waiting for each in why]


def _filled(reason: Reason, conversation: Conversation, **words: object) -> tuple[str, str]:
    return reason.words.format(**words), reason.next.format(id=conversation.id)


def _reasons(
    conversation: Conversation, events: Sequence[Event], desk: Desk, now: Instant
) -> Iterable[tuple[Reason, dict[str, object]]]:
    status = conversation.status
    found = unseen(conversation, desk.due_at, desk.known)
    if found is not None:
        yield found, {}
    if status is Status.SPAM:
        return
    if status is Status.OPEN and desk.timed and desk.due_at is None:
        yield OPEN_UNTIMED, {}
    if status is Status.CLOSED and not _closed_by(events):
        yield UNSAID, {}
    if status is not Status.CLOSED and desk.team and conversation.assignee not in (None, *desk.team):
        yield NOT_IN_TEAM, {"who": conversation.assignee}
    if status is not Status.OPEN:
        for who, touched in sorted(desk.drafts.items()):
            if now - touched > OLD_DRAFT:
                yield FORGOTTEN, {"who": who, "days": (now - touched) // 86_400}


def _closed_by(events: Sequence[Event]) -> str:
    """Who closed it: a person, the import, or who made what decided it."""
    answers = (EventType.QUEUED, EventType.SENT_BY_HAND)
    said = [each for each in events if not each.void and (sets_status(each) or each.type in answers)]
    return said[-1].who if said else ""

"""What is done with is erased after a while, where [keep] says so: which conversations these are, and when it is done.

Decided for each conversation from its state, again under the lock: what somebody waits for or has yet to do, a VIP, and
what carries the tag of what must be kept stays, whatever the settings say. Done outside the opening hours, a little at a
time, by whoever talks to the world.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, Protocol

from inbox.model import Conversation, Customer, Instant, Status
from inbox.settings import Keep

if TYPE_CHECKING:
    from inbox.ports import Workspace
    from inbox.settings import Settings

NOTHING = Keep()
WHO = "worker"
SLICE = 20
"""Conversations that are looked at and erased in one go."""

REST = 3600
"""Seconds after which it is looked again, once nothing is left."""

RULES = ("closed", "spam", "notices", "attachments")
"""The rules of [keep], by their keys."""


class Old(NamedTuple):
    """Conversations to which nothing has come for long enough for a rule, by their numbers; `more`: there are others."""

    rule: str
    conversations: tuple[int, ...]
    more: bool


class KeepBook(Protocol):
    """What is old, and erasing it."""

    def old(self, rule: str, before: Instant, keep: Keep, limit: int) -> list[int]:
        """Conversations to which nothing came since `before` that a rule may erase, in the order of their numbers."""

    def erase(self, rule: str, before: Instant, keep: Keep, conversation: int, now: Instant) -> bool:
        """Erase one by a rule; False where it may not go any more."""

    def settle(self, patience: float) -> bool:
        """Take what was erased by rules out of files and bytes, too; False where somebody still reads there."""

    def unsettled(self) -> bool:
        """Whether something was erased by rules whose bytes may still stand somewhere."""

    def is_due(self, now: Instant) -> bool:
        """Whether it is time to look again."""

    def rest(self, until: Instant) -> None:
        """Nothing is left for now."""


def kept_because(
    here: Conversation, customer: Customer | None, rule: str, before: Instant, keep: Keep
) -> str | None:
    """Why a conversation is not erased by this rule, in few words; None where it is."""
    if here.last_at >= before or here.turned_at >= before:
        return "something happened there since"
    if keep.never in here.tags or (customer is not None and keep.never in customer.tags):
        return f"tagged {keep.never}"
    if "vip" in here.tags or (customer is not None and customer.vip):
        return "a VIP"
    if here.sending or here.approvals or here.failed:
        return "an answer has not left"
    if here.promised_until is not None or here.follow_up_at is not None:
        return "something is promised or to be followed up"
    if rule in ("closed", "attachments"):
        return None if here.status is Status.CLOSED else "not closed"
    if here.status in (Status.HELD, Status.SNOOZED):
        return "somebody has yet to look at it"
    if rule == "spam":
        return None if here.status is Status.SPAM and not here.unjudged else "no person called it spam"
    quiet = here.notice and not here.answered and here.status is not Status.SPAM
    return None if quiet and here.waiting_since is None else "somebody waits, or has answered"


def limits(keep: Keep, now: Instant) -> Iterator[tuple[str, Instant]]:
    """The rules that are set, each with the instant before which all is old."""
    for rule in RULES:
        seconds: int | None = getattr(keep, rule)
        if seconds is not None:
            yield rule, now - seconds


def preview(store: Workspace, keep: Keep, now: Instant, limit: int) -> list[Old]:
    """What each rule would erase now; at most so many are named."""
    found = []
    for rule, before in limits(keep, now):
        some = store.keeping.old(rule, before, keep, limit + 1)
        found.append(Old(rule, tuple(some[:limit]), len(some) > limit))
    return found


def tidy(store: Workspace, settings: Settings, now: Instant) -> int:
    """Erase a little of what is old; how many conversations. Nothing inside the opening hours."""
    book, count = store.keeping, 0
    if settings.keep == NOTHING or settings.hours.is_open(now) or not book.is_due(now):
        return 0
    for rule, before in limits(settings.keep, now):
        for conversation in book.old(rule, before, settings.keep, SLICE):
            count += book.erase(rule, before, settings.keep, conversation, now)
        if count:
            return count
    if not book.unsettled() or book.settle(0.5):
        book.rest(now + REST)
    return 0

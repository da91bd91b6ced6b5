"""The views, in the order people see them, and how many conversations stand in each (docs/queries.md).

What the views rest on:

- Machine mail (`notice`) is in All and Notices only, and where it is about something of ours: a reply to it that
  failed or is being sent, a message nobody could read, a colleague's call, spam.
- All is everything but spam, closed ones and notices included.
- A conversation stays in Mine, Unassigned and Due next while it is open: one that was answered, held or snoozed comes
  back by opening again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from inbox.listing import ACTIVE, Role, Status
from inbox.queries import (
    GONE_QUIET,
    And,
    Assignee,
    Everything,
    Flag,
    Is,
    Node,
    Not,
    Or,
    Quiet,
    StatusIs,
    both,
    either,
    negated,
)

Place = Literal["main", "top", "below", "asked"]
"""main: always listed; top: above, only when not empty; below: under the main ones; asked: only by its key."""


class View(NamedTuple):
    """One view. `number` is the digit key that opens it. `node` None: the store knows what is in it (drafts).

    `seniors`: what owners and agents see in place of `node`.
    """

    name: str
    label: str
    node: Node | None
    place: Place = "main"
    number: int | None = None
    seniors: Node | None = None

    def seen_by(self, role: Role) -> Node | None:
        """What is in the view for a teammate of this role; "me" and "now" are given when it is evaluated."""
        return self.seniors if self.seniors and role in (Role.OWNER, Role.AGENT) else self.node


def _status(*statuses: Status) -> StatusIs:
    return StatusIs(statuses)


_PEOPLE = negated(Is(Flag.NOTICE))
_OPEN = both(_status(Status.OPEN), _PEOPLE)
_MINE, _NOBODYS = Assignee(me=True), Assignee()
_ACTIVE = _status(*ACTIVE)
_NOT_SPAM = negated(_status(Status.SPAM))
_CALLED = both(Is(Flag.MENTIONED), _NOT_SPAM)
_WAITING = both(_status(Status.WAITING), _PEOPLE)

_HELD_OR_PROMISED = either(_status(Status.HELD), both(Is(Flag.PROMISED), _ACTIVE))

_VIEWS = (
    View("failed", "Failed to send", Is(Flag.FAILED), "top"),
    View("quarantine", "Quarantine", both(Is(Flag.QUARANTINED), _ACTIVE), "top"),
    View("out-of-sight", "Out of sight", Is(Flag.OUT_OF_SIGHT), "top"),
    View("all", "All", _NOT_SPAM, number=0),
    View("due", "Due next", both(_OPEN, either(_MINE, _NOBODYS)), number=1),
    View("mine", "Mine", both(_OPEN, _MINE), number=2),
    View("unassigned", "Unassigned", both(_OPEN, _NOBODYS), number=3),
    View("for-me", "For me", _CALLED, number=4, seniors=either(_CALLED, Is(Flag.APPROVALS))),
    View("waiting", "Waiting", _WAITING, number=5),
    View("held", "Held & promised", both(_HELD_OR_PROMISED, _PEOPLE), number=6),
    View("snoozed", "Snoozed", both(_status(Status.SNOOZED), _PEOPLE), number=7),
    View("notices", "Notices", both(Is(Flag.NOTICE), _ACTIVE), number=8),
    View("closed", "Closed", both(_status(Status.CLOSED), _PEOPLE), number=9),
    View("drafts", "Drafts", None, "below"),
    View("outbox", "Outbox", Is(Flag.SENDING), "below"),
    View("suggestions", "Suggestions", both(Is(Flag.SUGGESTED), _ACTIVE, _PEOPLE), "below"),
    View("quiet", "Gone quiet", both(_WAITING, Quiet(GONE_QUIET)), "below"),
    View("spam", "Spam", _status(Status.SPAM), "below"),
    View("import-left", "Left by the import", both(_OPEN, Is(Flag.UNANSWERED)), "asked"),
)

VIEWS: dict[str, View] = {view.name: view for view in _VIEWS}
"""Every view by its name, from top to bottom."""

COUNTED_APART = ("for-me", "held", "drafts", "quiet", "out-of-sight")
"""Views whose number is not in the buckets: the store counts what `seen_by` finds, and the drafts."""


def numbered(number: int) -> View:
    """The view a digit key opens. KeyError for what is no digit."""
    return {view.number: view for view in _VIEWS}[number]


def is_listed(view: View, count: int, team: int) -> bool:
    """Whether the list of views shows a view with so many conversations to a team of so many people.

    One person alone needs neither Mine nor Unassigned; the numbers of the others stay.
    """
    if view.place == "asked" or (view.place == "top" and count == 0):
        return False
    return team > 1 or not (is_shared(view) or (view.name == "for-me" and count == 0))


def is_shared(view: View) -> bool:
    """Whether a view is for those who share their work."""
    return view.name in ("mine", "unassigned")


# --------------------------------------------------------------------------- counts


class Bucket(NamedTuple):
    """How many conversations have all of this in common. Numbers of replies are only zero or not."""

    status: str
    assignee: str | None  # None or "": nobody
    notice: bool
    unanswered: bool
    timed: bool  # a clock runs towards a deadline
    sending: bool
    failed: bool
    approvals: bool
    quarantined: bool
    suggested: bool
    n: int


_Kind: TypeAlias = tuple[str, str | None, bool, bool, bool, bool, bool, bool, bool, bool]
"""A bucket without its number."""


def view_counts(buckets: Iterable[Bucket], me: str, role: Role) -> dict[str, int]:
    """How many conversations are in each view, by its name, but for those in `COUNTED_APART`.

    Plain tuples in the order of `Bucket`, as a database gives them, will do.
    """
    counts = dict.fromkeys((name for name in VIEWS if name not in COUNTED_APART), 0)
    for bucket in buckets:
        for name in _views_of(bucket[:-1], me, role):
            counts[name] += bucket[-1]
    return counts


@lru_cache(maxsize=10_000)
def _views_of(kind: _Kind, me: str, role: Role) -> tuple[str, ...]:
    bucket = Bucket(*kind, n=0)
    return tuple(
        view.name
        for view in _VIEWS
        if view.name not in COUNTED_APART and (node := view.seen_by(role)) and _holds(node, bucket, me)
    )


_FLAGS: Mapping[Flag, str] = {
    Flag.NOTICE: "notice",
    Flag.UNANSWERED: "unanswered",
    Flag.SENDING: "sending",
    Flag.FAILED: "failed",
    Flag.APPROVALS: "approvals",
    Flag.QUARANTINED: "quarantined",
    Flag.SUGGESTED: "suggested",
}


def _holds(node: Node, bucket: Bucket, me: str) -> bool:
    match node:
        case Everything():
            return True
        case And(parts):
            return all(_holds(part, bucket, me) for part in parts)
        case Or(parts):
            return any(_holds(part, bucket, me) for part in parts)
        case Not(part):
            return not _holds(part, bucket, me)
        case StatusIs(statuses):
            return bucket.status in statuses
        case Assignee(name, is_me):
            return (bucket.assignee or None) == (me if is_me else name)
        case Is(flag) if flag in _FLAGS:
            return bool(getattr(bucket, _FLAGS[flag]))
        case _:
            raise LookupError(f"Buckets cannot tell {node}: its view belongs into COUNTED_APART.")

"""What is erased of a customer for good, what is left of it, and in which words that is told.

Of an erased message a shell is left: that it was there, when, and on which side. Its events stay with their ids and with
the short words of ours that figures and states are made of; what anybody wrote is gone from them, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from inbox.model import Event, EventType, Identity, Instant, Who
from inbox.progress import Reached, unheard

if TYPE_CHECKING:
    from inbox.ports import Workspace
    from inbox.settings import Settings

E = EventType

ERASED = "(erased)"
"""What stands where words were."""

LONGEST_TYPED = 60
"""Characters of a name that is to be typed."""
PATIENCE = 10.0
"""Seconds for which those are waited for who still read the log of the database, unless a caller says otherwise."""

_OURS = frozenset(
    {
        *("side", "channel", "mailbox", "then", "kind", "by", "policy", "way", "status", "closed_why", "assignee"),
        *("failure", "outcome", "cause", "why", "amount", "currency", "rule", "issue", "telling", "state", "action"),
    }
)  # fmt: skip
"""Keys of events under which a short word of ours stands, never one that somebody wrote."""
_CODES = frozenset({"mentions", "marks", "checks", "signs"})
"""The same, where they stand in a list."""
_TEAMMATES = {
    E.ASSIGNED: frozenset({"to", "was"}),
    E.HANDED_OVER: frozenset({"to", "was"}),
    E.LINKED: frozenset({"was"}),
    E.REOPENED: frozenset({"was"}),
    E.RELEASED: frozenset({"was"}),
    E.QUEUED: frozenset({"held"}),
    E.APPROVED: frozenset({"of"}),
    E.GIVEN_BACK: frozenset({"to"}),
    E.CUSTOMER_EDITED: frozenset(),
}
_SAID = ("vip", "stop", "add", "remove", "language", "form", "fields", "gaps")
"""What a person said of a customer without a text beside it."""


def without_words(event: Event) -> Event:
    """The same event with its ids and the words of ours, and nothing that anybody wrote or is called."""
    why = event.why if event.why == "import" else ""
    said = {
        key: value
        for key, value in event.data.items()
        if event.type is not E.CUSTOMER_EDITED or key not in _SAID
    }
    return replace(event, why=why, data={key: _left(event.type, key, value) for key, value in said.items()})


def _left(kind: EventType, key: str, value: Any) -> Any:
    if isinstance(value, str):
        return value if key in _OURS or key in _TEAMMATES.get(kind, ()) else ERASED
    if isinstance(value, list | tuple):
        return list(value) if key in _CODES else [_left(kind, key, each) for each in value]
    if isinstance(value, Mapping):
        return {}
    return value


class Holdings(NamedTuple):
    """What there is of a customer, counted, before it is erased.

    `customers`: the number they live under, and those joined with it. `own`: conversations in which nobody else wrote;
    all of these goes. `shared`: what they wrote elsewhere goes, what others wrote there stays. `named`: conversations
    of others in which an address of theirs takes part. `waiting`: conversations with an answer that has not left.
    `lies`: mailbox and folder, and how many of the mails lie there still.
    """

    customers: tuple[int, ...]
    name: str
    identities: tuple[Identity, ...]
    own: tuple[int, ...]
    shared: tuple[int, ...]
    messages: int
    letters: int
    notes: int
    calls: int
    lines: int
    attachments: int
    drafts: int
    answers: int
    named: int
    documents: tuple[str, ...]
    waiting: tuple[int, ...]
    lies: tuple[tuple[str, str, int], ...]


class Backup(NamedTuple):
    """A backup or an export that was written from here: when, by whom, and where to; `restores`: it is a backup."""

    at: Instant
    who: str
    place: str
    restores: bool


class Erasure(NamedTuple):
    """One customer who was erased: when and by whom, and how far it has come ("begun", "gone", "done")."""

    customer: int
    at: Instant
    who: str
    state: str


class Erasing(Protocol):
    """Erasing in a store."""

    def holdings(self, customer: int) -> Holdings:
        """What there is of a customer."""

    def unfinished(self) -> list[Erasure]:
        """Customers of whom something is left, because a process was killed."""

    def go_on(self, now: Instant, progress: Reached = unheard, patience: float | None = None) -> int:
        """Erase what is left of customers whose erasing was begun; how many are finished by that. `patience`: as
        PATIENCE."""

    def again(self) -> list[tuple[int, Instant]]:
        """Customers who were erased, and are here as they were: the workspace was restored from an older backup. Their
        numbers now, and when they were erased."""

    def backups(self) -> list[Backup]:
        """What was written from here and still holds what was erased since, the newest first."""

    def note(self, kind: EventType, place: str, who: Who, now: Instant, **about: int) -> None:
        """Write down that something was written out of the workspace: BACKED_UP or HANDED_OUT, and where to."""


def finish(store: Workspace, _settings: Settings, now: Instant) -> int:
    """Go on with what was begun on a screen or was interrupted; how many customers are finished by that."""
    return store.erasing.go_on(now, patience=0.5) if store.erasing.unfinished() else 0


def to_type(found: Holdings) -> str:
    """What a person types who means it: the name, or the number where nobody could type that."""
    name = " ".join(found.name.split())
    return name if name and name.isprintable() and len(name) <= LONGEST_TYPED else str(found.customers[0])


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 message", "3 messages"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def in_words(found: Holdings) -> list[str]:
    """What there is of a customer, one line each kind; what there is none of is left out."""
    known = ", ".join(each.value for each in found.identities)
    what = (
        (
            len(found.identities),
            f"{counted(len(found.identities), 'address or number', 'addresses and numbers')}: {known}",
        ),
        (
            len(found.own),
            f"{counted(len(found.own), 'conversation')} with {counted(found.messages, 'message')}",
        ),
        (found.letters, f"{counted(found.letters, 'mail')} as received or sent"),
        (found.lines, counted(found.lines, "line of chats", "lines of chats")),
        (found.calls, counted(found.calls, "call")),
        (found.notes, counted(found.notes, "note")),
        (found.attachments, counted(found.attachments, "attachment")),
        (found.drafts, counted(found.drafts, "draft")),
        (found.answers, counted(found.answers, "answer of a program", "answers of programs")),
        (len(found.documents), "named in the documents: " + ", ".join(found.documents)),
        (
            len(found.shared),
            f"{counted(len(found.shared), 'conversation')} with others, in which what they wrote goes",
        ),
    )
    return [words for number, words in what if number]


def left_in_words(found: Holdings, backups: list[str]) -> list[str]:
    """What erasing does not reach, one line each."""
    lines = [
        f"{counted(number, 'mail')} in the folder {folder} of {mailbox}: not deleted there; it does not come back here"
        for mailbox, folder, number in found.lies
    ]
    if found.named:
        lines.append(
            f"{counted(found.named, 'conversation')} of others in which an address of theirs takes part: what others"
            " wrote stays"
        )
    return lines + [f"written out of the workspace: {each}" for each in backups]

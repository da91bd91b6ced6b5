"""Issues: many conversations, one cause (docs/issues.md). What people said of each follows from events and their texts.

An issue is a cause ("the carrier is on strike"), a wish of customers, or what was announced to them. It has a name, which
is one word and stays, and a title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from inbox.model import Event, Instant

KINDS = ("issue", "wish", "announcement")
"""What an issue can be."""

TITLE, BANNER, SUBJECT, TEXT = "title", "banner", "subject", "text"
"""Fields of what events say in words: how it is called, the text on top of answers, and what was told."""

LONGEST_NAME, LONGEST_TITLE, LONGEST_BANNER = 40, 120, 2_000
"""Characters."""

_NAME = re.compile(r"[^\W_][\w.-]*")
_RESERVED = frozenset({"any", "none"})
_APART = re.compile(r"[^\w.-]+")

Texts = Mapping[int, Sequence[tuple[str, str]]]
"""What events said in words: number of the event -> (field, text)."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue as it stands. `closed_at` None: it is open. The banner stands on top of new answers until
    `banner_until`: of those in linked conversations, or `everywhere`. `subject` and `text` are what was told last,
    under the digest `telling`."""

    name: str
    kind: str = "issue"
    title: str = ""
    begun: Instant = 0
    who: str = ""
    closed_at: Instant | None = None
    banner: str = ""
    banner_until: Instant | None = None
    everywhere: bool = False
    telling: str = ""
    told_at: Instant | None = None
    subject: str = ""
    text: str = ""

    @property
    def is_open(self) -> bool:
        """Whether conversations can be linked to it."""
        return self.closed_at is None

    def banner_at(self, now: Instant) -> str:
        """The text that stands on top of an answer now; "" when there is none, or its time is over."""
        return self.banner if self.banner_until is not None and now < self.banner_until else ""


class Standing(NamedTuple):
    """An issue with its counts: conversations linked, those in which a customer waits, those told (of which so many have
    not left yet, and so many did not arrive), and those in which the customer has written since."""

    issue: Issue
    linked: int = 0
    waiting: int = 0
    told: int = 0
    leaving: int = 0
    failed: int = 0
    answered: int = 0


class Spike(NamedTuple):
    """Words that far more customers write than usually do: how many conversations since an instant."""

    words: str
    many: int
    since: Instant

    @property
    def query(self) -> str:
        """What finds these conversations."""
        from inbox.jsonform import instant_as_json

        return f'"{self.words}" after:{instant_as_json(self.since)} issue:none -is:notice -status:spam'


class Said(NamedTuple):
    """What a customer wrote: subject and text in one, and to which issue its conversation is linked."""

    at: Instant
    conversation: int
    customer: int
    issue: str | None
    text: str


class IssueBook(Protocol):
    """What the store knows of issues."""

    def all(self) -> list[Issue]:
        """Every issue, the newest first."""

    def named(self, name: str) -> Issue | None:
        """The issue of a name; None when there is none."""

    def standings(self) -> list[Standing]:
        """Every issue with its counts: open ones first, the newest first."""

    def told(self, telling: str) -> Mapping[int, int | None]:
        """The conversations in which a telling stands, and the customers they went to."""

    def recent(self, since: Instant, limit: int) -> list[Said]:
        """What customers wrote since an instant, the newest first, at most so much; no machines and no spam."""

    def wrote(self, words: str, since: Instant, until: Instant, limit: int) -> list[tuple[Instant, int]]:
        """When customers wrote these words, one after the other, from an instant up to another, and which: the newest
        first, at most so often."""

    def many(self, since: Instant, until: Instant) -> int:
        """How many messages of customers came from an instant up to another; no machines and no spam."""

    def spikes(self) -> list[Spike]:
        """Words of which many customers write just now, the most first."""

    def looked_at(self) -> Instant:
        """When it was last looked for such words; 0: never."""

    def noticed(self, found: Sequence[Spike], now: Instant) -> None:
        """These are such words now, and no others."""


def named(title: str) -> str:
    """The name a title gives, one word in lower case; "" when there is no letter or digit in it."""
    word = _APART.sub("-", title.strip().casefold()).strip("-._")[:LONGEST_NAME].rstrip("-._")
    return f"{word}-1" if word in _RESERVED else word


def wrong_name(name: str) -> str | None:
    """Why a text can be no name of an issue; None when it can be one."""
    if name in _RESERVED:
        return f"{name!r} has a meaning of its own in queries."
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name) or name != name.casefold():
        return f"{name[:60]!r} is no name of an issue: it is one word in small letters."
    return None


def told(events: Iterable[Event], texts: Texts) -> dict[str, Issue]:
    """What stands of all issues that these events name; events in the order of the record."""
    found: dict[str, Issue] = {}
    for event in events:
        if not event.void:
            name = event.data["issue"]
            found[name] = heard(found.get(name), event, dict(texts.get(event.seq, ())))
    return found


def heard(before: Issue | None, event: Event, texts: Mapping[str, str]) -> Issue:
    """An issue after an event that says something of it."""
    data = event.data
    issue = before or Issue(data["issue"], begun=event.at, who=event.who)
    issue = replace(
        issue,
        kind=data.get("kind", issue.kind),
        title=texts.get(TITLE, issue.title),
    )
    if "state" in data:
        issue = replace(issue, closed_at=event.at if data["state"] == "closed" else None)
    if "until" in data:
        issue = replace(
            issue,
            banner=texts.get(BANNER, ""),
            banner_until=data["until"] or None,
            everywhere=bool(data.get("everywhere")),
        )
    if "telling" in data and TEXT in texts:
        issue = replace(
            issue,
            telling=data["telling"],
            told_at=event.at,
            subject=texts.get(SUBJECT, ""),
            text=texts.get(TEXT, ""),
        )
    return issue


def banners(issues: Iterable[Issue], linked_to: str | None, now: Instant) -> list[Issue]:
    """The issues whose banner stands on top of a new answer now, in a conversation linked to one, or to none: its own
    first."""
    standing = [
        each
        for each in issues
        if each.is_open and each.banner_at(now) and (each.everywhere or each.name == linked_to)
    ]
    return sorted(standing, key=lambda each: (each.name != linked_to, -each.begun, each.name))


def below_banner(found: Sequence[Issue], text: str, now: Instant) -> str:
    """A text with these banners on top, each a paragraph of its own."""
    return "\n\n".join([*(each.banner_at(now).strip() for each in found), text])

"""The briefing on coming back: what happened since a person's hands were last here, in one calm sentence.

Pure words; the store counts (`storage.attendance`). Each number is what a key leads to now: what colleagues have done in
the meantime is no longer news.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from inbox.listing import Instant
from inbox.text import cells

MANY = 1000
"""Beyond so many nobody counts one by one."""

AWAY = 30 * 60
"""Seconds without a key after which the next one is a coming back."""

PLACE_KEPT = 12 * 3600
"""Seconds for which a dropped line leads back to the place one was at."""


class Place(NamedTuple):
    """Where the hands were: the view, the conversation under them, whether it was open, and the kind of a draft that was
    being written ("" for none)."""

    view: str = ""
    conversation: int | None = None
    opened: bool = False
    writing: str = ""


class Dropped(NamedTuple):
    """When a line was dropped, and where the hands were."""

    at: Instant
    place: Place


class Seen(NamedTuple):
    """The newest event a person can have seen, and when their hands were last here."""

    event: int
    at: Instant
    dropped: Dropped | None = None


class News(NamedTuple):
    """What is there since then: conversations in which customers wrote, in which machines did, in which a customer wrote
    again while waiting, of which a reply did not arrive, that have become late, to which a colleague called, and that were
    theirs and are no more: somebody else gave them on, or they went to everybody while this person was away. `more`: at
    least so many."""

    new: int = 0
    notices: int = 0
    twice: int = 0
    undelivered: int = 0
    late: int = 0
    called: int = 0
    gone: int = 0
    more: bool = False


class LastReply(NamedTuple):
    """What became of the reply somebody wrote last: "left", "leaves", "waits" (for a worker) or "failed", and when."""

    became: str
    at: Instant


class Part(NamedTuple):
    """A part of the sentence; the lightest go first where there is no room."""

    words: str
    weight: int


def counts(news: News, keys: Mapping[str, str]) -> list[Part]:
    """What is not zero, each with its key: of "due", "notices", "outbox" and "for-me"."""
    told = (
        (news.called, "for you", "for-me", 6),
        (news.new, "new", "due", 3),
        (news.notices, "notice" if news.notices == 1 else "notices", "notices", 1),
        (news.twice, "waiting twice", "", 2),
        (news.undelivered, "not delivered", "outbox", 5),
        (news.late, "late", "due", 4),
        (news.gone, "of yours went to others", "", 2),
    )
    return [
        Part(f"{_number(count, news.more)} {words}" + (f" ({keys[leads]})" if leads else ""), weight)
        for count, words, leads, weight in told
        if count
    ]


def _number(count: int, more: bool) -> str:
    return f"{MANY}+" if count >= MANY else f"{count}{'+' if more else ''}"


def line_dropped(
    dropped: Dropped, reply: LastReply | None, outbox: str, when: Callable[[Instant], str]
) -> list[Part]:
    """That the line was dropped, that the draft is kept, and what became of the last reply; `outbox` is a key."""
    parts = [Part(f"line dropped {when(dropped.at)}", 9)]
    if dropped.place.writing:
        parts.append(Part("draft kept", 8))
    if reply is not None:
        words = {
            "left": f"your last reply left {when(reply.at)}",
            "leaves": f"your last reply leaves {when(reply.at)}",
            "waits": f"your last reply waits to leave ({outbox})",
            "failed": f"your last reply was not delivered ({outbox})",
        }
        parts.append(Part(words[reply.became], 7))
    return parts


def sentence(lead: str, parts: list[Part], width: int) -> str:
    """The parts in `width` cells, behind a lead ("Since Fri 17:02: ") that weighs more than the lightest of them."""
    if not parts:
        return ""
    kept = list(parts)
    while True:
        for begin in (lead, "") if min(part.weight for part in kept) > 1 else (lead,):
            words = begin + " · ".join(part.words for part in kept)
            if cells(words) <= width:
                return words
        if len(kept) == 1:
            return words
        kept.remove(min(kept, key=lambda part: part.weight))

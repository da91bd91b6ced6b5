"""Feeds (Atom, RSS): what an entry says, how entries become chats, and when a feed is asked again.

An entry is a review or a post in a forum. What hangs together there is one chat: an entry, what was changed of it later,
and what answers it (RFC 4685). An entry is known by its id, else by its link and title; what it said last is told by a
mark in the id of its line, so that one that was changed comes as a further line, and one that was not as nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from inbox.chat.shape import Chat, Line, Oddities, Participant, Side, asked_name
from inbox.links import bare_links
from inbox.placing import DAY
from inbox.text import one_line

if TYPE_CHECKING:
    from inbox.model import Instant
    from inbox.settings import Feed
    from inbox.us import Us

FORMAT = "feed"
"""The channel of what comes by a feed."""
LONGEST_PAUSE = DAY
"""Seconds after which a feed is asked again, however often it has failed and whatever its server wishes."""
SHORTEST_PAUSE = 300
"""Seconds after which a feed may be asked again at the earliest."""
LATE = DAY
"""Seconds: what is older than this when it is first seen was held back by its site, and counts from now on."""
OLD = 14 * DAY
"""Seconds after which what is first seen is history, as when a feed is read for the first time."""
NOBODY = "Anonymous"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as a feed has it. `key` is its id; `html` of the feed is text here already, its links at `links` in the
    order of their footnotes; `rating` as it is shown ("2 of 5"); `answers` is the id of another entry."""

    key: str
    title: str = ""
    author: str = ""
    text: str = ""
    link: str = ""
    links: tuple[str, ...] = ()
    published: Instant | None = None
    updated: Instant | None = None
    rating: str = ""
    answers: str = ""

    @property
    def at(self) -> Instant | None:
        """When it was written, as far as the feed says."""
        return self.published if self.published is not None else self.updated


class Page(NamedTuple):
    """A feed as it was read: its title, its entries as they stand there, and what was odd, in words."""

    title: str
    entries: Sequence[Entry]
    oddities: Sequence[str] = ()


class FeedState(NamedTuple):
    """How it stands with a feed. `url`: of which all this is known; `etag` and `modified` are what its server called the
    last answer; `read_at`: when it was read last, None: never; `asked_at`: when it was asked last;
    `again_at`: when it is asked next; `failures` in a row, since `since`; `trouble` and `next_step` are sentences."""

    name: str
    url: str
    etag: str = ""
    modified: str = ""
    read_at: Instant | None = None
    asked_at: Instant | None = None
    again_at: Instant = 0
    failures: int = 0
    since: Instant | None = None
    trouble: str = ""
    next_step: str = ""
    oddities: tuple[str, ...] = ()


class Known(NamedTuple):
    """What is here of an entry: the chat it stands in, and the id of the line that says what it said last."""

    chat: str
    line: str


def mark(feed: str, key: str) -> str:
    """What an entry goes by here."""
    return _digest(f"{feed}\0{key}", 10)


def state_of(feed: Feed, states: Mapping[str, FeedState]) -> FeedState:
    """How it stands with a feed; at another address it begins anew, and what is here of it stays known."""
    found = states.get(feed.name)
    return found if found is not None and found.url == feed.url else FeedState(feed.name, feed.url)


def read(
    state: FeedState, feed: Feed, now: Instant, etag: str, modified: str, odd: Sequence[str]
) -> FeedState:
    """A feed was read, or had nothing new."""
    return state._replace(
        etag=etag,
        modified=modified,
        read_at=now,
        asked_at=now,
        again_at=now + feed.every,
        failures=0,
        since=None,
        trouble="",
        next_step="",
        oddities=tuple(odd),
    )


def failed(
    state: FeedState, feed: Feed, now: Instant, trouble: str, next_step: str, wait: int | None
) -> FeedState:
    """A feed could not be read: it is asked again after ever longer pauses, or when its server wishes (`wait`, seconds)."""
    pause = feed.every * 2 ** min(state.failures, 10)
    if wait is not None:
        pause = max(wait, SHORTEST_PAUSE)
    return state._replace(
        asked_at=now,
        again_at=now + min(pause, LONGEST_PAUSE),
        failures=state.failures + 1,
        since=state.since if state.since is not None else now,
        trouble=trouble,
        next_step=next_step,
    )


# --------------------------------------------------------------------------- entries as chats


def wanted(feed: Feed, entries: Sequence[Entry]) -> list[Entry]:
    """The entries with one of the feed's words in them, or all that say something; one that stands there twice is taken
    once."""
    words = [word.casefold() for word in feed.words]
    found: dict[str, Entry] = {}
    for each in entries:
        said = f"{each.title}\n{each.text}".casefold()
        if (said.strip() or each.rating) and (not words or any(word in said for word in words)):
            found.setdefault(each.key, each)
    return list(found.values())


def chats(
    feed: Feed,
    page: Page,
    known: Mapping[str, Known],
    us: Us,
    said: Mapping[str, Side],
    now: Instant,
    first: bool,
) -> list[Chat]:
    """What of a feed is new or was changed, as chats. `known`: by the marks of entries; `said`: which side names are on;
    `first`: the feed is read for the first time, and what it has is history."""
    entries = wanted(feed, page.entries)
    by_key = {each.key: each for each in entries}
    found: dict[str, Chat] = {}
    lines: dict[str, list[Line]] = {}
    latest = {own: each.line for own, each in known.items()}
    for each in sorted(entries, key=lambda each: _when(each, now, first)):
        own = mark(feed.name, each.key)
        before = known.get(own)
        line_id = _line_id(own, each, before)
        if before is not None and before.line == line_id:
            continue
        root = before.chat if before is not None else _root(feed, each, by_key, known)
        author = _author(feed, each, us, said)
        chat = found.get(root)
        if chat is None:
            lines[root] = []
            chat = found[root] = Chat(
                FORMAT, root, one_line(each.title or page.title, 200), lines[root], {}, Oddities()
            )
        chat.participants.setdefault(author.key, author)
        lines[root].append(
            # of ours only the words: they may be here already, carried by hand
            Line(
                line_id,
                _when(each, now, first) if before is None else _changed(each, now),
                author.key,
                author.role,
                said_by(each) if author.role is Side.CUSTOMER or each.links else each.text or each.title,
                reply_to=latest.get(mark(feed.name, each.answers)) if each.answers else None,
                mark="edited" if before is not None else "",
                title=one_line(each.title, 200),
            )
        )
        latest[own] = line_id
    for each_chat in lines.values():
        each_chat.sort(key=lambda line: line.at)
    return list(found.values())


def said_by(entry: Entry) -> str:
    """An entry as text: its rating, its words, and where it leads, the links under the numbers they are opened by."""
    words = entry.text or entry.title
    listed = [*bare_links(words)]
    shown = dict.fromkeys(each for each in (entry.link, *entry.links) if each and each not in listed)
    under = "\n".join(f"[{number}] {each}" for number, each in enumerate(shown, len(listed) + 1))
    return "\n\n".join(
        part for part in (f"Rating: {entry.rating}" if entry.rating else "", words, under) if part
    )


def first_footnote(text: str, link: str) -> int:
    """The number of the first footnote in a text that is followed by the link of its entry, as `said_by` numbers them."""
    listed = bare_links(text)
    return len(listed) + (1 if not link or link in listed else 2)


def _when(entry: Entry, now: Instant, first: bool) -> Instant:
    """When an entry came. What a site has held back, and what claims to come from the future, comes now."""
    at = entry.at
    if at is None or at > now:
        return now
    return at if first or not LATE <= now - at < OLD else now


def _changed(entry: Entry, now: Instant) -> Instant:
    at = entry.updated
    return at if at is not None and 0 <= now - at < LATE else now


def _line_id(own: str, entry: Entry, before: Known | None) -> str:
    """The id of the line that says what an entry says now: the one before, where it says the same."""
    digest = _digest("\0".join((entry.title, entry.text, entry.rating)), 6)
    if before is None:
        return f"{own}.0.{digest}"
    _, number, last = before.line.split(".")
    return before.line if last == digest else f"{own}.{int(number) + 1}.{digest}"


def _root(feed: Feed, entry: Entry, by_key: Mapping[str, Entry], known: Mapping[str, Known]) -> str:
    """The chat of an entry: that of what it answers, however far back, else one of its own."""
    seen: set[str] = set()
    here = entry
    while here.answers and here.key not in seen:
        seen.add(here.key)
        parent = known.get(mark(feed.name, here.answers))
        if parent is not None:
            return parent.chat
        if here.answers not in by_key:
            break
        here = by_key[here.answers]
    return f"{feed.name}/{mark(feed.name, min(seen) if here.answers in seen else here.key)}"  # min: they answer each other


def _author(feed: Feed, entry: Entry, us: Us, said: Mapping[str, Side]) -> Participant:
    """Who wrote an entry: one of us, by the settings or because somebody said so, else a customer of this feed."""
    name = one_line(entry.author, 100).strip()
    if not name:
        return Participant(NOBODY, f"{mark(feed.name, entry.key)} @ {feed.name}", Side.CUSTOMER)
    ours = us.is_our_name(name) or said.get(asked_name(name)) is Side.AGENT
    return Participant(name, f"{name} @ {feed.name}", Side.AGENT if ours else Side.CUSTOMER)


def _digest(words: str, size: int) -> str:
    return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()

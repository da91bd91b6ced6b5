"""Feeds asked in turn: fetched and read on a thread of their own, taken in by whoever writes.

Nothing waits for a server: `look` takes in what has come and begins what is due. What was read is taken in before it is
written down that it was, so whatever is interrupted is read once more, which changes nothing.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from inbox.channels.feed_fetching import Feeds, FeedTrouble, Fetched
from inbox.channels.feed_reading import read_feed
from inbox.chat.intake import take_in, terms_of
from inbox.errors import FrontdeskError, NotDone
from inbox.feeds import LATE, FeedState, Page, chats, failed, mark, read, state_of, wanted
from inbox.model import Who

if TYPE_CHECKING:
    from inbox.model import Instant
    from inbox.ports import Workspace
    from inbox.settings import Feed, Settings

WHO = Who("import")
FOR_EVER = 10**10
"""Seconds of silence after which what hangs together in a feed would be two conversations."""
JUST = 10
"""Seconds after which a feed is asked again because a person wants it."""
ENDS_WITHIN = 1.0
"""Seconds that are waited for what is under way when the worker ends."""


class Brought(NamedTuple):
    """What came of asking for a feed: what the server gave, and what that says; or why neither."""

    feed: Feed
    fetched: Fetched | None = None
    page: Page | None = None
    trouble: FrontdeskError | None = None


@dataclass(slots=True)
class Feeding:
    """The feeds of a workspace, asked when they are due. `noted` hears what went wrong for the first time, `web`
    fetches, `reader` reads."""

    store: Workspace
    settings: Settings
    clock: Callable[[], Instant]
    noted: Callable[[str], None] = lambda _: None
    web: Feeds = Feeds()  # noqa: RUF009  frozen
    reader: Callable[[bytes, str, str], Page] = read_feed
    _brought: deque[Brought] = field(default_factory=deque)
    _thread: threading.Thread | None = None
    _hurried: bool = False
    _over: threading.Event = field(default_factory=threading.Event)

    def look(self, now: Instant) -> int:
        """Take in what has come, and begin what is due; how many entries were new. Never waits for a server."""
        added, is_idle = 0, self._thread is None or not self._thread.is_alive()
        while self._brought:
            added += self._take(self._brought.popleft(), now)
        if self.settings.feeds and is_idle:
            due, self._hurried = self._due(now), False
            if due:
                self._thread = threading.Thread(target=self._ask_all, args=(due,), name="feeds", daemon=True)
                self._thread.start()
        return added

    def once(
        self, cancelled: Callable[[], bool] = lambda: False
    ) -> tuple[int, list[tuple[str, FrontdeskError]]]:
        """Ask for what is due and take it in, one feed after the other; how many entries were new, and what went wrong,
        by feed."""
        added, troubles = 0, []
        for feed, state in self._due(self.clock()) if self.settings.feeds else ():
            if cancelled():
                break
            brought = self._asked(feed, state)
            added += self._take(brought, self.clock())
            if brought.trouble is not None:
                troubles.append((feed.name, brought.trouble))
        return added, troubles

    def hurry(self) -> None:
        """A person wants to see what is new: all feeds are asked at the next look but those that have just been."""
        self._hurried = True

    def end(self) -> None:
        """Begin nothing more. What is under way is left alone: it writes nothing."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(ENDS_WITHIN)

    def _due(self, now: Instant) -> list[tuple[Feed, FeedState]]:
        known = self.store.feeds.states()
        states = [(feed, state_of(feed, known)) for feed in self.settings.feeds]
        return [(feed, state) for feed, state in states if self._is_due(feed, state, now)]

    def _is_due(self, feed: Feed, state: FeedState, now: Instant) -> bool:
        asked = state.asked_at or 0
        if asked > now or (self._hurried and asked + JUST <= now):  # a clock was set back, or a person waits
            return True
        return state.again_at <= now or (not state.failures and asked + feed.every <= now)

    def _ask_all(self, due: Sequence[tuple[Feed, FeedState]]) -> None:
        for feed, state in due:
            if self._over.is_set():
                return
            self._brought.append(self._asked(feed, state))

    def _asked(self, feed: Feed, state: FeedState) -> Brought:
        """A feed as its server gives it. Writes nothing, raises nothing."""
        try:
            fetched = self.web.fetch(feed.url, state.etag, state.modified)
            if fetched.data is None:
                return Brought(feed, fetched)
            return Brought(feed, fetched, self.reader(fetched.data, fetched.url, fetched.kind))
        except FrontdeskError as error:
            return Brought(feed, trouble=error)
        except Exception as error:  # a mistake of ours in one feed is no trouble of the others
            return Brought(
                feed, trouble=NotDone(f"Frontdesk made a mistake with this feed ({type(error).__name__}).")
            )

    def _take(self, brought: Brought, now: Instant) -> int:
        """Take in what came, then write down how it stands; how many lines are new."""
        feed, book = brought.feed, self.store.feeds
        state = state_of(feed, book.states())
        if brought.fetched is None:
            trouble = brought.trouble
            assert trouble is not None
            wait = trouble.wait if isinstance(trouble, FeedTrouble) else None
            if trouble.what != state.trouble:
                self.noted(f"feed {feed.name}: {trouble.what}")
            book.keep(failed(state, feed, now, trouble.what, trouble.next_step, wait))
            return 0
        if state.failures:
            self.noted(f"feed {feed.name}: read again")
        page, added = brought.page, 0
        if page is not None:
            added = self._take_in(feed, page, state, now)
        odd = page.oddities if page is not None else state.oddities
        book.keep(read(state, feed, now, brought.fetched.etag, brought.fetched.modified, odd))
        return added

    def _take_in(self, feed: Feed, page: Page, state: FeedState, now: Instant) -> int:
        terms = terms_of(self.store, self.settings, now - LATE if state.read_at is not None else None)
        terms = replace(terms, silence=FOR_EVER, mailbox=feed.name)
        keys = dict.fromkeys(
            key for each in wanted(feed, page.entries) for key in (each.key, each.answers) if key
        )
        known = self.store.feeds.known([mark(feed.name, key) for key in keys])
        us, _ = self.store.known_us()
        found = chats(feed, page, known, us, terms.said, now, state.read_at is None)
        return sum(take_in(self.store, chat, terms, WHO, now).added for chat in found)

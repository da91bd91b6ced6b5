"""The feeds of [[feed]]: whether they could be read when they were asked last. Nothing is asked here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from inbox.channels.feed_reading import INSTALL, is_installed
from inbox.feeds import state_of
from inbox.text import one_line
from tui.checkup.finding import Finding, counted
from tui.times import moment

if TYPE_CHECKING:
    from inbox.model import Instant
    from inbox.ports import Workspace
    from inbox.settings import Settings


def feeds(settings: Settings, stores: Sequence[Workspace], now: Instant) -> Iterator[Finding]:
    """Each feed, as the worker found it; `stores`: the one there is, if it can be opened."""
    if not is_installed():
        yield Finding("feed", "feedparser", False, "The library that reads feeds is not here.", INSTALL)
    known = stores[0].feeds.states() if stores else {}
    for feed in settings.feeds:
        state = state_of(feed, known)
        if state.since is not None:
            next_step = (
                state.next_step or "It is asked again by itself; frontdesk feed try URL shows what is read."
            )
            times, since = counted(state.failures, "time"), moment(state.since, now, settings.zone)
            detail = f"{one_line(state.trouble, 300)} {times} in a row since {since}."
            yield Finding("feed", feed.name, False, detail, one_line(next_step, 300))
        elif state.read_at is None:
            yield Finding("feed", feed.name, None, "not read yet", "frontdesk sync reads it.")
        else:
            odd = "".join(f"; {one_line(each, 200)}" for each in state.oddities)
            read = moment(state.read_at, now, settings.zone)
            yield Finding("feed", feed.name, True, f"read at {read}{odd}")

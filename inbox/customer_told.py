"""What is told of a customer beside a conversation: how they write, what was promised, how soon we answer them, what
programs say of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from inbox.forms_of_address import in_words, noticed_in
from inbox.promise_story import Became, promises_told, tally
from inbox.promise_story import Told as Promised

if TYPE_CHECKING:
    from inbox.hours import Hours
    from inbox.model import Event, Instant
    from inbox.panels import PanelCommand
    from inbox.ports import Item, Panel, Reader, Row, Workspace

LATELY = 10
"""The newest conversations that tell how soon we answer."""
FEW = 3
"""Answers below which "usually" would say too much."""


def told(
    store: Workspace,
    panel: Panel,
    here: Row,
    items: Sequence[Item],
    events: Sequence[Event],
    hours: Hours,
    now: Instant,
    programs: Sequence[PanelCommand] = (),
) -> Panel:
    """The panel with all that follows from the conversation it stands beside (`here`, with its messages and events), and
    from the rest of the record."""
    promises, kept = _promises(store, panel.customer.id, here, events, now)
    return panel._replace(
        writes=in_words(noticed_in(items)),
        promises=promises,
        kept=kept,
        pace=pace(store, panel.history, hours),
        said=store.panels.said(panel.customer.id, programs) if programs else (),
        unserved=store.panels.unserved() if programs else None,
    )


def _promises(
    store: Reader, customer: int, here: Row, events: Sequence[Event], now: Instant
) -> tuple[tuple[tuple[Instant, str], ...], str]:
    """What is promised and not kept: until when, and what (of other conversations than this one, in which matter); and
    what became of all that was promised, in words."""
    found: list[tuple[Instant, str]] = []
    all_of_them: list[Promised] = []
    for number in store.promising(customer):
        one_is_here = number == here.conversation.id
        stand = promises_told(events if one_is_here else store.events(number), now)
        all_of_them += stand
        left = [each for each in stand if each.became in (Became.OPEN, Became.BROKEN)]
        if left:
            rows = [] if one_is_here else store.rows([number])
            subject = rows[0].subject if rows else ""
            found += [(each.until, subject or each.words) for each in left]
    return tuple(sorted(found)), tally(all_of_them).in_words()


def pace(store: Reader, history: Sequence[Row], hours: Hours) -> str:
    """How soon we answered a customer lately, in open time and in words; "" where we never did."""
    took = []
    for row in history[:LATELY]:
        if row.conversation.answered and not row.conversation.notice:
            asked: Instant | None = None
            for at, direction in store.exchange(row.conversation.id):
                if direction == "in":
                    asked = at if asked is None else asked
                elif asked is not None:
                    took.append(hours.between(asked, at))
                    asked = None
    if not took:
        return ""
    took.sort()
    slowest = span(took[-1])
    if len(took) < FEW:
        return (
            f"answered in {slowest}"
            if len(took) == 1
            else f"answered {len(took)} times, in {slowest} at most"
        )
    return f"answered in {span(took[len(took) // 2])} usually, {slowest} at most"


def span(seconds: int) -> str:
    """A span of open time, roughly: "25 min", "3 h"; there are no days in it."""
    minutes = max(1, round(seconds / 60))
    return f"{minutes} min" if minutes < 90 else f"{round(minutes / 60)} h"

"""What the palette reads by a few letters: customers, conversations, saved replies and articles. Asked off the loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from inbox.saved_replies import subsequence
from inbox.text import one_line
from tui.widgets.rows import in_short

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from inbox.knowledge import Article
    from inbox.model import Customer, Instant, Who
    from inbox.ports import Workspace
    from inbox.saved_replies import SavedReply

CLOSE = 3.0
"""From how well a text must fit to count as named; below, only the letters come in their order."""

EACH = 6
"""Of each kind, what is offered at most."""


class Found(NamedTuple):
    """What was found: customers with what they are known by; conversations by number, subject and in a few words."""

    customers: Sequence[tuple[Customer, str]] = ()
    conversations: Sequence[tuple[int, str, str]] = ()
    replies: Sequence[SavedReply] = ()
    articles: Sequence[Article] = ()


def find(
    store: Workspace, text: str, who: Who, now: Instant, zone: ZoneInfo, gone: Callable[[], bool]
) -> Found:
    """Whatever a text could name, of each kind a few, the likeliest first; `gone`: nobody asks any more."""
    from inbox.knowledge import shelf_of
    from inbox.saved_replies import ranked

    documents = store.documents
    articles = shelf_of(tuple(documents.articles())).ranked(text)
    return Found(
        [(each, _known_by(each)) for each in _customers(store, text)],
        [
            (row.conversation.id, one_line(row.subject, 200), in_short(row, now, zone))
            for row in store.rows(store.reach(text, who, now, EACH, gone))
        ],
        ranked(documents.saved_replies(), text)[:EACH],
        [each for each in articles if text.casefold() in f"{each.title} {each.text}".casefold()][:EACH],
    )


def _customers(store: Workspace, text: str) -> Sequence[Customer]:
    addresses = [each.address for each in store.people_like(text, 2 * EACH)]
    numbers = dict.fromkeys(each.id for each in store.customers_at(addresses).values())
    found = [each for number in list(numbers)[:EACH] if (each := store.customer(number)) is not None]
    called_so = [each for each in found if subsequence(text, f"{each.name} {_known_by(each)}") >= CLOSE]
    return called_so or found  # what only looks like it is no help beside what is called so


def _known_by(customer: Customer) -> str:
    return ", ".join(one_line(each.value, 100) for each in customer.identities[:2])

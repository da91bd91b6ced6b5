"""Conversations by whatever a person knows of one: its number, the customer, words, a number that stands in a message."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator

from inbox.model import Instant
from inbox.queries import Words, both, is_number
from storage.finding import find_messages
from storage.people import people_beginning

MOST_WORDS = 8
"""Words of what was typed that are looked for."""

SHORTEST = 2
"""Letters from which customers are looked up by the beginning of their name."""

PEOPLE, EACH = 4, 3
"""Customers that are looked up, and of each the newest conversations; half of what is reached may be theirs."""

HITS = 50
"""Messages with the words, the newest, whose conversations are reached."""


def reach(
    connection: sqlite3.Connection,
    text: str,
    me: str,
    now: Instant,
    limit: int,
    resolve: Callable[[int], int | None],
) -> list[int]:
    """Ids of conversations, the likeliest first: that of the number, the newest of customers whose name or address begins
    so, then those in which all words stand, then those in which words begin so, the newest first, notices last.
    `resolve` says where a conversation lives now."""
    theirs = list(dict.fromkeys(_of_customers(connection, text)))
    half = limit // 2
    found = dict.fromkeys((*_numbered(text, resolve), *theirs[:half]))
    for begins in (False, True):
        if len(found) < limit:  # what words begin with may be gathered from all there is
            found |= dict.fromkeys(_saying(connection, text, me, now, begins))
    found |= dict.fromkeys(theirs[half:])
    return list(found)[:limit]


def _numbered(text: str, resolve: Callable[[int], int | None]) -> Iterator[int]:
    number = text.strip().lstrip("#")
    here = resolve(int(number)) if is_number(number) else None
    if here is not None:
        yield here


def _of_customers(connection: sqlite3.Connection, text: str) -> Iterator[int]:
    if len(text.strip()) < SHORTEST:
        return
    seen = set()
    for person in people_beginning(connection, text, PEOPLE):
        row = connection.execute(
            "SELECT customer FROM identities WHERE kind = 'mail' AND value = ?", (person.address,)
        ).fetchone()
        if row is None or row[0] in seen:
            continue
        seen.add(row[0])
        yield from _ids(
            connection.execute(
                "SELECT id FROM conversations WHERE customer = ? ORDER BY last_at DESC LIMIT ?",
                (row[0], EACH),
            )
        )


def _saying(connection: sqlite3.Connection, text: str, me: str, now: Instant, begins: bool) -> Iterator[int]:
    parts = re.findall(r"[\w@.+-]*\w", text)[:MOST_WORDS]
    long_enough = [part for part in parts if len(part) > SHORTEST or not part.isascii()]
    if long_enough:
        words = both(*(Words(part, prefix=begins) for part in long_enough))
        hits = dict.fromkeys(
            conversation for _, conversation, _ in find_messages(connection, words, me, now, HITS)
        )
        notices = set(
            _ids(
                connection.execute(
                    "SELECT id FROM conversations WHERE notice = 1 AND id IN (SELECT value FROM json_each(?))",
                    (f"[{','.join(map(str, hits))}]",),
                )
            )
        )
        yield from sorted(hits, key=notices.__contains__)


def _ids(rows: Iterable[tuple[int]]) -> Iterator[int]:
    return (number for (number,) in rows)

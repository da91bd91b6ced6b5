"""Conversations with their events, slice by slice, for whoever goes through a long span of the record."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from inbox.model import Instant, Status
from inbox.reports import Story
from storage import events as record
from storage.customers import lives_at
from storage.tags import words_of

SLICE = 400
"""Conversations read at a time: what is held in memory, and how soon a person who cancels is heard."""


def concerned(
    connection: sqlite3.Connection, since: Instant, among: Collection[int] | None = None
) -> list[int]:
    """Conversations in which something happened, or was written down, since an instant.

    One look at every event, which no index could spare: about a third of a second for half a million.
    """
    rows = connection.execute(
        "SELECT DISTINCT home FROM events NOT INDEXED WHERE home IS NOT NULL AND (at >= ?1 OR recorded >= ?1)",
        (since,),
    )
    return sorted(row[0] for row in rows if among is None or row[0] in among)


def stories(connection: sqlite3.Connection, conversations: Sequence[int]) -> Iterator[list[Story]]:
    """These conversations, a slice at a time; those that were joined with others are left out."""
    for start in range(0, len(conversations), SLICE):
        numbers = conversations[start : start + SLICE]
        yield _slice(connection, f"[{','.join(map(str, numbers))}]")


def _slice(connection: sqlite3.Connection, numbers: str) -> list[Story]:
    within = "IN (SELECT value FROM json_each(?))"
    tags = words_of(connection, "conversation_tags", "tag", numbers)
    about = {
        row[0]: row[1:]
        for row in connection.execute(
            "SELECT c.id, c.status, c.customer, coalesce(u.name, ''), c.channel, c.closed_why, u.vip = 1, c.cause"
            f" FROM conversations c LEFT JOIN customers u ON u.id = c.customer WHERE c.id {within}",
            (numbers,),
        )
    }
    rows = connection.execute(
        f"SELECT home, {record.COLUMNS} FROM events WHERE home {within} ORDER BY home, seq", (numbers,)
    )
    found = []
    for number, group in groupby(rows, key=itemgetter(0)):
        if number in about:
            status, customer, name, channel, why, vip, cause = about[number]
            events = [record.event_of(row[1:]) for row in group]
            of_it = tags.get(number, ())
            found.append(
                Story(number, Status(status), customer, name, channel, of_it, why, events, bool(vip), cause)
            )
    return found


def customer_changes(connection: sqlite3.Connection, since: Instant) -> dict[int, list[tuple[Instant, int]]]:
    """When somebody said something of a customer, or joined two, since an instant, with the number of the event; by
    customer as they live now."""
    found: dict[int, list[tuple[Instant, int]]] = {}
    rows = connection.execute(
        "SELECT recorded, seq, json_extract(data, '$.customer') FROM events"
        " WHERE type IN (18, 19) AND recorded >= ? AND void = 0 AND who NOT IN ('import', 'settings') ORDER BY seq",
        (since,),
    ).fetchall()
    for at, seq, customer in rows:
        found.setdefault(lives_at(connection, customer), []).append((at, seq))
    return found

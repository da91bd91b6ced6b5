"""Issues as rows: what people said of them, which conversations are linked, and what became of what was told.

What an issue is follows from events 45 and the texts beside them, read each time: there are few of them. The issue of a
conversation is a column of it, derived like all others.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from inbox.issues import Issue, Said, Spike, Standing
from inbox.issues import told as folded
from inbox.model import Event
from storage import events as record
from storage.contents import ID_SHIFT

if TYPE_CHECKING:
    from inbox.model import Instant
    from storage.store import SqliteStore

_OF = "json_extract(data, '$.issue')"
_TELLING = "json_extract(e.data, '$.telling')"
_STANDS = (
    "e.type = 2 AND e.void = 0 AND NOT EXISTS"
    " (SELECT 1 FROM outbox d WHERE d.message = e.message AND d.state = 'dropped')"
)


def add_texts(connection: sqlite3.Connection, event: Event, said: Iterable[tuple[str, str]]) -> None:
    """Store in what words something was said of an issue."""
    connection.executemany(
        "INSERT INTO issue_texts(event, field, text) VALUES(?, ?, ?)",
        [(event.seq, field, text) for field, text in said],
    )


def read(connection: sqlite3.Connection, names: Sequence[str] | None = None) -> dict[str, Issue]:
    """The issues of these names, or all of them, by name."""
    among, values = "", tuple[str, ...]()
    if names is not None:
        among, values = f" AND {_OF} IN (SELECT value FROM json_each(?))", (json.dumps(list(names)),)
    rows = connection.execute(  # sorted here: by number SQLite would walk past all events
        f"SELECT {record.COLUMNS} FROM events INDEXED BY events_issues WHERE type = 45{among}", values
    )
    events = sorted(map(record.event_of, rows), key=lambda event: event.seq)
    texts: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for number, what, text in connection.execute(
        "SELECT event, field, text FROM issue_texts WHERE event IN (SELECT value FROM json_each(?)) ORDER BY rowid",
        (json.dumps([event.seq for event in events]),),
    ):
        texts[number].append((what, text))
    return folded(events, texts)


class Issues:
    """What the store knows of issues (`inbox.issues.IssueBook`)."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def all(self) -> list[Issue]:
        """Every issue, the newest first."""
        with self._store.snapshot() as connection:
            found = read(connection)
        return sorted(found.values(), key=lambda issue: (-issue.begun, issue.name))

    def named(self, name: str) -> Issue | None:
        """The issue of a name; None when there is none."""
        with self._store.snapshot() as connection:
            return read(connection, [name]).get(name)

    def standings(self) -> list[Standing]:
        """Every issue with its counts: open ones first, the newest first."""
        with self._store.snapshot() as connection:
            found = read(connection)
            linked = {
                name: (count, waiting)
                for name, count, waiting in connection.execute(
                    "SELECT issue, count(*), sum(waiting_since IS NOT NULL) FROM conversations"
                    " WHERE issue IS NOT NULL GROUP BY issue"
                )
            }
            told = {row[0]: row[1:] for row in connection.execute(_COUNTED)}
        every = found | {name: Issue(name) for name in linked if name not in found}
        lines = [
            Standing(each, *linked.get(name, (0, 0)), *told.get(name, ())) for name, each in every.items()
        ]
        return sorted(lines, key=lambda line: (not line.issue.is_open, -line.issue.begun, line.issue.name))

    def told(self, telling: str) -> dict[int, int | None]:
        """The conversations in which a telling stands, and the customers they went to."""
        return dict(
            self._store.read(
                "SELECT e.home, json_extract(e.data, '$.customer') FROM events e"
                f" WHERE {_TELLING} = ? AND {_STANDS}",
                (telling,),
            )
        )

    def recent(self, since: Instant, limit: int) -> list[Said]:
        """What customers wrote since an instant, the newest first, at most so much; no machines and no spam."""
        rows = self._store.read(
            f"SELECT m.id, m.at, c.id, m.customer, c.issue FROM messages m CROSS JOIN conversations c"
            f" ON c.id = m.conversation WHERE m.id >= ? AND {_OF_CUSTOMERS} ORDER BY m.id DESC LIMIT ?",
            (since << ID_SHIFT, limit),
        )
        found = []
        for number, at, conversation, customer, issue in rows:
            words = self._store.details(number)
            text = f"{words.get('subject', '')}\n{words.get('reply') or words.get('text', '')}"
            found.append(Said(at, conversation, customer, issue, text))
        return found

    def wrote(self, words: str, since: Instant, until: Instant, limit: int) -> list[tuple[Instant, int]]:
        """When customers wrote these words, one after the other, from an instant up to another, and which."""
        phrase = '"' + words.replace('"', '""') + '"'
        rows = self._store.read(
            "SELECT m.at, m.customer FROM message_fts f CROSS JOIN messages m ON m.id = f.rowid"
            " CROSS JOIN conversations c ON c.id = m.conversation WHERE message_fts MATCH ?"
            f" AND f.rowid >= ? AND f.rowid < ? AND {_OF_CUSTOMERS} ORDER BY f.rowid DESC LIMIT ?",
            (f"{{subject body}} : {phrase}", since << ID_SHIFT, until << ID_SHIFT, limit),
        )
        return [(at, customer) for at, customer in rows]

    def many(self, since: Instant, until: Instant) -> int:
        """How many messages of customers came from an instant up to another; no machines and no spam."""
        rows = self._store.read(
            "SELECT count(*) FROM messages m CROSS JOIN conversations c ON c.id = m.conversation"
            f" WHERE m.id >= ? AND m.id < ? AND {_OF_CUSTOMERS}",
            (since << ID_SHIFT, until << ID_SHIFT),
        )
        return int(rows[0][0])

    def looked_at(self) -> Instant:
        """When it was last looked for words of which many write; 0: never."""
        rows = self._store.read("SELECT value FROM meta WHERE name = 'spikes_at'")
        return int(rows[0][0]) if rows else 0

    def noticed(self, found: Sequence[Spike], now: Instant) -> None:
        """These are words of which many write now, and no others."""
        before = self.spikes()
        with self._store.writing() as transaction:
            connection = transaction.connection
            connection.execute("INSERT OR REPLACE INTO meta(name, value) VALUES('spikes_at', ?)", (now,))
            if [tuple(each) for each in before] == [tuple(each) for each in found]:
                return
            connection.execute("DELETE FROM spikes")
            connection.executemany(
                "INSERT INTO spikes(words, count, since, at) VALUES(?, ?, ?, ?)",
                [(*each, now) for each in found],
            )
            transaction.shows(None)

    def spikes(self) -> list[Spike]:
        """Words of which many customers write just now, the most first."""
        return [
            Spike(*row)
            for row in self._store.read("SELECT words, count, since FROM spikes ORDER BY count DESC, words")
        ]


_OF_CUSTOMERS = (
    "m.direction = 'in' AND m.customer IS NOT NULL AND m.conversation IS NOT NULL"
    " AND c.notice = 0 AND c.status <> 'spam'"
    # the words of which many write are told to everybody
    " AND NOT EXISTS (SELECT 1 FROM restricted x WHERE x.conversation = c.id)"
)
_ANSWERED = (
    "EXISTS (SELECT 1 FROM events r WHERE r.home = e.home AND r.type = 1 AND r.void = 0 AND r.seq > e.seq"
    " AND json_extract(r.data, '$.side') = 'customer')"
)
_COUNTED = (
    "SELECT issue, count(*), sum(leaves), sum(failed), sum(answered) FROM ("
    "SELECT json_extract(e.data, '$.issue') AS issue, e.home,"
    " max(o.state IN ('queued', 'held', 'connecting', 'data', 'refused-for-now')) AS leaves,"
    " max(o.state IN ('failed', 'unknown')) AS failed,"
    f" max({_ANSWERED}) AS answered"
    " FROM events e JOIN outbox o ON o.message = e.message"
    f" WHERE json_extract(e.data, '$.telling') IS NOT NULL AND {_STANDS} GROUP BY 1, 2"
    ") GROUP BY issue"
)
"""For each issue: conversations told; those in which what was told has yet to leave, or did not arrive; and those in which
the customer has written since."""


def told(connection: sqlite3.Connection, telling: str, customer: int) -> tuple[Event, ...]:
    """What was queued of a telling to a customer, and stands."""
    rows = connection.execute(
        f"SELECT {_EACH} FROM events e WHERE {_TELLING} = ? AND json_extract(e.data, '$.customer') = ? AND {_STANDS}",
        (telling, customer),
    )
    return tuple(record.event_of(row) for row in rows)


def of_telling(connection: sqlite3.Connection, telling: str) -> tuple[Event, ...]:
    """All that was recorded with a telling and stands: what was queued, and what its issue says of it."""
    rows = connection.execute(
        f"SELECT {_EACH} FROM events e WHERE {_TELLING} = ?1 AND {_STANDS}"
        f" UNION ALL SELECT {_EACH} FROM events e WHERE e.type = 45 AND e.void = 0 AND {_TELLING} = ?1",
        (telling,),
    )
    return tuple(sorted(map(record.event_of, rows), key=lambda event: event.seq))


_EACH = ", ".join(f"e.{name}" for name in record.COLUMNS.split(", "))

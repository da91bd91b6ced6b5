"""Whom to ask how it was: conversations by when they were closed, each looked at once.

How far they were looked at stands outside the record, as what was asked stands in it.
"""

from __future__ import annotations

import json

from inbox.model import Instant
from inbox.ports import Closed
from storage.store import SqliteStore

_LOOKED = "asking"
_TURNS = (
    "SELECT c.id, c.customer, c.closed_at FROM conversations c INDEXED BY conversations_askable"
    " WHERE c.status = 'closed' AND c.answered = 1 AND c.notice = 0 AND c.closed_why IN ('resolved', 'thanks')"
    " AND (c.closed_at, c.id) > (?, ?) AND c.closed_at <= ? ORDER BY c.closed_at, c.id LIMIT ?"
)


class Asking:
    """Closed conversations of a store, in the order in which their customers may be asked."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def turns(self, since: Instant, until: Instant, limit: int) -> list[Closed]:
        """Those closed after `since` and up to `until` that nobody has looked at, the oldest first."""
        rows = self._store.read("SELECT value FROM meta WHERE name = ?", (_LOOKED,))
        looked = tuple(json.loads(rows[0][0])) if rows else (0, 0)
        start = max(looked, (since, 0))
        return [Closed(*row) for row in self._store.read(_TURNS, (*start, until, limit))]

    def looked_at(self, turn: Closed) -> None:
        """It was looked at, and so was everything closed before."""
        with self._store.writing() as transaction:
            connection = transaction.connection
            row = connection.execute("SELECT value FROM meta WHERE name = ?", (_LOOKED,)).fetchone()
            looked = [turn.closed_at, turn.conversation]
            if row is None or json.loads(row[0]) < looked:
                connection.execute("INSERT OR REPLACE INTO meta VALUES(?, ?)", (_LOOKED, json.dumps(looked)))

"""Trails out of the record; nothing is written here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from inbox.audit import Entry
from inbox.model import EventType, Instant
from storage import events as record

if TYPE_CHECKING:
    from storage.store import SqliteStore

E = EventType
_COLUMNS = ", ".join(f"e.{name.strip()}" for name in record.COLUMNS.split(","))
_ENTRIES = (
    f"SELECT e.home, coalesce(w.way, ''), {_COLUMNS} FROM events e LEFT JOIN ways w ON w.batch = e.batch"
)


class Audit:
    """The record of a store, asked for trails (`inbox.audit.AuditBook`)."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def of_conversation(self, conversation: int) -> list[Entry]:
        """All that happened to a conversation, and what was taken back of it."""
        return self._entries(f"{_ENTRIES} WHERE e.home = ? ORDER BY e.seq", (conversation,))

    def of_person(self, name: str, since: Instant, until: Instant) -> list[Entry]:
        """All that somebody did."""
        where = "WHERE e.who = ? AND e.recorded >= ? AND e.recorded < ? ORDER BY e.seq"
        return self._entries(f"{_ENTRIES} {where}", (name, since, until))

    def of_the_house(self, since: Instant, until: Instant) -> list[Entry]:
        """What belongs to no conversation; that somebody is new, which each new sender brings, is left out."""
        where = (
            "WHERE e.home IS NULL AND e.conversation IS NULL AND e.type NOT IN (?, ?, ?) AND e.recorded >= ?"
            " AND e.recorded < ? ORDER BY e.seq"
        )
        kinds = (int(E.CUSTOMER_MADE), int(E.UNDONE), int(E.REDONE))
        return self._entries(f"{_ENTRIES} {where}", (*kinds, since, until))

    def _entries(self, sql: str, values: Sequence[Any]) -> list[Entry]:
        rows = self._store.read(sql, values)
        events = [(row[0], row[1], record.event_of(row[2:])) for row in rows]
        undone = self._undone([event.seq for _, _, event in events if event.void])
        return [Entry(event, home, way, undone.get(event.seq)) for home, way, event in events]

    def _undone(self, numbers: Sequence[int]) -> dict[int, tuple[str, Instant]]:
        """Who took these events back last, and when."""
        if not numbers:
            return {}
        rows = self._store.read(
            "SELECT j.value, e.who, e.at FROM events e, json_each(e.data, '$.events') j WHERE e.type = 20 AND e.seq > ?"
            " AND j.value IN (SELECT value FROM json_each(?)) ORDER BY e.seq",
            (min(numbers), json.dumps(list(numbers))),
        )
        return {number: (who, at) for number, who, at in rows}

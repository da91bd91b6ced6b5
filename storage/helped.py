"""How often each article and saved reply helped: put into a reply, and that has left or was carried there. Counted from the
record."""

from __future__ import annotations

import sqlite3

from inbox.model import EventType

E = EventType
_COUNT = (
    "SELECT used.value, count(*) FROM events e, json_each(e.data, '$.used') used"
    f" WHERE e.type IN ({int(E.QUEUED)}, {int(E.SENT_BY_HAND)}) AND json_extract(e.data, '$.used') IS NOT NULL"
    f" AND (e.type = {int(E.SENT_BY_HAND)} AND e.void = 0 OR EXISTS (SELECT 1 FROM events s WHERE s.type = {int(E.SENT)}"
    " AND s.message = e.message AND s.void = 0)) GROUP BY used.value"
)


def helped(connection: sqlite3.Connection) -> dict[str, int]:
    """In how many replies each helped, by the name under which replies say it ("knowledge:…", "saved:…")."""
    return dict(connection.execute(_COUNT).fetchall())

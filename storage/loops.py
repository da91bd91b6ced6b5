"""What went automatically to an address and came from it lately, from the record."""

from __future__ import annotations

import sqlite3

from inbox.loops import DAY, LONGEST, Traffic
from inbox.model import Instant


def traffic(connection: sqlite3.Connection, address: str, now: Instant) -> Traffic:
    """Of one address, folded; "" is nobody's."""
    if not address:
        return Traffic()
    went = connection.execute(
        "SELECT at, json_extract(data, '$.vacation') FROM events WHERE type = 2 AND void = 0"
        " AND json_extract(data, '$.automatic') = ? AND at > ?",
        (address, now - DAY),
    ).fetchall()
    came = connection.execute(
        "SELECT e.at FROM identities i JOIN conversations c ON c.customer = i.customer AND c.last_at > ?"
        " JOIN events e ON e.home = c.id WHERE i.kind = 'mail' AND i.value = ? AND e.type = 1 AND e.at > ?"
        " AND json_extract(e.data, '$.side') = 'automatic'",
        (now - LONGEST, address, now - LONGEST),
    ).fetchall()
    (until,) = connection.execute(
        "SELECT max(json_extract(data, '$.until')) FROM events WHERE type = 39"
        " AND json_extract(data, '$.address') = ?",
        (address,),
    ).fetchone()
    return Traffic(
        tuple(at for at, _ in went if at > now - LONGEST),
        tuple(at for (at,) in came),
        max((at for at, vacation in went if vacation), default=None),
        until,
    )

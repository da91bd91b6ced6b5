"""What was given to a customer, and what they answered when asked how it was."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from inbox.ports import Gift, Told
from storage import events as record

_OF = "json_extract(data, '$.customer') IN (SELECT value FROM json_each(?)) AND void = 0"


def gifts(connection: sqlite3.Connection, customers: Sequence[int]) -> tuple[Gift, ...]:
    """What was given to these, who are one, the newest first."""
    rows = connection.execute(
        f"SELECT home, {record.COLUMNS} FROM events WHERE type = 37 AND {_OF} ORDER BY seq DESC",
        (json.dumps(customers),),
    )
    found = ((row[0], record.event_of(row[1:])) for row in rows)
    return tuple(
        Gift(
            event.at,
            event.who,
            home,
            event.data["kind"],
            event.data.get("amount"),
            event.data.get("currency"),
            event.why,
        )
        for home, event in found
    )


def answers(
    connection: sqlite3.Connection, customers: Sequence[int], details: Callable[[int], Mapping[str, Any]]
) -> tuple[Told, ...]:
    """What these, who are one, answered, the newest first: of each conversation the last answer."""
    rows = connection.execute(
        f"SELECT home, {record.COLUMNS} FROM events WHERE type = 48 AND {_OF} ORDER BY seq DESC",
        (json.dumps(customers),),
    ).fetchall()
    found: dict[int, Told] = {}
    for row in rows:
        home, event = row[0], record.event_of(row[1:])
        if "score" in event.data and home not in found:
            found[home] = Told(
                event.at, home, event.data["score"], _words(connection, event.batch, event.seq, details)
            )
    return tuple(found.values())


def _words(
    connection: sqlite3.Connection, batch: int, seq: int, details: Callable[[int], Mapping[str, Any]]
) -> str:
    """What stood beside the number, in the message of the same action; "" once that was erased."""
    from inbox.feedback_words import read_answer

    row = connection.execute(
        "SELECT message FROM events WHERE seq >= ? AND seq < ? AND type = 1 ORDER BY seq DESC LIMIT 1",
        (batch, seq),
    ).fetchone()
    said = (
        read_answer(str(details(row[0]).get("reply", ""))) if row is not None and row[0] is not None else None
    )
    return said.words if said is not None else ""

"""The record as rows: reading events, appending them, and where they count now."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from inbox.fold import UNDOABLE
from inbox.model import Event, EventType

COLUMNS = "type, at, recorded, who, conversation, message, why, data, batch, void, seq"
_TYPES = {int(kind): kind for kind in EventType}
_read_json = (
    json.JSONDecoder().raw_decode
)  # json.loads without its questions: this runs for each event there is
_ACTIONS = ", ".join(str(int(kind)) for kind in sorted(UNDOABLE))
_BY_PEOPLE = (
    "2, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21, 24, 31, 32, 35, 37, 38, 40, 41, 42, 43,"
    " 45, 46, 47, 49, 50, 51, 52, 53, 54, 55"
)
"""As the index events_who of 0002.sql says it, word for word: what can be undone, UNDONE and REDONE."""
_ACTS = _BY_PEOPLE.replace("24, ", "24, 29, 30, ")
"""Likewise that of events_acts: with these what people let go and gave up."""


def event_of(row: Sequence[Any]) -> Event:
    """An event from its row (COLUMNS). A type of a newer program raises ValueError."""
    kind = _TYPES.get(row[0])
    if kind is None:
        raise ValueError(f"event {row[10]} is of a type this program does not know: {row[0]}")
    data = _read_json(row[7])[0] if len(row[7]) > 2 else {}
    return Event(
        kind,
        row[1],
        row[3],
        row[4],
        row[5],
        row[6],
        data,
        row[2],
        seq=row[10],
        batch=row[8],
        void=bool(row[9]),
    )


def at_home(connection: sqlite3.Connection, conversation: int) -> list[Event]:
    """The events that count for a conversation now, oldest record first, void ones included."""
    rows = connection.execute(f"SELECT {COLUMNS} FROM events WHERE home = ? ORDER BY seq", (conversation,))
    return [event_of(row) for row in rows]


def by_number(connection: sqlite3.Connection, numbers: Iterable[int]) -> list[Event]:
    """Events by their numbers, in that order of record."""
    text = json.dumps(list(numbers))
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM events WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq", (text,)
    )
    return [event_of(row) for row in rows]


def given_by(connection: sqlite3.Connection, who: str, since: int) -> tuple[Event, ...]:
    """What a teammate has given to customers since an instant, what was taken back left out."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM events INDEXED BY events_given WHERE type = 37 AND who = ? AND at >= ? AND void = 0",
        (who, since),
    )
    return tuple(map(event_of, rows))


def way(event: Event, back: bool = False) -> tuple[int, int]:
    """From where to where an event that carries others takes them; `back`: when it is undone."""
    origin, target = event.data["from"], event.conversation or 0
    return (target, origin) if back else (origin, target)


def whole_of(event: Event) -> int | None:
    """The conversation that goes as a whole, so that its id leads to the other one while it is part of that: the one
    that was joined, or the one that was parted off. None where only messages were moved."""
    if event.type is EventType.MERGED:
        return int(event.data["from"])
    return event.conversation if event.data.get("new") else None


def moved_by(carrier: Event, events: Iterable[Event]) -> list[Event]:
    """Those of the events that go wherever a carrying event, its undoing or its redoing takes them: what it carried,
    what was recorded since of the conversation that goes as a whole, and what became of the messages of both. What was
    recorded of that before and is not carried had left it already: a message that was parted off stays where it is."""
    numbers, whole = set(carrier.data["events"]), whole_of(carrier)
    events = list(events)
    since = {e.seq for e in events if e.seq >= carrier.seq and whole is not None and e.conversation == whole}
    of_whole = since | {e.seq for e in events if e.seq in numbers}
    carried = {e.message for e in events if e.seq in of_whole} - {None}
    carried.update(carrier.data.get("messages", ()))
    return [e for e in events if e.seq in of_whole or e.message in carried]


def append(connection: sqlite3.Connection, event: Event, seq: int, batch: int | None) -> Event:
    """Write an event down under the number `seq`, the next one; without a batch it begins one."""
    data = json.dumps(event.data, separators=(",", ":"), ensure_ascii=False) if event.data else "{}"
    batch = seq if batch is None else batch
    connection.execute(
        "INSERT INTO events(seq, type, at, recorded, who, conversation, message, why, data, batch, home) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            seq,
            int(event.type),
            event.at,
            event.recorded,
            event.who,
            event.conversation,
            event.message,
            event.why,
            data,
            batch,
            event.conversation,
        ),
    )
    return Event(
        event.type,
        event.at,
        event.who,
        event.conversation,
        event.message,
        event.why,
        event.data,
        event.recorded,
        seq,
        batch,
    )


def last_action(connection: sqlite3.Connection, who: str) -> tuple[Event, ...]:
    """What `who` did last and could take back: every such event of that batch."""
    found = connection.execute(
        f"SELECT batch FROM events WHERE who = ? AND type IN ({_BY_PEOPLE}) AND who <> 'import' AND type IN ({_ACTIONS})"
        " AND void = 0 ORDER BY seq DESC LIMIT 1",
        (who,),
    ).fetchone()
    if found is None:
        return ()
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM events WHERE who = ? AND seq >= ? AND batch = ? AND type IN ({_BY_PEOPLE})"
        f" AND who <> 'import' AND type IN ({_ACTIONS}) AND void = 0 ORDER BY seq",
        (who, found[0], found[0]),
    )
    return tuple(event_of(row) for row in rows)


def last_queued(connection: sqlite3.Connection, who: str) -> tuple[int, int] | None:
    """The message that `who` put into the outbox last, and when; what was taken back does not count."""
    found: tuple[int, int] | None = connection.execute(
        f"SELECT message, at FROM events WHERE who = ? AND type IN ({_BY_PEOPLE}) AND who <> 'import' AND type = 2"
        " AND void = 0 ORDER BY seq DESC LIMIT 1",
        (who,),
    ).fetchone()
    return found


def last_undone(connection: sqlite3.Connection, who: str) -> tuple[Event, ...]:
    """What `who` undid last, unless something was done since: the void events themselves."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM events WHERE who = ? AND type IN ({_BY_PEOPLE}) AND who <> 'import' ORDER BY seq DESC",
        (who,),
    )
    for row in rows:
        event = event_of(row)
        if event.type is EventType.UNDONE and not event.void:
            return tuple(by_number(connection, event.data["events"]))
        if not event.void and event.type is not EventType.REDONE:
            return ()
    return ()


def acted_in(connection: sqlite3.Connection, start: int, end: int) -> list[int]:
    """The conversations in which people did something from an instant up to another: a range of the index events_acts."""
    rows = connection.execute(
        "SELECT DISTINCT home FROM events INDEXED BY events_acts WHERE at >= ? AND at < ?"
        f" AND type IN ({_ACTS}) AND who <> 'import' AND void = 0 AND home IS NOT NULL",
        (start, end),
    )
    return sorted(row[0] for row in rows)

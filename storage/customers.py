"""Customers as rows: what their mail says of them, what people say of them, and who was joined with whom.

`customers` and `identities` follow from events 18 and 19 and from the texts beside these; everything here derives
them the same way, and `problems` derives all of them again and compares.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from inbox import customer_record
from inbox.customer_record import Told
from inbox.model import Customer, Event, EventType, Identity
from inbox.ports import Problem
from inbox.queries import fold_words
from inbox.same_person import numbers_in
from storage import events as record

E = EventType
TYPES = (E.CUSTOMERS_JOINED, E.CUSTOMER_EDITED)

_JOIN = "json_extract(data, '$.from')"
_OF = "json_extract(data, '$.customer')"


def add(connection: sqlite3.Connection, customer: Customer) -> None:
    """Store a new customer, or the name that one has now. What a person called them stays."""
    name, folded = customer.name, fold_words(customer.name)
    connection.execute(
        "INSERT INTO customers(id, name, folded) VALUES(?1, ?2, ?3)"
        " ON CONFLICT(id) DO UPDATE SET name = CASE WHEN said IS NULL THEN ?2 ELSE name END,"
        " folded = CASE WHEN said IS NULL THEN ?3 ELSE folded END, said = CASE WHEN said IS NULL THEN NULL ELSE ?2 END",
        (customer.id, name, folded),
    )
    connection.executemany(
        "INSERT INTO identities(kind, value, customer) VALUES(?, ?, ?) ON CONFLICT DO NOTHING",
        [(i.kind, i.value, customer.id) for i in customer.identities],
    )


def add_texts(connection: sqlite3.Connection, event: Event, said: Iterable[tuple[str, str]]) -> None:
    """Store in what words a person said something."""
    connection.executemany(
        "INSERT INTO customer_texts(event, field, text) VALUES(?, ?, ?)",
        [(event.seq, field, text) for field, text in said],
    )


def add_written(
    connection: sqlite3.Connection, customer: int, numbers: Iterable[str], message: int = 0
) -> None:
    """A customer has written these numbers below a message (the first one is remembered), or somebody has in a field of
    theirs (no message)."""
    for number in numbers:
        connection.execute(
            "INSERT INTO written_numbers(number, customer, message) SELECT ?1, ?2, ?3 WHERE NOT EXISTS"
            " (SELECT 1 FROM written_numbers WHERE customer = ?2 AND number = ?1)",
            (number, customer, message),
        )


def follow(connection: sqlite3.Connection, event: Event) -> set[int]:
    """Derive what an event that counts now, or does no more, says; the conversations for which that matters."""
    named = [event.data[key] for key in ("customer", "from") if key in event.data]
    before = {lives_at(connection, number) for number in named}
    group = sorted({each for number in before for each in members(connection, number)})
    vip = _vips(connection, group)
    texts = _texts(connection, group)
    found, joins = customer_record.told(_events(connection, group), texts)
    for each in group:
        _write(connection, each, customer_record.lives_at(each, joins), found.get(each, Told()))
    if event.type is E.CUSTOMER_EDITED and _vips(connection, group) == vip:
        return set()
    rows = connection.execute(
        "SELECT id FROM conversations WHERE customer IN (SELECT value FROM json_each(?))",
        (json.dumps(group),),
    )
    return {row[0] for row in rows}


def _vips(connection: sqlite3.Connection, customers: Sequence[int]) -> set[int]:
    rows = connection.execute(
        "SELECT id FROM customers WHERE vip = 1 AND id IN (SELECT value FROM json_each(?))",
        (json.dumps(customers),),
    )
    return {row[0] for row in rows}


_EVENTS = (
    f"SELECT {record.COLUMNS} FROM events WHERE type = 18 AND {_JOIN} IN (SELECT value FROM json_each(?1))"
    f" UNION ALL SELECT {record.COLUMNS} FROM events WHERE type = 19 AND {_OF} IN (SELECT value FROM json_each(?1))"
)


def _events(connection: sqlite3.Connection, customers: Sequence[int]) -> list[Event]:
    """What was said of these, and with whom they were joined, in the order of the record."""
    rows = connection.execute(_EVENTS, (json.dumps(customers),))
    return sorted(map(record.event_of, rows), key=lambda event: event.seq)


def _texts(connection: sqlite3.Connection, customers: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    rows = connection.execute(
        "SELECT t.event, t.field, t.text FROM events e JOIN customer_texts t ON t.event = e.seq"
        f" WHERE e.type = 19 AND {_OF} IN (SELECT value FROM json_each(?)) ORDER BY t.rowid",
        (json.dumps(customers),),
    )
    return _by_event(rows)


def _by_event(rows: Iterable[tuple[int, str, str]]) -> dict[int, list[tuple[str, str]]]:
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for number, what, text in rows:
        found[number].append((what, text))
    return found


def _write(connection: sqlite3.Connection, customer: int, now: int, here: Told) -> None:
    """What people said of one customer, and who it is `now`, into its row and those of its identities."""
    (said,) = connection.execute(
        "SELECT coalesce(said, name) FROM customers WHERE id = ?", (customer,)
    ).fetchone()
    name = here.name or said
    connection.execute(
        "UPDATE customers SET name = ?, folded = ?, said = ?, note = ?, tags = ?, language = ?, form = ?, vip = ?,"
        " stop = ?, merged_into = ?, fields = ? WHERE id = ?",
        (name, fold_words(name), said, here.note, " ".join(sorted(here.tags)), here.language, here.form, here.vip,
         here.stop, None if now == customer else now, _as_json(here.fields), customer),
    )  # fmt: skip
    connection.execute(
        "UPDATE identities SET owner = customer WHERE customer = ? AND owner IS NULL", (customer,)
    )
    connection.execute("DELETE FROM identities WHERE said_by IS NOT NULL AND owner = ?", (customer,))
    connection.execute("UPDATE identities SET customer = ? WHERE owner = ?", (now, customer))
    connection.executemany(
        "INSERT INTO identities(kind, value, customer, owner, said_by) VALUES(?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [(each.kind, each.value, now, customer, number) for number, each in here.identities],
    )

    connection.execute("DELETE FROM written_numbers WHERE customer = ? AND message = 0", (customer,))
    add_written(connection, customer, numbers_in("\n".join(here.fields.values())))


def _as_json(fields: Mapping[str, str]) -> str:
    return json.dumps(fields, ensure_ascii=False) if fields else ""


def lives_at(connection: sqlite3.Connection, customer: int) -> int:
    """Who a customer is now."""
    row = connection.execute("SELECT merged_into FROM customers WHERE id = ?", (customer,)).fetchone()
    return row[0] if row is not None and row[0] is not None else customer


def members(connection: sqlite3.Connection, customer: int) -> list[int]:
    """The customer, and those who were joined with it, in the order they became known."""
    rows = connection.execute(
        "SELECT id FROM customers WHERE id = ?1 OR merged_into = ?1 ORDER BY id", (customer,)
    )
    return [row[0] for row in rows]


def unsent(connection: sqlite3.Connection, customer: int) -> tuple[int, ...]:
    """The conversations of a customer with an answer that has not left, or of which nobody knows whether it has."""
    rows = connection.execute(
        "SELECT DISTINCT m.conversation FROM outbox o CROSS JOIN messages m ON m.id = o.message"
        " CROSS JOIN conversations c ON c.id = m.conversation"
        " WHERE o.state NOT IN ('sent', 'undone', 'dropped', 'failed')"
        " AND (m.customer IN (SELECT value FROM json_each(?1)) OR c.customer IN (SELECT value FROM json_each(?1)))"
        " ORDER BY 1",
        (json.dumps(members(connection, customer)),),
    )
    return tuple(row[0] for row in rows)


def whole(connection: sqlite3.Connection, customer: int) -> Customer | None:
    """A customer with all that is known of it; None when there is none of this number."""
    row = connection.execute(
        "SELECT name, tags, merged_into, vip, note, language, form, stop, fields, erased FROM customers WHERE id = ?",
        (customer,),
    ).fetchone()
    if row is None:
        return None
    name, tags, merged_into, vip, note, language, form, stop, fields, erased = row
    whose = "customer" if merged_into is None else "owner"
    identities = connection.execute(
        f"SELECT kind, value FROM identities WHERE {whose} = ? ORDER BY id", (customer,)
    ).fetchall()
    return Customer(
        customer,
        name,
        tuple(Identity(*each) for each in identities),
        tuple(tags.split()),
        merged_into,
        bool(vip),
        note,
        language,
        form,
        bool(stop),
        tuple(json.loads(fields).items()) if fields else (),
        erased,
    )


def joined(connection: sqlite3.Connection, customers: Sequence[int]) -> dict[int, Event]:
    """By which event each of these was joined with another, where that counts."""
    found = {}
    for customer in customers:
        row = connection.execute(
            f"SELECT {record.COLUMNS} FROM events WHERE type = 18 AND void = 0 AND {_JOIN} = ? ORDER BY seq DESC LIMIT 1",
            (customer,),
        ).fetchone()
        if row is not None:
            found[customer] = record.event_of(row)
    return found


def named_by(events: Iterable[Event]) -> set[int]:
    """The customers that events of joining name."""
    return {
        event.data[key]
        for event in events
        if event.type is E.CUSTOMERS_JOINED
        for key in ("customer", "from")
    }


# ------------------------------------------------------------------------------ derived again


def problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Every difference between customers as they stand and what the record says of them."""
    rows = connection.execute(f"SELECT {record.COLUMNS} FROM events WHERE type IN (18, 19) ORDER BY seq")
    texts = _by_event(connection.execute("SELECT event, field, text FROM customer_texts ORDER BY rowid"))
    told, joins = customer_record.told(map(record.event_of, rows), texts)
    for row in connection.execute(
        "SELECT id, name, said, note, tags, language, form, vip, stop, merged_into, fields FROM customers"
    ):
        number, name, said = row[:3]
        here, now = told.get(number, Told()), customer_record.lives_at(number, joins)
        should = (here.name or said or name, here.note, " ".join(sorted(here.tags)), here.language, here.form,
                  int(here.vip), int(here.stop), None if now == number else now, _as_json(here.fields))  # fmt: skip
        for what, is_, wanted in zip(_COMPARED, (name, *row[3:]), should, strict=True):
            if is_ != wanted:
                yield Problem("customer", str(number), f"{what} is {is_!r}, should be {wanted!r}")
    added = {(seq, *key): customer for customer, each in told.items() for seq, key in each.identities}
    known = set()
    for kind, value, customer, owner, said_by in connection.execute(
        "SELECT kind, value, customer, coalesce(owner, customer), said_by FROM identities"
    ):
        known.add((kind, value))
        now = customer_record.lives_at(owner, joins)
        if customer != now:
            yield Problem("identity", value, f"is that of customer {customer}, should be that of {now}")
        if said_by is not None and added.get((said_by, kind, value)) != owner:
            yield Problem("identity", value, "nobody said whose it is")
    for _, kind, value in added:
        if (kind, value) not in known:
            yield Problem("identity", value, "was added to a customer, and is not known")


_COMPARED = ("name", "note", "tags", "language", "form", "vip", "stop", "merged_into", "fields")

"""Who may be the same customer, each ground looked up by an index: addresses alike, numbers, names. It joins nobody."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence

from inbox.callers import COMPARED, alike
from inbox.model import Customer
from inbox.same_person import ADDRESS, NAME, NUMBER, SUGGESTED, WRITTEN, Perhaps, full_name, orders
from storage.customers import lives_at, members, whole

_ALIKE = (
    "replace(substr(value, 1, min(instr(value || '@', '@'), instr(value || '+', '+')) - 1), '.', '')"
    " || substr(value, instr(value || '@', '@'))"
)
_MOST = 50
"""Rows that are read of one number, address or name."""
_HAVE = f"SELECT value, customer FROM identities WHERE kind = 'phone' AND substr(value, -{COMPARED}) = ? LIMIT {_MOST}"
_WROTE = f"SELECT number, customer FROM written_numbers WHERE substr(number, -{COMPARED}) = ? LIMIT {_MOST}"


def perhaps_same(connection: sqlite3.Connection, customer: Customer) -> list[Perhaps]:
    """Who may be the same as a customer, the surest ground first, but for those of whom somebody has said no."""
    group = members(connection, customer.id)
    found: dict[int, tuple[str, str]] = {}
    for why, fits, others in _grounds(connection, customer, group):
        living = dict.fromkeys(lives_at(connection, each) for each in others)
        living.pop(customer.id, None)
        if len(living) <= SUGGESTED:
            for other in living:
                found.setdefault(other, (why, fits))
    suggested: list[Perhaps] = []
    for other, (why, fits) in found.items():
        here = whole(connection, other)
        if here is None or (why == NAME and _has_mail(customer) and _has_mail(here)):
            continue
        if len(suggested) < SUGGESTED and not _apart(connection, group, members(connection, other)):
            (count,) = connection.execute(
                "SELECT count(*) FROM conversations WHERE customer = ?", (other,)
            ).fetchone()
            suggested.append(Perhaps(here, why, fits, count))
    return suggested


def _grounds(
    connection: sqlite3.Connection, customer: Customer, group: Sequence[int]
) -> Iterator[tuple[str, str, list[int]]]:
    """Each ground, what fits, and the customers of whom it holds."""
    for identity in customer.identities:
        if identity.kind == "mail" and "@" in identity.value:
            rows = connection.execute(
                f"SELECT customer FROM identities WHERE kind = 'mail' AND {_ALIKE} = ? ORDER BY id LIMIT {_MOST}",
                (_squeezed(identity.value),),
            )
            yield ADDRESS, identity.value, [row[0] for row in rows]
    phones = [each.value for each in customer.identities if each.kind == "phone"]
    for phone in phones:
        yield NUMBER, phone, _with(connection, _HAVE, phone)
    for phone in phones:
        yield WRITTEN, phone, _with(connection, _WROTE, phone)
    rows = connection.execute(
        "SELECT DISTINCT number FROM written_numbers WHERE customer IN (SELECT value FROM json_each(?)) LIMIT ?",
        (json.dumps(group), _MOST),
    )
    for (number,) in rows.fetchall():
        yield WRITTEN, number, _with(connection, _HAVE, number)
    for name in orders(full_name(customer.name)):
        rows = connection.execute(f"SELECT id FROM customers WHERE folded = ? LIMIT {_MOST}", (name,))
        yield NAME, name, [row[0] for row in rows]


def _with(connection: sqlite3.Connection, query: str, number: str) -> list[int]:
    rows = connection.execute(query, (number[-COMPARED:],))
    return [customer for value, customer in rows if alike(value, number)]


def _has_mail(customer: Customer) -> bool:
    return any(each.kind == "mail" for each in customer.identities)


def _apart(connection: sqlite3.Connection, group: Sequence[int], others: Sequence[int]) -> bool:
    """Whether somebody has said that these are not one."""
    rows = connection.execute(
        "SELECT json_extract(data, '$.customer'), json_extract(data, '$.apart') FROM events WHERE type = 19 AND void = 0"
        " AND json_extract(data, '$.customer') IN (SELECT value FROM json_each(?))"
        " AND json_extract(data, '$.apart') IS NOT NULL",
        (json.dumps([*group, *others]),),
    )
    said = {frozenset(row) for row in rows}
    return any(frozenset((here, other)) in said for here in group for other in others)


def _squeezed(address: str) -> str:
    """As the index has it: the first @ ends the local part."""
    local, at, domain = address.partition("@")
    return local.partition("+")[0].replace(".", "") + at + domain

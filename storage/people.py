"""Whom one could write to: customers by the beginning of a name, an address or a domain, each by an index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from inbox.addresses import fold_address
from inbox.callers import COMPARED, alike
from inbox.callers import is_number as is_telephone
from inbox.model import Address, Customer
from inbox.queries import fold_words, is_number
from inbox.us import fold_number
from storage.customers import lives_at, members, whole

LETTERS = (2, 1)
"""First letters by which somebody is found whose name is not written exactly so."""

_LAST_NAME = "substr(c.folded, instr(c.folded, ' ') + 1)"
_DOMAIN = "substr(i.value, instr(i.value, '@') + 1)"
_BY_NAME = (
    "SELECT c.name, i.value FROM customers c INDEXED BY {index} CROSS JOIN identities i ON i.customer = c.id"
    " AND i.kind = 'mail' WHERE c.merged_into IS NULL AND {begin} >= ? AND {begin} < ? LIMIT ?"
)
_BY_ADDRESS = (
    "SELECT c.name, i.value FROM identities i {index} CROSS JOIN customers c ON c.id = i.customer"
    " WHERE i.kind = 'mail' AND {begin} >= ? AND {begin} < ? LIMIT ?"
)
_QUERIES = (
    _BY_NAME.format(index="customers_folded", begin="c.folded"),
    _BY_NAME.format(index="customers_last_name", begin=_LAST_NAME),
    _BY_ADDRESS.format(index="", begin="i.value"),
    _BY_ADDRESS.format(index="INDEXED BY identities_domain", begin=_DOMAIN),
)
"""Each goes along one index of 0001.sql or 0002.sql, which it names: SQLite, which has no figures of these tables, would
read all addresses there are."""


def people_like(connection: sqlite3.Connection, text: str, limit: int) -> list[Address]:
    """Addresses with names, those that begin with `text` first; none for an empty text."""
    found = _beginning(connection, text, limit)
    words = _begins(text)
    for letters in LETTERS:
        _look_up(connection, (words[0][:letters], words[1][:letters]), limit, found)
    return list(found.values())


def people_beginning(connection: sqlite3.Connection, text: str, limit: int) -> list[Address]:
    """Addresses with names, those alone that begin with all of `text`."""
    return list(_beginning(connection, text, limit).values())


def _beginning(connection: sqlite3.Connection, text: str, limit: int) -> dict[str, Address]:
    found: dict[str, Address] = {}
    _look_up(connection, _begins(text), limit, found)
    return found


def _begins(text: str) -> tuple[str, str]:
    return " ".join(fold_words(text).split()), fold_address(text.strip())


def _look_up(
    connection: sqlite3.Connection, begin: tuple[str, str], limit: int, found: dict[str, Address]
) -> None:
    for number, query in enumerate(_QUERIES):
        wanted = begin[number // 2]
        if wanted and len(found) < limit:
            rows = connection.execute(query, (wanted, wanted + "\U0010ffff", limit - len(found)))
            for name, address in rows.fetchall():
                found.setdefault(address, Address("" if "@" in name else name, address))


def customers_at(connection: sqlite3.Connection, addresses: Iterable[str]) -> dict[str, Customer]:
    """Whose these addresses are, by the address as given; somebody joined with another is that other."""
    found = {}
    for address in addresses:
        row = connection.execute(
            "SELECT c.id, c.name FROM identities i JOIN customers c ON c.id = i.customer"
            " WHERE i.kind = 'mail' AND i.value = ?",
            (fold_address(address),),
        ).fetchone()
        if row is not None:
            found[address] = Customer(*row)
    return found


_CALLERS = 8
_BY_BEGIN = (
    "SELECT id FROM customers c INDEXED BY {index}"
    " WHERE c.merged_into IS NULL AND {begin} >= ? AND {begin} < ? LIMIT ?"
)
_NAMED = (
    _BY_BEGIN.format(index="customers_folded", begin="c.folded"),
    _BY_BEGIN.format(index="customers_last_name", begin=_LAST_NAME),
)


def callers(connection: sqlite3.Connection, text: str) -> list[Customer]:
    """Who may be on the phone: whose this number is, or may be as it is written elsewhere, by its last digits, the very same
    first, or begins so; else whose name or last name begins so. Each by an index."""
    if is_telephone(text):
        numbers = _with_number(connection, fold_number(text))
    else:
        numbers = {}
        begin = " ".join(fold_words(text).split())
        for query in _NAMED if begin else ():
            rows = connection.execute(query, (begin, begin + "\U0010ffff", _CALLERS))
            numbers.update((row[0], None) for row in rows)
    return [each for one in list(numbers)[:_CALLERS] if (each := whole(connection, one)) is not None]


def _with_number(connection: sqlite3.Connection, number: str) -> dict[int, None]:
    rows = connection.execute(
        f"SELECT value, customer FROM identities WHERE kind = 'phone' AND substr(value, -{COMPARED}) = ? LIMIT 200",
        (number[-COMPARED:],),
    ).fetchall()
    found = sorted((value != number, customer) for value, customer in rows if alike(value, number))
    begin = connection.execute(
        "SELECT customer FROM identities WHERE kind = 'phone' AND value >= ? AND value < ? LIMIT ?",
        (number, number + ":", _CALLERS),  # ":" comes next behind the digits
    ).fetchall()
    return dict.fromkeys(
        lives_at(connection, each) for each in (*(one for _, one in found), *(row[0] for row in begin))
    )


def customers_like(connection: sqlite3.Connection, text: str, limit: int) -> list[Customer]:
    """Customers by their number, a part of an address, or the beginning of a word of their name; by name."""
    part, words = text.strip().casefold(), fold_words(text)
    found = "SELECT customer FROM identities WHERE instr(value, :part) > 0"
    if words:
        found += (
            " UNION SELECT coalesce(merged_into, id) FROM customers WHERE instr(' ' || folded, :words) > 0"
        )
    if is_number(part):
        found += " UNION SELECT coalesce(merged_into, id) FROM customers WHERE id = :number"
    where = f"id IN ({found})" if part else "merged_into IS NULL"
    rows = connection.execute(
        f"SELECT id FROM customers WHERE {where} AND erased = 0 ORDER BY folded, id LIMIT :limit",
        {"part": part, "words": f" {words}", "number": int(part) if is_number(part) else 0, "limit": limit},
    ).fetchall()
    return [each for row in rows if (each := whole(connection, row[0])) is not None]


def joined_with(connection: sqlite3.Connection, customer: int) -> list[Customer]:
    """Who was joined with a customer, each as it was by itself."""
    others = [number for number in members(connection, customer) if number != customer]
    return [each for number in others if (each := whole(connection, number)) is not None]

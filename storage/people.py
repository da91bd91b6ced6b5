"""Whom one could write to: customers by the beginning of a name, an address or a domain, each by an index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from inbox.addresses import fold_address
from inbox.model import Address, Customer
from inbox.queries import fold_words

LETTERS = (2, 1)
"""First letters by which somebody is found whose name is not written exactly so."""

_LAST_NAME = "substr(c.folded, instr(c.folded, ' ') + 1)"
_DOMAIN = "substr(i.value, instr(i.value, '@') + 1)"
_FIELDS = "SELECT c.name, i.value FROM "
_BY_NAME = (
    "customers c JOIN identities i ON i.customer = c.id AND i.kind = 'mail' WHERE c.merged_into IS NULL AND "
)
_BY_ADDRESS = "identities i JOIN customers c ON c.id = i.customer WHERE i.kind = 'mail' AND "
_QUERIES = (
    f"{_FIELDS}{_BY_NAME} c.folded >= ? AND c.folded < ? LIMIT ?",
    f"{_FIELDS}{_BY_NAME} {_LAST_NAME} >= ? AND {_LAST_NAME} < ? LIMIT ?",
    f"{_FIELDS}{_BY_ADDRESS} i.value >= ? AND i.value < ? LIMIT ?",
    f"{_FIELDS}{_BY_ADDRESS} {_DOMAIN} >= ? AND {_DOMAIN} < ? LIMIT ?",
)
"""Each goes along one index of 0001.sql or 0002.sql."""


def people_like(connection: sqlite3.Connection, text: str, limit: int) -> list[Address]:
    """Addresses with names, those that begin with `text` first; none for an empty text."""
    words = (" ".join(fold_words(text).split()), fold_address(text.strip()))
    found: dict[str, Address] = {}
    for begin in (words, *(tuple(word[:letters] for word in words) for letters in LETTERS)):
        for number, query in enumerate(_QUERIES):
            wanted = begin[number // 2]
            if wanted and len(found) < limit:
                rows = connection.execute(query, (wanted, wanted + "\U0010ffff", limit - len(found)))
                for name, address in rows.fetchall():
                    found.setdefault(address, Address("" if "@" in name else name, address))
    return list(found.values())


def customers_at(connection: sqlite3.Connection, addresses: Iterable[str]) -> dict[str, Customer]:
    """Whose these addresses are, by the address as given; somebody joined with another is that other."""
    found = {}
    for address in addresses:
        row = connection.execute(
            "SELECT c.id, c.name, c.merged_into FROM identities i JOIN customers c ON c.id = i.customer"
            " WHERE i.kind = 'mail' AND i.value = ?",
            (fold_address(address),),
        ).fetchone()
        while row is not None and row[2] is not None:
            row = connection.execute(
                "SELECT id, name, merged_into FROM customers WHERE id = ?", (row[2],)
            ).fetchone()
        if row is not None:
            found[address] = Customer(row[0], row[1])
    return found

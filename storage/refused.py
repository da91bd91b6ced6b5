"""Addresses where nobody is, as servers have told.

An address is marked when a server says so, and the mark goes with the next message that a server takes for it, or when
somebody writes from there. It is a warning to whoever writes there again, and no part of the record.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from inbox.addresses import fold_address
from inbox.model import Instant


def mark(connection: sqlite3.Connection, address: str, at: Instant, words: str) -> None:
    """Nobody is at this address; `words` as they were said to us then, sanitised."""
    connection.execute(
        "INSERT OR REPLACE INTO refused(address, at, words) VALUES(?, ?, ?)",
        (fold_address(address), at, words),
    )


def clear(connection: sqlite3.Connection, address: str, at: Instant) -> None:
    """Somebody is there after all, as of this instant."""
    connection.execute("DELETE FROM refused WHERE address = ? AND at <= ?", (fold_address(address), at))


def marked(connection: sqlite3.Connection, addresses: Iterable[str]) -> dict[str, str]:
    """Those of the addresses, folded, at which nobody is, with the words that said so."""
    folded = json.dumps([fold_address(address) for address in addresses])
    rows = connection.execute(
        "SELECT address, words FROM refused WHERE address IN (SELECT value FROM json_each(?))", (folded,)
    )
    return dict(rows.fetchall())

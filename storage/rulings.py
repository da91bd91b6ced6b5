"""Senders who are always or never a notice: what was said of them, and what of what is here that changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from inbox.actions.block import keys
from inbox.model import Instant, Ruling
from inbox.ports import Caught

MOST = 20_000
"""Messages of a sender that are looked at."""


def standing(connection: sqlite3.Connection, addresses: Iterable[str]) -> dict[str, Ruling]:
    """What was said last of each of these addresses and domains, of whom something was said."""
    found = {}
    for address in addresses:
        row = connection.execute(
            "SELECT json_extract(data, '$.notice'), who, at FROM events WHERE type = 35 AND void = 0"
            " AND json_extract(data, '$.address') = ? ORDER BY seq DESC LIMIT 1",
            (address,),
        ).fetchone()
        if row is not None:
            found[address] = Ruling(address, bool(row[0]), row[1], row[2])
    return found


def caught(
    read: Callable[[str, Sequence[object]], list[tuple[Any, ...]]],
    senders_of: Callable[[int], Sequence[str]],
    target: str,
    notice: bool,
    since: Instant,
) -> Caught:
    """The conversations with mail of a sender (an address, or `@` with a domain) since an instant, of which a ruling
    would change what they are, and how many of all of them we have answered.

    `senders_of` tells, folded, who wrote what came with a message.
    """
    words = " ".join("".join(c if c.isalnum() else " " for c in target).split())
    rows = read(
        "SELECT m.id, c.id, c.notice, c.answered FROM message_fts f JOIN messages m ON m.id = f.rowid"
        " JOIN conversations c ON c.id = m.conversation WHERE message_fts MATCH ? AND m.direction = 'in' AND m.at >= ?"
        " AND c.status <> 'spam' ORDER BY m.id DESC LIMIT ?",
        (f'sender : "{words}"', since, MOST),
    )
    known: dict[int, tuple[bool, bool]] = {}
    for message, conversation, was, answered in rows:
        if conversation not in known and any(target in keys(each) for each in senders_of(message)):
            known[conversation] = (bool(was), bool(answered))
    changes = [
        number for number, (was, answered) in known.items() if was != notice and not (notice and answered)
    ]
    return Caught(target, tuple(sorted(changes)), len(known), sum(answered for _, answered in known.values()))

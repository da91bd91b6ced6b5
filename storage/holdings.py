"""What there is of a customer in a store, counted; and which conversations are theirs alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from inbox.erasing import Holdings
from inbox.model import Identity
from storage import customers
from storage.erased_words import WordsLeft

if TYPE_CHECKING:
    from storage.store import SqliteStore

WHOLE = "EXISTS (SELECT 1 FROM events x WHERE x.home = {conversation} AND x.type = 62 AND json_extract(x.data, '$.whole'))"
"""A condition on a conversation, given in SQL: all of it is erased, and the record tells of it."""


def divided(connection: sqlite3.Connection, group: Sequence[int]) -> tuple[list[int], list[int]]:
    """Conversations of these customers that are not erased yet: those in which nobody else wrote, and those with others."""
    rows = connection.execute(
        "SELECT c.id FROM conversations c WHERE c.customer IN (SELECT value FROM json_each(?1))"
        f" AND NOT {WHOLE.format(conversation='c.id')}",
        (json.dumps(group),),
    )
    own: list[int] = []
    shared: list[int] = []
    for (number,) in rows.fetchall():
        (shared if others_in(connection, number, group) else own).append(number)
    return own, shared


def is_whole(connection: sqlite3.Connection, conversation: int) -> bool:
    """Whether all of a conversation is erased, and the record tells of it."""
    found = connection.execute(f"SELECT {WHOLE.format(conversation='?')}", (conversation,))
    return bool(found.fetchone()[0])


def others_in(connection: sqlite3.Connection, conversation: int, group: Sequence[int]) -> bool:
    """Whether a customer wrote there who is none of these."""
    found = connection.execute(
        "SELECT 1 FROM messages WHERE conversation = ?1 AND direction = 'in' AND customer IS NOT NULL"
        " AND customer NOT IN (SELECT value FROM json_each(?2)) LIMIT 1",
        (conversation, json.dumps(group)),
    )
    return found.fetchone() is not None


class Looking:
    """What there is of one customer, as of one instant."""

    def __init__(self, store: SqliteStore, connection: sqlite3.Connection, customer: int) -> None:
        self._store = store
        self._connection = connection
        self._customer = customer
        self._group = customers.members(connection, customer)
        self._listed = json.dumps(self._group)

    def _count(self, sql: str, *values: Any) -> int:
        return int(self._connection.execute(sql, values).fetchone()[0])

    def found(self) -> Holdings:
        """All of it."""
        connection = self._connection
        whole = customers.whole(connection, self._customer)
        assert whole is not None
        own, shared = divided(connection, self._group)
        here = json.dumps(own)
        elsewhere = connection.execute(
            "SELECT DISTINCT conversation FROM messages WHERE erased = 0 AND customer IN (SELECT value FROM json_each(?1))"
            " AND conversation IS NOT NULL AND conversation NOT IN (SELECT value FROM json_each(?2))",
            (self._listed, here),
        )
        shared = sorted({*shared, *(row[0] for row in elsewhere)})
        identities = connection.execute(
            "SELECT DISTINCT kind, value FROM identities WHERE customer IN (SELECT value FROM json_each(?1))"
            " OR owner IN (SELECT value FROM json_each(?1)) ORDER BY kind, value",
            (self._listed,),
        ).fetchall()
        among = (
            "m.erased = 0 AND (m.conversation IN (SELECT value FROM json_each(?1))"
            " OR m.customer IN (SELECT value FROM json_each(?2)))"
        )
        of = (here, self._listed)
        words = WordsLeft(tuple(identities), (whole.name,))
        return Holdings(
            (self._customer, *(each for each in self._group if each != self._customer)),
            whole.name,
            tuple(Identity(*each) for each in identities),
            tuple(own),
            tuple(shared),
            self._count(f"SELECT count(*) FROM messages m WHERE {among} AND m.direction <> 'note'", *of),
            self._count(f"SELECT count(*) FROM messages m WHERE {among} AND m.raw IS NOT NULL", *of),
            self._count(f"SELECT count(*) FROM messages m WHERE {among} AND m.direction = 'note'", *of),
            self._count(
                f"SELECT count(*) FROM messages m JOIN events e ON e.message = m.id AND e.type = 52 WHERE {among}",
                *of,
            ),
            self._count(
                f"SELECT count(*) FROM messages m JOIN chat_lines l ON l.message = m.id WHERE {among}", *of
            ),
            self._count(f"SELECT coalesce(sum(m.attachments), 0) FROM messages m WHERE {among}", *of),
            sum(draft.conversation in own for draft in self._store.drafts()),
            self._store.live.answers_of(self._group),
            self._named(words.addresses, own),
            tuple(words.named_in(self._store)),
            customers.unsent(connection, self._customer),
            tuple(
                connection.execute(
                    f"SELECT p.mailbox, p.folder, count(*) FROM messages m JOIN places p ON p.message = m.id WHERE {among}"
                    " AND p.gone = 0 GROUP BY 1, 2 ORDER BY 1, 2",
                    of,
                ).fetchall()
            ),
        )

    def _named(self, addresses: Sequence[str], own: Sequence[int]) -> int:
        """Conversations of others in which one of their addresses takes part."""
        return self._count(
            "SELECT count(DISTINCT conversation) FROM participants WHERE address IN (SELECT value FROM json_each(?))"
            " AND conversation NOT IN (SELECT value FROM json_each(?))",
            json.dumps(addresses),
            json.dumps(list(own)),
        )

"""Finding messages, newest first: fast also for words half of all messages hold, and for beginnings of words."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from inbox.model import Instant
from inbox.queries import Node
from storage.compile import FEW, filter_sql, is_words, message_sql, newest_sql, prefixes

NEWEST = 4_000
"""Hits looked at before it is worth to find out which conversations fit."""
MOST_WORDS = 200
"""Words with the same beginning that are looked up one by one; with more, the index gathers their hits itself."""
INDEXED = 3
"""Beginnings of this length have an index of their own (the option `prefix` of message_fts)."""

_VOCABULARY = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.message_words USING fts5vocab(main, message_fts, instance)"
)
# One seek a word. The end of the range is the beginning followed by the last character there is.
_BEGINNING_WITH = """
WITH RECURSIVE words(word) AS (
    SELECT (SELECT term FROM temp.message_words WHERE term >= ?1 AND term < ?2 LIMIT 1)
    UNION ALL
    SELECT (SELECT term FROM temp.message_words WHERE term >= word || char(1) AND term < ?2 LIMIT 1)
    FROM words WHERE word IS NOT NULL
)
SELECT word FROM words WHERE word IS NOT NULL LIMIT ?3
"""


def find_messages(
    connection: sqlite3.Connection,
    node: Node,
    me: str,
    now: Instant,
    limit: int | None = None,
    newest: int = NEWEST,
) -> list[tuple[int, int, Instant]]:
    """(message, conversation, at) of the messages a query fits, newest first, at most `limit`.

    Looks among so many newest hits first, at all of them only when too few of those fit. Can be interrupted.
    """
    beginnings = {p: _beginning_with(connection, p) for p in prefixes(node) if len(p) != INDEXED}
    if limit is not None and not is_words(node):
        hits, since = connection.execute(*newest_sql(node, newest, beginnings)).fetchone()
        found = connection.execute(*message_sql(node, me, now, limit, since or 0, beginnings)).fetchall()
        if len(found) >= limit or hits < newest:
            return found
    counting = filter_sql(node, me, now)
    few = counting is not None and connection.execute(*counting).fetchone()[0] <= FEW
    return connection.execute(*message_sql(node, me, now, limit, None, beginnings, few=few)).fetchall()


def _beginning_with(connection: sqlite3.Connection, prefix: str) -> Sequence[str]:
    """The words of the index with this beginning; none when there are too many."""
    connection.execute(_VOCABULARY)
    end = prefix + "\U0010ffff"
    words = [word for (word,) in connection.execute(_BEGINNING_WITH, (prefix, end, MOST_WORDS + 1))]
    return words if len(words) <= MOST_WORDS else ()

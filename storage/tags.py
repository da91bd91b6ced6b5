"""The tags and the mentions of conversations, as rows: two tables of one form, whose words are read and written here.

Table and column are names of this room's own, never foreign text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence


def words_of(
    connection: sqlite3.Connection, table: str, column: str, numbers: str
) -> dict[int, tuple[str, ...]]:
    """The words of these conversations (a list that json_each reads), in order; of those that have any."""
    rows = connection.execute(
        f"SELECT conversation, {column} FROM {table} WHERE conversation IN (SELECT value FROM json_each(?))"
        f" ORDER BY {column}",
        (numbers,),
    )
    found: dict[int, tuple[str, ...]] = {}
    for conversation, word in rows:
        found[conversation] = (*found.get(conversation, ()), word)
    return found


def write_words(
    connection: sqlite3.Connection, conversation: int, table: str, column: str, words: Sequence[str]
) -> None:
    """Let a conversation have these words; what it has already is left alone."""
    rows = connection.execute(f"SELECT {column} FROM {table} WHERE conversation = ?", (conversation,))
    there = {row[0] for row in rows}
    if there != set(words):
        connection.executemany(
            f"DELETE FROM {table} WHERE conversation = ? AND {column} = ?",
            [(conversation, word) for word in there - set(words)],
        )
        connection.executemany(
            f"INSERT INTO {table}(conversation, {column}) VALUES(?, ?)",
            [(conversation, word) for word in set(words) - there],
        )

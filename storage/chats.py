"""Chats: which lines are here, which message each became, and what stands around the next one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from inbox.chats import Around, Place
from inbox.model import Instant

_NEIGHBOUR = (
    "SELECT m.conversation, l.at FROM chat_lines l CROSS JOIN messages m ON m.id = l.message"
    " WHERE l.chat = ? AND l.at {way} ? AND m.conversation IS NOT NULL ORDER BY l.at {order}, l.message {order} LIMIT 1"
)


def around(connection: sqlite3.Connection, place: Place) -> Around:
    """What of a line's chat is here already."""
    row = connection.execute(
        "SELECT id FROM chats WHERE format = ? AND key = ?", (place.format, place.chat)
    ).fetchone()
    if row is None:
        return Around()
    chat = row[0]
    if connection.execute(
        "SELECT 1 FROM chat_lines WHERE chat = ? AND line = ?", (chat, place.line)
    ).fetchone():
        return Around(known=True)
    topic = None
    if place.topic is not None:
        topic = connection.execute(
            "SELECT m.conversation FROM chat_lines l CROSS JOIN messages m ON m.id = l.message"
            " WHERE l.chat = ? AND l.topic = ? AND m.conversation IS NOT NULL ORDER BY l.at DESC LIMIT 1",
            (chat, place.topic),
        ).fetchone()
    return Around(
        before=_neighbour(connection, chat, place.at, "<=", "DESC"),
        behind=_neighbour(connection, chat, place.at, ">", "ASC"),
        topic=topic[0] if topic is not None else None,
    )


def _neighbour(
    connection: sqlite3.Connection, chat: int, at: Instant, way: str, order: str
) -> tuple[int, Instant] | None:
    row = connection.execute(_NEIGHBOUR.format(way=way, order=order), (chat, at)).fetchone()
    return (row[0], row[1]) if row is not None else None


def conversations(around: Around | None) -> list[int]:
    """The conversations that are named there."""
    if around is None:
        return []
    named = (around.topic, *(each[0] for each in (around.before, around.behind) if each is not None))
    return list(dict.fromkeys(each for each in named if each is not None))


def add(connection: sqlite3.Connection, place: Place, message: int) -> None:
    """Remember which message a line became; its chat is made when its first line comes."""
    connection.execute(
        "INSERT INTO chats(format, key, title) VALUES(?, ?, ?)"
        " ON CONFLICT DO UPDATE SET title = excluded.title WHERE excluded.title <> '' AND excluded.title <> title",
        (place.format, place.chat, place.title),
    )
    connection.execute(
        "INSERT INTO chat_lines(chat, line, at, topic, message)"
        " SELECT id, ?, ?, ?, ? FROM chats WHERE format = ? AND key = ?",
        (place.line, place.at, place.topic, message, place.format, place.chat),
    )


def overlapping(
    connection: sqlite3.Connection, format_: str, lines: Sequence[str]
) -> list[tuple[str, str, int]]:
    """The chats of a format that hold some of these lines: what each goes by, its title, and how many; most first."""
    rows = connection.execute(
        "SELECT c.key, c.title, count(*) FROM chat_lines l CROSS JOIN chats c ON c.id = l.chat"
        " WHERE l.line IN (SELECT value FROM json_each(?)) AND c.format = ? GROUP BY c.id ORDER BY 3 DESC, 1",
        (json.dumps(list(lines)), format_),
    )
    return [(key, title, count) for key, title, count in rows]

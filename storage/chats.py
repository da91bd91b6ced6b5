"""Chats: which lines are here, which message each became, and what stands around the next one."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence

from inbox.chat.shape import BY_HAND, Around, Carried, Place
from inbox.model import Event, Instant
from storage.contents import Contents

_NEIGHBOUR = (
    "SELECT m.conversation, l.at FROM chat_lines l CROSS JOIN messages m ON m.id = l.message"
    " WHERE l.chat = ? AND l.at {way} ? AND m.conversation IS NOT NULL ORDER BY l.at {order}, l.message {order} LIMIT 1"
)
_BY_HAND = f"l.line >= '{BY_HAND}' AND l.line < '{BY_HAND[:-1]};'"
"""That a line was carried there by hand; ";" comes next behind ":"."""


def around(connection: sqlite3.Connection, contents: Contents, places: Sequence[Place]) -> Around:
    """What is here already of some lines of one chat, and around them."""
    first, last = places[0], places[-1]
    row = connection.execute(
        "SELECT id FROM chats WHERE format = ? AND key = ?", (first.format, first.chat)
    ).fetchone()
    buried = _buried_lines(connection, places)
    if row is None:
        return Around(buried)
    chat = row[0]
    known = connection.execute(
        "SELECT l.line, m.conversation FROM chat_lines l CROSS JOIN messages m ON m.id = l.message"
        " WHERE l.chat = ? AND l.line IN (SELECT value FROM json_each(?)) AND m.conversation IS NOT NULL",
        (chat, json.dumps([place.line for place in places])),
    ).fetchall()
    wanted = {place.topic for place in places if place.topic is not None}
    topics = connection.execute(
        "SELECT l.topic, m.conversation FROM chat_lines l CROSS JOIN messages m ON m.id = l.message"
        " WHERE l.chat = ? AND l.topic IN (SELECT value FROM json_each(?)) AND m.conversation IS NOT NULL ORDER BY l.at",
        (chat, json.dumps(sorted(wanted))),
    ).fetchall()
    return Around(
        buried | dict(known),
        _neighbour(connection, chat, first.at, "<=", "DESC"),
        _neighbour(connection, chat, last.at, ">", "ASC"),
        dict(topics),
        _carried(connection, contents, chat),
    )


def _carried(connection: sqlite3.Connection, contents: Contents, chat: int) -> list[Carried]:
    """What people carried into a chat by hand, the oldest first, of which no transcript has shown the line yet."""
    rows = connection.execute(
        "SELECT l.message, m.conversation, l.at FROM chat_lines l CROSS JOIN messages m ON m.id = l.message"
        f" WHERE l.chat = ? AND {_BY_HAND} AND m.conversation IS NOT NULL ORDER BY l.at, l.message",
        (chat,),
    ).fetchall()
    return [
        Carried(message, conversation, at, contents.details(connection, message).get("text", ""))
        for message, conversation, at in rows
    ]


def _buried(*of: str) -> str:
    return "erased:" + hashlib.sha256("\0".join(of).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _buried_lines(connection: sqlite3.Connection, places: Sequence[Place]) -> dict[str, int]:
    """Which of these lines of one chat were erased here, and the conversation they stood in."""
    format_, key = places[0].format, places[0].chat
    names = {_buried(format_, key, place.line): place.line for place in places}
    rows = connection.execute(
        "SELECT l.line, m.conversation FROM chats c CROSS JOIN chat_lines l ON l.chat = c.id"
        " AND l.line IN (SELECT value FROM json_each(?)) CROSS JOIN messages m ON m.id = l.message"
        " WHERE c.format = ? AND c.key = ? AND m.conversation IS NOT NULL",
        (json.dumps(list(names)), format_, _buried(format_, key)),
    )
    return {names[line]: conversation for line, conversation in rows}


def bury(connection: sqlite3.Connection, message: int) -> None:
    """A line is erased: what the chat and the line are called goes, and a digest is left by which it is known again. A chat
    of which nothing else is here is forgotten."""
    rows = connection.execute(
        "SELECT c.id, c.format, c.key, l.line, l.at FROM chat_lines l JOIN chats c ON c.id = l.chat WHERE l.message = ?",
        (message,),
    ).fetchall()
    for chat, format_, key, line, at in rows:
        name = _buried(format_, key)
        connection.execute("DELETE FROM chat_lines WHERE chat = ? AND line = ?", (chat, line))
        connection.execute("INSERT OR IGNORE INTO chats(format, key) VALUES(?, ?)", (format_, name))
        connection.execute(
            "INSERT OR IGNORE INTO chat_lines(chat, line, at, message) SELECT id, ?, ?, ? FROM chats"
            " WHERE format = ? AND key = ?",
            (_buried(format_, key, line), at, message, format_, name),
        )
        connection.execute(
            "DELETE FROM chats WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM chat_lines WHERE chat = ?1)",
            (chat,),
        )


def last_place(connection: sqlite3.Connection, conversation: int) -> Place | None:
    """The last line of a conversation, where it is one of a chat."""
    row = connection.execute(
        "SELECT c.format, c.key, c.title, l.line, l.at, l.topic FROM messages m CROSS JOIN chat_lines l ON l.message = m.id"
        " CROSS JOIN chats c ON c.id = l.chat WHERE m.conversation = ? ORDER BY l.at DESC, l.message DESC LIMIT 1",
        (conversation,),
    ).fetchone()
    return Place(*row) if row is not None else None


def seen_again(connection: sqlite3.Connection, event: Event) -> None:
    """A transcript has shown a line that was carried there by hand: from now on it goes by what the chat calls it."""
    connection.execute(
        f"UPDATE chat_lines AS l SET line = ?, at = ?, topic = ? WHERE message = ? AND {_BY_HAND}",
        (event.data["line"], event.at, event.data.get("topic"), event.message),
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
    beside = (each[0] for each in (around.before, around.behind) if each is not None)
    return list(dict.fromkeys((*around.known.values(), *around.topics.values(), *beside)))


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

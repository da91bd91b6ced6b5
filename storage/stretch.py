"""A stretch of a long conversation: some messages one after the other, and of the record what is told beside them.

A monitor writes ten thousand messages to one conversation. What is shown of it costs what is shown, wherever that lies.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from inbox.model import Event
from inbox.ports import Recipient, Stretch
from storage import events as record

if TYPE_CHECKING:
    from storage.contents import Contents

_OF_MESSAGES = "1, 2, 3, 24, 51"
"""RECEIVED, QUEUED, SENT, READ and SENT_BY_HAND: there are as many of them as messages, and they tell of messages that
are shown."""
_SEEN = (
    "(type = 24 AND json_extract(data, '$.read') OR type IN (2, 11, 13)"
    " OR type = 51 AND json_extract(data, '$.line') IS NULL)"
)
"""What makes a conversation read: a person opened it, answered, closed it, or called it spam (`inbox.fold`)."""


def stretch(
    connection: sqlite3.Connection,
    contents: Contents,
    recipients_of: Callable[[Iterable[int]], Mapping[int, tuple[Recipient, ...]]],
    conversation: int,
    around: int | None,
    size: int,
) -> Stretch:
    """At most `size` messages and notes around one of them (0: the first ones; None: the newest)."""
    numbers = _numbers(connection, conversation, around, size)
    if not numbers:
        return Stretch([], record.at_home(connection, conversation))
    first, last = numbers[0], numbers[-1]
    sending = contents.sending(connection, numbers)
    earlier, later = (
        connection.execute(
            f"SELECT count(*) FROM messages WHERE conversation = ? AND id {sign} ?", (conversation, limit)
        ).fetchone()[0]
        for sign, limit in (("<", first), (">", last))
    )
    if earlier or later:
        events = _events(connection, conversation, first, last, size)
    else:
        events = record.at_home(connection, conversation)
    return Stretch(
        contents.items_of(connection, numbers, sending, recipients_of(sending)),
        events,
        earlier,
        later,
        _first_unread(connection, conversation),
    )


def attached_before(
    connection: sqlite3.Connection, contents: Contents, conversation: int, message: int
) -> int:
    """How many attachments the messages of a conversation before this one have: their numbers go on from there."""
    rows = connection.execute(
        "SELECT id FROM messages WHERE conversation = ? AND id < ?", (conversation, message)
    ).fetchall()
    return sum(len(contents.details(connection, number).get("attachments", ())) for (number,) in rows)


def saying(
    connection: sqlite3.Connection, contents: Contents, conversation: int, fits: Callable[[str], bool]
) -> list[int]:
    """The messages and notes of a conversation whose text fits, by rising numbers."""
    rows = connection.execute(
        "SELECT id FROM messages WHERE conversation = ? ORDER BY id", (conversation,)
    ).fetchall()
    found = []
    for (number,) in rows:
        details = contents.details(connection, number)
        if fits(f"{details.get('text', '')}\n{details.get('reply', '')}"):
            found.append(number)
    return found


def _numbers(connection: sqlite3.Connection, conversation: int, around: int | None, size: int) -> list[int]:
    def some(condition: str, order: str, limit: int) -> list[int]:
        rows = connection.execute(
            f"SELECT id FROM messages WHERE conversation = ? AND id {condition} ORDER BY id {order} LIMIT ?",
            (conversation, around or 0, limit),
        )
        return [row[0] for row in rows]

    if around is None:
        return some(">= ?", "DESC", size)[::-1]
    before = some("< ?", "DESC", size // 2)
    after = some(">= ?", "ASC", size - len(before))
    if len(before) + len(after) < size:
        before = some("< ?", "DESC", size - len(after))
    return before[::-1] + after


def _events(
    connection: sqlite3.Connection, conversation: int, first: int, last: int, size: int
) -> list[Event]:
    """The record but for what messages tell of themselves that are neither among these nor among the newest. How it
    stands with nudges is told by all of them."""
    newest = connection.execute(
        "SELECT id FROM messages WHERE conversation = ? ORDER BY id DESC LIMIT 1 OFFSET ?",
        (conversation, size - 1),
    ).fetchone()
    rows = connection.execute(
        f"SELECT {record.COLUMNS} FROM events WHERE home = ? AND (type NOT IN ({_OF_MESSAGES}) OR message BETWEEN ? AND ?"
        " OR message >= ? OR type = 2 AND json_extract(data, '$.by') IS NOT NULL) ORDER BY seq",
        (conversation, first, last, newest[0] if newest is not None else 0),
    )
    return [record.event_of(row) for row in rows]


def _first_unread(connection: sqlite3.Connection, conversation: int) -> int | None:
    """The first message of the customer's that nobody has seen; None where all were."""
    unread = connection.execute("SELECT unread FROM conversations WHERE id = ?", (conversation,)).fetchone()
    if unread is None or not unread[0]:
        return None
    seen = connection.execute(
        f"SELECT seq FROM events WHERE home = ? AND void = 0 AND {_SEEN} ORDER BY seq DESC LIMIT 1",
        (conversation,),
    ).fetchone()
    row = connection.execute(
        "SELECT min(message) FROM events WHERE home = ? AND type = 1 AND seq > ?"
        " AND json_extract(data, '$.side') = 'customer'",
        (conversation, seen[0] if seen is not None else 0),
    ).fetchone()
    return int(row[0]) if row[0] is not None else None

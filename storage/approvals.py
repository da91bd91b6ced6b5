"""The outbox rows of what waits for a yes: let go by it, and held again where it is taken back."""

from __future__ import annotations

import sqlite3

from inbox.model import Event


def let_go(connection: sqlite3.Connection, approved: Event) -> None:
    """Somebody said yes: the message leaves when the event says."""
    changed = connection.execute(
        "UPDATE outbox SET state = 'queued', trouble = '', leave_at = :at, next_try = :at, first_try = NULL, attempts = 0"
        " WHERE message = :message AND state = 'held'",
        {"at": approved.data["leave_at"], "message": approved.message},
    )
    if changed.rowcount:
        _recipients(connection, approved.message, "queued")


def hold(connection: sqlite3.Connection, event: Event, state: str) -> None:
    """The message of this event, which is in `state`, waits for a yes again."""
    changed = connection.execute(
        "UPDATE outbox SET state = 'held', trouble = '' WHERE message = ? AND state = ?",
        (event.message, state),
    )
    if changed.rowcount:
        _recipients(connection, event.message, "held")


def _recipients(connection: sqlite3.Connection, message: int | None, state: str) -> None:
    connection.execute(
        "UPDATE outbox_recipients SET state = ?, detail = '' WHERE message = ?", (state, message)
    )

"""Mail of ours that came back: which message a report is about, and what becomes of it in the outbox."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from inbox.model import Event, EventType
from inbox.ports import Recipient, Returned
from storage.jobs import add_job
from storage.refused import mark


def find_returned(connection: sqlite3.Connection, ids: Sequence[str]) -> Returned | None:
    """The message of ours that has the first of these ids that one of ours has; None when none has."""
    for text in ids:
        row = connection.execute(
            "SELECT m.id, m.conversation, m.author, coalesce(o.state, '') FROM msgids i JOIN messages m ON m.id = i.message"
            " LEFT JOIN outbox o ON o.message = m.id"
            " WHERE i.message_id = ? AND m.direction = 'out' AND m.conversation IS NOT NULL",
            (text,),
        ).fetchone()
        if row is not None:
            message, conversation, author, state = row
            recipients = connection.execute(
                "SELECT address, state, detail FROM outbox_recipients WHERE message = ? ORDER BY address",
                (message,),
            )
            (lost_at,) = connection.execute(
                "SELECT max(at) FROM events WHERE home = ? AND message = ? AND type = ?",
                (conversation, message, int(EventType.UNKNOWN)),
            ).fetchone()
            return Returned(
                message,
                conversation,
                author,
                state,
                tuple(Recipient(*each) for each in recipients),
                customer_addresses(connection, conversation),
                lost_at,
            )
    return None


def customer_addresses(connection: sqlite3.Connection, conversation: int) -> frozenset[str]:
    """The mail addresses, folded, of whoever a conversation is with."""
    rows = connection.execute(
        "SELECT i.value FROM conversations c JOIN identities i ON i.customer = c.customer AND i.kind = 'mail'"
        " WHERE c.id = ?",
        (conversation,),
    )
    return frozenset(value for (value,) in rows)


def came_back(connection: sqlite3.Connection, event: Event) -> None:
    """Bring the outbox, and the mark on the address, to what an UNDELIVERED says.

    A report that one recipient does not have a message proves to those of whom nobody knew that it has left.
    """
    message, answer = event.message, not event.data.get("all", True)
    changed = 0
    for address in event.data["recipients"]:
        if event.data.get("failure") == "hard":
            mark(connection, address, event.at, event.why)
        changed += connection.execute(
            "UPDATE outbox_recipients SET state = 'failed', detail = ? WHERE message = ? AND address = ?"
            " AND state <> 'failed'",
            (event.why, message, address),
        ).rowcount
    if not answer:  # should it be sent again, the next acceptance makes it one anew
        connection.execute("UPDATE outbox SET accepted_at = NULL WHERE message = ?", (message,))
    if not changed:
        return
    (was,) = connection.execute("SELECT state FROM outbox WHERE message = ?", (message,)).fetchone()
    if answer:
        connection.execute(
            "UPDATE outbox SET accepted_at = coalesce(accepted_at, ?) WHERE message = ?", (event.at, message)
        )
    connection.execute(
        "UPDATE outbox_recipients SET state = 'sent', detail = '' WHERE message = ? AND state = 'unknown'",
        (message,),
    )
    connection.execute(
        "UPDATE outbox SET trouble = ?, state = CASE WHEN state IN ('connecting', 'data') OR EXISTS (SELECT 1 FROM"
        " outbox_recipients r WHERE r.message = outbox.message AND r.state IN ('queued', 'refused-for-now'))"
        " THEN state ELSE 'failed' END WHERE message = ?",
        (event.why, message),
    )
    if was in ("unknown", "data"):
        add_job(connection, "sent-copy", str(message), event.recorded)

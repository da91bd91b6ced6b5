"""What waits in the outbox as a person sees it: how each message stands, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from inbox.ports import OutboxLine, Recipient

_LINES = (
    "SELECT o.message, m.conversation, o.message_id, o.state, o.queued_at, o.leave_at, c.subject, o.trouble,"
    " o.next_try, o.mailbox, l.paused_until, l.why, {copy} FROM {source}"
    " JOIN messages m ON m.id = o.message JOIN conversations c ON c.id = m.conversation"
    " LEFT JOIN sending_limits l ON l.mailbox = o.mailbox"
)
_STUCK = _LINES.format(copy="''", source="outbox o") + " WHERE o.state NOT IN ('sent', 'undone', 'dropped')"
_UNFILED = (
    _LINES.format(copy="j.trouble", source="jobs j JOIN outbox o ON o.message = CAST(j.data AS INTEGER)")
    + " WHERE j.kind = 'sent-copy' AND j.trouble <> '' AND o.state = 'sent'"
)


def outbox_lines(
    read: Callable[[str], Sequence[Sequence[Any]]],
    recipients_of: Callable[[Iterable[int]], Mapping[int, tuple[Recipient, ...]]],
) -> list[OutboxLine]:
    """What waits, is held, failed or is unknown, and what was sent and is not filed in Sent yet; oldest first."""
    rows = read(f"{_STUCK} UNION ALL {_UNFILED} ORDER BY 1")
    recipients = recipients_of(row[0] for row in rows)
    return [_line(row, recipients.get(row[0], ())) for row in rows]


def _line(row: Sequence[Any], recipients: tuple[Recipient, ...]) -> OutboxLine:
    (
        message,
        conversation,
        message_id,
        state,
        queued,
        leave,
        subject,
        why,
        at,
        mailbox,
        paused,
        pause,
        copy,
    ) = row
    held_by = ""
    if state == "held":
        held_by = "restored" if why else "approval"
    elif state in ("queued", "refused-for-now") and paused is not None:
        state, held_by, why, at = "held", "quota", pause, paused
    waits = state in ("queued", "refused-for-now") or held_by == "quota"
    return OutboxLine(
        *(message, conversation, message_id, state, queued, leave, recipients, subject),
        held_by=held_by,
        why=why,
        next_try=at if waits else None,
        mailbox=mailbox,
        copy=copy,
    )

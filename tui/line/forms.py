"""The shapes in which conversations leave the program: JSON with stable field names, and lines for people."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from inbox.jsonform import address_as_json, attachment_as_json, instant_as_json
from inbox.text import cut, one_line, pad, sanitise

if TYPE_CHECKING:
    from inbox.listing import Row
    from inbox.model import Event, Instant
    from inbox.ports import Hit, Item, OutboxLine


def row_as_json(row: Row, now: Instant) -> dict[str, Any]:
    """A conversation as `list --json` prints it."""
    state = row.conversation
    return {
        "id": str(state.id),
        "subject": row.subject,
        "customer": {
            "id": None if state.customer is None else str(state.customer),
            "name": row.customer_name,
            "addresses": list(row.customer_addresses),
            "handles": list(row.customer_handles),
        },
        "channel": state.channel,
        "status": state.status.value,
        "assignee": state.assignee,
        "tags": list(state.tags),
        "messages": state.messages,
        "first_at": instant_as_json(state.first_at),
        "last_at": instant_as_json(state.last_at),
        "last_from": state.last_from,
        "due": instant_as_json(row.due_at),
        "late_s": max(0, now - row.due_at) if row.due_at is not None else 0,
        "unread": state.unread,
        "notice": state.notice,
        "snippet": row.snippet,
    }


def item_as_json(item: Item) -> dict[str, Any]:
    """A message or note as `show --json` prints it in `items`."""
    shown: dict[str, Any] = {
        "id": str(item.id),
        "message_id": item.message_id,
        "at": instant_as_json(item.at),
        "direction": item.direction,
        "from": [address_as_json(a) for a in item.sender]
        or ([{"name": item.author, "address": ""}] if item.author else []),
        "to": [address_as_json(a) for a in item.to],
        "cc": [address_as_json(a) for a in item.cc],
        "subject": item.subject,
        "text": item.text,
        "reply": item.reply,
        "attachments": [attachment_as_json(a) for a in item.attachments],
        "state": item.state if item.direction == "out" else None,
    }
    if item.direction == "out":
        shown["recipients"] = [
            {"address": r.address, "state": r.state, "detail": sanitise(r.detail)} for r in item.recipients
        ]
    return shown


def event_as_json(event: Event) -> dict[str, Any]:
    """An event as `show --json` prints it in `events`."""
    detail = {key: value for key, value in event.data.items() if key != "events"}
    if event.void:
        detail["void"] = True
    return {
        "at": instant_as_json(event.at),
        "who": event.who,
        "what": event.type.name.lower().replace("_", "-"),
        "why": event.why,
        "detail": detail,
    }


def hit_as_json(hit: Hit) -> dict[str, Any]:
    """A message as `search --json` prints it."""
    return {
        "conversation": str(hit.conversation),
        "message": str(hit.message),
        "at": instant_as_json(hit.at),
        "snippet": hit.snippet,
    }


def outbox_as_json(line: OutboxLine) -> dict[str, Any]:
    """A waiting message as `outbox --json` prints it."""
    return {
        "id": str(line.message),
        "conversation": str(line.conversation),
        "message_id": line.message_id,
        "state": line.state,
        "queued_at": instant_as_json(line.queued_at),
        "leaves_at": instant_as_json(line.leave_at),
        "subject": line.subject,
        "recipients": [
            {"address": r.address, "state": r.state, "detail": sanitise(r.detail)} for r in line.recipients
        ],
    }


def lateness(due: Instant | None, now: Instant) -> str:
    """Time left as `2:10`, `3d 4:00`; late as `!-0:25`; "" without a deadline. Late is never said by colour alone."""
    if due is None:
        return ""
    seconds = abs(due - now)
    days, rest = divmod(seconds, 86_400)
    clock = f"{rest // 3600}:{rest % 3600 // 60:02}"
    text = f"{days}d {clock}" if days else clock
    return f"!-{text}" if now > due else text


def row_as_line(row: Row, now: Instant, width: int = 120) -> str:
    """A conversation on one line: id, time left, status, whose, customer, subject."""
    state = row.conversation
    fields = (
        (str(state.id), 6),
        (lateness(row.due_at, now).rjust(9), 9),
        (state.status.value, 8),
        (state.assignee or "-", 8),
        (one_line(row.customer_name, 60) or "-", 24),
    )
    head = "  ".join(pad(cut(text, size), size) for text, size in fields)
    marks = (" ".join(f"[{one_line(tag, 40)}]" for tag in state.tags) + " ") if state.tags else ""
    return cut(f"{head}  {marks}{one_line(row.subject, 200)}", width)


def moment(at: Instant | None, zone: tzinfo) -> str:
    """A time for people, in a zone: `2026-05-01 09:00`."""
    return "-" if at is None else datetime.fromtimestamp(at, zone).strftime("%Y-%m-%d %H:%M")


def span(seconds: int | None) -> str:
    """A time span for people: `1h30m`, `45s`, `0s`; `-` for none."""
    if seconds is None:
        return "-"
    hours, rest = divmod(abs(seconds), 3600)
    minutes, rest = divmod(rest, 60)
    parts = [f"{count}{unit}" for count, unit in ((hours, "h"), (minutes, "m"), (rest, "s")) if count]
    return ("-" if seconds < 0 else "") + ("".join(parts) or "0s")


def event_as_words(event: Event) -> str:
    """An event on one line for people: who did what, with what, and why."""
    data = {key: value for key, value in event.data.items() if key in _TOLD}
    told = " ".join(
        str(part) for part in data.values() if isinstance(part, str | int) and not isinstance(part, bool)
    )
    tags = [f"+{tag}" for tag in event.data.get("add", ())] + [
        f"-{tag}" for tag in event.data.get("remove", ())
    ]
    words = (
        event.who,
        event.type.name.lower().replace("_", " "),
        told,
        *tags,
        f"({event.why})" if event.why else "",
    )
    return one_line(" ".join(word for word in words if word) + ", undone" * event.void)


_TOLD = ("to", "for", "why", "from", "policy", "then")
"""What of an event's details is told to people."""

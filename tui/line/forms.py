"""The shapes in which conversations leave the program as JSON: stable field names, times in UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inbox.jsonform import address_as_json, attachment_as_json, instant_as_json
from inbox.text import sanitise

if TYPE_CHECKING:
    from inbox.listing import Row
    from inbox.model import Event, Instant
    from inbox.ports import Hit, Item, OutboxLine
    from inbox.promise_story import Told


_STATES = {"dropped": "failed"}
"""States of the outbox that are told by another word: what a person gave up did not reach anybody."""


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


def closing_as_json(row: Row) -> dict[str, Any] | None:
    """What came of a conversation, as `show --json` prints it in `closed`; None while it is not closed."""
    state = row.conversation
    if state.closed_at is None:
        return None
    return {
        "at": instant_as_json(state.closed_at),
        "outcome": state.closed_why,
        "cause": state.cause,
        "referred_to": state.referred,
    }


def item_as_json(item: Item) -> dict[str, Any]:
    """A message or note as `show --json` prints it in `items`."""
    shown: dict[str, Any] = {
        "id": str(item.id),
        "message_id": item.message_id,
        "at": instant_as_json(item.at),
        "direction": item.direction if item.call is None else "in" if item.call.way == "in" else "out",
        "from": [address_as_json(a) for a in item.sender]
        or ([{"name": item.author, "address": ""}] if item.author else []),
        "to": [address_as_json(a) for a in item.to],
        "cc": [address_as_json(a) for a in item.cc],
        "subject": item.subject,
        "text": item.text,
        "reply": item.reply,
        "attachments": [attachment_as_json(a) for a in item.attachments],
        "state": _STATES.get(item.state or "", item.state) if item.direction == "out" else None,
    }
    if item.call is not None:
        reached = item.call.way != "missed"
        shown["call"] = {"reached": reached, "seconds": item.call.seconds, "by": item.author}
    if item.direction == "out":
        shown["recipients"] = [
            {"address": r.address, "state": _STATES.get(r.state, r.state), "detail": sanitise(r.detail)}
            for r in item.recipients
        ]
    return shown


def promise_as_json(told: Told) -> dict[str, Any]:
    """A promise as `show --json` and `customer show --json` print it; `became`: open, kept, kept late, broken, moved."""
    return {
        "at": instant_as_json(told.at),
        "who": told.who,
        "until": instant_as_json(told.until),
        "aim": instant_as_json(told.aim),
        "text": told.words,
        "became": told.became.value,
    }


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
        "held_by": line.held_by or None,
        "next_try": instant_as_json(line.next_try),
        "why": sanitise(line.why),
        "copy": sanitise(line.copy),
        "subject": line.subject,
        "recipients": [
            {"address": r.address, "state": r.state, "detail": sanitise(r.detail)} for r in line.recipients
        ],
    }

"""The shapes in which messages leave the program as JSON: stable field names, UTC times, plain values."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from inbox.text import MARK_RUN, ODD

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from inbox.chat.shape import Line, Media, Participant
    from inbox.model import Address, Attachment, Instant, Message


def as_line(value: Mapping[str, Any]) -> str:
    """One object as one line of JSON in readable Unicode, safe to print.

    What `inbox.text.sanitise` would take out is written as an escape: the line passes every gate and loses nothing.
    """
    return MARK_RUN.sub(_marks_escaped, ODD.sub(_escaped, json.dumps(value, ensure_ascii=False)))


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]


def _marks_escaped(run: re.Match[str]) -> str:
    return "".join(
        json.dumps(each)[1:-1] if unicodedata.category(each) in ("Mn", "Me") else each for each in run[0]
    )


def instant_as_json(instant: Instant | None) -> str | None:
    """An instant as `2013-03-21T10:30:00Z`; None stays None."""
    if instant is None:
        return None
    return f"{_hour(instant // 3600)}:{_SIXTY[instant % 3600 // 60]}:{_SIXTY[instant % 60]}Z"


_SIXTY = tuple(f"{number:02}" for number in range(60))


@lru_cache(maxsize=1024)
def _hour(number: int) -> str:
    """An hour since 1970: a long transcript has many lines in each."""
    return datetime.fromtimestamp(number * 3600, UTC).strftime("%Y-%m-%dT%H")


def address_as_json(address: Address) -> dict[str, str]:
    """An address as `{name, address}`."""
    return {"name": address.name, "address": address.address}


def attachment_as_json(attachment: Attachment) -> dict[str, Any]:
    """An attachment as `{name, type, size, inline}`."""
    return {
        "name": attachment.name,
        "type": attachment.type,
        "size": attachment.size,
        "inline": attachment.inline,
    }


def message_as_json(message: Message) -> dict[str, Any]:
    """A message as `parse --json` prints it, without `file`."""
    automatic = message.automatic
    bounce = [
        {
            "recipient": each.recipient,
            "status": each.status,
            "code": each.code,
            "kind": each.kind,
            "diagnostic": each.diagnostic,
        }
        for each in message.bounces
    ]
    return {
        "message_id": message.message_id,
        "date": instant_as_json(message.date),
        "subject": message.subject,
        "from": [address_as_json(each) for each in message.sender],
        "to": [address_as_json(each) for each in message.to],
        "cc": [address_as_json(each) for each in message.cc],
        "reply_to": [address_as_json(each) for each in message.reply_to],
        "text": message.text,
        "reply": message.reply,
        "quoted": message.quoted,
        "signature": message.signature,
        "attachments": [attachment_as_json(each) for each in message.attachments],
        "automatic": {
            "is_automatic": automatic.is_automatic,
            "suppress_auto_reply": automatic.suppress_auto_reply,
            "notice": automatic.notice,
            "why": list(automatic.why),
        },
        "bounce": bounce or None,
        "in_reply_to": list(message.in_reply_to),
        "references": list(message.references),
        "oddities": list(message.oddities),
    }


def participant_as_json(each: Participant) -> dict[str, Any]:
    """Who takes part in a chat as `{name, handle, role}`."""
    return {"name": each.name or None, "handle": each.handle or None, "role": each.role.value}


def media_as_json(media: Media) -> dict[str, Any]:
    """What came with a line of a chat as `{name, type, size}`."""
    return {"name": media.name, "type": media.type, "size": media.size}


def line_as_json(line: Line) -> dict[str, Any]:
    """A line of a chat as `transcript --json` prints it."""
    return {
        "id": line.id,
        "at": instant_as_json(line.at),
        "author": line.author,
        "role": str(line.role),
        "text": line.text,
        "attachments": [media_as_json(each) for each in line.attachments] if line.attachments else [],
        "reply_to": line.reply_to,
    }

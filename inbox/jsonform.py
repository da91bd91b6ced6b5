"""The shapes in which messages leave the program as JSON: stable field names, UTC times, plain values."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inbox.model import Address, Attachment, Instant, Message

# What a terminal would obey or a reader could not see; JSON can say each as an escape, so that nothing is lost.
_UNSAFE = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def as_line(value: Mapping[str, Any]) -> str:
    """One object as one line of JSON in readable Unicode; controls, bidi controls and the like are escaped."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def instant_as_json(instant: Instant | None) -> str | None:
    """An instant as `2013-03-21T10:30:00Z`; None stays None."""
    if instant is None:
        return None
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


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

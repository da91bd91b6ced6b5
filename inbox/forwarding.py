"""Passing a message on to somebody else: what it said as content, with its attachments, and nothing of ours."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from inbox.answering import LONGEST_SUBJECT
from inbox.attachments import contents
from inbox.mime import FORWARD
from inbox.recipients import as_typed
from inbox.text import one_line, sanitise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inbox.model import Attachment
    from inbox.ports import Item

MARK = "---------- Forwarded message ----------"
"""How mail programs begin what is forwarded; readers of mail, our own among them, know it by that."""


def forward_subject(subject: str) -> str:
    """ "Fwd: " and the subject, on one clean line; not a second one where it says so already."""
    clean = one_line(subject, LONGEST_SUBJECT)
    return clean if FORWARD.match(clean) else one_line(f"Fwd: {clean}", LONGEST_SUBJECT)


def forwarded(item: Item, zone: ZoneInfo) -> str:
    """The message under a block that says whose it is, when it was written, and to whom."""
    head = [
        f"From: {', '.join(map(as_typed, item.sender))}",
        f"Date: {datetime.fromtimestamp(item.at, zone).strftime('%Y-%m-%d %H:%M')}",
        f"Subject: {one_line(item.subject, LONGEST_SUBJECT)}",
        f"To: {', '.join(map(as_typed, item.to))}",
    ]
    if item.cc:
        head.append(f"Cc: {', '.join(map(as_typed, item.cc))}")
    lines = [
        MARK,
        *(one_line(line, 1000) for line in head),
        "",
        sanitise(item.text or item.reply).strip("\n"),
    ]
    return "\n".join(lines)


def enclosed(raw: bytes, item: Item) -> Iterator[tuple[Attachment, bytes]]:
    """The attachments of a message with what they say; one that is not found again in its bytes is left out."""
    places = [place for place, each in enumerate(item.attachments) if not each.inline]
    for place, content in zip(places, contents(raw, item.attachments, places), strict=True):
        if content is not None:
            yield item.attachments[place], content

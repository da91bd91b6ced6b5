"""A line of a chat, or what was said by hand, as a mail of its own (RFC 5322, RFC 6532): so it is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

from inbox.model import Instant, Message
from inbox.text import one_line

_PLAIN = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"


def head(message: Message, at: Instant, channel: str, chat: str) -> str:
    """Its header fields; `chat` is what the chat is called, "" where it is no line of one."""
    sender = message.sender[0]
    name = one_line(sender.name).replace("\\", "").replace('"', "")
    return (
        f'From: "{name}" <{sender.address or f"{channel}@chat.invalid"}>\n'
        f"Date: {format_datetime(datetime.fromtimestamp(at, UTC))}\n"
        f"Message-ID: {message.message_id}\nSubject: {one_line(message.subject)}\n"
        + (f"X-Chat: {channel} {one_line(chat)}\n" if chat else "")
    )


def whole(head: str, text: str) -> bytes:
    """The mail of a line without files."""
    return (head + _PLAIN + text).encode("utf-8", "replace")

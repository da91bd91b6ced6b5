"""Large messages of which only the beginning is here: what may be said of them, and by what they are known again."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from inbox import mime
from inbox.model import Message

LONG = 2**20
"""Bytes from which all of a message may have come by its beginning before: less than any that comes so, even with the
shorter line ends of a file."""
TAKEN = 64 * 2**10
"""Bytes of a message in which its headers and the compared part of its body are looked for."""
COMPARED = 16 * 2**10
"""Bytes of the body that are compared; so few that they are there whatever stands in the headers and at line ends."""
_CUT_OFF = "the last boundary is missing"


def digest_of_beginning(raw: bytes) -> str:
    """A digest by which a message is known by its beginning alone, in all its copies.

    It covers From, Date, Subject and how the decoded body begins, as the digest of a whole message covers all parts;
    other headers (Received differs from copy to copy) and the kind of line end change nothing.
    """
    taken = raw[:TAKEN].replace(b"\r\n", b"\n")
    body = taken.find(b"\n\n")
    if body >= 0:
        taken = taken[: body + COMPARED]
    try:
        digest = mime.parse(taken).digest
    except Exception:  # a mistake of ours in the reader: the message is kept and shown all the same
        digest = sha256(taken).hexdigest()
    return f"begins {digest}"


def only_beginning(message: Message, raw: bytes) -> Message:
    """What was read of a message's beginning, without what only the whole can tell: its attachments, and that it ends."""
    oddities = tuple(oddity for oddity in message.oddities if not oddity.startswith(_CUT_OFF))
    return replace(message, attachments=(), oddities=oddities, digest=digest_of_beginning(raw))


def said_of(size: int, gone: bool) -> str:
    """What a person is told of such a message, which is to be so many bytes; `gone`: it was deleted on the server."""
    large = f"{size / 2**20:.0f} MB" if size >= 10 * 2**20 else f"{size / 2**20:.1f} MB"
    if size < 2**20:
        large = f"{max(1, size // 1024)} KB"
    if gone:
        return f"{large}: the rest was deleted on the server before it came, only the beginning is here"
    return f"{large}, still coming: only its beginning is here"

"""The way a mail came, by what each server on it wrote down, and its header fields in the order in which they stand.

Rules: RFC 5321, 4.4 (the time stamp line `Received`), RFC 5322, 3.6.7. Every server writes what it likes behind these
words, and anybody can make up the lines below the first one of ours: they are told, not believed. Nothing here raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from inbox.charsets import decode
from inbox.headers import LONGEST, MOST, decode_words, end_of_headers
from inbox.model import Instant
from inbox.stamps import read_received
from inbox.text import one_line

MOST_HOPS = 50
"""Lines that are told; a loop of servers writes hundreds."""

_FIELD = re.compile(rb"[^\n]*+(?:\n[ \t][^\n]*+)*+")
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_CLAUSE = re.compile(r"\b(from|by|with|for)\s+([^\s;]+)", re.IGNORECASE)


class Hop(NamedTuple):
    """One server handing it to the next: who gave it, who took it, how; when, None where that cannot be read."""

    gave: str
    took: str
    how: str
    at: Instant | None


def fields(raw: bytes) -> Iterator[tuple[str, str]]:
    """Every header field as a person reads it: its name as written, its value decoded, on one line."""
    for field in _fields(raw):
        name, colon, value = field.partition(b":")
        if not colon or not name.strip() or name[:1].isspace():
            yield "", one_line(field.decode("utf-8", "replace"), LONGEST)
            continue
        text, _ = decode(value[:LONGEST], None)
        yield one_line(name.decode("ascii", "replace"), 80), one_line(decode_words(text, []), LONGEST)


def hops(raw: bytes) -> list[Hop]:
    """The way from server to server, the first one first."""
    found = []
    for name, value in fields(raw):
        if name.casefold() != "received":
            continue
        said = {
            word.lower(): what for word, what in _CLAUSE.findall(_COMMENT.sub(" ", value.rpartition(";")[0]))
        }
        found.append(
            Hop(said.get("from", ""), said.get("by", ""), said.get("with", ""), read_received(value))
        )
        if len(found) == MOST_HOPS:
            break
    return found[::-1]


def head_of(raw: bytes) -> bytes:
    """The header fields as they came."""
    return raw[: end_of_headers(raw, 0, len(raw))[0]]


def _fields(raw: bytes) -> Iterator[bytes]:
    head = head_of(raw).replace(b"\r\n", b"\n")
    at = count = 0
    while at < len(head) and count < MOST:
        field = _FIELD.match(head, at)
        end = field.end() if field is not None else len(head)
        if head[at:end].strip():
            yield head[at:end]
            count += 1
        at = end + 1

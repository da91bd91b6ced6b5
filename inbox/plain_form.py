"""A message or a whole conversation as one text, or as one mailbox file: to be copied, or given to a command.

The text has passed `inbox.text`; the mail has not, for whoever asks for mail wants the bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo

from inbox.model import Address
from inbox.ports import Item
from inbox.text import one_line, sanitise

_FROM = re.compile(rb"(?m)^(>*From )")


def as_text(item: Item, zone: tzinfo, *, quotes: bool = True) -> str:
    """A message or note with its heads; without `quotes` only what its writer wrote."""
    when = datetime.fromtimestamp(item.at, zone)
    heads = [
        ("From", _people(item.sender) or one_line(item.author)),
        ("To", _people(item.to)),
        ("Cc", _people(item.cc)),
    ]
    if item.direction == "note":
        heads = [("Note by", one_line(item.author))]
    heads += [("Date", f"{when:%a, %d %b %Y %H:%M %z}"), ("Subject", one_line(item.subject, 1000))]
    said = "\n".join(f"{name}: {value}" for name, value in heads if value)
    return f"{said}\n\n{words_of(item, quotes=quotes)}\n"


def words_of(item: Item, *, quotes: bool = True) -> str:
    """The text of a message; without `quotes` only what its writer wrote, where that is known."""
    text = item.text if quotes else item.reply or item.text
    return sanitise(text or item.reply, 10_000_000).strip("\n")


def all_as_text(items: Iterable[Item], zone: tzinfo) -> Iterator[str]:
    """A conversation: its messages and notes, a line between them, each without what it quotes."""
    for number, item in enumerate(items):
        yield ("\n" + "-" * 72 + "\n\n" if number else "") + as_text(item, zone, quotes=False)


def as_mbox(items: Sequence[Item], raw: Callable[[int], bytes | None]) -> Iterator[bytes]:
    """The messages of a conversation as a mailbox file (mboxrd, RFC 4155): each exactly as it came, but for lines that
    begin with From, which get a > more. Notes have no mail."""
    for item in items:
        data = raw(item.id)
        if data is None:
            continue
        day = datetime.fromtimestamp(item.at, UTC).strftime("%a %b %d %H:%M:%S %Y")
        yield f"From MAILER-DAEMON {day}\n".encode()
        body = _FROM.sub(rb">\1", data.replace(b"\r\n", b"\n"))
        yield body + (b"\n" if body.endswith(b"\n") else b"\n\n")


def _people(addresses: Sequence[Address]) -> str:
    return ", ".join(
        f"{one_line(each.name)} <{one_line(each.address)}>" if each.name else one_line(each.address)
        for each in addresses
    )

"""The links of a message by the numbers of their footnotes, and where each really leads."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import NamedTuple
from urllib.parse import urlsplit

from inbox.bodies import read_body
from inbox.parts import read_parts
from inbox.recipients import ascii_domain
from inbox.text import one_line

MOST = 500
"""So many links of one message are listed, and all its footnotes in any case."""

LONGEST = 2_000
"""Characters of a link that stands in plain text."""

_BARE = re.compile(r"(?:https?://|mailto:)[^\s<>\"“”„«»`{}|\\^（）【】、。]{1,2000}", re.IGNORECASE)
_FOOTNOTE = re.compile(r" \[\d+\]")
_TRAILING = ".,;:!?'’*_"


class Link(NamedTuple):
    """A link: its number, from 1, what it says in full, and the host it leads to as its server is really called."""

    number: int
    address: str
    host: str


def links(raw: bytes) -> tuple[Link, ...]:
    """The links of a message: those of its footnotes under their numbers, then those that stand in the text."""
    body = read_body(raw, read_parts(raw, []), blake2b(), [])
    found = list(dict.fromkeys((*body.links, *bare_links(body.text))))[: max(MOST, len(body.links))]
    return tuple(Link(number, one_line(link, LONGEST), host(link)) for number, link in enumerate(found, 1))


def bare_links(text: str) -> list[str]:
    """The links that stand in a text, each once, in their order; at most `MOST`."""
    found: dict[str, None] = {}
    for bare in _BARE.finditer(text):
        if not _FOOTNOTE.match(text, bare.end()):  # else these are words that lead elsewhere
            found.setdefault(_trimmed(bare[0]))
        if len(found) >= MOST:
            break
    return list(found)


def _trimmed(link: str) -> str:
    """A link in running text without the sentence around it."""
    link = link.rstrip(_TRAILING)
    while link.endswith((")", "]")) and link.count("(") + link.count("[") < link.count(")") + link.count("]"):
        link = link[:-1].rstrip(_TRAILING)
    return link


def host(link: str) -> str:
    """Where a link leads: the name of the server, in the letters it is registered under; "" when it names none.

    "https://bank.example@evil.example/" leads to evil.example, and "bаnk.example" with a Cyrillic letter is xn--….
    """
    if link[:7].lower() == "mailto:":
        return one_line(link[7:].partition("?")[0].rpartition("@")[2], 253)
    try:
        name = urlsplit(link.replace("\\", "/")).hostname or ""
    except ValueError:
        return ""
    return one_line(name if name.isascii() else ascii_domain(name) or _in_ascii(name), 253)


def _in_ascii(name: str) -> str:
    """A name that is none by the rules, in the letters it would be looked up under."""
    labels = name.split(".")
    return ".".join(
        label if label.isascii() else "xn--" + label.encode("punycode").decode() for label in labels
    )

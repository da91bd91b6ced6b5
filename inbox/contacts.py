"""Address books: vCard files and tables to contacts, and back. Reading never fails: what is no contact is Refused.

An own small reader of vCards (RFC 2426, RFC 6350, and version 2.1 before them), since what phones and programs write
is often none of these: wrong charsets, missing ends, lines folded by hand.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as BadBase64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from quopri import decodestring
from typing import NamedTuple

from inbox.addresses import fold_address
from inbox.charsets import decode
from inbox.model import Customer
from inbox.recipients import mailable
from inbox.text import one_line, sanitise
from inbox.us import fold_number

LARGEST = 64_000_000
"""Bytes of a file."""
LONGEST_NAME = 120
LONGEST_NOTE = 4_000
LONGEST_VALUE = 20_000
"""Characters of one property that are read."""
MOST = 50
"""Addresses, numbers or tags of one contact."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody in an address book. Addresses are as written, numbers folded; `line` is where it begins, from 1."""

    name: str = ""
    addresses: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    note: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    line: int = 0


class Refused(NamedTuple):
    """What is no contact, the line where it begins, and why."""

    line: int
    reason: str


def made(
    line: int,
    *,
    names: Iterable[str] = (),
    addresses: Iterable[str] = (),
    phones: Iterable[str] = (),
    notes: Iterable[str] = (),
    tags: Iterable[str] = (),
    language: str = "",
) -> Contact | Refused:
    """The contact of these texts as they were found, cleaned; the first of `names` that is one counts."""
    written = [each.strip(" \t<>\"'.,;").removeprefix("mailto:") for each in addresses]
    good = {fold_address(each): each for each in written if mailable(each) is not None}
    numbers = dict.fromkeys(fold_number(each.removeprefix("tel:").partition(";")[0]) for each in phones)
    known = tuple(each for each in numbers if len(each.lstrip("+")) >= 3)[:MOST]
    if not good and not known:
        wrong = next((each for each in written if each), "")
        reason = (
            f"{one_line(wrong, 80)} is no mail address"
            if wrong
            else "no mail address and no telephone number"
        )
        return Refused(line, reason)
    name = next((clean for each in names if (clean := one_line(each, LONGEST_NAME))), "")
    words = ("-".join(one_line(each, 40).split()) for each in tags)
    return Contact(
        "" if "@" in name else name,
        tuple(good.values())[:MOST],
        known,
        sanitise("\n".join(dict.fromkeys(filter(None, (each.strip() for each in notes)))), LONGEST_NOTE),
        tuple(dict.fromkeys(each for each in words if each))[:MOST],
        language[:2].lower() if re.fullmatch(r"[A-Za-z]{2}([-_].*)?", language) else "",
        line,
    )


# ---------------------------------------------------------------------- reading vCards

_LINE_END = re.compile(rb"\r\n|\n|\r")
_PROPERTY = re.compile(r"(?:[\w-]+\.)?([A-Za-z][\w-]*)((?:;(?:[^\":;]|\"[^\"]*\")*)*):(.*)", re.DOTALL)
_PARAMETER = re.compile(r";\s*([\w-]+)(?:\s*=\s*((?:[^\";]|\"[^\"]*\")*))?")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_WANTED = frozenset(
    (
        "FN",
        "N",
        "NICKNAME",
        "ORG",
        "EMAIL",
        "TEL",
        "NOTE",
        "CATEGORIES",
        "LANG",
        "KIND",
        "X-ADDRESSBOOKSERVER-KIND",
    )
)


class _Property(NamedTuple):
    name: str
    value: str
    escaped: bool  # the rules of 3.0 and 4.0 hold, where every backslash escapes


def read_vcards(raw: bytes) -> Iterator[Contact | Refused]:
    """Every card of a file, in its order. Never raises, whatever the bytes."""
    raw = as_utf8(raw[:LARGEST])
    begun: int | None = None
    card: list[tuple[int, bytes]] = []
    within = 0  # cards inside of a card (AGENT of version 2.1)
    for number, line in _logical_lines(raw):
        word = line.strip().upper().replace(b" ", b"")
        if word == b"BEGIN:VCARD":
            if begun is not None and card and card[-1][1].upper().startswith(b"AGENT"):
                within += 1
                continue
            if begun is not None:
                yield _card(begun, card)
            begun, card, within = number, [], 0
        elif word == b"END:VCARD":
            if within:
                within -= 1
            elif begun is not None:
                yield _card(begun, card)
                begun, card = None, []
        elif begun is not None and not within:
            card.append((number, line))
    if begun is not None:
        yield _card(begun, card)


def as_utf8(raw: bytes) -> bytes:
    """The same bytes without a mark of their encoding; those in UTF-16, in which no line could be told, as UTF-8."""
    for mark, name in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if raw.startswith(mark):
            return raw[2:].decode(name, "replace").encode("utf-8", "replace")
    if raw[1::2][:200].count(b"\0") > 50:
        return raw.decode("utf-16-le", "replace").encode("utf-8", "replace")
    return raw.removeprefix(b"\xef\xbb\xbf")


def _logical_lines(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Lines with those that continue them: after a blank, and in quoted-printable after a "=" at the end."""
    held: bytearray = bytearray()
    begun, soft = 0, False
    for number, line in enumerate(_LINE_END.split(raw), 1):
        if soft and held.endswith(b"=") and not line.upper().startswith((b"END:", b"BEGIN:")):
            held[-1:] = line.lstrip(b" \t")
            continue
        if line[:1] in (b" ", b"\t") and held:
            if len(held) < 4 * LONGEST_VALUE:
                held += line[1:]
            continue
        if held:
            yield begun, bytes(held)
        held, begun = bytearray(line), number
        soft = b"QUOTED-PRINTABLE" in line[:200].upper()
    if held:
        yield begun, bytes(held)


def _card(line: int, lines: Iterable[tuple[int, bytes]]) -> Contact | Refused:
    found: dict[str, list[_Property]] = {}
    version = next(
        (text.split(b":", 1)[1].strip() for _, text in lines if text.upper().startswith(b"VERSION:")), b""
    )
    for _, text in lines:
        each = _property(text, version != b"2.1")
        if each is not None:
            found.setdefault(each.name, []).append(each)
    for kind in (*found.get("KIND", ()), *found.get("X-ADDRESSBOOKSERVER-KIND", ())):
        if kind.value.strip().lower() in ("group", "location", "device", "application"):
            return Refused(line, f"a {kind.value.strip().lower()}, nobody to write to")
    return made(
        line,
        names=[*(_plain(each) for each in found.get("FN", ())), *(_person(each) for each in found.get("N", ())),
               *(_plain(each) for each in found.get("NICKNAME", ())),
               *(" ".join(filter(None, _parts(each))) for each in found.get("ORG", ()))],
        addresses=[_plain(each) for each in found.get("EMAIL", ())],
        phones=[_plain(each) for each in found.get("TEL", ())],
        notes=[_plain(each) for each in found.get("NOTE", ())],
        tags=[tag for each in found.get("CATEGORIES", ()) for tag in _parts(each, ",")],
        language=next((_plain(each) for each in found.get("LANG", ())), ""),
    )  # fmt: skip


def _property(line: bytes, escaped: bool) -> _Property | None:
    found = _PROPERTY.match(line[:LONGEST_VALUE].decode("latin-1"))
    if found is None or found[1].upper() not in _WANTED:
        return None
    parameters: dict[str, str] = {}
    for name, value in _PARAMETER.findall(found[2]):
        parameters[name.upper()] = value.strip('"').upper()
    value = found[3].encode("latin-1")
    encoding = parameters.get("ENCODING", "QUOTED-PRINTABLE" if "QUOTED-PRINTABLE" in parameters else "")
    if encoding == "QUOTED-PRINTABLE":
        value = decodestring(value)
    elif encoding in ("B", "BASE64"):
        try:
            value = b64decode(value)
        except (BadBase64, ValueError):
            return None
    text, _ = decode(value, parameters.get("CHARSET"))
    return _Property(found[1].upper(), text, escaped)


def _plain(each: _Property) -> str:
    if not each.escaped:
        return each.value.replace("\\;", ";").replace("\\,", ",").strip()
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], each.value).strip()


def _parts(each: _Property, sign: str = ";") -> list[str]:
    """The parts of a value, cut where the sign is not escaped."""
    cut = re.split(rf"(?<!\\){sign}", each.value)
    return [_plain(each._replace(value=part)) for part in cut]


def _person(each: _Property) -> str:
    """A name from its parts: family; given; additional; prefixes; suffixes."""
    family, given, *_ = [*_parts(each), "", ""]
    return " ".join(filter(None, (given, family)))


# ---------------------------------------------------------------------- writing


def as_vcard(customer: Customer) -> str:
    """A customer as a card of version 4.0 (RFC 6350), its lines folded."""
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"UID:frontdesk-{customer.id}", f"FN:{_escape(customer.name)}"]
    for identity in customer.identities:
        if identity.kind == "mail":
            lines.append(f"EMAIL:{_escape(identity.value)}")
        elif identity.kind == "phone":
            lines.append(f"TEL:{_escape(identity.value)}")
    tags = (*customer.tags, "vip") if customer.vip and "vip" not in customer.tags else customer.tags
    if tags:
        lines.append(f"CATEGORIES:{','.join(map(_escape, tags))}")
    if customer.language:
        lines.append(f"LANG:{customer.language}")
    if customer.note:
        lines.append(f"NOTE:{_escape(customer.note)}")
    lines.append("END:VCARD")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escape(text: str) -> str:
    text = sanitise(text, LONGEST_NOTE)
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace(",", "\\,").replace(";", "\\;")


def _folded(line: str) -> str:
    """At most 75 octets a line, never within a character (RFC 6350, 3.2)."""
    parts, here, size = [], "", 0
    for one in line:
        octets = len(one.encode())
        if size + octets > 74:
            parts.append(here)
            here, size = "", 0
        here += one
        size += octets
    return "\r\n ".join([*parts, here])

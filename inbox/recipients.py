"""Addresses that mail may be sent to: a strict grammar of our own, narrower than RFC 5322 on purpose.

The lenient parsers around were fooled into further recipients and into new SMTP commands. What does not fit
here is given back as unparsed, shown as such, and never mailed. Left out: quoted local parts, address
literals, comments, groups, routes. Letters outside ASCII before the @ are let in: they need SMTPUTF8 (RFC 6531).
"""

from __future__ import annotations

import re
import unicodedata

from inbox.addresses import LONGEST_LABEL, fold_address
from inbox.model import Address
from inbox.text import one_line

LONGEST_LOCAL = 64
LONGEST_DOMAIN = 253
LONGEST_ADDRESS = 254
"""Octets (RFC 5321, 4.5.3.1)."""

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_WIDE = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+"
_WIDE_LOCAL = re.compile(rf"{_WIDE}(\.{_WIDE})*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", re.IGNORECASE)
_QUOTED_NAME = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
_NOT_IN_A_NAME = re.compile(r'[()<>\[\]:;@\\,"]')
_DOTS = str.maketrans("。．｡", "...")


def mailable(address: str) -> str | None:
    """The form of an address for the envelope: the domain in ASCII, as `xn--…` where needed.

    The part before the @ may hold letters, marks, digits and symbols of other scripts, in NFC. None when
    the address does not fit the grammar and must not be mailed. What is given back holds no blank, no control
    character, none of `<>,:;"()[]\\\\`.
    """
    local, at, domain = address.rpartition("@")
    if not local.isascii():
        local = unicodedata.normalize("NFC", local)
        fits = _WIDE_LOCAL.fullmatch(local) is not None and all(_is_wide(one) for one in local)
    else:
        fits = _LOCAL.fullmatch(local) is not None
    if not at or not fits or len(local.encode("utf-8", "replace")) > LONGEST_LOCAL:
        return None
    in_ascii = ascii_domain(domain)
    if in_ascii is None or len(local.encode()) + 1 + len(in_ascii) > LONGEST_ADDRESS:
        return None
    return f"{local}@{in_ascii}"


def _is_wide(character: str) -> bool:
    """Whether it can stand in a local part: no blank, nothing invisible, no lone surrogate, and no letter that only
    looks like one of the signs that end an address (a full-width @ or >)."""
    if character.isascii():
        return True
    plain = unicodedata.normalize("NFKC", character)
    return unicodedata.category(character)[0] in "LMNS" and (not plain.isascii() or plain.isalnum())


def ascii_domain(domain: str) -> str | None:
    """A domain of at least two labels as the DNS and mail servers write it; None when it is none."""
    labels = [_ascii_label(label) for label in domain.translate(_DOTS).split(".")]
    if len(labels) < 2 or not all(labels):
        return None
    known = [label for label in labels if label]
    whole = ".".join(known)
    # A last label of digits alone would be an IP address.
    return None if len(whole) > LONGEST_DOMAIN or known[-1].isdigit() else whole


def _ascii_label(label: str) -> str | None:
    """One label as the DNS wants it; None when it is none.

    By the rules of IDNA 2008 as far as they keep domains apart: "ß" stays what it is (Python's own codec
    makes "ss" of it, which is somebody else's domain), and only letters, digits and marks are let in.
    """
    if not label.isascii():
        lowered = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", label).lower())
        if not all(unicodedata.category(one)[0] in "LMN" or one == "-" for one in lowered):
            return None
        if unicodedata.category(lowered[0])[0] == "M" or lowered[0] == "-" or lowered[-1] == "-":
            return None
        label = lowered if lowered.isascii() else "xn--" + lowered.encode("punycode").decode("ascii")
    return label if len(label) <= LONGEST_LABEL and _LABEL.fullmatch(label) else None


def parse_recipients(text: str) -> tuple[list[Address], list[str]]:
    """Typed recipients -> (addresses in their order, each once; what could not be read, as it was typed).

    Separated by comma, semicolon or line end: `ann@shop.example, "Lee, Bo" <bo@shop.example>; Cy
    <cy@shop.example>`.
    """
    found: list[Address] = []
    unparsed: list[str] = []
    seen: set[str] = set()
    for piece in pieces(text):
        address = _one(piece)
        if address is None:
            unparsed.append(piece)
        elif fold_address(address.address) not in seen:
            seen.add(fold_address(address.address))
            found.append(address)
    return found, unparsed


def pieces(text: str) -> list[str]:
    """Typed recipients one by one, as typed: cut at separators outside quotation marks, and at every line end."""
    found: list[str] = []
    for line in text.splitlines():
        start, quoted, escaped = 0, False, False
        for at, one in enumerate(line):
            if escaped:
                escaped = False
            elif quoted and one == "\\":
                escaped = True
            elif one == '"':
                quoted = not quoted
            elif one in ",;" and not quoted:
                found.append(line[start:at])
                start = at + 1
        found.append(line[start:])
    return [piece.strip() for piece in found if piece.strip()]


def as_typed(address: Address) -> str:
    """An address with its name as a person would type it; `parse_recipients` reads it again."""
    kept = (one for one in one_line(address.name, LONGEST_ADDRESS) if _may_stand(one) and one not in "<>")
    name = " ".join("".join(kept).split())
    if not name or name == address.address:
        return address.address
    if _NOT_IN_A_NAME.search(name):
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        name = f'"{escaped}"'
    return f"{name} <{address.address}>"


def _one(piece: str) -> Address | None:
    if "<" not in piece:
        return Address("", piece) if mailable(piece) else None
    before, _, rest = piece.partition("<")
    if not rest.endswith(">") or mailable(rest[:-1]) is None:
        return None
    name = _name(before.strip())
    return None if name is None else Address(name, rest[:-1])


def _name(written: str) -> str | None:
    """The display name before an address; None when it is not written as one."""
    quoted = _QUOTED_NAME.fullmatch(written)
    name = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else written
    if quoted is None and _NOT_IN_A_NAME.search(written):
        return None
    if not all(map(_may_stand, name)):
        return None
    return " ".join(name.split())


def _may_stand(one: str) -> bool:
    """Whether a character can be part of a display name."""
    return unicodedata.category(one) not in ("Cc", "Cs", "Co", "Zl", "Zp")

"""A colleague's public key, read strictly, and the line of authorized_keys that lets them in to this inbox and nothing else.

What a line of authorized_keys looks like: sshd(8), AUTHORIZED_KEYS FILE FORMAT. What stands in a key: RFC 4253, section
6.6; RFC 5656, section 3.1; RFC 8709, section 4; and PROTOCOL.u2f of OpenSSH for the keys of hardware tokens.
"""

from __future__ import annotations

import base64
import binascii
import re
import shlex
from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise
from typing import NamedTuple

from inbox.errors import BadUsage
from inbox.text import one_line

LEAST_RSA = 2048
"""Bits of an RSA key at least (NIST SP 800-131A; what OpenSSH makes has 3072)."""
LONGEST = 20_000
"""Characters of a file with a key; an RSA key of 16 384 bits has 2 800."""
_HOW = "Ask for the file that ends in .pub; ssh-keygen -t ed25519 makes both halves of a new key."
_SIZES = {"nistp256": 65, "nistp384": 97, "nistp521": 133}
_ECDSA = {f"ecdsa-sha2-{curve}": curve for curve in _SIZES}
_TYPES = (
    "ssh-ed25519",
    *_ECDSA,
    "ssh-rsa",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
)


class PublicKey(NamedTuple):
    """The public half of a key: its type, as `ssh-ed25519`, and its bytes in base64."""

    kind: str
    blob: str

    @property
    def fingerprint(self) -> str:
        """As `ssh-keygen -l` tells it."""
        digest = sha256(base64.b64decode(self.blob)).digest()
        return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


class Line(NamedTuple):
    """A line of authorized_keys that holds a key: what stands before it, and the words of the command that is forced."""

    options: str
    key: tuple[str, str]
    command: tuple[str, ...]


def read_key(text: str) -> PublicKey:
    """The one key in a text. Raises BadUsage for anything else: a private key, options, several keys, a type or length that
    is not known or too weak."""
    if "PRIVATE KEY" in text or text.startswith("PuTTY-User-Key"):
        raise BadUsage("That is the private half of a key: it must never leave its owner.", _HOW)
    if len(text) > LONGEST or re.search(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]", text.strip("\r\n")):
        several = sum(any(kind in line for kind in _TYPES) for line in text.splitlines()) > 1
        what = (
            "There are several keys; one is taken at a time."
            if several
            else "That is no public key: it is one line."
        )
        raise BadUsage(what, _HOW)
    words = text.split(maxsplit=2)
    kind = words[0] if words else ""
    if kind not in _TYPES:
        if any(known in text.split() for known in _TYPES):
            raise BadUsage(
                "Something stands before the key; what a key may do is decided here.",
                f"Give the key alone, from its type on ({', '.join(_TYPES[:2])} …).",
            )
        shown = f" of the type {one_line(kind, 40)!r}" if kind and kind.startswith("ssh-") else ""
        raise BadUsage(
            f"That is no public key{shown} that is taken here.", f"Taken: {', '.join(_TYPES)}. {_HOW}"
        )
    try:
        blob = base64.b64decode(words[1] if len(words) > 1 else "", validate=True)
        _check(kind, blob)
    except (ValueError, binascii.Error, IndexError) as error:
        why = (
            str(error) if isinstance(error, _Weak) else "The key is damaged: its letters do not fit its type."
        )
        raise BadUsage(why, _HOW) from None
    return PublicKey(kind, base64.b64encode(blob).decode())


def line_for(key: PublicKey, command: Sequence[str], name: str) -> str:
    """The line that lets this key in: it runs the command as `name` and nothing else, without forwarding, with a terminal.

    Raises BadUsage where a word of the command cannot stand in a line.
    """
    words = shlex.join(command)
    if re.search(r"[\x00-\x1f\x7f]", words + name):
        raise BadUsage("A name or folder holds a control character: no line can be made of it.", "")
    quoted = words.replace('"', '\\"')
    return f'restrict,pty,command="{quoted}" {key.kind} {key.blob} {name}'


def person_of(line: Line, workspace: str) -> str | None:
    """Whom a line lets in to this workspace, by the command it forces; None where it is none of ours."""
    named = dict(pairwise(line.command))
    return named.get("--as") if named.get("--workspace") == workspace else None


def read_line(text: str) -> Line | None:
    """What a line of authorized_keys says; None for one without a key that is known here."""
    text = text.strip()
    if not text or text.startswith("#"):
        return None
    options, rest = ("", text) if text.split()[0] in _TYPES else _options(text)
    words = rest.split()
    if len(words) < 2 or words[0] not in _TYPES:
        return None
    found = re.search(r'(?:^|,)command="((?:\\"|[^"])*)"', options, re.IGNORECASE)
    try:
        command = tuple(shlex.split(found[1].replace('\\"', '"'))) if found else ()
    except ValueError:
        command = ()
    return Line(options, (words[0], words[1].rstrip("=")), command)


def _options(text: str) -> tuple[str, str]:
    """The options before a key, and the rest; blanks within quotes belong to them."""
    quoted, at = False, 0
    while at < len(text) and (quoted or text[at] not in " \t"):
        if text.startswith('\\"', at):
            at += 1
        elif text[at] == '"':
            quoted = not quoted
        at += 1
    return text[:at], text[at:]


class _Weak(ValueError):
    """A key that can be read and is not strong enough."""


def _check(kind: str, blob: bytes) -> None:
    """Raise ValueError where the bytes are no key of this type, whole and with nothing after it."""
    parts = _strings(blob)
    if parts[0] != kind.encode():
        raise ValueError(kind)
    body = parts[1:]
    token = kind.startswith("sk-")
    if token and not body.pop():  # the application, as "ssh:"
        raise ValueError(kind)
    if kind == "ssh-rsa":
        _check_rsa(body)
    elif kind.endswith(("ssh-ed25519", "ssh-ed25519@openssh.com")):
        if [len(part) for part in body] != [32]:
            raise ValueError(kind)
    else:
        curve = "nistp256" if token else _ECDSA[kind]
        point = body[1]
        if body[0] != curve.encode() or len(body) != 2 or len(point) != _SIZES[curve] or point[0] != 4:
            raise ValueError(kind)


def _check_rsa(body: Sequence[bytes]) -> None:
    exponent, modulus = body
    bits = int.from_bytes(modulus, "big").bit_length()
    if (
        not exponent
        or not modulus
        or exponent[0] & 0x80
        or modulus[0] & 0x80
        or not exponent[-1] & 1
        or bits > 16_384
    ):
        raise ValueError("ssh-rsa")
    if bits < LEAST_RSA:
        raise _Weak(f"The RSA key has {bits} bits; {LEAST_RSA} is the least.")


def _strings(blob: bytes) -> list[bytes]:
    """The strings one after the other that a key is made of; each has its length before it, and nothing is left over."""
    parts: list[bytes] = []
    at = 0
    while at < len(blob):
        size = int.from_bytes(blob[at : at + 4], "big")
        part = blob[at + 4 : at + 4 + size]
        if at + 4 > len(blob) or len(part) != size:
            raise ValueError("a key that is cut")
        parts.append(part)
        at += 4 + size
    if not parts:
        raise ValueError("no key")
    return parts

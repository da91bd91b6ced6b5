"""A message of ours as bytes, and the proof that they say what was meant.

The header is written by hand, field by field, from cleaned one-line strings and ASCII alone: no object of a received
message is ever copied, and nothing a stranger wrote can become a line of its own. What was built is read again by
another reader and compared (`verify_built`) before it may be queued.
"""

from __future__ import annotations

import base64
import quopri
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from io import BytesIO
from urllib.parse import quote as percent_encode

from inbox.answering import LONGEST_NAME, LONGEST_SUBJECT
from inbox.errors import NotDone
from inbox.flowed import flow
from inbox.model import Address, Instant
from inbox.recipients import mailable
from inbox.text import one_line

FOLD_AT = 76
"""Characters after which a header line is folded where it can be (RFC 5322, 2.1.1, wants at most 78)."""

LONGEST_LINE = 998
"""Characters of a line, without its end, that every server must take (RFC 5322, 2.1.1)."""

REFERENCES = 40
"""Ids kept in References: the first, which is the conversation, and the last ones."""

LONGEST_FILE_NAME = 120
"""Characters of an attachment's name."""

_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_WORD_BYTES = 42
"""Bytes of text in one encoded word: 56 characters of base64 and 12 around them are under 75 (RFC 2047, 2)."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a message: its name as shown, its type ("application/pdf"), its bytes."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """All that a message of ours says. `text` is what was written, the quote included; wrapping happens here.

    automatic: "auto-replied" or "auto-generated" when no person wrote it (RFC 3834), so that no machine answers.
    html: the same text as HTML, sent beside it. unsubscribe: our address to which somebody writes who wants no more of this
    kind (RFC 2369); who presses that in their mail program sends STOP there.
    """

    sender: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    message_id: str
    date: Instant
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    reply_to: Address | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    html: str | None = None
    attachments: tuple[Enclosure, ...] = ()
    automatic: str = ""
    unsubscribe: str = ""


def new_message_id(domain: str, random_bits: int) -> str:
    """A Message-ID from 128 random bits, made by the caller; `domain` is that of our address.

    Raises ValueError when the bits are out of range and NotDone when the domain is none.
    """
    if not 0 <= random_bits < 1 << 128:
        raise ValueError("a Message-ID is made of 128 bits")
    address = mailable(f"id@{domain}")
    if address is None:
        raise NotDone(
            f"{one_line(domain)} is no mail domain.", "Check the address of the mailbox in the settings."
        )
    return f"<{random_bits:032x}{address[2:]}>"


def envelope(outgoing: Outgoing) -> tuple[str, ...]:
    """The addresses the servers are told, in their ASCII form, each once; Bcc is here and nowhere else."""
    wanted = (*outgoing.to, *outgoing.cc, *outgoing.bcc)
    return tuple(dict.fromkeys(_mailable(address) for address in wanted))


def needs_utf8(outgoing: Outgoing) -> bool:
    """Whether an address in it has letters outside ASCII before its @."""
    addresses = (outgoing.sender, *outgoing.to, *outgoing.cc, *outgoing.bcc)
    return not all(_mailable(address).isascii() for address in addresses)


def build(outgoing: Outgoing) -> bytes:
    """The message, lines ended by CRLF, 7-bit throughout but for addresses that need more.

    Besides the message itself nothing of its size is held. Raises NotDone when somebody in it cannot be mailed.
    """
    if not envelope(outgoing):
        raise NotDone("The message has no recipient.", "Name at least one in To, Cc or Bcc.")
    head = [f"{name}: {value}" for name, value in _written(outgoing)]
    whole = BytesIO()
    whole.write(_crlf("\n".join([*head, "MIME-Version: 1.0", ""])))
    for piece in _body(outgoing):
        whole.write(piece)
    return whole.getvalue()


# ---------------------------------------------------------------------- the header


def expected_fields(outgoing: Outgoing) -> dict[str, str]:
    """What each field says once read and decoded, in the order of the header, MIME fields left out."""
    fields = {
        "From": _shown([outgoing.sender]),
        "To": _shown(outgoing.to),
        "Cc": _shown(outgoing.cc),
        "Reply-To": _shown([outgoing.reply_to] if outgoing.reply_to else []),
        "Subject": one_line(outgoing.subject, LONGEST_SUBJECT),
        "Date": format_datetime(datetime.fromtimestamp(outgoing.date, UTC)),
        "Message-ID": _own_id(outgoing.message_id),
        "In-Reply-To": " ".join(_ids([outgoing.in_reply_to or ""])),
        "References": " ".join(_ids(outgoing.references)),
        "Auto-Submitted": outgoing.automatic
        if outgoing.automatic in ("auto-replied", "auto-generated")
        else "",
        "List-Unsubscribe": f"<mailto:{percent_encode(outgoing.unsubscribe, safe='@')}?subject=STOP>"
        if outgoing.unsubscribe
        else "",
    }
    return {name: value for name, value in fields.items() if value or name == "Subject"}


def _written(outgoing: Outgoing) -> Iterator[tuple[str, str]]:
    """The same fields as they stand in the bytes: encoded and folded."""
    lists = {"From": [outgoing.sender], "To": outgoing.to, "Cc": outgoing.cc}
    lists["Reply-To"] = [outgoing.reply_to] if outgoing.reply_to else []
    for name, value in expected_fields(outgoing).items():
        if name in lists:
            yield name, ",\n ".join(_address(address) for address in lists[name])
        elif name == "Subject":
            yield name, _unstructured(value, len("Subject: "))
        else:
            yield name, value.replace(" ", "\n ") if name == "References" else value


def _shown(addresses: Iterable[Address]) -> str:
    return ", ".join(f"{name_shown(address)} <{_mailable(address)}>".strip() for address in addresses)


def name_shown(address: Address) -> str:
    """The display name as it goes out: one clean line, "" when it is only the address once more."""
    name = one_line(address.name, LONGEST_NAME)
    return "" if name == address.address else name


def _address(address: Address) -> str:
    name = name_shown(address)
    if not name:
        return f"<{_mailable(address)}>"
    if not name.isascii() or "=?" in name:
        return f"{_encoded(name)} <{_mailable(address)}>"
    if not _ATOMS.fullmatch(name):
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        name = f'"{escaped}"'
    return f"{name} <{_mailable(address)}>"


def _mailable(address: Address) -> str:
    heard_as = mailable(address.address)
    if heard_as is None:
        raise NotDone(
            f"{one_line(address.address) or 'An empty address'} cannot be mailed.",
            "Correct the address, or take it out.",
        )
    return heard_as


def _unstructured(value: str, used: int) -> str:
    if not value.isascii() or "=?" in value:
        return _encoded(value)
    folded: list[str] = []
    line = ""
    for word in value.split(" "):
        if line and used + len(line) + 1 + len(word) > FOLD_AT:
            folded.append(line)
            line, used = word, 1
        else:
            line = f"{line} {word}" if line else word
    return "\n ".join([*folded, line])


def _encoded(value: str) -> str:
    """Encoded words in UTF-8, cut between characters, one a line (RFC 2047)."""
    words: list[bytes] = [b""]
    for character in value:
        data = character.encode()
        if len(words[-1]) + len(data) > _WORD_BYTES:
            words.append(b"")
        words[-1] += data
    return "\n ".join(f"=?utf-8?B?{base64.b64encode(word).decode()}?=" for word in words)


def _own_id(message_id: str) -> str:
    if not _ids([message_id]):
        raise NotDone(
            "The message has no Message-ID of the right form.", "This is a fault of Frontdesk: report it."
        )
    return message_id


def _ids(ids: Sequence[str]) -> list[str]:
    """Those that are ids and nothing else; all is said with at most REFERENCES of them."""
    good = [one for one in dict.fromkeys(ids) if _ID.fullmatch(one) and "=?" not in one]
    return good if len(good) <= REFERENCES else [good[0], *good[-(REFERENCES - 1) :]]


# ---------------------------------------------------------------------- the body


def _body(outgoing: Outgoing) -> Iterator[bytes]:
    """Content fields, a blank line and content, in pieces; lines end in CRLF."""
    # "=_" cannot stand in base64 or quoted-printable, so no boundary is ever part of a content (RFC 2045, 6.7).
    boundary = "=_" + sha256(outgoing.message_id.encode()).hexdigest()[:32]
    text = _text_part("plain", flow(outgoing.text), "; format=flowed")
    if outgoing.html is not None:
        parts = (text, _text_part("html", outgoing.html, ""))
        inside = "".join(f"--{boundary}a\n{part}\n" for part in parts)
        text = f"{_multipart('alternative', boundary + 'a')}{inside}--{boundary}a--\n"
    if not outgoing.attachments:
        yield _crlf(text)
        return
    yield _crlf(f"{_multipart('mixed', boundary + 'm')}--{boundary}m\n{text}\n")
    for file in outgoing.attachments:
        yield _crlf(f"--{boundary}m\n{_file_head(file)}")
        for start in range(0, len(file.content), _PIECE):
            piece = base64.encodebytes(memoryview(file.content)[start : start + _PIECE])
            yield piece.replace(b"\n", b"\r\n")
        yield b"\r\n"
    yield _crlf(f"--{boundary}m--\n")


_PIECE = 57 * 4096
"""Bytes of a file that are encoded at once: whole lines of 57, which are 76 characters of base64."""


def _multipart(kind: str, boundary: str) -> str:
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n'


def _text_part(kind: str, text: str, more: str) -> str:
    data = re.sub(r"\r\n?", "\n", text).encode("utf-8", "replace")
    easy = data.isascii() and b"=_" not in data and all(len(line) <= FOLD_AT for line in data.split(b"\n"))
    if easy:
        coding, content = "7bit", data
    else:
        printable, packed = quopri.encodestring(data), base64.encodebytes(_crlf(text))
        coding, content = min(
            ("quoted-printable", printable), ("base64", packed), key=lambda coded: len(coded[1])
        )
    charset = "us-ascii" if data.isascii() else "utf-8"
    return (
        f"Content-Type: text/{kind}; charset={charset}{more}\nContent-Transfer-Encoding: {coding}\n\n"
        f"{content.decode('ascii')}"
    )


def _file_head(file: Enclosure) -> str:
    kind = file.type.lower()
    # A message or multipart must not be base64 (RFC 2045, 6.4); as plain bytes it arrives unchanged.
    if not _TYPE.fullmatch(kind) or kind.startswith(("message/", "multipart/")):
        kind = "application/octet-stream"
    name = file_name(file.name)
    plain = name if re.fullmatch(r"[A-Za-z0-9 ._()+,=@-]+", name) else None
    named = f'filename="{plain}"' if plain else f"filename*=utf-8''{percent_encode(name, safe='')}"
    return (
        f"Content-Type: {kind}\nContent-Disposition: attachment;\n {named}\n"
        "Content-Transfer-Encoding: base64\n\n"
    )


def file_name(name: str) -> str:
    """The name of an attachment as it goes out: one clean line without folders, its ending kept."""
    clean = one_line(re.split(r"[/\\]", name)[-1], LONGEST_FILE_NAME).strip(". ") or "file"
    while len(percent_encode(clean, safe="")) > LONGEST_LINE - 50:
        stem, dot, ending = clean.rpartition(".")
        clean = f"{stem[:-1]}{dot}{ending}" if stem else clean[:-1]
    return clean


def _crlf(text: str) -> bytes:
    return re.sub(r"\r\n?|\n", "\r\n", text).encode("utf-8", "replace")

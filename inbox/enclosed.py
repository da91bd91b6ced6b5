"""What stands within the parts of a mail: Outlook's winmail.dat unpacked, invitations in words, mails within a mail.

Only what is needed for reading is opened here; everything stays an attachment besides. Nothing raises.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from inbox.addressing import read_addresses
from inbox.bodies import Body, read_body, with_footnotes
from inbox.model import Attachment
from inbox.parts import Part, read_parts
from inbox.text import one_line
from inbox.tnef import Packed, unpack

MOST_MAILS = 10
"""Mails within a mail that are shown when it says nothing itself."""

MARK = "---------- Forwarded message ----------"
_DEEPEST = 3
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
CALENDARS = ("text/calendar", "application/ics", "text/x-vcalendar")
"""Types of calendars."""

_MAILS = ("message/rfc822", "message/global", "message/partial")
_OPENED = (*_TNEF, *CALENDARS, *_MAILS, "message/external-body")


def read_enclosed(raw: bytes, root: Part, body: Body, oddities: list[str], depth: int = 0) -> str:
    """What the calendars of a mail say, "" when it has none. A mail without words gets those of what it encloses."""
    if not any(each.type in _OPENED or is_tnef(each.type, each.name) for each in body.attachments):
        return ""
    leaves = root.leaves()
    told: list[str] = []
    for leaf in leaves:
        if is_tnef(leaf.type, leaf.filename):
            _unpack(raw, leaf, body, oddities)
        elif leaf.type in CALENDARS and len(told) < MOST_MAILS:
            from inbox.invitations import in_words

            words = in_words(leaf.content(raw, []), leaf.charset, with_description=not body.text)
            if words and words not in told:
                told.append(words)
        elif leaf.type == "message/partial":
            number, total = leaf.parameters.get("number", "?"), leaf.parameters.get("total", "?")
            oddities.append(
                f"the mail is piece {one_line(number, 10)} of {one_line(total, 10)} of a larger one"
            )
        elif leaf.type == "message/external-body":
            where = (
                leaf.parameters.get("url") or leaf.parameters.get("site") or leaf.parameters.get("name", "")
            )
            oddities.append(f"an attachment is not in the mail but elsewhere: {one_line(where, 120)}")
    if not body.text and not told and depth < _DEEPEST:
        mails = [leaf for leaf in leaves if leaf.type in _MAILS][:MOST_MAILS]
        body.text = "\n\n".join(_mail_in_words(leaf.content(raw, []), depth) for leaf in mails)
    return "\n\n".join(told)


def is_tnef(kind: str, name: str | None) -> bool:
    """Whether a part of this type and name is a winmail.dat."""
    return kind in _TNEF or (kind == "application/octet-stream" and (name or "").lower() == "winmail.dat")


def _unpack(raw: bytes, leaf: Part, body: Body, oddities: list[str]) -> None:
    """Add what is packed in a winmail.dat behind it, and its text where the mail has none."""
    packed = unpack(leaf.content(raw, []))
    if packed is None:
        oddities.append("winmail.dat (TNEF) is attached and cannot be unpacked")
        return
    files = [Attachment(name, kind, len(data)) for name, kind, data in _files(packed)]
    at = next(
        (
            at
            for at, each in enumerate(body.attachments, 1)
            if (each.name, each.type) == (leaf.filename, leaf.type)
        ),
        len(body.attachments),
    )
    body.attachments[at:at] = files
    count = "1 file was" if len(files) == 1 else f"{len(files)} files were"
    oddities.append(f"Outlook packed the mail in winmail.dat (TNEF): {count} found in it")
    if not packed.complete:
        oddities.append("winmail.dat (TNEF) is not whole: some of it may be missing")
    if not body.text:
        body.text, body.links = _text_of(packed)


def _text_of(packed: Packed) -> tuple[str, tuple[str, ...]]:
    if packed.text.strip():
        return packed.text.replace("\r\n", "\n").replace("\r", "\n").strip(), ()
    if packed.html.strip():
        from inbox.charsets import decode
        from inbox.web.text import to_text

        page = to_text(decode(packed.html[:1_000_000], packed.html_charset)[0], 1, [])
        if page.text.strip():
            return page.text.strip(), page.links
    if packed.rtf:
        from inbox.rtf import rtf_to_text, unpacked

        return rtf_to_text(unpacked(packed.rtf)), ()
    return "", ()


def _files(packed: Packed) -> Iterator[tuple[str | None, str, bytes]]:
    """Name, type and bytes of each file."""
    from mimetypes import guess_type

    for file in packed.files:
        name = one_line(file.name, 255) if file.name else None
        kind = file.type if "/" in file.type else guess_type(name or "")[0]
        if file.is_mail:
            kind = "application/ms-tnef"
        yield name or None, one_line(kind or "application/octet-stream", 100), file.data


def _mail_in_words(inner: bytes, depth: int) -> str:
    """A mail within a mail, under the lines that say whose it is."""
    root = read_parts(inner, [])
    lines = [MARK]
    for label in ("From", "Date", "Subject", "To", "Cc"):
        if label in ("Date", "Subject"):
            said = root.fields.decoded(label.lower())
        else:
            people = read_addresses(root.fields.get(label.lower()), [])
            said = ", ".join(
                f"{each.name} <{each.address}>" if each.name else each.address for each in people
            )
        if said:
            lines.append(f"{label}: {one_line(said, 500)}")
    body = read_body(inner, root, sha256(), [])
    told = read_enclosed(inner, root, body, [], depth + 1)
    return "\n".join([*lines, "", with_footnotes(body.text, body), told]).rstrip()

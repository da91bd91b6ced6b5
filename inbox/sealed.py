"""Mail in an envelope of its own: PGP and S/MIME, said to be such; nothing is decrypted or verified.

Only what S/MIME signs without encrypting (RFC 8551, 3.5.2) is taken out, or a customer's mail could not be read.
"""

from __future__ import annotations

from collections.abc import Iterator

from inbox.parts import Part

_PKCS7 = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")  # object identifiers of RFC 5652
_DATA = bytes.fromhex("2a864886f70d010701")
_OBJECT_IDENTIFIER, _OCTETS, _OCTETS_IN_PIECES, _END, _CONTENT = 0x06, 0x04, 0x24, 0x00, 0xA0
_MOST_ELEMENTS = 100_000


def seals(root: Part, text: str) -> list[str]:
    """What of a mail cannot be read here, and why, in words."""
    said: list[str] = []
    if root.type == "multipart/encrypted":
        said.append("the mail is encrypted with PGP: it cannot be read here")
    for leaf in root.leaves():
        if _is_pkcs7(leaf) and leaf.parameters.get("smime-type", "").lower() != "signed-data":
            said.append("the mail is encrypted with S/MIME: it cannot be read here")
    if "-----BEGIN PGP MESSAGE-----" in text:
        said.append("the text is encrypted with PGP: it cannot be read here")
    return said


def _is_pkcs7(part: Part) -> bool:
    named = (part.filename or "").lower().endswith(".p7m")
    return part.type in _PKCS7 or (named and part.type == "application/octet-stream")


def signed_content(raw: bytes, root: Part) -> bytes | None:
    """The mail within an S/MIME mail that is signed and not encrypted; None for any other mail."""
    if not _is_pkcs7(root):
        return None
    wanted = iter((_SIGNED_DATA, _DATA))
    waiting_for: bytes | None = next(wanted)
    pieces: list[bytes] = []
    for tag, value in _elements(root.content(raw, [])):
        if waiting_for is not None:
            if tag == _OBJECT_IDENTIFIER and value == waiting_for:
                waiting_for = next(wanted, None)
        elif tag == _OCTETS:
            pieces.append(value)
        elif tag not in (_CONTENT, _OCTETS_IN_PIECES, _END):
            break
    return b"".join(pieces) or None


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and value of each element of a BER encoding (X.690) in order, those within others after them."""
    at = 0
    for _ in range(_MOST_ELEMENTS):
        if at + 2 > len(data):
            return
        tag, length = data[at], data[at + 1]
        at += 2
        if length > 0x80:
            count = length & 0x7F
            length = int.from_bytes(data[at : at + min(count, 8)], "big")
            at += count
        elif length == 0x80:
            length = 0  # of unknown length: it ends with an end mark
        if tag & 0x20:
            yield tag, b""
        else:
            yield tag, data[at : at + length]
            at += length

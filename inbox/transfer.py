"""Transfer encodings (RFC 2045, 6; uuencode; yEnc) decoded as far as they go; nothing here raises.

Real mail breaks them in a few ways that a reader sees at once: padding is lost, blocks are strung together, a mailing
list adds its footer below the base64 of the text, or a text says it is base64 and is not.
"""

from __future__ import annotations

import re
from binascii import Error as BinasciiError
from binascii import a2b_base64, a2b_uu

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_PADDED = re.compile(rb"=+[\s=]*")
_OF_PROSE = re.compile(rb"\S[ \t]+\S|__|--")
_PROSE_SHARE = 10
_UU_LINE = re.compile(rb"[!-`][ -`]*\Z")
_YENC_PARTS = re.compile(rb"(?m)^=y(?:begin|part|end)[^\n]*\n?")
_YENC_ESCAPE = re.compile(rb"=(.)", re.DOTALL)
_YENC_TABLE = bytes((byte - 42) % 256 for byte in range(256))


def from_base64(data: bytes | memoryview) -> bytes:
    """Base64 decoded: foreign characters skipped, missing padding added."""
    try:
        return a2b_base64(data)
    except BinasciiError:
        return _loosely(bytes(data))


def _loosely(data: bytes) -> bytes:
    clean = _NOT_BASE64.sub(b"", data)
    whole = len(clean) - len(clean) % 4
    rest = clean[whole:]
    return a2b_base64(clean[:whole] + (rest + b"==="[: 4 - len(rest)] if len(rest) > 1 else b""))


def text_from_base64(data: bytes) -> tuple[bytes, str | None]:
    """Base64 that stands for text, and what was odd about it in words, or None.

    Lines of prose at the beginning mean that it is no base64; below it, that somebody added a footer.
    """
    foreign = data.translate(None, _ALPHABET + b" \t\r\n=")
    padding = data.find(b"=")
    if not foreign and (padding < 0 or not data[padding:].strip(b"= \t\r\n")):
        return from_base64(data), None
    encoded: list[bytes] = []
    lines = data.split(b"\n")
    for number, line in enumerate(lines):
        if _is_prose(line):
            footer = b"\n".join(lines[number:])
            if not encoded:
                return footer, "the text says it is base64 and is not: shown as it came"
            return _blocks(
                b"\n".join(encoded)
            ) + b"\n" + footer, "text was added below the base64 of the text"
        if encoded or line.strip():
            encoded.append(line)
    if foreign.strip(b"-_") == b"":
        data = data.replace(b"-", b"+").replace(b"_", b"/")
        return _blocks(data), None
    return _blocks(data), "foreign characters stand in the base64 of the text" if foreign else None


def _is_prose(line: bytes) -> bool:
    foreign = len(line.translate(None, _ALPHABET + b" \t\r\n=-_"))
    return bool(_OF_PROSE.search(line)) or foreign * _PROSE_SHARE > 4 * len(line)


def _blocks(data: bytes) -> bytes:
    """Blocks of base64 that were strung together, each with its own padding."""
    return b"".join(map(_loosely, _PADDED.split(data)))


def from_uu(data: bytes) -> bytes:
    """The file within uuencoded lines, with or without `begin` and `end`; other lines are left out."""
    out = bytearray()
    for line in data.splitlines():
        if not line or line.startswith(b"begin "):
            continue
        if line.strip() == b"end":
            break
        try:
            out += a2b_uu(line)
        except BinasciiError:
            try:  # some encoders add a checksum
                out += a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3])
            except BinasciiError:
                continue
    return bytes(out)


def is_uu_line(line: bytes) -> bool:
    """Whether a line is uuencoded: as long as its first character says, give or take padding and a checksum."""
    if not _UU_LINE.match(line):
        return False
    wanted = (((line[0] - 32) & 63) + 2) // 3 * 4
    return -3 <= len(line) - 1 - wanted <= 2


def from_yenc(data: bytes) -> bytes:
    """The bytes within yEnc's lines (yenc.org, draft 1.3)."""
    plain = _YENC_PARTS.sub(b"", data).translate(None, b"\r\n")
    return _YENC_ESCAPE.sub(lambda hit: bytes([(hit[1][0] - 64) % 256]), plain).translate(_YENC_TABLE)

"""What Outlook packs into winmail.dat: its text and its files (MS-OXTNEF); nothing here raises.

An own reader, one pass over the bytes: the published one copies what is left for every attribute it reads, so that a
hostile file of a few megabytes takes hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from inbox.charsets import codec

SIGNATURE = b"\x78\x9f\x3e\x22"
MOST_FILES = 100
"""Files that are taken out of one winmail.dat."""

_BLANK = b"\0\r\n "
_MOST_ATTRIBUTES = 20_000
_MOST_PROPERTIES = 5_000
_OF_FILE = 2  # the level of attributes that belong to the file that was begun last
_BODY, _MESSAGE_PROPERTIES, _CODEPAGE = 0x0002800C, 0x00069003, 0x00069007
_FILE_BEGINS, _FILE_TITLE, _FILE_DATA, _FILE_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_P_BODY, _P_RTF, _P_HTML, _P_INTERNET_CODEPAGE = 0x1000, 0x1009, 0x1013, 0x3FDE
_P_LONG_NAME, _P_NAME, _P_SHOWN, _P_TYPE, _P_DATA = 0x3707, 0x3704, 0x3001, 0x370E, 0x3701
_SIZES = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_STRING8, _UNICODE, _OBJECT, _BINARY = 0x1E, 0x1F, 0xD, 0x102
_SEVERAL = 0x1000
_HELD_MAIL = bytes.fromhex("0703020000000000c000000000000046")  # IID_IMessage: a mail within, packed again


@dataclass(slots=True)
class PackedFile:
    """A file within: its name (None when none), its type as Outlook says or "", what it holds; is it a mail, packed
    again?"""

    name: str | None = None
    type: str = ""
    data: bytes = b""
    is_mail: bool = False


@dataclass(slots=True)
class Packed:
    """What stands in a winmail.dat: plain text, HTML, RTF (compressed still), each empty when there is none; files."""

    text: str = ""
    html: bytes = b""
    html_charset: str | None = None
    rtf: bytes = b""
    files: list[PackedFile] = field(default_factory=list)
    complete: bool = True


def unpack(data: bytes) -> Packed | None:
    """Everything that can be read of it; `complete` tells whether it ends where it says. None when it is no TNEF."""
    if not data.startswith(SIGNATURE):
        return None
    packed = Packed()
    charset = "cp1252"
    at = 6
    for _ in range(_MOST_ATTRIBUTES):
        if at + 9 > len(data):
            if at > len(data) or data[at:].strip(_BLANK):
                packed.complete = False
            break
        level, kind = data[at], int.from_bytes(data[at + 1 : at + 5], "little")
        length = int.from_bytes(data[at + 5 : at + 9], "little")
        start = at + 9
        at = start + length + 2  # the checksum is not looked at
        value = memoryview(data)[start : start + length]
        if level == _OF_FILE:
            _add_to_file(packed, kind, value, charset)
        elif kind == _CODEPAGE:
            charset = codec(f"cp{int.from_bytes(value[:4], 'little')}") or charset
        elif kind == _BODY and not packed.text:
            packed.text = _text(value, charset)
        elif kind == _MESSAGE_PROPERTIES:
            _read_message(packed, value, charset)
    else:
        packed.complete = False
    return packed


def _add_to_file(packed: Packed, kind: int, value: memoryview, charset: str) -> None:
    if kind == _FILE_BEGINS:
        if len(packed.files) < MOST_FILES:
            packed.files.append(PackedFile())
        else:
            packed.complete = False
        return
    if not packed.files:
        return
    file = packed.files[-1]
    if kind == _FILE_TITLE and file.name is None:
        file.name = _text(value, charset) or None
    elif kind == _FILE_DATA:
        file.data = bytes(value)
    elif kind == _FILE_PROPERTIES:
        names: dict[int, str] = {}
        for tag, kind_of, found in _properties(value):
            if tag in (_P_LONG_NAME, _P_NAME, _P_SHOWN):
                names[tag] = _string(found, kind_of, charset)
            elif tag == _P_TYPE:
                file.type = _string(found, kind_of, charset).lower()
            elif tag == _P_DATA and not file.data:
                file.is_mail = found[:16] == _HELD_MAIL
                file.data = bytes(found[16:] if file.is_mail or kind_of == _OBJECT else found)
        file.name = names.get(_P_LONG_NAME) or names.get(_P_NAME) or file.name or names.get(_P_SHOWN)


def _read_message(packed: Packed, value: memoryview, charset: str) -> None:
    for tag, kind, found in _properties(value):
        if tag == _P_BODY:
            packed.text = _string(found, kind, charset) or packed.text
        elif tag == _P_HTML:
            packed.html = _string(found, kind, charset).encode() if kind == _UNICODE else bytes(found)
        elif tag == _P_RTF:
            packed.rtf = bytes(found)
        elif tag == _P_INTERNET_CODEPAGE:
            packed.html_charset = codec(f"cp{int.from_bytes(found[:4], 'little')}")


def _properties(data: memoryview) -> Iterator[tuple[int, int, memoryview]]:
    """Tag, type and (first) value of each MAPI property, up to the first that does not fit."""
    at = 4
    for _ in range(min(int.from_bytes(data[:4], "little"), _MOST_PROPERTIES)):
        if at + 4 > len(data):
            return
        kind, tag = (
            int.from_bytes(data[at : at + 2], "little"),
            int.from_bytes(data[at + 2 : at + 4], "little"),
        )
        at += 4
        if tag >= 0x8000:  # a named property: a GUID, then a number or a name
            named = int.from_bytes(data[at + 16 : at + 20], "little")
            at += 20
            if named:
                at += _padded(int.from_bytes(data[at : at + 4], "little"))
            at += 4
        several, kind = bool(kind & _SEVERAL), kind & ~_SEVERAL
        varies = kind in (_STRING8, _UNICODE, _OBJECT, _BINARY)
        count = 1
        if several or varies:
            count = int.from_bytes(data[at : at + 4], "little")
            at += 4
        if not varies:
            size = _SIZES.get(kind)
            if size is None:
                return
            yield tag, kind, data[at : at + size]
            at += size * count
            continue
        first: memoryview | None = None
        for _ in range(min(count, _MOST_PROPERTIES)):
            length = int.from_bytes(data[at : at + 4], "little")
            at += 4
            if at + length > len(data):
                return
            first = data[at : at + length] if first is None else first
            at += _padded(length)
        if first is not None:
            yield tag, kind, first


def _padded(length: int) -> int:
    return length + -length % 4


def _string(value: memoryview, kind: int, charset: str) -> str:
    if kind == _UNICODE:
        return bytes(value).decode("utf-16-le", "replace").replace("\0", "")
    return _text(value, charset)


def _text(value: memoryview, charset: str) -> str:
    return bytes(value).decode(charset, "replace").replace("\0", "")

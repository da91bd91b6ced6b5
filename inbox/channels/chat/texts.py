"""Transcripts that are plain text: decoded, and taken apart into lines, however long they are."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from typing import IO

from inbox.channels.chat.sources import Source
from inbox.chats import Oddities
from inbox.errors import NotDone

LONGEST = 1 << 20
"""Bytes of one line; what is longer is kept so far."""
CHUNK = 1 << 18
"""Bytes read at once."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MARKS = dict.fromkeys(
    (0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0xFEFF)
)


def encoding_of(head: bytes) -> tuple[str, int]:
    """How a text is written, by its first bytes, and how many of them only say so: a mark, zeros of UTF-16 without one,
    else UTF-8."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, len(mark)
    if len(head) > 3 and head[1] == 0 and head[3] == 0 and head[0] and head[2]:
        return "utf-16-le", 0
    if len(head) > 3 and head[0] == 0 and head[2] == 0 and head[1] and head[3]:
        return "utf-16-be", 0
    return "utf-8", 0


def beginnings(source: Source, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The first lines of each file as text, with its name; what cannot be read is left out."""
    for name in names:
        try:
            head = source.head(name)
        except NotDone:
            continue
        encoding, skip = encoding_of(head)
        yield name, head[skip:].decode(encoding, "replace")


def lines(file: IO[bytes], oddities: Oddities, ends: bool = False) -> Iterator[tuple[int, str]]:
    """Every line with its number from 1, without its end; a line ends with \\n or \\r\\n alone, for people write all else.

    What is no UTF-8 is read as Windows-1252, and said; a line beyond `LONGEST` is cut, and said; and so is, where each line
    `ends`, a last one that does not: the file may have been cut off in it.
    """
    first = file.read(4)
    encoding, skip = encoding_of(first)
    number = 0
    end = "\n".encode(encoding)
    is_ended = True
    for block in _blocks(file, first[skip:], end, encoding):
        is_ended = block.endswith(end)
        for text in _decoded(block, encoding, number, oddities):
            number += 1
            if len(text) > LONGEST - 4:
                oddities.say(f"line {number} is longer than {LONGEST >> 10} KB: only its beginning was kept")
            if ends and not is_ended and text:
                oddities.say(f"line {number}, the last, has no end: the file may be cut off in it")
            yield number, text[:LONGEST].removesuffix("\r")


def _blocks(file: IO[bytes], first: bytes, end: bytes, encoding: str) -> Iterator[bytes]:
    """The bytes of a file in pieces of whole lines. What follows the beginning of a line that is too long is passed over."""
    rest, passing = first, False
    while chunk := file.read(CHUNK):
        if passing:
            at = _place(chunk, end)
            if at < 0:
                continue
            chunk, passing = chunk[at:], False
        whole = rest + chunk
        at = _place(whole, end, last=True)
        cut = at + len(end) if at >= 0 else 0
        rest = whole[cut:]
        if cut:
            yield whole[:cut]
        if len(rest) > LONGEST:
            rest, passing = rest[:LONGEST].decode(encoding, "ignore").encode(encoding), True
    if rest:
        yield _whole_signs(rest, encoding)


def _whole_signs(data: bytes, encoding: str) -> bytes:
    """The bytes without a sign that is cut off at their end."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        if error.end == len(data) and len(data) - error.start < 4:
            return data[: error.start]
    return data


def _place(data: bytes, end: bytes, last: bool = False) -> int:
    """Where the first, or last, end of a line is; -1 where there is none. Bytes of two signs may look like one."""
    at = data.rfind(end) if last else data.find(end)
    while at >= 0 and at % len(end):
        at = data.rfind(end, 0, at + len(end) - 1) if last else data.find(end, at + 1)
    return at


def _decoded(block: bytes, encoding: str, before: int, oddities: Oddities) -> list[str]:
    """A piece of whole lines as texts; what is no text in this encoding is told line by line."""
    try:
        texts = block.decode(encoding).split("\n")
    except UnicodeDecodeError:
        texts = []
        for number, line in enumerate(block.split("\n".encode(encoding)), before + 1):
            try:
                texts.append(line.decode(encoding))
            except UnicodeDecodeError:
                texts.append(line.decode("cp1252" if encoding == "utf-8" else encoding, "replace"))
                oddities.say(
                    f"line {number} is not {encoding.upper()}"
                    + ("; read as Windows-1252" if encoding == "utf-8" else "")
                )
    if not texts[-1]:
        texts.pop()
    return texts


def without_marks(text: str) -> str:
    """A text without the invisible signs of direction that chat programs put around names and times."""
    return text.translate(_MARKS) if not text.isascii() else text

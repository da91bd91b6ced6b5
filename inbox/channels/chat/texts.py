"""Transcripts that are plain text: decoded, and taken apart into lines, however long they are."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from typing import IO

from inbox.channels.chat.sources import Source
from inbox.chat.shape import Oddities
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
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


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


class Ending:
    """How a file ends: the number of its last line where that has no end, so that the file may have been cut off in it."""

    def __init__(self) -> None:
        self.cut: int | None = None

    def say(self, oddities: Oddities, left_out: bool) -> None:
        """Say whether the line that has no end was left out."""
        if left_out:
            oddities.say(f"line {self.cut} is cut off: it was left out")
        elif self.cut is not None:
            oddities.say(f"line {self.cut}, the last, has no end: the file may be cut off in it")


def lines(file: IO[bytes], oddities: Oddities, ending: Ending | None = None) -> Iterator[tuple[int, str]]:
    """Every line with its number from 1, without its end; a line ends with \\n or \\r\\n alone, for people write all else.

    What is no UTF-8 is read as Windows-1252, and said; a line beyond `LONGEST` is cut, and said. `ending` is told
    how the file ends, before its last line comes.
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
            if ending is not None and not is_ended:
                ending.cut = number
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


def begins_like(end: str, stamp: str) -> bool:
    """Whether the end of a file is the beginning of a stamp, as the one before was written."""
    return len(end) < len(stamp) and _DIGIT.sub("9", stamp).startswith(_DIGIT.sub("9", end))


_DIGIT = re.compile(r"\d")


def without_marks(text: str) -> str:
    """A text without the invisible signs of direction that chat programs put around names and times."""
    return _MARKS.sub("", text) if not text.isascii() else text

"""A look at SQLite's write-ahead log before SQLite itself looks.

SQLite takes a log whose header it cannot read for an empty one and writes over it: whatever was committed there would
be gone without a word. The format is https://www.sqlite.org/fileformat2.html#walformat.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

_HEADER = 32
_FRAME_HEADER = 24
_MAGIC = (0x377F0682, 0x377F0683)  # checksums of little-endian, big-endian words
_LOOKS = 3
"""Another process may be writing the header while it is read: only what stays wrong is wrong."""


def is_sound(log: Path) -> bool:
    """Whether SQLite would read this log: it is not there, empty, never written (all zero), or has a whole header."""
    return any(_is_sound(log) for _ in range(_LOOKS))


def _is_sound(log: Path) -> bool:
    try:
        with log.open("rb") as file:
            header = file.read(_HEADER)
    except FileNotFoundError:
        return True
    if not any(header):
        return True
    if len(header) < _HEADER or int.from_bytes(header[:4], "big") not in _MAGIC:
        return False
    order: Literal["big", "little"] = "big" if header[3] & 1 else "little"
    one = other = 0
    for at in range(0, 24, 8):
        one = (one + int.from_bytes(header[at : at + 4], order) + other) & 0xFFFFFFFF
        other = (other + int.from_bytes(header[at + 4 : at + 8], order) + one) & 0xFFFFFFFF
    return header[24:] == one.to_bytes(4, "big") + other.to_bytes(4, "big")


def pages(log: Path, page_size: int) -> set[int]:
    """The pages a log holds, counted from 0."""
    found: set[int] = set()
    try:
        with log.open("rb") as file:
            salt = file.read(_HEADER)[16:24]
            while len(frame := file.read(_FRAME_HEADER)) == _FRAME_HEADER and frame[8:16] == salt:
                found.add(int.from_bytes(frame[:4], "big") - 1)
                file.seek(page_size, 1)
    except FileNotFoundError:
        pass
    return found

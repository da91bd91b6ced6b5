"""What stands in a foreign document, taken as what it ought to be: a text, a list, an instant. Nothing here raises."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

from inbox.model import Instant

_LATEST = 253_402_300_799
"""The last second of the year 9999."""
_FRACTION = re.compile(r"(\.\d{6})\d+")
_UTC = " UTC"
_NUMBER = re.compile(r"-?\d{1,20}(?:\.\d{1,20})?\Z")


def mapping(value: Any) -> Mapping[str, Any]:
    """An object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def listing(value: Any) -> Sequence[Any]:
    """A list; an empty one for anything else."""
    return value if isinstance(value, list) else ()


def objects(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; what else it holds is left out."""
    return [each for each in listing(value) if isinstance(each, dict)]


def words(value: Any) -> str:
    """A text, or a number as one; "" for anything else. Halves of signs, which no text can hold, are replaced."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value)
    return text if text.isprintable() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def text_or_none(value: Any) -> str | None:
    """A text that is not empty, else None."""
    return words(value) or None


def size_of(value: Any) -> int | None:
    """A number of bytes; None for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def seconds(value: Any, per_second: int = 1) -> Instant | None:
    """An instant of a number since 1970, also one written as text; so many of its units are a second."""
    if isinstance(value, str) and _NUMBER.match(value.strip()):
        value = float(value) if "." in value else int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        instant = int(value // per_second)
    except (OverflowError, ValueError):
        return None
    return instant if 0 <= instant <= _LATEST else None


def moment(value: Any, local: Callable[[], tzinfo] = lambda: UTC) -> Instant | None:
    """An instant of `2024-05-01T10:00:00.123Z` and its like; where it has no zone, it is asked for one. A number is told by
    its size as seconds, milliseconds or microseconds."""
    if not isinstance(value, str):
        whole = seconds(value)
        if whole is None and isinstance(value, int | float):
            whole = seconds(value, 1000) or seconds(value, 1_000_000)
        elif whole is not None and whole > 100_000_000_000:  # no second of our time, but a millisecond
            whole = seconds(value, 1000)
        return whole
    if _NUMBER.match(value.strip()):
        return moment(float(value) if "." in value else int(value))
    text = _FRACTION.sub(r"\1", value.strip())
    try:
        told = datetime.fromisoformat(text.removesuffix(_UTC))
    except ValueError:
        return None
    if told.tzinfo is None:
        told = told.replace(tzinfo=UTC if text.endswith(_UTC) else local())
    try:
        return int(told.timestamp())
    except (OverflowError, ValueError):
        return None

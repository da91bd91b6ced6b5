"""How a file of documents looks: TinyDB's form, one table, documents by number; and where its last good copy lies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

TABLE = "_default"
"""The name of the one table, TinyDB's own."""

Documents = dict[str, dict[str, Any]]
"""Documents by their number, a decimal."""


def read_file(path: Path) -> bytes | None:
    """The content; None when there is no such file."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def documents_in(data: bytes | None) -> Documents | None:
    """The documents in a file's content: none without a file; None when it is damaged, torn, empty or of another form."""
    if data is None:
        return {}
    try:
        tables = json.loads(data.decode("utf-8"))
    except ValueError:
        return None
    found = tables.get(TABLE, {}) if isinstance(tables, dict) else None
    if not isinstance(found, dict):
        return None
    right = all(number.isdecimal() and isinstance(document, dict) for number, document in found.items())
    return found if right else None


def good_copy(path: Path) -> Path:
    """Where the last content that could be read is kept."""
    return path.with_name(f".{path.stem}.good.json")

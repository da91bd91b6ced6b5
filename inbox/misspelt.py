"""Words in the team's documents that are none: a field, or a place such as `{frist_name}`, with the nearest right one.

Documents are edited by hand. What is wrong in one is said with its file and line, and harms nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from inbox.nearest import nearest
from inbox.text import one_line

PLACES = ("name", "first_name", "subject", "agent", "due", "shop")
"""Places that are filled by themselves; all others are for a person to fill."""

_PLACE = re.compile(r"\{([a-z][a-z_ ]{2,20})\}", re.IGNORECASE)

NEAR = 0.75
"""How near to a known place another one is before it is taken for a slip: `{order number}` is none."""


def mistakes(
    file: str, raw: str, documents: Iterable[Mapping[str, Any]], fields: Sequence[str]
) -> Iterator[str]:
    """What is wrong in the documents of a file whose content is `raw`, each as one sentence with file and line."""
    lines = raw.splitlines()
    for document in documents:
        called = document.get(fields[0])
        about = f" of “{one_line(called, 60)}”" if isinstance(called, str) and called.strip() else ""
        for field in document:
            if field not in fields:
                at = _line(lines, json.dumps(field, ensure_ascii=False) + ":")
                yield f"{file}, line {at}: there is no field “{one_line(field, 40)}”{about}{nearest(field, fields)}"
        for field in fields[:2]:
            value = document.get(field)
            if not isinstance(value, str) or not value.strip():
                at = _line(lines, json.dumps(called, ensure_ascii=False)) if about else 1
                yield f"{file}, line {at}: there is no {field}{about}. It is left out."
        text = document.get("text")
        for place, known in misspelt_places(text if isinstance(text, str) else ""):
            yield f"{file}, line {_line(lines, place)}: nothing fills {place}{about}; did you mean “{{{known}}}”?"


def misspelt_places(text: str) -> Iterator[tuple[str, str]]:
    """Places in a text that look like a known one written wrong, and that one."""
    for found in dict.fromkeys(_PLACE.findall(text)):
        folded = found.casefold().replace(" ", "_")
        near = get_close_matches(folded, PLACES, n=1, cutoff=NEAR)
        if near and found not in PLACES:
            yield f"{{{found}}}", near[0]


def _line(lines: Sequence[str], wanted: str) -> int:
    """The number of the first line that has it; 1 where none does."""
    return next((number for number, line in enumerate(lines, 1) if wanted in line), 1)

"""HTML mail as text."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rendered:
    """HTML as text, and the addresses of its links in the order of their footnote numbers."""

    text: str
    links: tuple[str, ...] = ()


def to_text(html: str, first: int = 1, oddities: list[str] | None = None) -> Rendered:
    """`html` as text; footnotes are numbered from `first`."""
    from html import unescape

    return Rendered(unescape(re.sub(r"<[^>]*>", "", html)).strip())

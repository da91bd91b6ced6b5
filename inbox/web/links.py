"""Links of an HTML mail: which lead somewhere, and whose words say so already."""

from __future__ import annotations

import re

_SCHEME = re.compile(r"(?:https?|ftp|mailto|tel):", re.IGNORECASE)
_SAME = re.compile(r"^(?:https?://|mailto:|tel:)?(?:www\.)?|/$", re.IGNORECASE)
_NO_DIGITS = re.compile(r"\D+")


def leads_somewhere(href: str) -> bool:
    """Whether a link leaves the page; what runs or carries something itself leads nowhere."""
    return _SCHEME.match(href) is not None


def says_where_it_leads(words: str, href: str) -> bool:
    """Whether the words of a link are its address, so that no footnote has to say it."""
    if words in href and _bare(words) == _bare(href):
        return True
    scheme = href[:7].lower()
    if scheme.startswith("tel:"):
        return _NO_DIGITS.sub("", words) == _NO_DIGITS.sub("", href)
    return scheme == "mailto:" and _bare(href).partition("?")[0] in words.casefold()


def _bare(text: str) -> str:
    return _SAME.sub("", text.strip()).casefold()

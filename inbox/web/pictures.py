"""Pictures and form fields of an HTML mail: the words that stand for them in its text."""

from __future__ import annotations

import re

from inbox.web.looks import Attributes
from inbox.web.words import without_padding

LONGEST_ALT = 200
"""Characters of what stands for a picture."""

_SIZE = re.compile(r"(?:^|;)\s{0,9}(?:max-)?(?:width|height)\s{0,9}:\s{0,9}([012])px", re.IGNORECASE)


def image_words(attributes: Attributes, every_image: bool) -> str:
    """What stands for a picture; "" for one that says nothing, unless `every_image` is wanted or it came with the mail."""
    if _is_tiny(attributes):
        return ""
    words = " ".join(((attributes.get("alt") or "").strip() or attributes.get("title") or "").split())
    if words and not any(map(str.isalnum, words)):
        return without_padding(words)  # an emoji
    if words:
        return f"[{words if len(words) <= LONGEST_ALT else words[: LONGEST_ALT - 1] + '…'}] "
    return "[image] " if every_image or (attributes.get("src") or "").startswith("cid:") else ""


def field_words(attributes: Attributes, every_image: bool) -> str:
    """What stands in a field of a form, or on its button."""
    kind = (attributes.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return "[x] " if "checked" in attributes else "[ ] "
    if kind == "image":
        return image_words(attributes, every_image)
    if kind in ("hidden", "password"):
        return ""
    words = " ".join((attributes.get("value") or attributes.get("placeholder") or "").split())
    return f"[{words[:200]}] " if words else ""


def _is_tiny(attributes: Attributes) -> bool:
    """Whether a picture only reports that the mail was opened."""
    for name in ("width", "height"):
        if (attributes.get(name) or "").strip().lower().removesuffix("px") in ("0", "1", "2"):
            return True
    style = attributes.get("style")
    return style is not None and _SIZE.search(style) is not None

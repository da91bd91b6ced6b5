"""What was typed, as the checks read it: our own words without quotes and signature, without code; and the places still
to be filled."""

from __future__ import annotations

import re

from inbox.flowed import SIGNATURE

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_INLINE_CODE = re.compile(r"(?<!`)`++[^`\n]++`++")


def own_words(text: str) -> str:
    """`text` without quoted lines and without the signature (RFC 3676, 4.3)."""
    lines = re.split(r"\r\n?|\n", text)
    if SIGNATURE in lines:
        lines = lines[: lines.index(SIGNATURE)]
    return "\n".join(line for line in lines if not line.startswith(">"))


def without_code(text: str) -> str:
    """`text` without what Markdown sets as code: fenced lines, and words between backticks."""
    kept: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
        elif mark:
            fence = mark[1]
        else:
            kept.append(_INLINE_CODE.sub(" ", line))
    return "\n".join(kept)


KNOWN_PLACEHOLDERS = ("name", "first_name", "subject", "agent", "due", "shop", "order", "date")
"""Words in braces that are placeholders wherever they stand, outside code."""

_KNOWN = re.compile(rf"(?<![$\\])\{{(?:{'|'.join(KNOWN_PLACEHOLDERS)})\}}", re.IGNORECASE)
_ANY_PLACEHOLDER = re.compile(r"(?<![\w$\\{}%#@)\]])\{\{?[^\W\d_][\w' -]{0,38}\w\}\}?(?![\w{}])")


def placeholders(text: str) -> tuple[str, ...]:
    """What in `text` stands for words still to be written, such as `{order number}`, in its order, with its braces.

    Not in code, in quoted text or in the signature; and no braces of a formula, a price or a program: what is in a
    placeholder are words, and it touches no other.
    """
    if "{" not in text:
        return ()
    found: list[str] = []
    for line in without_code(own_words(text)).split("\n"):
        pattern = _KNOWN if line.startswith(("    ", "\t")) else _EITHER
        found += (one[0] for one in pattern.finditer(line))
    return tuple(dict.fromkeys(found))


_EITHER = re.compile(f"{_KNOWN.pattern}|{_ANY_PLACEHOLDER.pattern}", re.IGNORECASE)

"""Text on its way out: format=flowed, so that it reads well in narrow and in wide windows (RFC 3676).

A paragraph is one long line here; outside it is wrapped at 72 characters with a blank at each soft end, which mail
programs that know the format take back, and the others show as ordinary lines.
"""

from __future__ import annotations

import re
import unicodedata

WIDTH = 72
"""Characters of a line, quote marks and the soft blank included (RFC 3676, 4.2, asks for at most 78)."""

SIGNATURE = "-- "
"""The line before a signature; it is never wrapped, joined or trimmed (RFC 3676, 4.3)."""

_QUOTED = re.compile(r"^(?:> ?)+")
_BROKEN_AFTER = re.compile(r"[^ ]* +|[^ ]+")


def plain(text: str) -> str:
    """`text` as it goes out: lines end in LF, no controls but tab, no blanks at line ends, `> > x` as `>> x`.

    What `flow` does can be taken back to exactly this.
    """
    unified = re.sub(r"\r\n?", "\n", text)
    kept = "".join(one for one in unified if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs"))
    lines = [_line(line) for line in kept.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines)


def _line(line: str) -> str:
    depth, content = _depth(line)
    content = content if content == SIGNATURE and not depth else content.rstrip()
    return _marked(depth, content)


def _depth(line: str) -> tuple[int, str]:
    marks = _QUOTED.match(line)
    return (marks[0].count(">"), line[marks.end() :]) if marks else (0, line)


def _marked(depth: int, content: str) -> str:
    if depth and content:
        return ">" * depth + " " + content
    return ">" * depth if depth else content


def flow(text: str) -> str:
    """Wrap; the lines end in LF, the last one too."""
    wrapped: list[str] = []
    for line in plain(text).split("\n"):
        depth, content = _depth(line)
        if content == SIGNATURE:
            wrapped.append(_marked(depth, content))
            continue
        for piece in _pieces(content, WIDTH - depth - 1):
            # Stuffed with a blank where a reader would take the beginning for something else (RFC 3676, 4.4).
            stuffed = not depth and piece.startswith((" ", ">", "From "))
            wrapped.append(f" {piece}" if stuffed else _marked(depth, piece))
    return "\n".join(wrapped) + "\n"


def _pieces(content: str, width: int) -> list[str]:
    """Cut after blanks so that each piece but the last ends in one; words are never cut."""
    pieces: list[str] = []
    piece = ""
    for found in _BROKEN_AFTER.finditer(content):
        word = found[0]
        if piece and len(piece) + len(word) > width and piece != SIGNATURE and piece.strip():
            pieces.append(piece)
            piece = ""
        piece += word
    return [*pieces, piece]


def quote(text: str) -> str:
    """`text` as a quote, one level deeper."""
    lines = [_depth(line) for line in plain(text).split("\n")]
    return "\n".join(_marked(depth + 1, content) for depth, content in lines)

"""The line of a message that a search shows: what stands around the first word that was found."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inbox.queries import And, Node, Or, Words, needle, tokens
from inbox.text import one_line

BEFORE = 40
LENGTH = 160


def excerpt(query: Node, body: str, subject: str) -> str:
    """One line of `body` around the first word of `query` in it; its beginning, else the subject, where none is."""
    wanted = [word for words in _words(query) for word in needle(words.text, words.prefix)[0]]
    at = _place(wanted, body) if wanted else 0
    if at > BEFORE:
        start = body.rfind(" ", 0, at - BEFORE) + 1
        return "…" + one_line(body[start : start + 2 * LENGTH], LENGTH)
    return one_line(body[: 2 * LENGTH], LENGTH) or one_line(subject, LENGTH)


def _words(node: Node) -> Iterator[Words]:
    if isinstance(node, Words):
        yield node
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from _words(part)


def _place(wanted: list[str], body: str) -> int:
    pattern = r"(?<!\w)(?:" + "|".join(map(re.escape, wanted)) + ")"
    found = re.search(pattern, body, re.IGNORECASE)
    if found is not None:
        return found.start()
    if body.isascii():
        return 0
    # written otherwise than typed (accents, CJK): compare words as the index has them
    looked_for = set(wanted)
    for word in re.finditer(r"\S+", body):
        if looked_for.intersection(tokens(word[0])):
            return word.start()
    return 0

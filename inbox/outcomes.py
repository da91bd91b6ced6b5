"""What can come of a conversation, and whose doing it was: the words for closing (docs/closing.md)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

RESOLVED, THANKS, ELSEWHERE, NOT_OURS, NO_ANSWER = "resolved", "thanks", "elsewhere", "not-ours", "no-answer"
REFERRED, QUIET, IMPORT = "referred", "quiet", "import"


class Outcome(NamedTuple):
    """One outcome: how it reads, also where there is little room, and the letter that says it; "" for one that no person
    gives."""

    words: str
    short: str
    key: str = ""


OUTCOMES = {
    RESOLVED: Outcome("resolved", "closed", "r"),
    THANKS: Outcome("only thanks", "thanks", "t"),
    ELSEWHERE: Outcome("answered elsewhere", "elsewhere", "w"),
    NOT_OURS: Outcome("not ours", "not ours", "o"),
    NO_ANSWER: Outcome("needs no answer", "no answer", "n"),
    REFERRED: Outcome("referred elsewhere", "referred", "f"),
    QUIET: Outcome("gone quiet", "quiet", "q"),
    IMPORT: Outcome("left by the import", "closed"),
}
"""Every outcome by the word in which records, queries and commands say it, in the order in which they are offered."""

GIVEN = tuple(word for word, outcome in OUTCOMES.items() if outcome.key)
"""Those that a person can give."""

UNANSWERED = (THANKS, ELSEWHERE, NOT_OURS, NO_ANSWER)
"""Those that are offered where the customer has the last word and nothing else is to be said."""

CAUSES = ("carrier", "warehouse", "supplier", "site", "payment", "our mistake", "customer")
"""Causes, as long as the setting `causes` names no others."""
OWN_CAUSES = ("our mistake",)
"""Those that are our own doing, likewise (`own_causes`)."""

GOOD = 3
"""How it was, from this answer on: nobody has to come back to it."""

LONGEST = 60
"""Characters of a cause, and of to whom somebody was referred."""


def in_words(outcome: str, referred: str | None = None, cause: str | None = None) -> str:
    """What came of it as a person reads it: "referred elsewhere: the town hall · carrier"."""
    known = OUTCOMES.get(outcome)
    words = known.words if known is not None else outcome
    said = f"{words}: {referred}" if referred else words
    return f"{said} · {cause}" if cause else said


def letters(words: Iterable[str]) -> dict[str, str]:
    """A letter for each word, to choose it with one key: the first of its own that no word before has taken.

    A word of which every letter is taken gets a digit, or is left out when those are gone, too.
    """
    found: dict[str, str] = {}
    for word in words:
        free = (each for each in (*word.casefold(), *"123456789") if each.isascii() and each.isalnum())
        letter = next((each for each in free if each not in found), None)
        if letter is not None:
            found[letter] = word
    return found

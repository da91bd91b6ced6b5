"""In which of the languages of `matters` somebody wrote."""

from __future__ import annotations

from inbox.demo.matters import AGAIN, ANSWERS, DEAR, ENDS, FURTHER, THANKS
from inbox.language import language_of


def language_in(text: str) -> str:
    """The language of a made-up text, by the phrases it was made of; of any other by its words, else English."""
    lines = {line.strip() for line in text.splitlines() if line.strip()}
    for language in DEAR:
        phrases = (*ENDS[language], *ANSWERS[language], AGAIN[language], THANKS[language])
        if not lines.isdisjoint(phrases) or any(
            line.startswith(FURTHER[language].partition("{")[0]) for line in lines
        ):
            return language
    found = language_of(text)
    return found if found in DEAR else "en"

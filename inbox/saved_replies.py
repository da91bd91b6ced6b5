"""Saved replies: texts of the team with places to fill, found by a few letters (docs/answering.md).

They are small documents that people also edit by hand (`documents/saved_replies.json`). What a place such as
`{first_name}` stands for is filled in where it is known for certain; every other one stays as it is, and the check
"placeholder" keeps the letter here until somebody has filled it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from inbox.first_names import first_name_in
from inbox.text import one_line

LONGEST_NAME = 60
"""Characters of the name of a saved reply."""

LONGEST_VALUE = 200
"""Characters that a place is filled with."""

FIELDS = ("name", "text", "languages", "tags")
"""What a document of a saved reply may say."""

Score = Callable[[str, str], float]
"""(what was typed, a text) -> how well it fits, 0 when it does not; `textual.fuzzy` has such a one."""


class SavedReply(NamedTuple):
    """A text to answer with. `languages`: two letters each, of the conversations it is for; () for all."""

    name: str
    text: str
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What is known where a reply is used; "" for what is not. `name` is the customer's, as shown; `subject` that of the
    conversation; `due` when it has to be answered, as shown; `shop` who we are, by the settings."""

    name: str = ""
    subject: str = ""
    agent: str = ""
    due: str = ""
    shop: str = ""


# ---------------------------------------------------------------------- as documents


def reply_of(document: Mapping[str, Any]) -> SavedReply | None:
    """The reply in a document, which somebody may have written by hand; None when it has no name or no text."""
    name, text = document.get("name"), document.get("text")
    if not isinstance(name, str) or not isinstance(text, str) or not one_line(name) or not text.strip():
        return None
    return SavedReply(
        one_line(name, LONGEST_NAME),
        text,
        tuple(word.lower()[:2] for word in words_of(document.get("languages"))),
        words_of(document.get("tags")),
    )


def words_of(value: object) -> tuple[str, ...]:
    """Words in a list, or as people also write them: "de, en"."""
    if isinstance(value, str):
        value = value.replace(",", " ").split()
    if not isinstance(value, list):
        return ()
    return tuple(one_line(word, LONGEST_NAME) for word in value if isinstance(word, str) and one_line(word))


def document_of(reply: SavedReply) -> dict[str, Any]:
    """The reply as a document, easily read."""
    return {
        "name": reply.name,
        "text": reply.text,
        "languages": list(reply.languages),
        "tags": list(reply.tags),
    }


# ---------------------------------------------------------------------- finding


def ranked(
    replies: Iterable[SavedReply], typed: str, language: str = "", score: Score | None = None
) -> list[SavedReply]:
    """Those that fit what was typed, the best first; all of them while nothing is typed.

    A name counts more than a tag, a tag more than the text; among equals those in the language of the conversation (two
    letters) come before those for all, and these before others, each by name.
    """
    found = []
    for reply in replies:
        fits = _score(reply, typed.strip(), score or subsequence) if typed.strip() else 1.0
        if fits > 0:
            fit_language = 0 if language and language in reply.languages else 1 if not reply.languages else 2
            found.append((-fits, fit_language if language else 0, reply.name.casefold(), reply))
    return [each[-1] for each in sorted(found, key=lambda each: each[:-1])]


def _score(reply: SavedReply, typed: str, score: Score) -> float:
    by_tag = max((score(typed, tag) for tag in reply.tags), default=0.0)
    # Letters far apart would be found in any long text: there only the words themselves count.
    by_text = 1.0 if typed.casefold() in reply.text.casefold() else 0.0
    return max(4 * score(typed, reply.name), 3 * by_tag, by_text)


def subsequence(typed: str, text: str) -> float:
    """1 to 2 when the letters of `typed` stand in `text` in their order, the more the closer together; else 0.

    Capitals and blanks do not matter; 3 when they stand there as typed, 4 when at the beginning of a word.
    """
    wanted, inside = typed.casefold(), text.casefold()
    if re.search(rf"(?<!\w){re.escape(wanted)}", inside):
        return 4.0
    if wanted in inside:
        return 3.0
    at = -1
    first = last = -1
    letters = wanted.replace(" ", "")
    for letter in letters:
        at = inside.find(letter, at + 1)
        if at < 0:
            return 0.0
        first, last = (at if first < 0 else first), at
    return 1.0 + len(letters) / (last - first + 1) if letters else 0.0


# ---------------------------------------------------------------------- filling

_PLACE = re.compile(r"\{([^\W\d]\w*)\}")

_GREETED = re.compile(r"^([^{}\n]{1,30}?)[ \t]*\{(?:first_name|name)\}(?=[ \t]*[,!:.]|[ \t]*$)", re.MULTILINE)

_ALONE = {
    "dear": "Hello",
    "liebe": "Guten Tag",
    "lieber": "Guten Tag",
    "liebe/r": "Guten Tag",
    "liebe:r": "Guten Tag",
    "sehr": "Guten Tag",
    "cher": "Bonjour",
    "chère": "Bonjour",
    "estimado": "Buenos días",
    "estimada": "Buenos días",
    "querido": "Hola",
    "querida": "Hola",
    "caro": "Buongiorno",
    "cara": "Buongiorno",
    "gentile": "Buongiorno",
    "prezado": "Bom dia",
    "prezada": "Bom dia",
    "beste": "Goedendag",
    "geachte": "Goedendag",
    "kære": "Goddag",
    "kära": "Hej",
    "bästa": "Hej",
    "szanowny": "Dzień dobry",
    "szanowna": "Dzień dobry",
    "drogi": "Dzień dobry",
    "droga": "Dzień dobry",
}
"""Greetings that cannot stand without a name, by their first word, and what stands instead."""

_STANDING = re.compile(
    r"(?:hello|hi|hey|hallo|moin|servus|guten|bonjour|salut|hola|buenos|ciao|buongiorno|salve|olá|bom|oi|goedendag|dag|hej"
    r"|hei|goddag|cześć|dzień|здравствуйте)"
)
"""First words of greetings that stand without a name."""


def filled(text: str, known: Known, own: Mapping[str, str] = MappingProxyType({})) -> str:
    """`text` with every place filled that is known, with `own` ones by their names; others stay, to be filled by hand.

    A greeting to somebody without a certain first name becomes one that needs none: "Dear {first_name}," -> "Hello,".
    """
    values = dict(own) | {
        "name": _shown_name(known.name),
        "first_name": first_name_in(known.name),
        "subject": known.subject,
        "agent": known.agent,
        "due": known.due,
        "shop": known.shop,
    }
    values = {place: one_line(value, LONGEST_VALUE) for place, value in values.items()}

    def greeting(found: re.Match[str]) -> str:
        word = found[1].strip().partition(" ")[0].casefold()
        place = "first_name" if found[0].endswith("{first_name}") else "name"
        if values[place]:
            return found[0]
        if word in _ALONE:
            return _ALONE[word]
        return found[1].rstrip() if _STANDING.fullmatch(word) else found[0]

    # In one pass: a customer's name cannot bring a place of its own along.
    return _PLACE.sub(lambda found: values.get(found[1]) or found[0], _GREETED.sub(greeting, text))


def _shown_name(name: str) -> str:
    """The name of a person or a company; none where an address stands for it."""
    return "" if "@" in name else name

"""Whether a message is a mere thank-you: nobody waits for an answer to it.

Only when all that somebody wrote is thanks, with a greeting, kind words, a wish, a closing, a name or a friendly emoji
around it. Whatever is not in the tables below, a question, a figure, an attachment, makes it an ordinary message: in doubt
it is no mere thank-you, for a message too many in the list is better than one that nobody answers.

To teach Frontdesk another language or phrase, add its line to `inbox.thanks_words`, and an example to
tests/test_thanks.py (docs/follow-ups.md).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from inbox.attributions import rows
from inbox.model import Message
from inbox.thanks_words import AROUND, CLOSINGS, GREETINGS, THANKS

LONGEST = 400
"""Characters: more is more than thanks, whatever it says."""
_MOST_NAMES = 4
"""Words of a name."""

FRIENDLY = frozenset(
    "🙏👍👌👏🙌😊🙂😀😃😄😁😆☺😍🥰😘😻🤩❤♥💙💚💛🧡💜🤍💕💖💗💓💞💝💐🌹🌸🌷🌺🌻🌼✨🎉🎊🥳🤗😇💪👋⭐🌟💯🫶☀🌞😉🍀😎🥂🤝🫡🙇"
)
"""Emoji that say nothing but kindness. One alone may be a yes to what we asked: only those of `_GIVES_THANKS` thank."""
_GIVES_THANKS = frozenset("🙏💐🙇🫶")
_TAKES_NO_ROOM = re.compile("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[\u2640\u2642]")
_EMOTICON = re.compile(r"(?<![\w])(?:[:;=]-?[)DPp*]+|\^_*\^|<3|\(:|x+)(?![\w])")
_PUNCTUATION = frozenset(".,!…:;'\"’‘“”„«»-\u2013\u2014()*_~&+|·¡。、！，．：；・〜～\u2026")
_QUESTIONS = frozenset("?？؟⁇⁈⁉¿՞;\u037e")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PARTICLES = _words("von van de den der del della di da dos du la le zu zur ten ter")
_TITLES = _words("""
    mr mrs ms miss dr herr frau herrn madame monsieur senor senora sr sra signora signor meneer mevrouw pan pani
    """)
_BLANKLESS = (
    ("\u0e00", "\u0e7f"),
    ("\u3040", "\u9fff"),
    ("\u1100", "\u11ff"),
)  # Thai, Japanese, Chinese, Korean
_BRACES = re.compile(r"\{([^{}]*)\}")


class _Word(NamedTuple):
    """A word as written and as compared; `joined`: nothing but a blank stands before it."""

    text: str
    folded: str
    joined: bool

    @property
    def named(self) -> bool:
        """Whether it is written like a name."""
        return self.text[0].isupper() and not (self.text.isupper() and len(self.text) > 2)


def only_thanks(message: Message) -> bool:
    """Whether all that a person wrote in a message is thanks, and what is said around them."""
    text = message.reply.strip()
    if not text or len(text) > LONGEST or message.attachments:
        return False
    lines = _lines(text)
    if lines is None:
        return False
    thanks, words = lines
    known = _names(message)
    above = ""  # the kind of phrase that stood last
    for line in words:
        kinds = _kinds(line, known, above)
        if kinds is None:
            return False
        thanks = thanks or "thanks" in kinds
        above = kinds[-1] if kinds else above
    return thanks


def _lines(text: str) -> tuple[bool, list[list[_Word]]] | None:
    """The words of each line that has any, and whether an emoji thanks; None where there is a sign that says more."""
    text = _TAKES_NO_ROOM.sub("", _EMOTICON.sub(" ", text))
    if not _QUESTIONS.isdisjoint(text):
        return None
    thanks = not _GIVES_THANKS.isdisjoint(text)
    text = "".join(" ! " if character in FRIENDLY else character for character in text)
    found = []
    for line in _plain(text).split("\n"):
        words: list[_Word] = []
        end = 0
        for match in _WORD.finditer(line):
            between = line[end : match.start()]
            if not _says_nothing(between):
                return None
            words.append(_Word(match[0], _folded(match[0]), bool(words) and not between.strip()))
            end = match.end()
        if not _says_nothing(line[end:]):
            return None
        found += [words] if words else []
    return thanks, found


def _says_nothing(between: str) -> bool:
    return all(character in _PUNCTUATION or character.isspace() for character in between)


def _kinds(line: Sequence[_Word], known: frozenset[str], above: str) -> list[str] | None:
    """The kinds of phrases a line is made of, names left out; None when there is anything else in it."""
    kinds: list[str] = []
    at = 0
    while at < len(line):
        length, kind = _longest(line, at)
        if length:
            kinds.append(kind)
            at += length
            continue
        length = _name(line, at, known, kinds[-1] if kinds else "", above)
        if not length:
            return None
        at += length
    return kinds


def _longest(line: Sequence[_Word], at: int) -> tuple[int, str]:
    """How many words the longest phrase takes that stands here, and its kind; 0 for none."""
    best, kind = 0, ""
    words: tuple[str, ...] = ()
    table, longest = _table()
    for word in line[at : at + longest]:
        if words and not word.joined:
            break
        words += (word.folded,)
        if words in table:
            best, kind = len(words), table[words]
    return (best, kind) if best else _run_on(line[at].folded)


def _run_on(word: str) -> tuple[int, str]:
    """The same of a word in a script that has no blanks: several phrases without anything between them."""
    if word.isascii() or not any(_without_blanks(character) for character in word):
        return 0, ""
    table, _ = _table()
    kinds = []
    while word:
        length = next((end for end in range(len(word), 0, -1) if (word[:end],) in table), 0)
        if not length:
            return 0, ""
        kinds.append(table[(word[:length],)])
        word = word[length:]
    return 1, "thanks" if "thanks" in kinds else kinds[-1]


def _without_blanks(character: str) -> bool:
    return any(first <= character <= last for first, last in _BLANKLESS)


def _name(line: Sequence[_Word], at: int, known: frozenset[str], before: str, above: str) -> int:
    """How many words of a name stand here; 0 for none. A name is one that is known from the message (or an initial of it);
    else it stands right behind a greeting or thanks, or alone below a closing."""
    here = line[at]
    if here.folded in known or (len(here.folded) == 1 and any(each[0] == here.folded for each in known)):
        return 1
    follows = here.joined and before in ("greeting", "thanks")
    below = at == 0 and above == "closing"
    if not follows and not below:
        return 0
    end = at
    while end < len(line) and (end == at or line[end].joined) and _may_name(line[end]):
        end += 1
    most = 1 if before == "thanks" and here.folded not in _TITLES else _MOST_NAMES
    is_whole = end == len(line) or (follows and not line[end].joined)
    return end - at if 0 < end - at <= most and is_whole and line[at].named else 0


def _may_name(word: _Word) -> bool:
    return word.named or word.folded in _PARTICLES


def _names(message: Message) -> frozenset[str]:
    """Words of names that the message itself knows: whose it is, to whom it goes, and who signed what it quotes."""
    found: set[str] = set()
    for person in (*message.sender, *message.on_behalf_of, *message.to, *message.cc):
        named = _plain(f"{person.name} {person.address.partition('@')[0]}")
        found.update(_folded(word) for word in _WORD.findall(named))
    for line in message.quoted.split("\n"):
        words = _WORD.findall(_plain(line))
        if "@" in line or len(words) <= 2:
            found.update(_folded(word) for word in words if word[0].isupper() and len(word) > 1)
    return frozenset(found)


# ---------------------------------------------------------------------- the tables


@cache
def _table() -> tuple[dict[tuple[str, ...], str], int]:
    """Every phrase as the words it is made of, and its kind; and how many words the longest has."""
    found: dict[tuple[str, ...], str] = {}
    for kind, text in (
        ("around", AROUND),
        ("closing", CLOSINGS),
        ("greeting", GREETINGS),
        ("thanks", THANKS),
    ):
        for _, phrases in rows(text):
            for phrase in phrases:
                for written in _written(phrase):
                    words = tuple(_folded(word) for word in _WORD.findall(_plain(written)))
                    if words:
                        found[words] = kind
    return found, max(map(len, found))


def _written(phrase: str) -> Iterator[str]:
    """Every form of a phrase with braces."""
    first = _BRACES.search(phrase)
    if first is None:
        yield phrase
        return
    for choice in first[1].split(","):
        yield from _written(f"{phrase[: first.start()]}{choice}{phrase[first.end() :]}")


def _plain(text: str) -> str:
    """Without accents, and with one form of what can be written in several."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).replace(
        "’", "'"
    )


def _folded(word: str) -> str:
    return word.casefold()

"""Knowledge: short articles of the team, found while one writes and put in at the cursor (docs/answering.md, "Knowledge").

They are small documents that people also edit by hand (`documents/knowledge.json`). Those that fit what a customer wrote
are found by the rare words both have in common.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from inbox.language import COMMON
from inbox.ports import Item
from inbox.saved_replies import Score, subsequence, words_of
from inbox.text import one_line

FIELDS = ("title", "text", "tags", "languages")
"""What a document of an article may say."""

LONGEST_TITLE = 80
"""Characters."""

STRONG = 3.0
"""From this fit on an article is named without being asked for."""

LOOKED_AT = 6_000
"""Characters of a message, and of an article."""

_TITLE, _TAG, _TEXT = 2.0, 1.5, 0.6
"""What a shared word counts for by where in the article it stands."""

_MOST_TEXT = 2.4
"""What the words of the text alone may come to: a long article would else fit everything."""


class Article(NamedTuple):
    """A short text (Markdown) under a title. `languages`: two letters each, of the customers it is for; () for all."""

    title: str
    text: str
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


# ---------------------------------------------------------------------- as documents


def article_of(document: Mapping[str, Any]) -> Article | None:
    """The article in a document, which somebody may have written by hand; None when it has no title or no text."""
    title, text = document.get("title"), document.get("text")
    if not isinstance(title, str) or not isinstance(text, str) or not one_line(title) or not text.strip():
        return None
    return Article(
        one_line(title, LONGEST_TITLE),
        text,
        words_of(document.get("tags")),
        tuple(word.lower()[:2] for word in words_of(document.get("languages"))),
    )


def document_of(article: Article) -> dict[str, Any]:
    """The article as a document, easily read."""
    return {
        "title": article.title,
        "text": article.text,
        "tags": list(article.tags),
        "languages": list(article.languages),
    }


# ---------------------------------------------------------------------- finding

_WORD = re.compile(r"[^\W_]+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+")
_STEM = 6


def _terms(text: str) -> Iterator[str]:
    """The telling words of a text, folded, by their beginning, so that endings do not matter; of writing without blanks,
    pairs of letters."""
    for found in _WORD.findall(_fold(text[:LOOKED_AT])):
        if _CJK.match(found):
            yield from (found[at : at + 2] for at in range(max(1, len(found) - 1)))
        elif len(found) > 2 and found not in _everyday() and (not found.isdigit() or len(found) > 3):
            yield _stem(found)


def _stem(word: str) -> str:
    if len(word) > 4 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return word[:_STEM]


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    bare = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(each for each in bare if not "\u0300" <= each <= "\u036f"))


_TELLING_NOTHING = """
hello dear regards thanks thank best kind know get got just also about what how why where there here they
them their out our but any all one two some may could should hallo guten tag gruss grusse freundlichen liebe
lieber danke vielen konnen konnte mal auch nur noch schon sehr oder aber wenn dann dass mich mir uns ihnen
gern gerne bonjour cordialement comment plus tout bien fait etre avoir hola saludos como todo hacer puede
pueden order ordered bestellung bestellt commande pedido ordine encomenda bestelling
"""


@cache
def _everyday() -> frozenset[str]:
    """Words that tell nothing about what a letter is about."""
    common = (word for words in COMMON.values() for word in _fold(words).split())
    return frozenset(_TELLING_NOTHING.split()).union(common)


class Index:
    """Articles made ready for being looked for; made once for many questions."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.articles = tuple(articles)
        self._stands_in: dict[
            str, list[tuple[int, float]]
        ] = {}  # a word -> in which articles, and how it counts there
        for number, article in enumerate(self.articles):
            weights = dict.fromkeys(_terms(article.text), _TEXT)
            weights.update(dict.fromkeys(_terms(" ".join(article.tags)), _TAG))
            weights.update(dict.fromkeys(_terms(article.title), _TITLE))
            for term, counts in weights.items():
                self._stands_in.setdefault(term, []).append((number, counts))
        self._folded = [_fold(article.text) for article in self.articles]

    def fitting(self, message: str, language: str = "") -> list[tuple[float, Article]]:
        """The articles that share telling words with a message, and how well each fits, the best first. Those for another
        language than the message's fit half as well."""
        named: defaultdict[int, float] = defaultdict(float)  # by title and tags
        told: defaultdict[int, float] = defaultdict(float)  # by the text alone
        for term in set(_terms(message)) & self._stands_in.keys():
            rows = self._stands_in[term]
            rare = math.log(1 + len(self.articles) / len(rows)) / math.log(1 + len(self.articles))
            for number, counts in rows:
                sums = told if counts == _TEXT else named
                sums[number] += counts * rare
        found = []
        for number in named.keys() | told.keys():
            article = self.articles[number]
            fit = named[number] + min(_MOST_TEXT, told[number])
            if not named[number]:
                fit = min(fit, STRONG / 2)
            other = language and article.languages and language not in article.languages
            found.append((fit / 2 if other else fit, article))
        return sorted(found, key=lambda each: (-each[0], each[1].title.casefold()))

    def strong(self, message: str, language: str = "") -> Article | None:
        """The one article that clearly fits a message; None where none does, or two do as well."""
        found = self.fitting(message, language)[:2]
        if not found or found[0][0] < STRONG or (len(found) > 1 and found[0][0] < 1.25 * found[1][0]):
            return None
        return found[0][1]

    def ranked(
        self, typed: str, *, message: str = "", language: str = "", score: Score = subsequence
    ) -> list[Article]:
        """All articles, those that fit `message` first, while nothing is typed; else those that fit what was typed: a
        title counts more than a tag, a tag more than the text."""
        typed = typed.strip()
        if not typed:
            fitting = [article for _, article in self.fitting(message, language)]
            return list(
                dict.fromkeys((*fitting, *sorted(self.articles, key=lambda each: each.title.casefold())))
            )
        wanted = _fold(typed)
        found = []
        for article, text in zip(self.articles, self._folded, strict=True):
            by_tag = max((score(typed, tag) for tag in article.tags), default=0.0)
            by_text = 1.0 if wanted in text or all(word in text for word in wanted.split()) else 0.0
            fit = max(4 * score(typed, article.title), 3 * by_tag, by_text)
            if fit > 0:
                other = bool(language and article.languages and language not in article.languages)
                found.append((-fit, other, article.title.casefold(), article))
        return [each[-1] for each in sorted(found, key=lambda each: each[:-1])]


@lru_cache(maxsize=2)
def shelf_of(articles: tuple[Article, ...]) -> Index:
    """The articles made ready, remembered until one of them changes."""
    return Index(articles)


def asked_in(items: Sequence[Item]) -> str:
    """What the customer of a conversation wrote since our last answer, or last at all, with its subject; `items` are its
    messages, oldest first."""
    words: list[str] = []
    for item in reversed(items):
        if item.direction == "out" and words:
            break
        if item.direction == "in":
            words += [item.reply or item.text, item.subject]
    return "\n".join(dict.fromkeys(words))


# ---------------------------------------------------------------------- what helped

KNOWLEDGE, SAVED = "knowledge:", "saved:"
"""Before the name of an article, and of a saved reply, where a reply of ours says what it was made with."""

_LEAST = 24
"""Characters of a line that tells where it comes from."""


def still_in(text: str, used: Iterable[str], sources: Mapping[str, str]) -> tuple[str, ...]:
    """Those of `used` of which something stands in a letter still: one of their longer lines, or all of a short one.

    `sources`: the text of each, places in it not filled. What is no source any more is left out.
    """
    written = " ".join(text.split())
    return tuple(
        name for name in dict.fromkeys(used) if name in sources and _stands_in(sources[name], written)
    )


def _stands_in(source: str, written: str) -> bool:
    """Places that were filled divide a line: what is between them is looked for."""
    parts = [" ".join(part.split()) for line in source.splitlines() for part in re.split(r"\{[^{}]*\}", line)]
    parts = [part for part in parts if part]
    telling = [part for part in parts if len(part) >= _LEAST] or [max(parts, key=len, default="")]
    return any(part and part in written for part in telling)

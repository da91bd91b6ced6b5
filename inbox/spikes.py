"""Words of which far more customers write than usually do: a hint that many conversations have one cause.

What is asked is how likely so many would be, were everything as in the last weeks: not how many more mails there are (a
Monday brings many), but how much larger a share of them has the word. A burst that comes every week is none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from math import lgamma, log
from typing import TYPE_CHECKING, NamedTuple

from inbox.issues import Said, Spike
from inbox.matter_words import says_something, usual_words
from inbox.model import Instant
from inbox.queries.words import tokens

if TYPE_CHECKING:
    from inbox.ports import Workspace
    from inbox.settings import Settings

WINDOW = 90 * 60
"""Seconds that are looked at."""

WEEKS = 28 * 86_400
"""Seconds before them that tell what is usual."""

EVERY = 300
"""Seconds between two looks."""

AT_MOST = 400
"""Messages that are looked at, and candidates for which it is asked what is usual."""

LEAST = 8
"""So many customers must write it."""

TIMES = 4.0
"""So many times its usual share of the mail."""

AGAIN = 1.5
"""So many times what the worst such span of the last weeks brought."""

SURPRISE = 20.0
"""Natural logarithm of how unlikely it must be: about one in five hundred million, as many words are looked at."""

MOST_ALIKE = 0.6
"""Two words of which so many conversations are the same are about one thing: the more telling one is kept."""

NEARLY = 0.8
"""In such a share of those conversations it has to stand to speak for them."""

SHOWN = 3


class Usual(NamedTuple):
    """What the last weeks said of words: when they were written and by which customer, and how much mail there was."""

    wrote: Sequence[tuple[Instant, int]]
    messages: int


def spikes(
    recent: Sequence[Said], now: Instant, usual: Callable[[str], Usual], common: frozenset[str]
) -> list[Spike]:
    """The words that spike in what customers wrote in the last `WINDOW`, at most `SHOWN`, the most first.

    `usual` answers for a word or two what the weeks before said of it; `common` are words that say nothing. What is linked
    to an issue already is no news.
    """
    since = now - WINDOW
    new = [said for said in recent if since <= said.at <= now and said.issue is None]
    people = len({said.customer for said in new})
    by_words: defaultdict[str, dict[int, set[int]]] = defaultdict(dict)
    for said in new:
        for words in _said(said.text, common):
            by_words[words].setdefault(said.customer, set()).add(said.conversation)
    candidates = sorted(
        (words for words, wrote in by_words.items() if len(wrote) >= LEAST),
        key=lambda words: (-len(by_words[words]), words),
    )
    found: list[_Found] = []
    for words in candidates[:AT_MOST]:
        surprise = _spikes(len(by_words[words]), people, usual(words))
        if surprise is not None:
            which = frozenset(one for each in by_words[words].values() for one in each)
            found.append(_Found(words, which, surprise))
    return [Spike(each.words, len(each.which), since) for each in _apart(found)[:SHOWN]]


class _Found(NamedTuple):
    """Words that spike, the conversations in which they stand, and how unlikely that is."""

    words: str
    which: frozenset[int]
    surprise: float


def _said(text: str, common: frozenset[str]) -> set[str]:
    """The words that say something, and pairs of them that stand side by side."""
    said = tokens(text)
    telling = {word for word in said if says_something(word) and word not in common}
    pairs = {
        f"{one} {other}"
        for one, other in pairwise(said)
        if one in telling and other in telling and one != other
    }
    return telling | pairs


def _spikes(customers: int, people: int, usual: Usual) -> float | None:
    """How unlikely it is that so many of so many people write it, if all were as usual; None where that is no spike."""
    share = (_customers_a_window(usual.wrote) + 0.5) / (usual.messages + people + 1)
    expected = share * people
    if customers < TIMES * expected or customers < AGAIN * _worst(usual.wrote):
        return None
    surprise = _surprise(customers, expected)
    return surprise if surprise >= SURPRISE else None


def _customers_a_window(wrote: Sequence[tuple[Instant, int]]) -> int:
    """How often it was written before, each customer once in a span as long as the one that is looked at."""
    return len({(at // WINDOW, customer) for at, customer in wrote})


def _worst(wrote: Sequence[tuple[Instant, int]]) -> int:
    """How many customers wrote it in the worst span of that length."""
    ordered = sorted(wrote)
    inside: defaultdict[int, int] = defaultdict(int)
    worst = start = 0
    for at, customer in ordered:
        inside[customer] += 1
        while ordered[start][0] <= at - WINDOW:
            gone = ordered[start][1]
            inside[gone] -= 1
            if not inside[gone]:
                del inside[gone]
            start += 1
        worst = max(worst, len(inside))
    return worst


def _surprise(count: int, expected: float) -> float:
    """Minus the logarithm of how likely `count` or more are where `expected` are (Poisson): its first term bounds the tail
    well, as the count lies far above."""
    return expected - count * log(expected) + lgamma(count + 1)


def _apart(found: Iterable[_Found]) -> list[_Found]:
    """Those about different things, the most first: of words in the same conversations the most telling, where it stands in
    nearly as many; of equals two words rather than one."""
    kept: list[_Found] = []
    for each in sorted(found, key=lambda each: (-len(each.which), each.words)):
        same = next(
            (n for n, k in enumerate(kept) if len(each.which & k.which) >= MOST_ALIKE * len(each.which)), None
        )
        if same is None:
            kept.append(each)
        elif len(each.which) >= NEARLY * len(kept[same].which) and _telling(each) > _telling(kept[same]):
            kept[same] = each
    return kept


def _telling(found: _Found) -> tuple[float, bool]:
    return round(found.surprise, 6), " " in found.words


def look(store: Workspace, settings: Settings, now: Instant) -> int:
    """Look for such words, at most every `EVERY` seconds; how many there are. A chore of the worker."""
    del settings
    book = store.issues
    if 0 <= now - book.looked_at() < EVERY:
        return 0
    since = now - WINDOW
    recent = book.recent(since, AT_MOST)
    found: list[Spike] = []
    if len({said.customer for said in recent}) >= LEAST:
        others = [said.text for said in book.recent(since - WEEKS, 2 * AT_MOST) if said.at < since]
        messages = book.many(since - WEEKS, since)
        found = spikes(
            recent,
            now,
            lambda words: Usual(book.wrote(words, since - WEEKS, since, 5_000), messages),
            usual_words(others),
        )
    book.noticed(found, now)
    return len(found)

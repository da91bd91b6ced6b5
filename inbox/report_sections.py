"""What stands below the figures of a report: what customers were given, and how they say it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from inbox.jsonform import instant_as_json
from inbox.money import Sum, added, in_words
from inbox.text import one_line

if TYPE_CHECKING:
    from inbox.figures import Gathered, Given, Scores

ABOUT = ("goodwill", "feedback")
"""The sections."""
MOST = 12
"""Groups of a kind that are told to people; programs get all."""


class Part(NamedTuple):
    """One line of a section: what it is grouped by ("" is all together), its key, how often, its part of all of this
    grouping in tenths of a per cent, sums (goodwill), and the mean in hundredths (feedback)."""

    by: str
    key: str
    times: int
    tenths: int
    sums: tuple[Sum, ...] = ()
    mean: int | None = None


class Section(NamedTuple):
    """A section: its name, its lines, those of the span before, and how many were asked (feedback)."""

    about: str
    parts: tuple[Part, ...]
    before: tuple[Part, ...]
    asked: int = 0
    asked_before: int = 0


def section(gathered: Gathered, about: str, by: str = "week", key: str | None = None) -> Section:
    """One of ABOUT, of everything or of one group of a grouping."""
    if about == "goodwill":
        now, was = (tuple(_given(gathered.given(by, key, before))) for before in (False, True))
        return Section(about, now, was)
    scores, scores_before = (gathered.scores(by, key, before) for before in (False, True))
    return Section(
        about, tuple(_told(scores)), tuple(_told(scores_before)), scores.asked, scores_before.asked
    )


_BY: tuple[tuple[str, Callable[[Given], str]], ...] = (
    ("kind", lambda given: given.gift.kind),
    ("teammate", lambda given: given.who),
    ("reason", lambda given: given.gift.reason.casefold()),
    ("cause", lambda given: given.cause),
)


def _given(given: Sequence[Given]) -> Iterator[Part]:
    if not given:
        return
    yield Part("", "", len(given), 1000, _sums(given))
    for by, key_of in _BY:
        groups: dict[str, list[Given]] = {}
        for each in given:
            groups.setdefault(key_of(each), []).append(each)
        for key, group in sorted(groups.items(), key=lambda one: (-len(one[1]), one[0])):
            yield Part(by, key, len(group), _tenths(len(group), len(given)), _sums(group))


def _sums(given: Iterable[Given]) -> tuple[Sum, ...]:
    return added(each.gift.sum for each in given if each.gift.sum is not None)


def _told(scores: Scores) -> Iterator[Part]:
    answers = scores.answers
    if not answers:
        return
    yield Part("", "", len(answers), 1000, mean=_mean(answers))
    for score in range(5, 0, -1):
        count = answers.count(score)
        yield Part("score", str(score), count, _tenths(count, len(answers)), mean=score * 100)
    for who, own in sorted(scores.by_teammate.items(), key=lambda one: (-len(one[1]), one[0])):
        yield Part("teammate", who, len(own), _tenths(len(own), len(answers)), mean=_mean(own))


def _mean(scores: Sequence[int]) -> int:
    return int((Decimal(sum(scores)) * 100 / len(scores)).quantize(Decimal(1)))


def _tenths(count: int, of: int) -> int:
    return (count * 2000 + of) // (2 * of)


# ---------------------------------------------------------------------- for programs


def as_objects(gathered: Gathered, found: Section) -> Iterator[dict[str, Any]]:
    """The lines of a section as `--about … --json` prints them; money by currency as text, for it is exact."""
    span = gathered.span
    spans = (
        ("this", span, found.parts, found.asked),
        ("before", span.before, found.before, found.asked_before),
    )
    for period, lasting, parts, asked in spans:
        for part in parts or (Part("", "", 0, 0),):
            yield {
                "about": found.about,
                "period": period,
                "since": instant_as_json(lasting.start),
                "until": instant_as_json(lasting.end),
                "by": part.by or None,
                "key": part.key if part.by else None,
                "count": part.times,
                "share": part.tenths / 10,
                **_own(found.about, part, asked),
            }


def _own(about: str, part: Part, asked: int) -> Mapping[str, Any]:
    if about == "goodwill":
        return {"sums": {each.unit: f"{each.number:f}" for each in part.sums}}
    return {
        "mean": part.mean / 100 if part.mean is not None else None,
        "asked": asked if not part.by else None,
    }


def as_cells(gathered: Gathered, found: Section) -> Iterator[dict[str, Any]]:
    """The same for a table of cells: sums as people read them."""
    for row in as_objects(gathered, found):
        sums = row.get("sums")
        yield (
            row
            if sums is None
            else row | {"sums": ", ".join(f"{number} {unit}" for unit, number in sums.items())}
        )


# ---------------------------------------------------------------------- for people


def headline(found: Section) -> str:
    """A section in one line: `goodwill: 12x, 130 EUR, 25 %`, `how it was: 4.20 of 5, 18 of 40 asked have answered`."""
    whole = found.parts[0] if found.parts else None
    if found.about == "goodwill":
        if whole is None:
            return "goodwill: nothing was given"
        sums = f", {in_words(whole.sums)}" if whole.sums else ""
        return f"goodwill: {whole.times}x{sums}"
    if whole is None or whole.mean is None:
        asked = f"{found.asked} asked, nobody has answered" if found.asked else "nobody was asked"
        return f"how it was: {asked}"
    return f"how it was: {whole.mean / 100:.2f} of 5, {whole.times} of {found.asked} asked have answered"


def title(found: Section) -> str:
    """The same as a sentence begins."""
    words = headline(found)
    return words[0].upper() + words[1:]


def in_one_line(found: Section) -> str:
    """The same with what is behind it, as far as a line goes."""
    by = "kind" if found.about == "goodwill" else "score"
    parts = [part for part in found.parts if part.by == by and part.times]
    return " · ".join((headline(found), *map(_briefly, parts)))


def _briefly(part: Part) -> str:
    sums = f" {in_words(part.sums)}" if part.sums else ""
    return (
        f"{one_line(part.key, 40)}: {part.times}x{sums}"
        if part.by != "score"
        else f"{part.key}: {part.times}"
    )


def rows(found: Section) -> Iterator[tuple[str, str, str, str, str]]:
    """The lines for people: what they are grouped by (once), the group, how often, the part of all, and the sum or mean."""
    last = ""
    for part in _shown(found.parts):
        share = f"{part.tenths // 10} %"
        own = in_words(part.sums) if found.about == "goodwill" else _mean_in_words(part)
        name = one_line(part.key, 60) or _NONE.get(part.by, "-")
        yield ("" if part.by == last else f"by {part.by}", name, f"{part.times}x", share, own)
        last = part.by


_NONE = {"cause": "(none said)", "teammate": "(nobody)"}


def _shown(parts: Iterable[Part]) -> Iterator[Part]:
    count: dict[str, int] = {}
    for part in parts:
        count[part.by] = count.get(part.by, 0) + 1
        if part.by and count[part.by] <= MOST:
            yield part


def _mean_in_words(part: Part) -> str:
    return f"{part.mean / 100:.2f}" if part.by == "teammate" and part.mean is not None else ""

"""Facts counted into figures: for all, by week, teammate, customer, channel, tag, outcome or cause (docs/report.md).

Facts are kept in columns, some forty bytes each, so that a long span stays small in memory.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from inbox.listing import Instant, Status, Who
from inbox.reports import ANSWERED, IMPORT, WAITING, Fact, Gift, Reporter, Story, What

if TYPE_CHECKING:
    from inbox.ports import Reader
    from inbox.queries import Node

GROUPINGS = ("week", "teammate", "customer", "channel", "tag", "outcome", "cause")
"""What figures can be told by."""

_NOBODY = {
    "teammate": "(nobody yet)",
    "customer": "(unknown)",
    "tag": "(no tag)",
    "outcome": "(not closed)",
    "cause": "(none said)",
}
"""What a group is called whose key is empty."""

FIRST = frozenset({What.FIRST_ANSWERED, What.FIRST_WAITING, What.FIRST_LEFT})
NEXT = frozenset({What.NEXT_ANSWERED, What.NEXT_WAITING, What.NEXT_LEFT})
_MEASURED = ANSWERED | WAITING


class Span(NamedTuple):
    """From an instant up to another, which is left out."""

    start: Instant
    end: Instant

    @property
    def before(self) -> Span:
        """The span of the same length that ends where this one begins."""
        return Span(2 * self.start - self.end, self.start)


class Wait(NamedTuple):
    """A percentile of waits in seconds of open time; `at_least`: who waited so long waits still."""

    seconds: int
    at_least: bool = False


class Share(NamedTuple):
    """A part of a whole, in tenths of a per cent."""

    tenths: int


class Average(NamedTuple):
    """The mean of answers from 1 to 5, in hundredths."""

    hundredths: int


Value = int | Wait | Share | Average | None


def number_of(value: Value) -> int | None:
    """A figure as a number: a count, seconds, tenths of a per cent, hundredths."""
    match value:
        case Wait(seconds, _):
            return seconds
        case Share(number) | Average(number):
            return number
        case _:
            return value


@dataclass(frozen=True, slots=True)
class Column:
    """One figure: its stable name, its short head on the screen, the facts it rests on, and how it is shown."""

    name: str
    head: str
    rests_on: frozenset[What]
    late: bool = False  # only those of the facts that were late
    share: int | None = None  # a percentile of their waits, in hundredths
    of_all: bool = False  # their part of those of all groups
    average: bool = False  # the mean of their scores

    def holds(self, what: int, late: bool) -> bool:
        """Whether a fact counts here."""
        return what in self.rests_on and (late or not self.late)


COLUMNS = (
    Column("opened", "opened", frozenset({What.OPENED})),
    Column("answered", "answered", ANSWERED),
    Column("waiting", "waiting", WAITING),
    Column("late", "late", FIRST | NEXT, late=True),
    Column("first_reply_p50", "1st 50%", frozenset({What.FIRST_ANSWERED, What.FIRST_WAITING}), share=50),
    Column("first_reply_p90", "1st 90%", frozenset({What.FIRST_ANSWERED, What.FIRST_WAITING}), share=90),
    Column("next_reply_p50", "next 50%", frozenset({What.NEXT_ANSWERED, What.NEXT_WAITING}), share=50),
    Column("next_reply_p90", "next 90%", frozenset({What.NEXT_ANSWERED, What.NEXT_WAITING}), share=90),
    Column("reopened", "reopened", frozenset({What.REOPENED})),
    Column("promises_kept", "kept", frozenset({What.KEPT})),
    Column("promises_broken", "broken", frozenset({What.BROKEN})),
    Column("promises_moved", "moved", frozenset({What.MOVED})),
    Column("closed", "closed", frozenset({What.CLOSED})),
    Column("closed_share", "share", frozenset({What.CLOSED}), of_all=True),
    Column("goodwill", "goodwill", frozenset({What.GIVEN})),
    Column("asked", "asked", frozenset({What.ASKED})),
    Column("scores", "answers", frozenset({What.SCORED})),
    Column("score_average", "of 5", frozenset({What.SCORED}), average=True),
)
"""Every figure, in the order of the table."""


def percentile(answered: Sequence[int], waiting: Sequence[int], share: int) -> Wait | None:
    """The `share`-th percentile (nearest rank) of waits in seconds, counting those still open.

    A wait that is still open counts with what it has used so far if that is already more than the percentile of
    those answered; who has waited less may still be answered sooner, and says nothing yet. None without any wait.
    """
    done = sorted(answered)
    bar = _rank(done, share) if done else -1
    counted = sorted([*done, *(used for used in waiting if used > bar)])
    if not counted:
        return None
    value = _rank(counted, share)
    at = bisect_left(done, value)
    return Wait(value, at_least=at == len(done) or done[at] != value)


def _rank(ordered: Sequence[int], share: int) -> int:
    return ordered[max(0, -(-share * len(ordered) // 100) - 1)]


class Tally:
    """The figures of one group while facts are counted in."""

    __slots__ = ("_counts", "_late", "_scores", "_waits")

    def __init__(self) -> None:
        self._counts = array("i", bytes(4 * len(What)))
        self._late = 0
        self._scores = 0  # the sum of them
        self._waits: dict[int, array[int]] = {}  # what -> seconds of each

    def add(self, what: int, seconds: int, late: bool) -> None:
        """Count a fact; of an answer to how it was `seconds` is the score."""
        self._counts[what] += 1
        if what == What.SCORED:
            self._scores += seconds
        self._late += late
        if what in _MEASURED:
            waits = self._waits.get(what)
            if waits is None:
                waits = self._waits[what] = array("q")
            waits.append(seconds)

    def value(self, column: Column, total: Tally | None = None) -> Value:
        """One figure; `total` is that of all groups together."""
        if column.of_all:
            closed, all_ = self._counts[What.CLOSED], (total or self)._counts[What.CLOSED]
            return Share((closed * 2000 + all_) // (2 * all_)) if closed else None
        if column.average:
            count = self._counts[What.SCORED]
            return Average((self._scores * 200 + count) // (2 * count)) if count else None
        if column.share is not None:
            answered, waiting = (self._waits.get(what, ()) for what in sorted(column.rests_on))
            return percentile(answered, waiting, column.share)
        return self._late if column.late else sum(self._counts[what] for what in column.rests_on)

    def values(self, total: Tally | None = None) -> tuple[Value, ...]:
        """All figures, in the order of COLUMNS."""
        return tuple(self.value(column, total) for column in COLUMNS)


class Row(NamedTuple):
    """The figures of one group: its key (stable), its name for people, the figures now and in the span before."""

    key: str
    name: str
    values: tuple[Value, ...]
    before: tuple[Value, ...] | None = None  # None: the group is a piece of time


class Table(NamedTuple):
    """A report: all together, by one grouping, and by week for a plot."""

    by: str
    span: Span
    total: Row
    rows: tuple[Row, ...]
    weeks: tuple[Row, ...]

    def largest(self, at: int) -> int:
        """The largest figure of the groups in the column of COLUMNS at a place, as a number."""
        return max((number_of(row.values[at]) or 0 for row in self.rows), default=0)


class _About(NamedTuple):
    """Of a conversation, what its facts are grouped by."""

    customer: int | None
    channel: str
    tags: tuple[str, ...]
    outcome: str
    cause: str


class Given(NamedTuple):
    """Something that was given: by whom, whose doing the matter was ("" not said), and what."""

    who: str
    cause: str
    gift: Gift


class Scores(NamedTuple):
    """How customers said it was: how many were asked, each answer from 1 to 5, and those by teammate."""

    asked: int
    answers: tuple[int, ...]
    by_teammate: Mapping[str, list[int]]


@dataclass
class Gathered:
    """The facts of a span and of the one before it, in columns."""

    span: Span
    zone: tzinfo
    conversations: int = 0  # told so far
    names: dict[int, str] = field(default_factory=dict)  # of customers
    _about: dict[int, _About] = field(default_factory=dict)
    _words: list[str] = field(default_factory=list)
    _number: dict[str, int] = field(default_factory=dict)
    _conversation: array[int] = field(default_factory=lambda: array("q"))
    _what: array[int] = field(default_factory=lambda: array("b"))
    _at: array[int] = field(default_factory=lambda: array("q"))
    _seconds: array[int] = field(default_factory=lambda: array("q"))
    _late: array[int] = field(default_factory=lambda: array("b"))
    _who: array[int] = field(default_factory=lambda: array("i"))
    _cause: array[int] = field(default_factory=lambda: array("i"))
    _outcome: array[int] = field(default_factory=lambda: array("i"))
    _gifts: dict[int, Gift] = field(default_factory=dict)  # by their places in the columns
    _scored: array[int] = field(default_factory=lambda: array("q"))  # the places of answers
    _asked: array[int] = field(default_factory=lambda: array("q"))

    def add(self, story: Story, facts: Iterable[Fact]) -> None:
        """Take in what happened in a conversation, as far as it belongs to the spans."""
        self.conversations += 1
        start, end = self.span.before.start, self.span.end
        known = False
        for fact in facts:
            if not start <= fact.at < end:
                continue
            if not known:
                known = True
                self._introduce(story)
            self._conversation.append(story.id)
            self._what.append(fact.what)
            self._at.append(fact.at)
            if fact.gift is not None:
                self._gifts[len(self._seconds)] = fact.gift
            elif fact.what is What.SCORED:
                self._scored.append(len(self._seconds))
            elif fact.what is What.ASKED:
                self._asked.append(len(self._seconds))
            self._seconds.append(fact.score or fact.seconds)
            self._late.append(fact.late)
            self._who.append(self._word(fact.who))
            self._cause.append(self._word(fact.cause))
            self._outcome.append(self._word(fact.outcome))

    def table(self, by: str) -> Table:
        """The figures by one of GROUPINGS."""
        total, was = Tally(), Tally()
        groups: dict[str, Tally] = {}
        before: dict[str, Tally] = {}
        weeks: dict[str, Tally] = {key: Tally() for key in self._weeks()}
        keys, week_of, start = self._keys(by), self._week_of(), self.span.start
        for at, (what, when, seconds, late) in enumerate(
            zip(self._what, self._at, self._seconds, self._late, strict=True)
        ):
            is_late = bool(late)
            is_now = when >= start
            (total if is_now else was).add(what, seconds, is_late)
            if is_now:
                weeks[week_of(when)].add(what, seconds, is_late)
            if by != "week":
                for key in keys(at):
                    place = groups if is_now else before
                    if (tally := place.get(key)) is None:
                        tally = place[key] = Tally()
                    tally.add(what, seconds, is_late)
        by_week = tuple(Row(key, key, tally.values(total)) for key, tally in weeks.items())
        rows = by_week if by == "week" else self._rows(by, groups, before, total, was)
        return Table(by, self.span, Row("", "all", total.values(), was.values()), rows, by_week)

    def behind(self, by: str, key: str | None, column: Column, value: Value) -> tuple[int, ...]:
        """The conversations behind a figure of this span: of a percentile those that waited that long, or longer.

        `key` None: the figure of all together.
        """
        keys = self._keys(by)
        least = value.seconds if isinstance(value, Wait) else 0
        found = {
            self._conversation[at]: None
            for at, (what, when, late) in enumerate(zip(self._what, self._at, self._late, strict=True))
            if when >= self.span.start
            and column.holds(what, bool(late))
            and self._seconds[at] >= least
            and (key is None or key in keys(at))
        }
        return tuple(found)

    def given(self, by: str, key: str | None = None, before: bool = False) -> list[Given]:
        """What was given, by the groups it counts in; of one group, or (None) of all. `before`: in the span before."""
        keys, cause = self._keys(by), self._keys("cause")
        return [
            Given(self._words[self._who[at]], cause(at)[0], gift)
            for at, gift in self._gifts.items()
            if (self._at[at] < self.span.start) is before and (key is None or key in keys(at))
        ]

    def scores(self, by: str, key: str | None = None, before: bool = False) -> Scores:
        """How customers said it was: who was asked, and what they answered."""
        keys, start = self._keys(by), self.span.start

        def counted(places: Iterable[int]) -> list[int]:
            return [
                at for at in places if (self._at[at] < start) is before and (key is None or key in keys(at))
            ]

        answers = counted(self._scored)
        found: dict[str, list[int]] = {}
        for at in answers:
            found.setdefault(self._words[self._who[at]], []).append(self._seconds[at])
        return Scores(len(counted(self._asked)), tuple(self._seconds[at] for at in answers), found)

    # ------------------------------------------------------------------ groups

    def _rows(
        self, by: str, groups: dict[str, Tally], before: dict[str, Tally], total: Tally, was_total: Tally
    ) -> tuple[Row, ...]:
        """The groups, those with most to do first."""
        nothing, nothing_before = Tally().values(total), Tally().values(was_total)
        found = []
        for key in groups.keys() | before.keys():
            values = groups[key].values(total) if key in groups else nothing
            was = before[key].values(was_total) if key in before else nothing_before
            found.append(Row(key, self._name(by, key), values, was))
        return tuple(
            sorted(found, key=lambda row: (-_weight(row.values), -_weight(row.before or ()), row.name))
        )

    def _name(self, by: str, key: str) -> str:
        if not key:
            return _NOBODY.get(by, "-")
        return (self.names.get(int(key)) or "-") if by == "customer" else key

    def _keys(self, by: str) -> Callable[[int], tuple[str, ...]]:
        """What gives the groups of the fact at a place in the columns."""
        about, conversation, words = self._about, self._conversation, self._words
        match by:
            case "week":
                week_of = self._week_of()
                return lambda at: (week_of(self._at[at]),)
            case "teammate":
                return lambda at: (words[self._who[at]],)
            case "customer":
                return lambda at: (str(about[conversation[at]].customer or ""),)
            case "channel":
                return lambda at: (about[conversation[at]].channel,)
            case "tag":
                return lambda at: about[conversation[at]].tags or ("",)
            case "outcome":
                return lambda at: (words[self._outcome[at]] or about[conversation[at]].outcome,)
            case "cause":  # a closing has one of its own, or none
                return lambda at: (
                    words[self._cause[at]] if words[self._outcome[at]] else about[conversation[at]].cause,
                )
            case _:
                raise ValueError(f"{by!r} is no grouping")

    def _weeks(self) -> Iterator[str]:
        """The weeks of the span by their Mondays."""
        day = _monday(self.span.start, self.zone)
        while midnight(day, self.zone) < self.span.end:
            yield day.isoformat()
            day += timedelta(days=7)

    def _week_of(self) -> Callable[[Instant], str]:
        """What gives the week of an instant of the span."""
        names = list(self._weeks())
        starts = [midnight(date.fromisoformat(name), self.zone) for name in names]
        return lambda at: names[max(0, bisect_left(starts, at + 1) - 1)]

    def _introduce(self, story: Story) -> None:
        outcome = story.closed_why if story.status is Status.CLOSED else None
        outcome = "" if outcome == IMPORT else outcome or ""
        about = _About(story.customer, story.channel, story.tags, outcome, story.cause or "")
        self._about[story.id] = about
        if story.customer is not None:
            self.names[story.customer] = story.customer_name

    def _word(self, word: str) -> int:
        number = self._number.get(word)
        if number is None:
            number = self._number[word] = len(self._words)
            self._words.append(word)
        return number


def gather(
    store: Reader,
    span: Span,
    zone: tzinfo,
    now: Instant,
    who: Who,
    query: Node | None = None,
    goes_on: Callable[[int, int], bool] = lambda _done, _of: True,
) -> Gathered | None:
    """Go through the record once for a span and the one before it.

    After each slice `goes_on` hears how many conversations are done of how many; None when it says no. Instants and
    facts are as of `now`, whichever span is asked for, so the figures of two spans add up to those of both.
    """
    found, reporter, done = Gathered(span, zone), Reporter(store.book, now), 0
    with closing(store.stories(span.before.start, query, who, now)) as slices:
        for total, stories in slices:
            for story in stories:
                found.add(story, reporter.facts(story))
            done += len(stories)
            if not goes_on(done, total):
                return None
    return found


def _weight(values: Sequence[Value]) -> int:
    return sum(value for value in values if isinstance(value, int))


def _monday(at: Instant, zone: tzinfo) -> date:
    day = datetime.fromtimestamp(at, zone).date()
    return day - timedelta(days=day.weekday())


def midnight(day: date, zone: tzinfo) -> Instant:
    """When a day begins."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())

"""What can be proved of queries without looking at any conversation: that one can match nothing, that one finds all that
another finds.

Sound, not complete: what is said here holds for every conversation that `matches` could be asked about, and where no proof
is found nothing is said. A query is handed over as it is read at several instants, for `7d` and `today` mean something
else tomorrow: a proof has to hold at each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from inbox.listing import Instant, Status
from inbox.queries.tree import (
    After,
    And,
    Assignee,
    Before,
    CauseIs,
    Channel,
    CustomerIs,
    Due,
    Everything,
    Flag,
    Ids,
    Is,
    Issue,
    MailboxIs,
    Node,
    Not,
    Or,
    OutcomeIs,
    Quiet,
    Score,
    StatusIs,
    Words,
    both,
    negated,
)
from inbox.queries.words import fold_words, is_number, needle

Trees = Sequence[Node]
"""One query, as it is read at one instant or several."""

_PATIENCE = 5_000
"""Parts looked at before no proof is said to be found: who writes a query waits for the answer."""
_FAR = 60 * 365
"""Days: beyond every date that people write into a rule."""


class Clash(NamedTuple):
    """Two parts of a query that never hold together; `part` and `other` are the same where one alone never holds."""

    part: Node
    other: Node


class _TooLong(Exception):
    """No proof was found within `_PATIENCE`."""


class _Fact(NamedTuple):
    """A leaf, as read at each instant, that is to hold or is not to."""

    nodes: tuple[Node, ...]
    holds: bool

    @property
    def said(self) -> Node:
        return self.nodes[0] if self.holds else negated(self.nodes[0])


def at_all_times(read: Callable[[Instant], Node], now: Instant, zone: tzinfo) -> tuple[Node, ...]:
    """A query as it is read now, and as it will be read when every date in it is over, early and late in a day.

    Between two dates that are both absolute, or both so long ago, nothing changes; what one of each kind says of the other
    changes once. So what holds at these instants holds from now on.
    """
    midnight = datetime.fromtimestamp(now, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    later = midnight + timedelta(days=_FAR)
    instants = (
        now,
        *(int((later + timedelta(seconds=at)).astimezone(UTC).timestamp()) for at in (0, 86_399)),
    )
    return tuple(read(at) for at in instants)


def impossible(trees: Trees) -> Clash | None:
    """Why no conversation can ever match: two parts of the query that clash. None when that is not proved."""
    return _refuted([(tuple(trees), True)])


def covers(wide: Trees, narrow: Trees) -> bool:
    """Whether it is proved that every conversation that `narrow` matches is matched by `wide`, too."""
    return _refuted([(tuple(narrow), True), (tuple(wide), False)]) is not None


def together(one: Trees, other: Trees) -> tuple[Node, ...]:
    """Both queries as one."""
    return tuple(both(*each) for each in zip(one, other, strict=True))


_Goal = tuple[tuple[Node, ...], bool]


def _refuted(goals: list[_Goal]) -> Clash | None:
    """What clashes where all of the goals are to hold, each choice tried; of several the first."""
    try:
        return _Search().closed(goals, ())
    except _TooLong:
        return None


class _Search:
    """Tries to make all goals hold; where every choice ends in a clash, they cannot."""

    def __init__(self) -> None:
        self._left = _PATIENCE

    def closed(self, goals: list[_Goal], facts: tuple[_Fact, ...]) -> Clash | None:
        """The first clash if no choice is without one; None when one is."""
        goals, choices = goals[::-1], list[list[_Goal]]()
        while goals:
            self._left -= 1
            if self._left < 0:
                raise _TooLong
            nodes, holds = goals.pop()
            first = nodes[0]
            if isinstance(first, Not):
                goals.append((_part(nodes), not holds))
            elif isinstance(first, And | Or):
                parts: list[_Goal] = [(each, holds) for each in _parts(nodes)]
                if isinstance(first, And) is holds:
                    goals += reversed(parts)
                else:
                    choices.append(parts)
            else:
                if holds and isinstance(first, OutcomeIs | CauseIs):
                    goals.append(((StatusIs((Status.CLOSED,)),) * len(nodes), True))
                fact = _Fact(nodes, holds)
                clash = _clash(fact, facts)
                if clash is not None:
                    return clash
                facts = (*facts, fact)
        return self._chosen(choices, facts)

    def _chosen(self, choices: list[list[_Goal]], facts: tuple[_Fact, ...]) -> Clash | None:
        if not choices:
            return None
        first, *rest = sorted(choices, key=len)
        later: list[_Goal] = [_one_of(choice) for choice in rest]
        found = None
        for goal in first:
            clash = self.closed([*later, goal], facts)
            if clash is None:
                return None
            found = found or clash
        return found


def _one_of(choice: list[_Goal]) -> _Goal:
    """A choice as one goal again."""
    columns = zip(*(nodes if holds else tuple(map(negated, nodes)) for nodes, holds in choice), strict=True)
    return tuple(Or(tuple(column)) for column in columns), True


def _part(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    return tuple(node.part for node in nodes if isinstance(node, Not))


def _parts(nodes: tuple[Node, ...]) -> Iterable[tuple[Node, ...]]:
    return zip(*(node.parts for node in nodes if isinstance(node, And | Or)), strict=True)


# --------------------------------------------------------------------------- leaves


def _clash(new: _Fact, facts: tuple[_Fact, ...]) -> Clash | None:
    if _never(new):
        return Clash(new.said, new.said)
    for old in facts:
        if _exclude(old, new):
            return Clash(old.said, new.said)
    return _no_status(new, facts) or _no_id(new, facts)


def _never(fact: _Fact) -> bool:
    """Whether a leaf alone can be told to fail, whatever is asked."""
    first = fact.nodes[0]
    if isinstance(first, Everything):
        return not fact.holds
    return fact.holds and isinstance(first, Words) and not needle(first.text, first.prefix)[0]


def _exclude(one: _Fact, other: _Fact) -> bool:
    """Whether two leaves cannot be so together."""
    pairs = list(zip(one.nodes, other.nodes, strict=True))
    if one.holds and other.holds:
        return all(_differ(a, b) or _differ(b, a) for a, b in pairs)
    if one.holds:
        return all(_implies(a, b) for a, b in pairs)
    if other.holds:
        return all(_implies(b, a) for a, b in pairs)
    return all(_leave_nothing(a, b) or _leave_nothing(b, a) for a, b in pairs)


def _differ(a: Node, b: Node) -> bool:
    """Whether two leaves exclude each other."""
    match a, b:
        case Assignee(None, False), Assignee(name, is_me):
            return is_me or name is not None
        case (Assignee(name, False), Assignee(other, False)) | (
            (Channel(name), Channel(other)) | (MailboxIs(name), MailboxIs(other))
        ):
            return name != other
        case Issue(name), Issue(other):
            return name is not None and other is not None and name != other
        case (OutcomeIs(name), OutcomeIs(other)) | (CauseIs(name), CauseIs(other)):
            return name != other
        case Score(low, high), Score(least, most):
            return high < least or most < low
        case Before(end), After(start):
            return start >= end
    return False


def _leave_nothing(a: Node, b: Node) -> bool:
    """Whether one of two leaves always holds."""
    match a, b:
        case Before(end), After(start):
            return end >= start
    return False


def _implies(narrow: Node, wide: Node) -> bool:
    """Whether one leaf holds wherever another does."""
    if narrow == wide:
        return True
    match narrow, wide:
        case Words(), Words():
            return _words_within(wide, narrow)
        case Before(end), Before(later):
            return end <= later
        case After(start), After(earlier):
            return start >= earlier
        case Due(soon), Due(later):
            return soon <= later
        case Quiet(long), Quiet(short):
            return long >= short
        case Is(Flag.LATE), Due(seconds):
            return seconds >= 0
        case Issue(), Issue(None):
            return True
        case Score(), Is(Flag.FEEDBACK):
            return True
        case Score(low, high), Score(least, most):
            return least <= low and high <= most
        case CustomerIs(name), CustomerIs(beginning):
            return _customer_within(beginning, name)
    return False


def _words_within(wide: Words, narrow: Words) -> bool:
    """Whether a text that holds the one holds the other: it is a part of it."""
    if wide.field is not None and wide.field is not narrow.field:
        return False
    whole, open_end = needle(narrow.text, narrow.prefix)
    part, beginning = needle(wide.text, wide.prefix)
    if not part:
        return False
    *first, last = part
    for start in range(len(whole) - len(first)):
        end = start + len(first)
        if list(whole[start:end]) == first:
            exact = whole[end] == last and not (open_end and end == len(whole) - 1)
            if exact or (beginning and whole[end].startswith(last)):
                return True
    return False


def _customer_within(wide: str, narrow: str) -> bool:
    """Whether a customer whom the one finds is found by the other: it is a beginning of it, and a part of it."""
    if is_number(wide) or is_number(narrow) or wide.casefold() not in narrow.casefold():
        return False
    name, beginning = fold_words(narrow), fold_words(wide)
    return not name or (bool(beginning) and f" {beginning}" in f" {name}")


def _no_status(new: _Fact, facts: tuple[_Fact, ...]) -> Clash | None:
    """Whether no status is left."""
    if not isinstance(new.nodes[0], StatusIs):
        return None
    left, clash = set(Status), None
    for fact in (new, *facts):
        node = fact.nodes[0]
        if isinstance(node, StatusIs):
            left = left & set(node.statuses) if fact.holds else left - set(node.statuses)
            clash = fact
    return Clash(clash.said, new.said) if not left and clash is not None else None


def _no_id(new: _Fact, facts: tuple[_Fact, ...]) -> Clash | None:
    """Whether no conversation is left of those that are named."""
    if not isinstance(new.nodes[0], Ids):
        return None
    named: set[int] | None = None
    without: set[int] = set()
    clash = new
    for fact in (new, *facts):
        node = fact.nodes[0]
        if isinstance(node, Ids):
            clash = fact
            if fact.holds:
                named = set(node.ids) if named is None else named & set(node.ids)
            else:
                without.update(node.ids)
    return Clash(clash.said, new.said) if named is not None and not named - without else None

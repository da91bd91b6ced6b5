"""Rules that set one another off in a circle, and rules that undo one another: told from the rules alone.

A rule sets another off when what it does is what the other waits for, and the other's conditions can hold after it. A circle
is named where it could go round again and again, or where each of its rules asks for just what the one before it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from inbox.listing import Status
from inbox.queries import (
    And,
    Assignee,
    Channel,
    CustomerIs,
    Everything,
    Flag,
    Ids,
    Is,
    MailboxIs,
    Node,
    StatusIs,
    Tag,
    both,
    negated,
)
from inbox.queries.proving import Trees, covers, impossible, together
from inbox.rules.reading import BY_EVENT, WAYS, Action, Do, On, Rule
from inbox.settings_rules import leaves

LONGEST = 5
"""Rules of a circle that is looked for: longer ones end at the depth limit all the same."""
_PATIENCE = 20_000
"""Steps after which no more circles are looked for."""

BECOMES = {
    Do.SNOOZE: Status.SNOOZED,
    Do.HOLD: Status.HELD,
    Do.CLOSE: Status.CLOSED,
    Do.REOPEN: Status.OPEN,
}
"""The status that a conversation has after what a rule does."""

_SETS_OFF = {
    Do.TAG: On.TAG,
    Do.UNTAG: On.TAG,
    Do.NOTE: On.NOTE,
    Do.SEND: On.MESSAGE_OUT,
    **dict.fromkeys(BECOMES, On.STATUS),
}
"""What an action is to other rules."""
_ALWAYS_NEW = frozenset({Do.NOTE, Do.SEND})
"""What is something new each time. Tags, a status and an assignee that are there already are nothing new."""


class Asked(NamedTuple):
    """A rule with its conditions, as they are read at several instants (`proving.at_all_times`)."""

    rule: Rule
    trees: Trees


class Link(NamedTuple):
    """What a rule does that sets another off; `waited_for`: the other asks for just that."""

    action: Action
    waited_for: bool


class Circle(NamedTuple):
    """Rules by their places, each setting off the next and the last the first. `in_turn`: none sets another off, but each
    undoes, the next time, what the one before it did."""

    rules: tuple[int, ...]
    links: tuple[Link, ...]
    in_turn: bool = False


class Undoing(NamedTuple):
    """What one rule does and another (or itself) takes back at the same event."""

    first: int
    done: Action
    second: int
    undone: Action


# --------------------------------------------------------------------------- what is so after a rule


class _Left:
    """What a conversation is left as by what a rule does, as far as a query could ask."""

    def __init__(self, actions: Iterable[Action]) -> None:
        self.tags: dict[str, bool] = {}
        self.status: Status | None = None
        self.assignee: Node | None = None
        for action in actions:
            if action.do in (Do.TAG, Do.UNTAG):
                self.tags.update(dict.fromkeys(action.words, action.do is Do.TAG))
            elif action.do is Do.ASSIGN:
                named = action.words[0] not in WAYS
                self.assignee = Assignee(action.words[0]) if named else negated(Assignee())
            elif action.do in BECOMES:
                self.status = BECOMES[action.do]

    @property
    def holds(self) -> list[Node]:
        found: list[Node] = [Tag(tag) if on else negated(Tag(tag)) for tag, on in self.tags.items()]
        if self.status is not None:
            found.append(StatusIs((self.status,)))
        return found if self.assignee is None else [*found, self.assignee]

    def keeps(self, leaf: Node) -> bool:
        """Whether what the rule asked for still holds at what it has set off."""
        match leaf:
            case Tag(name):
                return name not in self.tags
            case StatusIs():
                return self.status is None
            case Assignee():
                return self.assignee is None
            case Everything() | CustomerIs() | Channel() | MailboxIs() | Ids() | Is(Flag.VIP | Flag.NOTICE):
                return True
        return False


def after(asked: Asked) -> Trees:
    """What is known of a conversation for which a rule has just done all it does."""
    left = _Left(asked.rule.then)
    return tuple(
        both(
            *(part for part in _all(tree) if all(map(left.keeps, leaves(part)))),
            *left.holds,
        )
        for tree in asked.trees
    )


def _all(node: Node) -> Sequence[Node]:
    return node.parts if isinstance(node, And) else (node,)


# --------------------------------------------------------------------------- circles


def circles(rules: Sequence[Asked]) -> list[Circle]:
    """The circles among these rules, each once, beginning with its first rule; the shortest first."""
    found: list[Circle] = []
    for way, steps in _ways_round(rules, _link):
        waited_for = len(way) > 1 and all(step.waited_for for step in steps)
        if waited_for or _comes_again(rules, way, steps):
            found.append(Circle(way, steps))
    told = {frozenset(circle.rules) for circle in found}
    for way, steps in _ways_round(rules, _next_time):
        if len(way) > 1 and frozenset(way) not in told and _comes_again(rules, way, steps):
            found.append(Circle(way, steps, in_turn=True))
    return found


def _link(asked: Asked, to: Asked) -> Link | None:
    """How a rule sets another off; None when it does not."""
    given = [action for action in asked.rule.then if _SETS_OFF.get(action.do) is to.rule.on]
    if not given or impossible(together(after(asked), to.trees)):
        return None
    waited_for = _waited_for(given, to)
    if waited_for is not None:
        return waited_for
    new = next((action for action in given if action.do in _ALWAYS_NEW), None)
    return Link(new or given[0], waited_for=new is not None)


def _next_time(asked: Asked, to: Asked) -> Link | None:
    """How a rule brings about what another asks for when the same happens again; None when it does not."""
    if asked.rule.on is not to.rule.on or to.rule.on not in BY_EVENT:
        return None
    link = _waited_for(asked.rule.then, to)
    return None if link is None or impossible(together(after(asked), to.trees)) else link


def _waited_for(given: Sequence[Action], to: Asked) -> Link | None:
    """The action after which something holds that a rule asks for: it finds nothing of which that does not hold."""
    for action in given:
        for node in _Left([action]).holds:
            if not _about(to.trees[0]).isdisjoint(_about(node)) and covers((node,) * len(to.trees), to.trees):
                return Link(action, waited_for=True)
    return None


@lru_cache(maxsize=4096)
def _about(node: Node) -> frozenset[object]:
    """What a query asks for, as far as rules can change it: what is about something else says nothing of it."""
    return frozenset(leaf if isinstance(leaf, Tag) else type(leaf) for leaf in leaves(node))


def _ways_round(
    rules: Sequence[Asked], link: Callable[[Asked, Asked], Link | None]
) -> Iterator[tuple[tuple[int, ...], tuple[Link, ...]]]:
    """Every way round through different rules, from its first one on, the short ones first."""
    links = [{there: step for there, to in enumerate(rules) if (step := link(rule, to))} for rule in rules]
    left = _PATIENCE
    ways: list[tuple[int, ...]] = [(start,) for start in range(len(links))]
    while ways and len(ways[0]) <= LONGEST:
        longer = []
        for way in ways:
            for there in links[way[-1]]:
                left -= 1
                if left < 0:
                    return
                if there == way[0]:
                    yield way, tuple(links[a][b] for a, b in zip(way, (*way[1:], there), strict=True))
                elif there > way[0] and there not in way:
                    longer.append((*way, there))
        ways = longer


def _comes_again(rules: Sequence[Asked], way: Sequence[int], steps: Sequence[Link]) -> bool:
    """Whether each step of a circle is something new the next time round, too: what it does is undone in between."""
    actions = [action for place in way for action in rules[place].rule.then]
    return all(
        step.action.do in _ALWAYS_NEW or any(_reverses(step.action, other) for other in actions)
        for step in steps
    )


def _reverses(one: Action, other: Action) -> bool:
    """Whether one action takes back what the other does."""
    if {one.do, other.do} == {Do.TAG, Do.UNTAG}:
        return not set(one.words).isdisjoint(other.words)
    if one.do in BECOMES and other.do in BECOMES:
        return BECOMES[one.do] is not BECOMES[other.do]
    if one.do is not other.do:
        return False
    return one.on is not other.on or (one.do in (Do.ASSIGN, Do.POLICY) and one.words != other.words)


# --------------------------------------------------------------------------- undoing


def undoings(rules: Sequence[Asked]) -> list[Undoing]:
    """Where a rule takes back what it does itself, or what one before it does at the same event, each time. Both see the
    conversation as it was before either did anything."""
    found = []
    for first, asked in enumerate(rules):
        then = asked.rule.then
        for place, done in enumerate(then):
            undone = next((a for a in then[place + 1 :] if _reverses(done, a)), None)
            if undone is not None:
                found.append(Undoing(first, done, first, undone))
        if stops(asked.rule):
            continue
        for second in range(first + 1, len(rules)):
            pair = _undoes(asked, rules[second])
            if pair is not None:
                found.append(Undoing(first, pair[0], second, pair[1]))
    return found


def _undoes(asked: Asked, later: Asked) -> tuple[Action, Action] | None:
    if not same_moment(asked.rule, later.rule):
        return None
    pairs = (
        (done, undone) for done in asked.rule.then for undone in later.rule.then if _reverses(done, undone)
    )
    pair = next(pairs, None)
    if pair is None or not covers(later.trees, asked.trees):
        return None
    return pair


def stops(rule: Rule) -> bool:
    """Whether no rule behind it is asked where it fits. What comes with time asks each rule by itself."""
    return rule.on in BY_EVENT and any(action.do is Do.STOP for action in rule.then)


def same_moment(first: Rule, second: Rule) -> bool:
    """Whether whenever the second rule is set off, the first one is, too."""
    if first.on is not second.on:
        return False
    if first.on is On.SILENCE:
        return first.after == second.after
    if first.on is On.TIME:
        days = set(range(7))
        return first.at == second.at and set(first.days or days) >= set(second.days or days)
    return True

"""What belongs together, told in the order of time: so that it does not matter in which order mail arrives.

A message is placed by what is there when it comes. One that comes late may show that others belong elsewhere: their
parent, or the proof that their sender took part. Then all that hangs together by its ids is placed again as if it had
come in the order of time, by the same rules (`inbox.placing`), and what comes out otherwise is moved.

That is done only where the rules alone explain how everything lies. Where a person, a closing long ago or spam has
made it otherwise, it stays as it is; and what was parted by hand is never brought together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from inbox.addresses import fold_address
from inbox.customers import taking_part
from inbox.model import Conversation, Instant, Message
from inbox.placing import looked_up, place
from inbox.ports import Known, State


class Lying(NamedTuple):
    """A message and the conversation it lies in. Of `message` only ids and people are needed; `people` and `ours` are
    those of `inbox.placing.place`. `claims`: it only claims to be ours, and nothing is found by what it refers to.
    `was`: where it lay before the newest arrival joined that with this one; None: here."""

    number: int
    conversation: int
    at: Instant
    message: Message
    people: frozenset[str]
    ours: bool
    customer: int | None
    claims: bool = False
    was: int | None = None


class Gathering(NamedTuple):
    """A conversation as it should be: its number (None: a new one), and what comes in from which other. `rest`: those
    of which everything that is left comes in."""

    into: int | None
    messages: tuple[tuple[int, tuple[int, ...]], ...]
    rest: tuple[int, ...]


def regroup(
    lying: Sequence[Lying], arrived: int, cuts: Iterable[frozenset[int]] = ()
) -> tuple[Gathering, ...]:
    """What is to be moved now that the message `arrived` lies among these; () when nothing is."""
    before = [
        each if each.was is None else each._replace(conversation=each.was)
        for each in lying
        if each.number != arrived
    ]
    if _told(before) != _as_it_lies(before):
        return ()
    told = _told(lying)
    if told == _as_it_lies(lying):
        return ()
    found = _gathered(told, {each.number: each.conversation for each in lying})
    joined = {
        frozenset((origin, each.into))
        for each in found
        for origin in (*(origin for origin, _ in each.messages), *each.rest)
        if each.into is not None
    }
    return () if joined & set(cuts) else found


_Groups = frozenset[frozenset[int]]


def _as_it_lies(lying: Iterable[Lying]) -> _Groups:
    found: dict[int, set[int]] = {}
    for each in lying:
        found.setdefault(each.conversation, set()).add(each.number)
    return frozenset(map(frozenset, found.values()))


@dataclass(slots=True)
class _Group:
    numbers: set[int]
    people: set[str]
    customer: tuple[int, int | None]  # when it was begun by whom, as a place in the order of time


@dataclass(slots=True)
class _Telling:
    groups: dict[int, _Group] = field(default_factory=dict)
    lies_in: dict[int, int] = field(default_factory=dict)  # message -> group
    having: dict[str, list[Lying]] = field(default_factory=dict)  # Message-ID -> messages
    referring: dict[str, list[tuple[int, str]]] = field(default_factory=dict)  # Message-ID -> message, sender


def _told(lying: Iterable[Lying]) -> _Groups:
    """Which messages lie together when they come in the order of time."""
    telling = _Telling()
    order = sorted(lying, key=lambda each: (each.at, each.message.message_id or "", each.number))
    for turn, each in enumerate(order):
        _take(telling, each, turn)
    return frozenset(frozenset(group.numbers) for group in telling.groups.values())


def _take(telling: _Telling, each: Lying, turn: int) -> None:
    message, groups = each.message, telling.groups
    known = {text: found for text in looked_up(message) if (found := _known(telling, text))}
    near = {one.conversation for found in known.values() for one in found}
    state = State(
        conversations={
            n: Conversation(n, customer=groups[n].customer[1], messages=len(groups[n].numbers)) for n in near
        },
        participants={n: frozenset(groups[n].people) for n in near},
        known=known,
    )
    placed = place(
        message,
        people=each.people,
        ours=each.ours,
        customer=each.customer,
        state=state,
        now=each.at,
        history=True,
    )
    number = turn if placed.conversation is None else placed.conversation
    group = groups.setdefault(number, _Group(set(), set(), (turn, None)))
    for other in placed.merge:
        gone = groups.pop(other)
        group.numbers |= gone.numbers
        group.people |= gone.people
        known_first = [begun for begun in (group.customer, gone.customer) if begun[1] is not None]
        group.customer = min(known_first or [group.customer])
        for one in gone.numbers:
            telling.lies_in[one] = number
    if group.customer[1] is None:
        group.customer = (turn, each.customer)
    group.numbers.add(each.number)
    group.people |= taking_part(message)
    telling.lies_in[each.number] = number
    if message.message_id:
        telling.having.setdefault(message.message_id, []).append(each)
    sender = "" if each.ours else fold_address(message.sender[0].address) if message.sender else None
    if sender is None or each.claims:
        return
    for text in looked_up(message):
        here = (telling.lies_in[one.number] == number for one in telling.having.get(text, ()))
        if text != message.message_id and not any(here):
            telling.referring.setdefault(text, []).append((each.number, sender))


def _known(telling: _Telling, text: str) -> tuple[Known, ...]:
    found = [
        Known(telling.lies_in[one.number], one.number, one.ours, names=taking_part(one.message))
        for one in telling.having.get(text, ())
    ]
    referrers: dict[int, set[str]] = {}
    for number, sender in telling.referring.get(text, ()):
        referrers.setdefault(telling.lies_in[number], set()).add(sender)
    found += [Known(number, None, referrers=frozenset(senders)) for number, senders in referrers.items()]
    return tuple(found)


def _gathered(told: _Groups, lies_in: dict[int, int]) -> tuple[Gathering, ...]:
    """How what lies so comes to lie as it was told, with the fewest messages moved."""
    groups = sorted(told, key=min)
    shares = [Counter(lies_in[number] for number in group) for group in groups]
    offers = sorted((-n, where, at) for at, share in enumerate(shares) for where, n in share.items())
    host: dict[int, int] = {}
    for _, where, at in offers:
        if at not in host and where not in host.values():
            host[at] = where
    taken = set(host.values())
    whole: dict[int, int] = {}  # of what is left over, where its largest share goes
    for _, where, at in offers:
        if where not in taken:
            whole.setdefault(where, at)
    found = []
    for at, (group, share) in enumerate(zip(groups, shares, strict=True)):
        rest = tuple(sorted(where for where, goes in whole.items() if goes == at))
        moved = tuple(
            (where, tuple(sorted(number for number in group if lies_in[number] == where)))
            for where, _ in share.most_common()
            if where != host.get(at) and where not in rest
        )
        if moved or rest:
            found.append(Gathering(host.get(at), moved, rest))
    return tuple(found)

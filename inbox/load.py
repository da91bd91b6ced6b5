"""How much work each teammate has in hand, weighed, and who is given the next piece so that it stays fair.

Open conversations in which a customer waits weigh most, other open ones half of that, and what only lies by (snoozed, held
for somebody else) a quarter: it comes back. What waits for the customer weighs nothing.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from inbox.listing import Status

ANSWER, OPEN, LIES_BY = 4, 2, 1
"""Weights, in quarters of a conversation in which somebody waits for an answer."""


def weight(status: str, unanswered: bool) -> int:
    """What one conversation weighs for whoever has it."""
    if status == Status.OPEN:
        return ANSWER if unanswered else OPEN
    return LIES_BY if status in (Status.SNOOZED, Status.HELD) else 0


def weighed(counted: Iterable[tuple[str, str, int, int]]) -> dict[str, int]:
    """The load of each person, from (who has them, status, whether a customer waits, how many); nobody has none."""
    loads: dict[str, int] = {}
    for name, status, unanswered, count in counted:
        if name and (heavy := weight(status, bool(unanswered)) * count):
            loads[name] = loads.get(name, 0) + heavy
    return loads


def fairest(names: Sequence[str], loads: Mapping[str, int], turns: Mapping[str, int]) -> str | None:
    """Who has the least; among equals whoever was given something the longest ago (`turns`: the larger the later), then
    whoever is named first. None where nobody is there."""
    return min(names, key=lambda name: (loads.get(name, 0), turns.get(name, 0)), default=None)


def spread(
    pieces: Sequence[int],
    names: Sequence[str],
    loads: Mapping[str, int],
    has: Mapping[int, str | None],
    seen: Mapping[str, Container[int]],
) -> dict[int, str]:
    """Who gets each of these conversations, one after the other, each to whoever has the least by then. `has`: who has it
    now, whose hands it leaves; `seen`: which of them each may see. What nobody of them may see is left out."""
    carried = dict(loads)
    turns: dict[str, int] = {}
    given: dict[int, str] = {}
    for turn, piece in enumerate(pieces, start=1):
        before = has.get(piece)
        if before is not None and before in carried:
            carried[before] -= ANSWER
        to = fairest([name for name in names if piece in seen[name]], carried, turns)
        if to is None:
            continue
        given[piece] = to
        carried[to] = carried.get(to, 0) + ANSWER
        turns[to] = turn
    return given

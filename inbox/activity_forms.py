"""The activity of a day as lines and as JSON."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, tzinfo
from typing import Any

from inbox.activity import FIGURES, Acts, Day
from inbox.jsonform import instant_as_json

HEADS = {
    "answered": "answers",
    "closed": "closed",
    "notes": "notes",
    "taken": "taken",
    "handed_over": "handed",
    "assigned": "given",
    "goodwill": "gifts",
    "approved": "yes",
}
"""How each figure is called above its column: in at most seven letters, so that a narrow screen has room for all."""


def as_object(acts: Acts, day: Day) -> dict[str, Any]:
    """One person's day as `activity --json` prints it."""
    return {
        "day": day.date.isoformat(),
        "who": acts.who,
        **{figure: acts.count(figure) for figure in FIGURES},
        "first": instant_as_json(acts.first),
        "last": instant_as_json(acts.last),
    }


def hours_of(acts: Acts, zone: tzinfo, away: Collection[str] = ()) -> str:
    """ "09:14-17:02", from the first thing they did to the last; "" where that was nothing, "away" where they are among
    those who were."""
    if acts.first is None or acts.last is None:
        return "away" if acts.who in away else ""
    first, last = (datetime.fromtimestamp(at, zone) for at in (acts.first, acts.last))
    return f"{first:%H:%M}-{last:%H:%M}"


def title_of(day: Day, back: int) -> str:
    """ "Tue 10 Nov 2026, today"."""
    behind = {0: ", today", 1: ", yesterday"}.get(back, "")
    return f"{day.date:%a} {day.date.day} {day.date:%b %Y}{behind}"


def together(found: Sequence[Acts]) -> Acts:
    """All persons as one."""
    of = {figure: tuple(each for acts in found for each in acts.of[figure]) for figure in FIGURES}
    firsts = [acts.first for acts in found if acts.first is not None]
    lasts = [acts.last for acts in found if acts.last is not None]
    return Acts("all", of, min(firsts, default=None), max(lasts, default=None))

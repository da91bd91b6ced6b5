"""Stories for clocks: what happened on a few days of March 2013, in short lines, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from inbox.hours import Hours
from inbox.model import Clock, ClockKind, Happening, Instant
from inbox.policy import Policy
from inbox.sla import clocks

FIRST, NEXT, RESOLVE, UPDATE, PROMISE, FOLLOW_UP = ClockKind
MINUTE, HOUR, DAY = 60, 3600, 86400

# The stories happen on Thursday 2013-03-21 and the days after it; 08-18 in Berlin is 07-17 in UTC.
DAILY = Hours(zone="Europe/Berlin", week=(((8 * HOUR, 18 * HOUR),),) * 7)
WORKDAYS = Hours(zone="Europe/Berlin", week=(((8 * HOUR, 18 * HOUR),),) * 5 + ((),) * 2)
POLICY = Policy(
    first_reply=60 * MINUTE, next_reply=120 * MINUTE, resolve=180 * MINUTE, update=4 * HOUR, hours=DAILY
)


def z(text: str, month: int = 3) -> Instant:
    """`09:30`, `09:30:15`, `22 09:30`: an instant of UTC in March 2013, without a day on the 21st."""
    day, _, time = text.rpartition(" ")
    hour, minute, second = (*map(int, time.split(":")), 0)[:3]
    return int(datetime(2013, month, int(day or 21), hour, minute, second, tzinfo=UTC).timestamp())


def told(*lines: str, month: int = 3) -> list[Happening]:
    """`09:30 customer`, `22 09:30 promise 10:00`, `10:00 follow-up 22 12:00 anyway` as happenings."""
    found = []
    for line in lines:
        words = line.split()
        length = 2 if ":" in words[0] else 3
        at, what, rest = " ".join(words[: length - 1]), words[length - 1], words[length:]
        anyway = "anyway" in rest
        due = " ".join(word for word in rest if word != "anyway")
        found.append(Happening(z(at, month), what, z(due, month) if due else None, anyway))
    return found


def the(kind: ClockKind, found: tuple[Clock, ...], number: int = 0) -> Clock:
    return [clock for clock in found if clock.kind is kind][number]


def kinds(found: tuple[Clock, ...]) -> list[ClockKind]:
    return [clock.kind for clock in found]


def derive(story: list[Happening], now: str, policy: Policy = POLICY, month: int = 3) -> tuple[Clock, ...]:
    return clocks(story, policy, z(now, month))


def imported(story: list[Happening], at: str) -> list[Happening]:
    return [replace(each, history_since=z(at)) for each in story]

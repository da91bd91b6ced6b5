"""When what comes with time comes to rules: clocks and times of day, for whoever follows them and for the replay."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

from inbox.model import Clock, ClockState, Instant
from inbox.rules.reading import On, Rule


def rang_at(clock: Clock, on: On) -> Instant | None:
    """When a clock began to warn, while it still runs; or was breached: the second after its deadline."""
    if on is On.CLOCK_WARNED:
        return clock.warn_at if clock.state in (ClockState.RUNNING, ClockState.BREACHED) else None
    return None if clock.breached_at is None else clock.breached_at + 1


def time_of_day(rule: Rule, day: date, zone: tzinfo) -> Instant | None:
    """When a rule at a time of day is asked on a day of the calendar; None on a day that is not one of its days."""
    if rule.days and day.weekday() not in rule.days:
        return None
    wall = datetime.combine(day, time()) + timedelta(seconds=rule.at)
    return int(wall.replace(tzinfo=zone).timestamp())

"""What clocks work with, made from checked settings: opening hours and policies from plain values, and
back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from inbox.hours import ALWAYS, DAYS, Hours
from inbox.policy import Policy

Calendar = Mapping[str, Any] | str
"""Opening hours as plain values: "always", or what `inbox.settings_schema.CalendarTable` keeps."""


def make_hours(
    calendar: Calendar, zone: str, holidays: Mapping[str, Mapping[str, str]], name: str = "hours"
) -> Hours:
    """Opening hours; `zone` is that of the host, for a calendar that names none."""
    if isinstance(calendar, str):
        return ALWAYS
    spans = {day: tuple((start, end) for start, end in calendar["week"][day]) for day in DAYS}
    openings = sorted(calendar["openings"].items())
    return Hours(
        zone=calendar["zone"] or zone,
        week=tuple(spans[day] for day in DAYS),
        holidays=frozenset(date.fromisoformat(day) for day in calendar["holidays"]),
        openings=tuple((date.fromisoformat(day), tuple((a, b) for a, b in own)) for day, own in openings),
        country=calendar["country"],
        region=calendar["region"],
        name=name,
        cache={year: dict(names) for year, names in holidays.items()},
    )


def make_policy(row: Mapping[str, Any], hours: Hours) -> Policy:
    """A policy that counts in `hours`."""
    return Policy(
        name=row["name"],
        when=row["when"],
        first_reply=row["first_reply"],
        next_reply=row["next_reply"],
        resolve=row["resolve"],
        update=row["update"],
        pause=None if row["pause"] is None else frozenset(row["pause"]),
        warn=row["warn"],
        hours=hours,
    )


def policy_row(policy: Policy, calendar: Calendar | None) -> dict[str, Any]:
    """A policy as plain values; `calendar` its own opening hours, None when it has the workspace's."""
    return {
        "name": policy.name,
        "when": policy.when,
        "first_reply": policy.first_reply,
        "next_reply": policy.next_reply,
        "resolve": policy.resolve,
        "update": policy.update,
        "pause": None if policy.pause is None else sorted(policy.pause),
        "warn": policy.warn,
        "hours": calendar,
    }

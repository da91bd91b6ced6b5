"""Instants as a person reads them: short, in the zone of who looks, the same width in every row."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inbox.listing import Instant

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def lateness(due: Instant, now: Instant) -> str:
    """Time to a deadline: "0:40", "26:05", "4d"; past it "!-0:25". At most seven cells."""
    minutes = abs(due - now) // 60
    span = f"{minutes // 60}:{minutes % 60:02}" if minutes < 48 * 60 else f"{minutes // 1440}d"
    return f"!-{span}" if due < now else span


def since(at: Instant, now: Instant, zone: tzinfo) -> str:
    """Since when: "09:12" today, "Tue" within the week, "12 Nov" within the year, else "2024". At most six cells."""
    then, today = datetime.fromtimestamp(at, zone), datetime.fromtimestamp(now, zone)
    days = (today.date() - then.date()).days
    if days == 0:
        return f"{then:%H:%M}"
    if 0 < days < 7:
        return _DAYS[then.weekday()]
    if abs(days) < 300:
        return f"{then.day} {_MONTHS[then.month - 1]}"
    return str(then.year)


def waited(at: Instant, now: Instant, zone: tzinfo, roomy: bool = False) -> str:
    """How long ago as people say it: "now", "5 min", "3 h", "yesterday" ("1 d" where it is not `roomy`), "3 d", "12 Nov",
    "2024". At most six cells, nine where it is roomy."""
    minutes = (now - at) // 60
    then, today = datetime.fromtimestamp(at, zone), datetime.fromtimestamp(now, zone)
    days = (today.date() - then.date()).days
    if days <= 0 and minutes < 24 * 60:
        return "now" if minutes < 1 else f"{minutes} min" if minutes < 60 else f"{minutes // 60} h"
    if days == 1:
        return "yesterday" if roomy else "1 d"
    return f"{days} d" if days < 14 else since(at, now, zone)


def day(at: Instant, now: Instant, zone: tzinfo) -> str:
    """On which day, before or after now: "17:00" today, "Thu" within the week, "12 Nov" within the year, else "2024"."""
    then, today = datetime.fromtimestamp(at, zone), datetime.fromtimestamp(now, zone)
    days = abs((then.date() - today.date()).days)
    return _DAYS[then.weekday()] if 0 < days < 7 else since(at, now, zone)


def lately(at: Instant, now: Instant, zone: tzinfo) -> str:
    """A moment of the last days: "17:02" today, "Fri 17:02" within the week, else in full."""
    then = datetime.fromtimestamp(at, zone)
    on = day(at, now, zone)
    return f"{on} {then:%H:%M}" if on in _DAYS else moment(at, now, zone)


def spoken(at: Instant, now: Instant, zone: tzinfo) -> str:
    """When something happened, as people say it: "09:12" today, "yesterday 09:12", "Sat 09:12" within the week, "12 Nov
    09:12" within the year, else with the year; what is to come, in full."""
    then, today = datetime.fromtimestamp(at, zone), datetime.fromtimestamp(now, zone)
    days = (today.date() - then.date()).days
    if days < 0:
        return moment(at, now, zone)
    if days < 7:
        return (
            ("", "yesterday ")[days] + f"{then:%H:%M}"
            if days < 2
            else f"{_DAYS[then.weekday()]} {then:%H:%M}"
        )
    year = "" if then.year == today.year else f" {then.year}"
    return f"{then.day} {_MONTHS[then.month - 1]}{year} {then:%H:%M}"


def moment(at: Instant, now: Instant, zone: tzinfo) -> str:
    """A moment in full: "09:12" today, "Tue 12 Nov 09:12", with the year when it is another one."""
    then, today = datetime.fromtimestamp(at, zone), datetime.fromtimestamp(now, zone)
    if then.date() == today.date():
        return f"{then:%H:%M}"
    year = "" if then.year == today.year else f" {then.year}"
    return f"{_DAYS[then.weekday()]} {then.day} {_MONTHS[then.month - 1]}{year} {then:%H:%M}"


def moment_and_here(at: Instant, now: Instant, zone: tzinfo, own: tzinfo | None) -> str:
    """A moment in full, and in one's own zone where its clocks differ: "Fri 27 Nov 17:00 · 11:00 here"."""
    words = moment(at, now, zone)
    then = datetime.fromtimestamp(at, zone)
    here = then.astimezone(own) if own is not None else then
    if here.utcoffset() == then.utcoffset():
        return words
    told = f"{here:%H:%M}" if here.date() == then.date() else f"{_DAYS[here.weekday()]} {here:%H:%M}"
    return f"{words} · {told} here"


def ago(at: Instant, now: Instant) -> str:
    """How long ago, roughly: "just now", "5 min ago", "3 h ago", "2 d ago", "5 months ago"."""
    seconds = max(0, now - at)
    for limit, size, unit in ((3600, 60, "min"), (86_400, 3600, "h"), (60 * 86_400, 86_400, "d")):
        if seconds < limit:
            return f"{seconds // size} {unit} ago" if seconds >= size else "just now"
    return f"{seconds // (30 * 86_400)} months ago"

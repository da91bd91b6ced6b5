"""Invitations and other calendar entries in mail (RFC 5545, RFC 5546) in words: what, when, where, who.

Times are told in the zone the entry names and in UTC, since who reads it may sit elsewhere. Nothing here raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from inbox.charsets import decode
from inbox.text import one_line

if TYPE_CHECKING:
    from icalendar import Component

LONGEST = 65_536
"""Bytes of a calendar that are read: an invitation has a few thousand."""

MOST = 5
"""Entries of one calendar that are told."""

_NAMED = 8  # people of an invitation that are told by name
_KINDS = {"VEVENT": "event", "VTODO": "task", "VJOURNAL": "note"}
_LINE = re.compile(r"(BEGIN|END)[ \t]*:[ \t]*([A-Za-z0-9-]{1,40})[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)
_RESTLESS = re.compile(r"FREQ=(?:SECONDLY|MINUTELY|HOURLY|DAILY)", re.IGNORECASE)
_ZONE = re.compile(r"^BEGIN:VTIMEZONE.*?^END:VTIMEZONE", re.MULTILINE | re.DOTALL | re.IGNORECASE)
_FOLDED = re.compile(r"\r?\n[ \t]")
_LABELS = {
    "SUMMARY": "Calendar entry",
    "DTSTART": "Begins",
    "DTEND": "Ends",
    "LOCATION": "Where",
    "ORGANIZER": "Organiser",
}
_PLAIN = re.compile(rf"^({'|'.join(_LABELS)})(?:;[^:\n]*)?:([^\n]*)", re.MULTILINE | re.IGNORECASE)
_ANSWERS = {
    "ACCEPTED": "accepts",
    "DECLINED": "declines",
    "TENTATIVE": "accepts tentatively",
    "DELEGATED": "sends somebody else",
}
_EVERY = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}


def in_words(data: bytes, charset: str | None = None, with_description: bool = False) -> str:
    """The entries of a calendar, told in a few lines each; "" when there is none that can be read."""
    text, _ = decode(data[:LONGEST], charset or "utf-8")
    try:
        told = "\n\n".join(_entries(text, with_description))
    except Exception:  # the library raises what it likes on a broken calendar
        told = ""
    return told or _as_written(text)


def _as_written(text: str) -> str:
    """The first entry of a calendar that is broken: its lines that say something, as they are."""
    found = {
        name.upper(): one_line(said, 300) for name, said in reversed(_PLAIN.findall(_FOLDED.sub("", text)))
    }
    return "\n".join(f"{label}: {found[name]}" for name, label in _LABELS.items() if found.get(name))


def _entries(text: str, with_description: bool) -> Iterator[str]:
    from icalendar import Calendar  # 40 ms at first use

    begin = text.upper().find("BEGIN:VCALENDAR")
    if begin < 0:
        return
    calendar = Calendar.from_ical(_complete(text[begin:]))
    method = str(calendar.get("METHOD", "")).upper()
    told: list[str] = []
    for entry in calendar.walk():
        if entry.name not in _KINDS:
            continue
        lines = "\n".join(_lines(entry, method, with_description))
        if lines not in told:
            told.append(lines)
            yield lines
        if len(told) >= MOST:
            return


def _complete(text: str) -> str:
    """A calendar with the ends it lost; rules of a zone that change oftener than a year does would never be done."""
    text = _ZONE.sub(lambda zone: _RESTLESS.sub("FREQ=YEARLY", zone[0]), text)
    open_ones: list[str] = []
    stop = len(text)
    for line in _LINE.finditer(text):
        name = line[2].upper()
        if line[1].upper() == "BEGIN":
            open_ones.append(name)
        elif name in open_ones[-1:]:
            open_ones.pop()
            if not open_ones:
                stop = line.end()
                break
    if not open_ones:
        return text[:stop]
    whole = text[: text.rfind("\n") + 1] or text + "\n"  # a line that was cut off
    return whole + "".join(f"END:{name}\r\n" for name in reversed(open_ones[:20]))


def _lines(entry: Component, method: str, with_description: bool) -> Iterator[str]:
    what = one_line(_said(entry, "SUMMARY"), 200) or "(no title)"
    cancelled = method == "CANCEL" or _said(entry, "STATUS").upper() == "CANCELLED"
    version = _said(entry, "SEQUENCE")
    if method == "REPLY":
        yield f"Answer to an invitation: {what}"
    elif cancelled:
        yield f"Cancelled {_KINDS[str(entry.name)]}: {what}"
    elif method == "COUNTER":
        yield f"Another time is proposed: {what}"
    elif method == "REQUEST":
        changed = version.isdigit() and int(version) > 0
        yield f"{'Changed invitation' if changed else 'Invitation'}: {what}"
    else:
        yield f"Calendar {_KINDS[str(entry.name)]}: {what}"
    when = _guarded(_when, entry)
    if when:
        yield f"When: {when}"
    repeats = _guarded(_repeats, entry)
    if repeats:
        yield f"Repeats: {repeats}"
    if "RECURRENCE-ID" in entry:
        yield "Only this one of a series"
    where = one_line(_said(entry, "LOCATION"), 300)
    if where:
        yield f"Where: {where}"
    organiser = next(iter(_people(entry, "ORGANIZER")), None)
    if organiser:
        yield f"Organiser: {organiser[0]}"
    people = _people(entry, "ATTENDEE")
    if method == "REPLY":
        for name, answer in people[:_NAMED]:
            yield f"{name} {_ANSWERS.get(answer, 'has not answered')}"
    elif people:
        shown = ", ".join(name for name, _ in people[:_NAMED])
        yield f"Invited: {shown}" + (f" and {len(people) - _NAMED} more" if len(people) > _NAMED else "")
    description = _said(entry, "DESCRIPTION").strip()
    if description and with_description:
        yield f"\n{description[:LONGEST]}"


def _guarded(tell: Callable[[Component], str], entry: Component) -> str:
    """What is told of an entry, or "" where the library cannot read it: the rest is told all the same."""
    try:
        return tell(entry)
    except Exception:
        return ""


def _said(entry: Component, name: str) -> str:
    value = entry.get(name)
    if isinstance(value, list):
        value = value[0] if value else None
    return "" if value is None else str(value)


def _people(entry: Component, name: str) -> list[tuple[str, str]]:
    """Each as `Name <address>`, and the answer they gave."""
    value = entry.get(name)
    found: list[tuple[str, str]] = []
    for person in value if isinstance(value, list) else [value] if value is not None else []:
        address = re.sub(r"(?i)^mailto:", "", str(person)).strip()
        parameters = getattr(person, "params", {})
        known_as = one_line(str(parameters.get("CN", "")).strip("\"' "), 100)
        shown = f"{known_as} <{address}>" if known_as and known_as != address else address
        found.append((one_line(shown, 200), str(parameters.get("PARTSTAT", "")).upper()))
    return found


def _moment(entry: Component, name: str) -> date | None:
    """A day, or an instant with or without a zone; None when it cannot be read."""
    value = getattr(entry.get(name), "dt", None)
    return value if isinstance(value, date) else None


def _when(entry: Component) -> str:
    begin = _moment(entry, "DTSTART") or _moment(entry, "DUE")
    if begin is None:
        return ""
    end = _moment(entry, "DTEND") or _moment(entry, "DUE")
    if end is None:
        lasts = getattr(entry.get("DURATION"), "dt", None)
        end = begin + lasts if isinstance(lasts, timedelta) else None
    if not isinstance(begin, datetime):
        last = end - timedelta(days=1) if end is not None and not isinstance(end, datetime) else begin
        return f"{_day(begin)} (all day)" if last <= begin else f"{_day(begin)} to {_day(last)} (all day)"
    until = end if isinstance(end, datetime) else None
    zone = str(getattr(entry.get("DTSTART"), "params", {}).get("TZID", ""))
    if begin.tzinfo is None:
        return f"{_span(begin, until)} ({f'zone {one_line(zone, 60)}, unknown here' if zone else 'no zone is named'})"
    in_utc = _span(begin.astimezone(UTC), until.astimezone(UTC) if until and until.tzinfo else None)
    if begin.utcoffset() == timedelta(0) and zone in ("", "UTC"):
        return f"{in_utc} UTC"
    shown = one_line(zone, 60) or begin.strftime("%z")
    return f"{_span(begin, until)} ({shown}), that is {in_utc} UTC"


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def _span(begin: datetime, end: datetime | None) -> str:
    if end is None or end.replace(tzinfo=None) <= begin.replace(tzinfo=None):
        return f"{_day(begin)}, {begin:%H:%M}"
    if end.date() == begin.date():
        return f"{_day(begin)}, {begin:%H:%M}–{end:%H:%M}"
    return f"{_day(begin)}, {begin:%H:%M} to {_day(end)}, {end:%H:%M}"


def _repeats(entry: Component) -> str:
    rule = entry.get("RRULE")
    if isinstance(rule, list):
        rule = rule[0]
    if rule is None:
        return ""
    every = _EVERY.get(str(next(iter(rule.get("FREQ", [])), "")).upper(), "")
    if not every:
        return "by a rule"
    step = int(next(iter(rule.get("INTERVAL", [])), 1))
    said = f"every {every}" if step == 1 else f"every {step} {every}s"
    days = ", ".join(map(str, rule.get("BYDAY", [])))
    said += f" on {days}" if days else ""
    count = next(iter(rule.get("COUNT", [])), None)
    until = next(iter(rule.get("UNTIL", [])), None)
    if count is not None:
        said += f", {count} times"
    elif isinstance(until, date):
        said += f", until {_day(until)}"
    return one_line(said, 200)

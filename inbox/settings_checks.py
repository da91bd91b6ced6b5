"""Checking a settings file: every mistake at once, each with its line, and the nearest word that would be
right."""

from __future__ import annotations

import re
import tomllib
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from inbox import toml_lines
from inbox.addresses import fold_address
from inbox.errors import BadSettings, FrontdeskError
from inbox.hint_levels import ALWAYS
from inbox.hours import HolidayCache, holiday_dates, parse_duration
from inbox.model import Instant
from inbox.nearest import nearest
from inbox.outcomes import CAUSES
from inbox.queries import parse
from inbox.settings_action import check_actions
from inbox.settings_clocks import make_hours
from inbox.settings_panels import check_panels
from inbox.settings_rules import check_rules
from inbox.settings_schema import TABLES, TAGS, SettingsFile
from inbox.settings_values import Wrong, kind_of
from inbox.text import one_line

HOLIDAY_YEARS = range(2015, 2041)
"""Years whose holidays are kept with the settings; others are worked out when they are needed."""

SECRETS = ("password_command", "password_env", "password_file", "token_command", "oauth")
_PLAIN_SECRETS = ("password", "passwd", "pass", "secret", "token", "imap_password", "smtp_password")
_PORTS = {"imap": {"tls": 993}, "smtp": {"tls": 465, "starttls": 587}}
_CLEAR_PORTS = {"imap": 143, "smtp": 25}

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing to mend: the line (from 1), the key as written with dots ("" for the file's form), and
    sentences."""

    line: int
    key: str
    what: str


class Mistakes(BadSettings):
    """All that is wrong with a settings file; `mistakes` in the order of their lines."""

    def __init__(self, path: Path, mistakes: list[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        places = (f"{path}:{each.line}: {each.key}{': ' if each.key else ''}" for each in self.mistakes)
        lines = (place + each.what for place, each in zip(places, self.mistakes, strict=True))
        super().__init__("\n".join(lines), "Every key is explained in docs/settings.md.")


def check(raw: bytes, path: Path, *, now: Instant | None = None) -> dict[str, Any]:
    """The values of a settings file as `inbox.settings` keeps them: plain, complete, durations in seconds.

    `now` as in `inbox.settings.load`. Raises Mistakes; values are repeated in it only where no secret can be
    meant.
    """
    try:
        text, data = _read(raw)
        lines = toml_lines.lines_of(text)
    except _Unreadable as error:
        raise Mistakes(path, [error.mistake]) from None
    except RecursionError:
        raise Mistakes(path, [Mistake(1, "", "lists or tables lie too deep inside each other.")]) from None
    found = _Found(lines)
    _check_secrets(data, found)
    _check_lines_in_clear(data, found)
    _check_doubles(data, found)
    _check_feeds(data, found)
    _check_team(data, found)
    _check_only(data, found)
    _check_alerts(data, found)
    _check_nudges(data, found)
    _check_policies(data, found)
    _check_calendars(data, found)
    check_rules(data, found.add)
    check_actions(data, found.add)
    check_panels(data, found.add)
    _check_causes(data, found)
    try:
        settings = SettingsFile.model_validate(data, context={"hours": data.get("hours")})
    except ValidationError as error:
        for each in error.errors(include_url=False):
            found.add(*_in_words(each))
        raise Mistakes(path, found.mistakes) from None
    plain = settings.model_dump(mode="json")
    for row in plain["mailbox"]:
        _fill_in(row)
    if not found.mistakes:
        plain["holidays"] = _holidays(plain)
        if now is not None:
            _check_openings(plain, now, found)
    if found.mistakes:
        raise Mistakes(path, found.mistakes)
    return plain


# --------------------------------------------------------------------------- reading


class _Unreadable(Exception):
    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.mistake = Mistake(line, "", what)


def _read(raw: bytes) -> tuple[str, dict[str, Any]]:
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _Unreadable(line, "this is not UTF-8. Save the file in this encoding.") from None
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, _, place = str(error).rpartition(" (at ")
        found = re.search(r"line (\d+)", place)
        line = int(found[1]) if found else text.rstrip().count("\n") + 1
        odd = _no_date(text.split("\n")[line - 1])
        if odd:
            raise _Unreadable(line, f"{odd} is no date. Write one like 2026-12-24, without quotes.") from None
        hint = "Text stands in quotes; each key and each [table] stands once."
        raise _Unreadable(line, f"this cannot be read: {what[:1].lower()}{what[1:]}. {hint}") from None
    except ValueError:
        long = re.search(r"\d[\d_]{999}", text)
        line = text.count("\n", 0, long.start()) + 1 if long else 1
        raise _Unreadable(line, "this cannot be read: a number is too long.") from None


def _no_date(row: str) -> str | None:
    """What looks like a date in a line of TOML, where no calendar has it: TOML's reader then speaks of something else."""
    for found in re.finditer(r"(?<![\w\"'.-])\d{4}-\d{1,2}-\d{1,2}(?![\w-])", row):
        try:
            date.fromisoformat(found[0])
        except ValueError:
            return found[0]
    return None


class _Found:
    """The mistakes found so far, each put on its line."""

    def __init__(self, lines: Mapping[Place, int]) -> None:
        self.lines = lines
        self.mistakes: list[Mistake] = []

    def add(self, place: Place, what: str) -> None:
        line = next(self.lines[place[:end]] for end in range(len(place), -1, -1) if place[:end] in self.lines)
        self.mistakes.append(Mistake(line, _key_of(place), what))

    def line(self, place: Place) -> int:
        return self.lines.get(place, 1)


def _key_of(place: Place) -> str:
    """`mailbox.imap_port` for a place in the file: which of the mailboxes, the line tells."""
    words = [one_line(word, 60) for word in place if isinstance(word, str)]
    entry = f", entry {place[-1] + 1}" if isinstance(place[-1], int) and tuple(words) not in TABLES else ""
    return ".".join(words) + entry


def _in_words(error: Any) -> tuple[Place, str]:
    """An error of pydantic as a place and sentences."""
    place = tuple(
        part
        for before, part in zip(("", *error["loc"]), error["loc"], strict=False)
        if part != "[key]" and not (before == "hours" and part in TAGS)
    )
    names = tuple(part for part in place if isinstance(part, str))
    if names[:1] == ("panel",):  # what stands below is the name of one
        names = ("panel", *names[2:])
    if error["type"] == "extra_forbidden":
        return place, _no_such_key(names)
    allowed = f"Write {_allowed(names)}."
    if error["type"] == "missing":
        return place, f"this is missing. {allowed}"
    wrong = error.get("ctx", {}).get("error")
    if isinstance(wrong, Wrong):
        return place, f"{one_line(wrong.what, 300)} {wrong.allowed or allowed}"
    return place, f"{kind_of(error['input'])} does not fit. {allowed}"


def _no_such_key(names: tuple[str, ...]) -> str:
    keys = TABLES[names[:-1]].model_fields
    name = names[-1]
    if name in _PLAIN_SECRETS:
        return f"a password does not stand in this file. Say where it is with one of {', '.join(SECRETS)}."
    if names[:-1] == ("checks",) and name in ALWAYS:
        return f"this stops every letter, and no setting changes that: {ALWAYS[name]}. Take the line out."
    if name in TABLES[()].model_fields:
        return "this belongs to the top of the file, before the first [table]."
    return f"there is no such key{nearest(name[:60], keys)} Known here: {', '.join(keys)}."


def _allowed(names: tuple[str, ...]) -> str:
    """What may stand in a key, or in the nearest one around it."""
    for end in range(len(names), 0, -1):
        table = TABLES.get(names[: end - 1])
        if table is not None and names[end - 1] in table.model_fields:
            return table.model_fields[names[end - 1]].title or ""
    return "something else"


# --------------------------------------------------------------------------- what several keys say together


def _rows(data: Mapping[str, Any], table: str) -> Iterator[tuple[Place, dict[str, Any]]]:
    """The tables of one kind with their places; what is no table is left to the schema."""
    rows = data.get(table)
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        if isinstance(row, dict):
            yield (table, index), row


def _check_secrets(data: Mapping[str, Any], found: _Found) -> None:
    for place, row in _rows(data, "mailbox"):
        given = [name for name in SECRETS if name in row]
        if not given:
            found.add(place, f"nothing says where the password is. Write one of {', '.join(SECRETS)}.")
        for name in given[1:]:
            found.add((*place, name), f"{given[0]} already says where the password is. Keep one of the two.")
        if "oauth" in row and "oauth_client" not in row:
            found.add(
                (*place, "oauth"),
                "this needs oauth_client beside it: the id of an application that you register at Microsoft.",
            )
        for name in ("oauth_client", "oauth_tenant"):
            if name in row and "oauth" not in row:
                found.add((*place, name), 'this belongs to oauth. Write oauth = "microsoft" beside it.')


def _check_lines_in_clear(data: Mapping[str, Any], found: _Found) -> None:
    for place, row in _rows(data, "mailbox"):
        for protocol in ("imap", "smtp"):
            host = row.get(f"{protocol}_host")
            if row.get(f"{protocol}_security") == "none" and isinstance(host, str) and not _is_here(host):
                found.add(
                    (*place, f"{protocol}_security"),
                    'to another machine, "none" sends password and mail in clear. Write "tls" or "starttls".',
                )


def _is_here(host: str) -> bool:
    try:
        return host.lower() == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _check_doubles(data: Mapping[str, Any], found: _Found) -> None:
    for table, names in (
        ("mailbox", ("name",)),
        ("mailbox", ("address",)),
        ("policy", ("name",)),
        ("team", ("name", "unix")),  # --as takes both, so they must not name two people
        ("contact_form", ("from",)),
        ("transcript", ("from",)),
        ("chat", ("folder",)),
        ("feed", ("name", "url")),
        ("rule", ("name",)),
        ("action", ("name", "key")),
    ):
        first: dict[str, Place] = {}
        for place, row in _rows(data, table):
            for name in names:
                value = row.get(name, "default" if table == "policy" else None)
                if not isinstance(value, str):
                    continue
                owner = first.setdefault(value.casefold(), place)
                if owner != place:
                    line = found.line(owner)
                    found.add(
                        (*place, name), f"the one in line {line} has this {name} already. Write another."
                    )


def _check_feeds(data: Mapping[str, Any], found: _Found) -> None:
    """A search for `mailbox:NAME` means one of them."""
    names = {row["name"].casefold() for _, row in _rows(data, "mailbox") if isinstance(row.get("name"), str)}
    for place, row in _rows(data, "feed"):
        if isinstance(row.get("name"), str) and row["name"].casefold() in names:
            found.add((*place, "name"), "a mailbox is called so already. Write another.")


def _check_team(data: Mapping[str, Any], found: _Found) -> None:
    team = list(_rows(data, "team"))
    if team and not any(row.get("role") == "owner" for _, row in team):
        found.add(("team",), 'nobody of the team is an owner. Write role = "owner" for one at least.')


def _check_only(data: Mapping[str, Any], found: _Found) -> None:
    """Who may see a mailbox is somebody of the team."""
    team = [row["name"] for _, row in _rows(data, "team") if isinstance(row.get("name"), str)]
    for place, row in _rows(data, "mailbox"):
        only = row.get("only")
        if isinstance(only, list) and not team:
            found.add((*place, "only"), "there is no team. Write a [[team]] for each teammate.")
        for number, name in enumerate(only if isinstance(only, list) and team else ()):
            if isinstance(name, str) and name not in team:
                words = f"there is no such teammate{nearest(name[:60], team)} Known: {', '.join(team)}."
                found.add((*place, "only", number), words)


def _check_alerts(data: Mapping[str, Any], found: _Found) -> None:
    """Mail of alerts goes to an address of a teammate, and never into a mailbox of ours: it would come in as mail."""
    alerts = data.get("alerts")
    by_mail = isinstance(alerts, dict) and alerts.get("mail") is True
    words = alerts.get("command") if isinstance(alerts, dict) else None
    if isinstance(words, list) and words and isinstance(words[0], str) and "{words}" in words[0]:
        found.add(
            ("alerts", "command"), "the first word is the program. Write {words} into one of its arguments."
        )
    ours = set()
    for _, row in _rows(data, "mailbox"):
        aliases = row.get("aliases")
        addresses = [row.get("address"), *(aliases if isinstance(aliases, list) else [])]
        ours |= {fold_address(address) for address in addresses if isinstance(address, str)}
    for place, row in _rows(data, "team"):
        wanted, address = row.get("alert_mail"), row.get("address")
        if wanted is True and address is None:
            found.add((*place, "alert_mail"), "there is no address to send to. Write address beside it.")
        elif (
            (by_mail if wanted is None else wanted)
            and isinstance(address, str)
            and fold_address(address) in ours
        ):
            found.add(
                (*place, "address"),
                "alerts would come into a mailbox of ours. Write another address, or alert_mail = false.",
            )


def _check_causes(data: Mapping[str, Any], found: _Found) -> None:
    causes, own = data.get("causes", CAUSES), data.get("own_causes", ())
    if not isinstance(causes, list | tuple) or not isinstance(own, list | tuple):
        return
    known = [each.strip() for each in causes if isinstance(each, str)]
    for index, each in enumerate(own):
        if isinstance(each, str) and each.strip() not in known:
            found.add(("own_causes", index), f"this is none of the causes{nearest(each[:60], known)}")


def _check_nudges(data: Mapping[str, Any], found: _Found) -> None:
    """One text for each time, each later than the one before, and no text twice."""
    nudges = data.get("nudges")
    after, texts = (nudges.get(each, []) if isinstance(nudges, dict) else [] for each in ("after", "texts"))
    if not isinstance(after, list) or not isinstance(texts, list):
        return
    if len(after) != len(texts):
        found.add(
            ("nudges", "texts" if "texts" in (nudges or {}) else "after"),
            f"there are {len(after)} times in `after` and {len(texts)} texts. Write as many of one as of the other.",
        )
    seen: dict[str, int] = {}
    for index, text in enumerate(texts):
        same = " ".join(text.split()).casefold() if isinstance(text, str) else None
        if same is not None and seen.setdefault(same, index) != index:
            found.add(
                ("nudges", "texts", index),
                f"this is the same as entry {seen[same] + 1}. Write another text: nobody wants to read one twice.",
            )
    try:
        seconds = [parse_duration(each, always=True, place="") for each in after]
    except BadSettings:
        return  # the schema says what is wrong with it
    for index, (earlier, later) in enumerate(pairwise(seconds)):
        if later <= earlier:
            found.add(
                ("nudges", "after", index + 1),
                "this does not come after the one before. Both count from our answer: write a longer time.",
            )


def _check_policies(data: Mapping[str, Any], found: _Found) -> None:
    takes_all: Place = ()
    for place, row in _rows(data, "policy"):
        when = row.get("when")
        if takes_all:
            line = found.line(takes_all)
            found.add(
                place, f"this is never reached: the policy in line {line} has no `when` and fits everything."
            )
        if when is None:
            takes_all = takes_all or place
        elif row.get("name", "default") == "default":
            found.add(
                (*place, "name"),
                '"default" is the policy for what no other fits. Give another name, or take out `when`.',
            )
        if isinstance(when, str):
            try:
                parse(when, 0, UTC)
            except FrontdeskError as error:
                found.add(
                    (*place, "when"), f"{one_line(error.what, 300)} {one_line(error.next_step, 300)}".rstrip()
                )


def _calendars(data: Mapping[str, Any]) -> Iterator[tuple[Place, dict[str, Any]]]:
    """The tables of opening hours with their places."""
    owners: list[tuple[Place, Mapping[str, Any]]] = [((), data), *_rows(data, "policy")]
    for place, owner in owners:
        calendar = owner.get("hours")
        if isinstance(calendar, dict):
            yield (*place, "hours"), calendar


def _check_calendars(data: Mapping[str, Any], found: _Found) -> None:
    for place, calendar in _calendars(data):
        week, country, region = calendar.get("week"), calendar.get("country"), calendar.get("region")
        if isinstance(week, dict) and not any(week.values()) and not calendar.get("openings"):
            found.add(
                (*place, "week"),
                'these hours never open. Write one day at least, as in { mon = ["09:00-17:00"] }.',
            )
        if isinstance(country, str) and isinstance(region, str | None):
            try:
                holiday_dates(country, region, [2020], "")
            except BadSettings as error:
                key, _, what = error.what.removeprefix(".").partition(": ")
                found.add((*place, key), f"{one_line(what, 300)} {one_line(error.next_step, 300)}")
        elif "region" in calendar and country is None:
            found.add(
                (*place, "region"), 'a region needs its country beside it. Write for example country = "DE".'
            )


# --------------------------------------------------------------------------- worked out from checked values


def _fill_in(mailbox: dict[str, Any]) -> None:
    mailbox["user"] = mailbox["user"] or mailbox["address"]
    for protocol, ports in _PORTS.items():
        usual = ports.get(mailbox[f"{protocol}_security"], _CLEAR_PORTS[protocol])
        mailbox[f"{protocol}_port"] = mailbox[f"{protocol}_port"] or usual


def _holidays(plain: Mapping[str, Any]) -> HolidayCache:
    """The holidays of all countries that calendars name, for `HOLIDAY_YEARS`."""
    kept: HolidayCache = {}
    for _, calendar in _calendars(plain):
        country, region = calendar["country"], calendar["region"]
        if country is None:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a country's are not known for all of the years
            dates = sorted(holiday_dates(country, region, HOLIDAY_YEARS).items())
        for year in HOLIDAY_YEARS:
            of_year = {day.isoformat(): name for day, name in dates if day.year == year}
            kept[f"{country}/{region or ''}/{year}"] = of_year
    return kept


def _check_openings(plain: Mapping[str, Any], now: Instant, found: _Found) -> None:
    """That each calendar is open at all in the days from now, holidays counted."""
    for place, calendar in _calendars(plain):
        try:
            make_hours(calendar, "UTC", plain["holidays"]).check_opens(now)
        except BadSettings as error:
            found.add(place, f"{error.what} {error.next_step}")

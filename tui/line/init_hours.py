"""When the team is open, as `frontdesk init` asks for it: a time zone, and a country for its public holidays."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

from inbox.errors import BadSettings, BadUsage
from tui.line.questions import Questions, as_setting


def ask_for_hours(ask: Questions, given: dict[str, Any], path: Path) -> tuple[str, str | None] | None:
    """Zone and country of the opening hours; None where the settings have them already."""
    from inbox.settings import find_host_zone
    from inbox.settings_values import Zone

    with suppress(FileNotFoundError):
        if "hours" in tomllib.loads(path.read_text("utf-8-sig")):
            return None
    default = find_host_zone()
    if given["zone"]:
        zone = str(as_setting(Zone)(given["zone"]))
    else:
        zone = ask.text(
            "Time zone",
            "--zone",
            as_setting(Zone),
            default,
            "When are you open? Monday to Friday, 9 to 17, in:",
        )
    if given["country"]:
        return zone, _country(given["country"])
    about = "Public holidays are closed days. Two letters, or - for none."
    return zone, ask.text("Country", "--country", _country, country_of(zone) or "-", about)


def _country(text: str) -> str | None:
    from inbox.hours import holiday_dates

    country = text.strip().upper()
    if country in ("", "-"):
        return None
    try:
        holiday_dates(country, None, [2020], "")
    except BadSettings as error:
        what = error.what.partition(": ")[2]
        raise BadUsage(f"{what[:1].upper()}{what[1:]}", "Write two letters, as in DE or AT, or -.") from None
    return country


def country_of(zone: str) -> str | None:
    """The country of a time zone, by the table that comes with the zones; None for UTC and for zones of no country."""
    from importlib.resources import files

    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    found = next((row[0] for row in rows if row[2] == zone), None)
    if found is not None:
        try:
            return _country(found)
        except BadUsage:
            return None  # no holidays are known there
    return None

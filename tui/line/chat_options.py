"""What commands that read chats are told beside the files: who is us, the zone of local times, the columns of a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from inbox.errors import BadUsage

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from inbox.chat.shape import Asked
    from inbox.us import Us


def chat_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options `--us`, `--zone` and `--map`."""
    for option in (
        click.option(
            "--map",
            "mapping",
            metavar="at=COL,author=COL,text=COL",
            help="Of a CSV file: which column is what.",
        ),
        click.option("--zone", metavar="ZONE", help="Of chats: the zone of local times, as Europe/Berlin."),
        click.option(
            "--us",
            "ours",
            multiple=True,
            metavar="NAME",
            help="Of chats: a name of our side; may be repeated.",
        ),
    ):
        command = option(command)
    return command


def form_of(form: str | None, mapping: str | None) -> str | None:
    """The format that was named; who says what the columns are has said that it is a table."""
    return "csv" if form is None and mapping else form


def as_asked(
    ours: tuple[str, ...],
    zone: str | None,
    mapping: str | None,
    known: Us | None = None,
    local: ZoneInfo | None = None,
    local_is_guess: bool = False,
) -> Asked:
    """What was given, on top of who is known to be us and the zone that is set, or only that of this machine. BadUsage for
    a zone or column that is none."""
    from inbox.chat.shape import Asked
    from inbox.us import Us

    us = Us.of(ours)
    said = _zone(zone)
    return Asked(
        us if known is None else known | us,
        said or local,
        _columns(mapping),
        zone_is_guess=said is None and local_is_guess,
    )


def _zone(name: str | None) -> ZoneInfo | None:
    """The zone of this name; BadUsage where there is none."""
    if name is None:
        return None
    from zoneinfo import ZoneInfo, available_timezones

    from inbox.nearest import nearest
    from inbox.text import one_line

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise BadUsage(
            f"There is no zone {one_line(name)!r}{nearest(name, available_timezones())}",
            "Zones are called after a place: Europe/Berlin.",
        ) from None


def _columns(mapping: str | None) -> dict[str, str]:
    """Which column is what, of `at=COL,author=COL,text=COL`; BadUsage for anything else."""
    if not mapping:
        return {}
    from inbox.channels.chat.tables import COLUMNS

    columns = {}
    for each in mapping.split(","):
        what, is_, column = each.partition("=")
        if not is_ or what.strip() not in COLUMNS or not column.strip():
            raise BadUsage(
                "--map does not say which column is what.",
                f"Write at=COL,author=COL,text=COL; it knows {', '.join(COLUMNS)}.",
            )
        columns[what.strip()] = column.strip()
    return columns

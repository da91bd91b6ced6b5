"""`frontdesk activity`: who did what on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inbox.errors import BadUsage
from tui.line.desk import Desk

if TYPE_CHECKING:
    from inbox.activity import Day


@click.command("activity")
@click.option("--day", "on", metavar="DATE", help="Such as 2026-05-01, or yesterday; else today.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a person.")
@click.pass_obj
def command(desk: Desk, on: str | None, as_json: bool) -> None:
    """Who did what on a day: answered, closed, notes, taken, handed over, assigned, goodwill, first and last action.

    Closings and goodwill are those of `frontdesk report`; an answer counts on the day on which it was written.
    """
    from inbox.activity import gather

    day = _day(desk, on)
    found = gather(desk.store(), day, desk.now(), [mate.name for mate in desk.settings().team])
    if as_json:
        from inbox.activity_forms import as_object
        from inbox.jsonform import as_line

        for each in found:
            click.echo(as_line(as_object(each, day)))
        return
    from inbox.activity import FIGURES
    from inbox.activity_forms import HEADS, hours_of, title_of
    from inbox.away import names_away
    from inbox.text import one_line, pad

    away = names_away(desk.settings().team, day.date.isoformat())
    click.echo(title_of(day, -1))
    if not found:
        click.echo("Nobody did anything.")
        return
    name = max(3, min(20, max(len(each.who) for each in found)))
    click.echo(f"{pad('', name)} {' '.join(f'{HEADS[figure]:>7}' for figure in FIGURES)}  first-last")
    for each in found:
        counts = " ".join(f"{each.count(figure) or '-':>7}" for figure in FIGURES)
        click.echo(
            f"{pad(one_line(each.who, 60), name)} {counts}  {hours_of(each, desk.zone(), away)}".rstrip()
        )


def _day(desk: Desk, on: str | None) -> Day:
    """The day that was meant. BadUsage for what is no date."""
    from datetime import date, datetime

    from inbox.activity import day_of

    now, zone = desk.now(), desk.zone()
    if on is None or on == "today":
        return day_of(now, zone)
    if on == "yesterday":
        return day_of(now, zone, 1)
    try:
        wanted = date.fromisoformat(on)
    except ValueError as error:
        raise BadUsage(f"{on!r} is no day.", "Write it as 2026-05-01, or: yesterday.") from error
    if not 1970 < wanted.year < 2200:
        raise BadUsage(f"{on} is too far away.", "Name a day between 1971 and 2199.")
    return day_of(now, zone, (datetime.fromtimestamp(now, zone).date() - wanted).days)

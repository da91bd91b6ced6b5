"""`frontdesk promise`: something is promised to a customer."""

from __future__ import annotations

import click

from tui.line.acting import act, time_given
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("promise")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--until", required=True, metavar="WHEN", help='Such as 2d, "tomorrow 9:00", fri, 2026-05-01.')
@click.option("--text", default="", help="What is promised, in a few words.")
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...], until: str, text: str) -> None:
    """Promise customers something by a date: its clock runs until `frontdesk keep`, and a later promise that is told
    before that date moves it.

    With - the ids are read from standard input.
    """
    act(desk, "promise", ids_given(desk, ids), until=time_given(desk, until), text=text)

"""`frontdesk promise`: something is promised to a customer."""

from __future__ import annotations

import click

from tui.line.acting import act, promise_given
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("promise")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--until", required=True, metavar="WHEN", help='Such as 2d, "tomorrow 9", fri, 2026-05-01.')
@click.option("--aim", metavar="WHEN", help="When we want to be done; none: not before it is due.")
@click.option("--text", default="", help="What is promised, in a few words.")
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...], until: str, aim: str | None, text: str) -> None:
    """Promise customers something by a date: its clock runs until `frontdesk keep`, and a later promise that is told
    before that date moves it. What is aimed for brings it back earlier, and the customer is not told.

    With - the ids are read from standard input.
    """
    given, promised = ids_given(desk, ids), promise_given(desk, until, aim)
    act(desk, "promise", given, until=promised.until, aim=promised.aim, text=text)

"""`frontdesk spam`: call conversations spam."""

from __future__ import annotations

import click

from tui.line.acting import act
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("spam")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...]) -> None:
    """Call conversations spam; reopen takes it back. With - ids are read from standard input."""
    act(desk, "spam", ids_given(desk, ids))

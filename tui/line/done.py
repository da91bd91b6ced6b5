"""`frontdesk done`: say that a follow-up is done."""

from __future__ import annotations

import click

from tui.line.acting import act
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("done")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...]) -> None:
    """The oldest open follow-up of each conversation is done. With - the ids are read from standard input."""
    act(desk, "done", ids_given(desk, ids))

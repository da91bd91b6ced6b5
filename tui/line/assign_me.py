"""`frontdesk assign-me`: take conversations yourself."""

from __future__ import annotations

import click

from tui.line.acting import act
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("assign-me")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...]) -> None:
    """Take conversations yourself. With - their ids are read from standard input."""
    act(desk, "assign-me", ids_given(desk, ids))

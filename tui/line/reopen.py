"""`frontdesk reopen`: open conversations again."""

from __future__ import annotations

import click

from tui.line.acting import act
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("reopen")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...]) -> None:
    """Open conversations again. With - their ids are read from standard input."""
    act(desk, "reopen", ids_given(desk, ids))

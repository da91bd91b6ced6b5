"""`frontdesk keep`: say that a promise was kept."""

from __future__ import annotations

import click

from tui.line.acting import act
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("keep")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...]) -> None:
    """The oldest open promise of each conversation was kept. With - the ids are read from standard input."""
    act(desk, "keep", ids_given(desk, ids))

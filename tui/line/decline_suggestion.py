"""`frontdesk decline-suggestion`: say that conversations are no part of what they look like part of."""

from __future__ import annotations

import click

from tui.line.acting import act
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("decline-suggestion")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...]) -> None:
    """Say that conversations are no part of what they look like part of. With - ids are read from standard input."""
    act(desk, "decline-suggestion", ids_given(desk, ids))

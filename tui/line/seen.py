"""`frontdesk seen`: who was called to conversations has seen them."""

from __future__ import annotations

import click

from tui.line.acting import act
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("seen")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...]) -> None:
    """You have seen them: they call for you no more. With - the ids are read from standard input."""
    act(desk, "seen", ids_given(desk, ids))

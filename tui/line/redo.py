"""`frontdesk redo`: do the undone action again."""

from __future__ import annotations

import click

from tui.line.desk import Desk
from tui.line.undo import turn


@click.command("redo")
@click.pass_obj
def command(desk: Desk) -> None:
    """Do again what you undid last, as long as you did nothing since."""
    turn(desk, "redo")

"""`frontdesk mark-read`: mark conversations read or unread."""

from __future__ import annotations

import click

from tui.line.acting import act
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("mark-read")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--unread", is_flag=True, help="Mark them unread.")
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...], unread: bool) -> None:
    """Mark conversations read, or unread. With - the ids are read from standard input."""
    act(desk, "mark-read", ids_given(desk, ids), read=not unread)

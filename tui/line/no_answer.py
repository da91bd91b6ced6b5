"""`frontdesk no-answer`: close conversations that need no answer."""

from __future__ import annotations

import click

from tui.line.acting import act
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("no-answer")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...]) -> None:
    """Close conversations that need no answer. With - their ids are read from standard input."""
    act(desk, "no-answer", ids_given(desk, ids))

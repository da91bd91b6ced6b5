"""`frontdesk upset`: say that a customer is upset, or is not."""

from __future__ import annotations

import click

from tui.line.acting import act
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("upset")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--off", is_flag=True, help="They are not, whatever the signs.")
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...], off: bool) -> None:
    """Say that customers are upset in these conversations, or with --off that they are not.

    The same signs do not raise it again then. `frontdesk why ID` names the signs; `list is:upset` finds all. With - the
    ids are read from standard input.
    """
    act(desk, "upset", ids_given(desk, ids), upset=not off)

"""`frontdesk merge`: join conversations with another."""

from __future__ import annotations

import click

from tui.line.acting import act
from tui.line.desk import Desk
from tui.line.ids import id_given, ids_given


@click.command("merge")
@click.argument("into", metavar="INTO")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def command(desk: Desk, into: str, ids: tuple[str, ...]) -> None:
    """Join conversations with INTO; their ids lead there from then on. With - ids are read from standard input."""
    act(desk, "merge", ids_given(desk, ids), into=id_given(desk, into))

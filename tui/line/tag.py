"""`frontdesk tag`: add or remove tags."""

from __future__ import annotations

import click

from inbox.errors import BadUsage
from tui.line.acting import act
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("tag")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--add", multiple=True, metavar="TAG", help="A tag to add; may be given several times.")
@click.option("--remove", multiple=True, metavar="TAG", help="A tag to take off; may be given several times.")
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...], add: tuple[str, ...], remove: tuple[str, ...]) -> None:
    """Add or remove tags. With - the ids are read from standard input."""
    if not add and not remove:
        raise BadUsage("No tag is given.", "Say --add TAG or --remove TAG.")
    act(desk, "tag", ids_given(desk, ids), add=add, remove=remove)

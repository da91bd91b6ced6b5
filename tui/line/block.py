"""`frontdesk block`: call conversations spam, and with them all further mail of who wrote them."""

from __future__ import annotations

import click

from inbox.errors import BadUsage
from tui.line.acting import act
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("block")
@click.argument("ids", nargs=-1, metavar="ID…")
@click.option("--domain", is_flag=True, help="Everybody at the sender's domain.")
@click.option("--list", "listing", is_flag=True, help="Who is blocked, since when and by whom.")
@click.option("--json", "as_json", is_flag=True, help="With --list: one JSON object a line.")
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...], domain: bool, listing: bool, as_json: bool) -> None:
    """Block who wrote these conversations last: they and all further mail of theirs are spam.

    Mail of a blocked sender is still kept and found. undo and unblock lift it. With - ids are read from standard input.
    """
    if listing == bool(ids) or (as_json and not listing):
        raise BadUsage("Name conversations, or ask for the --list.", f"{desk.called} block --help says more.")
    if listing:
        _list(desk, as_json)
    else:
        act(desk, "block", ids_given(desk, ids), domain=domain)


def _list(desk: Desk, as_json: bool) -> None:
    from inbox.jsonform import as_line, instant_as_json
    from inbox.text import one_line
    from tui.line.lines import moment

    for block in desk.store().blocked():
        if as_json:
            told = {"address": block.address, "who": block.who, "at": instant_as_json(block.at)}
            click.echo(as_line(told))
        else:
            when = moment(block.at, desk.zone())
            click.echo(f"{one_line(block.address, 320)}  {when}  {one_line(block.who)}")

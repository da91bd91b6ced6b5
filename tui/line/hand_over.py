"""`frontdesk hand-over`: give conversations to a teammate with one line that they see first."""

from __future__ import annotations

import click

from tui.line.acting import act
from tui.line.assign import say_away, teammate_given
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("hand-over")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--to", required=True, metavar="NAME", help="The teammate.")
@click.option("--text", required=True, metavar="LINE", help="Where it stands, and what is to be done.")
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...], to: str, text: str) -> None:
    """Hand conversations over: TO sees the line first, until they act. With - the ids are read from standard input.

    Refused where that teammate answers nobody; where they are away, that is said.
    """
    from inbox.errors import BadUsage

    name = teammate_given(desk, to)
    if name is None:
        raise BadUsage("Nobody is to get it.", f"{desk.called} assign --to none gives it back to everybody.")
    say_away(desk, [name])
    act(desk, "hand-over", ids_given(desk, ids), to=name, summary=text, team=desk.settings().team)

"""`frontdesk close`: close conversations."""

from __future__ import annotations

import click

from inbox.errors import BadUsage
from tui.line.acting import act
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("close")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option(
    "--why",
    default="resolved",
    metavar="WORD",
    help="resolved (if not given), thanks, elsewhere, not-ours, no-answer.",
)
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...], why: str) -> None:
    """Close conversations. With - ids are read from standard input."""
    from inbox.actions.close import WHY

    if why not in WHY:
        from inbox.nearest import nearest

        raise BadUsage(f"{why!r} is no reason for closing{nearest(why, WHY)}", f"Reasons: {', '.join(WHY)}.")
    act(desk, "close", ids_given(desk, ids), why=why)

"""`frontdesk hold`: we wait for somebody else."""

from __future__ import annotations

import click

from tui.line.acting import act, time_given
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("hold")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option(
    "--for", "whom", required=True, metavar="WHOM", help="Whom we wait for: carrier, supplier, a colleague."
)
@click.option("--until", required=True, metavar="WHEN", help='Such as 2d, "tomorrow 9:00", fri, 2026-05-01.')
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...], whom: str, until: str) -> None:
    """Hold conversations: we wait for somebody else. With - the ids are read from standard input."""
    act(desk, "hold", ids_given(desk, ids), whom=whom, until=time_given(desk, until))

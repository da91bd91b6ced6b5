"""`frontdesk follow-up`: come back to a conversation."""

from __future__ import annotations

import click

from tui.line.acting import act, time_given
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("follow-up")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option(
    "--at", "until", required=True, metavar="WHEN", help='Such as 1w, "tomorrow 9:00", fri, 2026-05-01.'
)
@click.option("--text", default="", help="Why, in a few words.")
@click.option("--anyway", is_flag=True, help="Also when the customer writes before.")
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...], until: str, text: str, anyway: bool) -> None:
    """Come back to conversations at a date, closed ones too; the customer's writing before makes it needless.

    With - the ids are read from standard input.
    """
    act(desk, "follow-up", ids_given(desk, ids), until=time_given(desk, until), text=text, anyway=anyway)

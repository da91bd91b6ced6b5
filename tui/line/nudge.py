"""`frontdesk nudge`: write again by ourselves to customers who do not answer, or no more."""

from __future__ import annotations

import click

from tui.line.acting import act, complain
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("nudge")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--off", is_flag=True, help="No more.")
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...], off: bool) -> None:
    """Nudge the customers of conversations that wait for them, as [nudges] in the settings says; `why` tells when.

    It ends when they write, when the conversation is closed, and after the last text. With - the ids are read from
    standard input.
    """
    settings = desk.settings()
    act(desk, "nudge", ids_given(desk, ids), on=not off, after=settings.nudges.after)
    if not off and not settings.automatic_sending:
        complain("Nothing goes by itself yet.", "Write automatic_sending = true into settings.toml.")

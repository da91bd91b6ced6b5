"""`frontdesk close-quiet`: close together what nobody has written in for three weeks."""

from __future__ import annotations

import sys

import click

from inbox.errors import BadUsage
from tui.line.acting import act
from tui.line.desk import Desk


@click.command("close-quiet")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--count", "only_count", is_flag=True, help="Only say how many; exit status 1 when there are none."
)
@click.pass_obj
def command(desk: Desk, yes: bool, only_count: bool) -> None:
    """Close, as gone quiet, what waits for a customer and has been silent for 21 days or more; one undo takes it back.

    What is promised, to be followed up or still to be nudged stays. `list is:quiet` shows what is silent for a week.
    """
    from inbox.quiet import DAYS, silent

    found = silent(desk.store(), desk.who(), desk.now())
    if only_count:
        click.echo(len(found))
        raise click.exceptions.Exit(0 if found else 1)
    click.echo(f"{len(found)} silent for {DAYS} days or more.", err=True)
    if not found:
        return
    if not yes:
        if not sys.stdin.isatty():
            raise BadUsage("Nobody is there to be asked.", "Say --yes.")
        if not click.confirm(f"Close {'it' if len(found) == 1 else 'them'}?", err=True):
            return
    act(desk, "close-quiet", found)

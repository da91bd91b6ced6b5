"""`frontdesk take-next`: take the most urgent conversation that nobody has."""

from __future__ import annotations

import click

from tui.line.acting import settle
from tui.line.desk import Desk
from tui.line.looking import print_rows


@click.command("take-next")
@click.pass_obj
def command(desk: Desk) -> None:
    """Take the most urgent open conversation that nobody has, and print it."""
    from inbox.taking import take_next

    (taken, *_) = settle(take_next(desk.store(), desk.who(), desk.now()))
    print_rows(desk, [taken.conversation or 0], False)

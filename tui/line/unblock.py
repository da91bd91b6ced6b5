"""`frontdesk unblock`: take mail of blocked senders as any other again."""

from __future__ import annotations

import click

from inbox.errors import BadUsage
from tui.line.acting import act, settle
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("unblock")
@click.argument("ids", nargs=-1, metavar="ID…")
@click.option(
    "--address", metavar="ADDRESS", help="Who, as block --list shows it; @shop.example is a domain."
)
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...], address: str | None) -> None:
    """Unblock who wrote these conversations, or one address. What is in spam stays there: reopen brings it back.

    With - ids are read from standard input.
    """
    if bool(ids) == bool(address):
        raise BadUsage(
            "Name conversations, or one --address.", f"{desk.called} block --list shows who is blocked."
        )
    if address:
        from inbox.actions import decision

        settle(desk.store().change(*decision("unblock", address=address), desk.who(), desk.now()))
    else:
        act(desk, "unblock", ids_given(desk, ids))

"""`frontdesk give-back`: what waits for a yes is a draft of who wrote it again, with a note that says why."""

from __future__ import annotations

import click

from tui.line.acting import settle
from tui.line.approve import message_given
from tui.line.desk import Desk
from tui.line.ids import id_given
from tui.line.looking import print_rows


@click.command("give-back")
@click.argument("conversation", metavar="ID")
@click.option("--text", metavar="TEXT", help="What is to change, for who wrote it: they see it in For me.")
@click.option("--message", metavar="ID", help="Which letter, where several wait for a yes.")
@click.pass_obj
def command(desk: Desk, conversation: str, text: str | None, message: str | None) -> None:
    """Give a trainee's answer back with a note: it is their draft again. Who wrote it takes it back without one."""
    from inbox.actions import decision

    number = id_given(desk, conversation)
    scope, decide = decision(
        "give-back", conversation=number, message=message_given(desk, message), text=text or ""
    )
    settle(desk.store().change(scope, decide, desk.who(), desk.now()))
    print_rows(desk, [number], False)

"""`frontdesk split`: part a conversation in two."""

from __future__ import annotations

import click

from tui.line.acting import settle
from tui.line.desk import Desk
from tui.line.ids import id_given, message_given
from tui.line.looking import print_rows


@click.command("split")
@click.argument("conversation", metavar="ID")
@click.option("--from", "message", required=True, metavar="MESSAGE", help="The first message that goes.")
@click.pass_obj
def command(desk: Desk, conversation: str, message: str) -> None:
    """From a message on, make it a conversation of its own, and print both. `show ID --json` names the messages."""
    from inbox.actions import decision

    number = id_given(desk, conversation)
    scope, decide = decision("split", conversation=number, message=message_given(desk, message))
    events = settle(desk.store().change(scope, decide, desk.who(), desk.now()))
    print_rows(desk, [number, *(event.conversation or 0 for event in events[:1])], False)

"""`frontdesk take-chat`: take mails that look like chats as the chats they tell of."""

from __future__ import annotations

import click

from tui.line.acting import REFUSED, complain
from tui.line.desk import Desk
from tui.line.ids import ids_given
from tui.line.looking import print_rows


@click.command("take-chat")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...]) -> None:
    """Take the mail of each conversation that looks like a chat as one. With - ids are read from standard input.

    What was said in it becomes messages of the visitor and of ours; the mail is kept with them.
    """
    from inbox.chat.mailed import MailedChats

    store, who = desk.store(), desk.who()
    chats = MailedChats(store, desk.settings(), desk.us(), desk.now())
    taken: dict[int, None] = {}
    refused = []
    for conversation in ids_given(desk, ids):
        outcome = chats.take(conversation, who)
        here = store.resolve(conversation)
        if outcome.refusal is not None:
            refused.append((conversation, outcome.refusal))
        elif here is not None:
            taken[here] = None
    print_rows(desk, list(taken), False)
    for conversation, refusal in refused:
        complain(f"{conversation}: {refusal.reason}", refusal.next_step)
    if refused:
        raise click.exceptions.Exit(REFUSED)

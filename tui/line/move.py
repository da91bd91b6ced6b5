"""`frontdesk move`: put messages into another conversation."""

from __future__ import annotations

import click

from inbox.errors import NotDone
from tui.line.acting import REFUSED, complain
from tui.line.desk import Desk
from tui.line.ids import id_given, message_given
from tui.line.looking import print_rows


@click.command("move")
@click.argument("messages", nargs=-1, required=True, metavar="MESSAGE…")
@click.option("--to", "into", required=True, metavar="ID", help="The conversation they belong to.")
@click.option("--onward", is_flag=True, help="And all that came after the first of them there.")
@click.pass_obj
def command(desk: Desk, messages: tuple[str, ...], into: str, onward: bool) -> None:
    """Put messages into another conversation, and print the conversations as they are now.

    `show ID --json` names the messages. Where nothing would stay behind, the two are joined.
    """
    from inbox.actions import decision

    store, target = desk.store(), id_given(desk, into)
    origins: dict[int, list[int]] = {}
    for word in messages:
        number = message_given(desk, word)
        lies_in = store.lies_in(number)
        if lies_in is None:
            raise NotDone(
                f"There is no message {word[:40]!r}.", f"{desk.called} show ID --json names the messages."
            )
        origins.setdefault(lies_in, []).append(number)
    changes = [
        decision("move-message", conversation=origin, messages=numbers, into=target, onward=onward)
        for origin, numbers in origins.items()
    ]
    if len(changes) == 1:
        outcome = store.change(*changes[0], desk.who(), desk.now())
    else:
        outcome = store.change_each(changes, desk.who(), desk.now())
    if outcome.refusal is not None:
        complain(outcome.refusal.reason, outcome.refusal.next_step)
        raise click.exceptions.Exit(REFUSED)
    alive = (store.resolve(number) for number in (target, *origins))
    print_rows(desk, list(dict.fromkeys(number for number in alive if number is not None)), False)

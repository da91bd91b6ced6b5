"""`frontdesk approve`: say yes to what a trainee wrote, and it goes to the customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inbox.errors import BadUsage
from tui.line.acting import REFUSED, complain, settle, span_given, tell_waits
from tui.line.desk import Desk
from tui.line.ids import id_given, is_id
from tui.line.looking import print_rows

if TYPE_CHECKING:
    from inbox.model import Event


@click.command("approve")
@click.argument("conversation", metavar="ID")
@click.option("--message", metavar="ID", help="Which letter, where several wait for a yes.")
@click.option(
    "--undo", metavar="TIME", help="Wait so long before it leaves, such as 20s; else it leaves at once."
)
@click.option("--anyway", metavar="REASON", help="Let it go although something speaks against it, and why.")
@click.pass_obj
def command(desk: Desk, conversation: str, message: str | None, undo: str | None, anyway: str | None) -> None:
    """Say yes to what a trainee wrote: it leaves with the next sync.

    Refused where a colleague has answered or the customer has written since, or nobody is at an address.
    """
    if anyway is not None and not anyway.strip():
        raise BadUsage("--anyway needs a reason.", "Say in a few words why it goes all the same.")
    wait = span_given(undo, "--undo") if undo is not None else 0
    say_yes(desk, id_given(desk, conversation), message_given(desk, message), wait, anyway or "")


def message_given(desk: Desk, text: str | None) -> int | None:
    """The number of a message as typed; BadUsage for what is none."""
    if text is not None and not is_id(text):
        raise BadUsage(
            f"{text[:40]!r} is no id of a message.", f"{desk.called} outbox shows what waits for a yes."
        )
    return int(text) if text is not None else None


def say_yes(desk: Desk, conversation: int, message: int | None, wait: int, anyway: str) -> None:
    """Let what waits in a conversation go; what speaks against it is said, and ends the command with 1."""
    from inbox.actions import decision
    from inbox.approvals import looked_at

    store, who = desk.store(), desk.who()
    seen = store.rows([conversation])[0].conversation.seq
    queued = letter_in(desk, conversation, message)
    found = looked_at(store, conversation, queued) if queued is not None else []
    if found and not anyway:
        for each in found:
            complain(each.words, each.next_step)
        complain("It still waits for a yes.", "--anyway REASON lets it go all the same.")
        raise click.exceptions.Exit(REFUSED)
    scope, decide = decision(
        "approve",
        conversation=conversation,
        message=message,
        leave_after=wait,
        seen=seen,
        anyway=anyway,
        overridden=[each.name for each in found],
    )
    settle(store.change(scope, decide, who, desk.now()))
    print_rows(desk, [conversation], False)
    tell_waits(desk)


def letter_in(desk: Desk, conversation: int, message: int | None) -> Event | None:
    """What queued the letter that is meant; None where none waits, or several do: the decision says so."""
    from inbox.approvals import waiting

    asked = waiting(desk.store().events(conversation))
    found = [event for event in asked if message is None or event.message == message]
    return found[0] if len(found) == 1 else None

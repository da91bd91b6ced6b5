"""`frontdesk undo`: take back your last action."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.line.acting import settle
from tui.line.desk import Desk
from tui.line.looking import print_rows

if TYPE_CHECKING:
    from inbox.model import Event, Instant, Who
    from inbox.ports import Decision, State


@click.command("undo")
@click.pass_obj
def command(desk: Desk) -> None:
    """Take back your last action, whole, and print the conversations it was about."""
    turn(desk, "undo")


def turn(desk: Desk, verb: str) -> None:
    """Undo or redo, say what it was, and print the conversations as they are now."""
    from inbox.actions import decision

    who = desk.who()
    scope, decide = decision(verb, by=who.name)
    about: tuple[Event, ...] = ()

    def listening(state: State, who: Who, now: Instant) -> Decision:
        nonlocal about
        about = state.last_action if verb == "undo" else state.last_undone
        return decide(state, who, now)

    store = desk.store()
    settle(store.change(scope, listening, who, desk.now()))
    kinds = dict.fromkeys(event.type.name.lower().replace("_", " ") for event in about)
    click.echo(f"{'Undone' if verb == 'undo' else 'Done again'}: {', '.join(kinds)}.", err=True)
    touched = dict.fromkeys(event.conversation for event in about if event.conversation is not None)
    print_rows(desk, [one for each in touched if (one := store.resolve(each)) is not None], False)

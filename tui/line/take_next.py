"""`frontdesk take-next`: take the most urgent conversation that nobody has."""

from __future__ import annotations

import click

from inbox.errors import NotDone
from tui.line.acting import settle
from tui.line.desk import Desk
from tui.line.looking import print_rows

TRIES = 5
"""Conversations that are tried one after the other when colleagues take next at the same time."""


@click.command("take-next")
@click.pass_obj
def command(desk: Desk) -> None:
    """Take the most urgent open conversation that nobody has, and print it."""
    from inbox.actions import decision
    from inbox.views import VIEWS

    store, who, now = desk.store(), desk.who(), desk.now()
    outcome = None
    for one in store.ids(VIEWS["unassigned"].node, who, now, TRIES):
        outcome = store.change(*decision("take-next", conversation=one), who, now)
        if outcome.refusal is None:
            print_rows(desk, [one], False)
            return
    if outcome is None:
        raise NotDone("Nothing waits for somebody to take it.", "frontdesk list shows what there is.")
    settle(outcome)

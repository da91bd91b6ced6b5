"""`frontdesk snooze`: hide conversations until later."""

from __future__ import annotations

import click

from tui.line.acting import act, complain, time_given
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("snooze")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--until", required=True, metavar="WHEN", help='Such as 3h, "tomorrow 9:00", fri, 2026-05-01.')
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...], until: str) -> None:
    """Hide conversations until later; one with a deadline before that wakes in time for it.

    With - the ids are read from standard input.
    """
    from inbox.actions.snooze import wakes_at
    from tui.line.lines import moment

    wanted, now, given = time_given(desk, until), desk.now(), ids_given(desk, ids)
    due = {row.conversation.id: row.due_at for row in desk.store().rows(given)}
    for one, deadline in due.items():
        if (wakes := wakes_at(wanted, deadline, now)) != wanted:
            zone = desk.zone()
            complain(f"{one}: due {moment(deadline, zone)}, so it wakes {moment(wakes, zone)}.")
    act(desk, "snooze", given, lambda one: {"due": due.get(one)}, until=wanted)

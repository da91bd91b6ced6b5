"""`frontdesk due`: what is late, or due soon: for cron, prompts and status bars."""

from __future__ import annotations

import click

from tui.line.desk import Desk
from tui.line.looking import Asking, print_rows, query_given

SOMETHING = 1
"""The exit status when something is late or due."""


@click.command("due", cls=Asking)
@click.argument("query", nargs=-1)
@click.option("--within", metavar="TIME", help="Due within that time, such as 30m; else: past its warning.")
@click.option("--status", is_flag=True, help="One short line.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, as list --json.")
@click.pass_obj
def command(desk: Desk, query: tuple[str, ...], within: str | None, status: bool, as_json: bool) -> None:
    """What is late or due soon; exit status 1 when something is, 0 when nothing is. QUERY narrows it down."""
    from inbox.queries import Due, Everything, Flag, Is, Node, Warned, both

    soon: Node = Warned()
    if within is not None:
        from tui.line.acting import span_given

        soon = Due(span_given(within, "--within"))
    asked, who = query_given(desk, query)
    store, now, node = desk.store(), desk.now(), asked or Everything()
    ids = store.ids(both(soon, node), who, now)
    if status:
        late = len(store.ids(both(Is(Flag.LATE), node), who, now))
        click.echo(f"{late} late, {len(ids) - late} due soon" if ids else "nothing due")
    else:
        print_rows(desk, ids, as_json)
    if ids:
        raise click.exceptions.Exit(SOMETHING)

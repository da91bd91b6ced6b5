"""`frontdesk list`: conversations, or those a query finds."""

from __future__ import annotations

import click

from tui.line.desk import Desk
from tui.line.looking import Asking, print_rows, query_given


@click.command("list", cls=Asking)
@click.argument("query", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many.")
@click.pass_obj
def command(desk: Desk, query: tuple[str, ...], as_json: bool, limit: int | None) -> None:
    """Conversations that QUERY finds, the most urgent first; without QUERY every one.

    With - the ids on standard input are asked, one a line.
    """
    node, who = query_given(desk, query)
    print_rows(desk, desk.store().ids(node, who, desk.now(), limit), as_json)

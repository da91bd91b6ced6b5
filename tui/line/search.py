"""`frontdesk search`: messages that a query finds."""

from __future__ import annotations

import click

from inbox.errors import BadUsage
from tui.line.desk import Desk
from tui.line.looking import Asking, line_width, query_given

EVERY = 1 << 40
"""No limit: more messages than a store can hold."""


@click.command("search", cls=Asking)
@click.argument("query", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many, the newest.")
@click.pass_obj
def command(desk: Desk, query: tuple[str, ...], as_json: bool, limit: int | None) -> None:
    """Messages that QUERY finds, the newest first: id of the conversation, id of the message, date, text.

    With - only the conversations are searched whose ids stand on standard input.
    """
    from inbox.jsonform import as_line
    from inbox.text import cut, one_line
    from tui.line.forms import hit_as_json
    from tui.line.lines import moment

    node, who = query_given(desk, query)
    if node is None:
        raise BadUsage("Nothing is looked for.", f"Give a word, as in {desk.called} search refund.")
    width, zone = line_width(), desk.zone()
    for hit in desk.store().search(node, who, desk.now(), limit or EVERY):
        if as_json:
            click.echo(as_line(hit_as_json(hit)))
        else:
            head = f"{hit.conversation}  {hit.message}  {moment(hit.at, zone)}"
            click.echo(cut(f"{head}  {one_line(hit.snippet)}", width))

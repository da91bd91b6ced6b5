"""`frontdesk retention`: what is old enough to be erased by the rules of [keep]; nothing is erased by looking."""

from __future__ import annotations

import click

from tui.line.desk import Desk

NAMED = 20
"""Conversations of each rule that are named; --json names more."""
MOST = 10_000


@click.command("retention")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a rule.")
@click.pass_obj
def command(desk: Desk, as_json: bool) -> None:
    """What each rule of [keep] would erase now: how many conversations, and which. The worker erases, outside the opening
    hours; VIPs, what has yet to be done, and what is tagged as kept are never among them."""
    from inbox.jsonform import as_line
    from inbox.keeping import preview

    keep = desk.settings().keep
    found = preview(desk.store(), keep, desk.now(), MOST)
    for old in found:
        if as_json:
            ids = [str(number) for number in old.conversations]
            click.echo(as_line({"rule": old.rule, "conversations": ids, "more": old.more}))
            continue
        count = len(old.conversations)
        named = " ".join(f"#{number}" for number in old.conversations[:NAMED])
        more = " and others" if count > NAMED else ""
        click.echo(f"{old.rule}: {'over ' if old.more else ''}{count} {named}{more}".rstrip())
    if not found and not as_json:
        click.echo("Everything is kept: [keep] in settings.toml says after how long what is done with goes.")

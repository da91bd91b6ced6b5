"""`frontdesk rules from`: a rule made from a conversation, with what it would have matched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.line.desk import Desk
from tui.line.ids import id_given
from tui.line.progress import INTERRUPTED, Progress, interruptible

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from inbox.ports import Row
    from inbox.rules.firings import Firing


@click.command(name="from")
@click.argument("conversation", metavar="ID")
@click.option("--write", is_flag=True, help="Put it at the end of settings.toml; only an owner can.")
@click.option(
    "--limit", type=click.IntRange(0), default=10, show_default=True, help="Matches shown, the newest first."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def from_(desk: Desk, conversation: str, write: bool, limit: int, as_json: bool) -> None:
    """Make a rule from a conversation: from who wrote, the words of the subject, and what people did with it.

    It is shown with what it would have matched in 90 days, and written nowhere unless asked for.
    """
    from inbox.rules.proposing import DAYS, matched, propose, table_of
    from tui.line.rule_writing import bytes_of, tried
    from tui.line.rule_writing import write as put

    if write:
        desk.may("rules from --write")
    number = id_given(desk, conversation)
    store, settings, path = desk.store(), desk.settings(), desk.workspace / "settings.toml"
    (row,) = store.rows([number])
    proposal = propose(row, store.items(number), store.events(number), settings)
    table, seen = table_of(proposal.lines), bytes_of(path)
    trial = tried(seen, table, path, desk.now(), restricted=desk.restricted)
    progress = Progress()
    with interruptible() as stopped:

        def goes_on(done: int, total: int) -> bool:
            progress.of("Looking for what it would have matched", done, total)
            return not stopped()

        try:
            told = matched(store, trial.settings, trial.rule, desk.now(), goes_on)
        finally:
            progress.end()
    if told is None:
        click.echo("frontdesk: stopped; nothing was changed.", err=True)
        raise click.exceptions.Exit(INTERRUPTED)
    if write:
        put(path, seen, table, desk.now(), desk.who(), restricted=desk.restricted)
    firings = told.firings[:limit]
    rows = {each.conversation.id: each for each in store.rows([firing.conversation for firing in firings])}
    if as_json:
        from inbox.jsonform import as_line
        from inbox.ledger import iso

        times = [
            {
                "conversation": str(firing.conversation),
                "subject": rows[firing.conversation].subject if firing.conversation in rows else None,
                "at": iso(firing.at),
                "held": list(firing.held),
            }
            for firing in firings
        ]
        object_ = {"rule": trial.rule.name, "toml": table, "others": list(proposal.others), "written": write}
        click.echo(as_line({**object_, "days": DAYS, "conversations": told.conversations, "times": times}))
        return
    click.echo(table)
    if proposal.others:
        click.echo(f"# it could ask for as well: {' · '.join(proposal.others)}")
    click.echo(
        f"# would have matched {told.conversations} conversation{'' if told.conversations == 1 else 's'} in {DAYS} days"
    )
    for firing in firings:
        click.echo(f"# {_match_line(firing, rows, settings.zone)}")
    if write:
        click.echo(f"Written to {path}.", err=True)


def _match_line(firing: Firing, rows: Mapping[int, Row], zone: ZoneInfo) -> str:
    from inbox.text import cut, one_line
    from tui.line.lines import moment
    from tui.line.looking import line_width

    row = rows.get(firing.conversation)
    subject = f"  {one_line(row.subject, 60)}" if row is not None else ""
    return cut(f"{moment(firing.at, zone)}  #{firing.conversation}{subject}", line_width())

"""`frontdesk verify`: derive everything again and compare."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from tui.line.desk import Desk
from tui.line.progress import counted

if TYPE_CHECKING:
    from inbox.ports import Problem

DIFFERS = 1
"""The exit status when something differs."""


@click.command("verify")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def command(desk: Desk, as_json: bool) -> None:
    """Derive everything again from the record and compare; and prove that no customer is out of sight."""
    from inbox.jsonform import as_line

    desk.everything = True
    store, now, team = desk.store(), desk.now(), teammates(desk)
    with counted("Interrupted: not all of it was compared.", "Run the same command again.") as progress:
        problems = store.verify(now, team, progress.of)
    if as_json:
        listed = [
            {"kind": each.kind, "subject": each.subject, "detail": each.detail}
            | ({"next": each.next} if each.next else {})
            for each in problems
        ]
        click.echo(as_line({"ok": not problems, "problems": listed}))
    else:
        say_problems(problems)
        click.echo(f"{len(problems)} problems" if problems else "All is as the record says.")
    if problems:
        raise click.exceptions.Exit(DIFFERS)


def say_problems(problems: Iterable[Problem]) -> None:
    """Each difference, and what helps."""
    from inbox.text import one_line

    for each in problems:
        click.echo(f"{each.kind} {one_line(each.subject)}: {one_line(each.detail, 300)}")
        if each.next:
            click.echo(f"  {one_line(each.next, 300)}")


def teammates(desk: Desk) -> list[str]:
    """The names of all teammates; nobody where the settings cannot be read: the record can be proven without them."""
    from inbox.errors import BadSettings

    try:
        return [mate.name for mate in desk.settings().team]
    except BadSettings:
        return []

"""`frontdesk check-in`: ask customers later whether all is well."""

from __future__ import annotations

import click

from tui.line.acting import act, time_given
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("check-in")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option(
    "--at",
    "until",
    metavar="WHEN",
    help="Such as 1w, fri, 2026-05-01. Left out: as [check_in] says (5 days).",
)
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...], until: str | None) -> None:
    """Ask customers later whether all is well, closed conversations too; their writing before makes it needless.

    A person does it, or it goes by itself where [check_in] in the settings has a text and automatic_sending is true. With
    - the ids are read from standard input.
    """
    from inbox.actions.check_in import usual

    at = usual(desk.settings(), desk.now()) if until is None else time_given(desk, until)
    act(desk, "check-in", ids_given(desk, ids), until=at)

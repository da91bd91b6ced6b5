"""`frontdesk close`: close conversations."""

from __future__ import annotations

import click

from tui.line.acting import act, time_given
from tui.line.closing import cause_given, hint, outcome_given, waiting
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("close")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option(
    "--why",
    default="resolved",
    metavar="WORD",
    help="resolved (if not given), thanks, elsewhere, not-ours, no-answer, referred, quiet.",
)
@click.option(
    "--cause", metavar="WORD", help="Whose doing it was: carrier, warehouse … of the setting `causes`."
)
@click.option("--to", metavar="WHOM", help="With referred: where the customer was referred, in a few words.")
@click.option(
    "--check-in", "coming", metavar="WHEN", help="Ask the customer then whether all is well: 3d, mon …"
)
@click.pass_obj
def command(
    desk: Desk, ids: tuple[str, ...], why: str, cause: str | None, to: str | None, coming: str | None
) -> None:
    """Close conversations. With - ids are read from standard input."""
    outcome_given(why, "--why")
    cause = cause_given(desk, cause)
    check_in = time_given(desk, coming) if coming else None
    given = ids_given(desk, ids)
    unanswered = waiting(desk, given, why)
    act(desk, "close", given, why=why, cause=cause, to=to, check_in=check_in)
    hint(desk, unanswered, cause, check_in)

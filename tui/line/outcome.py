"""`frontdesk outcome`: what came of conversations, and whose doing it was."""

from __future__ import annotations

import click

from tui.line.acting import act, time_given
from tui.line.closing import cause_given, hint, outcome_given, waiting
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("outcome")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option(
    "--outcome", metavar="WORD", help="resolved, thanks, elsewhere, not-ours, no-answer, referred or quiet."
)
@click.option(
    "--cause", metavar="WORD", help='Whose doing it was, of the setting `causes`; "" takes it away.'
)
@click.option("--to", metavar="WHOM", help="Where the customer was referred, in a few words.")
@click.option(
    "--check-in", "coming", metavar="WHEN", help="Ask the customer then whether all is well: 3d, mon …"
)
@click.pass_obj
def command(
    desk: Desk,
    ids: tuple[str, ...],
    outcome: str | None,
    cause: str | None,
    to: str | None,
    coming: str | None,
) -> None:
    """Say what came of conversations, also once they are closed; what is open is closed with it. With - ids are read
    from standard input."""
    outcome, cause = outcome_given(outcome, "--outcome"), cause_given(desk, cause)
    check_in = time_given(desk, coming) if coming else None
    given = ids_given(desk, ids)
    unanswered = waiting(desk, given, outcome)
    act(desk, "outcome", given, outcome=outcome, cause=cause, to=to, check_in=check_in)
    hint(desk, unanswered, cause, check_in)

"""`frontdesk goodwill`: what is given to a customer, and why."""

from __future__ import annotations

import click

from inbox.errors import BadUsage
from tui.line.acting import act
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("goodwill")
@click.argument("given", metavar="ID")
@click.option("--kind", required=True, metavar="WORD", help="discount, refund, gift, free shipping.")
@click.option("--amount", metavar="SUM", help="10, 10.50, 10 EUR or 10%; a discount and a refund need one.")
@click.option("--reason", required=True, metavar="TEXT", help="Why, in a few words.")
@click.pass_obj
def command(desk: Desk, given: str, kind: str, amount: str | None, reason: str) -> None:
    """Write down what a customer was given. More than you may give is refused, with who may; undo takes it back."""
    from inbox.actions.goodwill import allowance
    from inbox.money import FORMS, parse_sum
    from inbox.nearest import nearest

    settings = desk.settings()
    kinds = settings.goodwill.kinds
    if kind not in kinds:
        raise BadUsage(
            f"--kind {kind!r} is nothing one gives here{nearest(kind, kinds)}", f"Kinds: {', '.join(kinds)}."
        )
    parsed = parse_sum(amount, settings.goodwill.currency) if amount else None
    if amount and parsed is None:
        raise BadUsage(f"--amount {amount!r} is no sum.", f"Write it like {FORMS}.")
    act(
        desk,
        "goodwill",
        ids_given(desk, (given,)),
        kind=kind,
        amount=parsed,
        reason=reason,
        allowed=allowance(settings, desk.who(), desk.now(), desk.zone()),
    )

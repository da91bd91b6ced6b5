"""`frontdesk call`: who is calling, and what was said, written down as part of their history."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from inbox.callers import IN, MISSED, OUT, alike, is_number
from inbox.errors import BadUsage, NotDone
from tui.line.acting import REFUSED, complain, promise_given, settle, span_given, text_given, time_given
from tui.line.customer import customer_as_line, customer_given, panel_as_json, show_panel
from tui.line.desk import Desk
from tui.line.ids import id_given
from tui.line.looking import print_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inbox.model import Customer

RECENT = 20
"""Conversations of the caller that are listed."""


@click.command("call")
@click.argument("number", required=False, metavar="[NUMBER]")
@click.option("--customer", "whom", metavar="ID", help="Who calls, where it is not told by the number.")
@click.option("--name", default="", metavar="NAME", help="What a caller is called whom nobody knows yet.")
@click.option("--in", "conversation", metavar="ID", help="The conversation it belongs to, else their newest.")
@click.option("--new", "begins", is_flag=True, help="It begins a conversation of its own.")
@click.option("--text", metavar="TEXT", help="What was said.")
@click.option("--file", metavar="FILE", help="A text file with what was said; - is standard input.")
@click.option("--we-called", "ours", is_flag=True, help="We called them.")
@click.option("--not-reached", "missed", is_flag=True, help="We called them, and nobody was there.")
@click.option("--took", metavar="TIME", help="How long it took, such as 5m.")
@click.option("--promise", metavar="WHEN", help='What was promised: thu 15:00, or "thu, aim wed".')
@click.option("--promised", default="", metavar="TEXT", help="What is promised, in a few words.")
@click.option("--follow-up", "follow_up", metavar="WHEN", help="When to come back to it, such as 2d.")
@click.option("--close", "closes", is_flag=True, help="Close the conversation with it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def command(
    desk: Desk,
    number: str | None,
    whom: str | None,
    name: str,
    conversation: str | None,
    begins: bool,
    text: str | None,
    file: str | None,
    ours: bool,
    missed: bool,
    took: str | None,
    promise: str | None,
    promised: str,
    follow_up: str | None,
    closes: bool,
    as_json: bool,
) -> None:
    """Who calls: the panel of the customer with this NUMBER, however it is written.

    With what was said (--text, --file, or standard input) the call is written down. It counts as an answer, unless nobody
    was reached.
    """
    from inbox.actions import decision
    from inbox.jsonform import as_line
    from tui.line.forms import row_as_json

    _checked(desk, number, whom, conversation, begins, ours, missed)
    home = id_given(desk, conversation) if conversation is not None else None
    customer = _caller(desk, number, whom, home)
    said = _said(text, file)
    logs = bool(said) or missed or text is not None or file is not None
    if not logs and customer is None:
        raise NotDone(
            f"Nobody has the number {number}.",
            "With --text it is written down, and they become a customer: --name says what they are called.",
        )
    panel = desk.store().panel(customer.id, RECENT) if customer is not None else None
    if panel is not None and not as_json:
        show_panel(desk, panel)
    written: list[int] = []
    if logs:
        if home is None and not begins and panel is not None:
            home = next((row.conversation.id for row in panel.running if not row.conversation.notice), None)
        until = promise_given(desk, promise, None) if promise is not None else None
        outcome = desk.store().change(
            *decision(
                "call",
                text=said,
                way=MISSED if missed else OUT if ours else IN,
                conversation=home,
                customer=customer.id if customer is not None else None,
                number=number or "",
                name=name,
                seconds=span_given(took, "--took") if took is not None else None,
                promises=until._replace(words=promised) if until is not None else None,
                follow_up=time_given(desk, follow_up) if follow_up is not None else None,
                closes=closes,
            ),
            desk.who(),
            desk.now(),
        )
        settle(outcome)
        written = list(outcome.conversations)
    elif not as_json:
        complain("Nothing was written down.", "Say with --text what was said.")
    if as_json:
        if written:  # they are another customer by now: a new one, or with one conversation more
            row = desk.store().rows(written)[0]
            panel = desk.store().panel(row.conversation.customer or 0, RECENT)
        shown = {
            "customer": panel_as_json(desk, panel) if panel is not None else None,
            "conversation": row_as_json(row, desk.now()) if written else None,
        }
        click.echo(as_line(shown))
    else:
        print_rows(desk, written, False)


def _checked(
    desk: Desk,
    number: str | None,
    whom: str | None,
    conversation: str | None,
    begins: bool,
    ours: bool,
    missed: bool,
) -> None:
    """BadUsage for what contradicts itself, or says nobody."""
    if number is None and whom is None and conversation is None:
        raise BadUsage("It does not say who calls.", "Give a NUMBER, --customer ID or --in ID.")
    if number is not None and not is_number(number):
        raise BadUsage(
            f"{number[:80]!r} is no telephone number.",
            f"Write it like +49 30 1234, or give --customer ID: {desk.called} customer list finds it.",
        )
    if ours and missed:
        raise BadUsage("They were reached, or not.", "Give --we-called or --not-reached.")
    if begins and conversation is not None:
        raise BadUsage("It cannot begin one and belong to another.", "Give --new or --in ID.")


def _caller(desk: Desk, number: str | None, whom: str | None, home: int | None) -> Customer | None:
    """Who calls: as it is said, whose the conversation is, or whose the number is; None for nobody known. Ends the command
    with 1 where several have the number."""
    if whom is not None:
        return customer_given(desk, whom)
    if home is not None:
        whose = desk.store().rows([home])[0].conversation.customer
        return desk.store().customer(whose) if whose is not None else None
    found = [
        each
        for each in desk.store().callers(number or "")
        if any(known.kind == "phone" and alike(known.value, number or "") for known in each.identities)
    ]
    if len(found) > 1:
        _several(found, number or "")
    return found[0] if found else None


def _several(found: Sequence[Customer], number: str) -> None:
    for each in found:
        click.echo(customer_as_line(each))
    complain(f"{len(found)} customers may have the number {number}.", "Say which: --customer ID.")
    raise click.exceptions.Exit(REFUSED)


def _said(text: str | None, file: str | None) -> str:
    """What was said, where anything is given: whoever only asks who calls sits before a terminal, or gives nothing."""
    if text is None and file is None and sys.stdin.isatty():
        return ""
    return text_given(text, file).strip()

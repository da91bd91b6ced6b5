"""`frontdesk amend`: what a trainee wrote goes with other words, in the place of the letter that waits for a yes."""

from __future__ import annotations

import click

from inbox.errors import BadUsage
from tui.line.acting import REFUSED, complain, settle, span_given, tell_waits, text_given
from tui.line.approve import letter_in, message_given
from tui.line.desk import Desk
from tui.line.ids import id_given
from tui.line.looking import print_rows


@click.command("amend")
@click.argument("conversation", metavar="ID")
@click.option("--text", metavar="TEXT", help="All of it as it is to go.")
@click.option("--file", metavar="FILE", help="A text file with it; - is standard input.")
@click.option("--message", metavar="ID", help="Which letter, where several wait for a yes.")
@click.option(
    "--undo", metavar="TIME", help="Wait so long before it leaves, such as 20s; else it leaves at once."
)
@click.option("--anyway", metavar="REASON", help="Send it although a check says no, and why.")
@click.pass_obj
def command(
    desk: Desk,
    conversation: str,
    text: str | None,
    file: str | None,
    message: str | None,
    undo: str | None,
    anyway: str | None,
) -> None:
    """Send what a trainee wrote in other words: to whom, from where and with what below it stays as they chose.

    Without --text and --file the words are read from standard input.
    """
    from inbox.actions import decision
    from inbox.approvals import answered_by
    from tui.line.answering import ready

    if anyway is not None and not anyway.strip():
        raise BadUsage("--anyway needs a reason.", "Say in a few words why it is sent all the same.")
    wait = span_given(undo, "--undo") if undo is not None else 0
    number, which = id_given(desk, conversation), message_given(desk, message)
    store, who = desk.store(), desk.who()
    seen = store.rows([number])[0].conversation.seq
    queued = letter_in(desk, number, which)
    letter, overridden = {}, []
    if queued is not None:  # else the decision says why
        written, waits = store.letter(queued), store.item(queued.message or 0)
        words = text_given(text, file)
        made = ready(
            desk,
            number,
            words,
            seen,
            to=written.to,
            cc=written.cc,
            bcc=written.bcc,
            subject=written.subject,
            sender=written.sender,
            files=written.files,
        )
        stops = [each for each in made.stops if not (anyway and each.overridable)]
        for each in stops:
            complain(each.words, each.next_step)
        if stops:
            raise click.exceptions.Exit(REFUSED)
        letter = made.letter | {"text": words}
        overridden = [each.name for each in made.stops]
        if waits is not None:
            answered = answered_by(store.items(number), waits)
            letter |= {"signature": waits.signature, "quoted": waits.quoted, "item": answered}
    scope, decide = decision(
        "amend",
        conversation=number,
        message=which,
        leave_after=wait,
        seen=seen,
        anyway=anyway or "",
        overridden=overridden,
        **letter,
    )
    settle(store.change(scope, decide, who, desk.now()))
    print_rows(desk, [number], False)
    tell_waits(desk)

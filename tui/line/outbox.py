"""`frontdesk outbox`: what waits to be sent, is held, failed or is unknown; only here a person sends again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inbox.errors import NotDone
from tui.line.desk import Desk
from tui.line.ids import is_id

if TYPE_CHECKING:
    from inbox.ports import OutboxAtWork, OutboxLine


@click.group("outbox", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """What waits to be sent, is held, failed, or is unknown; what that means for the customer, and what to do."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_, as_json=as_json)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_(desk: Desk, as_json: bool) -> None:
    """Every message of ours that has not simply gone out, the oldest first."""
    from inbox.jsonform import as_line
    from tui.line.forms import outbox_as_json

    for line in desk.store().outbox():
        click.echo(as_line(outbox_as_json(line)) if as_json else _line(desk, line))


@command.command("release")
@click.argument("message", metavar="[ID]", required=False)
@click.pass_obj
def release(desk: Desk, message: str | None) -> None:
    """Let what is held go with the next sync: one message, or all of them; of a mailbox that pauses too.

    What waits for a yes is let go one by one, as by frontdesk approve.
    """
    outbox, now = _for_seniors(desk), desk.now()
    if message is None:
        click.echo(f"{outbox.release(now)} released")
        return
    number = _known(desk, message)
    line = next(line for line in desk.store().outbox() if line.message == number)
    if line.held_by == "approval":
        from tui.line.approve import say_yes

        say_yes(desk, line.conversation, number, 0, "")
    elif outbox.release(now, number) == 0:
        raise NotDone(f"{message} is not held.", f"{desk.called} outbox shows what is.")


@command.command("resend")
@click.argument("message", metavar="ID")
@click.pass_obj
def resend(desk: Desk, message: str) -> None:
    """Send a message again that failed, or of which nobody knows whether it left; try one that was refused for now, or
    whose copy does not lie in Sent yet, with the next sync."""
    if not _for_seniors(desk).resend(_known(desk, message), desk.now()):
        raise NotDone(
            f"{message} has neither failed nor is it unknown or refused: it is not sent again.",
            f"{desk.called} outbox shows how each stands.",
        )


@command.command("drop")
@click.argument("message", metavar="ID")
@click.pass_obj
def drop(desk: Desk, message: str) -> None:
    """Give a message up that has not gone (the customer still waits for an answer), or the copy of one that has."""
    from inbox.verbs import WORKERS

    who = desk.who_may(WORKERS, "Giving an answer up")
    if not desk.store().sending.by(who).drop(_known(desk, message), desk.now()):
        raise NotDone(f"{message} has gone, or is on its way.", "A correction is a new reply.")


def _for_seniors(desk: Desk) -> OutboxAtWork:
    """The outbox, for those who may let messages go."""
    from inbox.verbs import SENIORS

    return desk.store().sending.by(desk.who_may(SENIORS, "Letting answers go"))


def _known(desk: Desk, text: str) -> int:
    """The number of a message that waits, is held, failed or is unknown. NotDone for any other."""
    if not is_id(text) or all(line.message != int(text) for line in desk.store().outbox()):
        raise NotDone(
            f"There is no message {text[:40]!r} in the outbox.", f"{desk.called} outbox shows what is."
        )
    return int(text)


def _line(desk: Desk, line: OutboxLine) -> str:
    """A message, what its state means for the customer, and what to do about it."""
    from inbox.delivery_words import delivery
    from inbox.text import one_line
    from tui.line.lines import moment

    zone = desk.zone()
    how = delivery(
        line,
        desk.now(),
        lambda at: moment(at, zone),
        lambda verb: f"{desk.called} outbox {verb} {line.message}",
    )
    to = one_line(", ".join(each.address for each in line.recipients), 60)
    said = line.copy or line.why or next((each.detail for each in line.recipients if each.detail), "")
    why = f"  ({one_line(said, 120)})" if said else ""
    head = f"{line.message}  {line.state}  {moment(line.leave_at, zone)}  {to}  {one_line(line.subject, 80)}{why}"
    return "  ".join(words for words in (head, f"{how.means} {how.step}".strip()) if words)

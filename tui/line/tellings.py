"""What `issue tell`, `issue close` and `announce` have in common: each letter shown, then queued with its progress."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inbox.errors import BadUsage
from tui.line.acting import REFUSED, complain, text_given

if TYPE_CHECKING:
    from inbox.own_fields import Table
    from inbox.queueing import Done
    from inbox.telling import From, Letter, Plan
    from tui.line.desk import Desk


def by(desk: Desk) -> From:
    """From whom what is told goes: the person at the desk."""
    from inbox.profiles import Profile
    from inbox.telling import From

    profile = desk.store().documents.profile(desk.who().name) or Profile()
    return From(desk.who(), desk.senders(), desk.us(), desk.settings(), profile)


def table_given(path: str | None) -> Table:
    """The own fields in a file, or (`-`) on standard input; none where none is named. BadUsage when it cannot be read."""
    from inbox.own_fields import Table, table_in

    if path is None:
        return Table()
    if path == "-":
        return table_in(sys.stdin.buffer.read().decode("utf-8", "replace"), "standard input")
    try:
        text = Path(path).read_text("utf-8", "replace")
    except OSError as error:
        raise BadUsage(f"{path} cannot be read: {error.strerror}.", "Name a table with commas.") from error
    return table_in(text, path)


def text_and_place(text: str | None, file: str | None) -> tuple[str, str]:
    """What is told, and how errors call it."""
    return text_given(text, file), file if file and file != "-" else "the text"


def tell(desk: Desk, plan: Plan, *, dry_run: bool, as_json: bool, stops: str, new: str = "") -> None:
    """Show every letter of a plan, or queue them. Ends with 1 when somebody was to be told and nobody is."""
    if dry_run:
        _show(desk, plan, as_json)
    else:
        _queue(desk, plan, as_json, stops, new)


def _show(desk: Desk, plan: Plan, as_json: bool) -> None:
    from inbox.jsonform import as_line
    from inbox.text import one_line, sanitise

    for letter in plan.letters:
        if as_json:
            click.echo(as_line(_as_json(letter)))
            continue
        click.echo(_head(letter))
        if not letter.aside:
            click.echo(f"  Subject: {one_line(letter.subject)}")
            click.echo("".join(f"  | {line}\n" for line in sanitise(letter.text).splitlines()))
    if not as_json:
        click.echo(_counted(plan, len(plan.going), "would be told"))


def _head(letter: Letter) -> str:
    from inbox.text import one_line

    where = f"#{letter.conversation}" if letter.conversation else "new"
    to = ", ".join(one_line(each, 320) for each in letter.to) or "nobody"
    aside = f"  set aside: {one_line(letter.aside, 200)}" if letter.aside else ""
    return f"{where:<7} {one_line(letter.name, 40)} <{to}>{aside}"


def _as_json(letter: Letter, why: str = "") -> dict[str, Any]:
    return {
        "conversation": str(letter.conversation) if letter.conversation else None,
        "customer": str(letter.customer) if letter.customer is not None else None,
        "to": list(letter.to),
        "subject": letter.subject,
        "text": letter.text,
        "set_aside": why or letter.aside or None,
    }


def _counted(plan: Plan, told: int, words: str) -> str:
    aside = sum(bool(letter.aside) for letter in plan.letters)
    parts = [f"{told} {words}"]
    parts += [f"{aside} set aside"] if aside else []
    parts += [f"{plan.already} told before"] if plan.already else []
    return ", ".join(parts)


def _queue(desk: Desk, plan: Plan, as_json: bool, stops: str, new: str) -> None:
    from inbox.jsonform import as_line
    from inbox.model import Refusal
    from inbox.queueing import queue
    from tui.line.progress import Progress, interruptible

    progress = Progress(len(plan.going))
    with interruptible() as interrupted:

        def at(done: int, total: int) -> bool:
            del total
            progress.at(done)
            return not interrupted()

        done = queue(desk.store(), plan, by(desk), desk.now(), at, new)
    progress.end()
    if isinstance(done, Refusal):
        complain(done.reason, done.next_step)
        raise click.exceptions.Exit(REFUSED)
    if as_json:
        aside = [_as_json(letter) for letter in plan.letters if letter.aside]
        aside += [_as_json(letter, why) for letter, why in done.left_out]
        told = {
            "issue": plan.told.issue,
            "told": done.queued,
            "told_before": plan.already,
            "set_aside": aside,
        }
        click.echo(as_line(told))
    else:
        _say(desk, plan, done, stops)
    if not done.queued and not plan.already and plan.letters:
        raise click.exceptions.Exit(REFUSED)


def _say(desk: Desk, plan: Plan, done: Done, stops: str) -> None:
    from inbox.actions.tell import WINDOW

    click.echo(_counted(plan, done.queued, "told"))
    for letter in plan.letters:
        if letter.aside:
            click.echo(_head(letter))
    for letter, why in done.left_out:
        click.echo(_head(letter._replace(aside=why)))
    if done.queued:
        waits = "" if desk.store().worker() is not None else f"; {desk.instead_of_worker} sends it"
        click.echo(f"They leave in {WINDOW} s{waits}: {stops} takes back what has not left.", err=True)

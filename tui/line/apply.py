"""`frontdesk apply`: what was written into a day's file is done, each thing by itself."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from inbox.errors import BadUsage
from tui.line.acting import REFUSED, complain, span_given
from tui.line.desk import Desk

if TYPE_CHECKING:
    from tui.line.applying import Became

UNDO = "2m"
"""How long the answers of a file wait before they leave: so many at once are looked over once more."""


@click.command("apply")
@click.argument("file", metavar="[FILE]", default="-")
@click.option("--check", is_flag=True, help="Only say what would happen.")
@click.option(
    "--undo",
    metavar="TIME",
    default=UNDO,
    show_default=True,
    help="Answers wait so long before they leave; frontdesk undo takes all of it back.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each thing that was written.")
@click.pass_obj
def command(desk: Desk, file: str, check: bool, undo: str, as_json: bool) -> None:
    """Do what was written into a file of frontdesk day; - (or nothing) is standard input.

    Each thing is done by itself, with all checks, and once however often the file is applied. Where a colleague has
    answered or the customer has written since, an answer is kept as your draft. Exit status 1 when something was not done.

    Over SSH: ssh desk apply < day.md
    """
    from inbox.day_reading import read_day, text_of
    from inbox.model import Role
    from tui.line.applying import applied

    wait = span_given(undo, "--undo")
    data = _given(desk, file)
    desk.who_may((Role.OWNER, Role.AGENT, Role.TRAINEE), "Applying a day")
    text, odd = text_of(data)
    if odd:
        complain(odd, "Look at what --check shows, if letters look wrong save it as UTF-8.")
    day = read_day(text)
    became = applied(desk, day, wait, check=check)
    if as_json:
        _print_json(became)
    else:
        for each in became:
            click.echo(_line(each))
            for hint in each.hints:
                complain(f"{each.conversation}: {hint}")
        _tell(desk, became, day.untouched, check=check)
    if any(each.state in ("refused", "draft") for each in became):
        raise click.exceptions.Exit(REFUSED)


def _given(desk: Desk, file: str) -> bytes:
    """The bytes of the file, or of standard input. BadUsage for none, for too many, and where there is no such file."""
    from inbox.day_reading import LARGEST

    if file == "-" and sys.stdin.isatty():
        raise BadUsage("There is no file.", f"{desk.called} apply < day.md")
    try:
        if file == "-":
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with open(file, "rb") as opened:  # noqa: PTH123  (a name as typed)
                data = opened.read(LARGEST + 1)
    except OSError as error:
        raise BadUsage(f"{file} cannot be read: {error.strerror}.", "Name the file of your day.") from error
    if len(data) > LARGEST:
        raise BadUsage(
            f"The file has more than {LARGEST // 1_000_000} MB.",
            f"Nothing was done. Give the file of {desk.called} day.",
        )
    return data


def _line(each: Became) -> str:
    from inbox.text import one_line

    number = "-" if each.conversation is None else str(each.conversation)
    text = f"{number} line {each.line} {each.item}: {each.words}"
    if each.next_step and each.state in ("refused", "draft"):
        text += f" {each.next_step}"
    return one_line(text, 600)


def _print_json(became: Sequence[Became]) -> None:
    from inbox.jsonform import as_line

    for each in became:
        number = None if each.conversation is None else str(each.conversation)
        shown = {"id": number, "line": each.line, "item": each.item, "state": each.state, "words": each.words}
        click.echo(as_line({**shown, "next": each.next_step, "hints": list(each.hints)}))


def _tell(desk: Desk, became: Sequence[Became], untouched: int, *, check: bool) -> None:
    """How much of it was done, in one line on standard error."""
    words = {
        "would": "would be done",
        "done": "done",
        "again": "done before",
        "draft": "kept as your draft",
        "refused": "not done",
    }
    counts = {state: sum(each.state == state for each in became) for state in words}
    parts = [f"{count} {words[state]}" for state, count in counts.items() if count]
    empty = f"{untouched} untouched" if untouched else ""
    told = ", ".join(filter(None, (*parts, empty))) or "Nothing was written into it"
    undo = f" {desk.called} undo takes it back." if counts["done"] and not check else ""
    click.echo(f"{told}.{undo}", err=True)

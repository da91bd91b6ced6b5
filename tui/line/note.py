"""`frontdesk note`: a note that only the team sees."""

from __future__ import annotations

import click

from tui.line.acting import act, text_given
from tui.line.desk import Desk
from tui.line.ids import id_given


@click.command("note")
@click.argument("conversation", metavar="ID")
@click.option("--text", metavar="TEXT", help="The note.")
@click.option("--file", metavar="FILE", help="A text file with the note; - is standard input.")
@click.pass_obj
def command(desk: Desk, conversation: str, text: str | None, file: str | None) -> None:
    """Write a note only the team sees; @name puts it in front of a teammate.

    Without --text and --file it is read from standard input.
    """
    team = [mate.name for mate in desk.settings().team]
    act(desk, "note", [id_given(desk, conversation)], text=text_given(text, file), team=team)

"""`frontdesk act`: a saved action of the settings, done to conversations."""

from __future__ import annotations

import click

from inbox.errors import BadUsage
from tui.line.acting import act
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("act")
@click.argument("name", metavar="NAME")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--without-text", is_flag=True, help="Leave out the text, which a person writes on the screen.")
@click.pass_obj
def command(desk: Desk, name: str, ids: tuple[str, ...], without_text: bool) -> None:
    """Do a saved action ([[action]] of settings.toml); of each conversation all or nothing.

    With - the ids are read from standard input.
    """
    from inbox.nearest import nearest
    from inbox.text import one_line

    settings = desk.settings()
    known = {each.name: each for each in settings.actions}
    if name not in known:
        shown = ", ".join(known) or "none: [[action]] in settings.toml makes one"
        raise BadUsage(f"There is no action “{one_line(name, 60)}”{nearest(name, known)}", f"Known: {shown}.")
    action = known[name]
    if action.text is not None and not (without_text and action.decides):
        rest = "--without-text does the rest." if action.decides else "Do it there."
        raise BadUsage(f"“{name}” writes a text, which a person does on the screen.", rest)
    given = ids_given(desk, ids)
    due = {row.conversation.id: row.due_at for row in desk.store().rows(given)}
    team = tuple(mate.name for mate in settings.team)
    act(
        desk,
        "act",
        given,
        lambda one: {"due": due.get(one)},
        action=action,
        zone=settings.zone,
        hours=settings.hours,
        team=team,
    )

"""`frontdesk assign`: give conversations to a teammate."""

from __future__ import annotations

import re

import click

from inbox.errors import BadUsage
from tui.line.acting import act
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("assign")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option(
    "--to", required=True, metavar="NAME", help="A teammate; me; none gives them back to everybody."
)
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...], to: str) -> None:
    """Give conversations to a teammate. With - their ids are read from standard input."""
    name = teammate_given(desk, to)
    act(desk, "assign", ids_given(desk, ids), to=name)


def teammate_given(desk: Desk, word: str) -> str | None:
    """The name of a teammate as the settings write it; None for "none". BadUsage for somebody unknown."""
    folded = word.casefold()
    if folded == "none":
        return None
    if folded == "me":
        return desk.who().name
    settings = desk.settings()
    if settings.team:
        mate = settings.teammate(word)
        if mate is not None:
            return mate.name
        from inbox.nearest import nearest

        names = [each.name for each in settings.team]
        raise BadUsage(
            f'There is no teammate "{word}"{nearest(word, names)}', f"The team: {', '.join(names)}."
        )
    if not re.fullmatch(r"[\w.-]{1,40}", word):
        raise BadUsage(f"{word!r} is no name.", "A name is one word of letters, digits, dots and hyphens.")
    return word

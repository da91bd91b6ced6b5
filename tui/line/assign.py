"""`frontdesk assign`: give conversations to a teammate."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

from inbox.errors import BadUsage, NotDone
from tui.line.acting import act, complain
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("assign")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option(
    "--to",
    required=True,
    metavar="NAME",
    help="A teammate; me; load: whoever has the least in hand; none gives them back to everybody.",
)
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...], to: str) -> None:
    """Give conversations to a teammate. With - their ids are read from standard input."""
    from inbox.away import LOAD, shares

    settings, numbers = desk.settings(), ids_given(desk, ids)
    if to.casefold() == LOAD and settings.teammate(to) is None:
        fair = shares(desk.store(), settings, numbers, desk.now())
        act(desk, "assign", numbers, to=LOAD, shares=fair)
        return
    name = teammate_given(desk, to)
    if name is not None:
        say_away(desk, [name])
    act(desk, "assign", numbers, to=name)


def say_away(desk: Desk, names: Iterable[str]) -> None:
    """Say who of these is away, and until when: they are given it all the same. NotDone for who answers nobody."""
    from inbox.away import today, told
    from inbox.model import Role

    settings = desk.settings()
    day = today(desk.now(), settings.zone)
    for name in dict.fromkeys(names):
        mate = settings.teammate(name)
        if mate is not None and mate.role is Role.READER:
            raise NotDone(f"{name} is a reader, and answers nobody.", "Name somebody else.")
        if words := told(settings.team, name, day):
            complain(words, "It goes to everybody when it is pressing, or the customer writes.")


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

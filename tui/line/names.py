"""`frontdesk names`: on which side people in chats are, asked once for each name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tui.line.desk import Desk

if TYPE_CHECKING:
    from inbox.chat.names import Asked, Held, Name


@click.command("names")
@click.option("--us", "ours", multiple=True, metavar="NAME", help="This name is one of us; may be repeated.")
@click.option("--customer", "customers", multiple=True, metavar="NAME", help="This one is a customer.")
@click.option("--leave", "left", multiple=True, metavar="NAME", help="Ask for this one no more, for now.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a name.")
@click.pass_obj
def command(
    desk: Desk, ours: tuple[str, ...], customers: tuple[str, ...], left: tuple[str, ...], as_json: bool
) -> None:
    """Say on which side names in chats are, where neither the chat nor the settings tell; without options, list them.

    What is asked stands first. What waited for an answer is taken in by the worker.
    """
    from inbox.chat.names import LEFT, OURS, THEIRS
    from inbox.errors import NotDone
    from inbox.jsonform import as_line
    from inbox.verbs import VERBS, refused

    store = desk.store()
    told = (("name-us", OURS, ours), ("name-customer", THEIRS, customers), ("name-leave", LEFT, left))
    for verb, side, names in told:
        why = refused(VERBS[verb], desk.who()) if names else None
        if why is not None:
            raise NotDone(why, "Name who acts with --as.")
        for name in names:
            store.names.say(name, side, desk.who(), desk.now())
    asked = store.names.all()
    rest = sorted(
        (each for each in asked.names.values() if each.side), key=lambda each: (each.side, each.key)
    )
    for each in (*asked.waiting, *rest):
        click.echo(as_line(_as_json(each, asked)) if as_json else _as_line(each))
    if as_json:
        return
    if not asked.names:
        click.echo("No name was ever asked for.")
    for held in asked.held:
        click.echo(_told(held))


def _as_json(name: Name, asked: Asked) -> dict[str, Any]:
    return {
        "name": name.key,
        "side": name.side or None,
        "chats": [called for called, _ in name.chats],
        "lines": name.lines,
        "first": name.first,
        "who": name.who or None,
        "waiting": [held.called for held in asked.held if held.took is None and name.key in held.names],
    }


def _as_line(name: Name) -> str:
    """Who it is, the name, how much it says and where, and what it said first."""
    from inbox.text import cut, one_line
    from tui.line.looking import line_width

    count = f"  {name.lines} {'line' if name.lines == 1 else 'lines'} in" if name.chats else ""
    where = ", ".join(one_line(called, 60) for called, _ in name.chats)
    first = f"  “{one_line(name.first)}”" if name.first and not name.is_told else ""
    return cut(f"{_WORDS[name.side]:<10} {one_line(name.key)}{count} {where}{first}".rstrip(), line_width())


def _told(held: Held) -> str:
    """What became of something that waited for names, or that it waits."""
    from inbox.text import one_line

    called = one_line(held.called, 80)
    if held.took is None:
        return f"waits: {called}, for {', '.join(one_line(each, 40) for each in held.names[:6])}"
    lines = "1 new message" if held.took == 1 else f"{held.took} new messages"
    return f"taken in: {called}, {lines}{f'; {one_line(held.trouble, 300)}' if held.trouble else ''}"


_WORDS = {"": "who is it?", "agent": "us", "customer": "customer", "left": "left aside"}

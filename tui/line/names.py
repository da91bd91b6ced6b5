"""`frontdesk names`: on which side people in chats are, asked once for each name."""

from __future__ import annotations

import click

from tui.line.desk import Desk


@click.command("names")
@click.option("--us", "ours", multiple=True, metavar="NAME", help="This name is one of us; may be repeated.")
@click.option("--customer", "customers", multiple=True, metavar="NAME", help="This one is a customer.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a name.")
@click.pass_obj
def command(desk: Desk, ours: tuple[str, ...], customers: tuple[str, ...], as_json: bool) -> None:
    """Say on which side names in chats are, where neither the chat nor the settings tell; without options, list them.

    What is asked stands first. A transcript that was refused for a name is imported again afterwards.
    """
    from inbox.jsonform import as_line
    from inbox.text import one_line

    documents = desk.store().documents
    for name in ours:
        documents.say_name(name, "agent")
    for name in customers:
        documents.say_name(name, "customer")
    known = documents.chat_names()
    for name, side in sorted(known.items(), key=lambda each: (each[1] != "", each)):
        if as_json:
            click.echo(as_line({"name": name, "side": side or None}))
        else:
            click.echo(f"{_WORDS[side]:<10} {one_line(name)}")
    if not known and not as_json:
        click.echo("No name was ever asked for.")


_WORDS = {"": "who is it?", "agent": "us", "customer": "customer"}

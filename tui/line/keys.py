"""`frontdesk keys`: the key table in force, with one's own keys over the shipped ones."""

from __future__ import annotations

import click

from tui.line.desk import own_keybindings


@click.command("keys")
@click.option("--markdown", is_flag=True, help="As Markdown, as in the README.")
def command(markdown: bool) -> None:
    """The keys in force, by context."""
    from tui.keys import keys_markdown, keys_plain, load

    keymap = load(own_keybindings())
    click.echo(keys_markdown(keymap) if markdown else keys_plain(keymap), nl=False)

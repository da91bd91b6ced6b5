"""`frontdesk keys`: the key table in force, with one's own keys over the shipped ones; or that of a preset."""

from __future__ import annotations

import click

from tui.line.desk import Desk


@click.command("keys")
@click.option("--preset", metavar="NAME", help="As they are with a preset alone: default, gmail or mutt.")
@click.option("--markdown", is_flag=True, help="As Markdown, as in the README.")
@click.pass_obj
def command(desk: Desk, markdown: bool, preset: str | None) -> None:
    """The keys in force, by context."""
    from inbox.errors import BadUsage
    from inbox.nearest import nearest
    from tui.key_table import keys_markdown, keys_plain
    from tui.keys import load, presets

    if preset is not None and preset not in presets():
        raise BadUsage(
            f"There is no preset {preset!r}{nearest(preset, presets())}", f"{', '.join(presets())}."
        )
    keymap = load(desk.keys_file() if preset is None else None, preset)
    click.echo(keys_markdown(keymap) if markdown else keys_plain(keymap), nl=False)

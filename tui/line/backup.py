"""`frontdesk backup`: a consistent copy while others work."""

from __future__ import annotations

from pathlib import Path

import click

from tui.line.desk import Desk
from tui.line.progress import counted


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def command(desk: Desk, file: Path) -> None:
    """Write a consistent copy of the workspace into one tar file, while others work.

    Unpacking it into an empty folder restores it. Passwords are not in it.
    """
    from inbox.text import one_line

    store = desk.store()
    with counted("Interrupted: no backup was written.", "Run the same command again.") as progress:
        size = store.backup(file, progress.of)
    click.echo(f"{one_line(str(file), 4000)}: {size / 1e6:.1f} MB")

"""`frontdesk export`: everything as plain files."""

from __future__ import annotations

from pathlib import Path

import click

from tui.line.desk import Desk
from tui.line.progress import counted


@click.command("export")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.pass_obj
def command(desk: Desk, folder: Path) -> None:
    """Write everything below DIR, a new folder: mail as a Maildir, the rest as JSON lines.

    frontdesk import reads it again, into a new workspace.
    """
    from inbox.model import EventType
    from inbox.text import one_line

    desk.may("export")
    desk.needs_all("An export")
    store, who = desk.store(), desk.keeper()
    with counted("Interrupted: nothing was exported.", "Run the same command again.") as progress:
        count = store.export(folder, progress.of)
    store.erasing.note(EventType.HANDED_OUT, str(folder.absolute()), who, desk.now())
    click.echo(f"{count} messages in {one_line(str(folder), 4000)}")

"""`frontdesk backup`: a consistent copy while others work, and a trial of whether it can be restored."""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inbox.errors import NotDone
from tui.line.desk import Desk
from tui.line.progress import counted

if TYPE_CHECKING:
    from inbox.progress import Reached


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--check",
    is_flag=True,
    help="Restore it on trial and compare all of it; a FILE that is there is only checked.",
)
@click.pass_obj
def command(desk: Desk, file: Path, check: bool) -> None:
    """Write a consistent copy of the workspace into one tar file, while others work.

    Unpacking it into an empty folder restores it. Passwords are not in it.
    """
    from inbox.model import EventType
    from inbox.text import one_line

    name = one_line(str(file), 4000)
    desk.may("backup")
    desk.needs_all("A backup")
    if not (check and file.exists()):
        store, who = desk.store(), desk.keeper()
        with counted("Interrupted: no backup was written.", "Run the same command again.") as progress:
            size = store.backup(file, progress.of)
        store.erasing.note(EventType.BACKED_UP, str(file.absolute()), who, desk.now())
        click.echo(f"{name}: {size / 1e6:.1f} MB")
    if check:
        with counted("Interrupted: the backup was not checked.", "Run it again with --check.") as progress:
            _restore_on_trial(desk, file, progress.of)


def _restore_on_trial(desk: Desk, file: Path, progress: Reached) -> None:
    """Unpack a backup beside it, prove what is in it, and take it away again. NotDone where it does not hold."""
    from inbox.model import Who
    from tui.checkup.store import is_there
    from tui.line.verify import say_problems, teammates

    with tempfile.TemporaryDirectory(prefix=".check-", dir=file.parent) as folder:
        try:
            with tarfile.open(file) as tar:
                # Python 3.11.2, as Debian has it, knows no filters (PEP 706); there it is as `tar -xf`
                tar.extraction_filter = getattr(tarfile, "data_filter", None)
                tar.extractall(folder)
        except tarfile.TarError as error:
            raise NotDone(
                f"{file} is no backup that can be restored: it is no tar file, or its end is missing.",
                "Write another: frontdesk backup FILE.",
            ) from error
        if not is_there(Path(folder)):
            raise NotDone(f"{file} holds no workspace.", "Write another: frontdesk backup FILE.")
        restored = desk.open_store(Path(folder))
        try:
            problems = restored.verify(desk.now(), teammates(desk), progress)
            counts = restored.counts(Who("backup"), desk.now())
            held = sum(line.state == "held" for line in restored.outbox())
        finally:
            restored.close()
    say_problems(problems)
    if problems:
        raise NotDone(
            "Restored on trial, it is not as the record says.", "frontdesk verify tells whether this one is."
        )
    many = counts["all"] + counts["spam"]
    conversations = "1 conversation" if many == 1 else f"{many} conversations"
    answers = "1 answer" if held == 1 else f"{held} answers"
    click.echo(
        f"Restored on trial: {conversations}, all as the record says; {answers} held, so that nothing is sent twice."
    )

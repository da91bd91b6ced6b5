"""`frontdesk demo`: the screen on a made-up shop. Answers go to a sandbox; nothing leaves the machine."""

from __future__ import annotations

import shutil
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import click

from inbox.errors import BadUsage
from tui.line.desk import Desk, unix_user

LOOK_SECONDS = 1.0
"""How often the sandbox takes what is due."""


@click.command("demo")
@click.option(
    "--keep", type=click.Path(file_okay=False, path_type=Path), help="Keep the shop in this new folder."
)
@click.pass_obj
def command(desk: Desk, keep: Path | None) -> None:
    """Open the screen on a made-up shop; nothing leaves the machine."""
    if keep is not None and keep.exists() and any(keep.iterdir()):
        raise BadUsage(f"{keep} is not empty.", "Name a new folder.")
    folder = keep or Path(tempfile.mkdtemp(prefix="frontdesk-demo-"))
    desk.workspace = folder
    try:
        _furnish(desk)
        post = _Sandbox(desk)
        post.start()
        try:
            desk.open_screen(desk)
        finally:
            post.stop()
            desk.close()
        click.echo(_farewell(post.taken, keep))
    finally:
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def _furnish(desk: Desk) -> None:
    from inbox.demo.shop import Shop, settings_text

    you = desk.as_name or unix_user()
    desk.workspace.mkdir(parents=True, exist_ok=True)
    (desk.workspace / "settings.toml").write_text(settings_text(you, unix_user()), "utf-8")
    Shop(desk.store(), you, desk.now()).live()


class _Sandbox(threading.Thread):
    """Takes what is due as a mail server would, and puts it into files."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(name="sandbox", daemon=True)
        self._desk = desk
        self._folder = desk.workspace / "sandbox"
        self._stopped = threading.Event()
        self.taken = 0

    def run(self) -> None:
        """Look once a second until stopped, and once more then."""
        while not self._stopped.wait(LOOK_SECONDS):
            self._take()

    def stop(self) -> None:
        """End it; what is due by then is still taken."""
        self._stopped.set()
        self.join(timeout=5)

    def _take(self) -> None:
        from inbox.demo.shop import deliver

        with suppress(OSError):  # the folder is going away with the demo
            for message_id, raw in deliver(self._desk.store(), self._desk.now()):
                self._folder.mkdir(exist_ok=True)
                (self._folder / f"{message_id.strip('<>').partition('@')[0]}.eml").write_bytes(raw)
                self.taken += 1


def _farewell(taken: int, keep: Path | None) -> str:
    said = {0: "Nothing was sent.", 1: "One answer went to the sandbox."}.get(
        taken, f"{taken} answers went to the sandbox."
    )
    where = f" The shop is kept in {keep}: frontdesk --workspace {keep} opens it again." if keep else ""
    return f"{said} Nothing left this machine.{where}"

"""`frontdesk demo`: the screen on a made-up shop. Answers go to a sandbox; nothing leaves the machine."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from inbox.errors import BadUsage, WorldError
from tui.line.desk import Desk, unix_user

if TYPE_CHECKING:
    from inbox.model import Instant
    from inbox.panel_running import Panels

Leaves = Callable[[str, bytes], None]


class Going(Protocol):
    """A shop that goes on."""

    def go_on(self, now: Instant) -> None:
        """Do what has come due until `now`."""

    def say_here(self) -> None:
        """Let the colleagues say where they are."""


LOOK_SECONDS = 1.0
"""How often the sandbox looks at what has come due."""
SAY_HERE = 5
"""So many looks lie between two words of the colleagues that they are here."""

DAYS = ("monday",)
DAYS_SPEED = 60
"""How fast a day goes unless something else is said."""
FASTEST = 3600
UNDO_SECONDS = 20
"""Of whoever sits here, however fast the clock runs."""


def _day(_context: click.Context, _option: click.Parameter, word: str | None) -> str | None:
    if word is None or word.lower() in DAYS:
        return word and word.lower()
    from inbox.nearest import nearest
    from inbox.text import one_line

    raise BadUsage(
        f'There is no day "{one_line(word, 40)}"{nearest(word, DAYS)}', f"Known: {', '.join(DAYS)}."
    )


@click.command("demo")
@click.option(
    "--keep", type=click.Path(file_okay=False, path_type=Path), help="Keep the shop in this new folder."
)
@click.option(
    "--day",
    callback=_day,
    metavar="DAY",
    help="A whole day: monday is a weekend's mail, and the day goes on at 60x.",
)
@click.option(
    "--speed",
    type=click.IntRange(1, FASTEST),
    metavar="N",
    help="Let the clock run N times as fast as the one on the wall.",
)
@click.pass_obj
def command(desk: Desk, keep: Path | None, day: str | None, speed: int | None) -> None:
    """Open the screen on a made-up shop; nothing leaves the machine.

    The INSTANT of --now is when its clock begins; with --day or --speed it runs from there: so a week with holidays is
    rehearsed.
    """
    if keep is not None and keep.exists() and any(keep.iterdir()):
        raise BadUsage(f"{keep} is not empty.", "Name a new folder.")
    folder = keep or Path(tempfile.mkdtemp(prefix="frontdesk-demo-"))
    desk.workspace, desk.sandbox = folder, True
    try:
        post = _Sandbox(desk)
        post.going = _furnish(desk, day, speed, post.take)
        _ask_first(desk)
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


def _furnish(desk: Desk, day: str | None, speed: int | None, leaves: Leaves) -> Going:
    """Make the shop, and set its clock going where one was asked for."""
    from inbox.demo.clock import RunningClock
    from inbox.demo.orders import write_program
    from inbox.demo.shop import ALWAYS, settings_text

    fast = speed or (DAYS_SPEED if day else 1)
    begin = desk.now()
    hours = ALWAYS
    if day:
        from inbox.demo.monday import HOURS, MORNING

        begin = MORNING if desk.pinned is None else desk.pinned
        hours = HOURS
    desk.pinned = begin if day or speed else desk.pinned
    you = desk.as_name or unix_user()
    desk.workspace.mkdir(parents=True, exist_ok=True)
    settings = settings_text(you, unix_user(), hours, UNDO_SECONDS * fast)
    settings += write_program(desk.workspace, sys.executable)
    (desk.workspace / "settings.toml").write_text(settings, "utf-8")
    going = _monday(desk, you, begin, leaves) if day else _standing(desk, you, begin, leaves)
    going.say_here()
    if day or speed:
        desk.clock, desk.speed = RunningClock(begin, fast, time.monotonic), fast
    return going


def _ask_first(desk: Desk) -> None:
    """Have the shop's orders asked about whom the screen will begin with."""
    from inbox.model import Role
    from inbox.views import VIEWS

    store, who, now = desk.store(), desk.who(), desk.now()
    first = store.ids(VIEWS["due"].seen_by(Role.OWNER), who, now, 1) or store.ids(None, who, now, 1)
    for row in store.rows(first[:1]):
        here = row.conversation
        if here.customer is not None:
            panels = [panel.name for panel in desk.settings().panels]
            store.panels.ask(panels, here.customer, here.id)


def _standing(desk: Desk, you: str, now: Instant, leaves: Leaves) -> Going:
    from inbox.demo.shop import Shop
    from inbox.demo.standing import Standing
    from inbox.demo.stories import INVOICE

    shop = Shop(desk.store(), you, now)
    shop.live()
    return Standing(desk.store(), desk.open_store(desk.workspace), shop.where(INVOICE), leaves)


def _monday(desk: Desk, you: str, now: Instant, leaves: Leaves) -> Going:
    from inbox.demo.day import Day
    from inbox.demo.monday import COLLEAGUES, Weekend

    Weekend(desk.store(), you, now).live()
    desks = {name: desk.open_store(desk.workspace) for name in COLLEAGUES}
    return Day(desk.store(), desks, desk.settings().hours, now, leaves)


class _Sandbox(threading.Thread):
    """Lets the shop go on, puts what leaves it into files, and answers what is asked of its orders: the worker of a shop
    that has none."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(name="sandbox", daemon=True)
        self._desk = desk
        self._folder = desk.workspace / "sandbox"
        self._stopped = threading.Event()
        self._panels: Panels | None = None
        self.going: Going | None = None
        self.taken = 0

    def run(self) -> None:
        """Look once a second until stopped."""
        from inbox.panel_running import Panels

        self._panels = Panels(self._desk.store(), self._desk.settings(), self._desk.now, os.environ)
        self._panels.start()
        looks = 0
        while self.going is not None and not self._stopped.wait(LOOK_SECONDS):
            looks += 1
            with suppress(OSError, WorldError):  # the folder is going away with the demo
                self.going.go_on(self._desk.now())
                if looks % SAY_HERE == 0:
                    self.going.say_here()

    def stop(self) -> None:
        """End it."""
        self._stopped.set()
        self.join(timeout=5)
        if self._panels is not None:
            self._panels.end()

    def take(self, message_id: str, raw: bytes) -> None:
        """Put a mail that leaves into a file of its own."""
        self._folder.mkdir(exist_ok=True)
        (self._folder / f"{message_id.strip('<>').partition('@')[0]}.eml").write_bytes(raw)
        self.taken += 1


def _farewell(taken: int, keep: Path | None) -> str:
    said = {0: "Nothing was sent.", 1: "One answer went to the sandbox."}.get(
        taken, f"{taken} answers went to the sandbox."
    )
    where = f" The shop is kept in {keep}: frontdesk --workspace {keep} opens it again." if keep else ""
    return f"{said} Nothing left this machine.{where}"

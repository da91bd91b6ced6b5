"""`frontdesk sync --watch`: the worker that stays, what it says meanwhile, and when it begins anew or ends."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from inbox.errors import BadSettings, WorldError
from tui.line.desk import Desk
from tui.line.progress import Progress, interruptible
from tui.line.service import Service
from tui.worker_start import START_FD

if TYPE_CHECKING:
    from inbox.channels.logins import Secrets
    from inbox.journal import Journal
    from inbox.ports import MailboxState


def stay(desk: Desk, leave: bool) -> None:
    """Be the worker until a signal ends it; with `leave` also when no screen is open and nothing waits to be sent.

    With other settings it begins anew. A service manager that started it hears how it goes. Raises WorldError where
    another process is the worker; with `leave` that is no trouble: the screen that started this one wanted a worker, and
    there is one.
    """
    service = Service(os.environ)
    with interruptible(signal.SIGINT, signal.SIGTERM, signal.SIGHUP) as interrupted:

        def told() -> bool:
            if interrupted():
                service.ending()  # at once: what has left is waited for, and that may take minutes
            return interrupted()

        while not told():
            lease = desk.store().lease()
            if not lease.take():
                _let_go()
                if leave:
                    return
                raise taken(desk.store().worker())
            _let_go()
            try:
                changed = _Settings(desk)
                service.ready()
                _watch(desk, told, changed, leave, service)
            finally:
                lease.release()
            if not changed.changed:
                return
            desk.renew()


def taken(process: int | None) -> WorldError:
    """Somebody else is the worker."""
    return WorldError(
        f"Another process (number {process}) fetches and sends for this workspace already.",
        "Let it do the work, or end it first.",
    )


def secrets_of(desk: Desk) -> Secrets:
    """The secrets of the mailboxes, for one process that logs in."""
    from inbox.channels.logins import Secrets

    return Secrets(os.environ, desk.workspace / "secrets")


def _watch(
    desk: Desk, told: Callable[[], bool], changed: Callable[[], bool], leave: bool, service: Service
) -> None:
    from inbox.alert_ways import Telling
    from inbox.feeding import Feeding
    from inbox.panel_running import Panels
    from inbox.rules.calling import Calling
    from inbox.watching import Watch
    from inbox.worker import Worker

    store, said = desk.store(), _Said(desk, service.does)
    if held := store.check_epoch(os.environ):
        held_now = "1 answer is" if held == 1 else f"{held} answers are"
        said(f"{held_now} held: this workspace was restored or copied; see frontdesk outbox")
    settings, secrets = desk.settings(), secrets_of(desk)
    worker = Worker(store, settings, desk.us(), secrets, desk.now)
    telling = Telling(store, settings, secrets, desk.now, said, command_owner(desk, said), os.environ)
    calling = Calling(store, settings, desk.now, said, rules_owner(desk, said), os.environ)
    watch = Watch(
        worker,
        told=told,
        changed=changed,
        alone=(lambda: not store.others()) if leave else None,
        noted=said,
        telling=telling,
        calling=calling,
        feeding=Feeding(store, settings, desk.now, said) if settings.feeds else None,
        alive=service.alive,
    )
    names = ", ".join([*(each.name for each in settings.mailboxes), *(each.name for each in settings.feeds)])
    said(f"watching {names}; Ctrl-C ends it")
    panels = Panels(store, settings, desk.now, os.environ, panels_refused(desk, said), said)
    panels.start()
    try:
        watch.run()
    finally:
        panels.end()
    said.end()


def command_owner(desk: Desk, said: Callable[[str], None]) -> str | None:
    """Who runs this worker, where the command of [alerts] may be run (`_owner`)."""
    if not desk.settings().alerts.command:
        return None
    command = desk.settings().alerts.command
    return _owner(
        desk,
        said,
        "the command of [alerts] is not run",
        lambda said: tuple(said["alerts"]["command"]) == command,
    )


def rules_owner(desk: Desk, said: Callable[[str], None]) -> str | None:
    """Who runs this worker, where rules may call webhooks and run commands (`_owner`)."""
    rows = desk.settings().rule_rows
    if not any(action.get(do) is not None for row in rows for action in row["then"] for do in _IN_THE_WORLD):
        return None
    return _owner(
        desk, said, "webhooks and commands of rules are not run", lambda said: said["rule"] == list(rows)
    )


_IN_THE_WORLD = ("webhook", "command")


def panels_refused(desk: Desk, said: Callable[[str], None]) -> str:
    """Why this worker runs no program of [panel.NAME] (`_owner`); "" where it may, or there is none."""
    from inbox.settings import panels_of

    panels = desk.settings().panels
    if not panels:
        return ""
    why: list[str] = []
    _owner(desk, why.append, "not run", lambda said: panels_of(said["panel"]) == panels)
    for words in why:
        said(f"the programs of [panel.NAME] are {words}")
    return "; ".join(why)


def _owner(
    desk: Desk, said: Callable[[str], None], so: str, is_written: Callable[[dict[str, Any]], bool]
) -> str | None:
    """Who runs this worker, if that is an owner by the Unix user, whatever --as says, in whose settings nobody else could
    write a command. None, and why, else."""
    from inbox.model import Role
    from tui.line.desk import unix_user

    settings, path = desk.settings(), desk.workspace / "settings.toml"
    try:
        who = settings.who_for(unix_user())
        file = path.stat()
    except (BadSettings, OSError):
        who = None
    if who is None or who.role is not Role.OWNER:
        said(f"{so}: whoever runs this worker is no owner of the team")
        return None
    if file.st_uid not in (os.geteuid(), 0) or file.st_mode & 0o022:
        said(f"{so}: others may write {path}; chmod go-w and owning it would change that")
        return None
    from inbox.settings_checks import check

    # the checked values are kept in a file that colleagues may write; the command itself is not believed from there
    if not is_written(check(path.read_bytes(), path)):
        said(f"{so}: settings.cache says another one; remove it")
        return None
    return who.name


class _Settings:
    """Whether the settings are others by now, and can be used; mistakes in them are said once, and change nothing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._mark = self._look()
        self.changed = False

    def __call__(self) -> bool:
        """Asked every few seconds."""
        from inbox.settings import load

        mark = self._look()
        if mark != self._mark:
            self._mark = mark
            folder = self._desk.workspace
            try:
                load(folder / "settings.toml", folder / "settings.cache", now=self._desk.now())
            except BadSettings as error:
                _Said(self._desk)(f"the settings were changed and cannot be used: {error.what}")
            else:
                self.changed = True
        return self.changed

    def _look(self) -> str:
        from inbox.settings_mark import settings_mark

        return settings_mark(self._desk.workspace / "settings.toml")


class _Said:
    """What the worker says: to its terminal, or to whoever keeps what services say; and to the workspace's log."""

    def __init__(self, desk: Desk, to_service: Callable[[str], None] = lambda _: None) -> None:
        from inbox.journal import Journal

        self._desk = desk
        self._to_service = to_service
        self._journal: Journal = Journal(desk.workspace / "frontdesk.log", desk.now)
        self._states: dict[str, str] = {}
        self._questions: dict[str, tuple[str, ...]] = {}
        self._progress = Progress()

    def __call__(self, noted: MailboxState | Exception | str) -> None:
        """One thing to be known; of a mistake of ours, where it was made."""
        if isinstance(noted, Exception):
            with suppress(OSError):
                self._journal.failure("worker", noted.__cause__ or noted)
            self._say(str(noted))
            return
        if isinstance(noted, str):
            self._say(noted)
            return
        for question in noted.questions:
            if question not in self._questions.get(noted.mailbox, ()):
                self._say(question)
        self._questions[noted.mailbox] = noted.questions
        if noted.of:
            self._progress.of(f"{noted.mailbox}, {noted.folder}", noted.done, noted.of)
        if noted.state != self._states.get(noted.mailbox):
            quietly = noted.state in ("connecting", "fetching")
            self._states[noted.mailbox] = self._states.get(noted.mailbox, "") if quietly else noted.state
            if not quietly:
                well = (
                    "up to date, listening" if noted.state == "watching" else "up to date, asked every minute"
                )
                self._say(f"{noted.mailbox}: {noted.trouble or well}")

    def end(self) -> None:
        """It is over."""
        self._progress.end()

    def _say(self, words: str) -> None:
        from inbox.text import one_line

        with suppress(OSError):
            self._journal.write("worker", said=one_line(words, 300))
        self._to_service(words)
        self._progress.end()
        with suppress(OSError):
            click.echo(one_line(words, 300))
            sys.stdout.flush()


def _let_go() -> None:
    """Whoever started this process waits no longer for it to become the worker."""
    number = os.environ.pop(START_FD, "")
    if number.isdecimal():
        with suppress(OSError):
            os.close(int(number))

"""`frontdesk doctor`: workspace, rights, settings, servers, clock and terminal, each checked and said."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from inbox.errors import FrontdeskError
from tui.line.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

    from inbox.channels.passwords import Secret
    from inbox.settings import Mailbox

FAILS = 1
"""The exit status when a check fails."""

LEAST_SPACE = 256 * 2**20
"""Bytes that should be free: mail, the index and a backup need room."""

WAIT = 20.0
"""Seconds to wait for a server."""

CLOCK_AHEAD = 120
"""Seconds by which something may have been written in the future: clocks of hosts that share a disk differ a little."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: of what, whether it is in order (None: it cannot be told), and what to do where it is not."""

    check: str
    subject: str
    ok: bool | None
    detail: str = ""
    next: str = ""


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a check.")
@click.pass_obj
def command(desk: Desk, as_json: bool) -> None:
    """Check rights, disk, store, settings, passwords, servers, worker, clock and terminal.

    Logs into each mailbox, and sends nothing. Exit status 1 when a check fails.
    """
    failed = False
    for found in findings(desk):
        failed = failed or found.ok is False
        _print(found, as_json)
    if failed:
        raise click.exceptions.Exit(FAILS)


def findings(desk: Desk) -> Iterator[Finding]:
    """Every check one after the other, as it is made."""
    yield _rights(desk.workspace)
    yield _space(desk.workspace)
    yield _tried("store", str(desk.workspace), lambda: _store(desk))
    settings = _tried("settings", str(desk.workspace / "settings.toml"), lambda: _settings(desk))
    yield settings
    if settings.ok:
        for mailbox in desk.settings().mailboxes:
            yield from _mailbox(mailbox)
    yield _worker(desk)
    yield _clock(desk.workspace)
    yield _terminal()


def _print(found: Finding, as_json: bool) -> None:
    from inbox.journal import masked
    from inbox.jsonform import as_line
    from inbox.text import one_line, sanitise

    detail, next_step = (masked(sanitise(text)) for text in (found.detail, found.next))
    if as_json:
        shown = {
            "check": found.check,
            "subject": found.subject,
            "ok": found.ok,
            "detail": detail,
            "next": next_step,
        }
        click.echo(as_line(shown))
        return
    sign = {True: "ok", False: "FAILS", None: "?"}[found.ok]
    click.echo(
        f"{sign:<6}{found.check:<10}{one_line(found.subject)}{f': {one_line(detail, 500)}' if detail else ''}"
    )
    for line in next_step.splitlines():
        click.echo(f"{'':<6}{line}")


def _tried(check: str, subject: str, look: Callable[[], str]) -> Finding:
    """A check that fails with the error it meets."""
    try:
        return Finding(check, subject, True, look())
    except FrontdeskError as error:
        return Finding(check, subject, False, error.what, error.next_step)


# --------------------------------------------------------------------------- this machine


def _rights(workspace: Path) -> Finding:
    subject = str(workspace)
    if not workspace.exists():
        above = next(folder for folder in workspace.parents if folder.exists())
        if os.access(above, os.W_OK | os.X_OK):
            return Finding("rights", subject, True, "the workspace will be made on first use")
        return Finding(
            "rights", subject, False, f"{above} cannot be written.", "Name another with --workspace."
        )
    if not os.access(workspace, os.R_OK | os.W_OK | os.X_OK):
        return Finding(
            "rights",
            subject,
            False,
            "It cannot be written by you.",
            f"Ask its owner for: chmod g+rwx {subject}",
        )
    locked = [file.name for file in workspace.iterdir() if file.is_file() and not os.access(file, os.R_OK)]
    private = {"frontdesk.log", "frontdesk.log.1"}
    if missing := sorted(set(locked) - private):
        return Finding(
            "rights",
            subject,
            False,
            f"Not readable by you: {', '.join(missing[:5])}.",
            "Ask their owner for: chmod g+rw",
        )
    if workspace.stat().st_mode & stat.S_IRWXO:
        return Finding(
            "rights", subject, False, "Everybody on this host can read it.", f"chmod o-rwx {subject}"
        )
    return Finding("rights", subject, True)


def _space(workspace: Path) -> Finding:
    there = next(folder for folder in (workspace, *workspace.parents) if folder.exists())
    try:
        room = os.statvfs(there)
    except OSError as error:
        return Finding("disk", str(there), None, error.strerror or "")
    free = room.f_bavail * room.f_frsize
    detail = f"{free / 1e9:.1f} GB free"
    if free < LEAST_SPACE:
        return Finding(
            "disk", str(there), False, detail, "Free some space: a full disk stops new mail from coming in."
        )
    return Finding("disk", str(there), True, detail)


def _store(desk: Desk) -> str:
    """Open it, if there is one; that refuses what is damaged or newer."""
    if not desk.workspace.exists():
        return "none yet"
    store = desk.open_store(desk.workspace)
    try:
        held = [line for line in store.outbox() if line.state in ("held", "unknown", "failed")]
        return f"{len(held)} answers need a person: frontdesk outbox" if held else "opens"
    finally:
        store.close()


def _settings(desk: Desk) -> str:
    settings = desk.settings()
    if not (desk.workspace / "settings.toml").exists():
        return "none written: the defaults hold"
    return (
        f"{len(settings.mailboxes)} mailboxes, {len(settings.team)} teammates, times in {settings.zone_name}"
    )


def _worker(desk: Desk) -> Finding:
    subject = str(desk.workspace)
    if not desk.workspace.exists():
        return Finding("worker", subject, None, "there is no workspace yet")
    try:
        number = desk.store().worker()
        waits = [line for line in desk.store().outbox() if line.state in ("queued", "refused-for-now")]
        overdue = any(line.leave_at <= desk.now() for line in waits)
    except FrontdeskError as error:
        return Finding("worker", subject, None, error.what)
    if number is not None:
        return Finding("worker", subject, True, f"process {number}")
    if overdue:
        return Finding(
            "worker", subject, False, "Answers wait and nobody sends them.", "Start frontdesk sync."
        )
    return Finding("worker", subject, None, "none runs now, and nothing waits to be sent")


def _clock(workspace: Path) -> Finding:
    """Whether the clock goes back behind what was written in the workspace: deadlines would be told wrongly."""
    now = time.time()
    try:
        newest = max((file.stat().st_mtime for file in workspace.iterdir() if file.is_file()), default=0.0)
    except OSError:
        newest = 0.0
    shown = time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime(now))
    if newest > now + CLOCK_AHEAD:
        behind = f"{shown}: files of the workspace are {int(newest - now)} s ahead of it."
        return Finding("clock", "this host", False, behind, "Set the clock, and let NTP keep it.")
    return Finding("clock", "this host", True, shown)


def _terminal() -> Finding:
    name = os.environ.get("TERM", "")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return Finding("terminal", name, None, "no terminal here")
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if name in ("", "dumb"):
        return Finding(
            "terminal", name, False, "It cannot place the cursor.", "Set TERM to what your terminal is."
        )
    if encoding != "utf8":
        return Finding(
            "terminal", name, False, f"It speaks {encoding}.", "Choose a UTF-8 locale, such as C.UTF-8."
        )
    size = os.get_terminal_size()
    return Finding("terminal", name, True, f"{size.columns} x {size.lines}, UTF-8")


# --------------------------------------------------------------------------- servers


def _mailbox(mailbox: Mailbox) -> Iterator[Finding]:
    """Its password, and a login on either server; one that is refused is not tried on the other."""
    from inbox.channels.passwords import password
    from inbox.channels.trouble import BadPassword

    imap, smtp = f"{mailbox.imap_host}:{mailbox.imap_port}", f"{mailbox.smtp_host}:{mailbox.smtp_port}"
    try:
        secret = password(mailbox, os.environ)
    except FrontdeskError as error:
        yield Finding("password", mailbox.name, False, error.what, error.next_step)
        yield Finding("imap", f"{mailbox.name}, {imap}", None, "there is no password to log in with")
        yield Finding("smtp", f"{mailbox.name}, {smtp}", None, "there is no password to log in with")
        return
    yield Finding("password", mailbox.name, True, "can be read")
    refused = False
    for check, place, log_in in (("imap", imap, _imap), ("smtp", smtp, _smtp)):
        subject = f"{mailbox.name}, {place}"
        if refused:
            yield Finding(check, subject, None, "not tried with a password that was refused")
            continue
        try:
            yield Finding(check, subject, True, log_in(mailbox, secret))
        except FrontdeskError as error:
            refused = isinstance(error, BadPassword)
            yield Finding(check, subject, False, error.what, error.next_step)


def _imap(mailbox: Mailbox, secret: Secret) -> str:
    from inbox.channels.imap import connect

    with connect(mailbox, secret, WAIT) as connection:
        folders = connection.folders()
    used = [f"{folder.name}" for folder in folders if folder.use in ("inbox", "sent", "junk")]
    return f"logged in; {', '.join(used) or 'no folder that we know the use of'}"


def _smtp(mailbox: Mailbox, secret: Secret) -> str:
    from inbox.channels.smtp_line import drop, open_line

    async def log_in() -> None:
        drop(await open_line(mailbox, secret, WAIT, WAIT))

    asyncio.run(log_in())
    return "logged in; nothing was sent"

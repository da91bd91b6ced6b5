"""`frontdesk doctor`: this machine, the store, the servers and the domain, each checked and said with the next step."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

import click

from tui.checkup.finding import Finding, counted, guarded
from tui.line.desk import Desk

if TYPE_CHECKING:
    from concurrent.futures import Future

    from inbox.ports import Workspace
    from inbox.settings import Mailbox, Settings

    Asked = tuple[str, str, Future[list[Finding]]]

FAILS = 1
"""The exit status when a check fails."""

LIMIT = 60.0
"""Seconds for everything that is asked of servers and of DNS, side by side."""

SIGN_CELLS, CHECK_CELLS = 6, 12
"""Columns of a line for people: how it is, what was checked."""


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a check.")
@click.option("--offline", is_flag=True, help="Leave passwords, servers and DNS out: for cron.")
@click.option(
    "--terminal", "at_terminal", is_flag=True, help="Only ask this terminal, and you, what passes here."
)
@click.pass_obj
def command(desk: Desk, as_json: bool, offline: bool, at_terminal: bool) -> None:
    """Check rights, disk, clocks, locks, worker, mailboxes, passwords, servers, certificates and the domain's DNS.

    Logs into each mailbox, and sends nothing. Exit status 1 when a check fails.
    """
    failed = False
    for found in _terminal(desk) if at_terminal else findings(desk, offline):
        failed = failed or found.ok is False
        _print(found, as_json)
    if failed:
        raise click.exceptions.Exit(FAILS)


def findings(desk: Desk, offline: bool = False) -> Iterator[Finding]:
    """Every check, always in the same order, as it is made."""
    from tui.checkup import machine
    from tui.checkup.approvals import approvals
    from tui.checkup.feeds import feeds
    from tui.checkup.panels import panels
    from tui.checkup.rights import restricted, rights, secrets
    from tui.checkup.store import contents
    from tui.checkup.team import backups, team

    workspace = desk.workspace
    yield from guarded("rights", str(workspace), lambda: rights(workspace))
    yield from guarded("disk", str(workspace), lambda: machine.disk(workspace))
    yield from guarded("clock", "this host", lambda: machine.clock(workspace))
    settings = list(guarded("settings", str(workspace / "settings.toml"), lambda: _settings(desk)))
    readable = all(each.ok for each in settings)
    mailboxes = desk.settings().mailboxes if readable else ()
    with ExitStack() as stack:
        opened: list[Workspace] = []
        yield from guarded("store", str(workspace), lambda: _store(desk, opened.append))
        for store in opened:
            stack.callback(store.close)
            yield from contents(store, workspace, mailboxes, desk.now())
            yield from guarded("backup", "workspace", partial(backups, store, desk.now()))
            if readable:
                look = partial(approvals, store, desk.settings(), desk.now())
                yield from guarded("approvals", "letters", look)
        yield from settings
        if readable and desk.settings().team:
            yield from guarded("team", "all", lambda: team(desk.settings(), workspace))
        if readable and desk.settings().panels:
            yield from guarded("panel", "all", lambda: panels(desk.settings().panels, os.environ))
        if readable and desk.settings().feeds:
            yield from guarded("feed", "all", lambda: feeds(desk.settings(), opened, desk.now()))
        if readable:
            yield from guarded("channel", "all", lambda: _channels(desk.settings()))
        for mailbox in mailboxes:
            yield from guarded("secrets", mailbox.name, partial(secrets, mailbox))
            yield from guarded("rights", mailbox.name, partial(restricted, workspace, mailbox))
        if not offline:
            yield from _outside(desk, mailboxes, opened)
    yield from guarded("terminal", "none", machine.terminal)


def _channels(settings: Settings) -> Iterator[Finding]:
    """What keeps a channel from receiving."""
    from inbox.channel import CHANNELS

    for channel in CHANNELS:
        for what, next_step in channel.status(settings):
            yield Finding("channel", type(channel).__name__.lower(), False, what, next_step)


def _terminal(desk: Desk) -> Iterator[Finding]:
    """What this terminal lets pass; remembered where there is a workspace."""
    from tui.checkup import machine, questions, terminal
    from tui.checkup.store import is_there
    from tui.terminal_kind import terminal_key

    who = desk.who().name
    own = list(guarded("terminal", "none", machine.terminal))
    yield from own
    if own[0].ok is None:  # there is none
        return
    passed: set[str] = set()
    with questions.opened(sys.stdin.fileno()) as line:
        if line is None:
            yield Finding("terminal", "none", None, "It cannot be opened, so nothing was asked.")
            return
        yield from terminal.examine(line, os.environ, passed)
    key = terminal_key(os.environ)
    if not is_there(desk.workspace):
        yield Finding("terminal", "remembered", None, "no workspace here yet: nothing is remembered")
        return
    desk.store().documents.remember_terminal(who, key, passed)
    names = ", ".join(sorted(passed)) or "nothing"
    yield Finding("terminal", "remembered", True, f"for {who} at {key}: {names}")


def _settings(desk: Desk) -> Iterator[Finding]:
    path = desk.workspace / "settings.toml"
    settings = desk.settings()
    detail = "none written: the defaults hold"
    if path.exists():
        mailboxes = counted(len(settings.mailboxes), "mailbox", "mailboxes")
        detail = f"{mailboxes}, {counted(len(settings.team), 'teammate')}, times in {settings.zone_name}"
    yield Finding("settings", str(path), True, detail)


def _store(desk: Desk, opened: Callable[[Workspace], None]) -> Iterator[Finding]:
    """Open it, if there is one; that refuses what is damaged or newer."""
    from tui.checkup.store import is_there

    if not is_there(desk.workspace):
        yield Finding("store", str(desk.workspace), True, "none yet")
        return
    opened(desk.open_store(desk.workspace))
    yield Finding("store", str(desk.workspace), True, "opens")


# --------------------------------------------------------------------------- the world


def _outside(desk: Desk, mailboxes: Sequence[Mailbox], opened: Sequence[Workspace]) -> Iterator[Finding]:
    """What is asked of servers and DNS, all side by side; said mailbox by mailbox, then domain by domain.

    Passwords are read one after the other: a command may want a person to touch a key.
    """
    from inbox.channels.logins import Secrets
    from tui.checkup import domain, servers

    hosts = domain.domains(mailboxes)
    seen = {name: set[str]() for name in hosts}
    skews: dict[str, int | None] = {}

    def learn(store: Workspace) -> Iterator[Finding]:
        skews.update({state.mailbox: state.skew for state in store.mailboxes()})
        seen.update(domain.selectors_seen(store, desk.now(), hosts))
        yield from ()

    for store in opened:
        yield from guarded("store", "mail from us", partial(learn, store))
    names = [_ask("dns", name, partial(domain.domain, name, hosts[name], seen[name])) for name in hosts]
    proofs = [_ask("certificate", box.name, partial(servers.certificates, box)) for box in mailboxes]
    secrets = Secrets(os.environ, desk.workspace / "secrets")
    passwords = [servers.password(box, secrets) for box in mailboxes]
    logins = [
        _ask("imap", box.name, partial(servers.logins, box, secrets if had.ok else None, skews.get(box.name)))
        for box, had in zip(mailboxes, passwords, strict=True)
    ]
    until = time.monotonic() + LIMIT
    for found, login, proof in zip(passwords, logins, proofs, strict=True):
        yield found
        yield from _answered(login, until)
        yield from _answered(proof, until)
    for name in names:
        yield from _answered(name, until)


def _ask(check: str, subject: str, look: Callable[[], Iterable[Finding]]) -> Asked:
    """Begin a check in a thread of its own; one that hangs does not keep the process from ending."""
    from concurrent.futures import Future

    found: Future[list[Finding]] = Future()
    threading.Thread(
        target=lambda: found.set_result(list(guarded(check, subject, look))), name=check, daemon=True
    ).start()
    return check, subject, found


def _answered(asked: Asked, until: float) -> list[Finding]:
    check, subject, found = asked
    try:
        return found.result(max(0.0, until - time.monotonic()))
    except TimeoutError:
        said = f"Not answered within {LIMIT:.0f} s."
        return [Finding(check, subject, False, said, "Check the network, and try again.")]


# --------------------------------------------------------------------------- saying it


def _print(found: Finding, as_json: bool) -> None:
    from inbox.journal import masked
    from inbox.jsonform import as_line
    from inbox.text import one_line, sanitise

    detail, next_step = (masked(sanitise(text)) for text in (found.detail, found.next))
    if as_json:
        click.echo(as_line({**found._asdict(), "detail": detail, "next": next_step}))
        return
    sign = {True: "ok", False: "FAILS", None: "look" if next_step else "-"}[found.ok]
    said = one_line(found.subject) + (f": {one_line(detail, 500)}" if detail else "")
    _say(sign, found.check, said)
    for number, line in enumerate(next_step.splitlines()):
        _say("", "" if number else "next", one_line(line, 500))


def _say(sign: str, what: str, text: str) -> None:
    head = f"{sign:<{SIGN_CELLS}}{what:<{CHECK_CELLS}}"
    for line in _lines(text):
        click.echo(head + line)
        head = " " * (SIGN_CELLS + CHECK_CELLS)


def _lines(text: str) -> list[str]:
    """For a person, in as many lines as the terminal needs; in a pipe always one."""
    if not sys.stdout.isatty():
        return [text]
    width = max(20, shutil.get_terminal_size().columns - SIGN_CELLS - CHECK_CELLS)
    # a path or a fingerprint stays whole, to be copied
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)

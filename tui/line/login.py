"""`frontdesk login MAILBOX`: log a mailbox in at Microsoft, with a code typed into any browser."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from inbox.errors import BadUsage, FrontdeskError
from tui.line.acting import complain
from tui.line.desk import Desk
from tui.line.progress import INTERRUPTED, Progress, interruptible

if TYPE_CHECKING:
    from inbox.channels.microsoft import CodeLogin
    from inbox.settings import Mailbox

pause = time.sleep


@click.command("login")
@click.argument("mailbox", metavar="MAILBOX")
@click.pass_obj
def command(desk: Desk, mailbox: str) -> None:
    """Log a mailbox in at Microsoft: shows a page and a code, and waits until you have typed it there.

    Only for mailboxes with oauth = "microsoft". The login is kept in the workspace, readable by you alone, so be the
    user who syncs. Ctrl+C ends the waiting; nothing is kept then.
    """
    from inbox.channels.microsoft import Account
    from inbox.text import one_line

    desk.may("login")
    found = _named(desk, mailbox)
    login = Account(found, desk.workspace / "secrets").begin()
    click.echo(f"Open {one_line(login.page)} in any browser, and type this code there:")
    click.echo(f"  {one_line(login.code, 40)}")
    click.echo(f"Log in as the owner of {one_line(found.user)}.")
    progress = Progress()
    try:
        with interruptible() as interrupted:
            who = wait_for(login, interrupted, progress.say)
    finally:
        progress.end()
    if who is None:
        complain(
            f"Interrupted: mailbox {found.name} is not logged in.",
            f"Begin anew: frontdesk login {found.name}",
        )
        raise click.exceptions.Exit(INTERRUPTED)
    click.echo(f"Mailbox {found.name} is logged in{f' as {one_line(who)}' if who else ''}.")
    _wake_worker(desk, found)


def _wake_worker(desk: Desk, mailbox: Mailbox) -> None:
    """A worker that waits for this login is to look at once; without a store there is none."""
    from contextlib import suppress

    with suppress(FrontdeskError):
        desk.store().jobs.add("sync", mailbox.name, desk.now())


def _named(desk: Desk, name: str) -> Mailbox:
    mailboxes = desk.settings().mailboxes
    found = next((each for each in mailboxes if each.name == name), None)
    if found is None:
        from inbox.nearest import nearest

        names = [each.name for each in mailboxes]
        raise BadUsage(
            f'There is no mailbox "{name}" in the settings{nearest(name, names)}',
            f"There are: {', '.join(names) or 'none'}.",
        )
    if found.oauth is None:
        raise BadUsage(
            f"Mailbox {name} needs no login here: the settings say where its password is.",
            'Only mailboxes with oauth = "microsoft" are logged in by a person.',
        )
    return found


def wait_for(login: CodeLogin, interrupted: Callable[[], bool], say: Callable[[str], None]) -> str | None:
    """Wait until somebody has logged in, telling how long there is left: whose login it is, "" when Microsoft does
    not say; None when interrupted.

    Raises what `CodeLogin.attempt` raises; a line that breaks meanwhile is tried again until the time is over.
    """
    from inbox.channels.trouble import NetworkTrouble
    from inbox.errors import NotDone

    until_asked = login.pause
    for left in range(login.seconds, 0, -1):
        if interrupted():
            return None
        say(f"Waiting for you: {left // 60}:{left % 60:02} left. Ctrl+C ends it.")
        pause(1)
        until_asked -= 1
        if until_asked > 0:
            continue
        try:
            who = login.attempt()
        except NetworkTrouble as error:
            say(error.what)
            who = None
        if who is not None:
            return who
        until_asked = login.pause
    raise NotDone("The code has run out; nobody typed it in time.", "Begin the login anew.")

"""`frontdesk init`: first contact. Asks for a mailbox, finds its servers, tries both logins, writes the settings."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inbox.errors import BadSettings, FrontdeskError, WorldError
from tui.line.desk import Desk, unix_user
from tui.line.init_hours import ask_for_hours
from tui.line.init_login import complain, log_in, tell
from tui.line.init_secret import ask_for_secret, given_source
from tui.line.init_servers import address_and_servers
from tui.line.questions import Questions, say, say_raw

if TYPE_CHECKING:
    from inbox.channels.autoconfig import Web
    from inbox.channels.finding import Look
    from inbox.settings import Mailbox, Settings


@click.command("init")
@click.option("--address", metavar="ADDRESS", help="The mail address customers write to.")
@click.option("--name", metavar="NAME", help="What lists and searches call the mailbox.")
@click.option("--user", metavar="USER", help="The name to log in with; else the address.")
@click.option(
    "--imap", metavar="HOST[:PORT]", help="The server to fetch from; HOST:PORT/starttls where it is not TLS."
)
@click.option("--smtp", metavar="HOST[:PORT]", help="The server to send with, written likewise.")
@click.option("--ca-file", metavar="FILE", help="Certificates to trust instead of the system's.")
@click.option("--password-command", metavar="COMMAND", help="A command that prints the password.")
@click.option("--password-env", metavar="VARIABLE", help="The environment variable that holds it.")
@click.option("--password-file", metavar="FILE", help="A file of yours that holds it.")
@click.option("--token-command", metavar="COMMAND", help="A command that prints an access token (OAuth2).")
@click.option("--zone", metavar="ZONE", help="The time zone of the opening hours; else the host's.")
@click.option("--country", metavar="CC", help="Two letters, for public holidays; - for none.")
@click.option("--yes", "-y", is_flag=True, help="Ask nothing; take every default.")
@click.option("--untried", is_flag=True, help="Write the settings without trying the logins.")
@click.option("--check", is_flag=True, help="Only try the logins of the settings again.")
@click.pass_obj
def command(desk: Desk, /, check: bool, **given: Any) -> None:
    """Set up a mailbox: find its servers, try both logins, write the settings.

    Nothing is written before both logins work, unless you insist. A password is typed, or named by one of the options
    above; it is never an argument. An existing settings.toml is kept; the mailbox is added at its end.
    """
    if check:
        _check(desk)
        return
    _set_up(desk, Questions(take_defaults=given["yes"]), given)


def web() -> Web:
    """How pages are fetched while looking for servers."""
    from inbox.channels.autoconfig import Web

    return Web()


def _looks(address: str) -> Iterable[Look]:
    from inbox.channels.finding import looks

    return looks(address, web())


# --------------------------------------------------------------------------- the way through


def _set_up(desk: Desk, ask: Questions, given: dict[str, Any]) -> None:
    from inbox.channels.trying import both
    from tui.line.settings_file import add_mailbox, free_secret_path, hours_table, mailbox_table

    settings = desk.settings()  # what is wrong with them comes first
    desk.may("init")
    path = desk.workspace / "settings.toml"
    _welcome(path, settings)
    source = given_source(given)
    draft = address_and_servers(ask, given, settings, _looks)
    if source:
        draft.source = source
    else:
        ask_for_secret(ask, draft)
    hours = ask_for_hours(ask, given, path)
    by_login = "oauth" in draft.source
    if not (given["untried"] or by_login):
        log_in(ask, draft, both)
    file = free_secret_path(desk.workspace / "secrets", draft.name) if draft.typed else None
    mailbox = draft.mailbox(file)
    tables = (*((hours_table(*hours),) if hours else ()), mailbox_table(mailbox))
    secret = (file, draft.typed.reveal()) if file is not None and draft.typed is not None else None
    add_mailbox(path, tables, desk.now(), secret)
    _farewell(path, file, mailbox, first=not settings.mailboxes)


def _welcome(path: Path, settings: Settings) -> None:
    say("This sets up a mailbox: its servers, its password, a login on both.")
    if settings.mailboxes:
        names = ", ".join(mailbox.name for mailbox in settings.mailboxes)
        say(f"It is added to {path}, beside: {names}.")
    else:
        say(f"The settings go to {path}.")
    say("Nothing is written before the end; Ctrl+C leaves everything as it was.")


def _farewell(path: Path, file: Path | None, mailbox: Mailbox, first: bool) -> None:
    say()
    say(f"Written: {path}")
    if file is not None:
        say(f"The password lies in {file}; only you can read it.")
    if first:
        say(f"You are its owner, as {unix_user()}.")
    say()
    say("Next:")
    steps = {
        **({f"frontdesk login {mailbox.name}": "log in at Microsoft, once"} if mailbox.oauth else {}),
        "frontdesk sync": "fetch the mail",
        "frontdesk": "open the screen",
    }
    width = max(map(len, steps)) + 3
    for typed, meaning in steps.items():
        say_raw(f"  {typed:<{width}}{meaning}")


# --------------------------------------------------------------------------- once more


def _check(desk: Desk) -> None:
    """Try the logins of what is in the settings; exit 4 when one fails."""
    from inbox.channels.logins import Secrets
    from inbox.channels.providers import by_domain
    from inbox.channels.trying import both

    settings = desk.settings()
    if not settings.mailboxes:
        raise BadSettings("There is no mailbox in the settings.", "frontdesk init sets one up.")
    secrets = Secrets(os.environ, desk.workspace / "secrets")
    failed = False
    for mailbox in settings.mailboxes:
        say_raw(f"{mailbox.name}, {mailbox.address}")
        provider = by_domain(mailbox.address.rpartition("@")[2])
        try:
            secret = secrets.of(mailbox)
        except FrontdeskError as error:
            failed = True
            complain("password", error.what, [error.next_step])
            continue
        failed = bool(tell(both(mailbox, secret), provider)) or failed
    if failed:
        raise click.exceptions.Exit(WorldError.status)

"""What `frontdesk init` asks first: the address, and the servers of its mail, found or typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inbox.errors import BadUsage
from tui.line.questions import Questions, as_setting, say, say_raw

if TYPE_CHECKING:
    from inbox.channels.finding import Found, Look
    from inbox.channels.passwords import Secret
    from inbox.channels.providers import Provider, Server
    from inbox.settings import Mailbox, Settings

SECURITY = {"tls": "TLS", "starttls": "STARTTLS", "none": "in clear, on this machine only"}
_SERVER = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^:/\s]+)(?::(\d{1,5}))?(?:/(tls|starttls|none))?")
_BY_PORT = {993: "tls", 465: "tls", 143: "starttls", 587: "starttls", 25: "starttls"}
_USUAL_PORT = {"imap": {"tls": 993}, "smtp": {"tls": 465, "starttls": 587, "none": 25}}


@dataclass(slots=True)
class Draft:
    """A mailbox on its way into the settings. Of the secret's sources one is set: `typed`, or one of `source`.

    only_token: whoever announced the servers says that they take no passwords.
    """

    name: str
    address: str
    imap: Server
    smtp: Server
    user: str
    provider: Provider | None = None
    only_token: bool = False
    ca_file: str | None = None
    source: dict[str, str] = field(default_factory=dict)
    typed: Secret | None = None

    def mailbox(self, password_file: Path | None = None) -> Mailbox:
        """As the settings will give it; a typed password lies in `password_file`."""
        from inbox.settings import Mailbox

        where: dict[str, Any] = dict(self.source)
        if password_file is not None:
            where["password_file"] = str(password_file)
        return Mailbox(
            self.name,
            self.address,
            self.user,
            *(self.imap.host, self.imap.port, self.imap.security),
            *(self.smtp.host, self.smtp.port, self.smtp.security),
            ca_file=self.ca_file,
            **where,
        )


def address_and_servers(
    ask: Questions,
    given: dict[str, Any],
    settings: Settings,
    looks: Callable[[str], Iterable[Look]],
) -> Draft:
    """A mailbox as the options and the person want it, without a secret yet. `looks`: where to look for servers.

    Raises BadUsage when something is missing that nobody can be asked for.
    """
    from inbox.settings_values import MailAddress, Name, Text

    def new_address(text: str) -> str:
        address = str(as_setting(MailAddress)(text))
        for mailbox in settings.mailboxes:
            if mailbox.address.casefold() == address.casefold():
                raise BadUsage(
                    f"{address} is set up already, as {mailbox.name}.",
                    "frontdesk init --check tries its logins.",
                )
        return address

    def new_name(text: str) -> str:
        name = str(as_setting(Name)(text))
        if name.casefold() in taken:
            raise BadUsage(f"There is a mailbox {name} already.", "Give another with --name.")
        return name

    if given["address"]:
        address = new_address(given["address"])
    else:
        address = ask.text("Mail address", "--address", new_address, about="The address customers write to.")
    taken = {mailbox.name.casefold() for mailbox in settings.mailboxes}
    name = new_name(given["name"] or _free_name(address, taken))
    user = as_setting(Text)(given["user"]) if given["user"] else None
    if given["imap"] and given["smtp"]:
        imap, smtp = server_given(given["imap"], "imap"), server_given(given["smtp"], "smtp")
        draft = Draft(name, address, imap, smtp, user or address, _provider_at(imap))
        draft.ca_file = _ca_file(given["ca_file"])
        return draft
    found = _find(address, looks(address))
    if found is not None and _agreed(ask, found, address):
        draft = Draft(
            name, address, found.imap, found.smtp, user or found.user, found.provider, found.only_token
        )
        _say_before(found)
    else:
        draft = type_servers(ask, Draft(name, address, *_suggested(found, address), user or address))
    if given["imap"]:
        draft.imap = server_given(given["imap"], "imap")
    if given["smtp"]:
        draft.smtp = server_given(given["smtp"], "smtp")
    draft.ca_file = _ca_file(given["ca_file"])
    return draft


def _free_name(address: str, taken: set[str]) -> str:
    """A short name for a mailbox: what stands before the @, then with the domain, then counted."""
    from inbox.settings_values import NOT_A_NAME

    local, _, domain = address.rpartition("@")
    first = re.sub(r"[^\w.-]+", "-", local)[:30] or "mail"
    names = [first, f"{first}-{re.sub(r'[^a-zA-Z0-9].*', '', domain)}"[:40]]
    names += [f"{first}-{number}" for number in range(2, len(taken) + 4)]
    return next(name for name in names if name.casefold() not in taken and name.casefold() not in NOT_A_NAME)


def _find(address: str, looks: Iterable[Look]) -> Found | None:
    """Look for the servers, showing where; None when nobody knows any."""
    from inbox.channels.trouble import NetworkTrouble

    say()
    say(f"Looking for the servers of {address.rpartition('@')[2]}:")
    for look in looks:
        click.echo(f"  {look.where:<44.44} ", nl=False)
        try:
            found = look.find()
        except NetworkTrouble as error:
            click.echo("no answer" if type(error) is NetworkTrouble else "not believed")
            if look.needed or type(error) is not NetworkTrouble:
                say(error.what, "    ")
            if look.needed:
                say("Without DNS nothing can be looked for.", "    ")
                return None
            continue
        click.echo("found" if found else "nothing")
        if found is not None:
            return found
    return None


def _agreed(ask: Questions, found: Found, address: str) -> bool:
    """Whether the person takes what was found. A password goes to strangers only when a person says so."""
    say()
    say(f"{found.provider.name}, known by {found.how}:" if found.provider else f"Found by {found.how}:")
    _show_servers(found.imap, found.smtp, found.user)
    if found.foreign:
        domain = address.rpartition("@")[2]
        say(
            f"Note: {' and '.join(found.foreign)} is not part of {domain}. Whoever runs it will get the password."
        )
        if ask.take_defaults and not found.by_https:
            raise BadUsage(
                f"Only DNS says that {' and '.join(found.foreign)} has the mail of {domain}, which anybody could fake.",
                "When it is right, name the servers with --imap and --smtp.",
            )
        return ask.take_defaults or ask.yes("Is that who runs your mail?", default=False)
    return ask.yes("Use these servers?")


def _show_servers(imap: Server, smtp: Server, user: str) -> None:
    places = {"fetch": imap, "send": smtp}
    width = max(len(str(server)) for server in places.values())
    for what, server in places.items():
        say_raw(f"  {what:<7}{server!s:<{width}}  {SECURITY[server.security]}")
    say_raw(f"  {'user':<7}{user}")


def _suggested(found: Found | None, address: str) -> tuple[Server, Server]:
    """What is offered where servers have to be typed."""
    from inbox.channels.providers import Server

    if found is not None and not found.foreign:
        return found.imap, found.smtp
    domain = address.rpartition("@")[2]
    return Server(f"imap.{domain}", 993), Server(f"smtp.{domain}", 465)


def type_servers(ask: Questions, draft: Draft) -> Draft:
    """Ask for both servers and the user name, with those of the draft as defaults."""
    from inbox.settings_values import Text

    if ask.take_defaults:
        raise BadUsage(
            f"No servers were found for {draft.address}.",
            "Name them with --imap HOST:PORT and --smtp HOST:PORT.",
        )
    say()
    say("Type the servers, as HOST or HOST:PORT. Your provider tells them as IMAP and SMTP.")
    draft.imap = _type_server(ask, "Server to fetch from", "imap", draft.imap)
    draft.smtp = _type_server(ask, "Server to send with", "smtp", draft.smtp)
    draft.user = ask.text("User name", "--user", as_setting(Text), draft.user)
    draft.provider, draft.only_token = _provider_at(draft.imap), False
    return draft


def _type_server(ask: Questions, words: str, kind: str, default: Server) -> Server:
    server = ask.text(words, f"--{kind}", lambda text: (text, server_given(text, kind)), _as_typed(default))
    typed, server_found = server
    if "/" in typed or server_found.port in _BY_PORT:
        return server_found
    security = ask.choice(
        f"How does {server_found} speak?",
        {
            "tls": "TLS from the first byte",
            "starttls": "in clear until STARTTLS",
            "none": "in clear (this machine only)",
        },
        "tls",
    )
    return server_given(f"{typed}/{security}", kind)


def _as_typed(server: Server) -> str:
    usual = _BY_PORT.get(server.port) == server.security
    return f"{server}" if usual else f"{server}/{server.security}"


def server_given(text: str, kind: str) -> Server:
    """A server as typed: HOST, HOST:PORT or HOST:PORT/starttls. `kind`: "imap" or "smtp".

    What is left out follows from the rest: the port from the security, the security from a usual port, else TLS.
    Raises BadUsage for what is none, BadSettings for "none" to another machine.
    """
    from inbox.channels.providers import Server
    from inbox.channels.tls import refuse_clear
    from inbox.settings_values import Host

    match = _SERVER.fullmatch(text.strip())
    port = int(match[2]) if match is not None and match[2] else None
    if match is None or port == 0 or (port or 0) > 65535:
        raise BadUsage(
            "This is no server.",
            f"Write HOST, HOST:PORT or HOST:PORT/starttls, as in {kind}.shop.example:993.",
        )
    host = str(as_setting(Host)(match[1].strip("[]")))
    security = match[3] or (_BY_PORT.get(port, "tls") if port else "tls")
    refuse_clear(host, security)
    usual = _USUAL_PORT[kind].get(security, 143)
    return Server(host, port or usual, security)  # type: ignore[arg-type]  # the pattern lets only these words through


def _provider_at(imap: Server) -> Provider | None:
    """The provider whose server this is, for what it wants."""
    from inbox.channels.providers import PROVIDERS

    place = imap.host.lower(), imap.port  # of this machine's servers the port tells which is meant
    return next((each for each in PROVIDERS if (each.imap.host, each.imap.port) == place), None)


def _ca_file(text: str | None) -> str | None:
    return full_path(text) if text else None


def full_path(text: str) -> str:
    """A path as the settings want it. BadUsage when there is no such file."""
    path = Path(text).expanduser().absolute()
    if not path.is_file():
        raise BadUsage(f"There is no file {path}.", "Name one that is there.")
    return str(path)


def _say_before(found: Found) -> None:
    """What the provider wants to be done first, and where."""
    provider = found.provider
    page = provider.page if provider else found.page
    lines = provider.before if provider else ()
    if not lines and not page:
        return
    say()
    say(f"First, at {provider.name}:" if provider else "What to switch on is told at:")
    for line in lines:
        say(f"- {line}", "  ")
    if page:
        say(page, "  ")

"""Finding the servers of an address: what is known here, what its domain announces, and what simply answers.

The order is: the table of providers by the address, by the hosts that take the domain's mail (MX), the domain's own
autoconfig and Thunderbird's list of providers (both over HTTPS), service records (RFC 6186, RFC 8314), and last the
usual names, tried by a TLS handshake. Nothing secret is sent anywhere here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from inbox.channels import autoconfig, names, providers, tls
from inbox.channels.providers import Provider, Server
from inbox.errors import FrontdeskError

if TYPE_CHECKING:
    from inbox.channels.autoconfig import Web
    from inbox.channels.providers import Security
    from inbox.channels.tls import Speech

HANDSHAKE_SECONDS = 5.0
"""Seconds to wait for a server under one of the usual names; most of these names do not exist."""

_SERVICES: dict[str, tuple[tuple[str, Security, int], ...]] = {
    "imap": (("_imaps", "tls", 993), ("_imap", "starttls", 143)),
    "smtp": (("_submissions", "tls", 465), ("_submission", "starttls", 587)),
}
"""Service names with how they are spoken to, and the usual port (RFC 8314, section 5.1)."""

_ALWAYS_TLS = {993, 465}
"""Ports that are TLS from the first byte, also where a record of STARTTLS names them, as some do."""

_USUAL = {"imap": ("imap", "mail"), "smtp": ("smtp", "mail")}


class Look(NamedTuple):
    """One place to look in. `find` raises NetworkTrouble when it does not answer; when that holds for a `needed`
    one, there is no use in the rest.
    """

    where: str
    find: Callable[[], Found | None]
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Servers that were found. `how` says by what, as the end of "found by …".

    foreign: hosts that do not belong to the mail domain, when strangers named them; a person has to agree before a
    password goes there. by_https: the domain or Thunderbird's list vouches for them; DNS alone vouches for nothing.
    """

    imap: Server
    smtp: Server
    user: str
    how: str
    provider: Provider | None = None
    foreign: tuple[str, ...] = ()
    by_https: bool = False
    only_token: bool = False
    page: str = ""


def looks(
    address: str, web: Web, handshake: Callable[[str, int, Speech], object] | None = None
) -> Iterator[Look]:
    """The places to look for the servers of an address, best first.

    `handshake` tells by returning that a server answers with a certificate that passes, by a FrontdeskError that it
    does not (default: `tls.certificate`).
    """
    domain = autoconfig.domain_of(address)
    yield Look("the providers known here", partial(_known, address, domain))
    if not domain or "." not in domain:
        return
    yield Look("who takes its mail (MX records)", partial(_by_mx, address, domain), needed=True)
    for name, place in autoconfig.places(address):
        yield Look(name, partial(_announced, web, name, place, address))
    yield Look("its service records (DNS)", partial(_by_services, address, domain))
    yield Look("the usual names", partial(_guessed, address, domain, handshake or _handshake))


def _known(address: str, domain: str) -> Found | None:
    provider = providers.by_domain(domain)
    return None if provider is None else _at(provider, address, "the address")


def _by_mx(address: str, domain: str) -> Found | None:
    provider = providers.by_mx(host for _, host in names.mx(domain))
    return None if provider is None else _at(provider, address, "the hosts that take its mail")


def _at(provider: Provider, address: str, how: str) -> Found:
    return Found(provider.imap, provider.smtp, provider.user_of(address), how, provider)


def _announced(web: Web, name: str, place: str, address: str) -> Found | None:
    said = autoconfig.announced(web, place, address)
    if said is None:
        return None
    return Found(
        said.imap,
        said.smtp,
        said.user,
        name,
        foreign=_foreign(autoconfig.domain_of(address), said.imap, said.smtp),
        by_https=True,
        only_token=said.only_token,
        page=said.page,
    )


def _by_services(address: str, domain: str) -> Found | None:
    imap, smtp = _service("imap", domain), _service("smtp", domain)
    if imap is None or smtp is None:
        return None
    return Found(
        imap, smtp, address, "the service records of its domain (DNS)", foreign=_foreign(domain, imap, smtp)
    )


def _service(kind: str, domain: str) -> Server | None:
    """The best server of a kind. TLS goes before STARTTLS whatever the priorities (RFC 8314, section 3)."""
    for service, security, _ in _SERVICES[kind]:
        for _, _, host, port in names.srv(f"{service}._tcp.{domain}"):
            if port and autoconfig.is_host(host):
                return Server(host, port, "tls" if port in _ALWAYS_TLS else security)
    return None


def _guessed(address: str, domain: str, handshake: Callable[[str, int, Speech], object]) -> Found | None:
    """Servers under the usual names. All are tried at once: silence takes long."""
    wanted = [
        (kind, Server(f"{name}.{domain}", port, security))
        for kind, services in _SERVICES.items()
        for _, security, port in services
        for name in _USUAL[kind]
    ]

    def answers(kind: str, server: Server) -> bool:
        speech: Speech = "" if server.security == "tls" else "imap" if kind == "imap" else "smtp"
        with suppress(FrontdeskError):
            if names.addresses(server.host):
                handshake(server.host, server.port, speech)
                return True
        return False

    with ThreadPoolExecutor(len(wanted)) as threads:
        answering = list(threads.map(lambda each: answers(*each), wanted))
    there = [each for each, answered in zip(wanted, answering, strict=True) if answered]
    imap = next((server for kind, server in there if kind == "imap"), None)
    smtp = next((server for kind, server in there if kind == "smtp"), None)
    if imap is None or smtp is None:
        return None
    return Found(imap, smtp, address, "trying the usual names")


def _handshake(host: str, port: int, speech: Speech) -> object:
    return tls.certificate(host, port, speech, None, HANDSHAKE_SECONDS)


def _foreign(domain: str, *servers: Server) -> tuple[str, ...]:
    hosts = (server.host for server in servers)
    return tuple(dict.fromkeys(h for h in hosts if h != domain and not h.endswith(f".{domain}")))

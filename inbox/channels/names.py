"""Looking names up in DNS: what a domain says about its mail, and whether DNS answers at all.

No record of the kind asked for is an empty list; a DNS that does not answer is NetworkTrouble. Records are foreign
text: who shows a TXT record sanitises it. The environment variable FRONTDESK_DNS ("127.0.0.1:5353") names
another name server than the host's own.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from inbox.channels.trouble import NetworkTrouble, server_words

if TYPE_CHECKING:
    from dns.resolver import Resolver

ANSWER_LIMIT = 4.0
"""Seconds for one look-up in all, however many servers and attempts it takes."""

VARIABLE = "FRONTDESK_DNS"
"""The environment variable that names the server to ask."""


def srv(name: str, *, server: str = "") -> list[tuple[int, int, str, int]]:
    """The services behind a name such as "_imaps._tcp.shop.example" (RFC 2782), best first.

    Each as (priority, weight, host, port); a host "" says that the domain decidedly has no such service.
    `server` is the name server to ask, "HOST" or "HOST:PORT"; "" is what FRONTDESK_DNS says, else the host's own.
    Raises NetworkTrouble when DNS does not answer.
    """
    found = [(r.priority, r.weight, _host(r.target), r.port) for r in _records(name, "SRV", server)]
    return sorted(found, key=lambda each: (each[0], -each[1], each[2]))


def txt(name: str, *, server: str = "") -> list[str]:
    """The texts at a name, each with its parts put together (RFC 7208, section 3.3). `server` and errors as in `srv`."""
    return [b"".join(r.strings).decode("utf-8", "replace") for r in _records(name, "TXT", server)]


def mx(domain: str, *, server: str = "") -> list[tuple[int, str]]:
    """The hosts that take a domain's mail as (preference, host), the most preferred first.

    A host "" says that the domain takes no mail (RFC 7505). `server` and errors as in `srv`.
    """
    return sorted((r.preference, _host(r.exchange)) for r in _records(domain, "MX", server))


def addresses(host: str, *, server: str = "") -> list[str]:
    """The addresses of a host in numbers, those of IPv4 first. `server` and errors as in `srv`."""
    return [r.address for kind in ("A", "AAAA") for r in _records(host, kind, server)]


def _records(name: str, kind: str, server: str) -> list[Any]:
    """The records of a kind; aliases are followed. The name is whole, so the host's search domains are not tried."""
    import dns.exception
    import dns.name
    import dns.resolver

    try:
        full = dns.name.from_text(name)
    except (dns.exception.DNSException, UnicodeError, IndexError):
        return []  # what cannot be a name has no records
    try:
        resolver = _resolver(server or os.environ.get(VARIABLE, ""))
        return list(resolver.resolve(full, kind, lifetime=ANSWER_LIMIT))
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError, ValueError) as error:
        raise _silent(name, error) from None


def _resolver(server: str) -> Resolver:
    import dns.resolver

    if not server:
        return dns.resolver.Resolver()
    host, _, port = server.rpartition(":") if server.count(":") == 1 else (server, "", "")
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [host]
    resolver.port = int(port or 53)
    return resolver


def _silent(name: str, error: Exception) -> NetworkTrouble:
    import dns.exception

    why = "no answer in time" if isinstance(error, dns.exception.Timeout) else type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        why = error.strerror
    return NetworkTrouble(
        f"DNS does not say what {server_words(name, 100)} is: {why}.",
        "Check the network and the name server of this host (/etc/resolv.conf).",
    )


def _host(target: Any) -> str:
    text: str = target.to_text(omit_final_dot=True)
    return "" if text in (".", "@") else text.lower()

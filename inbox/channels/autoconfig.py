"""Mail servers as a domain announces them on the web, in the shape Thunderbird reads (config-v1.1.xml).

The domain itself is asked first, then Thunderbird's public list of providers. Only HTTPS is believed, from the first
address to the last redirect: over plain HTTP anybody on the way could name servers of their own, and get the
password. The answer is hostile until proven otherwise: bounded in size and time, no DOCTYPE, no entities, and every
value is checked again. Format: https://www.ietf.org/archive/id/draft-ietf-mailmaint-autoconfig-06.xml
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin, urlsplit
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from inbox.channels.names import addresses
from inbox.channels.providers import Server
from inbox.channels.trouble import NetworkTrouble, server_words
from inbox.channels.web_line import LEADS_ON, TooMuch, answer_of, heard, until
from inbox.recipients import ascii_domain

if TYPE_CHECKING:
    from inbox.channels.providers import Security

LARGEST = 256 * 1024
"""Bytes of an answer; real ones have a few thousand."""

PAGE_SECONDS = 8.0
"""Seconds for one address with all its redirects, however slowly the bytes trickle in."""

REDIRECTS = 3

ADDRESSES = 3
"""Addresses of one host that are tried."""

_HOST = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*"
)
_LIKE_NUMBERS = re.compile(r"[0-9.]+")
_SOCKETS: dict[str, Security] = {"ssl": "tls", "starttls": "starttls"}
"""What `socketType` may say; "plain" is never taken."""


@dataclass(frozen=True, slots=True)
class Announced:
    """What an answer announces: the servers, the name to log in with, and whether only access tokens are taken.

    page: where the provider says what to switch on, "" when it does not.
    """

    imap: Server
    smtp: Server
    user: str
    only_token: bool = False
    page: str = ""


class Unbelievable(NetworkTrouble):
    """An answer that is no autoconfig, or that must not be believed; `what` says why."""


@dataclass(frozen=True)
class Web:
    """How pages are fetched. `context` is what HTTPS trusts (None: the system's authorities); `ports` are other ports
    than the usual, for web servers of one's own.
    """

    context: ssl.SSLContext | None = None
    ports: Mapping[int, int] = field(default_factory=dict)
    clock: Callable[[], float] = time.monotonic

    def get(self, address: str) -> bytes | None:
        """The page at an https address; None when there is no such host or page.

        Raises Unbelievable when it is not HTTPS throughout or too large, NetworkTrouble when the line fails or takes
        longer than `PAGE_SECONDS`.
        """
        left = until(self.clock() + PAGE_SECONDS, self.clock)
        leads_to = ""
        for _ in range(REDIRECTS + 1):
            try:
                address = urljoin(address, leads_to)
                parts = urlsplit(address)
                host, port = (parts.hostname or "").lower(), parts.port
            except ValueError:
                raise Unbelievable("It leads to what is no address.") from None
            if parts.scheme != "https" or not _HOST.fullmatch(host):
                raise Unbelievable("It leads to an address without HTTPS, which anybody could answer.")
            if port not in (None, 443) or parts.username is not None:
                raise Unbelievable("It leads to an address that no provider uses.")
            answer = self._ask(host, f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", left)
            if answer is None:
                return None
            status, leads_to, body = answer
            if status not in LEADS_ON:
                return body if status == 200 else None
        raise Unbelievable("It leads from one address to the next without end.")

    def _ask(self, host: str, path: str, left: Callable[[], float]) -> tuple[int, str, bytes] | None:
        where = server_words(host, 100)
        try:
            found = addresses(host)
            if not found:
                return None
            status, headers, body = answer_of(self._exchange(host, found, path, left))
            return status, headers.get("Location", ""), body
        except ssl.SSLCertVerificationError as error:
            raise Unbelievable(
                f"{where} shows a certificate that is not trusted ({error.verify_message})."
            ) from None
        except TimeoutError:
            raise NetworkTrouble(f"{where} does not answer in time.") from None
        except TooMuch:
            raise Unbelievable(f"{where} answers with far more than any settings.") from None
        except OSError as error:
            raise NetworkTrouble(
                f"{where} cannot be reached: {server_words(error.strerror or error, 100)}."
            ) from None
        except (http.client.HTTPException, ValueError):
            raise Unbelievable(f"{where} gives an answer that is no web page.") from None

    def _exchange(self, host: str, numbers: Sequence[str], path: str, left: Callable[[], float]) -> bytes:
        """Everything a web server says to one question. The line is closed by it, or when `LARGEST` is passed."""
        context = self.context or ssl.create_default_context()
        request = f"GET {path} HTTP/1.0\r\nHost: {host}\r\nUser-Agent: Frontdesk\r\nAccept: text/xml\r\n\r\n"
        with self._connect(numbers, left) as plain:
            plain.settimeout(left())
            with context.wrap_socket(plain, server_hostname=host) as line:
                return heard(line, request.encode("ascii"), left, LARGEST)

    def _connect(self, numbers: Sequence[str], left: Callable[[], float]) -> socket.socket:
        """A line to the first address that takes one: many hosts have one of IPv6 too, and not every net has both."""
        *others, last = numbers[:ADDRESSES]
        port = self.ports.get(443, 443)
        for number in others:
            with suppress(OSError):
                return socket.create_connection((number, port), timeout=left())
        return socket.create_connection((last, port), timeout=left())


# --------------------------------------------------------------------------- where to ask


def places(address: str) -> Iterator[tuple[str, str]]:
    """Where settings for an address may be found, best first, each as (name to show, https address).

    The whole address is told to the domain itself only; Thunderbird's list is asked by domain.
    """
    domain = domain_of(address)
    asked = quote(address, safe="@")
    yield (
        f"https://autoconfig.{domain}",
        f"https://autoconfig.{domain}/mail/config-v1.1.xml?emailaddress={asked}",
    )
    yield (
        f"https://{domain}",
        f"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress={asked}",
    )
    yield "Thunderbird's list of providers", f"https://autoconfig.thunderbird.net/v1.1/{domain}"


def domain_of(address: str) -> str:
    """What stands behind the @, as DNS and certificates write it; "" when it cannot be written so."""
    domain = address.rpartition("@")[2].lower().rstrip(".")
    return domain if domain.isascii() else ascii_domain(domain) or ""


def announced(web: Web, place: str, address: str) -> Announced | None:
    """What the https address `place` announces for a mail address; None when it has nothing.

    Raises Unbelievable or NetworkTrouble, as `Web.get` and `read` do.
    """
    page = web.get(place)
    return None if page is None else read(page, address)


# --------------------------------------------------------------------------- reading an answer


def read(page: bytes, address: str) -> Announced:
    """The best pair of servers in a config-v1.1.xml, TLS before STARTTLS, with the placeholders filled in.

    Raises Unbelievable when it is none, has a DOCTYPE, or announces no IMAP and SMTP server with TLS.
    """
    root = _parsed(page)
    if root.tag != "clientConfig":
        raise Unbelievable("It is no autoconfig.")
    providers = root.findall("emailProvider")
    fill = _filler(address)
    imap = _best(fill, (each for one in providers for each in one.findall("incomingServer")), "imap")
    smtp = _best(fill, (each for one in providers for each in one.findall("outgoingServer")), "smtp")
    if imap is None or smtp is None:
        raise Unbelievable("It announces no IMAP and SMTP server with TLS.")
    enable = next((found for above in (root, *providers) for found in above.findall("enable")), None)
    page_at = enable.get("visiturl", "") if enable is not None else ""
    return Announced(
        imap[0],
        smtp[0],
        # One name serves both here; where they differ, the whole address is what all of them take.
        imap[1] if imap[1] and imap[1] == smtp[1] else address,
        imap[2] == {"oauth2"},
        page_at if re.fullmatch(r"https://[!-~]{1,200}", page_at) else "",
    )


def _parsed(page: bytes) -> Element:
    """The tree. Entities can only be declared in a DOCTYPE, and there is none in an honest answer."""
    if len(page) > LARGEST:
        raise Unbelievable("It is far larger than any settings.")
    builder = TreeBuilder()
    parser = expat.ParserCreate()

    def refuse(*_: Any) -> None:
        raise Unbelievable("It holds a DOCTYPE, as no honest answer does.")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(page, True)
        return builder.close()
    except (expat.ExpatError, AssertionError, ValueError, LookupError):
        raise Unbelievable("It is no autoconfig.") from None


def _filler(address: str) -> Callable[[str], str]:
    local, _, domain = address.rpartition("@")
    known = {"%EMAILADDRESS%": address, "%EMAILLOCALPART%": local, "%EMAILDOMAIN%": domain}
    return lambda text: re.sub(r"%[A-Z]+%", lambda found: known.get(found[0], found[0]), text.strip())


def _best(
    fill: Callable[[str], str], servers: Iterable[Element], kind: str
) -> tuple[Server, str, set[str]] | None:
    """The first server of a kind with TLS, else with STARTTLS: where, the user's name, the ways to log in."""
    found: dict[str, tuple[Server, str, set[str]]] = {}
    for each in servers:
        security = _SOCKETS.get((each.findtext("socketType") or "").strip().lower())
        host = fill(each.findtext("hostname") or "").lower()
        if (each.get("type") or "").lower() != kind or security is None or not is_host(host):
            continue
        with suppress(ValueError):
            port = int(each.findtext("port") or "")
            if 0 < port < 65536:
                user = fill(each.findtext("username") or "")
                ways = {(way.text or "").strip().lower() for way in each.findall("authentication")}
                found.setdefault(security, (Server(host, port, security), _name(user), ways))
    return found.get("tls") or found.get("starttls")


def _name(user: str) -> str:
    """A name to log in with, "" for one that cannot be."""
    return user if re.fullmatch(r"[^\s%]{1,200}", user) and user.isprintable() else ""


def is_host(name: str) -> bool:
    """Whether this is the name of a host as certificates have it: no number, no signs that a name cannot hold."""
    return bool(_HOST.fullmatch(name)) and not _LIKE_NUMBERS.fullmatch(name)

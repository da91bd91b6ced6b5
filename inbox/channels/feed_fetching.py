"""Feeds as they lie on the web: asked for only when they have changed, within a time and a size."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import mktime_tz, parsedate_tz
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from inbox.channels.trouble import server_words
from inbox.channels.web_line import LEADS_ON, Answer, TooMuch, answer_of, heard, until
from inbox.errors import WorldError
from inbox.links import host

LARGEST = 10_000_000
"""Bytes of a feed; real ones have some hundred thousand."""
HEAD = 100_000
"""Bytes of an answer before the feed."""
SECONDS = 30.0
"""For a feed with all its redirects, however slowly its bytes trickle in."""
REDIRECTS = 5
_MAY_STAND = "!#$%&'()*+,/:;=?@[]~"
"""What stays as it is in an address; anything else is written as bytes."""


class FeedTrouble(WorldError):
    """A feed could not be read. `wait`: in how many seconds its server wants to be asked again; None: it does not say."""

    def __init__(self, what: str, next_step: str = "", wait: int | None = None) -> None:
        super().__init__(what, next_step)
        self.wait = wait


class Fetched(NamedTuple):
    """What a server gave. `data` None: it has nothing new. `etag` and `modified` are what it calls that, to be asked with
    the next time; `kind` is its Content-Type, `url` where it was found in the end."""

    data: bytes | None
    etag: str = ""
    modified: str = ""
    kind: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Feeds:
    """How feeds are fetched. `trusted` says whose certificates are believed, `wall` what time it is."""

    trusted: Callable[[], ssl.SSLContext] = ssl.create_default_context
    seconds: float = SECONDS
    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time

    def fetch(self, url: str, etag: str = "", modified: str = "") -> Fetched:
        """A feed, if it has changed. Raises FeedTrouble, which says why there is none."""
        left = until(self.monotonic() + self.seconds, self.monotonic)
        if not is_address(url):
            raise FeedTrouble("This is no address of the web, or one with a password in it.", _LOOK)
        address = url
        for _ in range(REDIRECTS + 1):
            answer = self._ask(address, etag, modified, left)
            to = answer.headers.get("Location", "")
            if answer.status not in LEADS_ON or not to:
                return self._given(address, answer, etag, modified)
            address = _led(address, str(to))
        raise FeedTrouble(
            f"{_host(url)} leads from one address to the next without end.",
            "Look for its address in a browser.",
        )

    def _ask(self, url: str, etag: str, modified: str, left: Callable[[], float]) -> Answer:
        where = _host(url)
        parts = urlsplit(url)
        target = quote(f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", safe=_MAY_STAND)
        lines = [
            f"GET {target} HTTP/1.1",
            f"Host: {host(url)}{f':{parts.port}' if parts.port else ''}",
            "User-Agent: Frontdesk",
            "Accept: application/atom+xml, application/rss+xml, application/xml, text/xml, */*;q=0.5",
            "Accept-Encoding: gzip",
            "Connection: close",
            *([f"If-None-Match: {etag}"] if etag else []),
            *([f"If-Modified-Since: {modified}"] if modified else []),
        ]
        request = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
        try:
            return answer_of(self._exchange(url, request, left))
        except ssl.SSLCertVerificationError as error:
            raise FeedTrouble(
                f"{where} shows a certificate that is not trusted ({error.verify_message}).",
                "Whoever runs that site must mend it.",
            ) from None
        except TimeoutError:
            raise FeedTrouble(f"{where} does not answer in time.") from None
        except TooMuch:
            raise FeedTrouble(
                f"{where} gives more than {LARGEST // 1_000_000} MB, which is no feed.",
                "Is the address right?",
            ) from None
        except (OSError, UnicodeError) as error:
            said = server_words(getattr(error, "strerror", None) or type(error).__name__, 100)
            raise FeedTrouble(f"{where} cannot be reached: {said}.") from None
        except http.client.IncompleteRead:
            raise FeedTrouble(f"{where} broke off in the middle of the feed.") from None
        except (http.client.HTTPException, ValueError):
            raise FeedTrouble(f"{where} gives an answer that no web server would.") from None

    def _exchange(self, url: str, request: bytes, left: Callable[[], float]) -> bytes:
        parts = urlsplit(url)
        name, encrypted = host(url), parts.scheme == "https"
        port = parts.port or (443 if encrypted else 80)
        with socket.create_connection((name, port), timeout=left()) as plain:
            if not encrypted:
                return heard(plain, request, left, LARGEST + HEAD)
            plain.settimeout(left())
            with self.trusted().wrap_socket(plain, server_hostname=name) as line:
                return heard(line, request, left, LARGEST + HEAD)

    def _given(self, url: str, answer: Answer, etag: str, modified: str) -> Fetched:
        where, headers = _host(url), answer.headers
        if answer.status == 304 and (etag or modified):
            return Fetched(None, etag, modified)
        if answer.status in (429, 503):
            what = "asks us to come back later" if answer.status == 503 else "says that we ask too often"
            raise FeedTrouble(f"{where} {what}.", wait=self._wait(str(headers.get("Retry-After", ""))))
        if answer.status != 200:
            raise FeedTrouble(
                f"{where} answers with {answer.status}: {_MEANS.get(answer.status, _NONE)}.", _LOOK
            )
        data = (
            _unpacked(answer.body)
            if headers.get("Content-Encoding", "") in ("gzip", "x-gzip")
            else answer.body
        )
        if data is None:
            raise FeedTrouble(f"{where} gives what cannot be unpacked, or far too much of it.", _LOOK)
        return Fetched(
            data,
            _header(headers.get("ETag")),
            _header(headers.get("Last-Modified")),
            _header(headers.get("Content-Type")),
            url,
        )

    def _wait(self, said: str) -> int | None:
        """What Retry-After says, in seconds (RFC 9110, 10.2.3); None where it says nothing that can be read."""
        if said.strip().isdecimal():
            return int(said[:12])
        parsed = parsedate_tz(said)
        try:
            return max(0, int(mktime_tz(parsed) - self.wall())) if parsed is not None else None
        except (ValueError, OverflowError):
            return None


_LOOK = "Look at the address in a browser; `frontdesk feed try URL` shows what is read."
_MEANS = {
    401: "it wants a login, which feeds have none of here",
    403: "it does not let us in",
    404: "there is nothing",
    410: "it is gone for good",
}
_NONE = "that is no feed"


def _host(url: str) -> str:
    return server_words(host(url) or "The address", 100)


def _header(value: object) -> str:
    """A header that is sent back to its server some day: on one line, and not for ever long."""
    said = str(value or "")
    return said if len(said) <= 500 and said.isprintable() else ""


def _led(url: str, to: str) -> str:
    """Where an answer leads; what was asked over TLS is not asked in clear."""
    where = _host(url)
    try:
        address = urljoin(url, to)
    except ValueError:
        address = ""
    if not is_address(address):
        raise FeedTrouble(f"{where} leads to what is no address of the web.", _LOOK)
    if urlsplit(url).scheme == "https" and urlsplit(address).scheme != "https":
        raise FeedTrouble(
            f"{where} leads to an address without HTTPS, where anybody on the way could write what is read.",
            _LOOK,
        )
    return address


def is_address(url: str) -> bool:
    """Whether this is an address of the web, without a name or password in it."""
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https")
            and bool(host(url))
            and parts.username is None
            and parts.port != 0
        )
    except ValueError:
        return False


def _unpacked(data: bytes) -> bytes | None:
    try:
        unpacking = zlib.decompressobj(31)
        found = unpacking.decompress(data, LARGEST + 1)
    except zlib.error:
        return None
    return found if unpacking.eof and len(found) <= LARGEST else None

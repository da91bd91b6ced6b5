"""Opening an IMAP line: TLS, login, and what can go wrong on it told apart.

imapclient raises LoginError for whatever happens inside a login, a cut line too; only the server's own NO
is a wrong password here. A server that greets with PREAUTH is refused, a missing STARTTLS too.
"""

from __future__ import annotations

import contextlib
import imaplib
import logging
import re
import socket
import ssl
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import imapclient
from imapclient.exceptions import ProtocolError

from inbox.channels.passwords import Secret
from inbox.channels.tls import Speech, refuse_clear, refused, verified_context
from inbox.channels.trouble import BadPassword, NetworkTrouble, ServerSaidNo, server_words
from inbox.errors import FrontdeskError

if TYPE_CHECKING:
    from inbox.settings import Mailbox

# imapclient writes whole commands to its debug log, passwords in base64 among them.
logging.getLogger("imapclient").setLevel(logging.WARNING)

CONNECT_LIMIT = 30.0
"""Seconds to wait for a connection, whatever the time-out of later answers."""

TEMPORARY = {"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "OVERQUOTA", "CONTACTADMIN"}
"""Response codes (RFC 5530, RFC 9051) that say nothing about user and password."""

MOST_AT_ONCE = 2**27
"""Bytes of one answer, however many lines and literals it has; ours ask for far less, so more is an attack or a mistake."""

_CODE = re.compile(r"\[([A-Z][A-Z0-9-]*)[^\]]*\]")
_LATER = re.compile(
    r"temporar|try again|too many|unavailable|internal error|command error: BAD", re.IGNORECASE
)


def open_line(mailbox: Mailbox, secret: Secret, timeout: float) -> Any:
    """A logged-in IMAPClient; `timeout` in seconds. Raises what `imap.connect` says."""
    refuse_clear(mailbox.imap_host, mailbox.imap_security)
    context = None if mailbox.imap_security == "none" else verified_context(mailbox.ca_file)
    with typed(mailbox, "connecting"):
        client = imapclient.IMAPClient(
            mailbox.imap_host,
            mailbox.imap_port,
            ssl=mailbox.imap_security == "tls",
            ssl_context=context,
            timeout=imapclient.SocketTimeout(min(timeout, CONNECT_LIMIT), timeout),
        )
        # imaplib writes a command and its line end apart; unsent halves would wait 40 ms for each other.
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _bound(client)
    client.normalise_times = False
    try:
        _refuse_preauth(client, mailbox)
        if mailbox.imap_security == "starttls":
            _start_tls(client, mailbox, context)
        with typed(mailbox, "logging in"):
            _log_in(client, mailbox, secret)
            if client.has_capability("CONDSTORE") and client.has_capability("ENABLE"):
                client.enable("CONDSTORE")  # else HIGHESTMODSEQ may not be told (RFC 7162, 3.1)
    except BaseException:
        drop(client)
        raise
    return client


def drop(client: Any) -> None:
    """Close the socket without a word; never raises."""
    with contextlib.suppress(OSError, imaplib.IMAP4.error, AttributeError):
        client.shutdown()


def _bound(client: Any) -> None:
    """Give up on a server whose answers never end: all of an answer is held in memory, and literals are believed."""
    imap = client._imap
    read, readline, send = imap.read, imap.readline, imap.send
    left = MOST_AT_ONCE

    def spend(size: int) -> None:
        nonlocal left
        left -= size
        if left < 0:
            raise imaplib.IMAP4.abort(f"more than {MOST_AT_ONCE >> 20} MB in one answer")

    def bounded_read(size: int) -> bytes:
        spend(size)
        return bytes(read(size))

    def bounded_readline() -> bytes:
        line = bytes(readline())
        spend(len(line))
        return line

    def fresh_send(data: bytes) -> None:
        nonlocal left
        left = MOST_AT_ONCE
        send(data)

    imap.read, imap.readline, imap.send = bounded_read, bounded_readline, fresh_send


# ---------------------------------------------------------------------- logging in


def _refuse_preauth(client: Any, mailbox: Mailbox) -> None:
    """PREAUTH says that we are logged in: anybody on the line can say that before TLS (CVE-2020-12398)."""
    if client.welcome.upper().startswith(b"* PREAUTH"):
        raise ServerSaidNo(
            f"{mailbox.imap_host} says that we are logged in already; that is refused, and nothing was sent.",
            'Somebody may be on the line. Check imap_host and imap_port, and use imap_security = "tls".',
            "PREAUTH",
        )


def _start_tls(client: Any, mailbox: Mailbox, context: ssl.SSLContext | None) -> None:
    with typed(mailbox, "starting TLS"):
        if not client.has_capability("STARTTLS"):
            raise ServerSaidNo(
                f"{mailbox.imap_host} offers no STARTTLS, or somebody took the offer out; nothing was sent.",
                'Use imap_security = "tls" with port 993, or ask who runs the server.',
                "STARTTLS",
            )
        client.starttls(context)


def _log_in(client: Any, mailbox: Mailbox, secret: Secret) -> None:
    """One attempt. AUTHENTICATE goes before LOGIN because it can carry any character (RFC 4616)."""
    if mailbox.takes_token:
        answers = iter([f"user={mailbox.user}\1auth=Bearer {secret.reveal()}\1\1"])
        # A refusal comes as a challenge with its reason and must be answered by an empty line.
        client.sasl_login("XOAUTH2", lambda _: next(answers, ""))
    elif client.has_capability("AUTH=PLAIN"):
        client.plain_login(mailbox.user, secret.reveal())
    elif client.has_capability("LOGINDISABLED"):
        raise ServerSaidNo(
            f"{mailbox.imap_host} takes no passwords.",
            "Ask the provider for an access token (OAuth2) or an app password.",
            "LOGINDISABLED",
        )
    else:
        user, password = mailbox.user, secret.reveal()
        if not (user + password).isascii() or re.search(r"[\x00-\x1f\x7f]", user + password):
            raise ServerSaidNo(
                f"{mailbox.imap_host} offers only LOGIN, which cannot carry this user or password.",
                "Use a password of plain ASCII characters.",
            )
        quoted = user.replace("\\", "\\\\").replace('"', '\\"')
        client.login(f'"{quoted}"', password)


# ---------------------------------------------------------------------- errors


@contextlib.contextmanager
def typed(mailbox: Mailbox, doing: str) -> Iterator[None]:
    """Turn what imapclient, imaplib, ssl and the socket raise into the errors of `trouble`."""
    place = f"{mailbox.imap_host}:{mailbox.imap_port}"
    doing = server_words(doing)
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        speech: Speech = "imap" if mailbox.imap_security == "starttls" else ""
        raise refused(mailbox.imap_host, mailbox.imap_port, speech, error) from None
    except imapclient.exceptions.LoginError as error:
        # imapclient makes a LoginError of everything, also of a line that was cut: the cause tells which it
        # was.
        if isinstance(error.__context__, imaplib.IMAP4.abort):
            raise _network(place, doing, error) from None
        raise _login_refused(mailbox, error) from None
    except (imaplib.IMAP4.abort, OSError, EOFError) as error:
        raise _network(place, doing, error) from None
    except ProtocolError as error:
        raise _unreadable(place, doing, error) from None
    except imaplib.IMAP4.error as error:
        said = server_words(_words_of(error))
        code = _code(said)
        raise ServerSaidNo(
            f"{place} refused while {doing}: {said}",
            "If this goes on, ask who runs the server.",
            code,
            temporary=code in TEMPORARY,
        ) from None
    except FrontdeskError:
        raise
    except Exception as error:
        # Whatever imapclient's parser raises when an answer is no IMAP: RecursionError for 10 000 brackets, for one.
        raise _unreadable(place, doing, error) from None


def _network(place: str, doing: str, error: BaseException) -> NetworkTrouble:
    why = "no answer in time" if isinstance(error, TimeoutError) else server_words(_words_of(error))
    return NetworkTrouble(
        f"The line to {place} failed while {doing}: {why}", "It is tried again by itself; check the network."
    )


def _unreadable(place: str, doing: str, error: BaseException) -> NetworkTrouble:
    return NetworkTrouble(
        f"{place} gave an unreadable answer while {doing}: {server_words(_words_of(error), 120)}",
        "It is tried again by itself; if this goes on, ask who runs the server.",
    )


def _login_refused(mailbox: Mailbox, error: BaseException) -> Exception:
    said = server_words(_words_of(error))
    code = _code(said)
    place = f"{mailbox.imap_host}:{mailbox.imap_port}"
    if code in TEMPORARY or _LATER.search(said):
        return ServerSaidNo(
            f"{place} lets nobody in just now: {said}", "It is tried again by itself.", code, temporary=True
        )
    secret = "access token" if mailbox.takes_token else "password"
    return BadPassword(
        f"{place} refused the user or {secret} of the mailbox {server_words(mailbox.name)}: {said}",
        "Check user and password (or token) in the settings; many providers want an app password.",
    )


def _words_of(error: BaseException) -> object:
    """imaplib hands bytes to its errors, and imapclient writes them as "b'…'"."""
    first = error.args[0] if error.args else error
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(first, str) and (found := re.fullmatch(r"b(['\"])(.*)\1", first, re.DOTALL)):
        return found[2]
    return first


def _code(said: str) -> str:
    found = _CODE.search(said)
    return found[1] if found else ""

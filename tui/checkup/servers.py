"""The servers of a mailbox: does the password open them, who vouches for them, and what time it is there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from inbox.channels.trouble import BadPassword, NetworkTrouble, RefusedCertificate
from inbox.errors import FrontdeskError
from tui.checkup.finding import Finding, some
from tui.checkup.machine import CLOCK_AHEAD
from tui.line.lines import span

if TYPE_CHECKING:
    from inbox.channels.imap import Connection, Folder
    from inbox.channels.logins import Secrets
    from inbox.channels.tls import Speech
    from inbox.model import Instant
    from inbox.settings import Mailbox

WAIT = 20.0
"""Seconds to wait for each answer of a server."""

ENDS_SOON = 14 * 86_400
"""Seconds before its end from which a certificate should have been renewed."""


def password(mailbox: Mailbox, secrets: Secrets) -> Finding:
    """Whether the password or token can be had."""
    try:
        secrets.of(mailbox)
    except FrontdeskError as error:
        return Finding("password", mailbox.name, False, error.what, error.next_step)
    return Finding("password", mailbox.name, True, "can be read")


def logins(mailbox: Mailbox, secrets: Secrets | None, skew: int | None) -> Iterator[Finding]:
    """A login on either server; a password that one refuses is not tried on the other.

    `secrets` None: there is no password. `skew` is by how many seconds our clock was ahead of the server's when mail
    last arrived; None: unknown.
    """
    imap = f"{mailbox.name}, {mailbox.imap_host}:{mailbox.imap_port}"
    smtp = f"{mailbox.name}, {mailbox.smtp_host}:{mailbox.smtp_port}"
    if secrets is None:
        for check, subject in (("imap", imap), ("smtp", smtp)):
            yield Finding(check, subject, None, "there is no password to log in with")
        return
    found, refused = _login("imap", imap, mailbox, lambda: _imap(mailbox, secrets, imap, skew))
    yield from found
    if refused:
        yield Finding("smtp", smtp, None, "not tried with a password that was refused")
    else:
        yield from _login("smtp", smtp, mailbox, lambda: _smtp(mailbox, secrets, smtp))[0]


def _login(
    check: str, subject: str, mailbox: Mailbox, log_in: Callable[[], list[Finding]]
) -> tuple[list[Finding], bool]:
    """What a login finds, and whether the password was refused."""
    from inbox.channels.advice import wanted
    from inbox.channels.providers import by_domain

    try:
        return log_in(), False
    except BadPassword as error:
        provider = by_domain(mailbox.address.rpartition("@")[2])
        mend = "\n".join((error.next_step, *wanted(provider)))
        return [Finding(check, subject, False, error.what, mend)], True
    except RefusedCertificate:
        return [Finding(check, subject, None, "no login: its certificate is not trusted, see below")], False
    except FrontdeskError as error:
        return [Finding(check, subject, False, error.what, error.next_step)], False


def _imap(mailbox: Mailbox, secrets: Secrets, subject: str, skew: int | None) -> list[Finding]:
    from inbox.channels.imap import connect
    from inbox.channels.logins import logged_in

    with logged_in(mailbox, secrets, partial(connect, timeout=WAIT)) as connection:
        folders = connection.folders()
        inbox = next((folder.name for folder in folders if folder.use == "inbox"), None)
        newest = _newest(connection, inbox) if inbox is not None else None
    return [_folders(mailbox, subject, folders), clock(mailbox.name, newest, skew, int(time.time()))]


def _folders(mailbox: Mailbox, subject: str, folders: Sequence[Folder]) -> Finding:
    names = {folder.name for folder in folders}
    if missing := [name for name in mailbox.folders if name not in names]:
        said = f"It has no folder {some(missing)}, which the settings name."
        return Finding("imap", subject, False, said, f"Name folders it has: {some(names, 8)}")
    used = [folder.name for folder in folders if folder.use in ("inbox", "sent", "junk")]
    read = list(mailbox.folders) or used
    return Finding("imap", subject, True, f"logged in; reads {', '.join(read) or 'no folder'}")


def _newest(connection: Connection, folder: str) -> Instant | None:
    """When the server took the last message of a folder, by its own clock; None for an empty one."""
    uids = connection.look(folder).uids
    last = next(connection.fetch(uids[-1:], large=0), None) if uids else None  # of its bytes, only the head
    return last.internal_date if last is not None else None


def clock(name: str, newest: Instant | None, skew: int | None, now: Instant) -> Finding:
    """Our clock beside the server's, by what can be known of it.

    The difference seen at mail arriving (`skew`) tells both ways. The newest message's date tells one way only: we are
    behind if it lies ahead of us, and whether we are ahead stays open; a program that files mail itself may also have
    written any date.
    """
    mend = "Compare `date -u` with another clock, set this host's, and let NTP keep it."
    if skew is not None and abs(skew) > CLOCK_AHEAD:
        side = "ahead of" if skew > 0 else "behind"
        said = f"This host was {span(abs(skew))} {side} the server when mail last arrived."
        return Finding("clock", name, False, said, mend)
    if newest is not None and newest > now + CLOCK_AHEAD:
        said = f"The newest mail is dated {span(newest - now)} ahead of this host: its clock is behind,"
        return Finding("clock", name, False, f"{said} or a program filed it with a wrong date.", mend)
    if skew is not None:
        side = f"{span(abs(skew))} {'ahead of' if skew > 0 else 'behind'}" if skew else "the same as"
        return Finding("clock", name, True, f"{side} the server's when mail last arrived")
    if newest is not None:
        return Finding("clock", name, True, f"not behind its server's, by mail of {_moment(newest)}")
    return Finding("clock", name, None, "no mail in the inbox to tell the server's clock by")


def _smtp(mailbox: Mailbox, secrets: Secrets, subject: str) -> list[Finding]:
    from inbox.channels.logins import logged_in_soon
    from inbox.channels.smtp_line import drop, open_line

    async def log_in() -> None:
        open_one = partial(open_line, connect_limit=WAIT, answer_limit=WAIT)
        drop(await logged_in_soon(mailbox, secrets, open_one))

    asyncio.run(log_in())
    return [Finding("smtp", subject, True, "logged in; nothing was sent")]


# --------------------------------------------------------------------------- certificates


def certificates(mailbox: Mailbox) -> Iterator[Finding]:
    """Who vouches for either server and until when, in connections that end before anything is said."""
    yield _certificate(mailbox, "imap", mailbox.imap_host, mailbox.imap_port, mailbox.imap_security)
    yield _certificate(mailbox, "smtp", mailbox.smtp_host, mailbox.smtp_port, mailbox.smtp_security)


def _certificate(mailbox: Mailbox, protocol: Speech, host: str, port: int, security: str) -> Finding:
    from inbox.channels.tls import certificate

    subject = f"{mailbox.name}, {host}:{port}"
    if security == "none":
        return Finding("certificate", subject, True, "none is asked for: the line stays on this host")
    try:
        shown = certificate(host, port, protocol if security == "starttls" else "", mailbox.ca_file)
    except NetworkTrouble as error:
        return Finding("certificate", subject, None, error.what)  # the login says what to do
    except FrontdeskError as error:
        hint = " A wrong clock of this host has the same effect." if _by_time(error.what) else ""
        return Finding("certificate", subject, False, error.what, error.next_step + hint)
    left = shown.until - int(time.time())
    detail = f"signed by {shown.signed_by}, holds until {_moment(shown.until)[:10]}"
    if left < ENDS_SOON:
        mend = f"Have it renewed, or ask who runs {host}: after that day nothing is fetched or sent there."
        return Finding("certificate", subject, None, f"{detail}: {left // 86_400} days left", mend)
    return Finding("certificate", subject, True, detail)


def _by_time(what: str) -> bool:
    return "has expired" in what or "not yet valid" in what


def _moment(at: Instant) -> str:
    return time.strftime("%Y-%m-%d %H:%MZ", time.gmtime(at))

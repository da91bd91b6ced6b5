"""Trying the logins of a mailbox, one after the other, without fetching or sending anything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from inbox.channels.trouble import BadPassword
from inbox.errors import FrontdeskError

if TYPE_CHECKING:
    from inbox.channels.passwords import Secret
    from inbox.settings import Mailbox

WAIT = 20.0
"""Seconds to wait for each answer of a server."""


class Attempt(NamedTuple):
    """One login: to fetch or to send, where, what was found there, and the error where it failed.

    tried: False for a server that was left alone, because the other had just refused the same password.
    """

    what: str  # "fetch" or "send"
    place: str
    detail: str = ""
    error: FrontdeskError | None = None
    tried: bool = True


def both(mailbox: Mailbox, secret: Secret) -> Iterator[Attempt]:
    """Log in to fetch and to send, one after the other as they are asked for; nothing is fetched or sent.

    A password that the first server refuses is not shown to the second: two refusals lock some accounts.
    """
    refused = False
    places = (
        ("fetch", f"{mailbox.imap_host}:{mailbox.imap_port}", _imap),
        ("send", f"{mailbox.smtp_host}:{mailbox.smtp_port}", _smtp),
    )
    for what, place, log_in in places:
        if refused:
            yield Attempt(what, place, "not tried with a password that was just refused", tried=False)
            continue
        attempt = _attempt(what, place, lambda log_in=log_in: log_in(mailbox, secret))  # type: ignore[misc]  # mypy cannot infer lambdas with defaults
        refused = isinstance(attempt.error, BadPassword)
        yield attempt


def _attempt(what: str, place: str, log_in: Callable[[], str]) -> Attempt:
    try:
        return Attempt(what, place, log_in())
    except FrontdeskError as error:
        return Attempt(what, place, error=error)


def _imap(mailbox: Mailbox, secret: Secret) -> str:
    from inbox.channels.imap import connect

    with connect(mailbox, secret, WAIT) as connection:
        folders = connection.folders()
    used = [folder.name for folder in folders if folder.use in ("inbox", "sent", "junk")]
    return f"logged in; {', '.join(used)}" if used else "logged in"


def _smtp(mailbox: Mailbox, secret: Secret) -> str:
    from inbox.channels.smtp_line import drop, open_line

    async def log_in() -> None:
        drop(await open_line(mailbox, secret, WAIT, WAIT))

    asyncio.run(log_in())
    return "logged in; nothing was sent"

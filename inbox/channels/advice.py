"""What to do about a login that failed: what servers say, read for what it is known to mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from inbox.channels.trouble import BadPassword, NetworkTrouble, RefusedCertificate, ServerSaidNo
from inbox.errors import FrontdeskError

if TYPE_CHECKING:
    from inbox.channels.providers import Provider

_APP_PASSWORD = "The provider wants a password made for apps, not the account's own."
_KNOWN_WORDS = (
    (
        r"application.specific|\bapp[ -]?(?:specific )?password|5\.7\.9\b",
        _APP_PASSWORD,
    ),
    (
        r"imap\b.{0,40}(?:not enabled|disabled|switched off|deactivated|not allowed)"
        r"|yet to enable imap|not enabled for imap",
        "IMAP access is switched off for this account: switch it on where the provider has its mail settings.",
    ),
    (
        r"smtpclientauth|5\.7\.139|smtp auth.{0,30}disabled",
        "Sending with a login is switched off for this mailbox: its administrator has to allow authenticated SMTP.",
    ),
    (
        r"basic ?auth|LOGINDISABLED|takes no passwords",
        "Passwords are not taken here any more, only access tokens (OAuth2).",
    ),
    (
        r"wrong.version.number|WRONG_VERSION|record layer failure|packet length too long",
        "This port does not begin with TLS: try starttls, usually on port 143 to fetch and 587 to send.",
    ),
    (
        r"name or service not known|no address associated|nodename nor servname|name resolution|getaddrinfo",
        "There is no such host, or DNS does not answer: check how its name is written.",
    ),
    (
        r"connection refused|connect call failed",
        "Nothing listens on this port there: check the port.",
    ),
    (
        r"no answer in time|timed out",
        "It does not answer: check host and port, and whether a firewall stands between.",
    ),
)


def advice(error: FrontdeskError, provider: Provider | None) -> list[str]:
    """What to do about a failed login, in sentences, the likeliest first.

    What the server says is read for what it is known to mean; `provider` adds what it wants, where it is known.
    """
    found = [said for words, said in _KNOWN_WORDS if re.search(words, error.what, re.IGNORECASE)]
    if isinstance(error, RefusedCertificate):
        return [
            "Somebody may stand between, or the server signs its certificate itself.",
            "If it is yours and the fingerprint is right, give its certificate as a PEM file.",
        ]
    if isinstance(error, BadPassword):
        found += wanted(provider) if provider is not None and provider.before else []
        return found or [
            "Check the user name and the password; many providers want a password made for apps."
        ]
    if found:
        return found
    if isinstance(error, NetworkTrouble):
        return ["Check host, port and the network, and try again."]
    if isinstance(error, ServerSaidNo) and error.temporary:
        return ["That may pass: try again in some minutes."]
    return [error.next_step] if error.next_step else []


def wanted(provider: Provider | None) -> list[str]:
    """What a known provider wants to have done before it takes a password, and where that is told."""
    if provider is None:
        return []
    where = [f"That is told at {provider.page}"] if provider.page else []
    return [*(f"{provider.name}: {line}" for line in provider.before), *where]

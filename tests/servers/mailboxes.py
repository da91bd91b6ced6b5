"""Mailboxes as the settings give them, for the servers of these tests."""

from __future__ import annotations

from typing import Any

from inbox.settings import Mailbox
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer

_NOWHERE: dict[str, Any] = {
    "name": "support",
    "address": "support@shop.example",
    "user": "ann",
    "imap_host": "127.0.0.1",
    "imap_port": 1,
    "imap_security": "none",
    "smtp_host": "127.0.0.1",
    "smtp_port": 1,
    "smtp_security": "none",
}


def mailbox(**fields: Any) -> Mailbox:
    """A mailbox whose servers do not exist, with the fields given."""
    return Mailbox(**{**_NOWHERE, **fields})


def on_dovecot(server: Dovecot, user: str, security: str = "none", **fields: Any) -> Mailbox:
    """A user's mailbox on a Dovecot, over "none", "starttls" or "tls", its certificate trusted."""
    port = server.tls_port if security == "tls" else server.port
    trusted = str(server.certificate.cert)
    given = {"user": user, "imap_host": server.host, "imap_port": port, "imap_security": security}
    return mailbox(**{**given, "ca_file": trusted, **fields})


def on_smtp(server: SmtpServer, **fields: Any) -> Mailbox:
    """A mailbox that sends over an SMTP server of these tests."""
    trusted = str(server.certificate.cert) if server.certificate else None
    given = {"smtp_host": server.host, "smtp_port": server.port, "smtp_security": server.security}
    return mailbox(**{**given, "ca_file": trusted, **fields})

"""Opening an SMTP line: TLS from the first byte or a STARTTLS that must be there, verified, and one login."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from typing import TYPE_CHECKING

import aiosmtplib

from inbox.channels.passwords import Secret
from inbox.channels.tls import Speech, refuse_clear, refused, verified_context
from inbox.channels.trouble import BadPassword, NetworkTrouble, ServerSaidNo, server_words

if TYPE_CHECKING:
    from inbox.settings import Mailbox

OUR_NAME = "[127.0.0.1]"
"""What we call ourselves: a submission server needs no name of ours, and the host's own would tell of it."""


async def open_line(
    mailbox: Mailbox, secret: Secret | None, connect_limit: float, answer_limit: float
) -> aiosmtplib.SMTP:
    """A logged-in line; limits in seconds. Without a secret there is no login.

    Raises NetworkTrouble, RefusedCertificate, BadPassword (only when the server itself said so),
    ServerSaidNo, BadSettings.
    """
    refuse_clear(mailbox.smtp_host, mailbox.smtp_security)
    clear = mailbox.smtp_security == "none"
    context = None if clear else await asyncio.to_thread(verified_context, mailbox.ca_file)
    smtp = aiosmtplib.SMTP(
        hostname=mailbox.smtp_host,
        port=mailbox.smtp_port,
        use_tls=mailbox.smtp_security == "tls",
        start_tls=False,  # done below, where its absence is an error
        tls_context=context,
        local_hostname=OUR_NAME,
        timeout=answer_limit,
    )
    doing = "connecting"
    try:
        await smtp.connect(timeout=connect_limit)
        await smtp.ehlo()
        if mailbox.smtp_security == "starttls":
            doing = "starting TLS"
            _need_starttls(smtp, mailbox)
            await smtp.starttls()
            await smtp.ehlo()
        if secret is not None:
            doing = "logging in"
            await _log_in(smtp, mailbox, secret)
    except BaseException as error:
        drop(smtp)
        if isinstance(error, (aiosmtplib.SMTPException, OSError)):
            raise await _typed(mailbox, doing, error) from None
        raise
    return smtp


def drop(smtp: aiosmtplib.SMTP | None) -> None:
    """Close the line without a word; never raises."""
    if smtp is None:
        return
    transport = smtp.transport
    with contextlib.suppress(OSError, RuntimeError):
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()
        smtp.close()


def _need_starttls(smtp: aiosmtplib.SMTP, mailbox: Mailbox) -> None:
    if not smtp.supports_extension("starttls"):
        raise ServerSaidNo(
            f"{mailbox.smtp_host} offers no STARTTLS, or somebody took the offer out; nothing was sent.",
            'Use smtp_security = "tls" with port 465, or ask who runs the server.',
            "STARTTLS",
        )


async def _log_in(smtp: aiosmtplib.SMTP, mailbox: Mailbox, secret: Secret) -> None:
    """One attempt by one mechanism: a library that tries one after the other locks accounts."""
    offered = {method.lower() for method in smtp.supported_auth_methods}
    if mailbox.takes_token:
        await smtp.auth_xoauth2(mailbox.user, secret.reveal())
    elif "plain" in offered:
        await smtp.auth_plain(mailbox.user, secret.reveal())
    elif "login" in offered:
        await smtp.auth_login(mailbox.user, secret.reveal())
    elif offered or mailbox.smtp_security != "none":
        raise ServerSaidNo(
            f"{mailbox.smtp_host} offers no login that we know (PLAIN, LOGIN, XOAUTH2).",
            "Check smtp_host and smtp_port: port 25 is for servers among themselves.",
            "AUTH",
        )


async def _typed(mailbox: Mailbox, doing: str, error: Exception) -> Exception:
    """What aiosmtplib, ssl and the socket raise, as the errors of `trouble`."""
    place = f"{mailbox.smtp_host}:{mailbox.smtp_port}"
    inner = error.__cause__ if isinstance(error.__cause__, ssl.SSLError) else error
    if isinstance(inner, ssl.SSLCertVerificationError):
        speech: Speech = "smtp" if mailbox.smtp_security == "starttls" else ""
        return await asyncio.to_thread(refused, mailbox.smtp_host, mailbox.smtp_port, speech, inner)
    if isinstance(error, aiosmtplib.SMTPResponseException) and 400 <= error.code < 600:
        said = f"{error.code} {server_words(error.message)}"
        if isinstance(error, aiosmtplib.SMTPAuthenticationError) and error.code >= 500:
            secret = "access token" if mailbox.takes_token else "password"
            return BadPassword(
                f"{place} refused the user or {secret} of {server_words(mailbox.name)}: {said}",
                "Check user and password (or token) in the settings; many providers want an app password.",
            )
        return ServerSaidNo(
            f"{place} refused while {doing}: {said}",
            "It is tried again by itself." if error.code < 500 else "Ask who runs the server.",
            str(error.code),
            temporary=error.code < 500,
        )
    why = "no answer in time" if isinstance(error, TimeoutError) else server_words(error)
    return NetworkTrouble(
        f"The line to {place} failed while {doing}: {why}", "It is tried again by itself; check the network."
    )

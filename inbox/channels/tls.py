"""TLS as every line of ours has it: verified, or refused with the fingerprint of what was shown to us."""

from __future__ import annotations

import hashlib
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple

from inbox.channels.trouble import NetworkTrouble, RefusedCertificate, server_words
from inbox.errors import BadSettings
from inbox.model import Instant

Speech = Literal["", "imap", "smtp"]
"""What is spoken before STARTTLS; "" when the line is TLS from its first byte."""


HANDSHAKE_LIMIT = 10.0
"""Seconds to wait for each answer of a server that is only asked for its certificate."""


class Shown(NamedTuple):
    """The certificate of a server, which has passed: who signed it, and until when it holds."""

    signed_by: str  # sanitised; "itself" when nobody else did
    until: Instant


def verified_context(ca_file: str | Path | None) -> ssl.SSLContext:
    """A context that trusts the system's authorities, or only those of `ca_file` (PEM); names are checked.

    Raises BadSettings when the file cannot be read.
    """
    try:
        return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError):
        raise BadSettings(
            f"The file of trusted certificates cannot be read: {ca_file}",
            "Set ca_file to a readable PEM file, or take it out to trust the system's.",
        ) from None


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself, the only place where mail may travel in clear."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def refuse_clear(host: str, security: str) -> None:
    """Raise BadSettings when a line would go in clear to another machine."""
    if security == "none" and not is_loopback(host):
        raise BadSettings(
            f'security = "none" sends passwords and mail in clear to {host}.',
            'Use "tls", or "starttls"; "none" is for this machine only (localhost).',
        )


def refused(host: str, port: int, speech: Speech, error: ssl.SSLCertVerificationError) -> RefusedCertificate:
    """The error for a certificate that did not pass, with its fingerprint from a second look."""
    mark = fingerprint(host, port, speech)
    shown = f" It shows a certificate with SHA-256 {mark}." if mark else ""
    return RefusedCertificate(
        f"The certificate of {host}:{port} is not trusted ({error.verify_message}); nothing was sent.{shown}",
        "Ask who runs the server. If it is theirs, save it (or its authority) as a PEM file and set ca_file.",
        mark,
    )


def certificate(
    host: str, port: int, speech: Speech, ca_file: str | Path | None, timeout: float = HANDSHAKE_LIMIT
) -> Shown:
    """The certificate a server shows, looked at in a connection that ends with the handshake; nothing is sent.

    Raises RefusedCertificate when it does not pass, NetworkTrouble when there is no TLS to be had, BadSettings when
    `ca_file` cannot be read.
    """
    context = verified_context(ca_file)
    try:
        with _handshake(context, host, port, speech, timeout) as line:
            return _shown(line.getpeercert() or {})
    except ssl.SSLCertVerificationError as error:
        raise refused(host, port, speech, error) from None
    except (OSError, ValueError) as error:
        why = "no answer in time" if isinstance(error, TimeoutError) else _words(error)
        raise NetworkTrouble(
            f"{host}:{port} shows no certificate: {why}",
            "Check host, port and security in the settings, and the network.",
        ) from None


def fingerprint(host: str, port: int, speech: Speech, timeout: float = HANDSHAKE_LIMIT) -> str:
    """SHA-256 of the certificate a server shows ("AB:CD:…"), whoever signed it; "" when it cannot be had.

    Makes a connection of its own that ends with the handshake; nothing secret is sent.
    """
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with _handshake(context, host, port, speech, timeout) as line:
            der = line.getpeercert(binary_form=True) or b""
    except (OSError, ValueError):
        return ""
    return hashlib.sha256(der).digest().hex(":").upper()


@contextmanager
def _handshake(
    context: ssl.SSLContext, host: str, port: int, speech: Speech, timeout: float
) -> Iterator[ssl.SSLSocket]:
    with socket.create_connection((host, port), timeout=timeout) as plain:
        _ask_for_tls(plain, speech)
        with context.wrap_socket(plain, server_hostname=host) as line:
            yield line


def _shown(parts: dict[str, Any]) -> Shown:
    """From what `ssl` makes of a certificate; the names in it are foreign text."""
    names = {key: value for rdn in parts.get("issuer", ()) for key, value in rdn}
    signer = " ".join(filter(None, (names.get("organizationName"), names.get("commonName"))))
    itself = parts.get("issuer") == parts.get("subject")
    return Shown(
        "itself" if itself else server_words(signer or "somebody unnamed", 80),
        ssl.cert_time_to_seconds(parts["notAfter"]),
    )


def _words(error: Exception) -> str:
    said = error.reason if isinstance(error, ssl.SSLError) else getattr(error, "strerror", None)
    return server_words(str(said or error).lower().replace("_", " "), 120)


def _ask_for_tls(plain: socket.socket, speech: Speech) -> None:
    if not speech:
        return
    with plain.makefile("rb", buffering=0) as heard:
        if speech == "imap":
            heard.readline(8192)
            plain.sendall(b"a STARTTLS\r\n")
            while (line := heard.readline(8192)) and not line.startswith(b"a "):
                pass
            return
        for said in (b"", b"EHLO [127.0.0.1]\r\n", b"STARTTLS\r\n"):
            if said:
                plain.sendall(said)
            while heard.readline(8192)[3:4] == b"-":
                pass

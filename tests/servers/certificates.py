"""Certificates for loopback servers, made at run time with the openssl command."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Certificate:
    """A self-signed certificate and its key; `cert` is also the file to trust (`ca_file`)."""

    cert: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        """What a test server offers."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        return context

    def fingerprint(self) -> str:
        """SHA-256 of the certificate, as openssl itself prints it ("AB:CD:…")."""
        command = ["openssl", "x509", "-in", str(self.cert), "-noout", "-fingerprint", "-sha256"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return done.stdout.strip().partition("=")[2]


def make_certificate(
    folder: Path,
    name: str = "cert",
    hosts: tuple[str, ...] = ("DNS:localhost", "IP:127.0.0.1"),
    days: int = 30,
) -> Certificate:
    """Make one for `hosts`; negative `days` makes one that has run out."""
    cert, key, request, extra = (folder / f"{name}{end}" for end in (".pem", ".key", ".csr", ".ext"))
    extra.write_text(
        f"subjectAltName={','.join(hosts)}\nbasicConstraints=critical,CA:TRUE\n", encoding="ascii"
    )

    def openssl(*words: str | Path) -> None:
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)

    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key)
    openssl("req", "-new", "-key", key, "-subj", "/CN=localhost", "-out", request)
    openssl(
        "x509", "-req", "-in", request, "-signkey", key, "-sha256",
        "-days", str(days), "-extfile", extra, "-out", cert,
    )  # fmt: skip
    return Certificate(cert, key)

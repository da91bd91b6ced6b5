"""What can go wrong between us and a mail server, told apart so that each gets the right next step.

The words of a server are foreign text and can echo what was sent to it: they pass `server_words` first, so
that no secret ever stands in an error.
"""

from __future__ import annotations

from inbox.errors import WorldError
from inbox.journal import safe_text


class NetworkTrouble(WorldError):
    """The line could not be made, broke, went silent, or said unreadable things. Try again later."""


class BadPassword(WorldError):
    """The server itself refused user or secret. Trying the same again can lock the account."""


class NeedsLogin(BadPassword):
    """There is no access token that the server takes, and none can be had without a person. Only what a person
    does helps; `next_step` says what.
    """


class RefusedCertificate(WorldError):
    """The certificate is not trusted; nothing was sent. `fingerprint` is its SHA-256, or ""."""

    def __init__(self, what: str, next_step: str = "", fingerprint: str = "") -> None:
        super().__init__(what, next_step)
        self.fingerprint = fingerprint


class ServerSaidNo(WorldError):
    """The server refused. `code` is its word for why (RFC 5530, "OVERQUOTA") or number ("550")."""

    def __init__(self, what: str, next_step: str = "", code: str = "", temporary: bool = False) -> None:
        super().__init__(what, next_step)
        self.code = code
        self.temporary = temporary


def server_words(said: object, limit: int = 300) -> str:
    """What a server said, on one line, sanitised and bounded, with every known secret taken out."""
    return safe_text(said.decode("utf-8", "replace") if isinstance(said, bytes) else said, limit)

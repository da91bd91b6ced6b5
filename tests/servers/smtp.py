"""A real SMTP submission server for tests: aiosmtpd in this process, in a thread of its own.

What it answers can be scripted, it can break the line before or after a message counts as taken, and it
remembers everything it was told, also which bytes came in clear.
"""

# ruff: noqa: ARG002  (aiosmtpd calls its hooks with more than a test needs)

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
import threading
from collections import deque
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.certificates import Certificate
from tests.servers.looping import listening


@dataclass(frozen=True, slots=True)
class Taken:
    """A message the server keeps: envelope, bytes as they came, who had logged in, was the line TLS."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    user: str | None
    tls: bool


@dataclass
class SmtpServer:
    """The running server and its script. `security`: "tls", "starttls" or "none"; `users`: name -> password.

    `answer` scripts what it says to "mail", "rcpt" (of one address or of any), "data" (after the DATA
    command) and "dot" (after the message). Beside SMTP answers such as "451 4.3.0 later" there are two faults
    for "dot": `ABORT_KEPT` breaks the line after the message counts as taken, `ABORT_LOST` before.
    """

    security: str = "tls"
    certificate: Certificate | None = None
    users: dict[str, str] = field(default_factory=lambda: {"ann": "secret"})
    tokens: dict[str, str] = field(default_factory=dict)  # user -> access token that XOAUTH2 takes
    mechanisms: tuple[str, ...] = ("PLAIN", "LOGIN", "XOAUTH2")
    host: str = "127.0.0.1"
    port: int = 0

    taken: list[Taken] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)  # as received, without arguments of AUTH
    clear: bytearray = field(default_factory=bytearray)  # every byte that came outside TLS
    connections: int = 0
    size: int = 33_554_432  # the most bytes it says it takes
    utf8: bool = False  # whether it offers SMTPUTF8

    ABORT_KEPT = "abort-kept"
    ABORT_LOST = "abort-lost"

    def __post_init__(self) -> None:
        self._answers: dict[tuple[str, str | None], deque[str]] = {}
        self._always: dict[tuple[str, str | None], str] = {}
        self._holds: dict[str, threading.Event] = {}
        self._reached: dict[str, threading.Event] = {}
        self._to_hold: dict[str, int] = {}
        self._loop = asyncio.new_event_loop()
        self._lines: set[_Line] = set()

    def answer(self, command: str, *said: str, to: str | None = None) -> None:
        """Script the next answers to a command, one each time; then it answers well again."""
        self._answers.setdefault((command, to), deque()).extend(said)

    def always(self, command: str, said: str, to: str | None = None) -> None:
        """Script one answer for good."""
        self._always[command, to] = said

    def hold(self, command: str, times: int = 1_000_000) -> threading.Event:
        """Keep the next so many answers to "ehlo", "mail", "rcpt", "data" or "dot" back until the event given is set."""
        self._reached[command] = threading.Event()
        self._to_hold[command] = times
        return self._holds.setdefault(command, threading.Event())

    def reached(self, command: str) -> threading.Event:
        """An event that is set once a held command has arrived."""
        return self._reached[command]

    def count(self, message_id: str) -> int:
        """How many messages with this Message-ID the server has taken."""
        wanted = re.compile(rb"(?im)^message-id:\s*" + re.escape(message_id.encode()))
        return sum(bool(wanted.search(one.raw.partition(b"\r\n\r\n")[0])) for one in self.taken)

    def drop_lines(self) -> None:
        """Break every connection now."""
        self._loop.call_soon_threadsafe(self._break_lines)

    # ------------------------------------------------------------------ inside

    def _scripted(self, command: str, to: str | None = None) -> str | None:
        for key in ((command, to), (command, None)):
            if self._answers.get(key):
                return self._answers[key].popleft()
            if key in self._always:
                return self._always[key]
        return None

    async def _answer(self, command: str, to: str | None = None) -> str | None:
        if self._to_hold.get(command):
            self._to_hold[command] -= 1
            self._reached[command].set()
            await asyncio.to_thread(self._holds[command].wait, 60)
        return self._scripted(command, to)

    def _line(self) -> asyncio.BaseProtocol:
        self.connections += 1
        return _Line(self)

    def _listen(self) -> Awaitable[asyncio.Server]:
        context = self.certificate.server_context() if self.certificate and self.security == "tls" else None
        return self._loop.create_server(self._line, self.host, 0, ssl=context)

    def _break_lines(self) -> None:
        for line in list(self._lines):
            line.abort()


class _Handler:
    """aiosmtpd's hooks, answering from the script."""

    def __init__(self, server: SmtpServer) -> None:
        self.server = server

    async def handle_EHLO(
        self, smtp: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        scripted = await self.server._answer("ehlo")
        return [scripted] if scripted else responses

    async def handle_MAIL(
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.server.users and not session.authenticated:
            return "530 5.7.0 Authentication required"
        said = await self.server._answer("mail", address)
        if said and not said.startswith("2"):
            return said
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return said or "250 OK"

    async def handle_RCPT(
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = await self.server._answer("rcpt", address)
        if said and not said.startswith("2"):
            return said
        envelope.rcpt_tos.append(address)
        return said or "250 OK"

    async def handle_DATA(self, smtp: _Line, session: Session, envelope: Envelope) -> str:
        said = await self.server._answer("dot")
        content = envelope.content
        raw = content if isinstance(content, bytes) else str(content).encode()
        kept = Taken(
            envelope.mail_from or "", tuple(envelope.rcpt_tos), raw, _name(session.auth_data), smtp.is_tls()
        )
        if said == SmtpServer.ABORT_LOST:
            smtp.abort()
            return "250 nobody hears this"
        if said in (None, SmtpServer.ABORT_KEPT) or str(said).startswith("2"):
            self.server.taken.append(kept)
        if said == SmtpServer.ABORT_KEPT:
            smtp.abort()
            return "250 nobody hears this"
        return said or "250 2.0.0 taken"

    async def auth_XOAUTH2(self, smtp: SMTP, args: list[str]) -> AuthResult:
        text = base64.b64decode(args[1]).decode()
        user = text.partition("user=")[2].partition("\x01")[0]
        token = text.partition("Bearer ")[2].partition("\x01")[0]
        if self.server.tokens.get(user) == token:
            return AuthResult(success=True, auth_data=LoginPassword(user.encode(), b""))
        await smtp.challenge_auth(b'{"status":"401"}')
        return AuthResult(success=False, handled=False)


def _name(login: object) -> str | None:
    return login.login.decode() if isinstance(login, LoginPassword) else None


class _Session(Session):
    """aiosmtpd's own, without the old name of who logged in: aiosmtpd itself sets it at each log-in, and warns of that."""

    login_data: Any = None


class _Line(SMTP):
    """One connection: aiosmtpd's own protocol, remembering what it hears."""

    def __init__(self, server: SmtpServer) -> None:
        self._server_under_test = server
        self._implicit = server.security == "tls"
        context = server.certificate.server_context() if server.certificate else None
        super().__init__(
            _Handler(server),
            hostname="mail.test",
            tls_context=context if server.security == "starttls" else None,
            enable_SMTPUTF8=server.utf8,
            require_starttls=server.security == "starttls",
            auth_require_tls=server.security == "starttls",
            auth_exclude_mechanism=[m for m in ("PLAIN", "LOGIN", "XOAUTH2") if m not in server.mechanisms],
            authenticator=self._check,
            timeout=60,
            data_size_limit=server.size,
            loop=server._loop,
        )

    def _check(self, smtp: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        known = self._server_under_test.users.get(data.login.decode())
        ok = known is not None and data.password.decode() == known
        return AuthResult(success=ok, handled=False, auth_data=data)

    def _create_session(self) -> Session:
        return _Session(self.loop)

    def is_tls(self) -> bool:
        return self._implicit or self._tls_protocol is not None

    def abort(self) -> None:
        transport = self._original_transport or self.transport
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()

    def connection_made(self, transport: Any) -> None:
        self._server_under_test._lines.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._server_under_test._lines.discard(self)
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if not self.is_tls():
            self._server_under_test.clear.extend(data)
        super().data_received(data)

    async def smtp_DATA(self, arg: str) -> None:
        self._server_under_test.commands.append("DATA")
        said = await self._server_under_test._answer("data")
        if said:
            await self.push(said)
            if said.startswith("421"):
                self.abort()
            return
        await super().smtp_DATA(arg)

    async def smtp_MAIL(self, arg: str) -> None:
        self._server_under_test.commands.append(f"MAIL {arg}")
        await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str) -> None:
        self._server_under_test.commands.append(f"RCPT {arg}")
        await super().smtp_RCPT(arg)

    async def smtp_AUTH(self, arg: str) -> None:
        self._server_under_test.commands.append(f"AUTH {(arg or '').partition(' ')[0]}")
        await super().smtp_AUTH(arg)

    async def smtp_EHLO(self, arg: str) -> None:
        self._server_under_test.commands.append(f"EHLO {arg}")
        await super().smtp_EHLO(arg)


@contextlib.contextmanager
def running_smtp(
    security: str = "none", certificate: Certificate | None = None, **more: Any
) -> Iterator[SmtpServer]:
    """Start a server for the length of a `with`; `more` are fields of SmtpServer."""
    server = SmtpServer(security, certificate, **more)
    with listening(server._loop, server._listen, server._break_lines) as server.port:
        try:
            yield server
        finally:
            for held in server._holds.values():
                held.set()

"""Handing messages to a mail server over SMTP, so that each fault is known by the phase that it hit.

aiosmtplib makes the line and the login; the transaction is spoken here command by command. Until the final
dot nothing has been handed over and trying again is safe. Once the dot may have left, a lost line or a
missing answer means `unknown`: nobody can tell, and nothing here ever sends again.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import inspect
import re
import sys
import termios
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import aiosmtplib
from aiosmtplib.protocol import SMTPProtocol

from inbox.channels.logins import Secrets, logged_in_soon
from inbox.channels.passwords import Secret
from inbox.channels.smtp_line import drop, open_line
from inbox.channels.trouble import server_words
from inbox.recipients import mailable
from inbox.settings import Mailbox

Phase = Literal["connecting", "data"]
OnPhase = Callable[[Phase], Awaitable[None] | None]
OnLine = Callable[[int | None], None]
"""Told that a line is made, and the most bytes that a message may have there (RFC 1870); None: the server does not say."""
Answer = asyncio.Task[aiosmtplib.SMTPResponse]
State = Literal["sent", "refused-for-now", "failed", "unknown"]

PIECE = 1 << 18
"""Bytes of a message that are written at a time."""
_BARE_ENDS = re.compile(rb"\r\n|\r|\n")
_DOTS = re.compile(rb"(?m)^\.")
_QUOTA = re.compile(
    r"\b[45]\.(4\.5|7\.23[23])\b"
    r"|\b(sen[dt]|sending|outgoing|outbound|hourly|daily|rate)\b[^.]{0,40}\b(limit|quota)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a message got for one recipient.

    state: "sent" (the server has taken it), "refused-for-now" (try again later), "failed" (never try again),
    "unknown" (it may have been taken: only a person, or a look into Sent, may decide).
    code: the server's number, None when the line and not the server decided. words: what it said, sanitised.
    quota: the account may not send any more just now; pause the whole mailbox.
    """

    state: State
    code: int | None = None
    words: str = ""
    quota: bool = False


_LOST_BEFORE = Outcome("refused-for-now", None, "The line was lost before the message was handed over.")
_LOST_AFTER = Outcome(
    "unknown", None, "The line was lost after all of the message had gone; nobody knows whether it was taken."
)
_NO_UTF8 = Outcome(
    "failed",
    None,
    "An address has letters outside ASCII before its @, and our mail server does not take such addresses (SMTPUTF8).",
)
_NO_ANSWER = Outcome(
    "unknown", None, "No answer came after all of the message had gone; nobody knows whether it was taken."
)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait: for a connection; for each answer; for the message to leave; for the answer to the
    dot.

    RFC 5321, 4.5.3.2, asks for five minutes a command, three a piece of data, and ten for the dot.
    """

    connect: float = 30.0
    answer: float = 300.0
    data: float = 600.0
    dot: float = 660.0


class Sender:
    """A line to one mailbox's server, kept for several messages; one message at a time.

    `secret`: what to log in with, None where no login is wanted; from `Secrets` it is asked for when a line is made,
    and a token that has run out is renewed once. `on_line` hears of every line that was made.
    """

    def __init__(
        self,
        mailbox: Mailbox,
        secret: Secrets | Secret | None,
        timeouts: Timeouts = Timeouts(),
        on_line: OnLine = lambda _: None,
    ) -> None:
        self._mailbox = mailbox
        self._secret = secret
        self._timeouts = timeouts
        self._on_line = on_line
        self._smtp: aiosmtplib.SMTP | None = None

    async def __aenter__(self) -> Sender:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Say QUIT if the line still stands; never raises."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None and smtp.is_connected:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await smtp.execute_command(b"QUIT", timeout=5)
        drop(smtp)

    async def send(
        self, message: bytes, sender: str, recipients: Sequence[str], on_phase: OnPhase
    ) -> dict[str, Outcome]:
        """Send to the recipients (bare addresses); gives the outcome of each, under the address as given.

        `on_phase("connecting")` is called before the server hears anything of the message,
        `on_phase("data")` when all but the final dot has left; each must have returned, durably written,
        before the next step. A message whose process died with "data" written is unknown, with only
        "connecting" written it can be sent again.

        Raises, always before anything was handed over: NetworkTrouble, RefusedCertificate, BadPassword (NeedsLogin),
        ServerSaidNo, BadSettings, what `Secrets.of` raises, and whatever `on_phase` raises.
        """
        outcomes, envelope = _envelope(sender, recipients)
        if not envelope:
            return outcomes
        await _written(on_phase, "connecting")
        smtp = await self._ready()
        transaction = _Transaction(smtp, self._timeouts, outcomes, envelope)
        try:
            done = await transaction.run(message, sender, on_phase)
        except BaseException:
            drop(smtp)
            raise
        if not done:
            drop(smtp)
        return {address: outcomes[address] for address in dict.fromkeys(recipients)}

    async def _ready(self) -> aiosmtplib.SMTP:
        """The line, fresh or proven to be alive."""
        if self._smtp is not None and self._smtp.is_connected:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                if (await self._smtp.execute_command(b"RSET", timeout=self._timeouts.connect)).code == 250:
                    return self._smtp
        drop(self._smtp)
        if isinstance(self._secret, Secrets):
            self._smtp = await logged_in_soon(self._mailbox, self._secret, self._open)
        else:
            self._smtp = await self._open(self._mailbox, self._secret)
        self._on_line(_largest(self._smtp))
        return self._smtp

    async def _open(self, mailbox: Mailbox, secret: Secret | None) -> aiosmtplib.SMTP:
        return await open_line(mailbox, secret, self._timeouts.connect, self._timeouts.answer)


@dataclass
class _Transaction:
    """One message on its way. `envelope`: address as given -> as the server hears it; `outcomes` fills up."""

    smtp: aiosmtplib.SMTP
    timeouts: Timeouts
    outcomes: dict[str, Outcome]
    envelope: dict[str, str]

    async def run(self, message: bytes, sender: str, on_phase: OnPhase) -> bool:
        """Speak it; True when the line can carry another message."""
        body = _on_the_wire(message)
        largest = _largest(self.smtp)
        if largest is not None and len(body) > largest:
            words = f"The server takes messages of at most {_megabytes(largest)}, and this one has {_megabytes(len(body))}."
            self._settle(self._open_ones(), Outcome("failed", None, words))
            return True
        if self._is_wide(body, sender) and not self.smtp.supports_extension("smtputf8"):
            self._settle(self._open_ones(), _NO_UTF8)
            return True
        try:
            accepted = await self._open(body, sender)
            if not accepted:
                return self.smtp.is_connected
            start = await self._command(b"DATA")
            if start.code != 354:
                self._settle(accepted, self._refusal(start))
                return self.smtp.is_connected
        except (aiosmtplib.SMTPException, OSError):
            self._settle(self._open_ones(), _LOST_BEFORE)
            return False
        outcome, alive = await self._data(body, on_phase)
        self._settle(accepted, outcome)
        return alive

    def _is_wide(self, body: bytes, sender: str) -> bool:
        """Whether an address in the envelope or the header needs SMTPUTF8 (RFC 6531)."""
        header = body[: max(body.find(b"\r\n\r\n"), 0)]
        ours = mailable(sender) or ""
        return not (header.isascii() and all(map(str.isascii, (ours, *self.envelope.values()))))

    async def _open(self, body: bytes, sender: str) -> list[str]:
        """MAIL and RCPT; gives the recipients that the server accepts."""
        extensions = [b"SMTPUTF8"] if self._is_wide(body, sender) else []
        if self.smtp.supports_extension("size"):
            extensions.append(b"SIZE=%d" % len(body))
        if self.smtp.supports_extension("8bitmime") and not body.isascii():
            extensions.append(b"BODY=8BITMIME")
        said = await self._command(b"MAIL", f"FROM:<{mailable(sender) or ''}>".encode(), *extensions)
        if not 200 <= said.code < 300:
            self._settle(list(self.envelope), self._refusal(said))
            return []
        accepted = []
        for address, heard_as in self.envelope.items():
            said = await self._command(b"RCPT", f"TO:<{heard_as}>".encode())
            if 200 <= said.code < 300:
                accepted.append(address)
                continue
            self.outcomes[address] = self._refusal(said)
            if said.code == 421:  # the server closes the line (RFC 5321, 3.8)
                self._settle(self._open_ones(), self._refusal(said))
                return []
        return accepted

    async def _data(self, body: bytes, on_phase: OnPhase) -> tuple[Outcome, bool]:
        """The message and its dot; the outcome for all accepted recipients, and whether the line lives on."""
        protocol = self.smtp.protocol
        if protocol is None:
            return _LOST_BEFORE, False
        # The answer is listened for from the start: a server may refuse before it has heard everything.
        answer = asyncio.create_task(protocol.read_response(timeout=None))
        await asyncio.sleep(0)
        try:
            early = await self._until_the_dot(protocol, body, answer, on_phase)
            return (early, False) if early is not None else await self._after_the_dot(answer)
        finally:
            answer.cancel()
            await asyncio.gather(answer, return_exceptions=True)

    async def _until_the_dot(
        self, protocol: SMTPProtocol, body: bytes, answer: Answer, on_phase: OnPhase
    ) -> Outcome | None:
        """None once the dot is written; else the outcome: nothing was handed over."""
        try:
            async with asyncio.timeout(self.timeouts.data):
                for start in range(0, len(body), PIECE):
                    if answer.done():
                        break
                    protocol.write(body[start : start + PIECE])
                    await self._passed(answer)
                await self._left(answer)
        except (aiosmtplib.SMTPException, OSError):
            return _LOST_BEFORE
        if not answer.done():
            await _written(on_phase, "data")
        if answer.done():
            return self._early(answer)
        try:
            protocol.write(b".\r\n")
        except aiosmtplib.SMTPServerDisconnected:
            return _LOST_BEFORE
        return None

    async def _passed(self, answer: Answer) -> None:
        """Wait until the system takes more: else a large message would lie in a buffer a second time."""
        transport = self.smtp.transport
        while not answer.done() and isinstance(transport, asyncio.WriteTransport):
            if transport.is_closing() or transport.get_write_buffer_size() <= PIECE:
                return
            await asyncio.sleep(0.005)

    async def _left(self, answer: Answer) -> None:
        """Wait until the body has reached the other side's machine, or the server has spoken.

        Else a slow line that breaks half-way through an attachment would have the dot waiting in a buffer, and
        the message would be unknown without need.
        """
        transport = self.smtp.transport
        while not answer.done() and isinstance(transport, asyncio.WriteTransport):
            if transport.is_closing() or not (transport.get_write_buffer_size() or _on_its_way(transport)):
                return
            await asyncio.sleep(0.01)

    def _early(self, answer: Answer) -> Outcome:
        """What the server said, or that the line broke, before the dot was written."""
        try:
            said = answer.result()
        except (aiosmtplib.SMTPException, OSError):
            return _LOST_BEFORE
        if 200 <= said.code < 300:  # taken before its end: nobody knows what such a server does with it
            return Outcome("unknown", said.code, server_words(said.message))
        return self._refusal(said)

    async def _after_the_dot(self, answer: Answer) -> tuple[Outcome, bool]:
        try:
            async with asyncio.timeout(self.timeouts.dot):
                said = await answer
        except TimeoutError:
            return _NO_ANSWER, False
        except (aiosmtplib.SMTPException, OSError):
            return _LOST_AFTER, False
        if 200 <= said.code < 300:
            return Outcome("sent", said.code, server_words(said.message)), True
        if 400 <= said.code < 600:
            return self._refusal(said), said.code != 421
        return Outcome("unknown", said.code, server_words(said.message)), False

    async def _command(self, *words: bytes) -> aiosmtplib.SMTPResponse:
        return await self.smtp.execute_command(*words, timeout=self.timeouts.answer)

    def _refusal(self, said: aiosmtplib.SMTPResponse) -> Outcome:
        words = server_words(said.message)
        if _QUOTA.search(words) and said.code >= 400:
            return Outcome("refused-for-now", said.code, words, quota=True)
        return Outcome("failed" if 500 <= said.code < 600 else "refused-for-now", said.code, words)

    def _open_ones(self) -> list[str]:
        return [address for address in self.envelope if address not in self.outcomes]

    def _settle(self, addresses: Sequence[str], outcome: Outcome) -> None:
        for address in addresses:
            self.outcomes[address] = outcome


def _on_the_wire(message: bytes) -> bytes:
    """The message as it goes after DATA, without the dot; what fits already is not copied, for it may be large."""
    ends = message.count(b"\r\n")
    if not (ends == message.count(b"\n") == message.count(b"\r")):
        message = _BARE_ENDS.sub(b"\r\n", message)
    if message.startswith(b".") or b"\n." in message:
        message = _DOTS.sub(b"..", message)
    return message if message.endswith(b"\r\n") else message + b"\r\n"


def _largest(smtp: aiosmtplib.SMTP) -> int | None:
    said = smtp.esmtp_extensions.get("size", "").strip()
    return int(said) if said.isascii() and said.isdigit() and int(said) > 0 else None


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"


def _on_its_way(transport: asyncio.WriteTransport) -> int:
    """Bytes given to the system that the other side has not confirmed; 0 where the system does not tell."""
    line = transport.get_extra_info("socket")
    try:
        told = fcntl.ioctl(line.fileno(), termios.TIOCOUTQ, bytes(4))
    except (AttributeError, OSError):
        return 0
    return int.from_bytes(told, sys.byteorder)


def _envelope(sender: str, recipients: Sequence[str]) -> tuple[dict[str, Outcome], dict[str, str]]:
    """What can be settled without a server, and for the others the form the server hears."""
    outcomes: dict[str, Outcome] = {}
    envelope: dict[str, str] = {}
    for address in dict.fromkeys(recipients):
        heard_as = mailable(address)
        if sender and mailable(sender) is None:
            outcomes[address] = Outcome("failed", None, "Our own address cannot be used in mail.")
        elif heard_as is None:
            outcomes[address] = Outcome("failed", None, "This is no address that mail can be sent to.")
        else:
            envelope[address] = heard_as
    return outcomes, envelope


async def _written(on_phase: OnPhase, phase: Phase) -> None:
    waiting = on_phase(phase)
    if inspect.isawaitable(waiting):
        await waiting

"""The post of the made-up shop: letters as the bytes a server would bring, and a server that takes everything."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

from inbox import mime, outgoing
from inbox.actions import receive
from inbox.model import Address, Instant, Message, Who
from inbox.outgoing import Enclosure
from inbox.ports import Decide, Result, Scope, Workspace
from inbox.settings import Watched
from inbox.us import Us

SHOP = Address("Fernweh Outdoor", "support@fernweh.example")
WHO = Who("sync")
MAILBOX = "support"
OURS = (SHOP.address, "@fernweh.example")
US = Us.of(OURS)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as somebody wrote it. `number` makes its Message-ID, so that the same letter is the same each time.
    `trusted`: it lies where only we can put it."""

    sender: Address
    subject: str
    text: str
    at: Instant
    number: int
    html: str | None = None
    files: tuple[Enclosure, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    trusted: bool = False

    def raw(self) -> bytes:
        """The letter as a server hands it over."""
        built = outgoing.build(
            outgoing.Outgoing(
                sender=self.sender,
                to=(SHOP,),
                subject=self.subject,
                text=self.text,
                html=self.html,
                attachments=self.files,
                message_id=outgoing.new_message_id(self.sender.address.rpartition("@")[2], self.number),
                date=self.at,
                in_reply_to=self.in_reply_to,
                references=self.references,
            )
        )
        extra = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        return extra.encode("ascii") + built


def numbered(story: int, at: Instant) -> int:
    """The bits of a Message-ID: those of the shop are made up too, and the same story makes the same ones."""
    return (story << 64) | at


def arrival(raw: bytes, at: Instant, *, trusted: bool = False) -> tuple[Message, Scope, Decide]:
    """A mail as it is read, and the change that receives it."""
    message = mime.parse(raw)
    coming = receive.Arrival(message, raw, at, us=US, mailbox=MAILBOX, trusted=trusted, watched=Watched())
    return message, receive.scope(coming), receive.deciding(coming)


def take_in(store: Workspace, mails: Iterable[tuple[bytes, Instant, bool]], now: Instant) -> None:
    """Receive many (bytes, instant, trusted) in one batch, as the worker does."""
    store.change_each((arrival(raw, at, trusted=trusted)[1:] for raw, at, trusted in mails), WHO, now)


def deliver(store: Workspace, now: Instant) -> list[tuple[str, bytes]]:
    """Take what is due from the outbox as a mail server would, without one: (Message-ID, bytes) of each."""
    taken = []
    for going in store.sending.due(now):
        try:
            store.sending.phase(going.message, "connecting", now)
        except LookupError:
            continue  # taken back in this very moment
        store.sending.phase(going.message, "data", now)
        taken.append((going.message_id, store.sending.raw(going.message) or b""))
        store.sending.settle(going, dict.fromkeys(going.recipients, Result("sent", "sandbox")), now, None)
    for job in store.jobs.due(now):
        store.jobs.done(job.id)
    return taken


def report_of(answered: bytes, address: str, at: Instant) -> bytes:
    """The delivery report a server writes when nobody is at an address (RFC 3464) about a mail of ours."""
    head = answered.split(b"\r\n\r\n", 1)[0].decode("ascii", "replace")
    domain = address.rpartition("@")[2]
    lines = [
        f"From: Mail Delivery System <MAILER-DAEMON@{domain}>",
        f"To: {SHOP.address}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Date: {format_datetime(datetime.fromtimestamp(at, UTC))}",
        f"Message-ID: <report.{at}@{domain}>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="report"',
        "",
        "--report",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "Your message could not be delivered.",
        "",
        f"<{address}>: 550 5.1.1 The mailbox is not known here",
        "--report",
        "Content-Type: message/delivery-status",
        "",
        f"Reporting-MTA: dns; mx.{domain}",
        "",
        f"Final-Recipient: rfc822; {address}",
        "Action: failed",
        "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 5.1.1 The mailbox is not known here",
        "",
        "--report",
        "Content-Type: text/rfc822-headers",
        "",
        *head.split("\r\n"),
        "",
        "--report--",
        "",
    ]
    return "\r\n".join(lines).encode("ascii", "replace")


def picture(name: str, shades: Sequence[int] = (60, 90, 120)) -> Enclosure:
    """A small photo, of nothing but bands of grey (PNG, ISO/IEC 15948)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    width, height = 320, 40 * len(shades)
    rows = b"".join(b"\0" + bytes([shade]) * width for shade in shades for _ in range(40))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    content = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
    return Enclosure(name, "image/png", content)

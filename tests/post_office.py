"""A workspace with a worker between a real IMAP and a real SMTP server, for stories about mail that comes and goes."""

from __future__ import annotations

import imaplib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path

import pytest

from inbox.actions import decision
from inbox.channels.logins import Secrets, _Known
from inbox.channels.passwords import Secret
from inbox.model import Clock, ClockKind, Conversation, Instant, Who
from inbox.ports import Item
from inbox.settings import DAY, Mailbox, Settings
from inbox.worker import Pass, Worker
from storage.workspace import Workspace, open_store
from tests.faults.clock import PinnedClock
from tests.servers.dovecot import Dovecot
from tests.servers.mailboxes import mailbox
from tests.servers.smtp import SmtpServer

ANNA = Who("anna")
SUPPORT = "support@shop.example"
JO = "Jo Park <jo@park.example>"
SECRET = "secret"


def letter(
    sender: str = JO,
    subject: str = "Where is my parcel?",
    text: str = "It should have come on Friday.\n",
    at: Instant = 1_773_651_600,
    to: str = SUPPORT,
    **headers: str,
) -> bytes:
    """One mail as a server keeps it; `headers` by name with underscores, such as in_reply_to."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime.fromtimestamp(at, UTC))
    known = sha256(f"{sender}{subject}{text}{at}".encode()).hexdigest()[:16]
    message["Message-ID"] = headers.pop("message_id", f"<{known}@park.example>")
    for name, value in headers.items():
        message[name.replace("_", "-").title()] = value
    message.set_content(text)
    return message.as_bytes().replace(b"\n", b"\r\n")


def on_both(imap: Dovecot, user: str, smtp: SmtpServer | None = None, **fields: object) -> Mailbox:
    """The user's mailbox, which sends over `smtp` (where the user gets a login) if that is given."""
    given: dict[str, object] = {"user": user, "imap_host": imap.host, "imap_port": imap.port}
    if smtp is not None:
        smtp.users[user] = SECRET
        given |= {"smtp_host": smtp.host, "smtp_port": smtp.port, "smtp_security": smtp.security}
        given["ca_file"] = str(smtp.certificate.cert) if smtp.certificate else None
    return mailbox(**{**given, **fields})


class Known(Secrets):
    """Passwords by the mailbox's name (else `SECRET`); `asked` notes whose was read."""

    def __init__(self, passwords: dict[str, str], asked: list[str]) -> None:
        super().__init__({}, Path())
        self._passwords, self._asked_for = passwords, asked

    def _asked(self, known: _Known, mailbox: Mailbox, refused: Secret | None) -> Secret:  # noqa: ARG002  its base's
        self._asked_for.append(mailbox.name)
        return Secret(self._passwords.get(mailbox.name, SECRET))


@dataclass
class PostOffice:
    """The workspace and everything around it. `pace` of sending and the clock stand still until a test moves them."""

    folder: Path
    imap: Dovecot
    clock: PinnedClock
    mailboxes: tuple[Mailbox, ...]
    passwords: dict[str, str] = field(default_factory=dict)  # of a mailbox by its name, where it is another
    asked: list[str] = field(default_factory=list)  # mailboxes whose password was read
    settings: Settings = field(init=False)
    store: Workspace = field(init=False)

    def __post_init__(self) -> None:
        self.settings = Settings(mailboxes=self.mailboxes, us_words=(SUPPORT,))
        self.store = open_store(self.folder)
        self.store.apply(self.settings, self.clock())

    @property
    def secrets(self) -> Secrets:
        """The passwords, for one process that logs in."""
        return Known(self.passwords, self.asked)

    @property
    def user(self) -> str:
        """The user of the first mailbox."""
        return self.mailboxes[0].user

    def worker(self, **more: Callable[..., object]) -> Worker:
        """A worker on this workspace."""
        return Worker(
            store=self.store,
            settings=self.settings,
            us=self.settings.us,
            secrets=self.secrets,
            clock=self.clock,
            **more,  # type: ignore[arg-type]  # progress, cancelled
        )

    def sync(self) -> Pass:
        """One pass that finds nothing wrong."""
        done = self.worker().once()
        assert not done.troubles, done.troubles
        return done

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    # ------------------------------------------------------------------ the world

    def arrives(
        self, *raws: bytes, folder: str = "INBOX", at: Instant | None = None, user: str | None = None
    ) -> None:
        """Mail is delivered to a folder at this instant (default: now)."""
        line = imaplib.IMAP4(self.imap.host, self.imap.port)
        try:
            line.login(user or self.user, SECRET)
            when = datetime.fromtimestamp(self.clock() if at is None else at, UTC)
            for raw in raws:
                said, words = line.append(folder, "", when, raw)
                assert said == "OK", words
        finally:
            line.logout()

    def server_hashes(self, folder: str = "INBOX") -> set[bytes]:
        """The sha256 of every message in a folder, as the server gives it."""
        line = imaplib.IMAP4(self.imap.host, self.imap.port)
        try:
            line.login(self.user, SECRET)
            line.select(folder, readonly=True)
            _, answers = line.fetch("1:*", "(BODY.PEEK[])")
            return {sha256(each[1]).digest() for each in answers if isinstance(each, tuple)}
        finally:
            line.logout()

    def in_sent(self, message_id: str) -> int:
        """How many copies with this Message-ID lie in Sent."""
        found = self.imap.doveadm(
            "search", "-u", self.user, "mailbox", "Sent", "header", "Message-ID", message_id
        )
        return len(found.splitlines())

    # ------------------------------------------------------------------ the store

    def hashes(self) -> set[bytes]:
        """The sha256 of the raw bytes of every message."""
        return {row[0] for row in self.store.read("SELECT r.sha FROM messages m JOIN raws r ON r.id = m.raw")}

    def number(self, table: str) -> int:
        """How many rows a table has."""
        count: int = self.store.read(f"SELECT count(*) FROM {table}")[0][0]
        return count

    def counts(self) -> dict[str, int]:
        """What must not grow when nothing new has come."""
        return {name: self.number(name) for name in ("messages", "conversations", "events", "customers")}

    def places(self) -> list[tuple[str, int, bool]]:
        """Every place: folder, message, and whether it is gone."""
        rows = self.store.read("SELECT folder, message, gone FROM places ORDER BY folder, uidvalidity, uid")
        return [(folder, message, bool(gone)) for folder, message, gone in rows]

    def conversations(self) -> list[Conversation]:
        """All of them, oldest first."""
        ids = self.store.ids(None, ANNA, self.clock())
        return [row.conversation for row in self.store.rows(sorted(ids))]

    def the_one(self) -> Conversation:
        """The only conversation there is."""
        (one,) = self.conversations()
        return one

    def reply_clocks(self, conversation: int) -> list[Clock]:
        """The reply clocks of a conversation as of now, in their order."""
        kinds = (ClockKind.FIRST_REPLY, ClockKind.NEXT_REPLY)
        return [each for each in self.store.clocks(conversation, self.clock()) if each.kind in kinds]

    def items(self, conversation: int) -> list[Item]:
        """Its messages."""
        return self.store.items(conversation)

    # ------------------------------------------------------------------ answering

    def reply(
        self,
        conversation: int,
        text: str = "It is on its way.",
        to: Iterable[str] = ("jo@park.example",),
        **more: object,
    ) -> tuple[int, str]:
        """Anna answers; the number and the Message-ID of her message. It may leave after the undo window.

        `more` is said to the decision.
        """
        last = next(item for item in reversed(self.items(conversation)) if item.direction == "in")
        outcome = self.store.change(
            *decision(
                "reply",
                conversation=conversation,
                text=text,
                to=list(to),
                sender=SUPPORT,
                item=last,
                **({"leave_after": self.settings.undo_window} | more),
            ),
            ANNA,
            self.clock(),
        )
        assert outcome.refusal is None, outcome.refusal
        message = outcome.events[0].message
        assert message is not None
        (message_id,) = (item.message_id for item in self.items(conversation) if item.id == message)
        assert message_id is not None
        return message, message_id

    def raw_of(self, message: int) -> bytes:
        """The bytes of a message of ours, as they leave."""
        raw = self.store.sending.raw(message)
        assert raw is not None
        return raw

    def state_of(self, message: int) -> str:
        """How far a message of ours is."""
        (row,) = self.store.read("SELECT state FROM outbox WHERE message = ?", (message,))
        return str(row[0])


@pytest.fixture
def office(tmp_path: Path, dovecot: Dovecot, imap_user: str, clock: PinnedClock) -> Iterator[PostOffice]:
    """A shop whose mailbox nobody has looked into yet."""
    one = PostOffice(tmp_path / "shop", dovecot, clock, (on_both(dovecot, imap_user),))
    yield one
    one.close()


@pytest.fixture
def sending_office(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, smtp_server: SmtpServer, clock: PinnedClock
) -> Iterator[PostOffice]:
    """The same, and what it sends leaves over `smtp_server`."""
    one = PostOffice(tmp_path / "shop", dovecot, clock, (on_both(dovecot, imap_user, smtp_server),))
    yield one
    one.close()


def caught_up(office: PostOffice) -> PostOffice:
    """The office after its first sync, a day later: what comes now is live."""
    office.sync()
    office.clock.advance(DAY)
    return office


def asked(office: PostOffice) -> PostOffice:
    """The office after Jo has asked, an hour ago."""
    caught_up(office)
    office.arrives(letter(message_id="<q@park.example>"), at=office.clock() - 3600)
    office.sync()
    return office


def answered(office: PostOffice, to: tuple[str, ...] = ("jo@park.example",)) -> tuple[int, str]:
    """Anna has answered, and the undo window is over; the number and the Message-ID."""
    message, message_id = office.reply(office.the_one().id, to=to)
    office.clock.advance(30)
    return message, message_id


def passes(office: PostOffice, count: int = 1, every: int = 12 * 60) -> None:
    """The worker goes round, with time between."""
    for _ in range(count):
        office.worker().once()
        office.clock.advance(every)

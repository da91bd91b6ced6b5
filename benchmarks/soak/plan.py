"""How large a soak is, what the shop of it looks like, and what everybody keeps of what was acknowledged to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate

from benchmarks.workspace import TEAM

DOMAIN = "helpdesk.example"
LIVE, ARCHIVE = "support", "archive"
"""The mailbox into which mail comes all the while, and the one with old mail that is read for the first time."""
RULED = "rma"
"""Mail with this word in its subject is tagged with it by a rule."""


@dataclass(frozen=True)
class Plan:
    """What is asked for. `rate`: changes a second of all hands together; `mails`: those that are here already; `old`: those
    that lie on the server, unread by us, when it begins."""

    screens: int = 20
    rate: float = 40.0
    seconds: float = 600.0
    seed: int = 1
    mails: int = 10_000
    old: int = 20_000
    hands: int = 4
    pace: float = 1.0
    """How often people press keys and things go wrong, against the usual."""

    @property
    def people(self) -> list[str]:
        """Who sits at the screens."""
        return [f"mate{number:02}" for number in range(1, self.screens + 1)]

    @property
    def doers(self) -> list[str]:
        """Whose hands make the changes that are measured."""
        return [f"hand{number:02}" for number in range(1, self.hands + 1)]


@dataclass
class Ledger:
    """What was acknowledged, by whoever was told so; all of it must be found at the end. `wrong`: what was an error."""

    events: dict[int, tuple[str, int]] = field(default_factory=dict)
    """Event number -> who did it, in which conversation."""
    notes: set[str] = field(default_factory=set)
    answers: set[str] = field(default_factory=set)
    imported: set[str] = field(default_factory=set)
    """Words in notes and answers, and Message-IDs, each only once in the world."""
    begun: set[str] = field(default_factory=set)
    """Words that were written and of which nobody was told that they are kept: they may be there, once."""
    wrong: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def error(self, where: str, words: str) -> None:
        """Something that must not be seen."""
        self.counts["errors"] += 1
        if len(self.wrong) < 50:
            self.wrong.append(f"{where}: {words.strip()[-8000:]}")


def settings(plan: Plan, host: str, imap: int, smtp: int, secret: str) -> str:
    """The settings of the shop."""
    boxes = "".join(
        f'\n[[mailbox]]\nname = "{name}"\naddress = "{name}@{DOMAIN}"\nuser = "{name}"\n'
        f'imap_host = "{host}"\nimap_port = {imap}\nimap_security = "none"\n'
        f'smtp_host = "{host}"\nsmtp_port = {smtp}\nsmtp_security = "none"\npassword_file = "{secret}"\n'
        for name in (LIVE, ARCHIVE)
    )
    people = "".join(
        f'\n[[team]]\nname = "{name}"\nrole = "owner"\n' for name in (*TEAM, *plan.people, *plan.doers)
    )
    return (
        f'us = ["@{DOMAIN}"]\nhours = "always"\nimport_open_for = "30d"\nsend_limit = "10/s"\n{people}{boxes}'
        f'\n[[rule]]\nname = "{RULED}"\non = "message-in"\nwhen = "subject:{RULED}"\nthen = [{{ tag = "{RULED}" }}]\n'
        '\n[[rule]]\nname = "share"\non = "message-in"\nwhen = "assignee:none"\nthen = [{ assign = "round-robin" }]\n'
    )


def letters(kind: str) -> Iterator[tuple[str, bytes]]:
    """Mails of customers without end: Message-ID and bytes. Every fifth falls to the rule, every fortieth is large."""
    number = 0
    while True:
        number += 1
        mail = EmailMessage()
        mail["From"] = f"Customer {number} <{kind}{number}@customer{number % 97}.example>"
        mail["To"] = f"{LIVE}@{DOMAIN}"
        mail["Subject"] = f"{RULED if number % 5 == 0 else 'Question'} {kind} {number}"
        mail["Message-ID"] = f"<{kind}{number}@customer.example>"
        mail["Date"] = formatdate()
        mail.set_content("Hello,\n\nit should have come on Friday.\n" * (9_000 if number % 40 == 0 else 8))
        yield str(mail["Message-ID"]), mail.as_bytes().replace(b"\n", b"\r\n")

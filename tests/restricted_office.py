"""A workspace with a restricted mailbox, and one conversation in it in which everything happened that leaves a trace."""

from __future__ import annotations

import shutil
import tempfile
from copy import copy
from dataclasses import replace
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from typing import Any

from inbox.model import Role, Who
from inbox.panels import Asked, PanelCommand
from inbox.ports import Draft
from inbox.settings import Mailbox, Settings, Teammate
from storage.refused import mark
from storage.workspace import Workspace, open_store
from tests.faults.clock import MONDAY
from tests.stores import DAY, desk

PANEL = PanelCommand("crm", ("crm",))
WORD = "zinnober"
"""Stands in everything that the restricted mailbox holds, and nowhere else."""
ADDRESS = f"{WORD}@hidden.example"
PHONE = "+43 1 5550123"
ANN, BO, TIA, REX, OLGA = (
    Who("ann", Role.AGENT),
    Who("bo", Role.AGENT),
    Who("tia", Role.TRAINEE),
    Who("rex", Role.READER),
    Who("olga", Role.OWNER),
)
TEAM = (ANN, BO, TIA, REX, OLGA)


def box(name: str, only: tuple[str, ...] | None = None) -> Mailbox:
    return Mailbox(
        name, f"{name}@shop.example", name, "localhost", 993, "tls", "localhost", 465, "tls", only=only
    )


def settings(*, only: tuple[str, ...] | None = ("ann",)) -> Settings:
    """A team of five, and the mailbox of the people's department."""
    return Settings(
        host_zone="UTC",
        team=tuple(Teammate(each.name, each.role) for each in TEAM),
        us_words=("@shop.example",),
        mailboxes=(box("support"), box("hr", only)),
    )


def secret_letter(number: int = 1, **how: Any) -> bytes:
    """A mail in which the word stands wherever one can."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"{WORD} Person <{how.get('sender', ADDRESS)}>", "hr@shop.example"
    mail["Cc"] = f"{WORD} Friend <friend.{WORD}@hidden.example>"
    mail["Subject"], mail["Message-ID"] = f"About {WORD}", f"<{WORD}{number}@hidden.example>"
    mail["Date"] = formatdate(how.get("at", MONDAY))
    mail.set_content(f"When will {WORD} be paid?\n\n-- \n{WORD} Person\n{PHONE}\n")
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename=f"{WORD}.pdf")
    return mail.as_bytes()


class Office:
    """A workspace with open mail, and one conversation in which everything happened that leaves a trace."""

    def __init__(self, folder: Path) -> None:
        self.here = here = desk(folder)
        here.store.apply(settings(), here.now)
        self.open = [here.gets(mailbox="support") for _ in range(3)]
        self.secret = here.gets(secret_letter(), mailbox="hr")
        ann = {"sender": "hr@shop.example", "mailbox": "hr"}
        here.did("ann", "tag", conversation=self.secret, add=[WORD])
        here.did("ann", "note", conversation=self.secret, text=f"{WORD}: @olga, what now?")
        self.answer = here.replies("ann", self.secret, to=ADDRESS, text=f"{WORD} is on its way.", **ann)
        here.hands_over(self.answer)
        self.waits = here.replies("ann", self.secret, to=ADDRESS, text=f"{WORD} once more.", **ann)
        here.hands_over(self.waits, "refused-for-now", f"{WORD} has no room", again=here.now + DAY)
        here.did("ann", "link", conversation=self.secret, issue="strike", new="issue", title="A strike")
        here.did("ann", "promise", conversation=self.secret, until=here.now + DAY, text=WORD)
        here.did("ann", "follow-up", conversation=self.secret, until=here.now + DAY, text=WORD)
        self.customer = here.state(self.secret).customer
        here.did("ann", "customer-edit", customer=self.customer, note=WORD, add=[WORD])
        self.queued = next(each for each in here.store.events(self.secret) if each.message == self.waits)
        blocked = here.gets(secret_letter(3, sender=f"blocked.{ADDRESS}"), mailbox="hr")
        here.did("ann", "block", conversation=blocked)
        self.done = here.gets(secret_letter(4), mailbox="hr")
        here.hands_over(here.replies("ann", self.done, to=ADDRESS, **ann))
        here.did("ann", "close", conversation=self.done, why="resolved")
        here.store.panels.answer(Asked("crm", self.customer, self.secret), PANEL.mark, WORD, "", here.now)
        here.did("ann", "check-in", conversation=self.done, until=here.now + DAY, text=WORD)
        self.waiting = here.gets(secret_letter(2), mailbox="hr")
        here.store.save_draft(
            Draft(self.secret, "ann", "reply", f"Dear {WORD},", (ADDRESS,), subject=WORD, at=here.now)
        )
        self.message = here.store.items(self.secret)[0].id
        with here.store.writing() as transaction:
            mark(transaction.connection, ADDRESS, here.now, f"{WORD} is unknown")
            transaction.connection.execute(
                "INSERT INTO places(mailbox, folder, uidvalidity, uid, message) VALUES('hr', 'INBOX', 1, 1, ?)",
                (self.message,),
            )

    def as_seen_by(self, who: Who) -> Workspace:
        """The same workspace in a process of this person's."""
        store = open_store(self.here.store.workspace)
        store.seen_by(who)
        return store


_made: list[tuple[tempfile.TemporaryDirectory[str], Office]] = []


def office_in(folder: Path) -> Office:
    """Such a workspace, copied from one that was made once, while Ann writes in it."""
    if not _made:
        place = tempfile.TemporaryDirectory()
        made = Office(Path(place.name))
        made.here.verified()
        made.here.store.close()
        _made.append((place, made))
    made = _made[0][1]
    shutil.copytree(made.here.store.workspace, folder)
    found = copy(made)
    found.here = replace(made.here, store=open_store(folder))
    found.here.store.show_presence(ANN, found.secret, "writes")
    return found

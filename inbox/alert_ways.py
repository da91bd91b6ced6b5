"""Alerts that the worker tells: by mail to teammates who want it, and by a command to whoever runs the worker.

A letter is part of its claim (`inbox.alerting`): it still leaves when this process dies first, and never again once a
server may have it. A command is run at most once. Neither delays mail: both have a thread of their own.
"""

from __future__ import annotations

import asyncio
import secrets as randomness
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from inbox.addresses import fold_address
from inbox.alerting import Letter, LetterDue, Looking
from inbox.channels.logins import Secrets
from inbox.channels.smtp import Phase, Sender, Timeouts
from inbox.errors import FrontdeskError
from inbox.loops import spent_by
from inbox.model import Address, Instant
from inbox.outgoing import Outgoing, build, new_message_id
from inbox.ports import TakenBack, Workspace
from inbox.programs import run_program, without_secrets
from inbox.settings import Mailbox, Settings, Teammate
from inbox.text import one_line
from inbox.verbs import SENIORS

OLD = 4 * 3600
"""Seconds after which an alert that could not leave tells nobody anything."""
AGAIN, LATEST = 60, 1800
"""Seconds until a letter is tried again, doubling up to the second."""
ENDS_WITHIN = 5.0
"""Seconds that are waited for what is under way when the worker ends."""
TIMEOUTS = Timeouts(connect=20.0, answer=60.0, data=60.0, dot=120.0)
WORDS = "{words}"
BELOW = "This was sent by Frontdesk, to a teammate, because the settings ask for it ([alerts], alert_mail)."


def wants_mail(settings: Settings) -> list[Teammate]:
    """Teammates who are told by mail: those with an address, as [alerts] or they themselves have it."""
    everybody = settings.alerts.mail
    return [
        mate
        for mate in settings.team
        if mate.address and (everybody if mate.alert_mail is None else mate.alert_mail)
    ]


def written(due: LetterDue, mailbox: Mailbox) -> bytes:
    """The mail of an alert. Nothing a customer wrote stands in it but their name, which is sanitised.

    It says that no person wrote it (RFC 3834), so that no machine answers.
    """
    return build(
        Outgoing(
            Address("Frontdesk", mailbox.address),
            (Address("", due.letter.address),),
            f"Frontdesk: {due.words}",
            f"{due.words.replace('; ', chr(10))}\n\n{BELOW}\n",
            due.letter.message_id,
            due.at,
            automatic="auto-generated",
        )
    )


def run_command(command: Sequence[str], words: str, environment: Mapping[str, str]) -> str:
    """Run a command with the words as part of its arguments (`inbox.programs`); "", or what went wrong."""
    arguments = [command[0], *(argument.replace(WORDS, words) for argument in command[1:])]
    return run_program(arguments, environment, f"The command of [alerts] ({one_line(command[0], 60)})")


@dataclass(slots=True)
class Telling:
    """What the worker tells. `owner`: who runs it, where that is an owner whose command may be run; None: nobody.

    `noted` hears what went wrong; `environment` is what the command gets.
    """

    store: Workspace
    settings: Settings
    secrets: Secrets
    clock: Callable[[], Instant]
    noted: Callable[[str], None] = lambda _: None
    owner: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    timeouts: Timeouts = TIMEOUTS
    _looking: list[Looking] = field(default_factory=list)
    _command: Looking | None = None
    _to_run: deque[str] = field(default_factory=deque)
    _heard: deque[str] = field(default_factory=deque)
    _said: str = ""
    _minute: int = -1
    _thread: threading.Thread | None = None
    _over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        alerts, mailboxes = self.settings.alerts, self.settings.mailboxes
        if mailboxes:
            self._looking = [
                Looking(
                    *(self.store, mate.name, "mail", alerts.outside_hours),
                    letter=partial(self._letter, mate.address or ""),
                    approves=mate.role in SENIORS,
                )
                for mate in wants_mail(self.settings)
            ]
        if alerts.command and self.owner is not None:
            self._command = Looking(self.store, self.owner, "command", alerts.outside_hours, approves=True)

    def look(self, now: Instant) -> None:
        """Once a minute: claim what there is to tell, and begin to tell it. Never waits."""
        while self._heard:
            self._note(self._heard.popleft())
        if now // 60 == self._minute:
            return
        self._minute = now // 60
        for looking in self._looking:
            looking.look(self.settings.hours, now)
        if self._command is not None and (words := self._command.look(self.settings.hours, now)):
            self._to_run.append(words)
        letters = bool(self._looking) and bool(self.store.alerts.letters_due(now))
        if (letters or self._to_run) and (self._thread is None or not self._thread.is_alive()):
            self._thread = threading.Thread(target=self._tell, name="alerts", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Begin nothing more, and wait a moment for what is under way."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(ENDS_WITHIN)

    def _note(self, words: str) -> None:
        """The same trouble is said once."""
        if words != self._said:
            self._said = words
            self.noted(words)

    def _letter(self, address: str) -> Letter:
        domain = self.settings.mailboxes[0].address.rpartition("@")[2]
        return Letter(address, new_message_id(domain, randomness.randbits(128)))

    # ------------------------------------------------------------------ on its own thread

    def _tell(self) -> None:
        try:
            while self._to_run and not self._over.is_set():
                environment = without_secrets(self.environment, self.settings)
                if trouble := run_command(self.settings.alerts.command, self._to_run.popleft(), environment):
                    self._heard.append(trouble)
            asyncio.run(self._send())
        except FrontdeskError as error:  # the workspace cannot be written; the letters stay queued
            self._heard.append(error.what)

    async def _send(self) -> None:
        """Send what is due, one letter after the other over one line."""
        mailbox = self.settings.mailboxes[0] if self.settings.mailboxes else None
        now = self.clock()
        letters = self.store.alerts.letters_due(now)
        if mailbox is None or not letters:
            return
        async with Sender(mailbox, self.secrets, self.timeouts) as sender:
            for due in letters:
                if self._over.is_set():
                    return
                if self._may_go(due, now):
                    await self._send_one(sender, mailbox, due)

    def _may_go(self, due: LetterDue, now: Instant) -> bool:
        """Whether it goes now: to a teammate, while it is news, and within what may go automatically to an address."""
        book, address = self.store.alerts, fold_address(due.letter.address)
        theirs = {fold_address(mate.address or "") for mate in wants_mail(self.settings)}
        if address not in theirs or now - due.at > OLD:
            book.letter_is(due.number, "failed", now)
            return False
        traffic = book.traffic(address, now)
        stopped = traffic.stopped_until is not None and traffic.stopped_until > now
        if stopped or spent_by(traffic, now) is not None:
            book.letter_is(due.number, "queued", now + _pause(due))
            return False
        return True

    async def _send_one(self, sender: Sender, mailbox: Mailbox, due: LetterDue) -> None:
        book, number = self.store.alerts, due.number

        def written_down(phase: Phase) -> None:
            if phase == "data" and not book.letter_leaves(number):
                raise TakenBack

        to = due.letter.address
        try:
            outcomes = await sender.send(written(due, mailbox), mailbox.address, [to], written_down)
        except TakenBack:
            return
        except FrontdeskError as error:  # always before anything was handed over
            book.letter_is(number, "queued", self.clock() + _pause(due))
            self._heard.append(f"An alert could not be sent yet: {error.what}")
            return
        outcome = outcomes[to]
        if outcome.state == "sent":
            book.letter_is(number, "sent", self.clock())
        elif outcome.state == "refused-for-now":
            book.letter_is(number, "queued", self.clock() + _pause(due))
        elif outcome.state == "failed":
            book.letter_is(number, "failed", self.clock())
            self._heard.append(f"An alert to {one_line(to)} was refused: {outcome.words}")
        # unknown: it stays where it is, and never goes again


def _pause(due: LetterDue) -> int:
    return min(AGAIN << min(due.tries, 10), LATEST)

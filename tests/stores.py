"""Real stores for tests: a workspace in a folder, mail as it comes from a server, and people who act on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from typing import Any

from inbox import mime
from inbox.actions import decision, receive
from inbox.model import Event, EventType, Instant, Role, Who
from inbox.ports import Going, Outcome, Result
from inbox.settings import Settings
from inbox.us import Us
from storage.workspace import Workspace
from tests.faults.clock import MONDAY
from tests.fresh import fresh

DAY = 86_400
OURS = "support@shop.example"
US = Us.of([OURS])


def letter(
    sender: str = "jo@park.example",
    *,
    subject: str = "Where is my parcel?",
    text: str = "It should have come on Friday.",
    at: Instant = MONDAY,
    id_: str | None = None,
    to: str = OURS,
    cc: str = "",
    answers: Sequence[str] = (),
    **headers: str,
) -> bytes:
    """One mail. `answers`: the ids of its References, oldest first; the last one is its In-Reply-To."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    if cc:
        mail["Cc"] = cc
    mail["Date"] = formatdate(at)
    if id_ is not None:
        mail["Message-ID"] = id_
    if answers:
        mail["In-Reply-To"], mail["References"] = answers[-1], " ".join(answers)
    for name, value in headers.items():
        mail[name.replace("_", "-").title()] = value
    mail.set_content(text)
    return mail.as_bytes()


@dataclass
class Desk:
    """A workspace with a clock that tests move; whatever happens takes a second."""

    store: Workspace
    now: Instant = MONDAY
    count: int = field(default=0)

    def tick(self, seconds: int = 1) -> Instant:
        self.now += seconds
        return self.now

    def arrival(self, raw: bytes, **how: Any) -> receive.Arrival:
        return receive.Arrival(mime.parse(raw), raw, how.pop("at", self.now), us=how.pop("us", US), **how)

    def take_in(self, raw: bytes, **how: Any) -> Outcome:
        """A mail comes in, as `receive.Arrival` takes it."""
        self.tick()
        arrival = self.arrival(raw, **how)
        return self.store.change(receive.scope(arrival), receive.deciding(arrival), Who("sync"), self.now)

    def gets(self, raw: bytes | None = None, **how: Any) -> int:
        """A mail comes in; the conversation it went to."""
        if raw is None:
            self.count += 1
            raw = letter(at=self.now, id_=f"<{self.count}@park.example>", text=f"Letter {self.count}")
        outcome = self.take_in(raw, **how)
        assert outcome.refusal is None, outcome.refusal
        return next(e.conversation for e in outcome.events if e.type is EventType.RECEIVED) or 0

    def do(
        self, who: str, verb: str, role: Role = Role.AGENT, key: str | None = None, **arguments: Any
    ) -> Outcome:
        """Somebody does something; refusals come back too."""
        self.tick()
        return self.store.change(*decision(verb, **arguments), Who(who, role), self.now, key)

    def did(self, who: str, verb: str, **arguments: Any) -> list[Event]:
        """Somebody does something, which is not refused."""
        outcome = self.do(who, verb, **arguments)
        assert outcome.refusal is None, outcome.refusal
        return list(outcome.events)

    def replies(self, who: str, conversation: int, to: str = "jo@park.example", **arguments: Any) -> int:
        """Somebody answers; the number of the message."""
        given = {"text": "It is on its way.", "sender": OURS, "leave_after": 0, "to": [to]}
        events = self.did(who, "reply", conversation=conversation, **(given | arguments))
        return events[0].message or 0

    def going(self, message: int) -> Going:
        return next(each for each in self.store.sending.due(self.tick(60)) if each.message == message)

    def hands_over(
        self, message: int, state: str = "sent", words: str = "", again: Instant | None = None
    ) -> str:
        """The worker gives a message to a server, which says the same of every recipient."""
        going = self.going(message)
        self.store.sending.phase(message, "connecting", self.tick())
        self.store.sending.phase(message, "data", self.tick())
        results = dict.fromkeys(going.recipients, Result(state, words))
        return self.store.sending.settle(going, results, self.tick(), again)

    def state(self, conversation: int) -> Any:
        """What the list says of a conversation."""
        return self.store.rows([conversation])[0].conversation

    def record(self) -> list[tuple[Any, ...]]:
        """Every event, as it stands."""
        return self.store.read("SELECT * FROM events ORDER BY seq")

    def verified(self) -> None:
        """Nothing differs from the record."""
        problems = self.store.verify(self.now)
        assert not problems, problems


def desk(folder: Path, settings: Settings | None = None) -> Desk:
    """An empty workspace with the usual settings."""
    if settings is not None:
        store = fresh(folder / "workspace", "empty", lambda _: None)
        store.adopt(settings, MONDAY - 30 * DAY)
        return Desk(store)
    usual = Settings(host_zone="UTC")
    return Desk(fresh(folder / "workspace", "desk", lambda store: store.adopt(usual, MONDAY - 30 * DAY)))


def everything(store: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the record, and of what is derived from it."""
    tables = ("events", "conversations", "conversation_tags", "conversation_mentions", "redirects", "participants",
              "messages", "msgids", "refers", "customers", "identities", "outbox", "outbox_recipients")  # fmt: skip
    found = {table: sorted(store.read(f"SELECT * FROM {table}"), key=repr) for table in tables}
    told = [row[1] for row in store.read("PRAGMA table_info(conversations)")].index(
        "told"
    )  # by when it was derived
    found["conversations"] = [row[:told] + row[told + 1 :] for row in found["conversations"]]
    found["buckets"] = sorted(store.read("SELECT * FROM buckets WHERE n <> 0"))
    return found

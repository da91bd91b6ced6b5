"""A small shop's inbox in a real store, for tests of the screen: a pinned Tuesday, and mail that tells a story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from inbox import mime
from inbox.actions import decision, receive
from inbox.model import Instant, Who
from inbox.ports import Outcome, Store
from inbox.settings import Settings
from inbox.us import Us
from storage.workspace import Workspace
from tests.fresh import fresh
from tui.keys import load
from tui.seat import Seat

ZONE = ZoneInfo("Europe/Vienna")
ME = Who("anna")
TEAM = ("anna", "bo")
US = Us.of(["support@shop.example", "@shop.example"])


def at(text: str) -> Instant:
    """The instant of "2026-11-10 09:30" on the wall of the shop."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp())


NOW = at("2026-11-10 11:05")  # a Tuesday


class Clock:
    """A pinned clock that a test moves."""

    def __init__(self, now: Instant = NOW) -> None:
        self.now = now

    def __call__(self) -> Instant:
        return self.now


def settings(team: Iterable[str] = ("anna", "bo")) -> Settings:
    """Defaults, for a shop in Vienna with this team."""
    from inbox.settings import Teammate

    return Settings(
        host_zone="Europe/Vienna", team=tuple(Teammate(name) for name in team), us_words=("@shop.example",)
    )


def shop(folder: Path, mails: Iterable[bytes] = (), team: Iterable[str] = ("anna", "bo")) -> Workspace:
    """A store with these mails received, each when it says it was written."""
    team = tuple(team)

    def begin(store: Workspace) -> None:
        store.apply(settings(team), at("2026-11-01 00:00"))

    def told(store: Workspace) -> None:
        begin(store)
        for raw in STORY:
            deliver(store, raw)

    if mails is STORY:  # hundreds of tests begin with it
        return fresh(folder, ("story", team), told)
    store = fresh(folder, ("shop", team), begin)
    for raw in mails:
        deliver(store, raw)
    return store


def deliver(store: Store, raw: bytes, when: Instant | None = None, junk: bool = False) -> int:
    """One mail comes in (`junk`: the server says it is); the number of its conversation."""
    message = mime.parse(raw)
    moment = when or message.date or NOW
    arrival = receive.Arrival(message, raw, moment, mailbox="support", us=US, junk=junk)
    outcome = store.change(receive.scope(arrival), receive.deciding(arrival), Who("sync"), moment)
    assert outcome.refusal is None, outcome.refusal
    return outcome.conversations[0]


def mail(
    sender: str, subject: str, text: str, when: str, to: str = "support@shop.example", **headers: str
) -> bytes:
    """One mail as it comes from a server."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime.fromisoformat(when).replace(tzinfo=ZONE))
    message["Message-ID"] = headers.pop(
        "message_id", f"<{abs(hash((sender, subject, when)))}@customer.example>"
    )
    for name, value in headers.items():
        message[name.replace("_", "-").title()] = value
    message.set_content(text)
    return message.as_bytes()


STORY = (
    mail(
        "Jo Park <jo@park.example>",
        "Where is my parcel?",
        "Hello,\n\nit should have come on Friday.\n\nJo\n",
        "2026-11-09 10:00",
    ),
    mail(
        "Anna Weber <anna.weber@weber.example>",
        "Refund for order 4711",
        "Dear team,\n\nthe blue lamp arrived broken. I would like my money back, please.\n\nWhen can I expect it?\n\n"
        "Kind regards\nAnna Weber\n-- \nWeber & Sons, 12 Canal Street\n",
        "2026-11-09 09:10",
        message_id="<refund@weber.example>",
    ),
    mail("ACME GmbH <orders@acme.example>", "Invoice 2231", "Please send invoice 2231 again.\n", "2026-11-10 08:15"),
    mail("山田 太郎 <yamada@kaisha.example>", "注文についての質問", "いつ届きますか。\n", "2026-11-10 09:00"),
    mail("Lea Król <lea@krol.example>", "Do you ship to Poland? 🚚📦", "I would order two.\n", "2026-11-10 10:40"),
    mail("Anna Weber <anna.weber@weber.example>", "Another question", "Do you sell bulbs too?\n", "2026-11-10 10:55"),
)  # fmt: skip


def seat(
    store: Store,
    clock: Clock | None = None,
    who: Who = ME,
    team: tuple[str, ...] = TEAM,
    **more: object,
) -> Seat:
    """A seat at the shop's desk."""
    here = settings(team)
    values: dict[str, object] = {
        "store": store, "who": who, "keymap": load(), "now": clock or Clock(), "hours": lambda: here.hours, "zone": ZONE,
        "team": team, "us": US, "senders": ("support@shop.example",), "theme": "dark",
    }  # fmt: skip
    return Seat(**(values | more))  # type: ignore[arg-type]  # a test names what it needs


def did(store: Store, who: str, verb: str, now: Instant = NOW, **arguments: object) -> Outcome:
    """A teammate does something elsewhere."""
    return store.change(*decision(verb, **arguments), Who(who), now)


def answered(store: Store, conversation: int, text: str = "Soon", now: Instant = NOW) -> None:
    """Bo has answered Jo Park from elsewhere."""
    did(
        store,
        "bo",
        "reply",
        now,
        conversation=conversation,
        text=text,
        to=("jo@park.example",),
        sender="support@shop.example",
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Workspace]:
    """The shop with the mail of its story."""
    store = shop(tmp_path, STORY)
    yield store
    store.close()

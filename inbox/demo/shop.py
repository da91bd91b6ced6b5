"""Opens the made-up shop: its settings, and its stories lived through in the order of time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inbox import mime, outgoing
from inbox.actions import decision, receive
from inbox.answering import hangs_on, reply_subject
from inbox.demo.replies import REPLIES
from inbox.demo.stories import STORIES, Story
from inbox.model import Address, Instant, Message, Role, Who
from inbox.ports import Draft, Item, Result, Workspace
from inbox.us import Us

SHOP = Address("Fernweh Outdoor", "support@fernweh.example")
HOUR = 3600
Step = tuple[Instant, int, Story, Any]


def settings_text(you: str, unix: str) -> str:
    """The settings of the shop, with who is watching as its owner."""
    return f"""# The made-up shop of `frontdesk demo`. No mailbox: what you send goes to the sandbox in this folder.
us = ["{SHOP.address}", "Fernweh Outdoor"]
shop = "Fernweh Outdoor"
hours = "always"

[[policy]]
name = "default"
first_reply = "6h"
next_reply = "4h"

[[team]]
name = "{you}"
role = "owner"
unix = "{unix}"

[[team]]
name = "Mara"
role = "agent"

[[team]]
name = "Theo"
role = "agent"
"""


class Shop:
    """Lives through the stories in a workspace, with the clock of the past as an argument."""

    def __init__(self, store: Workspace, you: str, now: Instant) -> None:
        self._store = store
        self._you = you
        self._now = now
        self._conversation: dict[int, int] = {}  # story -> conversation
        self._last: dict[int, Message] = {}

    def live(self) -> None:
        """From the oldest line to now."""
        for at, number, story, step in sorted(self._steps(), key=lambda step: step[0]):
            if len(step) == 3:
                self._act(at, number, step)
            else:
                self._say(at, number, story, step)
        mine = next(
            number for number, story in enumerate(STORIES) if story.subject.startswith("Where is my parcel")
        )
        for reply in REPLIES:
            self._store.documents.save_reply(reply)
        self._store.save_draft(
            Draft(
                self._conversation[mine],
                self._you,
                "reply",
                "Hello Jo,\n\nyour parcel left the hub in Bremen this morning and ",
                at=self._now - 600,
            )
        )

    def _steps(self) -> Iterator[Step]:
        for number, story in enumerate(STORIES):
            for hours, who, text in story.lines:
                yield self._at(hours), number, story, (who, text)
            for hours, who, verb, arguments in story.after:
                yield self._at(hours), number, story, (who, verb, arguments)

    def _at(self, hours: float) -> Instant:
        return self._now - int(hours * HOUR)

    def _who(self, name: str) -> Who:
        return Who(self._you, Role.OWNER) if name == "you" else Who(name, Role.AGENT)

    def _act(self, at: Instant, number: int, step: tuple[str, str, dict[str, Any]]) -> None:
        who, verb, arguments = step
        given: dict[str, Any] = {
            key: value.replace("@you", f"@{self._you}") if isinstance(value, str) else value
            for key, value in arguments.items()
        }
        if "until" in given:
            given["until"] = self._at(given["until"])
        self._store.change(
            *decision(verb, conversation=self._conversation[number], **given), self._who(who), at
        )

    def _say(self, at: Instant, number: int, story: Story, step: tuple[str, str]) -> None:
        who, text = step
        if who in ("c", "x"):
            self._receive(at, number, story, text)
        elif who.startswith("note:"):
            author = who.removeprefix("note:")
            self._act(at, number, (author, "note", {"text": text}))
        else:
            self._reply(at, number, story, who, text)

    def _receive(self, at: Instant, number: int, story: Story, text: str) -> None:
        before = self._last.get(number)
        in_reply_to, references = hangs_on(before) if before is not None else (None, ())
        sender = Address(*story.customer)
        raw = outgoing.build(
            outgoing.Outgoing(
                sender=sender,
                to=(SHOP,),
                subject=story.subject if before is None else reply_subject(story.subject),
                text=text,
                message_id=outgoing.new_message_id(sender.address.rpartition("@")[2], _bits(number, at)),
                date=at,
                in_reply_to=in_reply_to,
                references=references,
            )
        )
        extra = "".join(f"{name}: {value}\r\n" for name, value in story.headers.items())
        raw = extra.encode("ascii") + raw
        message = mime.parse(raw)
        arrival = receive.Arrival(message, raw, at, us=Us.of([SHOP.address]), mailbox="support")
        outcome = self._store.change(receive.scope(arrival), receive.deciding(arrival), Who("sync"), at)
        self._conversation[number] = outcome.conversations[-1]
        self._last[number] = message

    def _reply(self, at: Instant, number: int, story: Story, who: str, text: str) -> None:
        conversation = self._conversation[number]
        item = self._newest(conversation)
        outcome = self._store.change(
            *decision(
                "reply",
                conversation=conversation,
                text=text,
                to=[story.customer[1]],
                sender=f"{SHOP.name} <{SHOP.address}>",
                mailbox="support",
                item=item,
                leave_after=0,
                bits=_bits(number, at),
            ),
            self._who(who),
            at,
        )
        message = outcome.events[0].message or 0
        outbox = self._store.sending
        going = next(going for going in outbox.due(at) if going.message == message)
        outbox.phase(message, "connecting", at)
        outbox.phase(message, "data", at)
        refusal = Result("failed", "550 5.1.1 The mailbox costa-cafe.example is not known here")
        result = refusal if story.refused else Result("sent", "250 OK")
        outbox.settle(going, dict.fromkeys(going.recipients, result), at + 4, None)
        for job in self._store.jobs.due(at + 4):
            self._store.jobs.done(job.id)
        self._last[number] = mime.parse(outbox.raw(message) or b"")

    def _newest(self, conversation: int) -> Item | None:
        return next((i for i in reversed(self._store.items(conversation)) if i.direction == "in"), None)


def _bits(number: int, at: Instant) -> int:
    """Message-IDs of the shop are made up too: the same story makes the same ones."""
    return (number << 64) | at


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

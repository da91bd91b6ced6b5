"""Opens the made-up shop: its settings, and its stories lived through in the order of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from inbox import mime
from inbox.actions import decision
from inbox.answering import hangs_on, reply_subject
from inbox.demo.chats import talk
from inbox.demo.letters import HOUR, in_html
from inbox.demo.orders import SAID
from inbox.demo.post import MAILBOX, SHOP, WHO, Letter, arrival, numbered, picture, report_of
from inbox.demo.replies import ARTICLES, BANNER, REPLIES
from inbox.demo.stories import CAUSE, STORIES, Story
from inbox.demo.today import TODAY
from inbox.model import Address, Instant, Message, Refusal, Role, Who
from inbox.ports import Draft, Item, Outcome, Result, Workspace

Step = tuple[Instant, int, Story, Any]


REFUSED = Result("failed", "550 5.1.1 The mailbox costa-cafe.example is not known here")
ALWAYS = """hours = "always"

[[policy]]
name = "default"
first_reply = "6h"
next_reply = "4h"
"""


def settings_text(you: str, unix: str, more: str = ALWAYS, undo_window: int = 20) -> str:
    """The settings of the shop, with who is watching as its owner; `more` says when it is open, `undo_window` how many
    seconds of its clock a reply waits."""
    return f"""# The made-up shop of `frontdesk demo`. No mailbox: what you send goes to the sandbox in this folder.
us = ["{SHOP.address}", "@fernweh.example", "Fernweh Outdoor"]
shop = "Fernweh Outdoor"
undo_window = "{undo_window}s"
{more}
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

    def __init__(
        self, store: Workspace, you: str, now: Instant, stories: Sequence[Story] = (*STORIES, *TODAY)
    ) -> None:
        self._store = store
        self._stories = stories
        self._you = you
        self._now = now
        self._conversation: dict[int, int] = {}  # story -> conversation
        self._last: dict[int, Message] = {}
        self._sent: dict[int, bytes] = {}  # what we wrote last
        self._to_come = sorted(self._steps(), key=lambda step: step[0])

    def live_until(self, end: Instant) -> None:
        """From where it stands, or the oldest line, to an instant."""
        while self._to_come and self._to_come[0][0] <= end:
            at, number, story, step = self._to_come.pop(0)
            if step is None:
                self._come_back(at, number, story)
            elif len(step) == 3:
                self._act(at, number, step)
            else:
                self._say(at, number, story, step)

    def live(self) -> None:
        """All of it, and what lies ready beside it."""
        self.live_until(self._now)
        talk(self._store, self._now, WHO)
        for reply in REPLIES:
            self._store.documents.save_reply(reply)
        for article in ARTICLES:
            self._store.documents.save_article(article)
        if self._store.issues.named(CAUSE) is not None:
            banner = decision("issue-banner", issue=CAUSE, text=BANNER, until=self._at(-72))
            _done(self._store.change(*banner, self._who("Mara"), self._at(2.7)))
        for address, said in SAID.items():
            if (known := self._store.customers_at([address]).get(address)) is not None:
                told = decision("customer-edit", customer=known.id, **said)
                _done(self._store.change(*told, self._who("Mara"), self._at(2.65)))
        for number, story in enumerate(self._stories):
            if story.draft:
                here = self._conversation[number]
                self._store.save_draft(Draft(here, self._you, "reply", story.draft, at=self._now - 600))

    def where(self, subject: str) -> int:
        """The conversation of the story with this subject."""
        return next(
            self._conversation[number]
            for number, story in enumerate(self._stories)
            if story.subject == subject
        )

    def _steps(self) -> Iterator[Step]:
        for number, story in enumerate(self._stories):
            for hours, who, text in story.lines:
                yield self._at(hours), number, story, (who, text)
            for hours, who, verb, arguments in story.after:
                yield self._at(hours), number, story, (who, verb, arguments)
            if story.returned:
                yield self._at(story.returned), number, story, None

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
        if given.get("to") == "you":
            given["to"] = self._you
        _done(
            self._store.change(
                *decision(verb, conversation=self._conversation[number], **given), self._who(who), at
            )
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
        in_reply_to, references = hangs_on(before) if before is not None and not story.apart else (None, ())
        letter = Letter(
            Address(*story.customer),
            story.subject if before is None else reply_subject(story.subject),
            text,
            at,
            numbered(number, at),
            html=in_html(text) if story.html else None,
            files=tuple(map(picture, story.files)) if before is None else (),
            headers=story.headers,
            in_reply_to=in_reply_to,
            references=references,
            trusted=story.trusted,
        )
        self._arrive(letter.raw(), at, number, trusted=story.trusted)

    def _arrive(self, raw: bytes, at: Instant, number: int, *, trusted: bool = False) -> None:
        message, scope, decide = arrival(raw, at, trusted=trusted)
        outcome = self._store.change(scope, decide, WHO, at)
        self._conversation[number] = outcome.conversations[-1]
        self._last[number] = message

    def _reply(self, at: Instant, number: int, story: Story, who: str, text: str) -> None:
        conversation = self._conversation[number]
        item = self._newest(conversation)
        outcome = _done(
            self._store.change(
                *decision(
                    "reply",
                    conversation=conversation,
                    text=text,
                    to=[story.customer[1]],
                    sender=f"{SHOP.name} <{SHOP.address}>",
                    mailbox=MAILBOX,
                    item=item,
                    leave_after=0,
                    bits=numbered(number, at),
                ),
                self._who(who),
                at,
            )
        )
        message = outcome.events[0].message or 0
        outbox = self._store.sending
        going = next(going for going in outbox.due(at) if going.message == message)
        outbox.phase(message, "connecting", at)
        outbox.phase(message, "data", at)
        result = REFUSED if story.refused else Result("sent", "250 OK")
        outbox.settle(going, dict.fromkeys(going.recipients, result), at + 4, None)
        for job in self._store.jobs.due(at + 4):
            self._store.jobs.done(job.id)
        raw = outbox.raw(message) or b""
        self._last[number] = mime.parse(raw)
        self._sent[number] = raw

    def _come_back(self, at: Instant, number: int, story: Story) -> None:
        report = report_of(self._sent[number], story.customer[1], at)
        self._store.change(*arrival(report, at)[1:], WHO, at)

    def _newest(self, conversation: int) -> Item | None:
        return next((i for i in reversed(self._store.items(conversation)) if i.direction == "in"), None)


def _done(outcome: Outcome) -> Outcome:
    """A story that cannot be told so is a mistake of who made it up."""
    if isinstance(outcome.refusal, Refusal):
        raise ValueError(outcome.refusal)
    return outcome

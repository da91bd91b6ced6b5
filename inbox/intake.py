"""From fetched bytes to conversations: safe first, then read and placed; what cannot be read is shown as it came."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from inbox.actions import receive, unjunk
from inbox.beginnings import only_beginning
from inbox.beside import read_all
from inbox.chat.mailed import MailedChats
from inbox.errors import FrontdeskError
from inbox.fetching import Step
from inbox.model import Instant, Message, Who
from inbox.ports import Decide, Places, Scope, Store, Waiting
from inbox.settings import ContactForm, Watched
from inbox.us import Us

WHO = Who("sync")
AT_ONCE = 500
"""Messages read into memory together, of those that wait from an earlier pass."""
MOST_TRIES = 3
"""After so many failures to read or place a message it is shown as it came."""
UNREADABLE = "this message could not be read: it is shown as it came"
SHOWN_UNREAD = 20_000
"""Bytes that are shown of a message nobody can read."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Where messages are placed, and by what rules (see `receive.Arrival`)."""

    store: Store
    places: Places
    us: Us
    now: Instant
    open_for: int
    new_after_closed: int
    forms: tuple[ContactForm, ...] = ()
    servers: Mapping[str, str] = field(default_factory=dict)  # mailbox -> what its server calls itself
    team: tuple[str, ...] = ()
    watched: Watched | None = None
    chats: MailedChats | None = None  # None: mails that tell of a chat are mails like all others

    def keep(self, mailbox: str, step: Step) -> list[Waiting]:
        """Take in a step: its bytes and how far the folder was read are safe now. What is to be placed."""
        where = mailbox, step.folder
        if step.begin is not None:
            self.places.begin(*where, step.uidvalidity, step.begin)
        if step.vanished:
            self.places.vanished(*where, step.uidvalidity, step.vanished)
        if step.down_to is not None:
            self.places.reached(*where, step.uidvalidity, step.down_to)
        if not step.kept:
            return []
        return self.places.keep(*where, step.uidvalidity, step.kept, step.up_to, step.use)

    def place_waiting(self, cancelled: Callable[[], bool] = lambda: False) -> int:
        """Place everything that is kept and not placed yet; how many.

        A message that breaks the reading or the placing holds nobody up. It is tried three times, then it is shown as
        it came, marked: a customer's message must not be lost to a mistake of ours.
        """
        count = 0
        for _ in range(MOST_TRIES + 1):
            failed, after = 0, 0
            while not cancelled() and (waiting := self.places.waiting(AT_ONCE, after)):
                after = waiting[-1].id
                fresh = iter(read_all([one.raw for one in waiting if one.tries < MOST_TRIES]))
                messages = [next(fresh) if one.tries < MOST_TRIES else as_it_came(one.raw) for one in waiting]
                placed = self.place(waiting, messages)
                count += placed
                failed += len(waiting) - placed
            if not failed:
                break
        return count

    def place(self, waiting: Sequence[Waiting], messages: Sequence[Message | None]) -> int:
        """Place these, each tried once, as they were read (None: they could not be); how many could be."""
        ready = []
        for one, message in zip(waiting, messages, strict=True):
            if message is None:
                self.places.tried(one.id)
            else:
                ready.append((one, self._as_told(self._arrival(one, message))))
        try:
            changes = (_change(arrival) for _, arrival in ready)
            self.store.change_each(changes, WHO, self.now, after=lambda _: None)
        except FrontdeskError:
            raise
        except Exception:
            ready = [(one, arrival) for one, arrival in ready if self._place_alone(one, arrival)]
        spam = self.places.placed([(one.id, arrival.message) for one, arrival in ready])
        for conversation in spam:
            decide = partial(unjunk.decide, conversation=conversation)
            self.store.change(unjunk.scope(conversation), decide, WHO, self.now)
        return len(ready)

    def _as_told(self, arrival: receive.Arrival) -> receive.Arrival:
        """The same, with the chat taken in that it tells of."""
        return self.chats.told(arrival, WHO) if self.chats is not None else arrival

    def _place_alone(self, one: Waiting, arrival: receive.Arrival) -> bool:
        """Place one in a transaction of its own, since one of its batch cannot be placed; False when it is this one."""
        try:
            self.store.change(*_change(arrival), WHO, self.now)
        except FrontdeskError:
            raise
        except Exception:
            self.places.tried(one.id)
            return False
        return True

    def _arrival(self, one: Waiting, message: Message) -> receive.Arrival:
        if one.coming:
            message = only_beginning(message, one.raw)
        if one.oddity:
            message = replace(message, oddities=(*message.oddities, one.oddity))
        return receive.Arrival(
            message,
            one.raw,
            one.at,
            trusted=one.use == "sent",
            history=one.history,
            mailbox=one.mailbox,
            quarantine=one.tries >= MOST_TRIES,
            junk=one.use == "junk",
            us=self.us,
            open_for=self.open_for,
            new_after_closed=self.new_after_closed,
            coming=one.coming,
            forms=self.forms,
            authserv_id=self.servers.get(one.mailbox),
            team=self.team,
            watched=self.watched,
        )


def _change(arrival: receive.Arrival) -> tuple[Scope, Decide]:
    return receive.scope(arrival), receive.deciding(arrival)


def as_it_came(raw: bytes) -> Message:
    """What is shown of a message nobody can read: its bytes as text."""
    text = raw[:SHOWN_UNREAD].decode("utf-8", "replace")
    return Message(text=text, reply=text, oddities=(UNREADABLE,), digest=hashlib.sha256(raw).hexdigest())

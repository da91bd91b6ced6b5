"""A made-up teammate: takes the next conversation, reads, answers, takes the one after it; by the same decisions and
under the same checks as anybody."""

from __future__ import annotations

from datetime import datetime, tzinfo
from random import Random

from inbox.actions import decision
from inbox.demo.letters import HOUR, Writing
from inbox.demo.matters import ANSWERS, DEAR, THANKS
from inbox.demo.people import first_name
from inbox.demo.post import MAILBOX, SHOP
from inbox.demo.words import language_in
from inbox.hours import Hours
from inbox.model import Instant, Role, Status, Who
from inbox.ports import Item, Store
from inbox.queries import parse
from inbox.taking import take_next

NOTHING_TO_DO = 600
"""Seconds until somebody looks again who found nothing."""


class Colleague:
    """One of them. `desk` is a way to the store of their own, so that others see who is here; `lunch` is the hour."""

    def __init__(
        self, name: str, desk: Store, writing: Writing, hours: Hours, zone: tzinfo, lunch: int
    ) -> None:
        self._who = Who(name, Role.AGENT)
        self._desk = desk
        self._writing = writing
        self._hours = hours
        self._zone = zone
        self._lunch = lunch
        self._turn = 0
        self._in_hand: int | None = None
        self._last: int | None = None

    def works(self, at: Instant) -> Instant:
        """Do the next thing; when to do the one after it."""
        self._turn += 1
        random = self._writing.random(self._who.name, self._turn)
        back = self._away_until(at)
        if back > at:
            self._last = None
            return back
        if self._in_hand is not None:
            self._finish(self._in_hand, random, at)
            self._in_hand = None
            return at + random.randrange(30, 120)
        self._in_hand = self._last = self._own(at) or self._next(at)
        if self._in_hand is None:
            return at + NOTHING_TO_DO
        return at + random.randrange(120, 330)

    def say_here(self) -> None:
        """Say where they are; believed for some seconds."""
        doing = "writes" if self._in_hand is not None else "looks"
        self._desk.show_presence(self._who, self._last, doing)

    def _own(self, at: Instant) -> int | None:
        """What is theirs already and asks for them: a promise that falls due, else a customer who has answered."""
        for query in ("assignee:me is:promised due:30m", "assignee:me status:open due:8h"):
            found = self._desk.ids(parse(query, at, self._zone), self._who, at, 1)
            if found:
                return found[0]
        return None

    def _next(self, at: Instant) -> int | None:
        taken = take_next(self._desk, self._who, at)
        return taken.conversations[0] if taken.refusal is None else None

    def _away_until(self, at: Instant) -> Instant:
        if not self._hours.is_open(at):
            return self._hours.next_opening(at)
        here = datetime.fromtimestamp(at, self._zone)
        if here.hour == self._lunch and here.minute < 40:
            return at + (40 - here.minute) * 60
        return at

    def _finish(self, conversation: int, random: Random, at: Instant) -> None:
        row = next(iter(self._desk.rows([conversation])), None)
        here = row.conversation if row is not None else None
        if here is None or here.assignee != self._who.name:
            return  # somebody else was quicker
        letters = [i for i in self._desk.items(conversation) if i.direction == "in" and not i.automatic]
        if not letters:
            return
        item = letters[-1]
        if here.promised_until is not None and here.promised_until <= at + 1800:
            self._answer(conversation, item, random, at, keeps=True)
            return
        if here.status is not Status.OPEN:
            return
        if item.reply.strip() in THANKS.values():
            self._do("close", conversation, at, why="thanks")
            return
        chance = random.random()
        self._answer(conversation, item, random, at)
        if chance < 0.08:
            self._do("note", conversation, at, text="I have asked the warehouse and wait for their word.")
            self._do("hold", conversation, at, whom="warehouse", until=at + 20 * HOUR)
        elif chance < 0.16:
            self._do("promise", conversation, at, until=at + 4 * HOUR, text="when it has left")
        elif chance < 0.24:
            self._do("tag", conversation, at, add=[random.choice(("refund", "exchange", "shipping"))])

    def _answer(
        self, conversation: int, item: Item, random: Random, at: Instant, *, keeps: bool = False
    ) -> None:
        customer = item.sender[0]
        language = language_in(item.text)
        dear = DEAR[language].format(name=first_name(customer, language))
        text = f"{dear}\n\n{random.choice(ANSWERS[language])}\n\n{self._who.name}"
        self._do(
            "reply",
            conversation,
            at,
            text=text,
            to=[customer.address],
            sender=f"{SHOP.name} <{SHOP.address}>",
            mailbox=MAILBOX,
            item=item,
            leave_after=20,
            bits=random.getrandbits(128),
            keeps=keeps,
        )

    def _do(self, verb: str, conversation: int, at: Instant, **arguments: object) -> None:
        self._desk.change(*decision(verb, conversation=conversation, **arguments), self._who, at)

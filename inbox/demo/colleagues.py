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
        taken = take_next(self._desk, self._who, at)
        if taken.refusal is not None:
            self._last = None
            return at + NOTHING_TO_DO
        self._in_hand = self._last = taken.conversations[0]
        return at + random.randrange(150, 450)

    def say_here(self) -> None:
        """Say where they are; believed for some seconds."""
        doing = "writes" if self._in_hand is not None else "looks"
        self._desk.show_presence(self._who, self._last, doing)

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
        if here is None or here.status is not Status.OPEN or here.assignee != self._who.name:
            return  # somebody else was quicker
        item = next((i for i in reversed(self._desk.items(conversation)) if i.direction == "in"), None)
        if item is None:
            return
        if item.reply.strip() in THANKS.values():
            self._do("close", conversation, at, why="thanks")
            return
        chance = random.random()
        if chance < 0.08:
            self._do("note", conversation, at, text="I have asked the warehouse and wait for their word.")
            self._do("hold", conversation, at, whom="warehouse", until=at + 6 * HOUR)
            return
        self._answer(conversation, item, random, at)
        if chance < 0.2:
            self._do("promise", conversation, at, until=at + 4 * HOUR, text="when it has left")
        elif chance < 0.28:
            self._do("tag", conversation, at, add=[random.choice(("refund", "exchange", "shipping"))])

    def _answer(self, conversation: int, item: Item, random: Random, at: Instant) -> None:
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
        )

    def _do(self, verb: str, conversation: int, at: Instant, **arguments: object) -> None:
        self._desk.change(*decision(verb, conversation=conversation, **arguments), self._who, at)

"""A day in the made-up shop: mail comes, what was answered is answered again, and two colleagues work.

The day is a list of what happens next, each with its instant; `go_on` does what has come due, in the order of time, as
of that instant. So the same day comes out however often and how late somebody looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from heapq import heappop, heappush
from typing import NamedTuple

from inbox import mime
from inbox.answering import hangs_on, reply_subject
from inbox.demo.colleagues import Colleague
from inbox.demo.letters import HOUR, Writing, arrivals
from inbox.demo.matters import FURTHER, THANKS
from inbox.demo.monday import CONVERSATIONS, NOTICES, SEED, ZONE
from inbox.demo.post import WHO, Letter, arrival, deliver, numbered
from inbox.demo.words import language_in
from inbox.hours import Hours
from inbox.model import Address, Instant
from inbox.ports import Store, Workspace
from inbox.waking import wake

AN_HOUR = 7.0
"""Letters in a busy hour."""
NOTICE_EVERY = 9
"""Of so many letters one is from a machine."""
ANSWERED = 0.3
"""How likely a customer answers what we wrote, the same day."""
LOOK = 60
"""Seconds between two looks at what leaves and at what wakes."""


class Due(NamedTuple):
    """Something that happens: when, in which order among what happens at once, and what."""

    at: Instant
    order: int
    do: Callable[[Instant], None]


class Day:
    """Goes on from an instant. `desks` are the colleagues' own ways to the store, by their names; `hours` those of the
    shop. `leaves` is told of each mail of ours that leaves: its Message-ID and its bytes."""

    def __init__(
        self,
        store: Workspace,
        desks: Mapping[str, Store],
        hours: Hours,
        begin: Instant,
        leaves: Callable[[str, bytes], None] = lambda _id, _raw: None,
    ) -> None:
        self._store = store
        self._writing = Writing(f"{SEED}:day", ZONE)
        self._due: list[Due] = []
        self._count = 0
        self._mail = self._letters(begin)
        self._leaves = leaves
        self._colleagues = [
            Colleague(name, desk, self._writing, hours, ZONE, lunch=12 + number)
            for number, (name, desk) in enumerate(desks.items())
        ]
        self._plan(begin, self._look)
        self._next_letter()
        for number, colleague in enumerate(self._colleagues):
            self._plan(begin + 240 + 90 * number, partial(self._works, colleague))

    def go_on(self, now: Instant) -> None:
        """Do all that has come due until `now`."""
        while self._due and self._due[0].at <= now:
            due = heappop(self._due)
            due.do(due.at)

    def _plan(self, at: Instant, do: Callable[[Instant], None]) -> None:
        self._count += 1
        heappush(self._due, Due(at, self._count, do))

    # what comes

    def _letters(self, begin: Instant) -> Iterator[Letter]:
        for number, at in enumerate(arrivals(self._writing, begin, AN_HOUR, ZONE)):
            if number % NOTICE_EVERY == 4:
                yield self._writing.notice(NOTICES + number, at)
            else:
                yield self._writing.letter(CONVERSATIONS + number, at)[0]

    def _next_letter(self) -> None:
        letter = next(self._mail)
        self._plan(letter.at, partial(self._comes, letter))

    def _comes(self, letter: Letter, at: Instant) -> None:
        self._receive(letter, at)
        self._next_letter()

    def _receive(self, letter: Letter, at: Instant) -> None:
        self._store.change(*arrival(letter.raw(), at)[1:], WHO, at)

    # what leaves, and what comes back

    def _look(self, at: Instant) -> None:
        wake(self._store, at)
        for message_id, raw in deliver(self._store, at):
            self._leaves(message_id, raw)
            self._perhaps_answered(raw, at)
        self._plan(at + LOOK, self._look)

    def _perhaps_answered(self, raw: bytes, at: Instant) -> None:
        """A customer answers some of what we wrote: with thanks, or with another question."""
        sent = mime.parse(raw)
        random = self._writing.random("answer", sent.subject, at)
        if random.random() > ANSWERED or not sent.to:
            return
        words = random.choice((THANKS, FURTHER))[language_in(sent.text)].format(
            city=self._writing.city(random)
        )
        later = at + random.randrange(1200, 3 * HOUR)
        in_reply_to, references = hangs_on(sent)
        address = sent.to[0].address
        known = self._store.customers_at((address,)).get(address)
        letter = Letter(
            Address(known.name or "" if known is not None else "", address),
            reply_subject(sent.subject),
            words,
            later,
            numbered(7000 + random.randrange(1000), later),
            in_reply_to=in_reply_to,
            references=references,
        )
        self._plan(later, partial(self._receive, letter))

    # who works

    def _works(self, colleague: Colleague, at: Instant) -> None:
        self._plan(colleague.works(at), partial(self._works, colleague))

    def say_here(self) -> None:
        """Let the colleagues say where they are, before their word is no longer believed."""
        for colleague in self._colleagues:
            colleague.say_here()

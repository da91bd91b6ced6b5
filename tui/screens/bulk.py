"""A verb done to conversations: to one, or to as many as were selected, each refusal told with its reason.

What takes a moment is waited for; thousands are changed beside the keys, in slices, told as they go. They are one action
in the record: one undo takes all of it back, also while it goes on.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from threading import Event as Flag
from typing import TYPE_CHECKING
from uuid import uuid4

from inbox.model import Event, Instant, Refusal, Who
from inbox.ports import Decide, Scope, Store
from inbox.verbs import VERBS
from tui.screens.part import Part

if TYPE_CHECKING:
    from tui.screens.deeds import Deed

AT_ONCE = 100
"""Conversations that are changed while the keys wait: that takes a moment. More are changed beside them."""

SLICE = 200
"""Rows that are read at a time for what a verb needs to know of each."""

EACH = 0.5
"""Seconds between two words about how far it is: they cross slow lines."""


@dataclass
class Done:
    """What became of a verb: how many it was done to, one of its events, and why it was not done to the others."""

    count: int = 0
    first: Event | None = None
    refused: Counter[Refusal] = field(default_factory=Counter)
    stopped: bool = False  # before all of them had their turn

    @property
    def refusal(self) -> Refusal | None:
        """Why it was done to none."""
        return next(iter(self.refused), None) if not self.count else None


def change(
    store: Store, deed: Deed, who: Who, now: Instant, goes_on: Callable[[int], bool] = lambda _: True
) -> Done:
    """Do a verb to its conversations; `goes_on` hears how many had their turn, and says whether to go on."""
    done = Done()
    seen = 0

    def count(result: Sequence[Event] | Refusal) -> None:
        nonlocal seen
        seen += 1
        if isinstance(result, Refusal):
            done.refused[result] += 1
        elif result:
            done.count += 1
            done.first = done.first or result[0]

    if len(deed.conversations) == 1:
        scope, decide = next(_changes(store, deed))
        outcome = store.change(scope, decide, who, now, uuid4().hex)
        refusal = outcome.refusal and (_moved(store, deed.conversations[0]) or outcome.refusal)
        count(refusal or outcome.events)
    else:
        store.change_each(_changes(store, deed), who, now, lambda: not goes_on(seen), count)
        done.stopped = seen < len(deed.conversations)
    return done


def _moved(store: Store, conversation: int) -> Refusal | None:
    """Why a conversation that was here is not: somebody has joined it with another."""
    here = store.resolve(conversation)
    if here in (None, conversation):
        return None
    return Refusal("It was joined with another one meanwhile.", "Nothing was done.")


def _changes(store: Store, deed: Deed) -> Iterator[tuple[Scope, Decide]]:
    from inbox.actions import decision

    if deed.verb not in ("snooze", "act"):
        for one in deed.conversations:
            yield decision(deed.verb, conversation=one, **deed.arguments)
        return
    coming = iter(deed.conversations)  # each wakes before its own deadline
    while some := list(islice(coming, SLICE)):
        due = {row.conversation.id: row.due_at for row in store.rows(some)}
        for one in some:
            yield decision(deed.verb, conversation=one, due=due.get(one), **deed.arguments)


class Bulk(Part):
    """Changes thousands beside the keys."""

    _deed: Deed | None = None
    _stop: Flag | None = None
    _begun = 0.0  # seconds of the monotonic clock
    _seen = 0
    _then: Callable[[], None] | None = None  # once it has stopped

    @property
    def in_short(self) -> str:
        """How far it is: "close: 3 400 of 12 000 · 5 s left · u takes it back"; "" while nothing goes on."""
        if self._deed is None:
            return ""
        total = len(self._deed.conversations)
        words = f"{VERBS[self._deed.verb].label}: {figure(self._seen)} of {figure(total)}"
        spent = self.seat.monotonic() - self._begun
        if self._seen and spent > 1:
            left = round((total - self._seen) * spent / self._seen)
            words += f" · {left} s left"
        return f"{words} · {self.called('undo')} takes it back"

    @property
    def goes_on(self) -> bool:
        """Whether something is being done to thousands."""
        return self._deed is not None

    def begin(self, deed: Deed, then: Callable[[Done], None]) -> bool:
        """Do a verb to many, and then, in a handler, that; False while another one goes on."""
        if self._deed is not None:
            self.screen.say(f"One after the other. {self.in_short}")
            return False
        stop = Flag()
        self._deed, self._stop, self._seen, self._begun = deed, stop, 0, self.seat.monotonic()
        who, now, background = self.seat.who, self.seat.now(), self.background
        said = time.monotonic()

        def go_on(seen: int) -> bool:
            nonlocal said
            if time.monotonic() - said >= EACH:
                said = time.monotonic()
                background.tell(self._show, seen)
            return not (stop.is_set() or background.leaving)

        def ended(done: Done) -> None:
            self._end()
            then(done)
            following, self._then = self._then, None
            if following is not None:
                following()

        background.go_through("", lambda store: change(store, deed, who, now, go_on), ended, self._end)
        self._show(0)
        return True

    def stop(self, then: Callable[[], None]) -> None:
        """End it after what was done so far, and then do that."""
        self._then = then
        if self._stop is not None:
            self._stop.set()

    def _end(self) -> None:
        self._deed = self._stop = None
        self.screen.status.show()

    def _show(self, seen: int) -> None:
        if self._deed is not None:
            self._seen = seen
            self.screen.status.show()


def figure(number: int) -> str:
    """A number as people read it: "12 000"."""
    return f"{number:,}".replace(",", "\u202f")

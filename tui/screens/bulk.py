"""A verb done to conversations: to one, or to as many as were selected, each refusal told with its reason.

What takes a moment is waited for; thousands are changed beside the keys, in slices, told as they go. They are one action
in the record: one undo takes all of it back, also while it goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from threading import Event as Flag
from typing import TYPE_CHECKING
from uuid import uuid4

from inbox.model import Event, Instant, Refusal, Who
from inbox.ports import Decide, Scope, Store
from inbox.progress import figure
from inbox.verbs import VERBS
from tui.screens.part import Part

if TYPE_CHECKING:
    from tui.screens.deeds import Deed

AT_ONCE = 100
"""Conversations that are changed while the keys wait: that takes a moment. More are changed beside them."""

SLICE = 200
"""Rows that are read at a time for what a verb needs to know of each."""


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
    """Changes thousands beside the keys, one action at a time."""

    _stop: Flag | None = None  # while something goes on: ends it
    _then: Callable[[], None] | None = None  # once it has ended

    @property
    def goes_on(self) -> bool:
        """Whether something is being done to thousands."""
        return self._stop is not None

    def begin(self, deed: Deed, then: Callable[[Done], None]) -> bool:
        """Do a verb to many, and then, in a handler, that; False while another one goes on."""
        undo, under_way, total = self.called("undo"), self.screen.under_way, len(deed.conversations)
        if self._stop is not None:
            self.screen.say(f"One after the other: {under_way.in_short}. {undo} ends it and takes it back.")
            return False
        stop = self._stop = Flag()
        what, leaves = f"{figure(total)} conversations", f"{undo} takes back what was done."
        work = under_way.begin(VERBS[deed.verb].label, what, stop.set, leaves)
        who, now, background = self.seat.who, self.seat.now(), self.background

        tell = under_way.teller(work)

        def goes_on(seen: int) -> bool:
            tell(seen, total)
            return not (stop.is_set() or background.leaving)

        def end() -> None:
            self._stop = None
            under_way.end(work)

        def ended(done: Done) -> None:
            end()
            then(done)
            following, self._then = self._then, None
            if following is not None:
                following()

        background.go_through("", lambda store: change(store, deed, who, now, goes_on), ended, end)
        return True

    def stop(self, then: Callable[[], None]) -> None:
        """End it after what was done so far, and then do that."""
        self._then = then
        if self._stop is not None:
            self._stop.set()

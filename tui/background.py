"""The threads of a screen, all of them: one writes, one reads what is slow, one walks through all there is, one hears
the bell.

They post messages; only handlers touch widgets. Nothing here waits for anything a key could wait for.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from textual.message import Message

if TYPE_CHECKING:
    from inbox.ports import Workspace

T = TypeVar("T")
Post = Callable[[Message], Any]

LEAVING = 3.0
"""Seconds the writer gets to finish (a draft, a lease) when the screen ends."""


class Came(Message, bubble=False):
    """What the background found, or why it could not; the handler calls `then` with it, or `failed`."""

    def __init__(
        self,
        then: Callable[[Any], None] | None,
        result: Any,
        error: Exception | None,
        failed: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self.then = then
        self.failed = failed
        self.result = result
        self.error = error


class Rang(Message, bubble=False):
    """The bell rang: some conversations changed, here or in another process. `in_sight`: perhaps what is on the screen."""

    def __init__(self, in_sight: bool) -> None:
        super().__init__()
        self.in_sight = in_sight


class Task(NamedTuple):
    """What is to be done, and what a handler does after it."""

    number: int
    do: Callable[[], Any]
    then: Callable[[Any], None] | None
    failed: Callable[[], None] | None


class Line:
    """One daemon thread and its work, in order. Work in the same slot that has not begun gives way to newer work."""

    def __init__(self, name: str, post: Post) -> None:
        self._post = post
        self._work: queue.SimpleQueue[tuple[str, int] | None] = queue.SimpleQueue()
        self._newest: dict[str, Task] = {}
        self._count = 0
        self._lock = Lock()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def put(
        self,
        do: Callable[[], T],
        then: Callable[[T], None] | None,
        slot: str = "",
        failed: Callable[[], None] | None = None,
    ) -> None:
        """Do this on the thread, and then, in a handler, that; `failed` is called there where it could not be done,
        before the person is told. An answer that was overtaken is not delivered."""
        with self._lock:
            self._count += 1
            slot = slot or f"#{self._count}"
            self._newest[slot] = Task(self._count, do, then, failed)
            if not self._thread.is_alive() and self._thread.ident is None:
                self._thread.start()
        self._work.put((slot, self._count))

    @property
    def busy(self) -> bool:
        """Whether something asked for is not done yet."""
        with self._lock:
            return bool(self._newest)

    def end(self) -> None:
        """Finish what was asked for, within `LEAVING` seconds."""
        if self._thread.ident is not None:
            self._work.put(None)
            self._thread.join(LEAVING)

    def _run(self) -> None:
        while (wanted := self._work.get()) is not None:
            slot, number = wanted
            with self._lock:
                task = self._newest.get(slot)
            if task is None or task.number != number:
                continue  # newer work in the same slot stands behind it
            result, error = None, None
            try:
                result = task.do()
            except Exception as caught:  # told to the person by the handler; the thread lives on
                error = caught
            with self._lock:
                overtaken = self._newest[slot] is not task
            if not overtaken and (task.then is not None or error is not None):
                self._post(Came(task.then, result, error, task.failed))
            with self._lock:
                if self._newest[slot] is task:
                    del self._newest[slot]


class Background:
    """What a screen may ask to be done elsewhere."""

    def __init__(self, store: Workspace, post: Post) -> None:
        self._store = store
        self._post = post
        self._reader = Line("reader", post)
        self._writer = Line("writer", post)
        self._walker = Line("walker", post)
        self.leaving = False  # the screen ends: long work is given up
        self._heard: set[int] = set()
        self._something = False
        self._ringing: bool | None = None  # what is told and not looked at yet: in sight, out of it, nothing
        self._in_sight: dict[str, frozenset[int]] = {}
        self._lock = Lock()
        self._unwatch: Callable[[], None] | None = None

    def read(
        self,
        slot: str,
        ask: Callable[[Workspace], T],
        then: Callable[[T], None],
        failed: Callable[[], None] | None = None,
    ) -> None:
        """Ask the store something that may take a while. A newer question in the same slot takes its place."""
        self._reader.put(lambda: ask(self._store), then, slot, failed)

    def write(
        self,
        do: Callable[[Workspace], T],
        then: Callable[[T], None] | None = None,
        slot: str = "",
        failed: Callable[[], None] | None = None,
    ) -> None:
        """Change something. Changes are made one after the other, in the order of the keys."""
        self._writer.put(lambda: do(self._store), then, slot, failed)

    def go_through(
        self,
        slot: str,
        ask: Callable[[Workspace], T],
        then: Callable[[T], None],
        failed: Callable[[], None] | None = None,
    ) -> None:
        """Ask what takes many seconds, on a thread where nothing else waits behind it. Such work looks at `leaving`."""
        self._walker.put(lambda: ask(self._store), then, slot, failed)

    def tell(self, hear: Callable[[T], None], words: T) -> None:
        """From a thread of the background: let a handler hear something while the work goes on."""
        self._post(Came(hear, words, None))

    @property
    def busy(self) -> bool:
        """Whether something asked for is not done yet."""
        return self._reader.busy or self._writer.busy or self._walker.busy

    def watch(self, since: int) -> None:
        """Listen for the bell; what was recorded after the event `since` rang when nobody listened yet."""
        self._unwatch = self._store.watch(self._hear)
        if self._store.newest_event() > since:
            self._hear(frozenset())

    def look_at(self, place: str, conversations: Iterable[int]) -> None:
        """What is on the screen in a place of it (the list, the conversation): a change there is told at once."""
        with self._lock:
            self._in_sight[place] = frozenset(conversations)

    def heard(self) -> frozenset[int] | None:
        """What changed since the last call; None when it is not known what."""
        with self._lock:
            heard, something = frozenset(self._heard), self._something
            self._heard.clear()
            self._something, self._ringing = False, None
        return None if something else heard

    def end(self) -> None:
        """Stop listening and let the writer finish."""
        if self._unwatch is not None:
            self._unwatch()
        self.leaving = True
        self._reader.end()
        self._writer.end()
        self._walker.end()

    def _hear(self, conversations: frozenset[int]) -> None:
        with self._lock:
            self._heard |= conversations
            self._something = self._something or not conversations
            in_sight = not conversations or any(map(conversations.intersection, self._in_sight.values()))
            ring = self._ringing is None or (in_sight and not self._ringing)
            self._ringing = in_sight or bool(self._ringing)
        if ring:  # a flood is one message until it is looked at
            self._post(Rang(in_sight))

"""Several sources read side by side, each in a thread of its own; what they bring comes out in one place."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from inbox.errors import FrontdeskError

T = TypeVar("T")

AHEAD = 4
"""Things that are read in advance while the last one is still being worked on."""
LOOK_SECONDS = 0.1
"""How soon a source that waits to hand something over notices that nobody wants it any more."""


@dataclass(frozen=True, slots=True)
class _End:
    """A source is at its end, or broke."""

    error: BaseException | None = None


def abreast(sources: Mapping[str, Callable[[], Iterator[T]]]) -> Iterator[tuple[str, T | FrontdeskError]]:
    """What the sources bring, with the name of each, as it comes.

    A FrontdeskError ends its own source and is given in its place. Any other error is raised here, and ends all.
    """
    coming: queue.Queue[tuple[str, T | _End]] = queue.Queue(AHEAD)
    left = threading.Event()

    def hand_over(name: str, thing: T | _End) -> bool:
        while not left.is_set():
            with suppress(queue.Full):
                coming.put((name, thing), timeout=LOOK_SECONDS)
                return True
        return False

    def read(name: str, source: Callable[[], Iterator[T]]) -> None:
        try:
            for thing in source():
                if not hand_over(name, thing):
                    return
        except BaseException as error:
            hand_over(name, _End(error))
        else:
            hand_over(name, _End())

    for name, source in sources.items():
        threading.Thread(target=read, args=(name, source), name=name, daemon=True).start()
    running = len(sources)
    try:
        while running:
            name, thing = coming.get()
            if not isinstance(thing, _End):
                yield name, thing
                continue
            running -= 1
            if isinstance(thing.error, FrontdeskError):
                yield name, thing.error
            elif thing.error is not None:
                raise thing.error
    finally:
        left.set()

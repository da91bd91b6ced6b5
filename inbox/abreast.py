"""Several sources read side by side, each in a thread of its own; what they bring comes out in one place."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TypeVar

from inbox.errors import FrontdeskError

T = TypeVar("T")

AHEAD = 4
"""Things that are read in advance while the last one is still being worked on."""
LOOK_SECONDS = 0.1
"""How soon each side notices that the other wants nothing any more."""


@dataclass(frozen=True, slots=True)
class _End:
    """A source is at its end, or broke."""

    error: BaseException | None = None


def abreast(
    sources: Mapping[str, Callable[[], Generator[T, None, None]]],
    cancelled: Callable[[], bool] = lambda: False,
    tick: Callable[[], None] | None = None,
    every: float = 1.0,
) -> Iterator[tuple[str, T | FrontdeskError]]:
    """What the sources bring, with the name of each, as it comes.

    `tick` is called between two things, and `every` so many seconds while nothing comes, also where there is no source. A
    FrontdeskError ends its own source and is given in its place. Any other error is raised here, and ends all. When
    `cancelled` says so it ends at once, whatever a source still waits for.
    """
    coming: queue.Queue[tuple[str, T | _End]] = queue.Queue(AHEAD)
    left = threading.Event()

    def hand_over(name: str, thing: T | _End) -> bool:
        while not left.is_set():
            with suppress(queue.Full):
                coming.put((name, thing), timeout=LOOK_SECONDS)
                return True
        return False

    def read(name: str, source: Callable[[], Generator[T, None, None]]) -> None:
        try:
            with closing(source()) as things:
                for thing in things:
                    if not hand_over(name, thing):
                        return
        except BaseException as error:
            hand_over(name, _End(error))
        else:
            hand_over(name, _End())

    for name, source in sources.items():
        threading.Thread(target=read, args=(name, source), name=name, daemon=True).start()
    running = len(sources)
    alone = tick is not None and not sources  # what time brings is there without any source
    wait = every if tick is not None else LOOK_SECONDS
    try:
        while (running or alone) and not cancelled():
            if tick is not None:
                tick()
            try:
                name, thing = coming.get(timeout=wait)
            except queue.Empty:
                continue
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

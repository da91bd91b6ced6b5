"""Writing to a conversation from the command line: colleagues see it while it lasts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import TYPE_CHECKING

from inbox.errors import FrontdeskError

if TYPE_CHECKING:
    from tui.line.desk import Desk

EACH = 5.0
"""Seconds between two words that somebody still writes; a lease lasts three times as long."""


@contextmanager
def seen_writing(desk: Desk, conversation: int) -> Iterator[None]:
    """Let colleagues see that who acts writes there, for as long as it takes; killed, it is over with the lease."""
    if len(desk.settings().team) < 2:
        yield
        return
    store, who, done = desk.store(), desk.who(), Event()

    def say() -> None:
        while True:
            try:
                store.show_presence(who, conversation, "writes")
            except FrontdeskError:
                return  # nobody writes worse for it
            if done.wait(EACH):
                return

    saying = Thread(target=say, name="presence", daemon=True)
    saying.start()
    try:
        yield
    finally:
        done.set()
        saying.join()
        with suppress(FrontdeskError):
            store.show_presence(who, None, "writes")

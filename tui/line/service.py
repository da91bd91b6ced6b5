"""What a service manager is told of the worker: that it is ready, that it is alive, and what it does (sd_notify(3)).

Nothing is told where none asks for it, and nothing is ever waited for.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, MutableMapping
from contextlib import suppress

from inbox.text import one_line

USUAL_SECONDS = 30.0
"""Between two words of being alive, where the manager does not say how soon it gives the worker up."""


class Service:
    """The worker as a service; it takes what the manager has said out of the environment, for no other program is meant."""

    def __init__(
        self, environment: MutableMapping[str, str], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._address = environment.pop("NOTIFY_SOCKET", "").replace("@", "\0", 1)
        patience = environment.pop("WATCHDOG_USEC", "")
        environment.pop("WATCHDOG_PID", "")
        self._every = int(patience) / 3e6 if patience.isdecimal() else USUAL_SECONDS
        self._monotonic = monotonic
        self._said_at = -self._every
        self._ends = False

    def ready(self) -> None:
        """It holds the lease: what is to start after it may start."""
        self._tell("READY=1")

    def alive(self) -> None:
        """It goes on; called as often as one likes. Where this is not heard for long, it is started again."""
        now = self._monotonic()
        if now - self._said_at >= self._every:
            self._said_at = now
            self._tell("WATCHDOG=1")

    def does(self, words: str) -> None:
        """What it does, in one line for people."""
        self._tell(f"STATUS={one_line(words, 200)}")

    def ending(self) -> None:
        """It was told to end, and finishes what is on its way; called as often as one likes."""
        if not self._ends:
            self._ends = True
            self._tell("STOPPING=1")

    def _tell(self, words: str) -> None:
        if not self._address:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.setblocking(False)
            line.sendto(words.encode(), self._address)

"""The made-up shop where no day goes on: what is answered leaves, and a colleague sits at one of the conversations."""

from __future__ import annotations

from collections.abc import Callable

from inbox.demo.post import deliver
from inbox.model import Instant, Role, Who
from inbox.ports import Store, Workspace

COLLEAGUE = "Theo"


class Standing:
    """`desk` is the colleague's own way to the store, `conversation` what they write to; `leaves` is told of each mail
    of ours that leaves: its Message-ID and its bytes."""

    def __init__(
        self, store: Workspace, desk: Store, conversation: int, leaves: Callable[[str, bytes], None]
    ) -> None:
        self._store = store
        self._desk = desk
        self._conversation = conversation
        self._leaves = leaves

    def go_on(self, now: Instant) -> None:
        """Let leave what is due."""
        for message_id, raw in deliver(self._store, now):
            self._leaves(message_id, raw)

    def say_here(self) -> None:
        """Let the colleague say where they are, before their word is no longer believed."""
        self._desk.show_presence(Who(COLLEAGUE, Role.AGENT), self._conversation, "writes")

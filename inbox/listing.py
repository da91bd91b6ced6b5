"""What a list shows of a conversation; by itself, so that commands that list load nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from inbox.model import Conversation, Instant


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation as a list shows it: its state, the words beside it and its next deadline."""

    conversation: Conversation
    subject: str
    snippet: str
    customer_name: str
    customer_addresses: tuple[str, ...]
    customer_handles: tuple[str, ...]
    customer_open: int  # how many conversations this customer has that are not closed
    due_at: Instant | None
    warn_at: Instant | None
    policy: str
    vip: bool = False

"""Short forms in which decisions state what happened."""

from __future__ import annotations

from typing import Any

from inbox.model import Event, EventType, Instant, Refusal, Who
from inbox.ports import Fact, Scope

PASSED = Refusal("That time has passed.", "Give a time to come, such as 2026-05-01 09:00.")
"""Where until when is to be named."""


def one(conversation: int, **_: Any) -> Scope:
    """The scope of a decision that touches one conversation and needs nothing else."""
    return Scope(conversations=(conversation,))


def happened(
    kind: EventType,
    conversation: int,
    who: Who,
    now: Instant,
    *,
    why: str = "",
    message: int | None = None,
    **data: Any,
) -> Fact:
    """An event of one conversation, now. Empty values in `data` are left out of the record."""
    kept = {key.rstrip("_"): value for key, value in data.items() if value is not None}
    return Fact(Event(kind, now, who.name, conversation, message, why, kept, recorded=now))

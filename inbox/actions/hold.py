"""Hold: we wait for somebody else, and say for whom and until when."""

from __future__ import annotations

from inbox.actions.facts import PASSED, happened, one
from inbox.model import EventType, Instant, Refusal, Who
from inbox.ports import Decision, State

scope = one


def decide(
    state: State, who: Who, now: Instant, *, conversation: int, whom: str, until: Instant | None = None
) -> Decision:
    """Hold for `whom` until `until`."""
    whom = whom.strip()
    if not whom:
        return Refusal("Nobody is named.", "Say whom we wait for: carrier, supplier, a colleague.")
    if until is not None and until <= now:
        return PASSED
    return [happened(EventType.HELD, conversation, who, now, for_=whom[:80], until=until)]

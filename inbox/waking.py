"""What was snoozed or held until now opens again, whoever looks first: the worker, or a screen on the minute."""

from __future__ import annotations

from inbox.actions import reopen
from inbox.model import Instant, Who
from inbox.ports import Decide, Scope, Store


def wake(store: Store, now: Instant) -> int:
    """Open what was snoozed or held until `now`; how many. Two that try at once wake each only once."""
    due = store.to_wake(now)
    if due:
        changes = ((Scope(conversations=(number,)), _waking(number)) for number in due)
        store.change_each(changes, Who("clock"), now)
    return len(due)


def _waking(conversation: int) -> Decide:
    return lambda state, who, now: reopen.wake(state, who, now, conversation=conversation)

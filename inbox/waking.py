"""What was snoozed or held until now opens again, whoever looks first: the worker, or a screen on the minute. So does what
a promise, a follow-up or, of what is snoozed, a deadline that came about since brings back."""

from __future__ import annotations

from inbox.actions import reopen
from inbox.model import Instant, Who
from inbox.ports import Decide, Row, Scope, Store


def wake(store: Store, now: Instant) -> int:
    """Open what is due to come back at `now`; how many. Two that try at once wake each only once."""
    due = store.to_wake(now)
    if due:
        changes = [(Scope(conversations=(row.conversation.id,)), _waking(row)) for row in store.rows(due)]
        store.change_each(changes, Who("clock"), now)
    return len(due)


def _waking(row: Row) -> Decide:
    here = row.conversation
    return lambda state, who, now: reopen.wake(
        state, who, now, conversation=here.id, due=row.due_at, seq=here.seq
    )

"""Nudges on or off: whether we write again by ourselves to a customer who does not answer (docs/follow-ups.md).

The event carries the pace that was set when it was switched on: when the next one goes follows from the record alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from inbox.actions.facts import happened, one
from inbox.model import EventType, Instant, Refusal, Status, Who
from inbox.ports import Decision, State

scope = one

NONE_SET = Refusal(
    "No nudges are set up.", "Write [nudges] with after and texts into settings.toml: docs/follow-ups.md."
)


def decide(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    on: bool | None = None,
    after: Sequence[int] = (),
) -> Decision:
    """Switch nudges on or off; None: the other way than it is. `after`: seconds after our answer at which each goes, as
    `settings.nudges.after` has them. They begin only where we wait for the customer, and end by themselves when the
    customer writes, when it is closed, and after the last one."""
    here = state.conversations[conversation]
    wanted = not here.nudging if on is None else on
    if wanted == here.nudging:
        return Refusal(f"Nudges are {'on' if wanted else 'off'} here already.")
    if not wanted:
        return [happened(EventType.NUDGING, conversation, who, now, on=False)]
    if not after:
        return NONE_SET
    if here.status is not Status.WAITING or here.last_reply_at is None:
        return Refusal("We do not wait for the customer here.", "Nudges follow an answer of ours.")
    return [happened(EventType.NUDGING, conversation, who, now, on=True, after=list(after))]

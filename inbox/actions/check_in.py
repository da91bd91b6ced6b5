"""A check-in: some days after closing we ask whether all is well. It is a follow-up of its own kind, so it is cancelled when
the customer writes, and a person does it; where automatic sending is on, it can go by itself (`inbox.nudging`)."""

from __future__ import annotations

from inbox.actions.facts import happened, one
from inbox.model import EventType, Instant, Refusal, Who
from inbox.ports import Decision, State
from inbox.text import one_line

KIND = "check-in"
"""What a FOLLOW_UP says in `kind`."""
LONGEST = 120

scope = one


def decide(
    _state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    until: Instant,
    text: str = "whether all is well",
    by_itself: bool = False,
) -> Decision:
    """Ask the customer at `until` whether all is well, unless they write before; `text` reminds whoever does it.

    `by_itself`: no person has to, it is sent then (`inbox.nudging.goes_by_itself` knows whether the settings allow it).
    """
    if until <= now:
        return Refusal("That time has passed.", "Give a time to come, such as 2026-05-01 09:00.")
    return [
        happened(
            EventType.FOLLOW_UP,
            conversation,
            who,
            now,
            why=one_line(text, LONGEST),
            due=until,
            kind=KIND,
            by_itself=by_itself or None,
        )
    ]

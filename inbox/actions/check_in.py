"""A check-in: some days after closing we ask whether all is well. It is a follow-up of its own kind, so it is cancelled when
the customer writes, and a person does it; where automatic sending is on and [check_in] has a text, it goes by itself
(`inbox.nudging`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inbox.actions.facts import PASSED, happened, one
from inbox.model import EventType, Instant, Refusal, Who
from inbox.pledges import CHECK_IN
from inbox.ports import Decision, State
from inbox.text import one_line
from inbox.verbs import VERBS, refused

if TYPE_CHECKING:
    from inbox.settings import Settings

LONGEST = 120
PATIENCE = 4 * 3600
"""Seconds after its instant at which a check-in that nobody could send comes back to a person, also without a worker."""

scope = one


def decide(
    _state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    until: Instant,
    text: str = "ask whether all is well",
) -> Decision:
    """Ask the customer at `until` whether all is well, unless they write before; `text` reminds whoever does it."""
    not_theirs = refused(VERBS["check-in"], who)  # it is also asked for with a closing
    if not_theirs is not None:
        return Refusal(not_theirs)
    if until <= now:
        return PASSED
    return [
        happened(
            EventType.FOLLOW_UP,
            conversation,
            who,
            now,
            why=one_line(text, LONGEST),
            due=until,
            kind_=CHECK_IN,
        )
    ]


def usual(settings: Settings, now: Instant) -> Instant:
    """When customers are asked unless somebody names a time: as long after `now` as [check_in] says, in opening hours."""
    from inbox.open_time import NEVER

    at = now + settings.check_in.after
    opening = at if settings.hours.always else settings.hours.next_opening(at)
    return at if opening == NEVER else opening

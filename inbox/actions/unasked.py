"""A message to a customer that no person wrote and that answers nothing: a nudge, a check-in, the question how it was,
what a rule sends. The one way in which such a message is queued.

It goes only where the settings allow automatic sending and `may_be_written` sees nothing against it. It meets no reply
clock and assigns nobody (docs/clocks.md); RFC 3834 says what machines owe to those they write to.
"""

from __future__ import annotations

from typing import Any

from inbox.actions import reply
from inbox.addresses import fold_address
from inbox.answering import is_no_reply
from inbox.loops import DAY, spent_by
from inbox.model import Instant, Refusal, Who
from inbox.ports import Decision, Scope, State


def scope(conversation: int, to: str, **_: object) -> Scope:
    """The conversation, and what went automatically to and came from whoever is written to."""
    return Scope(
        conversations=(conversation,),
        events=(conversation,),
        leaves=True,
        correspondent=fold_address(to),
    )


def may_be_written(state: State, to: str, now: Instant, *, daily: bool = False) -> Refusal | None:
    """Why nothing automatic may go to an address; None when it may. `daily`: what goes there once a day at most."""
    address = fold_address(to)
    if not address or (state.us is not None and state.us.is_us(address)):
        return Refusal("There is nobody to write to.")
    if is_no_reply(address):
        return Refusal(f"Nobody reads {address}.")
    if daily and state.traffic.vacation_at is not None and now - state.traffic.vacation_at < DAY:
        return Refusal(f"{address} has had such a message within a day.")
    found = spent_by(state.traffic, now)
    if found is not None:
        return Refusal(
            f"{found.messages} automatic messages in {found.minutes} minutes", f"until {found.until}"
        )
    return None


def decide(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    to: str,
    by: str,
    **written: Any,
) -> Decision:
    """Queue it, or refuse it: one a day to an address, and the conversation stays what it is.

    `by` says what it is (nudge, check-in, feedback, rule), and stands in the record; `written`: the other arguments of
    `reply.decide`.
    """
    stop = may_be_written(state, to, now, daily=True)
    if stop is not None:
        return stop
    automatic = reply.Automatically(fold_address(to), True, by)
    return reply.decide(
        state,
        who,
        now,
        conversation=conversation,
        to=[to],
        then=None,
        leave_after=0,
        automatic=automatic,
        **written,
    )

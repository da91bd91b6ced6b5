"""An answer that no person wrote: the one way in which anything of ours is queued by itself.

It goes only where `may_answer_automatically` allows it. It meets no clock, changes no status and assigns nobody.
"""

from __future__ import annotations

from typing import Any

from inbox.actions import reply
from inbox.actions.facts import happened
from inbox.addresses import fold_address
from inbox.automatic import is_daemon
from inbox.loops import DAY, spent_by
from inbox.model import EventType, Instant, Message, Refusal, Who
from inbox.ports import Decision, Scope, State


def scope(conversation: int, answered: Message, **_: object) -> Scope:
    """The conversation, and what went automatically to and came from whoever is to be answered."""
    return Scope(
        conversations=(conversation,),
        events=(conversation,),
        senders=(conversation,),
        leaves=True,
        correspondent=correspondent(answered),
    )


def correspondent(answered: Message) -> str:
    """To whom an automatic answer goes, folded; "" when nobody is named."""
    named = answered.reply_to or answered.sender
    return fold_address(named[0].address) if named else ""


def may_answer_automatically(
    state: State, answered: Message, now: Instant, *, vacation: bool = False
) -> Refusal | None:
    """Why nothing automatic may answer a message (RFC 3834, 2); None when it may. `vacation`: an answer of the kind that
    goes to an address once a day."""
    address = correspondent(answered)
    if not address or (state.us is not None and state.us.is_us(address)):
        return Refusal("There is nobody to answer.")
    if answered.bounces or any(map(is_daemon, (*answered.sender, *answered.reply_to))):
        return Refusal("A mail system's report is not answered.")
    said = answered.automatic
    if said.suppress_auto_reply or said.is_automatic or said.notice:
        return Refusal("It wants no automatic answer.", "; ".join(said.why))
    if vacation and state.traffic.vacation_at is not None and now - state.traffic.vacation_at < DAY:
        return Refusal(f"{address} has had this answer within a day.")
    found = spent_by(state.traffic, now)
    if found is None:
        return None
    return Refusal(f"{found.messages} automatic messages in {found.minutes} minutes", f"until {found.until}")


def decide(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    answered: Message,
    vacation: bool = False,
    **written: Any,
) -> Decision:
    """Queue an automatic answer to `answered`, or refuse it. `written` are the arguments of `reply.make`.

    When a budget is used up, that is said once in the conversation, until when nothing automatic goes there.
    """
    stop = may_answer_automatically(state, answered, now, vacation=vacation)
    if stop is not None:
        found = spent_by(state.traffic, now)
        known = state.traffic.stopped_until
        if found is None or not stop.next_step.startswith("until ") or (known is not None and known > now):
            return stop
        address = correspondent(answered)
        event = EventType.LOOP_STOPPED
        return [happened(event, conversation, who, now, why=stop.reason, address=address, until=found.until)]
    return reply.decide(
        state,
        who,
        now,
        conversation=conversation,
        then=None,
        to=[correspondent(answered)],
        leave_after=0,
        automatic=reply.Automatically(correspondent(answered), vacation),
        **written,
    )

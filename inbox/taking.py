"""Taking the next conversation: the most urgent one that nobody has, and never one that somebody else has taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inbox.model import Refusal
from inbox.ports import Outcome
from inbox.verbs import VERBS, refused
from inbox.views import VIEWS

if TYPE_CHECKING:
    from inbox.model import Instant, Who
    from inbox.ports import Store

AT_ONCE = 8
"""Conversations that are looked up at a time: colleagues who take next at the same moment take them from the front."""


def take_next(store: Store, who: Who, now: Instant) -> Outcome:
    """Give `who` the most urgent open conversation that nobody has.

    It is looked up without a lock and taken under it; where a colleague was quicker the one after it is tried, and where
    all of them are gone it is looked up again. So whenever one is taken, none that is more urgent is left, and the only
    refusals are a role that may not, and that nothing is left. What a colleague is writing to comes last.
    """
    from inbox.actions import decision

    why = refused(VERBS["take-next"], who)
    if why is not None:
        return Outcome(refusal=Refusal(why))
    while waiting := store.ids(VIEWS["unassigned"].node, who, now, AT_ONCE):
        written_to = {
            one.conversation for one in store.presence() if one.doing == "writes" and one.who != who.name
        }
        for conversation in sorted(waiting, key=lambda one: one in written_to):
            outcome = store.change(*decision("take-next", conversation=conversation), who, now)
            if outcome.refusal is None:
                return outcome
    return Outcome(
        refusal=Refusal("Nothing waits for somebody to take it.", "Everything open is in somebody's hands.")
    )

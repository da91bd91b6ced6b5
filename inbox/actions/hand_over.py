"""Hand a conversation over: to whom, and one line that says where it stands, which the next person sees first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from inbox.actions.facts import happened, one
from inbox.model import EventType, Instant, Refusal, Role, Who
from inbox.ports import Decision, State
from inbox.text import one_line

if TYPE_CHECKING:
    from inbox.settings import Teammate

scope = one

LONGEST = 200
"""Characters of the line; it stands in a row of the list."""


def decide(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    to: str,
    summary: str,
    team: Sequence[Teammate] = (),
) -> Decision:
    """Give it to `to` with `summary`. `team`: who there is, where that is known."""
    line = one_line(summary, 2 * LONGEST)
    reason = refused(to, who.name, team)
    if reason is not None:
        return reason
    if not line:
        return Refusal("Whoever gets it needs one line.", "Say where it stands, and what is to be done.")
    if len(line) > LONGEST:
        return Refusal(f"One line has at most {LONGEST} characters.", "The rest is for a note (n).")
    here = state.conversations[conversation]
    return [happened(EventType.HANDED_OVER, conversation, who, now, why=line, to=to, was=here.assignee)]


def refused(to: str, me: str, team: Sequence[Teammate]) -> Refusal | None:
    """Why nothing can be handed over to `to`; None where it can. Who is away can be given something, and whoever gives it is
    told so (`inbox.away`)."""
    if to == me:
        return Refusal("You cannot hand it over to yourself.", "assign-me (g a) takes it.")
    if not team:
        return None
    mate = next((each for each in team if each.name == to), None)
    if mate is None:
        names = ", ".join(each.name for each in team if each.name != me)
        return Refusal(f"Nobody of the team is called {one_line(to, 40)}.", f"There are: {names}.")
    if mate.role is Role.READER:
        return Refusal(f"{to} is a reader, and answers nobody.", "Name somebody else.")
    return None

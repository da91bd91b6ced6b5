"""Nothing stays with somebody who is away: who that is on a day, and what becomes of their work.

What is open needs somebody now, so it is everybody's: a customer's answer, what wakes, a promise or a follow-up that falls
due all open a conversation, and whatever of theirs is open goes to Unassigned. What is snoozed, held or waits for the
customer stays theirs until then. What somebody is given on a day of their absence was given to them knowingly: it stays
until the customer writes, it opens again, or its warning comes. What they take themselves stays theirs for the day.

Who has left the team, or only reads by now, is away for ever. Absences are days in the zone of the opening hours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from inbox.listing import Role, Status, Who
from inbox.model import EventType, Refusal
from inbox.ports import Scope
from inbox.queries import Assignee, StatusIs, both, either
from inbox.text import one_line

if TYPE_CHECKING:
    from inbox.model import Conversation, Event, Instant
    from inbox.ports import Decide, Decision, Outcome, Row, State, Workspace
    from inbox.settings import Settings, Teammate

AT_ONCE = 2_000
"""Conversations that are let go in one look; the next look takes the rest."""
CLOCK = Who("clock")
IN_HAND = (Status.OPEN, Status.SNOOZED, Status.HELD, Status.WAITING)
LOAD = "load"
"""In place of a name: each goes to whoever has the least."""


class Absence(NamedTuple):
    """Why somebody has no hands for anything: `words` complete "bo …"; `since` and `until` are the first and the last day
    (ISO dates), "" where there is none: they are away for ever."""

    words: str
    since: str = ""
    until: str = ""


def today(now: Instant, zone: tzinfo) -> str:
    """The day it is for a team, as an ISO date."""
    return datetime.fromtimestamp(now, zone).date().isoformat()


def absence(team: Sequence[Teammate], name: str, day: str) -> Absence | None:
    """Why this person is not here on a day; None where they are, or where there is no team."""
    if not team:
        return None
    mate = next((each for each in team if each.name == name), None)
    if mate is None:
        return Absence("is nobody of the team any more")
    if mate.role is Role.READER:
        return Absence("is a reader, and answers nobody")
    if not mate.is_away(day):
        return None
    first, last = day, day
    while (spans := [span for span in mate.away if _touches(span, first, last)]) and (
        min(first, *(span[0] for span in spans)),
        max(last, *(span[1] for span in spans)),
    ) != (first, last):
        first = min(first, *(span[0] for span in spans))
        last = max(last, *(span[1] for span in spans))
    return Absence(f"is away until {last}", first, last)


def _touches(span: tuple[str, str], first: str, last: str) -> bool:
    """Whether a span of days overlaps these, or lies beside them."""
    return span[0] <= _beside(last, 1) and span[1] >= _beside(first, -1)


def _beside(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def told(team: Sequence[Teammate], name: str | None, day: str) -> str:
    """ "bo is away until 2026-11-16.", where that is to be said of whom something is given to; else ""."""
    gone = absence(team, name, day) if name is not None else None
    return f"{one_line(name or '', 40)} {gone.words}." if gone is not None else ""


def names_away(team: Sequence[Teammate], day: str) -> frozenset[str]:
    """Who of the team was, is or will be away on a day; who only reads is no absence."""
    return frozenset(mate.name for mate in team if mate.is_away(day))


def here(team: Sequence[Teammate], day: str) -> list[Teammate]:
    """Who can be given work on a day."""
    return [mate for mate in team if absence(team, mate.name, day) is None]


# ---------------------------------------------------------------------- what is let go


def let_go(store: Workspace, settings: Settings, now: Instant) -> int:
    """Give everybody what is open and somebody's who is away; how many went. Whoever looks first: the worker, or a screen
    on the minute. Two that look at once do it once."""
    from inbox.fold import fold

    team, day = settings.team, today(now, settings.zone)
    if not team:
        return 0
    gone = {name: found for name in store.attendance.loads() if (found := absence(team, name, day))}
    if not gone:
        return 0
    wanted = both(StatusIs((Status.OPEN,)), either(*(Assignee(name) for name in gone)))
    numbers = store.ids(wanted, CLOCK, now, AT_ONCE)
    changes = []
    for row in store.rows(numbers):
        number = row.conversation.id
        events = store.events(number)
        # what stays is left out here already, so that it takes the lock from nobody, minute by minute
        if _goes(fold(number, events), events, _urgent_at(row), settings, now):
            changes.append((Scope(conversations=(number,), events=(number,)), _letting(row, settings)))
    went = 0

    def count(result: Sequence[Event] | Refusal) -> None:
        nonlocal went
        went += not isinstance(result, Refusal)

    if changes:
        store.change_each(changes, CLOCK, now, after=count)
    return went


def _urgent_at(row: Row) -> Instant | None:
    return row.warn_at or row.due_at


def _letting(row: Row, settings: Settings) -> Decide:
    """The decision to give it back, looked at again under the lock."""
    number, urgent_at = row.conversation.id, _urgent_at(row)

    def decide(state: State, who: Who, now: Instant) -> Decision:
        conversation = state.conversations.get(number)
        if conversation is None or not (
            why := _goes(conversation, state.events[number], urgent_at, settings, now)
        ):
            return Refusal("It stays where it is.")
        return give(state, who, now, number, None, why)

    return decide


def _goes(
    conversation: Conversation,
    events: Sequence[Event],
    urgent_at: Instant | None,
    settings: Settings,
    now: Instant,
) -> str:
    """Why it goes to everybody now, in words; "" where it stays where it is."""
    name = conversation.assignee
    gone = absence(settings.team, name, today(now, settings.zone)) if name is not None else None
    if name is None or gone is None or conversation.status is not Status.OPEN:
        return ""
    given = _given(events)
    day = today(given.recorded, settings.zone) if given is not None else ""
    if given is not None and gone.since and gone.since <= day:  # knowingly
        if given.who == name and day == today(now, settings.zone):
            return ""  # who takes something is here, whatever the settings say
        since = max(conversation.turned_at, conversation.last_customer_at or 0)
        if since <= given.recorded and (urgent_at is None or urgent_at > now):
            return ""
    return f"{one_line(name, 40)} {gone.words}"


def _given(events: Sequence[Event]) -> Event | None:
    """By what a conversation was last given to whoever has it; None where it only became theirs as they answered."""
    gives = (EventType.ASSIGNED, EventType.HANDED_OVER)
    return next((event for event in reversed(events) if event.type in gives and not event.void), None)


def give(state: State, who: Who, now: Instant, conversation: int, to: str | None, why: str = "") -> Decision:
    """Give a conversation to somebody, or to everybody (None), and say why."""
    from inbox.actions.facts import happened

    before = state.conversations[conversation]
    if before.assignee == to:
        return Refusal(f"It is assigned to {to} already." if to else "Nobody has it already.")
    return [happened(EventType.ASSIGNED, conversation, who, now, why=why, to=to, was=before.assignee)]


# ---------------------------------------------------------------------- handing their work on


def in_hand(store: Workspace, name: str, now: Instant) -> dict[str, tuple[int, ...]]:
    """What somebody has: the conversations that are "open", "snoozed", "held", "waiting" for the customer, each by its
    status, those in which something is promised or to be followed up among them."""
    found = {}
    for status in IN_HAND:
        numbers = store.ids(both(StatusIs((status,)), Assignee(name)), CLOCK, now)
        if numbers:
            found[status.value] = tuple(numbers)
    return found


def hand_on(
    store: Workspace,
    settings: Settings,
    name: str,
    to: str | None,
    who: Who,
    now: Instant,
    numbers: Sequence[int] | None = None,
    why: str = "",
) -> tuple[Outcome, dict[str | None, int]]:
    """Give what somebody has (or of it these conversations) to a teammate, to everybody (None), or spread it (LOAD) over
    those who are here; as one batch, which one undo takes back. What became of it, and how many each got.

    `who` acts; `why` stands beside each in the record. Refused where nobody is here to get it.
    """
    from inbox.ports import Outcome

    day, team = today(now, settings.zone), settings.team
    if numbers is None:
        numbers = [one for some in in_hand(store, name, now).values() for one in some]
    there = [mate.name for mate in here(team, day) if mate.name != name]
    goes: dict[int, str | None] = dict.fromkeys(numbers, to)
    if to == LOAD:
        if numbers and not there:
            return Outcome(
                refusal=Refusal("Nobody else is here to get it.", "none gives it to everybody.")
            ), {}
        goes |= dict.fromkeys(numbers) | _spread(store, numbers, there, dict.fromkeys(numbers, name))
    changes = [
        (Scope(conversations=(number,)), _handing(number, name, getting, why))
        for number, getting in goes.items()
    ]
    outcome = store.change_each(changes, who, now)
    counted = Counter(event.data.get("to") for event in outcome.events)
    return outcome, dict(counted)


def shares(store: Workspace, settings: Settings, numbers: Sequence[int], now: Instant) -> Mapping[int, str]:
    """Who of those that are here gets each of these conversations, so that what each has in hand stays fair; nothing where
    nobody is here."""
    there = [mate.name for mate in here(settings.team, today(now, settings.zone))]
    has = {row.conversation.id: row.conversation.assignee for row in store.rows(numbers)}
    return _spread(store, numbers, there, has)


def _spread(
    store: Workspace, numbers: Sequence[int], there: Sequence[str], has: Mapping[int, str | None]
) -> dict[int, str]:
    """Who of those gets each of these; what none of them may see nobody gets."""
    from inbox.load import spread

    seen = {name: store.may_see(name, numbers) for name in there}
    return spread(numbers, there, store.attendance.loads(), has, seen)


def _handing(number: int, name: str, to: str | None, why: str) -> Decide:
    def decide(state: State, who: Who, now: Instant) -> Decision:
        conversation = state.conversations.get(number)
        if conversation is None or conversation.assignee != name:
            return Refusal(f"{one_line(name, 40)} does not have it any more.")
        return give(state, who, now, number, to, why)

    return decide

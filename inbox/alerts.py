"""What a person is alerted of, and in what words: deadlines that near or pass, and what happened to what is theirs.

Alerts say nothing the list does not show (`!` and a minus); they are for who does not look. Everything here follows
from what it is given; `inbox.alerting` looks, and sees to it that nobody hears of a thing twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple

from inbox.model import Clock, ClockState, Event, EventType, Instant, Status
from inbox.text import one_line

SOON = 15 * 60
"""Seconds before its deadline at which a conversation of one's own is alerted of."""
PAUSE = 10 * 60
"""Seconds between two alerts to a person by the same way: what comes meanwhile is said with the next."""
NAMED = 3
"""Conversations that are named for each kind; the others are counted."""
NAME_LENGTH = 30
"""Characters of a customer's name."""


class Kind(IntEnum):
    """What there is to tell, the most urgent first."""

    LATE = 0
    SOON = 1  # mine, and due within `SOON`
    APPROVAL = 2  # what a trainee wrote waits for a yes
    ANSWERED = 3  # the customer wrote in one of mine
    GIVEN_BACK = 4  # what I wrote was given back to me, with a note
    ASSIGNED = 5  # a colleague gave it to me
    WARNED = 6  # its policy warns
    RULE = 7  # a rule tells me to look


GIVES = (EventType.ASSIGNED, EventType.HANDED_OVER)
"""Events by which a conversation becomes somebody's."""

_WORDS = {
    Kind.LATE: "late",
    Kind.SOON: f"due in {SOON // 60} min",
    Kind.APPROVAL: "waits for a yes",
    Kind.ANSWERED: "answered",
    Kind.GIVEN_BACK: "given back to you",
    Kind.ASSIGNED: "assigned to you",
    Kind.WARNED: "due soon",
    Kind.RULE: "a rule says: look",
}


class Alert(NamedTuple):
    """One thing to tell. `names` are the things it stands for, by which it is known that they were told; the customer's
    name may hold anything."""

    kind: Kind
    conversation: int
    customer: str
    names: tuple[str, ...]


def about_deadline(
    conversation: int, customer: str, mine: bool, clocks: Iterable[Clock], due_at: Instant, now: Instant
) -> Alert | None:
    """What there is to tell about the next deadline of a conversation: the strongest word of three, or nothing.

    A clock is known by its kind and its start: one that begins anew (a conversation that was reopened) is told anew,
    one whose deadline a policy has moved is not. What was told in a stronger word is not told in a weaker one later.
    """
    running = (ClockState.RUNNING, ClockState.BREACHED)
    clock = next((one for one in clocks if one.due == due_at and one.state in running), None)
    if clock is None:
        return None
    if now > due_at:
        kind = Kind.LATE
    elif mine and due_at - now <= SOON:
        kind = Kind.SOON
    elif clock.warn_at is not None and clock.warn_at <= now:
        kind = Kind.WARNED
    else:
        return None
    name = f"{conversation} {clock.kind} {clock.started}"
    weaker = {Kind.LATE: (Kind.SOON, Kind.WARNED), Kind.SOON: (Kind.WARNED,)}.get(kind, ())
    return Alert(kind, conversation, customer, tuple(f"{name} {each.name}" for each in (kind, *weaker)))


def about_event(
    event: Event, conversation: int, customer: str, status: Status, unread: bool, who: str
) -> Alert | None:
    """What there is to tell about something that happened in a conversation that is now `who`'s; None: nothing.

    Only what still stands: a message that has been read meanwhile is known.
    """
    if event.void or status in (Status.CLOSED, Status.SPAM):
        return None
    if event.type is EventType.RECEIVED:
        quiet = event.data.get("history") or event.data.get("thanks")
        if quiet or event.data.get("side") != "customer" or not unread:
            return None
        kind = Kind.ANSWERED
    elif event.type in GIVES and event.data.get("to") == who and event.who != who:
        kind = Kind.ASSIGNED
    else:
        return None
    return Alert(kind, conversation, customer, (f"event {event.seq}",))


def about_letter(
    event: Event, conversation: int, customer: str, asked: int, who: str, approves: bool
) -> Alert | None:
    """What there is to tell of a letter that waits for a yes, whosever the conversation is: to those who may say it
    (`approves`) while `asked` letters wait there, and to who wrote it once it was given back to them."""
    if event.void:
        return None
    if event.type is EventType.QUEUED and event.data.get("held") == "approval":
        kind = Kind.APPROVAL
        told = approves and asked > 0 and event.who != who
    elif event.type is EventType.GIVEN_BACK:
        kind = Kind.GIVEN_BACK
        told = event.data.get("to") == who != event.who
    else:
        return None
    return Alert(kind, conversation, customer, (f"event {event.seq}",)) if told else None


def told_by_rule(event: Event, conversation: int, customer: str, who: str) -> Alert | None:
    """What a rule tells somebody, whosever the conversation is (0: it is about none, and called by the rule's name)."""
    if event.void or event.type is not EventType.FIRED or who not in event.data.get("notify", ()):
        return None
    name = customer if conversation else str(event.data.get("rule", ""))
    return Alert(Kind.RULE, conversation, name, (f"event {event.seq}",))


def untold(alerts: Iterable[Alert], told: Iterable[str]) -> list[Alert]:
    """What is still to be told, each conversation once for each kind, and only its strongest word about deadlines."""
    known = set(told)
    found: dict[tuple[bool, int, int], Alert] = {}
    for alert in sorted(alerts, key=lambda each: each.kind):
        if alert.names[0] in known:
            continue
        about_time = alert.kind in (Kind.LATE, Kind.SOON, Kind.WARNED)
        key = (about_time, 0 if about_time else int(alert.kind), alert.conversation)
        before = found.get(key)
        names = (*before.names, *alert.names) if before is not None else alert.names
        found[key] = (before or alert)._replace(names=names)
    return sorted(found.values(), key=lambda each: (each.kind, each.conversation))


def in_words(alerts: Sequence[Alert]) -> str:
    """All of them in one line that a terminal, a mail header and a command may be given: "3 late: #12 Anna Weber, #14
    Jo Park, #15 and 2 more; answered: #16 Bo". Names are sanitised; no semicolon, control or line break comes from them.
    """
    parts = []
    for kind in sorted({alert.kind for alert in alerts}):
        of_kind = [alert for alert in alerts if alert.kind is kind]
        count = f"{len(of_kind)} " if len(of_kind) > 1 else ""
        names = ", ".join(_called(alert) for alert in of_kind[:NAMED])
        more = f" and {len(of_kind) - NAMED} more" if len(of_kind) > NAMED else ""
        parts.append(f"{count}{_WORDS[kind]}: {names}{more}")
    return "; ".join(parts)


def _called(alert: Alert) -> str:
    name = one_line(alert.customer.replace(";", ","), NAME_LENGTH)
    return f"#{alert.conversation} {name}".rstrip() if alert.conversation else name

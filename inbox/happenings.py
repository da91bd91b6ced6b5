"""From the record to what the clocks see: who wrote when, and when the status turned to what.

Beside `inbox.fold`, which tells the same events' state, because both must agree: what is late or crosses on its way
is put where the clocks come to the status that the fold comes to.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import Any

from inbox.fold import Folding, answers_at_once, folded, sets_status
from inbox.model import Event, EventType, Happening, Instant, Status

E = EventType
_PLEDGED = {E.PROMISED: "promise", E.KEPT: "kept", E.FOLLOW_UP: "follow-up", E.DONE: "done"}
_UNSEEN = frozenset({E.ASSIGNED, E.HANDED_OVER, E.TAGGED, E.READ, E.POLICY})
"""What no clock minds and no status."""
_Place = tuple[Instant, int, int]
"""Where a happening stands in the order of time: its instant, the number of its event, what stands behind that."""


def happenings(events: Iterable[Event]) -> list[Happening]:
    """What the clocks see of a conversation's events, in the order of time (equal instants: of record).

    The words of status lead to the status that the fold comes to, whatever came late or crossed.
    """
    events = [event for event in events if not event.void and event.type not in _UNSEEN]
    if all(event.type is E.RECEIVED and _asks(event) for event in events):
        return _asked(events)
    side_of = _sides(events)
    folding = Folding(0)
    found: list[tuple[_Place, Happening]] = []
    words: list[tuple[_Place, str]] = [((-1, 0, 0), Status.OPEN.value)]
    customers: list[tuple[Event, bool]] = []
    queued: dict[int | None, int] = {}
    accepted: dict[int | None, Event] = {}
    pledged: list[Event] = []

    def add(event: Event, what: str, place: _Place | None = None) -> None:
        place = place or (event.at, event.seq, 0)
        history = event.recorded if event.type is E.RECEIVED and event.data.get("history") else None
        due, anyway = event.data.get("due"), bool(event.data.get("anyway"))
        aim = event.data.get("aim")
        found.append((place, Happening(place[0], what, due, anyway, event.who, history, aim)))

    for event in events:
        before = folding.status
        folding.apply(event)
        turned = folding.status is not before
        if turned or sets_status(event):
            place = (folding.turned_at, event.seq, 0)
            words.append((place, folding.status.value))
            add(event, folding.status.value, place)
        match event.type:
            case E.RECEIVED:
                side = side_of.get(event.message, event.data["side"])
                if side == "customer":
                    if event.data.get("thanks"):  # a person said that it opened the conversation all the same
                        words.append(((event.at, event.seq, 0), Status.OPEN.value))
                        turned = True
                    customers.append((event, turned))
                else:
                    add(event, "reply" if side == "us" else side)
            case E.QUEUED if event.data.get("kind") != "forward" and "automatic" not in event.data:
                queued[event.message] = event.seq
            case E.SENT_BY_HAND | E.CALLED if answers_at_once(event):
                queued[event.message] = event.seq
                accepted[event.message] = event
            case E.SENT if event.message in queued:
                accepted.setdefault(event.message, event)
            case E.UNDELIVERED if event.data.get("all", True):
                accepted.pop(event.message, None)
            case E.NOTED:
                add(event, "note")
            case E.PROMISED | E.FOLLOW_UP | E.KEPT | E.DONE:
                pledged.append(event)
            case E.ERASED if event.data.get("whole"):
                pledged.clear()  # nobody is left to whom it was promised
    for event in accepted.values():
        add(event, "reply")
    for event in filter(folding.holds, pledged):
        add(event, _PLEDGED[event.type])
    words.sort()
    for event, turned in customers:
        place = (event.at, event.seq, 0)
        if not event.data.get("history"):
            # what the customer wrote while a reply was on its way is not answered by it, and waits from then on
            crossed = [
                (reply.at, reply.seq, event.seq)
                for message, reply in accepted.items()
                if queued[message] < event.seq and event.at <= reply.at
            ]
            place = max(crossed, default=place)
        add(event, "customer", place)
        stands = words[bisect_right(words, place, key=_place) - 1][1]
        if stands != Status.OPEN and not turned:
            add(event, stands, place)
    found.sort(key=_place)
    return [happening for _, happening in found]


def _asks(event: Event) -> bool:
    """Whether somebody waits for an answer to a message that came."""
    return event.data["side"] == "customer" and not event.data.get("thanks")


def _asked(events: list[Event]) -> list[Happening]:
    """The same where customers have written and nobody has done anything yet, as of most that wait."""
    events.sort(key=lambda event: (event.at, event.seq))
    return [
        Happening(e.at, "customer", None, False, e.who, e.recorded if e.data.get("history") else None)
        for e in events
    ]


def _sides(events: Iterable[Event]) -> dict[int | None, str]:
    """Who wrote the messages of which that was said anew after they had come; "thanks" for mere thanks, to which clocks are
    deaf."""
    events = list(events)
    found: dict[int | None, str] = {e.message: e.data["side"] for e in events if e.type is E.SIDE}
    found.update((e.message, "automatic") for e in events if e.type is E.CHAT_TAKEN)
    if any(event.type is E.SENDER_RULED or "thanks" in event.data for event in events):
        found.update(folded(0, events).sides().items())
    return found


def _place(entry: tuple[_Place, Any]) -> _Place:
    return entry[0]

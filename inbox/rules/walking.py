"""What happened in a conversation, event by event, as rules see it: what it sets off, and how the conversation stood after.

Rules must come to the same result whoever looks, and however late. So events are told in the order in which they would have
been recorded by somebody who is always at once: what a rule did because of an event comes right after that event, though
others may have been recorded before the rule got round to it. A conversation is seen as it was after the whole action an
event belongs to (a mail and that it is spam), and before anything that rules did about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from inbox.fold import BRINGS, Folding, answers_at_once
from inbox.model import Conversation, Event, EventType, Instant
from inbox.rules.reading import RULES, On

E = EventType
DEEPEST = 5
"""Rules that set each other off one after the other; then they are stopped."""

_Key = tuple[int, ...]


class Step(NamedTuple):
    """One event that can set rules off. `events` are those the conversation consists of after it, in that order; `depth`
    counts the rules that led to it."""

    event: Event
    on: frozenset[On]
    state: Conversation
    events: tuple[Event, ...]
    depth: int = 0

    @property
    def at(self) -> Instant:
        """The instant as of which a rule judges: when it was written down, which is when it was here."""
        return self.event.recorded or self.event.at


@dataclass(slots=True)
class Action:
    """Events recorded together: of one mail, of one verb, of one rule."""

    key: _Key
    depth: int
    events: list[Event] = field(default_factory=list)


def steps(conversation: int, events: Sequence[Event], only: int | None = None) -> Iterator[Step]:
    """What happened, in that order, from the events at home in a conversation (void ones included); with `only`, just the
    event of that number."""
    telling = Telling(conversation)
    depths: dict[int | None, int] = {}  # messages of ours -> how deep the rule was that sent them
    for action in actions(events):
        found = telling.take(action.events)
        depths |= {each.message: action.depth for each in action.events if each.type is E.QUEUED}
        if any(only in (None, event.seq) for event, _ in found):
            state, until_then = telling.folding.result(), tuple(telling.told)
            for event, on in found:
                if only in (None, event.seq):
                    sent = event.type is E.SENT
                    depth = depths.get(event.message, action.depth) if sent else action.depth
                    yield Step(event, on, state, until_then, depth)
        if only is not None and any(event.seq == only for event in action.events):
            return


class Telling:
    """A conversation as far as it is told: its events in that order, and what came of them."""

    def __init__(self, conversation: int) -> None:
        self.folding = Folding(conversation)
        self.told: list[Event] = []
        self._accepted: set[int | None] = set()  # messages of ours that a server had taken before

    def take(self, action: Iterable[Event]) -> list[tuple[Event, frozenset[On]]]:
        """Tell one action more: its events that can set something off, and what."""
        found: list[tuple[Event, frozenset[On]]] = []
        for event in action:
            begins, before = not self.told, self.folding.status
            self.folding.apply(event)
            self.told.append(event)
            if event.void:
                continue
            kinds = set(_kinds_of(event, self._accepted))
            if event.type is E.SENT:
                self._accepted.add(event.message)
            if self.folding.status is not before and not begins:
                kinds.add(On.STATUS)
            if kinds and not _is_history(event):
                found.append((event, frozenset(kinds)))
        once = _once_an_action([kinds for _, kinds in found])
        return [(event, kinds) for (event, _), kinds in zip(found, once, strict=True) if kinds]


def _once_an_action(kinds: Sequence[frozenset[On]]) -> list[frozenset[On]]:
    """The kinds of the events of one action, as they set rules off: tags and status once, however often they changed in it;
    each message and note for itself."""
    told: set[On] = set()
    found = []
    for each in kinds:
        found.append(each - told)
        told |= each & {On.TAG, On.STATUS}
    return found


def as_of(conversation: int, events: Sequence[Event], seq: int, on: On) -> Step | None:
    """How a conversation stood when something happened beside it that concerns it: the event of that number, of its
    customer. None when nothing was there yet."""
    before = [event for action in actions(events) if action.key < (seq,) for event in action.events]
    if not any(event.type in BRINGS and not event.void for event in before):
        return None
    folding = Folding(conversation)
    for event in before:
        folding.apply(event)
    at = max(event.recorded for event in before)
    cause = Event(E.CUSTOMER_EDITED, at, "", conversation, recorded=at, seq=seq)
    return Step(cause, frozenset({on}), folding.result(), tuple(before))


def _is_history(event: Event) -> bool:
    """Whether an event only tells of the past: rules are silent about it."""
    return (
        bool(event.data.get("history"))
        or event.why == "import"
        or event.data.get("why") == "import"
        or event.who in ("import", "settings")
    )


def _kinds_of(event: Event, accepted: set[int | None]) -> Iterator[On]:
    """What an event is to rules by itself; `accepted`: the messages of ours that a server had taken before."""
    match event.type:
        case E.RECEIVED:
            yield On.MESSAGE_OUT if event.data.get("side") == "us" else On.MESSAGE_IN
        case E.SENT if event.message not in accepted:
            yield On.MESSAGE_OUT
        case E.SENT_BY_HAND | E.CALLED if answers_at_once(event):
            yield On.MESSAGE_OUT
        case E.NOTED:
            yield On.NOTE
        case E.TAGGED:
            yield On.TAG


def could_be(kind: EventType) -> frozenset[On]:
    """All that an event of this kind can be to rules."""
    return _COULD_BE.get(kind, frozenset({On.STATUS}))


_COULD_BE = {
    E.RECEIVED: frozenset({On.MESSAGE_IN, On.MESSAGE_OUT, On.STATUS}),
    E.SENT: frozenset({On.MESSAGE_OUT, On.STATUS}),
    E.SENT_BY_HAND: frozenset({On.MESSAGE_OUT, On.STATUS}),
    E.CALLED: frozenset({On.MESSAGE_OUT, On.STATUS}),
    E.NOTED: frozenset({On.NOTE}),
    E.TAGGED: frozenset({On.TAG}),
}


def actions(events: Sequence[Event]) -> list[Action]:
    """The events by action, in the order of who is always at once."""
    made: list[Action] = []
    of_event: dict[int | None, Action] = {}
    by_batch: dict[int, Action] = {}
    for event in sorted(events, key=lambda each: each.seq):
        by_rule = event.who == RULES
        here = by_batch.get(event.batch)
        if here is None or (event.type in BRINGS and not by_rule):
            key: _Key = (event.seq,)
            depth = 0
            if by_rule and event.type is E.FIRED:
                depth = int(event.data.get("depth", 0))
                number = event.data.get("event")
                cause = of_event.get(number)
                before = (
                    (number,) if number is not None else ()
                )  # of the customer: it lies in no conversation
                key = (*(cause.key if cause is not None else before), event.seq)
            here = by_batch[event.batch] = Action(key, depth)
            made.append(here)
        here.events.append(event)
        of_event[event.seq] = here
    return sorted(made, key=lambda action: action.key)

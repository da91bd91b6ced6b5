"""Lines of a chat have come: whose they are, in which conversation each stands, and what follows from that.

A chat goes on for years; a conversation is a stretch of it. A line belongs to the conversation of its topic, where the
format knows topics, else to that of the line before (or behind) it, unless there was silence between for too long. What
was parted once stays parted: where a line is now is asked of the store, not worked out again. What a person carried into the
chat by hand is here before its line comes, and is told by its words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from inbox.actions import receive, upset
from inbox.chat.shape import Around, Carried, Place, Side
from inbox.model import (
    Address,
    Conversation,
    Customer,
    Event,
    EventType,
    Identity,
    Instant,
    Message,
    Refusal,
    Who,
)
from inbox.placing import DAY
from inbox.ports import Content, Decide, Decision, Fact, Scope, State
from inbox.settings import Watched

HOUR = 3_600
MOST_IN_A_ROW = 6
"""Lines in which somebody thanks: more say more."""


@dataclass(frozen=True, slots=True)
class Said:
    """One line on its way in. `people` are the ways by which its customer is known, the surest first, `name` what they are
    called; `by` is who of ours wrote it; `note`: only our side saw it; `shared`: others of the transcript have its topic."""

    place: Place
    message: Message
    side: Side
    people: tuple[Identity, ...]
    name: str
    raw: bytes
    by: str = ""
    note: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """Lines of one chat that follow each other. `history`: they wake nobody and make nothing late; unanswered and younger
    than `open_for` they stand open. `silence`: so long nobody says anything within one conversation. `mailbox`: what lists
    call where they came by, if that has a name. `watched`: by which signs a customer is upset; None: nobody asks."""

    lines: Sequence[Said]
    history: bool = False
    silence: int = DAY
    open_for: int = 14 * DAY
    mailbox: str | None = None
    watched: Watched | None = None


def scope(arrival: Arrival) -> Scope:
    """The places of the lines, and whose the ways are by which the customers are known."""
    people = dict.fromkeys(each for line in arrival.lines for each in line.people)
    return Scope(chat=tuple(line.place for line in arrival.lines), identities=tuple(people))


def deciding(arrival: Arrival) -> Decide:
    """The decision about these lines, as the store takes it."""
    return lambda state, who, now: decide(state, who, now, arrival=arrival)


def decide(state: State, who: Who, now: Instant, *, arrival: Arrival) -> Decision:
    """Place them; those that are here already change nothing."""
    around = state.chat or Around()
    if all(line.place.line in around.known for line in arrival.lines):
        return Refusal("known")
    facts: list[Fact] = []
    customers = _Customers(state, who, now, facts)
    carried = _carried(around, arrival)
    stretch = _Stretch(around, arrival, carried, state.next_conversation)
    ends: dict[int, dict[str, Instant]] = {}  # conversation -> when each side spoke last, of what is new
    thanks = _thanks(arrival.lines)
    for number, line in enumerate(arrival.lines):
        conversation, why = stretch.place(number)
        if line.place.line in around.known:
            continue
        if number in carried:
            facts.append(_seen_again(carried[number], line.place, who, now))
            continue
        side = {Side.AGENT: "us", Side.CUSTOMER: "customer"}.get(line.side, "automatic")
        customer = customers.of(line)
        here = state.conversations.get(conversation)
        is_new = here is None and conversation not in ends
        is_answered = "us" in ends.get(conversation, ()) or (here is not None and here.answered)
        thanked = number in thanks and is_answered
        note = line.note and not is_new
        content = Content(
            line.message,
            "note" if note else "out" if side == "us" else "in",
            line.place.at,
            line.raw,
            author=line.by,
            customer=customer,
            chat=line.place,
        )
        at = line.place.at
        if note:
            facts.append(Fact(Event(EventType.NOTED, at, who.name, conversation, recorded=now), content))
            continue
        data = {
            "side": side,
            "customer": customer,
            "place": why,
            "history": arrival.history or None,
            "thanks": thanked or None,
            "trusted": True if side == "us" else None,
            "channel": line.place.format,
            "mailbox": arrival.mailbox,
        }
        told = {key: value for key, value in data.items() if value is not None}
        event = Event(EventType.RECEIVED, at, who.name, conversation, data=told, recorded=now)
        facts.append(Fact(event, content))
        ends.setdefault(conversation, {})["thanks" if thanked else side] = at
        if side == "customer" and not thanked and (not arrival.history or now - at < arrival.open_for):
            facts += _mood(arrival, line, here, conversation, who, now)
    if arrival.history:
        for conversation, last in ends.items():
            here = state.conversations.get(conversation)
            times = last.get("customer", 0), last.get("us", 0), max(last.values())
            facts += receive.history_settled(here, who, now, conversation, *times, arrival.open_for)
    return facts


def _mood(
    arrival: Arrival, line: Said, here: Conversation | None, conversation: int, who: Who, now: Instant
) -> list[Fact]:
    """That the customer is upset, where this line says so. What it is called repeats its words: those count once."""
    if arrival.watched is None:
        return []
    message, at = replace(line.message, subject=""), line.place.at
    signs = upset.signs_of(message, here, at, (), arrival.watched, history=arrival.history)
    return [upset.raised(signs, conversation, who, at, now, history=arrival.history)] if signs else []


def _thanks(lines: Sequence[Said]) -> frozenset[int]:
    """Which of these lines are mere thanks: of what a customer says in a row, as much from its beginning as is nothing else
    together ("Danke!", "Schönen Abend noch")."""
    from inbox.thanks import LONGEST, only_thanks

    found: set[int] = set()
    ours = tuple(Address(name, "") for name in dict.fromkeys(line.by for line in lines if line.by))
    row: list[int] = []  # what the customer says, so far, since somebody else spoke
    for number, line in enumerate(lines):
        if line.side is not Side.CUSTOMER:
            row = []
            continue
        row.append(number)
        said = "\n".join(lines[each].message.reply for each in row[-MOST_IN_A_ROW:])
        whole = len(row) <= MOST_IN_A_ROW and len(said) <= LONGEST
        if whole and only_thanks(replace(line.message, reply=said, to=ours)):
            found.update(row)
    return frozenset(found)


def _carried(around: Around, arrival: Arrival) -> dict[int, Carried]:
    """Which of these lines are what was carried there by hand: ours, in the same words, and at about that time, as clocks
    and zones differ. Each is one line."""
    found: dict[int, Carried] = {}
    waiting = list(around.carried)
    for number, line in enumerate(arrival.lines):
        if line.side is not Side.AGENT or line.place.line in around.known:
            continue
        words = line.message.text.split()
        for each in waiting:
            if abs(each.at - line.place.at) <= DAY and each.text.split() == words:
                found[number] = each
                waiting.remove(each)
                break
    return found


def _seen_again(carried: Carried, place: Place, who: Who, now: Instant) -> Fact:
    """That a transcript has the line that was carried there by hand."""
    data = {"line": place.line} | ({"topic": place.topic} if place.topic is not None else {})
    kind, conversation = EventType.SENT_BY_HAND, carried.conversation
    return Fact(Event(kind, place.at, who.name, conversation, carried.message, data=data, recorded=now))


class _Stretch:
    """Where each of these lines stands, asked one after the other."""

    def __init__(self, around: Around, arrival: Arrival, carried: Mapping[int, Carried], free: int) -> None:
        self._around = around
        self._carried = carried
        self._lines = arrival.lines
        self._silence = arrival.silence
        self._free = free
        self._before = around.before
        self._topics = dict(around.topics)

    def place(self, number: int) -> tuple[int, str]:
        """The conversation of the next line, and why, in words."""
        here = self._lines[number].place
        known = self._around.known.get(here.line)
        if number in self._carried:
            known = self._carried[number].conversation
        conversation, why = (known, "") if known is not None else self._found(number)
        self._before = conversation, here.at
        if here.topic is not None:
            self._topics[here.topic] = conversation
        return conversation, why

    def _found(self, number: int) -> tuple[int, str]:
        here = self._lines[number].place
        if here.topic is not None and here.topic in self._topics:
            return self._topics[here.topic], "the same topic of the chat"
        if self._lines[number].shared:
            self._free += 1
            return self._free - 1, "a topic of its own"
        if self._before is not None and here.at - self._before[1] < self._silence:
            return self._before[0], "the chat goes on"
        behind = self._behind(number)
        if behind is not None and behind[1] - here.at < self._silence:
            return behind[0], "the chat goes on from here"
        self._free += 1
        if self._before is None:
            return self._free - 1, "the chat begins"
        return self._free - 1, f"nobody had said anything for {self._silence // HOUR} hours"

    def _behind(self, number: int) -> tuple[int, Instant] | None:
        """The next line that is here already: its conversation and when it was."""
        for line in self._lines[number + 1 :]:
            known = self._around.known.get(line.place.line)
            if known is not None:
                return known, line.place.at
        return self._around.behind


class _Customers:
    """Whose lines are; who is new is made, once."""

    def __init__(self, state: State, who: Who, now: Instant, facts: list[Fact]) -> None:
        self._state = state
        self._who, self._now = who, now
        self._facts = facts
        self._known = dict(state.identities)
        self._free = state.next_customer

    def of(self, line: Said) -> int | None:
        """Whose it is: known by one of the ways, or new; further ways of somebody known are learnt."""
        if not line.people:
            return None
        number = next((self._known[each] for each in line.people if each in self._known), None)
        new = tuple(each for each in line.people if each not in self._known)
        if number is not None and not new:
            return number
        called = self._state.customers.get(number) if number is not None else None
        if number is None:
            number, self._free = self._free, self._free + 1
        made = Customer(number, called.name if called is not None else line.name, new)
        data = {"customer": number}
        event = Event(EventType.CUSTOMER_MADE, self._now, self._who.name, data=data, recorded=self._now)
        self._facts.append(Fact(event, customer=made))
        self._known |= dict.fromkeys(new, number)
        return number

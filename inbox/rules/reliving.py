"""One conversation gone through once more, with rules in force (see `replaying`)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, NamedTuple, cast

from inbox.errors import FrontdeskError, WorldError
from inbox.happenings import happenings
from inbox.model import ACTIVE, Clock, Conversation, Customer, Event, EventType, Instant, Status
from inbox.ports import State
from inbox.queries import (
    After,
    Before,
    Due,
    Flag,
    Is,
    Node,
    Quiet,
    StatusIs,
    both,
    parse,
)
from inbox.queries.proving import impossible
from inbox.rules import deciding
from inbox.rules.deciding import Cause, Desk
from inbox.rules.firings import Firing, Told
from inbox.rules.matching import Scene, held
from inbox.rules.preparing import means, scene_of
from inbox.rules.reading import BY_EVENT, RULES, Action, Do, On, Rule
from inbox.rules.timing import rang_at, time_of_day
from inbox.rules.walking import DEEPEST, Step, Telling, actions
from inbox.settings_rules import leaves
from inbox.sla import clocks
from inbox.text import one_line

if TYPE_CHECKING:
    from inbox.listing import Row
    from inbox.policies import Book
    from inbox.ports import Item, Workspace
    from inbox.reports import Story
    from inbox.settings import Settings

_APART = frozenset({Do.SEND, Do.DRAFT})
"""What is only said, for it would be for others to read."""


class Read:
    """What is read of conversations while the record is gone through, each of it at most once; it stands where the store
    stands when a scene is made (`preparing.scene_of`)."""

    def __init__(self, store: Workspace) -> None:
        self._store = store
        self.book: Book = store.book
        self._rows: dict[int, Row] = {}
        self._items: dict[int, Item] = {}
        self._customers: dict[int, Customer | None] = {}
        self._of = 0
        self.here = 0

    def begin(self, conversations: Sequence[int]) -> None:
        """Read the rows of a slice at once."""
        self._rows = {row.conversation.id: row for row in self._store.rows(conversations)}
        self._customers = {}

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """As `Reader.rows`."""
        return [self._rows[each] for each in ids if each in self._rows]

    def items(self, conversation: int) -> list[Item]:
        """As `Reader.items`."""
        if self._of != conversation:
            self._items = {item.id: item for item in self._store.items(conversation)}
            self._of = conversation
        return list(self._items.values())

    def customer(self, number: int) -> Customer | None:
        """As `Reader.customer`."""
        if number not in self._customers:
            self._customers[number] = self._store.customer(number)
        return self._customers[number]

    def item(self, message: int) -> Item | None:
        """As `Reader.item`, of the conversation that is gone through."""
        self.items(self.here)
        return self._items.get(message)


class Span:
    """The rules, and what is the same for each conversation."""

    def __init__(self, settings: Settings, told: Sequence[Told], since: Instant, now: Instant) -> None:
        self.settings, self.since, self.now = settings, since, now
        self.told = {each.rule.name: each for each in told}
        self.rules = [each.rule for each in told]
        self.by_event = frozenset(rule.on for rule in self.rules if rule.on in BY_EVENT)
        self.timed = [
            rule for rule in self.rules if rule.on not in BY_EVENT and (rule.when or rule.on is not On.TIME)
        ]
        self.ticks = {
            rule.name: list(_ticks(rule, settings.zone, since, now))
            for rule in self.rules
            if rule.on is On.TIME
        }
        self.moving = {rule.name for rule in self.timed if _moves(parse(rule.when, now, settings.zone))}
        # nothing comes with time to what is closed, but for rules at a time of day that ask for it
        self.closed_too = any(
            rule.on is On.TIME and not impossible([both(parse(rule.when, now, settings.zone), _DONE_WITH)])
            for rule in self.timed
        )


_DONE_WITH = StatusIs((Status.CLOSED, Status.SPAM))


def _ticks(rule: Rule, zone: tzinfo, since: Instant, now: Instant) -> Iterator[Instant]:
    """The instants at which a rule at a time of day is asked in (since, now]."""
    day = datetime.fromtimestamp(since, zone).date()
    last = datetime.fromtimestamp(now, zone).date()
    while day <= last:
        at = time_of_day(rule, day, zone)
        if at is not None and since < at <= now:
            yield at
        day += timedelta(days=1)


def _moves(node: Node) -> bool:
    """Whether a query can come to hold by nothing but time."""
    return any(
        isinstance(leaf, After | Before | Due | Quiet) or leaf == Is(Flag.LATE) for leaf in leaves(node)
    )


class Walk:
    """One conversation, from its first event on."""

    def __init__(self, span: Span, read: Read, story: Story, changes: Iterable[tuple[Instant, int]]) -> None:
        self._span, self._read, self._id = span, read, story.id
        self._events = _without_rules(story.events)
        self._telling = Telling(story.id)
        self._told = self._telling.told
        self._at: Instant = 0
        self._used: set[tuple[object, ...]] = set()
        self._idle: set[tuple[str, int]] = set()
        self._stands: tuple[int, Conversation] | None = None
        self._clocks: tuple[tuple[int, Instant], tuple[Clock, ...]] | None = None
        self._changes = tuple(changes)

    def everything(self) -> None:
        """Tell it to the end of the span."""
        for action in actions(self._events):
            at = max(self._at, *(event.recorded or event.at for event in action.events))
            self._pass(at - 1)
            found = self._telling.take(action.events)
            self._at = at
            if found and at >= self._span.since:
                state, until_then = self._state, tuple(self._told)
                for event, kinds in found:
                    if kinds & self._span.by_event:
                        self._ask(Step(event, kinds, state, until_then))
        self._pass(self._span.now)

    @property
    def _state(self) -> Conversation:
        count = len(self._told)
        if self._stands is None or self._stands[0] != count:
            self._stands = count, self._telling.folding.result()
        return self._stands[1]

    # ------------------------------------------------------------------ asking

    def _ask(self, step: Step) -> None:
        """Ask every rule about one event, in their order, and then about what they would have done."""
        span = self._span
        scene = scene_of(cast("Workspace", self._read), step, self._id)
        made: list[Step] = []
        for rule in span.rules:
            if rule.on not in step.on:
                continue
            conditions = self._held(rule, scene)
            if conditions is None:
                continue
            if step.depth >= DEEPEST:
                span.told[rule.name].loops += 1
                break
            made += self._fire(rule, conditions, step)
            if any(action.do is Do.STOP for action in rule.then):
                break
        for each in made:
            if each.on & span.by_event:
                self._ask(each)

    def _held(self, rule: Rule, scene: Scene) -> tuple[str, ...] | None:
        """The conditions that held; None where the rule does not fit, or has stopped itself."""
        if self._span.told[rule.name].broken:
            return None
        try:
            return held(rule, rule.on, scene, self._span.settings.zone)
        except WorldError:
            raise
        except FrontdeskError as error:
            self._broken(rule, error)
            return None

    def _broken(self, rule: Rule, error: FrontdeskError) -> None:
        self._span.told[rule.name].broken = one_line(f"{error.what} {error.next_step}".strip(), 300)

    def _fire(self, rule: Rule, conditions: tuple[str, ...], step: Step) -> list[Step]:
        """Let a rule do what it would; what that could set off."""
        try:
            events, did = self._decided(rule, conditions, step)
        except WorldError:
            raise
        except FrontdeskError as error:
            self._broken(rule, error)
            return []
        if not did:
            return []
        self._span.told[rule.name].add(Firing(step.at, self._id, conditions, tuple(did)))
        number = self._told[-1].seq if self._told else 0
        found = self._telling.take(
            replace(event, seq=number, batch=number, recorded=step.at) for event in events
        )
        state, until_then = self._state, tuple(self._told)
        return [Step(event, kinds, state, until_then, step.depth + 1) for event, kinds in found]

    def _decided(self, rule: Rule, conditions: tuple[str, ...], step: Step) -> tuple[list[Event], list[str]]:
        """The events of what a rule would do, and in words what it would do."""
        quiet = rule._replace(then=tuple(action for action in rule.then if action.do not in _APART))
        cause = Cause("", self._id, conditions, step.event.seq, step.depth + 1)
        found = means(cast("Workspace", self._read), self._span.settings, quiet, cause, None)
        state = State(conversations={self._id: self._state}, events={self._id: tuple(self._told)})
        desk = Desk({}, {}, self._read.book.current.number)
        events: list[Event] = []
        did: list[str] = []
        for fact in deciding.decide(quiet, cause, found, desk, state, step.at):
            if fact.event.type is EventType.FIRED:
                did += [_said(words, quiet.then) for words in fact.event.data["did"]]
            else:
                events.append(fact.event)
        return events, did + [self._apart(action) for action in rule.then if action.do in _APART]

    def _apart(self, action: Action) -> str:
        off = action.do is Do.SEND and not self._span.settings.automatic_sending
        return action.in_words + (": not done. Automatic sending is off." if off else "")

    # ------------------------------------------------------------------ what comes with time

    def _pass(self, until: Instant) -> None:
        """Ask about clocks, silence, times of day and changes of the customer, each in its turn, up to an instant."""
        while self._told and (self._span.timed or self._changes):
            coming = [each for each in self._coming(until) if self._span.since < each.at <= until]
            if not coming:
                break
            first = min(coming, key=lambda each: (each.at, each.place))
            self._at = first.at
            self._used.add(first.key)
            self._comes(first)
        self._at = max(self._at, until)

    def _comes(self, coming: _Coming) -> None:
        event = Event(EventType.FIRED, coming.at, "clock", self._id, recorded=coming.at)
        step = Step(event, frozenset({coming.on}), self._state, tuple(self._told))
        if coming.rule is None:
            self._ask(step)
            return
        rule, before = coming.rule, len(self._told)
        fired = self._span.told[rule.name].fired
        scene = scene_of(cast("Workspace", self._read), step, self._id)
        conditions = self._held(rule, scene)
        made = self._fire(rule, conditions, step) if conditions is not None else []
        for each in made:
            if each.on & self._span.by_event:
                self._ask(each)
        if self._span.told[rule.name].fired == fired and rule.name not in self._span.moving:
            self._idle.add((rule.name, before))  # the next day is no other as long as nothing happens

    def _coming(self, until: Instant) -> Iterator[_Coming]:
        """What comes next with time, as the conversation stands."""
        state, span = self._state, self._span
        active = state.status in ACTIVE
        if active:
            # of one instant: what else was recorded because of it comes first
            change = next(
                ((at, (seq,)) for at, seq in self._changes if at >= self._at and (seq,) not in self._used),
                None,
            )
            if change is not None:
                yield _Coming(change[0], -1, On.CUSTOMER, None, change[1])
        for place, rule in enumerate(span.timed):
            if not span.told[rule.name].broken:
                yield from (
                    each for each in self._to_rule(place, rule, state, active, until) if each.at >= self._at
                )

    def _to_rule(
        self, place: int, rule: Rule, state: Conversation, active: bool, until: Instant
    ) -> Iterator[_Coming]:
        if rule.on is On.SILENCE:
            key: tuple[object, ...] = (rule.name, state.last_message)
            if active and state.messages and key not in self._used:
                yield _Coming(state.last_at + rule.after, place, rule.on, rule, key)
        elif rule.on is On.TIME:
            ticks = self._span.ticks[rule.name]
            after = bisect_left(
                ticks, self._at
            )  # at this very instant as well, when something else came first
            after += after < len(ticks) and (rule.name, ticks[after]) in self._used
            if after < len(ticks) and (rule.name, len(self._told)) not in self._idle:
                yield _Coming(ticks[after], place, rule.on, rule, (rule.name, ticks[after]))
        else:
            for clock in self._running(until):
                rang = rang_at(clock, rule.on)
                key = (rule.name, clock.kind, clock.started)
                if rang is not None and key not in self._used:
                    yield _Coming(rang, place, rule.on, rule, key)

    def _running(self, until: Instant) -> tuple[Clock, ...]:
        """The clocks at an instant, if nothing else happens up to then."""
        key = len(self._told), until
        if self._clocks is None or self._clocks[0] != key:
            timeline = self._read.book.timeline(self._told)
            self._clocks = key, clocks(happenings(self._told), timeline, until)
        return self._clocks[1]


class _Coming(NamedTuple):
    """Something that comes with time, to one rule or (a change of the customer) to all; `key` is what it comes once for."""

    at: Instant
    place: int
    on: On
    rule: Rule | None
    key: tuple[object, ...]


def _without_rules(events: Sequence[Event]) -> list[Event]:
    """A conversation's events without what rules did there, and what became of it."""
    sent = {event.message for event in events if event.who == RULES and event.type is EventType.QUEUED}
    return [
        event
        for event in events
        if event.who != RULES and (event.message is None or event.message not in sent)
    ]


def _said(words: str, actions: Sequence[Action]) -> str:
    """What a rule did in words; whom it would have chosen is not known."""
    chosen = next((a.in_words for a in actions if a.chooses and words.startswith(f"{a.in_words}: ")), None)
    return words if chosen is None or ": not done" in words else chosen

"""Rules follow the record and time: each is asked once for each event, in the order of the file, after the event.

Whoever looks (several processes may) goes through the record in its order. What a rule does is one transaction with the row
that says that it has run for this event, so nothing is done twice, and a kill between two loses nothing: the mark up to
which the record was looked at moves last. What a rule did can set off others, which are asked before the next event.
A rule that cannot be followed stops itself; the others, and receiving, go on (docs/rules.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from inbox.errors import FrontdeskError, WorldError
from inbox.model import Event, EventType, Instant, Status
from inbox.ports import Fact, Scope, State
from inbox.queries import parse
from inbox.rules import deciding, walking
from inbox.rules.book import Kept, News, Progress
from inbox.rules.deciding import Cause, Desk
from inbox.rules.matching import Scene, held, may_fit, message_facts
from inbox.rules.preparing import means, scene_of, standing_scene
from inbox.rules.reading import ABOUT_A_MESSAGE, BY_EVENT, Do, On, Rule
from inbox.rules.timing import rang_at, time_of_day
from inbox.text import one_line

if TYPE_CHECKING:
    from inbox.ports import Workspace
    from inbox.settings import Settings

AT_ONCE = 500
ENOUGH = 100
"""Events looked at in one look, and how often rules do something in it; the rest is for the next: mail waits meanwhile."""
MOST = 2_000
"""Conversations that a rule at a time of day is asked about."""
LOOKS = 600
"""Seconds after which it is written down that nothing had come with time."""

_CLOCKS = frozenset({On.CLOCK_WARNED, On.CLOCK_BREACHED})
_ADOPTED: WeakKeyDictionary[Workspace, tuple[tuple[str, str], ...]] = WeakKeyDictionary()
"""Of each store of this process, the rules that were last said to be in force: so that no rules cost nothing."""


def look(store: Workspace, settings: Settings, now: Instant) -> int:
    """Ask the rules about what has come since the last look; how often one did something. A chore of the worker."""
    rules = settings.rules
    in_force = tuple((rule.name, rule.mark) for rule in rules)
    if _ADOPTED.get(store) != in_force:
        store.rulebook.adopt(in_force, now)
        _ADOPTED[store] = in_force
    if not rules:
        return 0
    return _Look(store, settings, rules, now).everything()


@dataclass(slots=True)
class _Look:
    """One look of one process."""

    store: Workspace
    settings: Settings
    rules: Sequence[Rule]
    now: Instant
    kept: Mapping[str, Kept] = field(default_factory=dict)
    done: int = 0
    stale: bool = False  # other rules are in force by now, or something has moved: the next look goes on

    def everything(self) -> int:
        """What the record and time have brought."""
        progress, newest = self.store.rulebook.progress()
        if progress is None:
            return 0
        up_to = min(newest, progress.seq + AT_ONCE)
        timed = [rule for rule in self.rules if rule.on not in BY_EVENT]
        if up_to == progress.seq and not timed:
            return 0
        self._read_kept()
        if self.stale:
            return 0
        touched: list[int] = []
        if up_to > progress.seq:
            for news in self.store.rulebook.news(progress.seq, up_to):
                if self.stale:
                    return self.done
                touched += self._event(news)
                if self.done >= ENOUGH:
                    up_to = news.seq
                    break
        passed = self._time(timed, progress, touched) if timed else False
        if self.stale:
            return self.done
        # a mark that lies ahead was put there by a clock that was wrong
        if up_to > progress.seq or passed or abs(self.now - progress.at) >= LOOKS:
            self.store.rulebook.looked(progress, Progress(up_to, self.now))
        return self.done

    def _read_kept(self) -> None:
        kept = self.store.rulebook.kept()
        if all(rule.name in kept and kept[rule.name].mark == rule.mark for rule in self.rules):
            self.kept = kept
        else:
            self.stale = True

    def _awake(self, rule: Rule) -> bool:
        return not self.kept[rule.name].stopped

    # ------------------------------------------------------------------ what was recorded

    def _event(self, news: News) -> list[int]:
        """Ask about one event; the conversations it concerns."""
        if news.conversation is not None:
            self._in_conversation(news.conversation, news.seq, news.type, news.message)
            return [news.conversation]
        if news.customer is None or not any(rule.on is On.CUSTOMER for rule in self.rules):
            return []
        conversations = self.store.rulebook.of_customer(news.customer)
        for conversation in conversations:
            step = walking.as_of(conversation, self.store.events(conversation), news.seq, On.CUSTOMER)
            if step is not None:
                self._consequences(self._ask(step, conversation, f"{news.seq} {conversation}"), conversation)
        return conversations

    def _in_conversation(self, conversation: int, seq: int, kind: EventType, message: int | None) -> None:
        """Ask about an event of a conversation, and then about what rules did because of it."""
        if not self._concerns(kind, message):
            return
        for step in walking.steps(conversation, self.store.events(conversation), only=seq):
            self._consequences(self._ask(step, conversation, str(seq)), conversation)

    def _consequences(self, made: Sequence[Event], conversation: int) -> None:
        for event in made:
            if event.type is not EventType.FIRED and event.conversation == conversation:
                self._in_conversation(conversation, event.seq, event.type, None)

    def _concerns(self, kind: EventType, message: int | None) -> bool:
        """Whether an event of this kind can be any rule's, by what is told at once: in a conversation of thousands of
        messages it is worth knowing before all of it is read."""
        possible = walking.could_be(kind)
        rules = [rule for rule in self.rules if rule.on in possible and self._awake(rule)]
        if message is None or any(rule.on not in ABOUT_A_MESSAGE for rule in rules):
            return bool(rules)
        item = self.store.item(message) if rules else None
        if item is None:
            return bool(rules)
        facts = message_facts(item)
        return any(may_fit(rule, facts, self.settings.zone) for rule in rules)

    def _ask(self, step: walking.Step, conversation: int, key: str) -> list[Event]:
        """Ask every rule about one event, in their order; what they did."""
        made: list[Event] = []
        scene = scene_of(self.store, step, conversation)
        for rule in self.rules:
            kept = self.kept[rule.name]
            if self.stale or rule.on not in step.on or kept.stopped or step.event.seq <= kept.since:
                continue
            conditions = self._held(rule, rule.on, scene)
            if conditions is None:
                continue
            cause = Cause(key, conversation, conditions, step.event.seq, step.depth + 1)
            if step.depth >= walking.DEEPEST:
                self._end_of_a_loop(rule, cause)
                break
            made += self._fire(rule, cause, step) or []
            if any(action.do is Do.STOP for action in rule.then):
                break
        return made

    def _end_of_a_loop(self, rule: Rule, cause: Cause) -> None:
        """Say once that rules have set each other off for long enough."""

        def decide(_desk: Desk, _state: State) -> Sequence[Fact]:
            return deciding.stopped(rule, cause, self.now)

        scope = Scope(conversations=(cause.conversation,)) if cause.conversation is not None else Scope()
        once = cause._replace(key=f"{cause.key} too deep")
        if self.store.rulebook.fire(rule, once, scope, decide, self.now) is None:
            self.stale = True

    # ------------------------------------------------------------------ what came with time

    def _time(self, rules: Sequence[Rule], progress: Progress, touched: Sequence[int]) -> bool:
        """Ask about deadlines, silence and times of day in (progress, now]; whether any of them passed."""
        book, passed = self.store.rulebook, False
        awake = [rule for rule in rules if self._awake(rule)]
        clocks = [rule for rule in awake if rule.on in _CLOCKS]
        if clocks:
            found = sorted({*book.falls_due(progress.at, self.now), *touched})
            passed = passed or bool(found)
            for conversation in found:
                self._deadlines(clocks, conversation)
        for rule in awake:
            if rule.on is On.SILENCE:
                since, until = progress.at - rule.after, self.now - rule.after
                found = sorted({*book.fell_silent(since, until), *touched})
                passed = passed or bool(found)
                for conversation in found:
                    self._silence(rule, conversation)
            elif rule.on is On.TIME:
                passed = self._time_of_day(rule, progress) or passed
        return passed

    def _deadlines(self, rules: Sequence[Rule], conversation: int) -> None:
        """Each clock warns once and breaches once, whenever somebody looks."""
        clocks = self.store.clocks(conversation, self.now)
        for rule in rules:
            for clock in clocks:
                at = rang_at(clock, rule.on)
                if at is not None and self.kept[rule.name].at < at <= self.now:
                    self._stands(rule, conversation, f"{conversation} {rule.on} {clock.kind} {clock.started}")

    def _silence(self, rule: Rule, conversation: int) -> None:
        for row in self.store.rows([conversation]):
            here = row.conversation
            at = here.last_at + rule.after
            goes_on = here.status not in (Status.CLOSED, Status.SPAM)
            if goes_on and here.messages and self.kept[rule.name].at < at <= self.now:
                self._stands(rule, conversation, f"{conversation} {rule.on} {here.last_message}")

    def _time_of_day(self, rule: Rule, progress: Progress) -> bool:
        """At a time of day, once a day; a day that was slept through is over. Whoever looks later asks as of that time: the
        dates of a rule mean the same, however late that is."""
        zone = self.settings.zone
        day = datetime.fromtimestamp(self.now, zone).date()
        at = time_of_day(rule, day, zone)
        if at is None or not max(progress.at, self.kept[rule.name].at) < at <= self.now:
            return False
        key = f"{day.isoformat()} {rule.at}"
        if not rule.when:
            self._fire(rule, Cause(key, None, (rule.on.value,)))
            return True
        try:
            node = parse(rule.when, at, zone)
        except FrontdeskError as error:
            self._stop(rule, _in_words(error))
            return True
        for conversation in self.store.ids(node, deciding.WHO, at, MOST):
            self._stands(rule, conversation, f"{key} {conversation}", at)
        return True

    def _stands(self, rule: Rule, conversation: int, key: str, at: Instant | None = None) -> None:
        """Ask a rule about a conversation as it stands, with the dates of an instant (None: of now)."""
        if self.stale or not self._awake(rule):
            return
        scene = standing_scene(self.store, conversation, self.now if at is None else at)
        conditions = self._held(rule, rule.on, scene) if scene is not None else None
        if conditions is None:
            return
        made = self._fire(rule, Cause(key, conversation, conditions))
        self._consequences(made or [], conversation)

    # ------------------------------------------------------------------ asking and doing

    def _held(self, rule: Rule, on: On, scene: Scene) -> tuple[str, ...] | None:
        try:
            return held(rule, on, scene, self.settings.zone)
        except WorldError:
            raise
        except Exception as error:
            self._stop(rule, _in_words(error))
            return None

    def _fire(self, rule: Rule, cause: Cause, step: walking.Step | None = None) -> list[Event] | None:
        try:
            found = means(self.store, self.settings, rule, cause, step, self.now)
            decide = partial(deciding.decide, rule, cause, found, now=self.now)
            chooses = any(action.chooses for action in rule.then)
            people = [mate.name for mate in self.settings.team] if chooses else []
            scope = deciding.scope(cause, found)
            made = self.store.rulebook.fire(rule, cause, scope, decide, self.now, people)
        except WorldError:
            raise
        except Exception as error:
            self._stop(rule, _in_words(error))
            return None
        if made is None:
            self.stale = True  # it is asked again, as things stand then
            return None
        self.done += bool(made)
        return made

    def _stop(self, rule: Rule, why: str) -> None:
        self.store.rulebook.stop(rule.name, rule.mark, one_line(why, 300), self.now)
        self._read_kept()


def _in_words(error: Exception) -> str:
    if isinstance(error, FrontdeskError):
        return f"{error.what} {error.next_step}".strip()
    return f"Frontdesk made a mistake with it ({type(error).__name__})."

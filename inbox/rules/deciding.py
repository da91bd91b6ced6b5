"""What a rule does, as facts: the decisions of `inbox.actions`, taken by who is called "rules", and the event that says
what was done and why. A decision that is refused is said there too; it is no error.

What is slow to find out (texts, to whom an answer goes) is found out before the lock is taken (`Means`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from inbox.actions import auto_reply, decision, unasked
from inbox.errors import NotDone
from inbox.fold import fold
from inbox.model import Conversation, Event, EventType, Instant, Message, Refusal, Role, Who
from inbox.ports import Fact, Scope, State
from inbox.rules.reading import (
    ASSIGNEE,
    BY_LOAD,
    BY_SKILL,
    EVERYBODY,
    GROUPS,
    IN_THE_WORLD,
    OWNERS,
    RULES,
    WAYS,
    Action,
    Do,
    Rule,
)
from inbox.text import one_line
from inbox.typed_dates import read_date

if TYPE_CHECKING:
    from inbox.actions.reply import Made
    from inbox.settings import Settings, Teammate

WHO = Who(RULES, Role.OWNER)
"""Who acts: what a rule may do is decided where it is written, which only an owner can."""
LONGEST = 160
"""Characters of what is said of one thing done."""
_PLACE = re.compile(r"\{(\w+)\}")


class Broken(NotDone):
    """A rule that cannot be followed as it stands: it stops itself until somebody changes it."""


class Cause(NamedTuple):
    """Why a rule does something. `key` is what it does it once for; `event` the event, where one set it off; `held` the
    conditions; `depth` how many rules led to it, this one included."""

    key: str
    conversation: int | None
    held: tuple[str, ...]
    event: int | None = None
    depth: int = 1


class Desk(NamedTuple):
    """What is looked up under the lock: how much each teammate has in hand (`inbox.load`), the number of the event by
    which a rule last gave each one something, the version of the settings in force, and when the conversation is due
    next."""

    loads: Mapping[str, int]
    turns: Mapping[str, int]
    version: int = 0
    due: Instant | None = None
    may_see: frozenset[str] | None = None  # the conversation, where not everybody may

    def sees(self, name: str) -> bool:
        """Whether a teammate may see the conversation."""
        return self.may_see is None or name in self.may_see


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that is ready to leave: to whom, and the mail that it answers (None: it comes unasked)."""

    made: Made
    to: str
    answered: Message | None = None


@dataclass(frozen=True, slots=True)
class Means:
    """What was found out before the lock: the settings, what places in texts stand for, for each letter (by the number of
    its action) either that, or why it cannot be written, and who answers in the language of the customer."""

    settings: Settings
    places: Mapping[str, str]
    letters: Mapping[int, Letter | Refusal]
    speakers: frozenset[str] = frozenset()


def scope(cause: Cause, means: Means) -> Scope:
    """What is touched: the conversation; and what went to and came from those who are written to."""
    if cause.conversation is None:
        return Scope()
    here = cause.conversation
    to = next((each.to for each in means.letters.values() if isinstance(each, Letter)), None)
    if to is None:
        return Scope(conversations=(here,), events=(here,))
    correspondent = unasked.scope(here, to).correspondent
    return Scope(
        conversations=(here,), events=(here,), senders=(here,), leaves=True, correspondent=correspondent
    )


def decide(rule: Rule, cause: Cause, means: Means, desk: Desk, state: State, now: Instant) -> Sequence[Fact]:
    """All that a rule does, its own event first; nothing where everything was so already.

    Each thing is decided as if those before it had happened. Broken when the rule names what is not there.
    """
    done: list[str] = []
    facts: list[Fact] = []
    notify: list[str] = []
    calls: list[int] = []
    changed = False
    for number, action in enumerate(rule.then):
        if action.do is Do.STOP:  # it explains why others did nothing
            done.append("no further rule")
            changed = True
            continue
        if action.do is Do.NOTIFY:
            names = _told(action, means.settings, _here(cause, state))
            notify += names
            said = ", ".join(names) if names else "nobody is there to be told"
            done.append(f"notify: {said}")
            changed = True
            continue
        if action.do in IN_THE_WORLD or action.do is Do.DRAFT:
            calls.append(number)
            done.append(_short(action.in_words))
            changed = True
            continue
        result = _DECIDED[action.do](_Asked(action, number, cause, means, desk, state, now))
        if result is None:
            continue
        changed = True
        if isinstance(result, Refusal):
            done.append(_short(f"{action.in_words}: not done. {result.reason}"))
            continue
        words, new = result
        done.append(_short(words))
        facts += new
        if number + 1 < len(rule.then):  # nobody asks what the last one leaves
            state = after(state, cause.conversation, new)
    if not changed:
        return []
    data: dict[str, Any] = {
        "rule": rule.name,
        "event": cause.event,
        "held": list(cause.held),
        "did": done,
        "depth": cause.depth,
        "notify": list(dict.fromkeys(notify)) or None,
        "calls": calls or None,
    }
    kept = {key: value for key, value in data.items() if value is not None}
    fired = Event(EventType.FIRED, now, RULES, cause.conversation, data=kept, recorded=now)
    return [Fact(fired), *facts]


def stopped(rule: Rule, cause: Cause, now: Instant) -> Sequence[Fact]:
    """The event that says that rules have set each other off for long enough."""
    data = {
        "rule": rule.name,
        "event": cause.event,
        "held": list(cause.held),
        "did": [],
        "depth": cause.depth,
    }
    why = f"stopped after {cause.depth - 1} rules in a row"
    return [Fact(Event(EventType.FIRED, now, RULES, cause.conversation, why=why, data=data, recorded=now))]


# --------------------------------------------------------------------------- one thing each


class _Asked(NamedTuple):
    """One action, and everything it is decided from."""

    action: Action
    number: int
    cause: Cause
    means: Means
    desk: Desk
    state: State
    now: Instant

    @property
    def conversation(self) -> int:
        """The conversation it is about."""
        assert self.cause.conversation is not None  # the settings allow nothing else without one
        return self.cause.conversation

    @property
    def here(self) -> Conversation:
        """How that stands."""
        return self.state.conversations[self.conversation]

    def instant(self, text: str) -> Instant:
        """The instant a date in the rule means now."""
        settings = self.means.settings
        found = read_date(text, self.now, settings.zone, settings.hours)
        if isinstance(found, Refusal):
            raise Broken(f"“{one_line(text, 40)}” is no date: {found.reason}", found.next_step)
        return found

    def do(self, verb: str, words: str, **arguments: Any) -> _Result:
        """What a verb decides."""
        _, decided = decision(verb, conversation=self.conversation, **arguments)
        result = decided(self.state, WHO, self.now)
        return result if isinstance(result, Refusal) else (words, list(result))


_Result = tuple[str, list[Fact]] | Refusal | None


def _tag(asked: _Asked) -> _Result:
    new = [tag for tag in asked.action.words if tag not in asked.here.tags]
    return asked.do("tag", f"tag {' '.join(new)}", add=new) if new else None


def _untag(asked: _Asked) -> _Result:
    old = [tag for tag in asked.action.words if tag in asked.here.tags]
    return asked.do("tag", f"untag {' '.join(old)}", remove=old) if old else None


def _assign(asked: _Asked) -> _Result:
    way = asked.action.words[0]
    team = {mate.name: mate for mate in asked.means.settings.team}
    today = datetime.fromtimestamp(asked.now, asked.means.settings.zone).date().isoformat()
    has = asked.here.assignee
    if way not in WAYS:
        mate = team.get(way)
        if mate is None or mate.role is Role.READER:
            raise Broken(f"{one_line(way, 40)} is nobody who can be assigned anything.", "Name a teammate.")
        if has == way:
            return None
        if mate.is_away(today):
            return Refusal(f"{way} is away.")
        if not asked.desk.sees(way):
            return Refusal(f"{way} may not see it.")
        return asked.do("assign", f"assign {way}", to=way)
    if has in team and not team[has].is_away(today):
        return None  # it is in good hands
    there = [mate for mate in team.values() if mate.role is not Role.READER and not mate.is_away(today)]
    there = [mate for mate in there if asked.desk.sees(mate.name)]
    if way == BY_SKILL:
        there = [mate for mate in there if not set(mate.skills).isdisjoint(asked.here.tags)]
    chosen = _chosen(way, there, asked)
    if chosen is None:
        return Refusal("Nobody with that skill is here." if way == BY_SKILL else "Nobody is here.")
    return asked.do("assign", f"assign {way}: {chosen}", to=chosen)


def _chosen(way: str, there: Sequence[Teammate], asked: _Asked) -> str | None:
    """By skill whoever knows most of the tags, and by load as well, whoever answers in the customer's language; then whoever
    has the least; among equals, and in turn, whoever was given something the longest ago."""
    desk, tags, speakers = asked.desk, set(asked.here.tags), asked.means.speakers
    weighs = way in (BY_LOAD, BY_SKILL)

    def order(mate: Teammate) -> tuple[int, bool, int, int]:
        skill = -len(tags.intersection(mate.skills)) if way == BY_SKILL else 0
        load = desk.loads.get(mate.name, 0) if weighs else 0
        return skill, weighs and mate.name not in speakers, load, desk.turns.get(mate.name, 0)

    return min(there, key=order).name if there else None


def _policy(asked: _Asked) -> _Result:
    name = asked.action.words[0]
    if name not in _asked_for(asked.means.settings):
        raise Broken(f"There is no policy {one_line(name, 40)}.", "Name one of the settings.")
    said = [event for event in asked.state.events[asked.conversation] if event.type is EventType.POLICY]
    last = next((event for event in reversed(said) if not event.void and event.who == RULES), None)
    if last is not None and last.data.get("policy") == name:
        return None
    data = {"version": asked.desk.version, "policy": name}
    event = Event(EventType.POLICY, asked.now, RULES, asked.conversation, data=data, recorded=asked.now)
    return f"policy {name}", [Fact(event)]


def _asked_for(settings: Settings) -> Iterator[str]:
    """The policies a conversation can have: those after one that fits everything have none."""
    for policy in settings.policies:
        yield policy.name
        if policy.when is None:
            return


def _snooze(asked: _Asked) -> _Result:
    until = asked.instant(asked.action.words[0])
    return asked.do("snooze", asked.action.in_words, until=until, due=asked.desk.due)


def _hold(asked: _Asked) -> _Result:
    until = asked.instant(asked.action.until) if asked.action.until else None
    return asked.do("hold", asked.action.in_words, whom=asked.action.words[0], until=until)


def _follow_up(asked: _Asked) -> _Result:
    until = asked.instant(asked.action.words[0])
    return asked.do("follow-up", asked.action.in_words, until=until)


def _close(asked: _Asked) -> _Result:
    return asked.do("close", asked.action.in_words, why=asked.action.words[0])


def _reopen(asked: _Asked) -> _Result:
    return asked.do("reopen", "reopen")


def _note(asked: _Asked) -> _Result:
    places = asked.means.places
    # in one pass: what a customer is called cannot bring a place of its own along
    text = _PLACE.sub(lambda found: places.get(found[1], found[0]), asked.action.words[0])
    team = [mate.name for mate in asked.means.settings.team]
    return asked.do("note", "note", text=text, team=team)


def _nudge(asked: _Asked) -> _Result:
    if asked.here.nudging == asked.action.on:
        return None
    after = asked.means.settings.nudges.after
    return asked.do("nudge", asked.action.in_words, on=asked.action.on, after=after)


def _upset(asked: _Asked) -> _Result:
    if asked.here.upset == asked.action.on:
        return None
    return asked.do("upset", asked.action.in_words, upset=asked.action.on)


def _send(asked: _Asked) -> _Result:
    letter = asked.means.letters[asked.number]
    if isinstance(letter, Refusal):
        return letter
    here, state, now = asked.conversation, asked.state, asked.now
    if letter.answered is not None:
        result = auto_reply.decide(
            state, WHO, now, conversation=here, answered=letter.answered, vacation=True, made=letter.made
        )
    else:
        result = unasked.decide(state, WHO, now, conversation=here, to=letter.to, by="rule", made=letter.made)
    if isinstance(result, Refusal):
        return result
    if any(fact.event.type is EventType.LOOP_STOPPED for fact in result):
        return f"{asked.action.in_words}: not sent, too much went to and fro", list(result)
    return f"{asked.action.in_words} to {letter.to}", list(result)


_DECIDED: dict[Do, Callable[[_Asked], _Result]] = {
    Do.TAG: _tag,
    Do.UNTAG: _untag,
    Do.ASSIGN: _assign,
    Do.POLICY: _policy,
    Do.SNOOZE: _snooze,
    Do.HOLD: _hold,
    Do.FOLLOW_UP: _follow_up,
    Do.CLOSE: _close,
    Do.REOPEN: _reopen,
    Do.NOTE: _note,
    Do.NUDGE: _nudge,
    Do.UPSET: _upset,
    Do.SEND: _send,
}


# --------------------------------------------------------------------------- short forms


def _here(cause: Cause, state: State) -> Conversation | None:
    return state.conversations.get(cause.conversation) if cause.conversation is not None else None


def _told(action: Action, settings: Settings, here: Conversation | None) -> list[str]:
    """The teammates who are told, each once, in the order of the settings."""
    names = set(action.words) - set(GROUPS)
    if EVERYBODY in action.words:
        names.update(mate.name for mate in settings.team)
    if OWNERS in action.words:
        names.update(mate.name for mate in settings.team if mate.role is Role.OWNER)
    if ASSIGNEE in action.words and here is not None and here.assignee is not None:
        names.add(here.assignee)
    order = [mate.name for mate in settings.team]
    return sorted(names, key=lambda name: (order.index(name) if name in order else len(order), name))


def after(state: State, conversation: int | None, facts: Sequence[Fact]) -> State:
    """The state as if these facts were recorded."""
    if conversation is None:
        return state
    events = list(state.events[conversation])
    for fact in facts:
        number = (events[-1].seq if events else 0) + 1
        events.append(replace(fact.event, seq=number, batch=number))
    was = state.conversations[conversation]
    here = fold(conversation, events)._replace(customer=was.customer)
    return replace(
        state,
        conversations={**state.conversations, conversation: here},
        events={**state.events, conversation: tuple(events)},
    )


def _short(words: str) -> str:
    return one_line(words, LONGEST)

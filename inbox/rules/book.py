"""What is written down about rules, as the core needs it: `storage.rules` keeps it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from inbox.model import Event, EventType, Instant
from inbox.ports import Fact, Scope, State
from inbox.rules.deciding import Cause, Desk
from inbox.rules.reading import Rule


class Progress(NamedTuple):
    """How far the record (by number) and time were looked at."""

    seq: int
    at: Instant


class Kept(NamedTuple):
    """What is known of a rule beside the settings: its mark; the event and the instant after which it counts; why it has
    stopped itself, "" while it has not; how often it did something, and when last."""

    name: str
    mark: str
    since: int
    at: Instant
    stopped: str = ""
    fired: int = 0
    fired_at: Instant | None = None


class News(NamedTuple):
    """An event that may set rules off: its number and kind, the conversation where it counts now, or the customer it is
    about, and the message it brought."""

    seq: int
    type: EventType
    conversation: int | None
    customer: int | None = None
    message: int | None = None


class Call(NamedTuple):
    """Something a rule does after the commit: the action of that number of the rule, as its mark was; the FIRED event, where
    that counts now, and when it was asked for."""

    id: int
    rule: str
    mark: str
    action: int
    event: int
    conversation: int | None
    at: Instant


class Rulebook(Protocol):
    """What is written down about rules (`storage.rules`)."""

    def kept(self) -> Mapping[str, Kept]:
        """What is known of each rule, by name."""

    def adopt(self, rules: Sequence[tuple[str, str]], now: Instant) -> None:
        """These rules (name and mark) are in force. One that is new counts from now on; one whose mark is another goes on,
        also when it had stopped itself; one that is gone is forgotten."""

    def stop(self, name: str, mark: str, why: str, now: Instant) -> None:
        """A rule has stopped itself."""

    def progress(self) -> tuple[Progress | None, int]:
        """How far it was looked, and the number of the newest event: one look-up."""

    def looked(self, before: Progress, after: Progress) -> None:
        """It was looked so far, unless somebody else has said so meanwhile."""

    def news(self, after: int, up_to: int) -> list[News]:
        """Events that rules can be set off by, in their order, without history and without what rules did."""

    def fire(
        self,
        rule: Rule,
        cause: Cause,
        scope: Scope,
        decide: Callable[[Desk, State], Sequence[Fact]],
        now: Instant,
        people: Sequence[str] = (),
    ) -> list[Event] | None:
        """Do what a rule does, unless it was done; its events, whoever did it. None when the rule is not in force, or the
        event counts in another conversation by now, or no more. `people`: of whom the decision must know how much they
        have to do."""

    def of_customer(self, customer: int) -> list[int]:
        """The conversations of a customer that are not done with, the newest first."""

    def falls_due(self, after: Instant, until: Instant) -> list[int]:
        """Conversations whose warning or deadline lies in (after, until]."""

    def fell_silent(self, after: Instant, until: Instant) -> list[int]:
        """Conversations not done with whose last message lies in (after, until]."""

    def calls(self) -> list[Call]:
        """What waits to be done after the commit, oldest first."""

    def begin_call(self, call: int) -> bool:
        """From here on it may have been done, and is never done again; False: somebody else has it in hand."""

    def end_call(self, call: int, state: str, trouble: str = "") -> None:
        """What became of it: "done", "failed" or "dropped", and why."""

    def troubles(self) -> list[tuple[str, Instant, str]]:
        """Calls that came to nothing: rule, when, why; the newest first, the last few."""

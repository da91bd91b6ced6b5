"""Whether a rule fits what happened, and in words which of its conditions held."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import tzinfo
from functools import cached_property, lru_cache

from inbox.errors import FrontdeskError
from inbox.model import Conversation, Instant, Status
from inbox.ports import Item
from inbox.queries import (
    And,
    Due,
    Everything,
    Facts,
    Is,
    MessageFacts,
    Node,
    Not,
    Or,
    StatusIs,
    Warned,
    Words,
    matches,
    matches_message,
    parse,
)
from inbox.queries.rendering import render
from inbox.queries.tree import After, Before, Flag
from inbox.rules.reading import ABOUT_A_MESSAGE, On, Rule

NOBODY = ""
"""Who asks: a rule is nobody, so `assignee:me` holds nowhere."""
MOST_HELD = 12
LONGEST_HELD = 100
"""Conditions that are told, and characters of each."""


class Scene:
    """What a rule is asked about: how a conversation stood after something, and what is known beside it.

    `facts`: all that costs nothing. What is slow to tell is told when a query asks: `messages` (those up to then), `message`
    (the one that came, where one did) and `deadlines` (when it was due then, and when that began to warn).
    """

    def __init__(
        self,
        facts: Facts,
        at: Instant,
        messages: Callable[[], Sequence[MessageFacts]] = tuple,
        message: Callable[[], MessageFacts | None] = lambda: None,
        deadlines: Callable[[], tuple[Instant | None, Instant | None]] = lambda: (None, None),
    ) -> None:
        self.bare = facts
        self.at = at
        self._messages = messages
        self._message = message
        self._deadlines = deadlines

    @cached_property
    def message(self) -> MessageFacts | None:
        """The message or note that came."""
        return self._message()

    @cached_property
    def _said(self) -> tuple[MessageFacts, ...]:
        return tuple(self._messages())

    @cached_property
    def _due(self) -> tuple[Instant | None, Instant | None]:
        return self._deadlines()

    def facts(self, node: Node, of_message: bool) -> Facts:
        """All that a query asks for."""
        facts = self.bare
        if not of_message and _asks(node, _reads):
            facts = replace(facts, messages=self._said)
        if _asks(node, _timed):
            facts = replace(facts, due_at=self._due[0], warn_at=self._due[1])
        return facts


def held(rule: Rule, on: On, scene: Scene, zone: tzinfo) -> tuple[str, ...] | None:
    """The conditions of a rule that held, what set it off first; None when it does not fit.

    What came with a message or note is asked of that one; anything else of the whole conversation. Spam is left alone
    unless the rule asks for it. BadUsage when the query cannot be read.
    """
    node = _at_any_time(rule.when, zone) or parse(rule.when, scene.at, zone)
    if scene.bare.conversation.status is Status.SPAM and not _asks(node, _spam):
        return None
    message = scene.message if on in ABOUT_A_MESSAGE and _asks(node, _reads) else None

    def fits(part: Node) -> bool:
        facts = scene.facts(part, message is not None)
        if message is not None:
            return matches_message(part, facts, message, scene.at, NOBODY)
        return matches(part, facts, scene.at, NOBODY)

    if not fits(node):
        return None
    return (on.value, *[words[:LONGEST_HELD] for words in _held(node, fits)][:MOST_HELD])


@lru_cache(maxsize=512)
def _at_any_time(when: str, zone: tzinfo) -> Node | None:
    """A query that means the same at any instant, read once; None when it names dates. BadUsage when it cannot be read."""
    first, second = parse(when, 0, zone), parse(when, _LATER, zone)
    return first if first == second else None


_LATER = 1_000_000_000
"""Another instant, of another day and time of day than the first."""


def may_fit(rule: Rule, message: MessageFacts, zone: tzinfo) -> bool:
    """Whether a rule may fit what came with a message, by the words of that alone; what else it asks for is not known."""
    try:
        node = parse(rule.when, message.at, zone)
    except FrontdeskError:
        return True  # it is told where the rule is asked
    parts = node.parts if isinstance(node, And) else (node,)
    nothing = Facts(Conversation(0))
    return all(
        matches_message(part, nothing, message, message.at, NOBODY) for part in parts if _of_words(part)
    )


def _of_words(node: Node) -> bool:
    """Whether a condition asks for nothing but words and files of a message."""
    match node:
        case And(parts) | Or(parts):
            return all(map(_of_words, parts))
        case Not(part):
            return _of_words(part)
        case _:
            return isinstance(node, Words) or node == Is(Flag.ATTACHMENT)


def _held(node: Node, fits: Callable[[Node], bool]) -> Iterator[str]:
    match node:
        case Everything():
            return
        case And(parts):
            for part in parts:
                yield from _held(part, fits)
        case Or(parts):
            for part in parts:
                if fits(part):
                    yield from _held(part, fits)
        case _:
            yield render(node)


def _reads(node: Node) -> bool:
    """What messages say, or when they came."""
    return isinstance(node, Words | Before | After) or node == Is(Flag.ATTACHMENT)


def _timed(node: Node) -> bool:
    """When it is due."""
    return isinstance(node, Due | Warned) or node == Is(Flag.LATE)


def _spam(node: Node) -> bool:
    """Spam."""
    return isinstance(node, StatusIs) and Status.SPAM in node.statuses


def _asks(node: Node, about: Callable[[Node], bool]) -> bool:
    """Whether some part of a query asks about something."""
    match node:
        case And(parts) | Or(parts):
            return any(_asks(part, about) for part in parts)
        case Not(part):
            return _asks(part, about)
        case _:
            return about(node)


def message_facts(item: Item) -> MessageFacts:
    """What a query can ask of a message or note, as the full-text index has it (`storage.contents.indexed`)."""

    def people(*sides: Sequence[tuple[str, str]]) -> str:
        return " ".join(f"{name} {address}" for side in sides for name, address in side)

    return MessageFacts(
        subject=item.subject,
        sender=people(item.sender, item.on_behalf_of),
        recipients=people(item.to, item.cc),
        body=item.reply or item.text,
        at=item.at,
        attachments=sum(not each.inline for each in item.attachments),
    )

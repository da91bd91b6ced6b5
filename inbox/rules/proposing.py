"""A rule made from one conversation: what to ask for, from who wrote and in which words; what to do, from what people
did with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from inbox.listing import PROGRAMS
from inbox.model import EventType, Instant, Role, Status
from inbox.queries import Field, MailboxIs, Node, Tag, Words, both
from inbox.queries.rendering import render
from inbox.rules.reading import Action, Do, On, Rule
from inbox.toml_rows import toml_value

if TYPE_CHECKING:
    from inbox.model import Event
    from inbox.ports import Item, Row, Workspace
    from inbox.rules.firings import Told
    from inbox.settings import Settings

DAYS = 90
"""How far back a preview looks."""

_WORD = re.compile(r"[^\W\d_]{3,}")
_MOST_WORDS = 2
_LONGEST_NAME = 60


class Proposal(NamedTuple):
    """A rule in the words of settings.toml. `others`: conditions that hold of the conversation as well."""

    name: str
    when: str
    then: str
    others: tuple[str, ...]
    on: str = On.MESSAGE_IN.value

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Its keys and their values, as they stand in the file."""
        return [
            ("name", toml_value(self.name)),
            ("on", toml_value(self.on)),
            ("when", toml_value(self.when)),
            ("then", self.then),
        ]


def table_of(lines: Iterable[tuple[str, str]]) -> str:
    """The table of a rule as it stands in settings.toml."""
    return "[[rule]]\n" + "".join(f"{key} = {value}\n" for key, value in lines)


def propose(row: Row, items: Sequence[Item], events: Sequence[Event], settings: Settings) -> Proposal:
    """The rule a conversation suggests; one that people have changed nothing about suggests a tag."""
    words = _subject_words(row.subject)
    senders = _senders(items, settings)
    subject: list[Node] = [Words(word, Field.SUBJECT) for word in words]
    from_whom: list[Node] = [Words(sender, Field.SENDER) for sender in senders]
    by_people = _given_by_people(events)
    others: list[Node] = [Tag(tag) for tag in row.conversation.tags if tag not in by_people]
    if row.conversation.mailbox is not None and len(settings.mailboxes) > 1:
        others.append(MailboxIs(row.conversation.mailbox))
    if row.conversation.notice or not subject:
        wanted, others = from_whom[:1] or subject, [*from_whom[1:], *subject, *others]
    else:
        wanted, others = subject, [*from_whom, *others]
    name = _free_name(" ".join(words) or (senders[0] if senders else f"like {row.conversation.id}"), settings)
    then = _done_by_people(row, by_people, settings) or [("tag", words[0] if words else "sorted")]
    return Proposal(
        name,
        render(both(*wanted)),
        f"[{', '.join(f'{{ {key} = {toml_value(value)} }}' for key, value in then)}]",
        tuple(dict.fromkeys(render(node) for node in others)),
    )


def _subject_words(subject: str) -> list[str]:
    """The few words of a subject that say what it is about, in their order: the longest that are not said everywhere."""
    from inbox.language import COMMON
    from inbox.placing import bare_subject

    common = {word for words in COMMON.values() for word in words.split()}
    words = [word.casefold() for word in _WORD.findall(bare_subject(subject))]
    told = list(dict.fromkeys(word for word in words if word not in common))
    kept = set(sorted(told, key=len, reverse=True)[:_MOST_WORDS])
    return [word for word in told if word in kept]


def _senders(items: Sequence[Item], settings: Settings) -> list[str]:
    """Who wrote: the domain where it is a firm's, then the address alone."""
    from inbox.addresses import fold_address
    from inbox.us import side_of

    for item in items:
        people = item.on_behalf_of or item.sender
        if item.direction == "in" and people and not settings.us.is_us(people[0].address):
            address = fold_address(people[0].address)
            side = side_of(address).removeprefix("@")
            return [address] if side == address else [side, address]
    return []


def _by_people(events: Sequence[Event], kind: EventType) -> list[Event]:
    return [event for event in events if event.type is kind and not event.void and event.who not in PROGRAMS]


def _given_by_people(events: Sequence[Event]) -> list[str]:
    """The tags that people gave, in their order."""
    given = (tag for event in _by_people(events, EventType.TAGGED) for tag in event.data.get("add", ()))
    return list(dict.fromkeys(given))


def _done_by_people(row: Row, given: Sequence[str], settings: Settings) -> list[tuple[str, str | list[str]]]:
    """What people did with it that a rule could do: tags, who has it, whom it waits for, why it was closed unanswered."""
    from inbox.settings_rules import reasons_to_close

    here = row.conversation
    found: list[tuple[str, str | list[str]]] = []
    tags = [tag for tag in given if tag in here.tags]
    if tags:
        found.append(("tag", tags if len(tags) > 1 else tags[0]))
    if here.assignee in {mate.name for mate in settings.team if mate.role is not Role.READER}:
        found.append(("assign", here.assignee))
    if here.status is Status.HELD and here.held_for:
        found.append(("hold", here.held_for))
    if here.status is Status.CLOSED and not here.answered and here.closed_why in reasons_to_close():
        found.append(("close", here.closed_why or ""))
    return found


def _free_name(name: str, settings: Settings) -> str:
    taken = {rule.name.casefold() for rule in settings.rules}
    name, number = name[:_LONGEST_NAME].strip(), 2
    free = name
    while free.casefold() in taken:
        free, number = f"{name} {number}", number + 1
    return free


# --------------------------------------------------------------------------- what it would have matched


def matched(
    store: Workspace,
    settings: Settings,
    rule: Rule,
    now: Instant,
    goes_on: Callable[[int, int], bool] = lambda _done, _of: True,
) -> Told | None:
    """What a rule would have matched in the last `DAYS` days, whatever it does and whatever other rules do; None when
    `goes_on` says no."""
    from inbox.rules.replaying import replay

    asking = rule._replace(then=(Action(Do.NOTIFY, ("owners",)),))
    found = replay(store, settings, (asking,), now - DAYS * 86_400, now, goes_on)
    return None if found is None else found.rules[0]

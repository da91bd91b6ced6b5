"""Telling many at once: each letter made ready and shown before any of them is queued (docs/issues.md).

A plan is a list of letters, each with why it is set aside, if it is; a person may set aside others and take some back. Then
`inbox.queueing` puts them into the outbox.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from inbox.addresses import fold_address
from inbox.answering import LONGEST_SUBJECT, answer_subject, is_no_reply, prepare
from inbox.errors import BadUsage
from inbox.model import Instant, Status, Who
from inbox.own_fields import PLACES, Table, unknown_field
from inbox.ports import Item, Row
from inbox.profiles import Profile
from inbox.text import one_line
from inbox.typed import placeholders

if TYPE_CHECKING:
    from inbox.issues import Issue
    from inbox.model import Customer
    from inbox.ports import Workspace
    from inbox.queries import Node
    from inbox.settings import Settings
    from inbox.us import Us

T = TypeVar("T")

LOOKED_AT = 200
"""Messages of a conversation that are looked at, and other mail to tell usual words from."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told, of which issue: one text for all. `closes`: their conversations and the issue are closed with it.
    `subject` is for announcements; an answer has that of its conversation. `where` names the text in errors."""

    issue: str
    text: str
    subject: str = ""
    closes: bool = False
    where: str = "the text"
    table: Table = field(default_factory=Table)

    @property
    def digest(self) -> str:
        """By what it is known again: the same text of the same issue is the same telling."""
        said = "\0".join((self.issue, self.subject, self.text.strip()))
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:20]


class Letter(NamedTuple):
    """One letter of a telling. `aside`: why it is set aside; "" when it goes. `final`: nothing takes it back from there.
    `conversation` 0: it begins one."""

    conversation: int
    customer: int | None
    name: str
    to: tuple[str, ...]
    subject: str
    text: str
    sender: str
    aside: str = ""
    final: bool = False
    item: Item | None = None
    seen: int = 0
    then: str = "waiting"
    mailbox: str | None = None
    announced: bool = False  # an answer in what was announced: not to who has said stop since


class Plan(NamedTuple):
    """What is told, the letters of it, and how many have it already."""

    told: Told
    letters: tuple[Letter, ...]
    already: int = 0

    @property
    def going(self) -> list[Letter]:
        """Those that go."""
        return [letter for letter in self.letters if not letter.aside]


def by_hand(found: Plan, with_: Sequence[int], without: Sequence[int]) -> Plan:
    """The same plan, with these conversations taken back where that can be, and without those. BadUsage for one that has
    no letter here, or to which nothing can be sent."""
    there = {letter.conversation: letter for letter in found.letters}
    for number in (*with_, *without):
        if number not in there:
            raise BadUsage(f"There is no letter to #{number} here.", "--dry-run shows those there are.")
        if number in with_ and there[number].final and there[number].aside:
            raise BadUsage(
                f"#{number} cannot be told: {there[number].aside}.", "Leave it out, or answer it by itself."
            )
    changed = [
        letter._replace(aside="by hand" if letter.conversation in without else "")
        if letter.conversation in (*with_, *without)
        else letter
        for letter in found.letters
    ]
    return found._replace(letters=tuple(changed))


class From(NamedTuple):
    """From whom letters go: the person, our addresses in their order, who is us, the settings, and what the person has said
    of themselves."""

    who: Who
    senders: tuple[str, ...]
    us: Us
    settings: Settings
    profile: Profile = Profile()


# ---------------------------------------------------------------------- planning


def plan(store: Workspace, issue: Issue, told: Told, by: From, now: Instant) -> Plan:
    """The letters that tell all who are linked to an issue. BadUsage for an empty text, or a field that is unknown."""
    from inbox.queries import Issue as LinkedTo

    _check(told)
    done = store.issues.told(told.digest)
    ids = sorted(store.ids(LinkedTo(issue.name), by.who, now))
    rows = {row.conversation.id: row for each in slices(ids) for row in store.rows(each)}
    lying = {number: store.items(number, LOOKED_AT) for number in rows}
    about = _About.of(store, issue, lying.values())
    letters, theirs = [], dict[str | int, int]()
    for number, items in lying.items():
        if number in done:
            continue
        row = rows[number]
        letter = _reply(told, row, items, by)
        if issue.kind == "announcement":
            letter = letter._replace(announced=True)
            if _has_said_stop(store, letter):
                letter = letter._replace(aside="they have said stop", final=True)
        if not letter.aside:
            letter = letter._replace(aside=_elsewhere(letter, theirs) or about.other_question(items))
        if not letter.aside:
            theirs.update(dict.fromkeys(_known_by(letter), number))
        letters.append(letter)
    return Plan(told, _reachable(store, letters), sum(number in done for number in ids))


def plan_announcement(store: Workspace, query: Node | None, told: Told, by: From, now: Instant) -> Plan:
    """The letters that announce something to the customers whom a query finds, one each."""
    _check(told)
    if not told.subject.strip():
        raise BadUsage("An announcement has no subject.", "Give it with --subject.")
    done = {_lives(store, customer) for customer in store.issues.told(told.digest).values()}
    ids = store.ids(query, by.who, now)
    newest: dict[int, Row] = {}
    for each in slices(sorted(ids)):
        for row in store.rows(each):
            customer = row.conversation.customer
            before = newest.get(customer) if customer is not None else None
            if customer is not None and (before is None or _better(row, before)):
                newest[customer] = row
    letters, theirs = [], dict[str, int]()
    for customer, row in sorted(newest.items()):
        known = store.customer(customer)
        if known is None or known.id in done:
            continue
        letter = _announcement(store, told, row, known, by)
        if not letter.aside and (
            other := next((theirs[a] for a in map(fold_address, letter.to) if a in theirs), None)
        ):
            letter = letter._replace(aside=f"the same address as customer {other}", final=True)
        if not letter.aside:
            theirs.update({fold_address(each): known.id for each in letter.to})
        letters.append(letter)
    return Plan(told, _reachable(store, letters), len(done & set(newest)))


def _check(told: Told) -> None:
    if not told.text.strip():
        raise BadUsage("There is nothing to tell.", "Write a text first.")
    for text, where in ((told.subject, "the subject"), (told.text, told.where)):
        wrong = unknown_field(text, where, told.table.columns)
        if wrong is not None:
            raise wrong


def slices(all_: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    """These, so many at a time."""
    return (all_[start : start + size] for start in range(0, len(all_), size))


def _better(row: Row, before: Row) -> bool:
    """Whether a conversation of a customer tells better how they write to us than another: people's, then the newest."""
    one, other = row.conversation, before.conversation
    return (not one.notice, one.status is not Status.SPAM, one.last_at) > (
        not other.notice,
        other.status is not Status.SPAM,
        other.last_at,
    )


def _lives(store: Workspace, customer: int | None) -> int | None:
    found = store.customer(customer) if customer is not None else None
    return found.id if found is not None else None


def _reply(told: Told, row: Row, items: Sequence[Item], by: From) -> Letter:
    """The letter to who is linked, as an answer in their conversation."""
    here = row.conversation
    ready = prepare(items, by.us, by.senders, customer=row.customer_addresses)
    subject = answer_subject(ready, row.subject)
    closed = told.closes or here.status is Status.CLOSED
    letter = Letter(
        here.id,
        here.customer,
        row.customer_name,
        ready.to,
        subject,
        "",
        ready.sender or "",
        item=ready.item,
        seen=here.seq,
        then="closed" if closed else "waiting",
        mailbox=here.mailbox,
    )
    letter = _written(
        told, letter, by, told.table.of(str(here.id), *map(fold_address, ready.to), str(here.customer))
    )
    if here.status is Status.SPAM:
        return letter._replace(aside="it is in spam", final=True)
    if here.notice:
        return letter._replace(aside="a machine wrote it: nobody waits there", final=True)
    return letter


def _announcement(store: Workspace, told: Told, row: Row, known: Customer, by: From) -> Letter:
    """The letter to a customer, in a conversation that it begins."""
    here = row.conversation
    theirs = [each.value for each in known.identities if each.kind == "mail" and not by.us.is_us(each.value)]
    ready = prepare(store.items(here.id, 50), by.us, by.senders)
    wrote = [each for each in ready.to if fold_address(each) in theirs]
    to = tuple((wrote or theirs)[:1])
    letter = Letter(
        0,
        known.id,
        known.name,
        to,
        told.subject,
        "",
        ready.sender or next(iter(by.senders), ""),
        mailbox=here.mailbox,
    )
    letter = _written(
        told, letter, by, told.table.of(str(known.id), *map(fold_address, theirs), str(here.id))
    )
    if known.stop:
        return letter._replace(aside="they have said stop", final=True)
    if here.status is Status.SPAM:
        return letter._replace(aside="what they wrote is spam", final=True)
    if here.notice:
        return letter._replace(aside="a machine: nobody reads there", final=True)
    return letter


def _written(told: Told, letter: Letter, by: From, own: Mapping[str, str]) -> Letter:
    """The letter with its text filled; one of which a place is not known is set aside."""
    from inbox.saved_replies import Known, filled

    known = Known(letter.name, "", by.profile.name(by.who.name), "", by.settings.shop or "")
    begins = not letter.conversation  # then the subject is ours, with places of its own
    subject = filled(letter.subject, known, own) if begins else letter.subject
    text = filled(told.text.strip(), replace(known, subject=subject), own)
    letter = letter._replace(text=text, subject=one_line(subject, LONGEST_SUBJECT))
    missing = next(iter((*placeholders(text), *(placeholders(subject) if begins else ()))), None)
    if missing is not None and missing.strip("{}") in (*PLACES, *told.table.columns):
        return letter._replace(aside=f"{missing} is not known", final=True)
    return letter


def _elsewhere(letter: Letter, theirs: Mapping[str | int, int]) -> str:
    """Why a letter to somebody who is told already is set aside: in which conversation they are."""
    number = next((theirs[each] for each in _known_by(letter) if each in theirs), None)
    return f"they are told in #{number}" if number is not None else ""


def _known_by(letter: Letter) -> list[str | int]:
    """By what is known to whom a letter goes: the addresses, and the customer's number."""
    return [*map(fold_address, letter.to), *([letter.customer] if letter.customer is not None else [])]


def _has_said_stop(store: Workspace, letter: Letter) -> bool:
    known = store.customer(letter.customer) if letter.customer is not None else None
    return known is not None and known.stop


def _reachable(store: Workspace, letters: Sequence[Letter]) -> tuple[Letter, ...]:
    """Those to whom nothing can be written are set aside."""
    refused = store.refused_addresses({each for letter in letters for each in letter.to})

    def looked(letter: Letter) -> Letter:
        if letter.final:
            return letter
        if not letter.to:
            return letter._replace(aside="there is nobody to write to", final=True)
        if not letter.sender:
            return letter._replace(aside="no address of ours is known to send from", final=True)
        for each in letter.to:
            if is_no_reply(each):
                return letter._replace(aside=f"nobody reads {one_line(each, 80)}", final=True)
            if fold_address(each) in refused:
                return letter._replace(
                    aside=f"a server says that nobody is at {one_line(each, 80)}", final=True
                )
        return letter

    return tuple(map(looked, letters))


class _About(NamedTuple):
    """The words of the matter, and those that say nothing."""

    matter: frozenset[str]
    usual: frozenset[str]

    @classmethod
    def of(cls, store: Workspace, issue: Issue, lying: Iterable[Sequence[Item]]) -> _About:
        from inbox.matter_words import usual_words, words_of_matter

        about = [_said(items) for items in lying]
        others = [said.text for said in store.issues.recent(0, LOOKED_AT) if said.issue != issue.name]
        named = f"{issue.name} {issue.title} {issue.banner}"
        return cls(words_of_matter(about, others, named), usual_words(others))

    def other_question(self, items: Sequence[Item]) -> str:
        """Why a conversation is set aside in which something else is asked; "" when nothing is."""
        from inbox.matter_words import other_question
        from inbox.open_questions import open_questions

        found = other_question(open_questions(items), self.matter, self.usual)
        return f"asks something else: “{one_line(found, 80)}”" if found else ""


def _said(items: Sequence[Item]) -> str:
    """What the customer wrote, in one text."""
    return "\n".join(
        f"{item.subject}\n{item.reply or item.text}"
        for item in items
        if item.direction == "in" and not item.automatic
    )

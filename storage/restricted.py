"""Which conversations are restricted: what came to a mailbox that only some may see, or left from it, and whom that names.

A conversation stands in `restricted` once for each such mailbox. That follows from the record (where each message came
or went) and from where copies lie; it is kept up to date with every change, under the same lock, and moves as messages
do. Teams without restricted mailboxes have all of it empty.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from inbox.actions.customers import GONE
from inbox.model import Conversation, Customer, Event, EventType, Instant, Refusal, Status
from inbox.ports import Fact, Problem, Scope, State
from inbox.progress import Reached, unheard
from inbox.restricting import Restricted

if TYPE_CHECKING:
    from storage.store import SqliteStore
    from storage.transaction import Transaction

LOOKED_THROUGH = 600
"""Events of the record that are looked through at a time when a mailbox becomes restricted."""
AT_A_TIME = 200
"""Messages, or conversations, that are written about at a time then."""
DERIVED = 15
"""Conversations that are derived anew at a time."""
PAUSE = 0.0015
"""Seconds between two slices, in which others get their turn."""

MAY_NOT_SEE = (
    "EXISTS (SELECT 1 FROM main.restricted x WHERE x.conversation = {conversation} AND NOT EXISTS"
    " (SELECT 1 FROM main.may_see y WHERE y.mailbox = x.mailbox AND y.name = {name}))"
)
"""A condition on a conversation and a name, each given in SQL."""

MAY_KNOW = (
    "(NOT EXISTS (SELECT 1 FROM main.restricted_people p WHERE p.customer = {customer})"
    " OR EXISTS (SELECT 1 FROM main.restricted_people p WHERE p.customer = {customer} AND NOT "
    + MAY_NOT_SEE.replace("{conversation}", "p.conversation")
    + ") OR EXISTS (SELECT 1 FROM main.conversations c WHERE c.customer = {living} AND NOT "
    + MAY_NOT_SEE.replace("{conversation}", "c.id")
    + "))"
)
"""A condition on a customer (and who that is now) and a name: not who is known from restricted mailboxes alone, but who was
added by hand, and whoever wrote elsewhere."""

NO_CONVERSATION = Refusal("There is no such conversation.", "list shows the ids there are.")
"""What is said to who may not see a conversation: the same as of one that there never was."""

_NOTE = "INSERT OR IGNORE INTO restricted(conversation, mailbox) VALUES(?, ?)"
_PEOPLE = (
    "INSERT OR IGNORE INTO restricted_people(customer, conversation)"
    " SELECT customer, conversation FROM messages WHERE conversation = ?1 AND customer IS NOT NULL"
    " UNION SELECT customer, id FROM conversations WHERE id = ?1 AND customer IS NOT NULL"
)
_IN_OTHER_HANDS = (
    "SELECT c.id FROM conversations c WHERE c.id IN (SELECT conversation FROM restricted) AND c.assignee IS NOT NULL"
    f" AND c.status NOT IN ('closed', 'spam') AND {MAY_NOT_SEE.format(conversation='c.id', name='c.assignee')}"
)


def are_any(connection: sqlite3.Connection) -> bool:
    """Whether any mailbox is restricted."""
    return connection.execute("SELECT 1 FROM restricted_mailboxes LIMIT 1").fetchone() is not None


def people(connection: sqlite3.Connection, conversation: int) -> frozenset[str] | None:
    """Who may see a conversation; None: everybody."""
    rows = connection.execute("SELECT mailbox FROM restricted WHERE conversation = ?", (conversation,))
    return _of(connection, [row[0] for row in rows])


def senders(connection: sqlite3.Connection, mailbox: str | None, address: str) -> frozenset[str] | None:
    """Who may send from a mailbox (None: the first one) by this address, folded; None: everybody."""
    return _of(connection, _leaves_from(connection, mailbox, address))


def _of(connection: sqlite3.Connection, mailboxes: Sequence[str]) -> frozenset[str] | None:
    """Who may see all of these."""
    found: frozenset[str] | None = None
    for mailbox in mailboxes:
        rows = connection.execute("SELECT name FROM may_see WHERE mailbox = ?", (mailbox,))
        here = frozenset(row[0] for row in rows)
        found = here if found is None else found & here
    return found


def _leaves_from(connection: sqlite3.Connection, mailbox: str | None, address: str) -> list[str]:
    rows = connection.execute("SELECT mailbox, addresses, is_first FROM restricted_mailboxes").fetchall()
    return [
        name
        for name, addresses, is_first in rows
        if name == mailbox or (mailbox is None and is_first) or address in json.loads(addresses)
    ]


# ------------------------------------------------------------------------------ what a person may decide on


def unseen(connection: sqlite3.Connection, scope: Scope, person: str) -> Refusal | None:
    """What is said where a scope names what this person may not see; None where it names nothing of the kind."""
    sending = (scope.sending,) if scope.sending is not None else ()
    lies = connection.execute(
        "SELECT conversation FROM messages WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(sending),),
    )
    named = [*scope.conversations, *scope.events, *scope.senders, *scope.suggested, *(row[0] for row in lies)]
    named += [scope.chat_of] if scope.chat_of is not None else []
    for conversation in named:
        if not _sees(connection, conversation, person):
            return NO_CONVERSATION
    for customer in scope.customers:
        if not _knows(connection, customer, person):
            return GONE
    return None


def seen(connection: sqlite3.Connection, state: State, person: str) -> State:
    """A state without what this person may not see: of customers it is left that there is one."""
    conversations = {c: each for c, each in state.conversations.items() if _sees(connection, c, person)}
    action, undone = (
        () if any(_is_kept(connection, each, person) for each in events) else events
        for events in (state.last_action, state.last_undone)
    )
    return replace(
        state,
        conversations=conversations,
        events={c: each for c, each in state.events.items() if _sees(connection, c, person)},
        suggested={c: to for c, to in state.suggested.items() if _sees(connection, to, person)},
        customers={
            number: each if _knows(connection, number, person) else Customer(number, "")
            for number, each in state.customers.items()
        },
        last_action=action,
        last_undone=undone,
    )


def _is_kept(connection: sqlite3.Connection, event: Event, person: str) -> bool:
    """Whether an event is about what this person may not see, or about somebody of whom they may not know."""
    customer = event.data.get("customer")
    return not _sees(connection, event.conversation, person) or (
        isinstance(customer, int) and not _knows(connection, customer, person)
    )


def _sees(connection: sqlite3.Connection, conversation: int | None, person: str) -> bool:
    sql = f"SELECT {MAY_NOT_SEE.format(conversation='?1', name='?2')}"
    return not connection.execute(sql, (conversation, person)).fetchone()[0]


def _knows(connection: sqlite3.Connection, customer: int, person: str) -> bool:
    living = "coalesce((SELECT merged_into FROM customers WHERE id = ?1), ?1)"
    sql = f"SELECT {MAY_KNOW.format(customer='?1', living=living, name='?2')}"
    return bool(connection.execute(sql, (customer, person)).fetchone()[0])


# ------------------------------------------------------------------------------ kept up to date


def follow(connection: sqlite3.Connection, conversation: int, events: Iterable[Event], whole: bool) -> None:
    """Write down through which restricted mailboxes a conversation went, by the events at home in it; with `whole` all of
    it anew, as messages have gone."""
    through = _through(connection, conversation, events, whole)
    if whole:
        forget(connection, conversation)
    for mailbox in through:
        connection.execute(_NOTE, (conversation, mailbox))
    if through:
        connection.execute(_PEOPLE, (conversation,))


def _through(
    connection: sqlite3.Connection, conversation: int, events: Iterable[Event], whole: bool
) -> set[str]:
    known: set[str] = {row[0] for row in connection.execute("SELECT mailbox FROM restricted_mailboxes")}
    found = {str(event.data.get("mailbox")) for event in events if not event.void} & known
    for event in events:
        if event.type is EventType.QUEUED and not event.void:
            found.update(_of_outgoing(connection, event.message))
    rows = connection.execute(
        "SELECT DISTINCT p.mailbox FROM messages m JOIN places p ON p.message = m.id WHERE m.conversation = ?"
        if whole
        else "SELECT mailbox FROM restricted WHERE conversation = ?",
        (conversation,),
    )
    return found | ({row[0] for row in rows} & known)


def _of_outgoing(connection: sqlite3.Connection, message: int | None) -> list[str]:
    row = connection.execute("SELECT mailbox, sender FROM outbox WHERE message = ?", (message,)).fetchone()
    return _leaves_from(connection, *row) if row is not None else []


def forget(connection: sqlite3.Connection, conversation: int) -> None:
    """Nothing lies in a conversation any more."""
    connection.execute("DELETE FROM restricted WHERE conversation = ?", (conversation,))
    connection.execute("DELETE FROM restricted_people WHERE conversation = ?", (conversation,))


def lies_in(connection: sqlite3.Connection, message: int | None, mailbox: str) -> list[int]:
    """A copy of a message lies in a mailbox; the conversations that others may not see since."""
    rows = connection.execute(
        "SELECT conversation FROM messages WHERE id = ? AND conversation IS NOT NULL"
        " AND EXISTS (SELECT 1 FROM restricted_mailboxes WHERE mailbox = ?)",
        (message, mailbox),
    ).fetchall()
    for (conversation,) in rows:
        connection.execute(_NOTE, (conversation, mailbox))
        connection.execute(_PEOPLE, (conversation,))
    return [row[0] for row in rows]


def out_of_hands(connection: sqlite3.Connection, state: Conversation, now: Instant) -> Event | None:
    """The event by which it is nobody's, where whoever has it may not see it: else nobody would."""
    if state.assignee is None or state.status in (Status.CLOSED, Status.SPAM):
        return None
    may = people(connection, state.id)
    if may is None or state.assignee in may:
        return None
    why = f"{state.assignee} may not see it"
    data = {"to": None, "was": state.assignee}
    return Event(EventType.ASSIGNED, now, "settings", state.id, why=why, data=data, recorded=now)


def problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Every conversation that anybody sees although it went through a restricted mailbox."""
    for (mailbox,) in connection.execute("SELECT mailbox FROM restricted_mailboxes").fetchall():
        rows = connection.execute(
            "SELECT home FROM events WHERE void = 0 AND json_extract(data, '$.mailbox') = ?1"
            " UNION SELECT m.conversation FROM places p JOIN messages m ON m.id = p.message WHERE p.mailbox = ?1"
            " EXCEPT SELECT conversation FROM restricted WHERE mailbox = ?1",
            (mailbox,),
        )
        for (conversation,) in rows.fetchall():
            there = connection.execute("SELECT 1 FROM conversations WHERE id = ?", (conversation,)).fetchone()
            if there is not None:
                yield Problem("conversation", str(conversation), f"is not restricted as {mailbox} is")


# ------------------------------------------------------------------------------ new settings


def apply(
    store: SqliteStore, wanted: Sequence[Restricted], now: Instant, progress: Reached = unheard
) -> None:
    """Let the mailboxes be restricted that are to be, and no others, for all there is; go on with what a process that was
    killed has left."""
    if _in_force(store) != list(wanted):
        with store.writing() as transaction:
            _write(transaction.connection, wanted)
            may = {each.mailbox: each.people for each in wanted}
            event = Event(EventType.RESTRICTED, now, "settings", data={"may_see": may}, recorded=now)
            transaction.events += transaction.recorder.record([Fact(event)], None)
            transaction.shows(None)
    _look_through(store, progress)
    let_go(store, now)


def let_go(store: SqliteStore, now: Instant) -> int:
    """Take what is restricted out of the hands of who may not see it; how much that was."""
    found = [row[0] for row in store.read(_IN_OTHER_HANDS)] if store.are_restricted() else []
    for some in _slices(found, DERIVED):
        with store.writing() as transaction:
            for conversation in some:
                transaction.recorder.touch(conversation)
            transaction.recorder.settle(now)
            transaction.shows(None)
        time.sleep(PAUSE)
    return len(found)


def is_left(store: SqliteStore) -> bool:
    """Whether not all of the record was looked through for what a mailbox holds."""
    return bool(store.read("SELECT 1 FROM restricted_mailboxes WHERE looked < up_to LIMIT 1"))


def _in_force(store: SqliteStore) -> list[Restricted]:
    may: dict[str, list[str]] = {}
    for mailbox, name in store.read("SELECT mailbox, name FROM may_see ORDER BY mailbox, name"):
        may.setdefault(mailbox, []).append(name)
    rows = store.read("SELECT mailbox, addresses, is_first FROM restricted_mailboxes ORDER BY mailbox")
    return [
        Restricted(mailbox, tuple(json.loads(addresses)), bool(is_first), tuple(may.get(mailbox, ())))
        for mailbox, addresses, is_first in rows
    ]


def _write(connection: sqlite3.Connection, wanted: Sequence[Restricted]) -> None:
    connection.execute("DELETE FROM may_see")
    connection.executemany(
        "INSERT INTO may_see(mailbox, name) VALUES(?, ?)",
        [(each.mailbox, name) for each in wanted for name in each.people],
    )
    names = json.dumps([each.mailbox for each in wanted])
    gone = "mailbox NOT IN (SELECT value FROM json_each(?))"
    connection.execute(f"DELETE FROM restricted WHERE {gone}", (names,))
    connection.execute(f"DELETE FROM restricted_mailboxes WHERE {gone}", (names,))
    connection.execute(
        "DELETE FROM restricted_people WHERE conversation NOT IN (SELECT conversation FROM restricted)"
    )
    connection.executemany(
        "INSERT INTO restricted_mailboxes(mailbox, addresses, is_first, looked, up_to)"
        " VALUES(?, ?, ?, 0, (SELECT coalesce(max(seq), 0) FROM events))"
        " ON CONFLICT DO UPDATE SET addresses = excluded.addresses, is_first = excluded.is_first,"
        # other addresses: what left from them is looked for
        " looked = CASE WHEN (addresses, is_first) = (excluded.addresses, excluded.is_first) THEN looked ELSE 0 END,"
        " up_to = CASE WHEN (addresses, is_first) = (excluded.addresses, excluded.is_first) THEN up_to"
        " ELSE excluded.up_to END",
        [(each.mailbox, json.dumps(each.addresses), int(each.is_first)) for each in wanted],
    )


def _look_through(store: SqliteStore, progress: Reached) -> None:
    """Find what came to newly restricted mailboxes before: by copies and the outbox first, then by the record."""
    for mailbox, looked, up_to in store.read(
        "SELECT mailbox, looked, up_to FROM restricted_mailboxes WHERE looked < up_to ORDER BY mailbox"
    ):
        for some in _slices(_messages_of(store, mailbox)):
            with store.deriving() as transaction:
                _note_all(
                    transaction,
                    mailbox,
                    "SELECT DISTINCT conversation FROM messages WHERE conversation IS NOT NULL AND id IN"
                    " (SELECT value FROM json_each(?))",
                    (json.dumps(some),),
                )
            time.sleep(PAUSE)
        for start in range(looked, up_to, LOOKED_THROUGH):
            end = min(start + LOOKED_THROUGH, up_to)
            with store.deriving() as transaction:
                _note_all(
                    transaction,
                    mailbox,
                    "SELECT DISTINCT home FROM events WHERE seq > ? AND seq <= ? AND home IS NOT NULL AND void = 0"
                    " AND json_extract(data, '$.mailbox') = ?",
                    (start, end, mailbox),
                )
                transaction.connection.execute(
                    "UPDATE restricted_mailboxes SET looked = max(looked, ?) WHERE mailbox = ?",
                    (end, mailbox),
                )
                transaction.shows(None)
            progress("Restricted mailboxes", end, up_to)
            time.sleep(PAUSE)


def _messages_of(store: SqliteStore, mailbox: str) -> list[int]:
    """Messages of which copies lie in a mailbox, or that left from it."""
    found = {
        row[0]
        for row in store.read(
            "SELECT message FROM places WHERE mailbox = ? AND message IS NOT NULL", (mailbox,)
        )
    }
    with store.snapshot() as connection:
        for message, named, sender in connection.execute(
            "SELECT message, mailbox, sender FROM outbox"
        ).fetchall():
            if mailbox in _leaves_from(connection, named, sender):
                found.add(message)
    return sorted(found)


def _note_all(transaction: Transaction, mailbox: str, sql: str, values: Sequence[object]) -> None:
    connection = transaction.connection
    for (conversation,) in connection.execute(sql, values).fetchall():
        connection.execute(_NOTE, (conversation, mailbox))
        connection.execute(_PEOPLE, (conversation,))


def _slices(numbers: Sequence[int], size: int = AT_A_TIME) -> Iterator[Sequence[int]]:
    return (numbers[start : start + size] for start in range(0, len(numbers), size))

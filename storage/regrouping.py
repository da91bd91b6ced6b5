"""What hangs together with a message that came late, and the decisions that put it where it belongs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from inbox.actions import merge, part
from inbox.addresses import fold_address
from inbox.customers import taking_part
from inbox.model import Event, EventType, Instant, Who
from inbox.placing import looked_up, people_of
from inbox.ports import Decide, Decision, Scope, State
from inbox.regrouping import Gathering, Lying, regroup
from storage.contents import Contents, message_of
from storage.loading import Loader

MOST = 300
"""Messages that are looked at for one that came late. What hangs together with more than these stays as it came, so
that placing takes the same time however large conversations are."""

WHY = "a message that came late shows where it belongs"


def disordered(
    connection: sqlite3.Connection,
    loader: Loader,
    contents: Contents,
    seen: State,
    placed: Sequence[Event],
    received: Event,
) -> tuple[Gathering, ...]:
    """What is to be moved after a message was placed; () nearly always. `seen` is what it was placed by, `placed` all
    that was recorded of that."""
    here, number, at = received.conversation or 0, received.message or 0, received.at
    near = {loader.lives_at(one.conversation) for found in seen.known.values() for one in found} - {here}
    if not (
        any(_has_later(loader, one, number, at) for one in (near and (here, *near)))
        or _is_mixed(connection, loader, here, number, at)
        or _waited_for(connection, loader, contents, seen, here, number, at)
    ):
        return ()
    lying = _hanging_together(connection, loader, contents, {here, *near})
    came = {
        event.message: merged.data["from"]
        for merged in placed
        if merged.type is EventType.MERGED
        for event in loader.events(here)
        if event.seq in merged.data["events"]
    }
    lying = [each._replace(was=came.get(each.number)) for each in lying]
    return regroup(lying, number, loader.cuts({each.conversation for each in lying})) if lying else ()


def moves(gathering: Gathering, history: bool) -> Iterator[tuple[Scope, Decide]]:
    """The decisions, one after the other, that bring together what belongs to a conversation."""
    into = gathering.into
    for origin, messages in gathering.messages:
        target = (into,) if into is not None else ()
        scope = Scope(conversations=(origin, *target), events=(origin, *target))
        begun: list[int] = []

        def decide(
            state: State,
            who: Who,
            now: Instant,
            *,
            origin: int = origin,
            messages: tuple[int, ...] = messages,
            into: int | None = into,
            begun: list[int] = begun,
        ) -> Decision:
            number = state.next_conversation if into is None else into
            begun.append(number)
            return part.parting(state, who, now, origin, number, messages, why=WHY, history=history)

        yield scope, decide
        into = begun[0]
    for origin in gathering.rest:
        assert into is not None
        scope = Scope(conversations=(into, origin), events=(origin,))
        yield scope, partial(_joining, into=into, origin=origin, history=history)


def _joining(state: State, who: Who, now: Instant, *, into: int, origin: int, history: bool) -> Decision:
    after = merge.joined(state, into, origin)
    return [merge.joining(state, who, now, after, origin, WHY, history=history)]


def _has_later(loader: Loader, conversation: int, number: int, at: Instant) -> bool:
    here = loader.conversation(conversation)
    return here.last_at > at or (here.last_at == at and here.last_message != number)


def _is_mixed(connection: sqlite3.Connection, loader: Loader, here: int, number: int, at: Instant) -> bool:
    """Whether it came among messages of more than one customer: in the order of time some may not have joined."""
    if loader.conversation(here).messages > MOST or not _has_later(loader, here, number, at):
        return False
    rows = connection.execute(
        "SELECT count(DISTINCT customer) FROM messages WHERE conversation = ? AND direction <> 'note'",
        (here,),
    )
    return bool(rows.fetchone()[0] > 1)


def _waited_for(
    connection: sqlite3.Connection,
    loader: Loader,
    contents: Contents,
    seen: State,
    here: int,
    number: int,
    at: Instant,
) -> bool:
    """Whether somebody takes part from now on (as of that instant) for whom something later, that lies elsewhere and
    refers to what is here, could belong here."""
    newest = connection.execute("SELECT max(id) FROM messages").fetchone()[0]
    if newest == number or here not in seen.participants or loader.conversation(here).messages > MOST:
        return False
    new = message_of(contents.details(connection, number))
    names = taking_part(new) - seen.participants[here]
    if not names:
        return False
    lying = _lying_in(connection, loader, contents, here)
    ids = {text for each in lying for text in looked_up(each.message)}
    rows = connection.execute(
        "SELECT 1 FROM refers r JOIN messages n ON n.id = r.message WHERE r.message_id IN (SELECT value FROM json_each(?))"
        " AND (r.sender = '' OR r.sender IN (SELECT value FROM json_each(?)))"
        " AND n.conversation <> ? AND n.at >= ? LIMIT 1",
        (json.dumps(sorted(ids)), json.dumps(sorted(names)), here, at),
    )
    return rows.fetchone() is not None


def _hanging_together(
    connection: sqlite3.Connection, loader: Loader, contents: Contents, begin: Iterable[int]
) -> list[Lying]:
    """Every message of these conversations, and of those their ids lead to; [] when these are too many."""
    found: list[Lying] = []
    waiting, seen = list(begin), set(begin)
    while waiting:
        conversation = waiting.pop()
        if len(found) + loader.conversation(conversation).messages > MOST:
            return []
        here = list(_lying_in(connection, loader, contents, conversation))
        found += here
        ids = {text for each in here for text in looked_up(each.message)}
        rows = connection.execute(
            "SELECT m.conversation FROM msgids i JOIN messages m ON m.id = i.message"
            " WHERE i.message_id IN (SELECT value FROM json_each(?1)) AND m.conversation IS NOT NULL"
            " UNION SELECT m.conversation FROM refers r JOIN messages m ON m.id = r.message"
            " WHERE r.message_id IN (SELECT value FROM json_each(?1)) AND m.conversation IS NOT NULL LIMIT ?2",
            (json.dumps(sorted(ids)), MOST),
        )
        further = {row[0] for row in rows.fetchall()} - seen
        waiting += sorted(further)
        seen |= further
    ours = {fold_address(a.address) for each in found if each.ours for a in each.message.sender}
    return [each._replace(people=each.people - ours) if each.ours else each for each in found]


def _lying_in(
    connection: sqlite3.Connection, loader: Loader, contents: Contents, conversation: int
) -> Iterator[Lying]:
    claims = {
        event.message
        for event in loader.events(conversation)
        if event.type is EventType.RECEIVED and event.data.get("claims_us")
    }
    rows = connection.execute(
        "SELECT id, at, direction, customer FROM messages WHERE conversation = ? AND direction IN ('in', 'out')",
        (conversation,),
    )
    for number, at, direction, customer in rows.fetchall():
        message, ours = message_of(contents.details(connection, number)), direction == "out"
        yield Lying(
            number,
            conversation,
            at,
            message,
            frozenset() if number in claims else people_of(message, ours),
            ours,
            customer,
            number in claims,
        )

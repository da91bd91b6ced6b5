"""Derive everything again from the record, with the same fold, and compare it with what is stored."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from inbox.fold import fold
from inbox.model import Event, EventType, Instant, Status
from inbox.policies import deadlines
from inbox.ports import Problem
from storage import events as record
from storage.recording import CONVERSATION_NAMES, row_of
from storage.store import SqliteStore

E = EventType
_OF_MESSAGES = (E.RECEIVED, E.QUEUED, E.NOTED)


def verify(store: SqliteStore, now: Instant) -> list[Problem]:
    """Every difference between the record and what is derived from it, and every customer who is out of sight."""
    problems = list(_file(store))
    if problems:
        return problems
    problems += _homes(store)
    problems += _conversations(store, now)
    problems += _counts(store)
    problems += _messages(store)
    problems += _outbox(store)
    problems += _raws(store)
    return problems


def _file(store: SqliteStore) -> Iterator[Problem]:
    for (said,) in store.read("PRAGMA integrity_check"):
        if said != "ok":
            yield Problem("file", store.path.name, str(said))


def _homes(store: SqliteStore) -> Iterator[Problem]:
    """Where each event counts and whether it is void, told again from the first event to the last."""
    homes: dict[int, int | None] = {}
    void: set[int] = set()
    merged: dict[int, Event] = {}
    undone: list[Event] = []
    redirects: dict[int, int] = {}
    for row in store.read(f"SELECT {record.COLUMNS} FROM events ORDER BY seq"):
        event = record.event_of(row)
        homes[event.seq] = event.conversation
        if event.type is E.MERGED:
            merged[event.seq] = event
            homes.update(dict.fromkeys(event.data["events"], event.conversation))
            redirects[event.data["from"]] = event.conversation or 0
        elif event.type in (E.UNDONE, E.REDONE):
            back = event.type is E.UNDONE
            for number in event.data["events"]:
                (void.add if back else void.discard)(number)
                if number in merged:
                    about = merged[number]
                    origin, target = about.data["from"], about.conversation or 0
                    homes.update(dict.fromkeys(about.data["events"], origin if back else target))
                    if back:
                        redirects.pop(origin, None)
                    else:
                        redirects[origin] = target
            if back:
                undone.append(event)
            else:
                about_batch = event.data["batch"]
                void.update(u.seq for u in undone if u.data["batch"] == about_batch and u.who == event.who)
    for number, home, is_void in store.read("SELECT seq, home, void FROM events"):
        if homes.get(number) != home:
            yield Problem("event", str(number), f"counts for {home}, should count for {homes.get(number)}")
        if (number in void) != bool(is_void):
            yield Problem("event", str(number), "is void and should not be" if is_void else "should be void")
    stored = dict(store.read("SELECT conversation, into_ FROM redirects"))
    for number in sorted(stored.keys() | redirects.keys()):
        if stored.get(number) != redirects.get(number):
            detail = f"leads to {stored.get(number)}, should lead to {redirects.get(number)}"
            yield Problem("redirect", str(number), detail)


def _conversations(store: SqliteStore, now: Instant) -> Iterator[Problem]:
    tags = _grouped(store, "conversation_tags", "tag")
    mentions = _grouped(store, "conversation_mentions", "name")
    vip_customers = {row[0] for row in store.read("SELECT id FROM customers WHERE vip = 1")}
    columns = ", ".join(CONVERSATION_NAMES)
    stored = {row[0]: row for row in store.read(f"SELECT {columns} FROM conversations")}
    rows = store.read(f"SELECT home, {record.COLUMNS} FROM events WHERE home IS NOT NULL ORDER BY home, seq")
    for number, group in groupby(rows, key=itemgetter(0)):
        events = [record.event_of(row[1:]) for row in group]
        state = fold(number, events)
        row = stored.pop(number, None)
        if row is None:
            yield Problem("conversation", str(number), "is missing")
            continue
        vip = "vip" in state.tags or state.customer in vip_customers
        standing = deadlines(state, events, store.book, now)
        expected = row_of(state, vip, standing, store.subject_of(state), store.snippet_of(state))
        for name, is_, should in zip(CONVERSATION_NAMES, row, expected, strict=True):
            if is_ != should:
                yield Problem("conversation", str(number), f"{name} is {is_!r}, should be {should!r}")
        for what, is_set, should_set in (("tags", tags, state.tags), ("mentions", mentions, state.mentions)):
            if is_set.get(number, set()) != set(should_set):
                yield Problem("conversation", str(number), f"{what} differ from the record")
        if (
            state.waiting_since is not None
            and state.status in (Status.WAITING, Status.HELD)
            and standing.due_at is None
            and not (state.sending or state.failed or state.approvals or state.notice or state.held_until)
        ):
            yield Problem(
                "out of sight", str(number), "a customer waits here, and no clock, view or date says so"
            )
    for number in stored:
        yield Problem("conversation", str(number), "stands in the list without any event")


def _grouped(store: SqliteStore, table: str, column: str) -> dict[int, set[str]]:
    """Table and column are names of this module's own."""
    found: dict[int, set[str]] = {}
    for conversation, word in store.read(f"SELECT conversation, {column} FROM {table}"):
        found.setdefault(conversation, set()).add(word)
    return found


def _counts(store: SqliteStore) -> Iterator[Problem]:
    counted: Counter[tuple[Any, ...]] = Counter()
    for row in store.read(
        "SELECT status, coalesce(assignee, ''), notice, sending > 0, failed > 0, approvals > 0, quarantined,"
        " suggested IS NOT NULL, status IN ('waiting', 'held') AND waiting_since IS NOT NULL AND due_at IS NULL AND"
        " sending = 0 AND approvals = 0 AND failed = 0 AND NOT notice FROM conversations"
    ):
        counted[tuple(row)] += 1
    stored = {tuple(row[:-1]): row[-1] for row in store.read("SELECT * FROM buckets WHERE n <> 0")}
    for key in sorted(counted.keys() | stored.keys()):
        if counted.get(key, 0) != stored.get(key, 0):
            yield Problem(
                "count", " ".join(map(str, key)), f"is {stored.get(key, 0)}, should be {counted.get(key, 0)}"
            )


def _messages(store: SqliteStore) -> Iterator[Problem]:
    kinds = ", ".join(str(int(kind)) for kind in _OF_MESSAGES)
    homes = {
        message: None if void else home
        for message, home, void in store.read(
            f"SELECT message, home, void FROM events WHERE type IN ({kinds})"
        )
    }
    for number, conversation in store.read("SELECT id, conversation FROM messages"):
        if number not in homes:
            yield Problem("message", str(number), "no event brought it")
        elif homes[number] != conversation:
            yield Problem("message", str(number), f"lies in {conversation}, should lie in {homes[number]}")
    there = {row[0] for row in store.read("SELECT id FROM messages")}
    for number in homes.keys() - there:
        yield Problem("message", str(number), "is in the record and not in the store")
    for (number,) in store.read("SELECT id FROM messages WHERE id NOT IN (SELECT message FROM details)"):
        yield Problem("message", str(number), "its text is missing")


def _outbox(store: SqliteStore) -> Iterator[Problem]:
    for (number,) in store.read(
        f"SELECT message FROM events WHERE type = {int(E.QUEUED)} AND message NOT IN (SELECT message FROM outbox)"
    ):
        yield Problem("outbox", str(number), "a reply was queued and is not in the outbox")
    for number, state in store.read(
        f"SELECT o.message, o.state FROM outbox o JOIN events e ON e.message = o.message AND e.type = {int(E.QUEUED)}"
        " WHERE e.void = 1 AND o.state NOT IN ('undone')"
    ):
        yield Problem("outbox", str(number), f"was taken back and is {state}")


def _raws(store: SqliteStore) -> Iterator[Problem]:
    for (number,) in store.read(
        "SELECT m.id FROM messages m LEFT JOIN raws r ON r.id = m.raw"
        " WHERE m.direction <> 'note' AND r.id IS NULL"
    ):
        yield Problem("raw", str(number), "the bytes of the message are missing")
    for number, sha in store.read("SELECT id, sha FROM raws"):
        try:
            data = store.raw_bytes(number)
        except Exception as error:  # a damaged frame or a missing file: said, and the next one looked at
            yield Problem("raw", str(number), str(error).splitlines()[0])
            continue
        if data is None or hashlib.sha256(data).digest() != sha:
            yield Problem("raw", str(number), "the bytes are not the ones that came")

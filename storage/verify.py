"""Derive everything again from the record, with the same fold, and compare it with what is stored."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from inbox.fold import BRINGS, Folding, carries, is_empty
from inbox.model import Conversation, Event, EventType, Instant, Status
from inbox.policies import Deadlines, deadlines
from inbox.policy import Policy
from inbox.ports import Problem
from inbox.progress import Reached, unheard
from inbox.sight import Desk, out_of_sight
from storage import customers, policy_change, restricted
from storage import events as record
from storage.live import LIVE
from storage.recording import CLOCK_COLUMNS, CONVERSATION_NAMES, row_of
from storage.store import SqliteStore

E = EventType


def verify(
    store: SqliteStore, now: Instant, team: Collection[str] = (), progress: Reached = unheard
) -> list[Problem]:
    """Every difference between the record and what is derived from it, and every message of a customer that is out of
    sight; `team` are the names of all teammates, where they are known.

    All of it is read as of one instant, so that others may go on working.
    """
    with store.snapshot() as connection:
        problems = list(_file(store))
        if problems:
            return problems
        problems += _homes(store)
        problems += _conversations(store, connection, now, team, progress)
        problems += _counts(store)
        problems += customers.problems(connection)
        problems += _messages(store)
        problems += _contents(store, progress)
        problems += _outbox(store)
        problems += _raws(store, progress)
        problems += _erased(store)
        problems += restricted.problems(connection)
    return problems


def _file(store: SqliteStore) -> Iterator[Problem]:
    for (said,) in store.read("PRAGMA integrity_check"):
        if said != "ok":
            yield Problem("file", store.path.name, str(said))


def _homes(store: SqliteStore) -> Iterator[Problem]:
    """Where each event counts and whether it is void, told again from the first event to the last."""
    told = _Homes(store)
    for number, home, conversation in store.read("SELECT seq, home, conversation FROM events"):
        should = told.home.get(number, conversation)
        if home != should:
            yield Problem("event", str(number), f"counts for {home}, should count for {should}")
    void = {row[0] for row in store.read("SELECT seq FROM events WHERE void <> 0")}
    for number in sorted(void ^ told.void):
        yield Problem(
            "event", str(number), "is void and should not be" if number in void else "should be void"
        )
    stored = dict(store.read("SELECT conversation, into_ FROM redirects"))
    for number in sorted(stored.keys() | told.redirects.keys()):
        if stored.get(number) != told.redirects.get(number):
            detail = f"leads to {stored.get(number)}, should lead to {told.redirects.get(number)}"
            yield Problem("redirect", str(number), detail)


class _Homes:
    """What merging and parting, undoing and redoing, have made of the events of the conversations they touched."""

    def __init__(self, store: SqliteStore) -> None:
        self.home: dict[int, int | None] = {}
        self.void: set[int] = set()
        self.redirects: dict[int, int] = {}
        self._at: dict[int, dict[int, Event]] = {}  # conversation -> the events at home there, by number
        undone: list[Event] = []
        moves = f"type IN ({int(E.MERGED)}, {int(E.PARTED)})"
        rows = store.read(
            f"SELECT {record.COLUMNS} FROM events WHERE type IN ({int(E.UNDONE)}, {int(E.REDONE)}, {int(E.GIVEN_BACK)})"
            f" OR (type = {int(E.QUEUED)} AND json_extract(data, '$.replaces') IS NOT NULL) OR conversation IN"
            f" (SELECT conversation FROM events WHERE {moves}"
            f" UNION SELECT json_extract(data, '$.from') FROM events WHERE {moves}) ORDER BY seq"
        )
        carriers: dict[int, Event] = {}
        replaced: dict[int, int] = {}  # what was edited and sent -> what it was made of
        for row in rows:
            event = record.event_of(row)
            if event.conversation is not None:
                self._put(event, event.conversation)
            if carries(event):
                carriers[event.seq] = event
                self._carry(event, back=False)
            elif event.type is E.GIVEN_BACK:
                self.void.update(event.data["letters"])
            elif event.type is E.QUEUED and "replaces" in event.data:
                replaced[event.seq] = event.data["replaces"]
                self.void.add(event.data["replaces"])
            elif event.type in (E.UNDONE, E.REDONE):
                back = event.type is E.UNDONE
                for number in sorted(event.data["events"], reverse=back):
                    (self.void.add if back else self.void.discard)(number)
                    if number in carriers:
                        self._carry(carriers[number], back)
                    if back and number in replaced:
                        self.void.discard(replaced[number])
                if back:
                    undone.append(event)
                else:
                    batch = event.data["batch"]
                    self.void.update(u.seq for u in undone if u.data["batch"] == batch and u.who == event.who)

    def _put(self, event: Event, conversation: int) -> None:
        self.home[event.seq] = conversation
        self._at.setdefault(conversation, {})[event.seq] = event

    def _carry(self, carrier: Event, back: bool) -> None:
        origin, target = record.way(carrier, back)
        for event in record.moved_by(carrier, self._at.get(origin, {}).values()):
            del self._at[origin][event.seq]
            self._put(event, target)
        whole = record.whole_of(carrier)
        if whole == origin:
            self.redirects[origin] = target
        elif whole == target:
            self.redirects.pop(target, None)


def _conversations(
    store: SqliteStore, connection: sqlite3.Connection, now: Instant, team: Collection[str], progress: Reached
) -> Iterator[Problem]:
    book = store.book
    left = policy_change.left_after(connection)  # these stand under an older version still
    if left is not None:
        yield Problem(
            "settings",
            str(book.current.number),
            f"do not hold yet for conversations after {left}: the next start of Frontdesk goes on",
        )
    sight = _Sight(store, now, team)
    tags = _grouped(store, "conversation_tags", "tag")
    mentions = _grouped(store, "conversation_mentions", "name")
    vip_customers = {row[0] for row in store.read("SELECT id FROM customers WHERE vip = 1")}
    now_at = dict(store.read("SELECT id, merged_into FROM customers WHERE merged_into IS NOT NULL"))
    columns = ", ".join(CONVERSATION_NAMES)
    stored = {row[0]: row for row in store.read(f"SELECT {columns} FROM conversations")}
    rows = connection.execute(
        f"SELECT home, {record.COLUMNS} FROM events WHERE home IS NOT NULL ORDER BY home, seq"
    )
    total = len(stored)
    for done, (number, group) in enumerate(groupby(rows, key=itemgetter(0)), 1):
        progress("Conversations", done, total)
        events = [record.event_of(row[1:]) for row in group]
        if is_empty(events):
            continue
        folding = Folding(number)
        for event in events:
            folding.apply(event)
        state = folding.result()
        state = state._replace(customer=now_at.get(state.customer or 0, state.customer))
        row = stored.pop(number, None)
        if row is None:
            yield Problem("conversation", str(number), "is missing")
            continue
        vip = "vip" in state.tags or state.customer in vip_customers
        standing = deadlines(state, events, book, now)
        expected = row_of(state, vip, standing, store.subject_of(state), store.snippet_of(state))
        waits = left is not None and number > left and policy_change.is_wanted(state)
        for name, is_, should in zip(CONVERSATION_NAMES, row, expected, strict=True):
            if is_ != should and not (waits and name in CLOCK_COLUMNS):
                yield Problem("conversation", str(number), f"{name} is {is_!r}, should be {should!r}")
        for what, is_set, should_set in (("tags", tags, state.tags), ("mentions", mentions, state.mentions)):
            if is_set.get(number, set()) != set(should_set):
                yield Problem("conversation", str(number), f"{what} differ from the record")
        change = book.change(state, vip, events, now)
        if change is not None and not waits:
            yield Problem(
                "conversation", str(number), f"should be under the policy {change.data['policy']!r}"
            )
        if state.waiting_since is not None:
            policy = book.timeline(events)[-1][1]
            yield from sight.problems(state, folding.unanswered(), events, standing, policy)
    for number in stored:
        yield Problem("conversation", str(number), "stands in the list without any event")


class _Sight:
    """What is around the conversations, to tell what of them is out of sight."""

    def __init__(self, store: SqliteStore, now: Instant, team: Collection[str]) -> None:
        self._store, self._now, self._team = store, now, team
        self._known = {
            row[0]
            for row in store.read(
                "SELECT DISTINCT customer FROM conversations WHERE answered = 1 AND customer IS NOT NULL"
            )
        }
        self._drafts: dict[int, dict[str, Instant]] = {}
        begun = store.drafts() if (store.workspace / LIVE).exists() else []  # who looks makes no files
        for draft in begun:
            if draft.kind not in ("note", "call"):
                here = self._drafts.setdefault(draft.conversation, {})
                here[draft.who] = max(draft.at, here.get(draft.who, 0))

    def problems(
        self,
        state: Conversation,
        unanswered: list[int],
        events: list[Event],
        standing: Deadlines,
        policy: Policy,
    ) -> Iterator[Problem]:
        """Each message of a customer in this conversation that is out of sight."""
        desk = Desk(
            standing.due_at,
            state.customer in self._known,
            self._team,
            policy.first_reply is not None
            and policy.next_reply is not None
            and Status.OPEN.value not in policy.reply_pauses,
            self._drafts.get(state.id, {}),
        )
        for message, words, step in out_of_sight(state, unanswered, events, desk, self._now):
            yield Problem("out of sight", str(state.id), f"{words} (message {message})", step)


def _grouped(store: SqliteStore, table: str, column: str) -> dict[int, set[str]]:
    """Table and column are names of this module's own."""
    found: dict[int, set[str]] = {}
    for conversation, word in store.read(f"SELECT conversation, {column} FROM {table}"):
        found.setdefault(conversation, set()).add(word)
    return found


def _counts(store: SqliteStore) -> Iterator[Problem]:
    counted: Counter[tuple[Any, ...]] = Counter()
    for row in store.read(
        "SELECT status, coalesce(assignee, ''), notice, waiting_since IS NOT NULL, due_at IS NOT NULL, sending > 0,"
        " failed > 0, approvals > 0, quarantined, suggested IS NOT NULL FROM conversations"
    ):
        counted[tuple(row)] += 1
    stored = {tuple(row[:-1]): row[-1] for row in store.read("SELECT * FROM buckets WHERE n <> 0")}
    for key in sorted(counted.keys() | stored.keys()):
        if counted.get(key, 0) != stored.get(key, 0):
            yield Problem(
                "count", " ".join(map(str, key)), f"is {stored.get(key, 0)}, should be {counted.get(key, 0)}"
            )


def _messages(store: SqliteStore) -> Iterator[Problem]:
    kinds = ", ".join(str(int(kind)) for kind in BRINGS)
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
    coming = dict(
        store.read(
            f"SELECT message, json_extract(data, '$.coming') FROM events r WHERE type = {int(E.RECEIVED)}"
            " AND json_extract(data, '$.coming') IS NOT NULL AND NOT EXISTS"
            f" (SELECT 1 FROM events c WHERE c.type = {int(E.COMPLETED)} AND c.message = r.message)"
        )
    )
    for number, size in store.read("SELECT id, coming FROM messages"):
        if size != coming.get(number, 0):
            yield Problem(
                "message", str(number), f"{size} bytes are to come, should be {coming.get(number, 0)}"
            )
    for (number,) in store.read("SELECT id FROM messages WHERE id NOT IN (SELECT message FROM details)"):
        yield Problem("message", str(number), "its text is missing")
    for (number,) in store.read(
        "SELECT id FROM messages WHERE id NOT IN (SELECT id FROM message_fts_docsize)"
        " UNION SELECT id FROM message_fts_docsize WHERE id NOT IN (SELECT id FROM messages)"
    ):
        yield Problem("message", str(number), "is not in the index of words, or is only there")


def _contents(store: SqliteStore, progress: Reached) -> Iterator[Problem]:
    """Who takes part in each conversation, and the ids its messages have, from what was read of them."""
    stored: dict[int, dict[str, int]] = {}
    for conversation, address, since in store.read("SELECT conversation, address, since FROM participants"):
        stored.setdefault(conversation, {})[address] = since
    ids = {tuple(row) for row in store.read("SELECT message_id, message FROM msgids")}
    conversations = store.read("SELECT id FROM conversations")
    for done, (number,) in enumerate(conversations, 1):
        progress("Who takes part", done, len(conversations))
        is_, should = stored.pop(number, {}), store.participants(number)
        if is_.keys() != should.keys() or any(at not in (0, should[each]) for each, at in is_.items()):
            yield Problem("conversation", str(number), "who takes part differs from its messages")
    for number in stored:
        yield Problem("conversation", str(number), "has people and no events")
    messages = store.read("SELECT id FROM messages WHERE direction <> 'note'")
    for done, (number,) in enumerate(messages, 1):
        progress("Messages", done, len(messages))
        message_id = store.details(number).get("id")
        if message_id and (message_id, number) not in ids:
            yield Problem("message", str(number), "its Message-ID is not known")


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


def _raws(store: SqliteStore, progress: Reached) -> Iterator[Problem]:
    for (number,) in store.read(
        "SELECT m.id FROM messages m LEFT JOIN raws r ON r.id = m.raw"
        " WHERE m.direction <> 'note' AND r.id IS NULL AND m.erased = 0 AND m.stripped = 0"
    ):
        yield Problem("raw", str(number), "the bytes of the message are missing")
    raws = store.read("SELECT id, sha FROM raws")
    for done, (number, sha) in enumerate(raws, 1):
        progress("Mail as it came", done, len(raws))
        try:
            data = store.raw_bytes(number)
        except Exception as error:  # a damaged frame or a missing file: said, and the next one looked at
            yield Problem("raw", str(number), str(error).splitlines()[0])
            continue
        if data is None or hashlib.sha256(data).digest() != sha:
            yield Problem("raw", str(number), "the bytes are not the ones that came")


def _erased(store: SqliteStore) -> Iterator[Problem]:
    """Customers of whom something is left though their erasing was begun, or who came back with an older backup."""
    from storage.erasing import Eraser

    eraser = Eraser(store)
    for one in eraser.unfinished():
        left = (
            "not all of them is erased yet" if one.state == "begun" else "bytes of them stand in the log yet"
        )
        yield Problem("erasing", str(one.customer), left, "frontdesk customer erase --go-on")
    for customer, at in eraser.again():
        day = datetime.fromtimestamp(at, UTC).date().isoformat()
        words = f"was erased on {day}, and is here again: this workspace comes from an older backup"
        yield Problem("erasing", str(customer), words, f"frontdesk customer erase {customer}")

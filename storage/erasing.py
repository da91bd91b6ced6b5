"""Erasing for good: out of rows and index, out of files, drafts and documents, and out of the bytes of the database.

What was begun is gone on with by whoever comes next, until nothing is left: each step finds by itself what is still there.
The record tells of it last, so that nothing half done is ever called done.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from inbox import erasing
from inbox.actions import erase
from inbox.erasing import ERASED, Backup, Erasure, Holdings, without_words
from inbox.model import Conversation, Event, EventType, Instant, Who
from inbox.ports import Decision, Fact, Scope, State
from inbox.progress import Reached, unheard
from inbox.safe_file import sync_folder
from storage import chats, customers
from storage import events as record
from storage.contents import Contents
from storage.erased_words import WordsLeft
from storage.holdings import Looking, divided, is_whole, others_in
from storage.tombstones import bury, bury_ours, drop_file, forget_bytes

if TYPE_CHECKING:
    from storage.store import SqliteStore

E = EventType

SLICE = 5
"""Messages erased in one transaction."""
PACKED = 30
"""Texts that are looked at in one transaction, to be packed anew."""
PAUSE = 0.005
"""Seconds between two transactions in which others get their turn."""
MERGED_PAGES = 60
"""Pages of the index of words that are written anew in one transaction."""
LIST = "erased.jsonl"
"""Beside the database: who was erased, by digests alone, so that an older backup can be told what it must not bring back."""


# ------------------------------------------------------------------------------ inside one transaction


def begin(connection: sqlite3.Connection, event: Event) -> None:
    """From now on this customer, and whoever was joined with it, is nobody: what is still needed to find the rest of them
    stands in `erasures` until nothing is left."""
    group = customers.members(connection, event.data["customer"])
    listed = json.dumps(group)
    identities = connection.execute(
        "SELECT DISTINCT kind, value FROM identities WHERE customer IN (SELECT value FROM json_each(?1))"
        " OR owner IN (SELECT value FROM json_each(?1))",
        (listed,),
    ).fetchall()
    names = {
        name
        for row in connection.execute(
            "SELECT name, said FROM customers WHERE id IN (SELECT value FROM json_each(?))", (listed,)
        )
        for name in row
        if name
    }
    words = json.dumps({"identities": identities, "names": sorted(names)}, ensure_ascii=False)
    connection.execute(
        "INSERT INTO erasures(event, customer, who, words, state) VALUES(?, ?, ?, ?, 'begun')",
        (event.seq, event.data["customer"], event.who, words),
    )
    _forget_customers(connection, group, event.at)
    _forget_addresses(connection, [value for _, value in identities])


def _forget_customers(connection: sqlite3.Connection, group: Sequence[int], at: Instant) -> None:
    listed = json.dumps(group)
    rows = connection.execute(
        f"SELECT {record.COLUMNS} FROM events WHERE type = 19 AND json_extract(data, '$.customer')"
        " IN (SELECT value FROM json_each(?))",
        (listed,),
    )
    for event in [record.event_of(row) for row in rows]:
        connection.execute("DELETE FROM customer_texts WHERE event = ?", (event.seq,))
        _rewrite(connection, event)
    connection.execute(
        "UPDATE customers SET name = ?, folded = '', said = NULL, note = '', tags = '', language = '', form = '', vip = 0,"
        " stop = 0, fields = '', erased = ? WHERE id IN (SELECT value FROM json_each(?))",
        (ERASED, at, listed),
    )
    for column in ("customer", "owner"):
        connection.execute(
            f"DELETE FROM identities WHERE {column} IN (SELECT value FROM json_each(?))", (listed,)
        )
    connection.execute(
        "DELETE FROM written_numbers WHERE customer IN (SELECT value FROM json_each(?))", (listed,)
    )


def _forget_addresses(connection: sqlite3.Connection, addresses: Sequence[str]) -> None:
    """What was said of their addresses: that nobody is there, and in events that name one instead of a conversation."""
    listed = json.dumps(addresses)
    connection.execute("DELETE FROM refused WHERE address IN (SELECT value FROM json_each(?))", (listed,))
    for kinds, key in (("31, 32", "address"), ("35", "address"), ("39", "address"), ("2", "automatic")):
        rows = connection.execute(
            f"SELECT {record.COLUMNS} FROM events WHERE type IN ({kinds}) AND json_extract(data, '$.{key}')"
            " IN (SELECT value FROM json_each(?))",
            (listed,),
        )
        for event in [record.event_of(row) for row in rows]:
            _rewrite(connection, event)


def _rewrite(connection: sqlite3.Connection, event: Event) -> None:
    """The one place in which an event is changed: what anybody wrote is taken out of it."""
    left = without_words(event)
    data = json.dumps(dict(left.data), separators=(",", ":"), ensure_ascii=False) if left.data else "{}"
    connection.execute("UPDATE events SET why = ?, data = ? WHERE seq = ?", (left.why, data, event.seq))


def of_conversation(connection: sqlite3.Connection, contents: Contents, event: Event) -> None:
    """Do what an event of erasing says of a conversation: of all of it, or of some messages."""
    assert event.conversation is not None
    at, conversation = event.at, event.conversation
    if "attachments" in event.data:
        for message in event.data["attachments"]:
            without_attachments(connection, contents, message)
        return
    named = event.data.get("messages")
    for message in in_conversation(connection, conversation) if named is None else named:
        of_message(connection, contents, message, at)
    if named is None:
        connection.execute("DELETE FROM referred WHERE conversation = ?", (conversation,))
    of_it = (
        "home = ?1 OR conversation = ?1" if named is None else "message IN (SELECT value FROM json_each(?1))"
    )
    rows = connection.execute(
        f"SELECT {record.COLUMNS} FROM events WHERE ({of_it}) AND type <> {int(E.ERASED)}",
        (conversation if named is None else json.dumps(named),),
    )
    for each in [record.event_of(row) for row in rows]:
        _rewrite(connection, each)


def in_conversation(connection: sqlite3.Connection, conversation: int, most: int = -1) -> list[int]:
    """Messages of a conversation that are not erased yet, those that were taken back included."""
    rows = connection.execute(
        "SELECT id FROM messages WHERE erased = 0 AND (conversation = ?1 OR id IN"
        " (SELECT message FROM events WHERE home = ?1 AND message IS NOT NULL AND type IN (1, 2, 5, 51, 52))) LIMIT ?2",
        (conversation, most),
    )
    return [row[0] for row in rows]


def of_message(connection: sqlite3.Connection, contents: Contents, message: int, at: Instant) -> None:
    """Nothing of what a message said is left, and it does not come back; that it was there stays."""
    row = connection.execute(
        "SELECT m.raw, o.message_id FROM messages m LEFT JOIN outbox o ON o.message = m.id WHERE m.id = ?",
        (message,),
    ).fetchone()
    if row is None:
        return
    raw, ours = row
    bury(connection, [message])
    if ours is not None:
        bury_ours(connection, ours)
        connection.execute(
            "UPDATE outbox SET message_id = ?, trouble = '' WHERE message = ?",
            (f"<erased-{message}>", message),
        )
        connection.execute("DELETE FROM outbox_recipients WHERE message = ?", (message,))
    for table in ("msgids", "refers", "beginnings", "written_numbers"):
        connection.execute(f"DELETE FROM {table} WHERE message = ?", (message,))
    connection.execute("UPDATE wholes SET state = 'erased' WHERE message = ?", (message,))
    chats.bury(connection, message)
    contents.erase(connection, message)
    connection.execute(
        "UPDATE messages SET erased = ?, raw = NULL, identity = NULL, attachments = 0, coming = 0,"
        " author = CASE direction WHEN 'in' THEN '' ELSE author END WHERE id = ?",
        (at, message),
    )
    _drop_bytes(connection, contents, raw)


def _drop_bytes(connection: sqlite3.Connection, contents: Contents, raw: int | None) -> None:
    if raw is None:
        return
    contents.forgetting(connection, raw)
    (is_file,) = connection.execute("SELECT data IS NULL FROM raws WHERE id = ?", (raw,)).fetchone()
    sha = forget_bytes(connection, raw)
    if is_file:
        connection.execute("INSERT OR IGNORE INTO erased_files VALUES(?)", (sha,))


def without_attachments(connection: sqlite3.Connection, contents: Contents, message: int) -> None:
    """The bytes of a message go, and with them what came with it; what was read of it stays."""
    (raw,) = connection.execute("SELECT raw FROM messages WHERE id = ?", (message,)).fetchone()
    contents.drop_attachments(connection, message)
    connection.execute(
        "UPDATE messages SET raw = NULL, attachments = 0, stripped = 1 WHERE id = ?", (message,)
    )
    _drop_bytes(connection, contents, raw)


# ------------------------------------------------------------------------------ one after the other


class Eraser:
    """Erasing in a store (`inbox.erasing.Erasing`)."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def holdings(self, customer: int) -> Holdings:
        """What there is of a customer."""
        with self._store.snapshot() as connection:
            return Looking(self._store, connection, customer).found()

    def unfinished(self) -> list[Erasure]:
        """Customers of whom something is left, because a process was killed."""
        return self._erasures("state <> 'done'")

    def _erasures(self, where: str) -> list[Erasure]:
        rows = self._store.read(
            f"SELECT x.customer, e.at, x.who, x.state FROM erasures x JOIN events e ON e.seq = x.event WHERE {where}"
            " ORDER BY x.event"
        )
        return [Erasure(*row) for row in rows]

    def go_on(self, now: Instant, progress: Reached = unheard, patience: float | None = None) -> int:
        """Erase what is left of customers whose erasing was begun; how many are finished by that."""
        count = 0
        for number, customer, who, words, state in self._store.read(
            "SELECT event, customer, who, words, state FROM erasures WHERE state <> 'done' ORDER BY event"
        ):
            if state == "begun":
                self._all_of(number, customer, who, WordsLeft.of(words), now, progress)
            if self._out_of_the_log(erasing.PATIENCE if patience is None else patience):
                with self._store.writing() as transaction:
                    transaction.connection.execute(
                        "UPDATE erasures SET state = 'done' WHERE event = ?", (number,)
                    )
                count += 1
        return count

    def _all_of(
        self, number: int, customer: int, who: str, words: WordsLeft, now: Instant, progress: Reached
    ) -> None:
        with self._store.snapshot() as connection:
            group = customers.members(connection, customer)
            own, shared = divided(connection, group)
        about: dict[str, Any] = {"customer": customer}
        for done, conversation in enumerate(own, 1):
            self.whole(conversation, who, now, lambda c, here: not others_in(c, here.id, group), **about)
            progress("Conversations", done, len(own))
        for conversation, messages in self._theirs(group, words, shared).items():
            for start in range(0, len(messages), SLICE):
                self._some(conversation, tuple(messages[start : start + SLICE]), who, now, about)
        erased = self._store.read(
            "SELECT DISTINCT home FROM events WHERE type = 62 AND json_extract(data, '$.whole')"
            " AND json_extract(data, '$.customer') = ? AND home IS NOT NULL",
            (customer,),
        )
        words.out_of(self._store, group, [row[0] for row in erased])  # also of those erased before a kill
        self._files()
        self._pack_anew()
        self._index()
        self._list(group, words, now)
        data = {"customer": customer, "state": "done", "conversations": len(erased), "shared": len(shared)}
        event = Event(E.ERASED, now, who, data=data, recorded=now)
        with self._store.writing() as transaction:
            gone = transaction.connection.execute(
                "UPDATE erasures SET state = 'gone', words = '' WHERE event = ? AND state = 'begun'",
                (number,),
            )
            if gone.rowcount:  # else another process has told of it
                transaction.decide(Scope(), lambda _state, _who, _now: [Fact(event)], Who(who), now)

    def _some(
        self, conversation: int, messages: tuple[int, ...], who: str, now: Instant, about: dict[str, Any]
    ) -> None:
        def decide(_state: State, _who: Who, now: Instant) -> Decision:
            return [erase.some(conversation, messages, who, now, **about)]

        self._store.change(Scope(conversations=(conversation,)), decide, Who(who), now)

    def whole(
        self,
        conversation: int,
        who: str,
        now: Instant,
        may: Callable[[sqlite3.Connection, Conversation], bool],
        **about: Any,
    ) -> bool:
        """Erase all of a conversation, in slices; its event is written with the last. `may` is asked under the lock each
        time, since mail comes meanwhile; False where it says no. Of two processes that do it at once one tells of it."""

        def decide(state: State, _who: Who, now: Instant) -> Decision:
            return [erase.whole(state.conversations[conversation], who, now, **about)]

        while True:
            with self._store.writing() as transaction:
                connection = transaction.connection
                if is_whole(connection, conversation):
                    return True  # another process has told of it
                if not may(connection, transaction.loader.conversation(conversation)):
                    return False
                some = in_conversation(connection, conversation, SLICE)
                if len(some) < SLICE:
                    transaction.decide(Scope(conversations=(conversation,)), decide, Who(who), now)
                    transaction.recorder.settle(now)
                    return True
                transaction.erase(some, now)
            time.sleep(PAUSE)

    def _theirs(self, group: Sequence[int], words: WordsLeft, shared: Sequence[int]) -> dict[int, list[int]]:
        """What they wrote in conversations with others, and what we wrote there to them alone, by conversation."""
        found: dict[int, list[int]] = {}
        rows = self._store.read(
            "SELECT coalesce(m.conversation, (SELECT home FROM events e WHERE e.message = m.id AND e.home IS NOT NULL"
            " AND e.type IN (1, 2, 5, 51, 52))), m.id FROM messages m WHERE m.erased = 0"  # what was taken back, too
            " AND m.customer IN (SELECT value FROM json_each(?1)) AND m.direction <> 'note'"
            " UNION SELECT m.conversation, m.id FROM messages m WHERE m.erased = 0"
            " AND m.conversation IN (SELECT value FROM json_each(?2))"
            " AND EXISTS (SELECT 1 FROM outbox_recipients r WHERE r.message = m.id)"
            " AND NOT EXISTS (SELECT 1 FROM outbox_recipients r WHERE r.message = m.id"
            " AND lower(r.address) NOT IN (SELECT value FROM json_each(?3)))",
            (json.dumps(group), json.dumps(shared), json.dumps(words.addresses)),
        )
        for conversation, message in rows:
            if conversation is not None:
                found.setdefault(conversation, []).append(message)
        return found

    def out_of_bytes(self, patience: float) -> bool:
        """Take what was erased out of files, dictionaries, the index of words and the logs; False while somebody reads
        these."""
        self._files()
        self._pack_anew()
        self._index()
        return self._out_of_the_log(patience)

    def _files(self) -> None:
        """Remove the files of bytes that no row names any more, each after the transaction in which its row went."""
        shas = [row[0] for row in self._store.read("SELECT sha FROM erased_files")]
        numbers = {str(row[0]) for row in self._store.read("SELECT id FROM wholes WHERE state = 'erased'")}
        for path in (self._store.workspace / "coming").glob("*"):
            if path.name.split(".")[0] in numbers:
                path.unlink(missing_ok=True)
        for sha in shas:
            with self._store.writing() as transaction:
                drop_file(transaction.connection, self._store.workspace, sha)
                transaction.connection.execute("DELETE FROM erased_files WHERE sha = ?", (sha,))

    def _pack_anew(self) -> None:
        """Texts that were packed with a dictionary in which words of an erased one stand are packed without that."""
        for kind in ("details", "raw"):
            after: int | None = -1
            while after is not None:
                with self._store.writing() as transaction:
                    after = transaction.pack_anew(kind, after, PACKED)
                time.sleep(PAUSE if after is not None else 0)

    def _index(self) -> None:
        """Write the index of words anew, so that what was deleted stands in none of its pieces; a bit at a time."""
        pages = -MERGED_PAGES
        while True:
            with self._store.writing() as transaction:
                before = transaction.connection.total_changes
                transaction.connection.execute(
                    "INSERT INTO message_fts(message_fts, rank) VALUES('merge', ?)", (pages,)
                )
                if transaction.connection.total_changes - before < 2:  # as FTS5 says that nothing is left
                    return
            pages = MERGED_PAGES
            time.sleep(PAUSE)

    def _out_of_the_log(self, patience: float) -> bool:
        """Empty the logs of both files, in which the bytes stand as they were before; False while somebody reads there."""
        until = time.monotonic() + patience
        while not (self._store.empty_log() and self._store.live.empty_log()):
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def _list(self, group: Sequence[int], words: WordsLeft, now: Instant) -> None:
        """Remember by digests who was erased, for a backup from before that is restored; safe on disk before the record
        says that it is done."""
        line = json.dumps(
            {"at": now, "customers": list(group), "keys": [digest_of(*each) for each in words.identities]}
        )
        path = self._store.workspace / LIST
        with path.open("a", encoding="utf-8") as file:
            with suppress(PermissionError):
                path.chmod(0o660)
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)

    def again(self) -> list[tuple[int, Instant]]:
        """Customers who were erased, and are here as they were: the workspace was restored from an older backup."""
        try:
            lines = (self._store.workspace / LIST).read_text("utf-8").splitlines()
        except OSError:
            return []
        erased: dict[tuple[int, str], Instant] = {}
        for line in lines:
            with suppress(ValueError, KeyError, TypeError):  # somebody's edit
                one = json.loads(line)
                erased |= {
                    (number, key): int(one["at"]) for number in one["customers"] for key in one["keys"]
                }
        rows = self._store.read("SELECT customer, kind, value FROM identities") if erased else []
        known = {(customer, digest_of(*key)) for customer, *key in rows}
        return sorted({number: at for (number, key), at in erased.items() if (number, key) in known}.items())

    def backups(self) -> list[Backup]:
        """What was written from here and still holds what was erased since, the newest first."""
        rows = self._store.read(
            "SELECT at, who, coalesce(json_extract(data, '$.place'), ''), type = 64 FROM events WHERE type IN (63, 64)"
            " ORDER BY seq DESC"
        )
        return [Backup(at, who, place, bool(restores)) for at, who, place, restores in rows]

    def note(self, kind: EventType, place: str, who: Who, now: Instant, **about: int) -> None:
        """Write down that something was written out of the workspace: BACKED_UP or HANDED_OUT, and where to."""
        event = Event(kind, now, who.name, data={"place": place, **about}, recorded=now)
        self._store.change(Scope(), lambda _state, _who, _now: [Fact(event)], who, now)


def digest_of(kind: str, value: str) -> str:
    """By what an address or number is known again that may not be written down any more."""
    return sha256(f"{kind}\0{value}".encode("utf-8", "surrogatepass")).hexdigest()

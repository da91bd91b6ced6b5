"""The store: one SQLite file, one way to change it, many ways to read it."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from contextlib import contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING

from inbox.errors import Superseded
from storage.connection import (
    BUSY_SECONDS,
    DATABASE,
    connect,
    emptied,
    newest_schema,
    schema_of,
    trouble,
)
from storage.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from inbox.model import Event, Instant, Refusal, Who
    from inbox.policies import Book
    from inbox.ports import Decide, Draft, DraftFile, MailboxState, Outcome, Presence, Scope
    from storage.bell import Bell
    from storage.contents import Contents
    from storage.documents import Documents
    from storage.draft_files import DraftFiles
    from storage.live import Live
    from storage.remembered import Remembered
    from storage.transaction import Transaction

    _Change = tuple[Scope, Decide]

SLICE_SECONDS = 0.015
"""How long one slice of bulk work may hold the write lock while others have the workspace open."""
SLICE_PAUSE = 0.005
"""SQLite's busy wait is unfair: between two slices others get their turn."""
LOOK_AGAIN = 0.001
"""Seconds after which a lock that was taken is looked at again: shorter than the pause between two slices."""
LARGE_SLICE = 1_000
"""Changes in one transaction when nobody else has the workspace open."""
READY_SECONDS = 1.0
"""How long changes are made ready before what is ready is recorded."""
SMALL_SLICE = 50
"""Changes made ready at a time while others are here."""
_NUMBER = "SELECT number FROM fences WHERE name = ?"


def _made_ready(coming: Iterator[_Change], most: int) -> deque[_Change]:
    """The next changes, as many as come within a second: what makes them may be slow (parsing), and people watch."""
    ready: deque[_Change] = deque()
    until = time.monotonic() + READY_SECONDS
    for change in islice(coming, most):
        ready.append(change)
        if time.monotonic() > until:
            break
    return ready


class SqliteStore(Reading):
    """The store of one workspace; safe to share between the threads of one process."""

    def __init__(
        self,
        workspace: Path,
        connection: sqlite3.Connection,
        cache_kb: int,
        busy_seconds: float = BUSY_SECONDS,
    ) -> None:
        self.workspace = workspace
        self.path = workspace / DATABASE
        self.way = ""
        self._writer = connection
        connection.execute("PRAGMA busy_timeout = 0")  # see _begin
        self._write_lock = threading.RLock()
        self._cache_kb = cache_kb
        self._busy_seconds = busy_seconds
        self._bell: Bell | None = None
        self._live: Live | None = None
        self._book: Book | None = None
        self._fence: tuple[str, int] | None = None
        self._kept: Contents | None = None
        self._recalled: Remembered | None = None
        self._person: str | None = None
        self._narrowed = False
        super().__init__(self._read_connection)

    @property
    def _remembered(self) -> Remembered:
        if self._recalled is None:
            from storage.remembered import Remembered

            self._recalled = Remembered()
        return self._recalled

    @property
    def _contents(self) -> Contents:
        if self._kept is None:
            from storage.contents import Contents

            self._kept = Contents(self.workspace)
        return self._kept

    # ------------------------------------------------------------------------------ changing

    def change(self, scope: Scope, decide: Decide, who: Who, now: Instant, key: str | None = None) -> Outcome:
        """Load the scope under the write lock, decide, record the events, derive the state, ring the bell."""
        from inbox.model import Refusal
        from inbox.ports import Outcome

        with self.writing() as transaction:
            if key is not None:
                known = transaction.connection.execute(
                    "SELECT batch FROM keys WHERE key = ?", (key,)
                ).fetchone()
                if known is not None:
                    return Outcome(again=True)
            result = transaction.decide(scope, decide, who, now)
            if isinstance(result, Refusal):
                return Outcome(refusal=result)
            if key is not None and result:
                transaction.connection.execute("INSERT INTO keys VALUES(?, ?)", (key, result[0].batch))
            transaction.recorder.settle(now)
        return Outcome(tuple(result))

    def change_each(
        self,
        changes: Iterable[tuple[Scope, Decide]],
        who: Who,
        now: Instant,
        cancelled: Callable[[], bool] = lambda: False,
        after: Callable[[Sequence[Event] | Refusal], None] | None = None,
    ) -> Outcome:
        """One batch of many changes, in slices that hold the lock at most 15 ms while others are here; undone as one.

        Stops between two changes when `cancelled` says so; what is recorded stays. A refusal leaves that change out.
        `after` is called with what became of each change; the outcome then lists no events, so that a million can pass.
        """
        from inbox.model import Refusal
        from inbox.ports import Outcome

        done: list[Event] = []
        refusal: Refusal | None = None
        batch: int | None = None
        closing = 0.0  # how long the last slice took from its last decision to the end of its commit
        coming = iter(changes)
        while not cancelled():
            alone = not self.bell.others()
            waiting = _made_ready(coming, LARGE_SLICE if alone else SMALL_SLICE)  # outside the lock
            if not waiting:
                break
            while waiting and not cancelled():
                results: list[list[Event] | Refusal] = []
                with self.writing() as transaction:
                    begun = time.monotonic()
                    until = begun + SLICE_SECONDS - closing
                    while waiting and (alone or not results or time.monotonic() < until):
                        scope, decide = waiting.popleft()
                        result = transaction.decide(scope, decide, who, now, batch)
                        if not isinstance(result, Refusal) and result:
                            batch = result[0].batch
                        results.append(result)
                    decided = time.monotonic()
                    transaction.recorder.settle(now)
                closing = min(time.monotonic() - decided, SLICE_SECONDS * 0.8)
                for result in results:
                    if after is not None:
                        after(result)
                    elif isinstance(result, Refusal):
                        refusal = result
                    else:
                        done += result
                if not alone:  # of the time at least half is theirs, also where a slice took long
                    time.sleep(max(SLICE_PAUSE, time.monotonic() - begun))
        return Outcome(tuple(done), None if done else refusal)

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A write transaction under the lock: committed at the end, rolled back on any error, then the bell."""
        from storage.transaction import Transaction

        with self._write_lock, trouble(self.path, self._busy_seconds):
            connection = self._writer
            self._begin()
            try:
                self._check_schema()
                self._check_fence()
                book = self.book_seen_by(connection)
                transaction = Transaction(connection, self._contents, book, self._remembered, self._person)
                transaction.way = self.way
                yield transaction
                self._contents.index(connection)
                for (
                    event
                ) in transaction.recorder.taken_back:  # first: a draft too many is better than one lost
                    self._draft_again(connection, event)
                connection.execute("COMMIT")
                transaction.loader.remember()
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                self._contents.forget()
                raise
        if transaction.events or transaction.shown:
            shown = frozenset(one for one in transaction.shown if one is not None)
            many = None in transaction.shown
            self.bell.ring(frozenset() if many else transaction.recorder.settled | shown)

    def _begin(self) -> None:
        """Take the write lock. SQLite's own waiting sleeps ever longer and comes too late where others come and go."""
        until = time.monotonic() + self._busy_seconds
        while True:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(LOOK_AGAIN)
            else:
                return

    def _check_schema(self) -> None:
        if schema_of(self._writer) != newest_schema():
            raise Superseded(
                "The workspace was upgraded by a newer Frontdesk while this one was open.",
                "Please restart Frontdesk.",
            )

    def fence(self, name: str, number: int | None) -> None:
        """From now on write only while `number` is the newest holder of the lease `name`; None: as anybody may."""
        self._fence = (name, number) if number is not None else None

    def _check_fence(self) -> None:
        if self._fence is not None:
            self._compare(self._writer.execute(_NUMBER, self._fence[:1]).fetchall())

    def check_hold(self) -> None:
        """Raises Superseded once another process has taken over what this one holds. Every change asks so by itself; this is
        for what is done outside the store."""
        if self._fence is not None:
            self._compare(self.read(_NUMBER, self._fence[:1]))

    def _compare(self, found: Sequence[Sequence[object]]) -> None:
        assert self._fence is not None
        name, number = self._fence
        if [tuple(row) for row in found] != [(number,)]:
            raise Superseded(
                f"Another process has taken over as {name}: this one writes nothing any more.",
                "It can be ended.",
            )

    # ------------------------------------------------------------------------------ settings

    @property
    def book(self) -> Book:
        """Every version of hours and policies applied so far, by whichever process."""
        return self.book_seen_by(self._reader)

    def forget_settings(self) -> None:
        """What was applied here counts no more: an export has brought its own versions."""
        self._book = None

    def book_seen_by(self, connection: sqlite3.Connection) -> Book:
        """Every version as this connection sees them, what it has not committed included."""
        from inbox.policies import Book, Version
        from inbox.settings import Settings

        newest = connection.execute("SELECT coalesce(max(version), 0) FROM settings_versions").fetchone()[0]
        if self._book is None or self._book.current.number != newest:
            rows = connection.execute("SELECT version, at, text FROM settings_versions ORDER BY version")
            versions = [Version(*row) for row in rows]
            self._book = Book(versions or [Version(0, 0, Settings().canonical_json())])
        return self._book

    @contextmanager
    def deriving(self) -> Iterator[Transaction]:
        """A write transaction of what can be derived again: it counts at once, and is on the disk a little later."""
        with self._write_lock:
            self._writer.execute("PRAGMA synchronous = NORMAL")
            try:
                with self.writing() as transaction:
                    yield transaction
            finally:
                self._writer.execute("PRAGMA synchronous = FULL")

    # ------------------------------------------------------------------------------ beside the record

    @property
    def bell(self) -> Bell:
        """How other processes hear of changes."""
        if self._bell is None:
            from storage.bell import Bell

            self._bell = Bell(self.workspace)
        return self._bell

    @property
    def live(self) -> Live:
        """Drafts and presence, in a file of their own."""
        if self._live is None:
            from storage.live import Live

            self._live = Live(self.workspace)
        return self._live

    def save_draft(self, draft: Draft) -> None:
        """Keep a draft (one a conversation, person and kind); an empty one is removed."""
        self.live.save_draft(draft)

    def _draft_again(self, connection: sqlite3.Connection, event: Event) -> None:
        from storage.taken_back import draft_of

        self.live.give_back(draft_of(connection, self._contents, event))

    def empty_log(self) -> bool:
        """Write what stands in the log of the database into it, and empty the log; False while somebody reads there."""
        with self._write_lock, trouble(self.path, self._busy_seconds):
            return emptied(self._writer)

    @property
    def documents_beside(self) -> Documents:
        """The small documents of the team."""
        from storage.documents import Documents

        return Documents(self.workspace)

    def drop_draft_file(self, sha: str) -> None:
        """Remove a file that went with drafts which are gone."""
        self._draft_files.drop(sha)

    def letter(self, queued: Event) -> Draft:
        """What an event put into the outbox, as the draft it would be again."""
        from storage.taken_back import draft_of

        return draft_of(self._reader, self._contents, queued)

    @property
    def _draft_files(self) -> DraftFiles:
        from storage.draft_files import DraftFiles

        return DraftFiles(self.workspace)

    def keep_file(self, source: Path | bytes, name: str, kind: str = "") -> DraftFile:
        """Keep what a file says now, to go with a draft."""
        kept = self._draft_files.keep(source, name, kind)
        self._draft_files.sweep(
            {file.sha for draft in self.live.drafts() for file in draft.files} | {kept.sha}
        )
        return kept

    def put_file(self, conversation: int, who: str, file: DraftFile, at: Instant) -> None:
        """Keep a file for the answer that a person writes, or will write, in a conversation; screens hear of it."""
        from storage.put_files import put

        put(self.live, conversation, who, file, at)
        self.bell.ring(frozenset((conversation,)))

    def take_put_files(self, conversation: int, who: str, kind: str) -> tuple[DraftFile, ...]:
        """Move what was put there into the draft of a kind; what was moved, oldest first."""
        from storage.put_files import take

        return take(self.live, conversation, who, kind)

    def draft_file(self, sha: str) -> bytes:
        """What a file of a draft says."""
        return self._draft_files.read(sha)

    def drafts(self, conversation: int | None = None) -> list[Draft]:
        """Drafts of one conversation, or all, newest first. One person sees of a colleague's only that it is there."""
        found = self.live.drafts(conversation)
        if self._person is None:
            return found
        from inbox.rules.reading import RULES

        here, shared = self._seen_among(draft.conversation for draft in found), (self._person, RULES)
        return [
            draft if draft.who in shared else draft.unread
            for draft in found
            if draft.conversation in here or not draft.conversation
        ]

    def drafted(self) -> int:
        """In how many conversations there is a draft."""
        return len({draft.conversation for draft in self.drafts()}) if self._narrowed else self.live.drafted()

    def _seen_among(self, conversations: Iterable[int]) -> set[int]:
        """Those of these that may be seen."""
        numbers = set(conversations)
        if not self._narrowed or not numbers:
            return numbers
        rows = self.read(
            "SELECT id FROM conversations WHERE id IN (SELECT value FROM json_each(?))",
            (f"[{','.join(map(str, numbers))}]",),
        )
        return {row[0] for row in rows}

    def show_presence(self, who: Who, conversation: int | None, doing: str) -> None:
        """Say what this screen looks at; None takes the lease back."""
        self.live.show_presence(who.name, conversation, doing)

    def presence(self, conversation: int | None = None) -> list[Presence]:
        """Who looks or writes, by leases that have not expired."""
        found = self.live.presence(conversation)
        here = self._seen_among(each.conversation for each in found)
        return [each for each in found if each.conversation in here]

    def mailboxes(self) -> list[MailboxState]:
        """How it stands with each mailbox the worker has tried, by name."""
        return self.live.mailboxes()

    def show_mailbox(self, state: MailboxState) -> None:
        """Say how it stands with a mailbox, in place of what was said before."""
        self.live.show_mailbox(state)

    def forget_mailboxes(self, but: Collection[str]) -> None:
        """Say nothing any more of mailboxes that the settings no longer have; `but` names those they have."""
        self.live.forget_mailboxes(but)

    def watch(self, heard: Callable[[frozenset[int]], None]) -> Callable[[], None]:
        """Call `heard(conversations)` from a thread of its own on every change; the answer stops it."""

        def told(conversations: frozenset[int]) -> None:
            with suppress(sqlite3.Error):
                self._narrow()  # settings may have come by which something is restricted
            heard(conversations)

        return self.bell.watch(self.path, told)

    def close(self) -> None:
        """End threads and connections."""
        if self._bell is not None:
            self._bell.close()
        if self._live is not None:
            self._live.close()
        self.close_readers()
        with self._write_lock:
            self._writer.close()

    def _read_connection(self) -> sqlite3.Connection:
        if not self._narrowed or self._person is None:
            return connect(self.path, cache_kb=self._cache_kb, busy_seconds=self._busy_seconds)
        from storage.seen_by import narrowed

        return narrowed(self.path, self._person, self._cache_kb, self._busy_seconds)

    # ------------------------------------------------------------------------------ what one person may see

    def seen_by(self, who: Who) -> None:
        """From now on this store is one person's: it reads and changes only what they may see."""
        self._person = who.name
        self._narrow()

    def sees_all(self) -> bool:
        """Whether whoever this store is for may see everything."""
        return self._person is None or not self.read(
            "SELECT 1 FROM restricted_mailboxes r WHERE NOT EXISTS"
            " (SELECT 1 FROM may_see y WHERE y.mailbox = r.mailbox AND y.name = ?) LIMIT 1",
            (self._person,),
        )

    def _narrow(self) -> None:
        """Read only what that person may see, once anything is restricted."""
        if self._person is not None and not self._narrowed and self.are_restricted():
            self._narrowed = True
            self.renew_readers()

    def are_restricted(self) -> bool:
        """Whether any mailbox is restricted."""
        return bool(self.read("SELECT 1 FROM restricted_mailboxes LIMIT 1"))

    def may_see(self, person: str, conversations: Collection[int]) -> set[int]:
        """Those of these conversations that a teammate may see."""
        if not conversations or not self.are_restricted():
            return set(conversations)
        from storage.restricted import MAY_NOT_SEE

        rows = self.read(
            "SELECT value FROM json_each(?1) c WHERE"
            f" NOT {MAY_NOT_SEE.format(conversation='c.value', name='?2')}",
            (f"[{','.join(map(str, conversations))}]", person),
        )
        return {row[0] for row in rows}

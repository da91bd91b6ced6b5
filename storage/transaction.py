"""One write transaction: what a decision sees, and what is recorded of it. Commands that only read never load this."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from inbox.listing import PROGRAMS
from inbox.model import Event, EventType, Instant, Refusal, Who
from inbox.policies import Book
from inbox.ports import Decide, Fact, Scope, State
from inbox.progress import Reached, unheard
from inbox.restricting import refused
from storage import regrouping, restricted
from storage.contents import Contents
from storage.loading import Loader
from storage.recording import Recorder
from storage.remembered import Remembered


class Transaction:
    """One write transaction: decisions made under the lock, and their facts recorded."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        contents: Contents,
        book: Book,
        remembered: Remembered,
        person: str | None = None,
    ) -> None:
        self.connection = connection
        self._person = person  # who alone changes anything here; None: whoever
        self.loader = Loader(connection, contents, remembered)
        self.recorder = Recorder(connection, self.loader, contents, book)
        self.events: list[Event] = []
        self.shown: set[int | None] = set()
        self.way = ""  # which way what people do comes in
        self._contents = contents

    def shows(self, conversation: int | None) -> None:
        """What people see of a conversation changes although nothing is recorded of it (None: of many)."""
        self.shown.add(conversation)

    def shows_each(self, conversations: Sequence[int]) -> None:
        """Likewise of each of these."""
        self.shown.update(conversations)

    def add_raw(self, data: bytes | Path) -> int:
        """Keep raw bytes (or those of a file) that are not read yet; their number."""
        return self._contents.add_raw(self.connection, data)

    def add_details(self, message: int, details: dict[str, Any]) -> None:
        """Store what was read of a message, and index its words, as an export brings it back."""
        self._contents.add_details(self.connection, message, details)

    def erase(self, messages: Sequence[int], at: Instant) -> None:
        """Erase what these messages said, before the event that tells of it: of many a slice at a time."""
        from storage import erasing

        for message in messages:
            erasing.of_message(self.connection, self._contents, message, at)

    def pack_anew(self, kind: str, after: int, most: int) -> int | None:
        """Pack some texts anew whose dictionary is used no more; how far it came, None at the end."""
        return self._contents.anew(self.connection, kind, after, most)

    def decide(
        self, scope: Scope, decide: Decide, who: Who, now: Instant, batch: int | None = None
    ) -> list[Event] | Refusal:
        """Load the scope, decide, record; the events, or why not."""
        are_restricted = restricted.are_any(self.connection)
        if are_restricted and self._person is not None:
            unseen = restricted.unseen(self.connection, scope, self._person)
            if unseen is not None:
                return unseen
        state = self.loader.state(scope, now)
        if are_restricted and self._person is not None:
            state = restricted.seen(self.connection, state, self._person)
        decision = decide(state, who, now)
        if isinstance(decision, Refusal):
            return decision
        if are_restricted and (no := self._refused(decision)) is not None:
            return no
        events = self.recorder.record(decision, batch)
        self.events += events
        if self.way and events and who.name not in PROGRAMS:
            self.connection.execute("INSERT OR IGNORE INTO ways VALUES(?, ?)", (events[0].batch, self.way))
        if scope.message is not None:
            events += self._regroup(state, events, who, now)
        return events

    def _refused(self, facts: Sequence[Fact]) -> Refusal | None:
        """Why somebody would get what restricted mailboxes hold, or send from one, who may not."""

        def sends(mailbox: str | None, address: str) -> frozenset[str] | None:
            return restricted.senders(self.connection, mailbox, address) if self._person is not None else None

        return refused(facts, lambda conversation: restricted.people(self.connection, conversation), sends)

    def _regroup(self, seen: State, placed: Sequence[Event], who: Who, now: Instant) -> list[Event]:
        """Move what a message that came late shows to belong elsewhere."""
        moved: list[Event] = []
        for received in (event for event in placed if event.type is EventType.RECEIVED):
            history = bool(received.data.get("history"))
            for gathering in regrouping.disordered(
                self.connection, self.loader, self._contents, seen, placed, received
            ):
                for scope, decide in regrouping.moves(gathering, history):
                    result = self.decide(scope, decide, who, now, received.batch)
                    moved += [] if isinstance(result, Refusal) else result
        return moved

    def derive_all(self, book: Book, now: Instant, progress: Reached = unheard) -> None:
        """Fold every conversation of the record under these settings, as an export brings them back."""
        loader = Loader(self.connection, self._contents)
        recorder = Recorder(self.connection, loader, self._contents, book)
        homes = self.connection.execute("SELECT DISTINCT home FROM events WHERE home IS NOT NULL")
        found = homes.fetchall()
        for done, (home,) in enumerate(found, 1):
            progress("Conversations", done, len(found))
            recorder.touch(home)
            recorder.settle(now)
            loader.forget(home)

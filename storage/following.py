"""What the record asks of the servers: how far the worker has followed it, and where the mail lies that an event is about.

How far it was followed stands outside the record: a workspace in which nobody did so yet starts at its newest event.
"""

from __future__ import annotations

from collections.abc import Iterable

from inbox.model import Event, EventType, Instant
from inbox.ports import Lying
from storage import events as record
from storage.jobs import add_job
from storage.store import SqliteStore

E = EventType
AT_ONCE = 10_000
"""Numbers of events looked at together."""
_FOLLOWED = "followed"


class Following:
    """The record of a store, as it is followed."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def news(self) -> tuple[int, list[Event]] | None:
        """What was recorded since the last look, or counts again, and the number up to which it was; None: nothing."""
        newest = self._store.newest_event()
        since = self._store.read("SELECT value FROM meta WHERE name = ?", (_FOLLOWED,))
        if not since:
            self.followed(newest, (), 0)
            return None
        if newest <= since[0][0]:
            return None
        up_to = min(newest, since[0][0] + AT_ONCE)
        # of what came in, only what we wrote elsewhere: most of an import need not be read
        rows = self._store.read(
            f"SELECT {record.COLUMNS} FROM events WHERE seq > ? AND seq <= ? AND void = 0"
            " AND (type <> ? OR json_extract(data, '$.side') = 'us') ORDER BY seq",
            (since[0][0], up_to, int(E.RECEIVED)),
        )
        found: list[Event] = []
        with self._store.snapshot() as connection:
            for event in map(record.event_of, rows):
                again = event.data["events"] if event.type is E.REDONE else ()
                found += [e for e in record.by_number(connection, again) if not e.void] if again else [event]
        return up_to, found

    def mailboxes(self, event: int) -> set[str]:
        """In which mailboxes mail of the conversation of an event lies, or did."""
        rows = self._store.read(
            "SELECT DISTINCT p.mailbox FROM events e JOIN messages m ON m.conversation = e.home"
            " JOIN places p ON p.message = m.id WHERE e.seq = ? AND m.direction = 'in'",
            (event,),
        )
        return {row[0] for row in rows}

    def followed(self, up_to: int, jobs: Iterable[tuple[str, str]], now: Instant) -> None:
        """Ask for jobs (kind and data), and remember that the record was looked at up to this number."""
        with self._store.writing() as transaction:
            for kind, data in jobs:
                add_job(transaction.connection, kind, data, now)
            transaction.connection.execute("INSERT OR REPLACE INTO meta VALUES(?, ?)", (_FOLLOWED, up_to))

    def lying(self, event: int, mailbox: str) -> Lying | None:
        """Where the mail lies that came before an event; of an answer, what it answers. None when the event does not
        count any more."""
        about = self._store.read(
            "SELECT type, at, message, home FROM events WHERE seq = ? AND void = 0", (event,)
        )
        if not about:
            return None
        ((kind, at, message, home),) = about
        before, limit = "r.seq <= ?", event
        if kind == E.SENT:  # what came while it was under way is not answered by it
            queued = f"SELECT seq FROM events WHERE message = ? AND type = {int(E.QUEUED)}"
            limit = next((row[0] for row in self._store.read(queued, (message,))), event)
        elif kind == E.CALLED:  # what came while one spoke is not answered by it
            before += f" AND r.at <= {at:d}"
        elif kind == E.RECEIVED:  # written elsewhere: the order in which folders are read says nothing
            before, limit = "r.at <= ?", at
        rows = self._store.read(
            "SELECT m.id, p.folder, p.uidvalidity, p.uid, p.gone FROM events r JOIN messages m ON m.id = r.message"
            f" JOIN places p ON p.message = m.id WHERE r.home = ? AND r.type = {int(E.RECEIVED)} AND {before}"
            " AND m.direction = 'in' AND p.mailbox = ? ORDER BY p.folder, p.uid",
            (home, limit, mailbox),
        )
        places: dict[tuple[str, int], dict[int, int]] = {}
        for number, folder, uidvalidity, uid, gone in rows:
            if not gone:
                places.setdefault((folder, uidvalidity), {})[uid] = number
        there = {number for folder in places.values() for number in folder.values()}
        missing = any(row[0] not in there for row in rows) and self._is_being_read(mailbox)
        return Lying(home, places, missing)

    def _is_being_read(self, mailbox: str) -> bool:
        ((being,),) = self._store.read(
            "SELECT EXISTS(SELECT 1 FROM cursors WHERE mailbox = :mailbox AND low > 1)"
            " OR EXISTS(SELECT 1 FROM arrivals WHERE mailbox = :mailbox)",
            {"mailbox": mailbox},
        )
        return bool(being)

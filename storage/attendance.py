"""Until where each person has seen the record, and what is there since (`inbox.briefing`).

The first lies in live.db, where it wakes no screen. The look at the record is an index range by number of event, and
bounded: after a flood the numbers are lower limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from inbox.listing import ACTIVE, Status
from inbox.load import weighed

if TYPE_CHECKING:
    from inbox.briefing import Dropped, LastReply, News, Seen
    from inbox.habits import Habits
    from inbox.model import Instant
    from storage.store import SqliteStore

LOOKED_AT = 20_000
"""The newest events that are looked at."""

LOADS = "SELECT assignee, status, unanswered, n FROM buckets WHERE assignee <> '' AND n > 0"
"""What the loads are weighed from: the counts of the views, which follow by trigger."""

_ACTIVE = frozenset(status.value for status in ACTIVE)


class Attendance:
    """Who was here until when."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def last(self, who: str) -> Seen | None:
        """Until where a person has seen the record; None for somebody who was never here."""
        return self._store.live.seen(who)

    def here(self, who: str, now: Instant) -> None:
        """Their hands are here now, and see everything up to now."""
        self._store.live.note_seen(who, self._store.newest_event(), now)

    def dropped(self, who: str, dropped: Dropped, last_here: Instant) -> None:
        """The line of a person was dropped, whose hands were last here at `last_here`. That of a screen they have left
        behind for another one is no news."""
        self._store.live.note_dropped(who, dropped, last_here)

    def taken_up(self, who: str) -> None:
        """They are back from a dropped line."""
        self._store.live.note_dropped(who, None, 0)

    def habits(self, who: str) -> Habits:
        """What a person's hands know by now."""
        return self._store.live.habits(who)

    def keep_habits(self, who: str, habits: Habits) -> None:
        """Add what was done since Frontdesk was opened to what is known of a person."""
        self._store.live.keep_habits(who, habits)

    def news(self, who: str, seen: Seen, now: Instant) -> News:
        """What is there since then, and still to be done by them or anybody."""
        from inbox.briefing import News  # not before the first paint, which asks here for habits
        from inbox.model import EventType

        after = max(seen.event, self._store.newest_event() - LOOKED_AT)
        wrote_by = (EventType.RECEIVED, EventType.UNDELIVERED, EventType.UNKNOWN)
        kinds = ", ".join(str(int(kind)) for kind in wrote_by)
        rows = self._store.read(
            "SELECT type, home, at, json_extract(data, '$.side'), json_extract(data, '$.history') FROM events"
            f" WHERE seq > ? AND type IN ({kinds}) AND void = 0 AND home IS NOT NULL",
            (after,),
        )
        wrote: dict[int, Instant] = {}
        came: set[int] = set()
        failed: set[int] = set()
        for kind, home, at, side, history in rows:
            if kind != EventType.RECEIVED:
                failed.add(home)
            elif not history:
                came.add(home)
                if side == "customer":
                    wrote[home] = max(at, wrote.get(home, at))
        found = {"new": 0, "notices": 0, "twice": 0, "undelivered": 0}
        for number, status, notice, assignee, waiting_since, failing in self._states(came | failed):
            found["undelivered"] += bool(failing and number in failed)
            if notice:
                found["notices"] += number in came and status in _ACTIVE
            elif number in wrote and status == Status.OPEN and assignee in (None, who):
                found["new"] += 1
                found["twice"] += waiting_since is not None and wrote[number] > waiting_since
        called, gone = self._called(who, after), self._gone(who, after)
        late = self._late(who, seen.at, now)
        return News(**found, late=late, called=called, gone=gone, more=after > seen.event)

    def _called(self, who: str, after: int) -> int:
        """In how many conversations colleagues have called for them since an event, and still do."""
        from inbox.model import EventType

        kinds = ", ".join(str(int(kind)) for kind in (EventType.NOTED, EventType.HANDED_OVER))
        rows = self._store.read(
            "SELECT count(DISTINCT e.home) FROM conversation_mentions m CROSS JOIN events e INDEXED BY events_home"
            f" ON e.home = m.conversation WHERE m.name = ? AND e.seq > ? AND e.type IN ({kinds}) AND e.void = 0"
            " AND e.who <> ?",
            (who, after, who),
        )
        return int(rows[0][0])

    def _gone(self, who: str, after: int) -> int:
        """How many conversations were theirs at an event, and are by somebody else's doing no more."""
        from inbox.model import EventType

        kinds = ", ".join(str(int(kind)) for kind in (EventType.ASSIGNED, EventType.HANDED_OVER))
        rows = self._store.read(
            "SELECT count(DISTINCT e.home) FROM events e JOIN conversations c ON c.id = e.home"
            f" WHERE e.seq > ? AND e.type IN ({kinds}) AND e.void = 0 AND e.who <> ?"
            " AND json_extract(e.data, '$.was') = ? AND c.assignee IS NOT ?",
            (after, who, who, who),
        )
        return int(rows[0][0])

    def _states(self, conversations: set[int]) -> list[tuple[int, str, int, str | None, Instant | None, int]]:
        numbers = f"[{','.join(map(str, sorted(conversations)))}]"
        return self._store.read(
            "SELECT id, status, notice, assignee, waiting_since, failed FROM conversations"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (numbers,),
        )

    def _late(self, who: str, since: Instant, now: Instant) -> int:
        """How many of theirs and of nobody's have become late since."""
        from inbox.briefing import MANY

        rows = self._store.read(
            "SELECT count(*) FROM (SELECT 1 FROM conversations WHERE due_at >= ? AND due_at < ? AND status = 'open'"
            " AND notice = 0 AND (assignee IS NULL OR assignee = ?) LIMIT ?)",
            (since, now, who, MANY),
        )
        return int(rows[0][0])

    def last_reply(self, who: str, since: Instant, now: Instant) -> LastReply | None:
        """What became of the reply a person wrote last, where that was after `since`."""
        from inbox.briefing import LastReply
        from storage.events import last_queued

        with self._store.snapshot() as connection:
            found = last_queued(connection, who)
            if found is None or found[1] < since:
                return None
            state, accepted, leaves = connection.execute(
                "SELECT state, accepted_at, leave_at FROM outbox WHERE message = ?", found[:1]
            ).fetchone()
        if accepted is not None:
            return LastReply("left", accepted)
        if state in ("failed", "unknown", "dropped"):
            return LastReply("failed", leaves)
        return LastReply("leaves" if leaves > now else "waits", leaves)

    def loads(self) -> Mapping[str, int]:
        """How much each person has in hand, weighed (`inbox.load`)."""
        return weighed(self._store.read(LOADS))

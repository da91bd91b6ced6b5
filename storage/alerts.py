"""What people were alerted of, by which way, and the letters of it that have not left yet."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import TYPE_CHECKING

from inbox.alerting import Letter, LetterDue, Mark
from inbox.loops import LONGEST, Traffic
from inbox.model import Event, EventType, Instant
from storage import events as record
from storage.loops import traffic

if TYPE_CHECKING:
    from storage.store import SqliteStore

E = EventType
KEPT = 400 * 86_400
"""Seconds for which it is remembered that something was told."""
_TOUCHING = ", ".join(
    str(int(kind))
    for kind in (
        *(
            E.RECEIVED,
            E.SENT,
            E.SENT_BY_HAND,
            E.CALLED,
            E.ASSIGNED,
            E.HANDED_OVER,
            E.SNOOZED,
            E.WOKEN,
            E.HELD,
            E.CLOSED,
            E.REOPENED,
            E.PARTED,
            E.MERGED,
        ),
        *(E.GIVEN_BACK, E.UNDONE, E.REDONE, E.PROMISED, E.KEPT, E.FOLLOW_UP, E.DONE),
    )
)
"""What can bring another deadline to the front, or be told itself."""


class Alerts:
    """The tables of alerts of a store."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def mark(self, who: str, way: str) -> Mark | None:
        """How far this way has looked for a person; None: never."""
        rows = self._store.read(
            "SELECT up_to, seq, told_at FROM alert_marks WHERE who = ? AND way = ?", (who, way)
        )
        return Mark(*rows[0]) if rows else None

    def newest(self) -> int:
        """The number of the newest event."""
        return self._store.newest_event()

    def near(self, after: Instant, until: Instant, soon: Instant, who: str) -> list[int]:
        """Conversations of this person or of nobody whose warning or deadline lies in (after, until], or whose
        deadline lies in (until, soon]: two ranges of two indexes."""
        rows = self._store.read(
            "SELECT id FROM conversations WHERE due_at > :after AND due_at <= :soon"
            " AND (assignee IS NULL OR assignee = :who)"
            " UNION SELECT id FROM conversations WHERE warn_at > :after AND warn_at <= :until"
            " AND (assignee IS NULL OR assignee = :who)",
            {"after": after, "until": until, "soon": soon, "who": who},
        )
        return [row[0] for row in rows]

    def news(self, after: int, up_to: int) -> list[tuple[int, Event]]:
        """Events that can change a deadline or be told, each with where it counts now (0: nowhere); no history."""
        rows = self._store.read(
            f"SELECT coalesce(home, 0), {record.COLUMNS} FROM events WHERE seq > ? AND seq <= ? AND void = 0"
            f" AND (home IS NOT NULL AND type IN ({_TOUCHING}) OR type = {int(E.FIRED)}"
            f" OR type = {int(E.QUEUED)} AND json_extract(data, '$.held') = 'approval')"
            " AND json_extract(data, '$.history') IS NULL AND why <> 'import' ORDER BY seq",
            (after, up_to),
        )
        return [(row[0], record.event_of(row[1:])) for row in rows]

    def told(self, who: str, way: str, names: Collection[str]) -> set[str]:
        """Those of the names that were told already."""
        rows = self._store.read(
            "SELECT what FROM alerted WHERE who = ? AND way = ? AND what IN (SELECT value FROM json_each(?))",
            (who, way, json.dumps(list(names))),
        )
        return {row[0] for row in rows}

    def claim(
        self,
        who: str,
        way: str,
        before: Mark | None,
        after: Mark,
        names: Collection[str] = (),
        letter: tuple[Letter, str] | None = None,
    ) -> bool:
        """Write down that this is told now; False, and nothing is written, when somebody else was faster."""
        with self._store.writing() as transaction:
            connection = transaction.connection
            found = connection.execute(
                "SELECT up_to, seq, told_at FROM alert_marks WHERE who = ? AND way = ?", (who, way)
            ).fetchone()
            if (Mark(*found) if found else None) != before:
                return False
            connection.execute("INSERT OR REPLACE INTO alert_marks VALUES(?, ?, ?, ?, ?)", (who, way, *after))
            if names:
                connection.execute("DELETE FROM alerted WHERE at < ?", (after.up_to - KEPT,))
            connection.executemany(
                "INSERT OR IGNORE INTO alerted VALUES(?, ?, ?, ?)",
                [(who, way, name, after.up_to) for name in names],
            )
            if letter is not None:
                (address, message_id), words = letter
                connection.execute(
                    "INSERT INTO alert_mails(address, words, message_id, at, state, run_at)"
                    " VALUES(?, ?, ?, ?, 'queued', ?)",
                    (address, words, message_id, after.up_to, after.up_to),
                )
        return True

    # ------------------------------------------------------------------ letters

    def letters_due(self, now: Instant) -> list[LetterDue]:
        """Letters that have not left, oldest first."""
        rows = self._store.read(
            "SELECT id, address, message_id, words, at, tries FROM alert_mails"
            " WHERE state = 'queued' AND run_at <= ? ORDER BY id",
            (now,),
        )
        return [
            LetterDue(number, Letter(address, message_id), words, at, tries)
            for number, address, message_id, words, at, tries in rows
        ]

    def letter_leaves(self, number: int) -> bool:
        """From here on the server may have it: it never goes again. False: somebody else has it in hand."""
        with self._store.writing() as transaction:
            changed = transaction.connection.execute(
                "UPDATE alert_mails SET state = 'data' WHERE id = ? AND state = 'queued'", (number,)
            )
            return changed.rowcount == 1

    def letter_is(self, number: int, state: str, run_at: Instant) -> None:
        """What became of it: "sent", "failed", or "queued" again for `run_at`: the server surely has not got it."""
        with self._store.writing() as transaction:
            transaction.connection.execute(
                "UPDATE alert_mails SET state = ?, run_at = ?, tries = tries + 1 WHERE id = ?",
                (state, run_at, number),
            )

    def traffic(self, address: str, now: Instant) -> Traffic:
        """What went automatically to an address, folded, and came from it lately, these letters included."""
        rows = self._store.read(
            "SELECT at FROM alert_mails WHERE address = ? AND at > ? AND state IN ('data', 'sent')",
            (address, now - LONGEST),
        )
        with self._store.snapshot() as connection:
            found = traffic(connection, address, now)
        return found._replace(went=(*found.went, *(row[0] for row in rows)))

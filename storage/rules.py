"""What is written down about rules: since when each counts, for what it has run, and how far the record was looked at.

All of it stands outside the record: a workspace in which nobody looked yet begins at its newest event. What rules did is
in the record, as FIRED and what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from inbox.load import weighed
from inbox.model import Event, EventType, Instant, Refusal, Who
from inbox.ports import Decision, Fact, Scope, State
from inbox.rules.book import Call, Kept, News, Progress
from inbox.rules.deciding import WHO, Cause, Desk
from storage import events as record
from storage import restricted
from storage.attendance import LOADS
from storage.customers import lives_at

if TYPE_CHECKING:
    import sqlite3

    from inbox.rules.reading import Rule
    from storage.store import SqliteStore
    from storage.transaction import Transaction

E = EventType
_SEQ, _AT = "rules_seq", "rules_at"
MOST_OF_CUSTOMER = 200
"""Conversations of one customer that a rule is asked about."""
_ACTIVE = "status IN ('open', 'waiting', 'held', 'snoozed')"
_SETTING_OFF = ", ".join(
    str(int(kind))
    for kind in (
        *(
            E.RECEIVED,
            E.QUEUED,
            E.SENT,
            E.SENT_BY_HAND,
            E.CALLED,
            E.UNDELIVERED,
            E.NOTED,
            E.TAGGED,
            E.SNOOZED,
            E.WOKEN,
            E.HELD,
            E.CLOSED,
        ),
        *(E.REOPENED, E.SPAM, E.PARTED, E.MERGED, E.CUSTOMERS_JOINED, E.CUSTOMER_EDITED, E.SIDE),
        *(E.RELEASED, E.APPROVED, E.GIVEN_BACK, E.DROPPED),
    )
)
"""What can set a rule off, or change a status."""


class Rules:
    """The tables of rules of a store."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    # ------------------------------------------------------------------ which are in force

    def kept(self) -> dict[str, Kept]:
        """What is known of each rule, by name."""
        rows = self._store.read(
            "SELECT name, mark, since, at, stopped, fired, fired_at FROM rules ORDER BY name"
        )
        return {row[0]: Kept(*row) for row in rows}

    def adopt(self, rules: Sequence[tuple[str, str]], now: Instant) -> None:
        """These rules (name and mark) are in force."""
        before = {name: kept.mark for name, kept in self.kept().items()}
        if before == dict(rules):
            return
        with self._store.writing() as transaction:
            connection = transaction.connection
            newest = transaction.loader.last_event()
            before = dict(connection.execute("SELECT name, mark FROM rules").fetchall())
            if rules and not before:  # nobody has looked while there were none: what came then is history
                _looked(connection, Progress(newest, now))
            gone = [(name,) for name in before if name not in dict(rules)]
            connection.executemany("DELETE FROM rules WHERE name = ?", gone)
            connection.executemany(
                "INSERT INTO rules(name, mark, since, at) VALUES(?, ?, ?, ?) ON CONFLICT(name) DO UPDATE"
                " SET mark = excluded.mark, stopped = '' WHERE mark <> excluded.mark",
                [(name, mark, newest, now) for name, mark in rules],
            )
            connection.execute(
                "UPDATE rule_calls SET state = 'dropped', trouble = 'the rule is another one by now'"
                " WHERE state = 'waiting' AND mark NOT IN (SELECT mark FROM rules)"
            )

    def stop(self, name: str, mark: str, why: str, now: Instant) -> None:
        """A rule has stopped itself."""
        with self._store.writing() as transaction:
            transaction.connection.execute(
                "UPDATE rules SET stopped = ?, stopped_at = ? WHERE name = ? AND mark = ?",
                (why or "?", now, name, mark),
            )
            transaction.shows(None)

    # ------------------------------------------------------------------ how far it was looked

    def progress(self) -> tuple[Progress | None, int]:
        """How far it was looked, and the number of the newest event."""
        ((newest, seq, at),) = self._store.read(
            "SELECT (SELECT coalesce(max(seq), 0) FROM events), (SELECT value FROM meta WHERE name = ?),"
            " (SELECT value FROM meta WHERE name = ?)",
            (_SEQ, _AT),
        )
        return (Progress(seq, at) if seq is not None else None), newest

    def looked(self, before: Progress, after: Progress) -> None:
        """It was looked so far, unless somebody else has said so meanwhile."""
        with self._store.writing() as transaction:
            found = transaction.connection.execute(
                "SELECT value FROM meta WHERE name IN (?, ?) ORDER BY name DESC", (_SEQ, _AT)
            ).fetchall()
            if tuple(row[0] for row in found) == before:
                _looked(transaction.connection, after)

    def news(self, after: int, up_to: int) -> list[News]:
        """Events that rules can be set off by, in their order, without history and without what rules did."""
        rows = self._store.read(
            "SELECT seq, type, home, CASE WHEN type IN (18, 19) THEN json_extract(data, '$.customer') END, message"
            f" FROM events WHERE seq > ? AND seq <= ? AND void = 0 AND who NOT IN ('rules', 'import', 'settings')"
            f" AND type IN ({_SETTING_OFF}) AND json_extract(data, '$.history') IS NULL AND why <> 'import'"
            " ORDER BY seq",
            (after, up_to),
        )
        return [News(row[0], E(row[1]), *row[2:]) for row in rows]

    # ------------------------------------------------------------------ what is asked of the store

    def of_customer(self, customer: int) -> list[int]:
        """The conversations of a customer that are not done with, the newest first."""
        with self._store.snapshot() as connection:
            rows = connection.execute(
                f"SELECT id FROM conversations WHERE customer = ? AND {_ACTIVE} ORDER BY last_at DESC LIMIT ?",
                (lives_at(connection, customer), MOST_OF_CUSTOMER),
            ).fetchall()
        return [row[0] for row in rows]

    def falls_due(self, after: Instant, until: Instant) -> list[int]:
        """Conversations whose warning or deadline lies in (after, until]: a deadline is over a second later."""
        rows = self._store.read(
            "SELECT id FROM conversations WHERE warn_at > :after AND warn_at <= :until"
            " UNION SELECT id FROM conversations WHERE due_at >= :after AND due_at < :until",
            {"after": after, "until": until},
        )
        return [row[0] for row in rows]

    def fell_silent(self, after: Instant, until: Instant) -> list[int]:
        """Conversations not done with whose last message lies in (after, until]."""
        rows = self._store.read(
            f"SELECT id FROM conversations WHERE {_ACTIVE} AND last_at > ? AND last_at <= ?", (after, until)
        )
        return [row[0] for row in rows]

    # ------------------------------------------------------------------ doing

    def fire(
        self,
        rule: Rule,
        cause: Cause,
        scope: Scope,
        decide: Callable[[Desk, State], Sequence[Fact]],
        now: Instant,
        people: Sequence[str] = (),
    ) -> list[Event] | None:
        """Do what a rule does, unless it was done; its events, whoever did it."""
        with self._store.writing() as transaction:
            connection = transaction.connection
            known = connection.execute(
                "SELECT batch FROM rule_runs WHERE rule = ? AND cause = ?", (rule.name, cause.key)
            ).fetchone()
            if known is not None:
                return _made(connection, known[0])
            if not self._in_force(connection, rule, cause):
                return None
            desk = self._desk(transaction, cause, people)

            def decided(state: State, _who: Who, _now: Instant) -> Decision:
                if cause.conversation is not None and cause.conversation not in state.conversations:
                    return Refusal("There is no such conversation any more.")
                return decide(desk, state)

            events = transaction.decide(scope, decided, WHO, now)
            if isinstance(events, Refusal):
                return []
            batch = events[0].batch if events else 0
            connection.execute("INSERT INTO rule_runs VALUES(?, ?, ?)", (rule.name, cause.key, batch))
            if events:
                connection.execute(
                    "UPDATE rules SET fired = fired + 1, fired_at = ? WHERE name = ?", (now, rule.name)
                )
                connection.executemany(
                    "INSERT INTO rule_calls(rule, mark, action, event, conversation, at) VALUES(?, ?, ?, ?, ?, ?)",
                    [
                        (rule.name, rule.mark, number, events[0].seq, cause.conversation, now)
                        for number in events[0].data.get("calls", ())
                    ],
                )
            transaction.recorder.settle(now)
            return events

    def _in_force(self, connection: sqlite3.Connection, rule: Rule, cause: Cause) -> bool:
        """Whether the rule is as it was when it was asked, and the event counts where it did."""
        row = connection.execute("SELECT mark, stopped FROM rules WHERE name = ?", (rule.name,)).fetchone()
        if row is None or tuple(row) != (rule.mark, ""):
            return False
        if cause.event is None or cause.conversation is None:
            return True
        home = connection.execute("SELECT home, void FROM events WHERE seq = ?", (cause.event,)).fetchone()
        return home is not None and not home[1] and home[0] in (None, cause.conversation)

    def _desk(self, transaction: Transaction, cause: Cause, people: Sequence[str]) -> Desk:
        """What is looked up for a decision; of each of these people how much they have to do, and whose turn it is."""
        connection = transaction.connection
        version = self._store.book_seen_by(connection).current.number
        row = connection.execute(
            "SELECT due_at FROM conversations WHERE id = ?", (cause.conversation,)
        ).fetchone()
        due = row[0] if row is not None else None
        may = restricted.people(connection, cause.conversation) if cause.conversation is not None else None
        if not people:
            return Desk({}, {}, version, due, may)
        turns = {
            name: connection.execute(
                "SELECT max(seq) FROM events WHERE type = 6 AND who = 'rules' AND json_extract(data, '$.to') = ?",
                (name,),
            ).fetchone()[0]
            for name in people
        }
        loads = weighed(connection.execute(LOADS))
        return Desk(loads, {name: seq for name, seq in turns.items() if seq is not None}, version, due, may)

    # ------------------------------------------------------------------ what is done after the commit

    def calls(self) -> list[Call]:
        """What waits to be done after the commit, oldest first."""
        rows = self._store.read(
            "SELECT c.id, c.rule, c.mark, c.action, c.event, e.home, c.at FROM rule_calls c JOIN events e"
            " ON e.seq = c.event WHERE c.state = 'waiting' ORDER BY c.id"
        )
        return [Call(*row) for row in rows]

    def begin_call(self, call: int) -> bool:
        """From here on it may have been done, and is never done again; False: somebody else has it in hand."""
        return self._call_is(call, "begun", "", "waiting")

    def end_call(self, call: int, state: str, trouble: str = "") -> None:
        """What became of it: "done", "failed" or "dropped", and why."""
        self._call_is(call, state, trouble, None)

    def _call_is(self, call: int, state: str, trouble: str, before: str | None) -> bool:
        with self._store.writing() as transaction:
            changed = transaction.connection.execute(
                "UPDATE rule_calls SET state = ?, trouble = ? WHERE id = ? AND coalesce(?, state) = state",
                (state, trouble, call, before),
            )
            return changed.rowcount == 1

    def troubles(self) -> list[tuple[str, Instant, str]]:
        """Calls that came to nothing: rule, when, why; the newest first, the last few."""
        rows = self._store.read(
            "SELECT rule, at, trouble FROM rule_calls WHERE state IN ('failed', 'dropped') ORDER BY id DESC LIMIT 20"
        )
        return [(str(rule), int(at), str(trouble)) for rule, at, trouble in rows]


def _looked(connection: sqlite3.Connection, progress: Progress) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO meta(name, value) VALUES(?, ?)", [(_SEQ, progress.seq), (_AT, progress.at)]
    )


def _made(connection: sqlite3.Connection, batch: int) -> list[Event]:
    """The events of one firing: they were written down one after the other."""
    rows = connection.execute(
        f"SELECT {record.COLUMNS} FROM events WHERE seq >= ?1 AND seq < ?1 + 100 AND batch = ?1 ORDER BY seq",
        (batch,),
    )
    return [record.event_of(row) for row in rows] if batch else []

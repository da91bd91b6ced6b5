"""The outbox from the worker's side: what is due, how far each message got, and what became of it.

A phase is written down before it begins. What the record must know (accepted, refused for good, unknown) becomes an
event in the same transaction as the outbox row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from inbox.actions import deliver
from inbox.model import EventType, Instant, Refusal, Who
from inbox.ports import Decide, Going, Result, Scope, TakenBack
from storage.jobs import add_job
from storage.store import SqliteStore
from storage.transaction import Transaction

WORST = ("failed", "unknown", "held", "refused-for-now", "data", "connecting", "queued", "sent")
"""A message shows the worst of its recipients: the first of these that one of them has."""

LOOK_AGAIN = 600
"""Seconds after which an unknown one is looked for in Sent."""


class Outbox:
    """The outbox of a store."""

    def __init__(self, store: SqliteStore, who: Who | None = None) -> None:
        self._store = store
        self._who = who or Who("sync")

    def by(self, who: Who) -> Outbox:
        """The same outbox; what is decided is recorded under this name."""
        return Outbox(self._store, who)

    def due(self, now: Instant) -> list[Going]:
        """What is to be sent now, oldest first."""
        rows = self._store.read(
            "SELECT o.message, m.conversation, o.mailbox, o.message_id, o.sender, m.raw, o.attempts, o.first_try"
            " FROM outbox o JOIN messages m ON m.id = o.message WHERE o.state IN ('queued', 'refused-for-now')"
            " AND o.next_try <= ? AND m.conversation IS NOT NULL ORDER BY o.queued_at, o.message",
            (now,),
        )
        return [self._going(row, "state IN ('queued', 'refused-for-now')") for row in rows]

    def sent(self, message: int) -> Going | None:
        """A message of the outbox whatever its state, for its copy in Sent."""
        rows = self._store.read(
            "SELECT o.message, m.conversation, o.mailbox, o.message_id, o.sender, m.raw, o.attempts, o.first_try"
            " FROM outbox o JOIN messages m ON m.id = o.message WHERE o.message = ?",
            (message,),
        )
        return self._going(rows[0], "1") if rows else None

    def _going(self, row: Sequence[Any], whom: str) -> Going:
        """`whom` is a condition of this module's own."""
        message, conversation, mailbox, message_id, sender, raw, attempts, first_try = row
        left = self._store.read(
            f"SELECT address FROM outbox_recipients WHERE message = ? AND {whom} ORDER BY address", (message,)
        )
        data = self._store.raw_bytes(raw) or b""
        to = tuple(each[0] for each in left)
        return Going(message, conversation, mailbox, message_id, sender, to, data, attempts, first_try)

    def next_at(self) -> Instant | None:
        """When the next message is due; None when none waits."""
        row = self._store.read(
            "SELECT min(next_try) FROM outbox WHERE state IN ('queued', 'refused-for-now')"
        )
        at: Instant | None = row[0][0]
        return at

    def phase(self, message: int, phase: str, now: Instant) -> None:
        """Write down that a phase ("connecting", "data") begins now. TakenBack when it must not."""
        before = ("queued", "refused-for-now") if phase == "connecting" else ("connecting",)
        with self._store.writing() as transaction:
            changed = transaction.connection.execute(
                f"UPDATE outbox SET state = ?, first_try = coalesce(first_try, ?),"
                f" attempts = attempts + {int(phase == 'connecting')} WHERE message = ? AND state IN"
                f" ({', '.join('?' * len(before))})",
                (phase, now, message, *before),
            )
            if not changed.rowcount:
                raise TakenBack

    def settle(
        self, going: Going, results: Mapping[str, Result], now: Instant, next_try: Instant | None
    ) -> str:
        """Write down what became of each recipient; the state of the message. `next_try` None: no more tries."""
        with self._store.writing() as transaction:
            connection = transaction.connection
            for address, result in results.items():
                state = "failed" if result.state == "refused-for-now" and next_try is None else result.state
                connection.execute(
                    "UPDATE outbox_recipients SET state = ?, detail = ? WHERE message = ? AND address = ?",
                    (state, result.words, going.message, address),
                )
            return self._conclude(transaction, going.message, now, next_try or now)

    def postpone(self, going: Going, now: Instant, next_try: Instant | None, trouble: str) -> None:
        """Nothing was handed over (no line, no login): back to waiting; `next_try` None gives it up."""
        results = {a: Result("refused-for-now", trouble) for a in going.recipients}
        self.settle(going, results, now, next_try)

    def recover(self, now: Instant) -> None:
        """After a death in the middle: before the data it can be sent again; with the data on its way nobody knows."""
        with self._store.writing() as transaction:
            connection = transaction.connection
            connection.execute("UPDATE outbox SET state = 'queued' WHERE state = 'connecting'")
            for (message,) in connection.execute(
                "SELECT message FROM outbox WHERE state = 'data'"
            ).fetchall():
                connection.execute(
                    "UPDATE outbox_recipients SET state = 'unknown', detail = 'Frontdesk ended while it was sent.'"
                    " WHERE message = ? AND state IN ('queued', 'refused-for-now')",
                    (message,),
                )
                self._conclude(transaction, message, now, now)

    def found_in_sent(self, message: int, now: Instant) -> None:
        """An unknown one turned up in Sent: it was accepted, and that when the line was lost."""
        with self._store.writing() as transaction:
            connection = transaction.connection
            found = connection.execute(
                "UPDATE outbox_recipients SET state = 'sent', detail = 'found in Sent'"
                " WHERE message = ? AND state = 'unknown'",
                (message,),
            )
            if not found.rowcount:
                return
            (at,) = connection.execute(
                "SELECT max(e.at) FROM messages m JOIN events e ON e.home = m.conversation AND e.message = m.id"
                " WHERE m.id = ? AND e.type = ?",
                (message, int(EventType.UNKNOWN)),
            ).fetchone()
            self._conclude(transaction, message, now, now, at)

    def found_in_places(self, now: Instant) -> list[int]:
        """Every unknown one that lies in a folder of ours by now was accepted; which."""
        rows = self._store.read(
            "SELECT message FROM outbox o WHERE state = 'unknown'"
            " AND EXISTS (SELECT 1 FROM places p WHERE p.message = o.message)"
        )
        for (message,) in rows:
            self.found_in_sent(message, now)
        return [message for (message,) in rows]

    def accepted_since(self, since: Instant, mailbox: str, or_unnamed: bool) -> int:
        """How many messages a mailbox has sent after an instant; with `or_unnamed`, also those that name none."""
        rows = self._store.read(
            "SELECT count(*) FROM outbox WHERE accepted_at > ? AND (mailbox = ? OR (? AND mailbox IS NULL))",
            (since, mailbox, or_unnamed),
        )
        count: int = rows[0][0]
        return count

    # ------------------------------------------------------------------------------ what people decide

    def release(self, now: Instant, message: int | None = None) -> int:
        """Let a held message go, or all that are held because the workspace was restored or copied; how many.

        A trainee's answer waits for a yes of its own.
        """
        with self._store.writing() as transaction:
            connection = transaction.connection
            rows = connection.execute(
                "SELECT message FROM outbox WHERE state = 'held' AND (message = ? OR (? IS NULL AND trouble <> ''))",
                (message, message),
            ).fetchall()
            for (number,) in rows:
                self._again(transaction, number, "held", now)
            return len(rows)

    def resend(self, message: int, now: Instant) -> bool:
        """Send a failed or unknown one again, because a person says so; False when it is neither."""
        with self._store.writing() as transaction:
            row = transaction.connection.execute(
                "SELECT state FROM outbox WHERE message = ?", (message,)
            ).fetchone()
            if row is None or row[0] not in ("failed", "unknown"):
                return False
            self._again(transaction, message, row[0], now)
            return True

    def drop(self, message: int, now: Instant) -> bool:
        """Give a message up that has not gone; False when it has, or is on its way."""
        with self._store.writing() as transaction:
            row = transaction.connection.execute(
                "SELECT o.state, m.conversation FROM outbox o JOIN messages m ON m.id = o.message WHERE o.message = ?",
                (message,),
            ).fetchone()
            if row is None or row[0] not in ("queued", "held", "failed", "unknown", "refused-for-now"):
                return False
            self._set(transaction, message, "dropped", "given up by a person")
            self._decide(
                transaction,
                row[1],
                lambda state, who, at: deliver.dropped(state, who, at, conversation=row[1], message=message),
                now,
            )
            return True

    # ------------------------------------------------------------------------------ inside a transaction

    def _again(self, transaction: Transaction, message: int, was: str, now: Instant) -> None:
        connection = transaction.connection
        connection.execute(
            "UPDATE outbox_recipients SET state = 'queued', detail = '' WHERE message = ? AND state <> 'sent'",
            (message,),
        )
        connection.execute(
            "UPDATE outbox SET state = 'queued', trouble = '', next_try = ?, first_try = NULL, attempts = 0"
            " WHERE message = ?",
            (now, message),
        )
        (conversation,) = connection.execute(
            "SELECT conversation FROM messages WHERE id = ?", (message,)
        ).fetchone()
        self._decide(
            transaction,
            conversation,
            lambda state, who, at: deliver.again(
                state, who, at, conversation=conversation, message=message, was=was
            ),
            now,
        )

    def _set(self, transaction: Transaction, message: int, state: str, detail: str) -> None:
        transaction.connection.execute("UPDATE outbox SET state = ? WHERE message = ?", (state, message))
        transaction.connection.execute(
            "UPDATE outbox_recipients SET state = ?, detail = ? WHERE message = ? AND state <> 'sent'",
            (state, detail, message),
        )

    def _conclude(
        self,
        transaction: Transaction,
        message: int,
        now: Instant,
        next_try: Instant,
        accepted_at: Instant | None = None,
    ) -> str:
        """Derive the state of a message from its recipients, and record what the conversation must know.

        `accepted_at`: when it was accepted, where that is not now.
        """
        connection = transaction.connection
        states = dict(
            connection.execute(
                "SELECT address, state FROM outbox_recipients WHERE message = ?", (message,)
            ).fetchall()
        )
        worst = next(state for state in WORST if state in states.values())
        going_on = "refused-for-now" in states.values() or "queued" in states.values()
        stored = worst if not going_on else "refused-for-now"
        details = connection.execute(
            "SELECT detail FROM outbox_recipients WHERE message = ? AND state = ? AND detail <> ''",
            (message, worst),
        ).fetchone()
        # asked anew: the conversation may have been merged while the message was on its way
        before, conversation = connection.execute(
            "SELECT o.accepted_at, m.conversation FROM outbox o JOIN messages m ON m.id = o.message"
            " WHERE o.message = ?",
            (message,),
        ).fetchone()
        accepted = "sent" in states.values()
        at = next(each for each in (before, accepted_at, now) if each is not None)
        connection.execute(
            "UPDATE outbox SET state = ?, next_try = ?, trouble = ?, accepted_at = ? WHERE message = ?",
            (stored, next_try, details[0] if details else "", at if accepted else None, message),
        )
        about = {"conversation": conversation, "message": message}
        if (accepted and before is None) or stored == "sent":
            self._decide(transaction, conversation, partial(deliver.sent, **about), now, at)
            add_job(connection, "sent-copy", str(message), now)
        if not going_on and "unknown" in states.values():
            self._decide(transaction, conversation, partial(deliver.unknown, **about), now)
            add_job(connection, "look-in-sent", str(message), now + LOOK_AGAIN)
        failed = [address for address, state in states.items() if state == "failed"]
        if not going_on and failed:
            everybody = not accepted and "unknown" not in states.values()
            undelivered = partial(deliver.undelivered, **about, recipients=failed, everybody=everybody)
            self._decide(transaction, conversation, undelivered, now)
        return stored

    def _decide(
        self,
        transaction: Transaction,
        conversation: int,
        decide: Decide,
        now: Instant,
        at: Instant | None = None,
    ) -> None:
        """Record a decision that counts from `at`, else from now."""
        scope = Scope(conversations=(conversation,))
        if not isinstance(transaction.decide(scope, decide, self._who, now if at is None else at), Refusal):
            transaction.recorder.settle(now)

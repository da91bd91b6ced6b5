"""The outbox from the worker's side: what is due, how far each message got, and what became of it.

A phase is written down before it begins. What the record must know (accepted, refused for good, unknown) becomes an
event in the same transaction as the outbox row.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from inbox.actions import deliver
from inbox.errors import NotDone
from inbox.model import EventType, Instant, Role, Who
from inbox.ports import Going, Result, TakenBack
from inbox.retries import LONGEST_PAUSE, LONGEST_WAIT, NOTICE_AFTER, next_pause
from storage.outbox_record import OutboxRecord
from storage.refused import clear
from storage.transaction import Transaction

_GOING = "o.message, m.conversation, o.mailbox, o.message_id, o.sender, o.attempts, o.first_try, o.bulk"
_NO_TRY = "attempts = max(attempts - 1, 0), first_try = CASE WHEN attempts > 1 THEN first_try END"
_WAITS = "state IN ('queued', 'refused-for-now', 'held')"
_LATER = (
    f"UPDATE outbox SET first_try = first_try + :by WHERE {_WAITS} AND first_try IS NOT NULL",
    f"UPDATE outbox SET next_try = next_try + :by WHERE {_WAITS} AND next_try > :before AND queued_at <= :before"
    f" AND (state <> 'refused-for-now' OR next_try <= :before + {LONGEST_WAIT})",
    f"UPDATE outbox SET leave_at = leave_at + :by WHERE {_WAITS} AND leave_at > :before AND queued_at <= :before",
    f"UPDATE outbox SET queued_at = queued_at + :by WHERE {_WAITS} AND queued_at <= :before",
    "UPDATE sending_limits SET paused_until = paused_until + :by WHERE paused_until > :before",
    "UPDATE jobs SET run_at = run_at + :by WHERE run_at > :before",
)
"""What lies ahead of a clock that was set at `before` and by so much, except what was written down since."""


class Outbox(OutboxRecord):
    """The outbox of a store."""

    def by(self, who: Who) -> Outbox:
        """The same outbox; what is decided is recorded under this name."""
        return Outbox(self._store, who)

    def due(self, now: Instant) -> list[Going]:
        """What is to be sent now: answers before bulk, the oldest first; also what a clock put back would keep for
        hours.
        """
        rows = self._store.read(
            f"SELECT {_GOING} FROM outbox o JOIN messages m ON m.id = o.message"
            " WHERE o.state IN ('queued', 'refused-for-now') AND m.conversation IS NOT NULL AND (o.next_try <= :now OR"
            " (o.next_try > :late AND (o.state = 'refused-for-now'"
            " OR (o.queued_at > :late AND o.leave_at - o.queued_at <= :wait)))) ORDER BY o.bulk, o.turn, o.message",
            {"now": now, "late": now + LONGEST_WAIT, "wait": LONGEST_WAIT},
        )
        return self._going(rows, ("queued", "refused-for-now"))

    def sent(self, message: int) -> Going | None:
        """A message of the outbox whatever its state, for its copy in Sent."""
        rows = self._store.read(
            f"SELECT {_GOING} FROM outbox o JOIN messages m ON m.id = o.message WHERE o.message = ?",
            (message,),
        )
        return next(iter(self._going(rows)), None)

    def raw(self, message: int) -> bytes | None:
        """The bytes that leave; None when they are gone."""
        return self._store.raw(message)

    def _going(self, rows: Sequence[Sequence[Any]], states: Sequence[str] = ()) -> list[Going]:
        """These rows with their recipients: those in one of these states, or all."""
        to: dict[int, list[str]] = {row[0]: [] for row in rows}
        for message, address, state in self._store.read(
            "SELECT message, address, state FROM outbox_recipients"
            " WHERE message IN (SELECT value FROM json_each(?)) ORDER BY message, address",
            (json.dumps(list(to)),),
        ):
            if not states or state in states:
                to[message].append(address)
        return [
            Going(row[0], row[1], row[2], row[3], row[4], tuple(to[row[0]]), row[5], row[6], bool(row[7]))
            for row in rows
        ]

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

    def put_back(self, message: int) -> None:
        """It was not begun after all: it waits as before, and no try counts."""
        with self._store.writing() as transaction:
            transaction.connection.execute(
                f"UPDATE outbox SET state = 'queued', {_NO_TRY} WHERE message = ? AND state = 'connecting'",
                (message,),
            )

    def settle(
        self,
        going: Going,
        results: Mapping[str, Result],
        now: Instant,
        next_try: Instant | None,
        *,
        notice: bool = False,
        counts: bool = True,
    ) -> str:
        """Write down what became of each recipient; the state of the message. `next_try` None: no more tries.

        `notice`: if it waits on, whoever wrote it is told, once. `counts`: whether this was a try towards giving up.
        """
        with self._store.writing() as transaction:
            connection = transaction.connection
            for address, result in results.items():
                state = "failed" if result.state == "refused-for-now" and next_try is None else result.state
                connection.execute(  # a report that it came back may have been quicker
                    "UPDATE outbox_recipients SET state = ?, detail = ? WHERE message = ? AND address = ?"
                    " AND state <> 'failed'",
                    (state, result.words, going.message, address),
                )
                if state == "sent":
                    clear(connection, address, now)
            if any(result.state == "sent" for result in results.values()):
                connection.execute(
                    "UPDATE sending_limits SET paused_until = NULL, pauses = 0, why = '' WHERE pauses > 0"
                    " AND coalesce(paused_until, 0) <= ?"
                    " AND mailbox = (SELECT mailbox FROM outbox WHERE message = ?)",
                    (now, going.message),
                )
            if not counts:
                connection.execute(f"UPDATE outbox SET {_NO_TRY} WHERE message = ?", (going.message,))
            state = self._conclude(transaction, going.message, now, next_try or now)
            if notice and state == "refused-for-now":
                self._tell(transaction, going.message, now)
            transaction.shows(going.conversation)
            return state

    # ------------------------------------------------------------------------------ what a server allows

    def pause(self, mailbox: str, words: str, now: Instant) -> Instant:
        """The server of a mailbox takes no more mail for now, and says why; until when nothing is sent from there.

        Each time in a row it is twice as long. Whoever wrote what has waited for hours is told.
        """
        with self._store.writing() as transaction:
            connection = transaction.connection
            row = connection.execute(
                "SELECT pauses, coalesce(paused_until, 0) FROM sending_limits WHERE mailbox = ?", (mailbox,)
            ).fetchone()
            pauses, before = row or (0, 0)
            until = Instant(before)
            if not now < before <= now + LONGEST_PAUSE:  # else it was said over another line at the same time
                until = now + next_pause(pauses)
                connection.execute(
                    "INSERT INTO sending_limits(mailbox, paused_until, pauses, why) VALUES(?, ?, ?, ?)"
                    " ON CONFLICT(mailbox) DO UPDATE SET paused_until = excluded.paused_until,"
                    " pauses = excluded.pauses, why = excluded.why",
                    (mailbox, until, pauses + 1, words),
                )
            for (message,) in connection.execute(
                "SELECT message FROM outbox WHERE mailbox = ? AND state IN ('queued', 'refused-for-now')"
                " AND leave_at <= ?",
                (mailbox, now - NOTICE_AFTER),
            ).fetchall():
                self._tell(transaction, message, now, words)
            transaction.shows(None)
        return until

    def paused(self, now: Instant) -> dict[str, Instant]:
        """The mailboxes that send nothing now, and until when; of a clock put back nothing is believed."""
        rows = self._store.read(
            "SELECT mailbox, paused_until FROM sending_limits WHERE paused_until > ? AND paused_until <= ?",
            (now, now + LONGEST_PAUSE),
        )
        return dict(rows)

    def learn_largest(self, mailbox: str, size: int | None) -> None:
        """The server of a mailbox takes messages of at most so many bytes; None: it does not say."""
        if size == self.largest(mailbox):
            return
        with self._store.writing() as transaction:
            transaction.connection.execute(
                "INSERT INTO sending_limits(mailbox, largest) VALUES(?, ?)"
                " ON CONFLICT(mailbox) DO UPDATE SET largest = excluded.largest",
                (mailbox, size),
            )

    def largest(self, mailbox: str) -> int | None:
        """The most bytes a message from this mailbox may have, as far as its server has said."""
        rows = self._store.read("SELECT largest FROM sending_limits WHERE mailbox = ?", (mailbox,))
        return rows[0][0] if rows else None

    def clock_jumped(self, before: Instant, seconds: int) -> None:
        """The clock was set when it showed `before`: what waits goes on waiting for as long as it was to."""
        change = {"before": before, "by": seconds}
        with self._store.writing() as transaction:
            for update in _LATER:
                transaction.connection.execute(update, change)

    # ------------------------------------------------------------------------------ after a death

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

    def accepted(self, since: Instant, until: Instant, mailbox: str, or_unnamed: bool) -> int:
        """How many messages a mailbox has sent after an instant and up to another; with `or_unnamed`, also those that
        name none."""
        rows = self._store.read(
            "SELECT count(*) FROM outbox WHERE accepted_at > ? AND accepted_at <= ?"
            " AND (mailbox = ? OR (? AND mailbox IS NULL))",
            (since, until, mailbox, or_unnamed),
        )
        count: int = rows[0][0]
        return count

    # ------------------------------------------------------------------------------ what people decide

    def release(self, now: Instant, message: int | None = None) -> int:
        """Let a message go that is held because the workspace was restored or copied, or all of them; how many.

        A trainee's answer waits for a yes of its own (`inbox.actions.approve`).
        """
        self._may("release")
        with self._store.writing() as transaction:
            connection = transaction.connection
            rows = connection.execute(
                "SELECT message FROM outbox WHERE state = 'held' AND trouble <> '' AND (message = ? OR ? IS NULL)",
                (message, message),
            ).fetchall()
            rows = [row for row in rows if self._is_seen(row[0])]
            for (number,) in rows:
                self._again(transaction, number, "held", now)
            paused = connection.execute(
                "SELECT o.message, o.mailbox FROM outbox o JOIN sending_limits l ON l.mailbox = o.mailbox"
                " WHERE o.state IN ('queued', 'refused-for-now') AND l.paused_until > ? AND (o.message = ? OR ? IS NULL)",
                (now, message, message),
            ).fetchall()
            paused = [row for row in paused if self._is_seen(row[0])]
            connection.executemany(  # how often in a row it said no stays: the next pause is longer
                "UPDATE sending_limits SET paused_until = NULL WHERE mailbox = ?",
                {(mailbox,) for _, mailbox in paused},
            )
            return len(rows) + len(paused)

    def resend(self, message: int, now: Instant) -> bool:
        """Send a failed or unknown one again, because a person says so, and try one that waits for its next try, or
        whose copy waits, now; False when it is none of these."""
        self._may("resend")
        if not self._is_seen(message):
            return False
        with self._store.writing() as transaction:
            connection = transaction.connection
            row = connection.execute("SELECT state FROM outbox WHERE message = ?", (message,)).fetchone()
            state = row[0] if row is not None else ""
            if state in ("failed", "unknown"):
                self._again(transaction, message, state, now)
            elif state == "refused-for-now":
                connection.execute("UPDATE outbox SET next_try = ? WHERE message = ?", (now, message))
            elif state == "sent":
                copies = connection.execute(
                    "UPDATE jobs SET run_at = ? WHERE kind = 'sent-copy' AND data = ?", (now, str(message))
                )
                return copies.rowcount > 0
            else:
                return False
            return True

    def drop(self, message: int, now: Instant) -> bool:
        """Give a message up that has not gone, or the copy of one that has; False when it has, or is on its way. A trainee
        gives up their own."""
        self._may("drop")
        if not self._is_seen(message):
            return False
        with self._store.writing() as transaction:
            self._is_theirs(transaction, message)
            copies = transaction.connection.execute(
                "DELETE FROM jobs WHERE kind = 'sent-copy' AND data = ? AND trouble <> ''", (str(message),)
            )
            if copies.rowcount:
                return True
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

    def _is_seen(self, message: int) -> bool:
        """Whether whoever this store is for may see a message of the outbox."""
        return bool(self._store.read("SELECT 1 FROM outbox WHERE message = ?", (message,)))

    def _may(self, verb: str) -> None:
        """NotDone for a person whose role does not do this."""
        from inbox.verbs import VERBS, refused

        reason = refused(VERBS[verb], self._who)
        if reason is not None:
            raise NotDone(reason)

    def _is_theirs(self, transaction: Transaction, message: int) -> None:
        if self._who.role is not Role.TRAINEE:
            return
        row = transaction.connection.execute(
            "SELECT author FROM messages WHERE id = ?", (message,)
        ).fetchone()
        if row is not None and row[0] != self._who.name:
            from inbox.verbs import SENIORS, whom_to_ask

            raise NotDone(
                "A trainee gives up what they wrote themselves.",
                f"Ask {whom_to_ask(SENIORS, self._who.team)}.",
            )

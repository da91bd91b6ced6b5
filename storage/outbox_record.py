"""What becomes of messages of ours, written down inside a transaction: the outbox rows, and the events of the record."""

from __future__ import annotations

import re
from functools import partial

from inbox.actions import deliver
from inbox.model import Instant, Refusal, Who
from inbox.ports import Decide, Scope
from inbox.text import one_line
from storage.jobs import add_job
from storage.returned import customer_addresses
from storage.store import SqliteStore
from storage.transaction import Transaction

WORST = ("failed", "unknown", "held", "refused-for-now", "data", "connecting", "queued", "sent")
"""A message shows the worst of its recipients: the first of these that one of them has."""

LOOK_AGAIN = 600
"""Seconds after which an unknown one is looked for in Sent."""

_ADDRESS = re.compile(r"\S+@\S+")


class OutboxRecord:
    """What the outbox does in every transaction; what is decided is recorded under the name of `who`."""

    def __init__(self, store: SqliteStore, who: Who | None = None) -> None:
        self._store = store
        self._who = who or Who("sync")

    def _again(self, transaction: Transaction, message: int, was: str, now: Instant) -> None:
        connection = transaction.connection
        connection.execute(
            "UPDATE outbox_recipients SET state = 'queued', detail = '' WHERE message = ? AND state <> 'sent'",
            (message,),
        )
        connection.execute(
            "UPDATE outbox SET state = 'queued', trouble = '', next_try = ?, first_try = NULL, attempts = 0,"
            " told_at = NULL WHERE message = ?",
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

    def _tell(self, transaction: Transaction, message: int, now: Instant, words: str = "") -> None:
        """Record, once, that a message is not delivered yet. `words`: why, where the message itself does not know."""
        connection = transaction.connection
        row = connection.execute(
            "SELECT m.conversation, o.leave_at, o.trouble FROM outbox o JOIN messages m ON m.id = o.message"
            " WHERE o.message = ? AND o.told_at IS NULL",
            (message,),
        ).fetchone()
        if row is None:
            return
        conversation, since, trouble = row
        connection.execute("UPDATE outbox SET told_at = ? WHERE message = ?", (now, message))
        why = one_line(_ADDRESS.sub("…", words or trouble), 160)  # what the record keeps, it keeps for ever
        decide = partial(deliver.delayed, conversation=conversation, message=message, since=since, why=why)
        self._decide(transaction, conversation, decide, now)

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
        answer = deliver.is_answer(states, customer_addresses(connection, conversation))
        accepted = "sent" in states.values() and (answer or going_on)
        at = next(each for each in (before, accepted_at, now) if each is not None)
        connection.execute(
            "UPDATE outbox SET state = ?, next_try = ?, trouble = ?, accepted_at = ? WHERE message = ?",
            (stored, next_try, details[0] if details else "", at if accepted else None, message),
        )
        about = {"conversation": conversation, "message": message}
        if (accepted and before is None) or stored == "sent":
            self._decide(transaction, conversation, partial(deliver.sent, **about), now, at)
        if "sent" in states.values() and before is None:
            add_job(connection, "sent-copy", str(message), now)
        if not going_on and "unknown" in states.values():
            self._decide(transaction, conversation, partial(deliver.unknown, **about), now)
            add_job(connection, "look-in-sent", str(message), now + LOOK_AGAIN)
        failed = dict(
            connection.execute(
                "SELECT address, detail FROM outbox_recipients WHERE message = ? AND state = 'failed'",
                (message,),
            ).fetchall()
        )
        if not going_on and failed:
            undelivered = partial(deliver.undelivered, **about, failed=failed, answer=answer)
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
        scope = Scope(conversations=(conversation,), events=(conversation,))
        if not isinstance(transaction.decide(scope, decide, self._who, now if at is None else at), Refusal):
            transaction.recorder.settle(now)

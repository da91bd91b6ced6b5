"""What [keep] erases: found by the indexes of lists, decided under the lock, erased as a customer's conversations are."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from inbox.actions import erase
from inbox.fold import fold
from inbox.keeping import REST, WHO, kept_because
from inbox.model import Conversation, Instant, Who
from inbox.ports import Decision, Scope, State
from storage import customers
from storage import events as record
from storage.erased_words import forget_begun
from storage.erasing import Eraser
from storage.holdings import WHOLE

if TYPE_CHECKING:
    from inbox.settings import Keep
    from storage.store import SqliteStore

_UNSETTLED = "erased by age"
"""The mark that something was erased whose bytes may still stand somewhere."""
_RESTS = "looked for what is old"
"""The mark until when nothing is looked for."""
_OLD = {
    "closed": "c.status = 'closed'",
    "attachments": "c.status = 'closed'",
    "spam": "c.status = 'spam' AND c.unjudged = 0",
    "notices": "c.status NOT IN ('spam', 'held', 'snoozed') AND c.notice = 1 AND c.answered = 0 AND c.waiting_since IS NULL",
}
_ATTACHED = "SELECT 1 FROM messages m WHERE m.conversation = c.id AND m.attachments > 0"


class Keeping:
    """What is old in a store (`inbox.keeping.KeepBook`)."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def old(self, rule: str, before: Instant, keep: Keep, limit: int) -> list[int]:
        """Conversations to which nothing came since `before` that a rule may erase."""
        wanted = (
            f"EXISTS ({_ATTACHED})" if rule == "attachments" else f"NOT {WHOLE.format(conversation='c.id')}"
        )
        rows = self._store.read(
            f"SELECT c.id FROM conversations c WHERE {_OLD[rule]} AND c.last_at < ? AND {wanted} ORDER BY c.id",
            (before,),
        )
        found: list[int] = []
        with self._store.snapshot() as connection:
            for (number,) in rows:
                here = fold(number, record.at_home(connection, number))
                if self._kept(connection, here, rule, before, keep) is None:
                    found.append(number)
                if len(found) == limit:
                    break
        return found

    def _kept(
        self, connection: sqlite3.Connection, here: Conversation, rule: str, before: Instant, keep: Keep
    ) -> str | None:
        lives = customers.lives_at(connection, here.customer) if here.customer is not None else 0
        customer = customers.whole(connection, lives)
        return kept_because(here, customer, rule, before, keep)

    def erase(self, rule: str, before: Instant, keep: Keep, conversation: int, now: Instant) -> bool:
        """Erase one by a rule; False where it may not go any more."""
        self._mark()
        if rule == "attachments":
            return self._strip(rule, before, keep, conversation, now)

        def may(connection: sqlite3.Connection, here: Conversation) -> bool:
            return self._kept(connection, here, rule, before, keep) is None

        erased = Eraser(self._store).whole(conversation, WHO, now, may, rule=rule)
        if erased:
            forget_begun(self._store, (), (conversation,))
        return erased

    def _strip(self, rule: str, before: Instant, keep: Keep, conversation: int, now: Instant) -> bool:
        with self._store.writing() as transaction:
            connection = transaction.connection
            here = transaction.loader.conversation(conversation)
            if self._kept(connection, here, rule, before, keep) is not None:
                return False
            rows = connection.execute(
                "SELECT id FROM messages WHERE conversation = ? AND attachments > 0", (conversation,)
            )
            messages = tuple(row[0] for row in rows)

            def decide(_state: State, _who: Who, now: Instant) -> Decision:
                return [erase.attachments(conversation, messages, WHO, now, rule=rule)]

            transaction.decide(Scope(conversations=(conversation,)), decide, Who(WHO), now)
            transaction.recorder.settle(now)
        return True

    def _mark(self) -> None:
        if not self.unsettled():
            with self._store.writing() as transaction:
                transaction.connection.execute("INSERT OR REPLACE INTO meta VALUES(?, 1)", (_UNSETTLED,))

    def unsettled(self) -> bool:
        """Whether something was erased by rules whose bytes may still stand somewhere."""
        return bool(self._store.read("SELECT 1 FROM meta WHERE name = ?", (_UNSETTLED,)))

    def settle(self, patience: float) -> bool:
        """Take what was erased by rules out of files and bytes, too; False where somebody still reads there."""
        if not Eraser(self._store).out_of_bytes(patience):
            return False
        with self._store.writing() as transaction:
            transaction.connection.execute("DELETE FROM meta WHERE name = ?", (_UNSETTLED,))
        return True

    def is_due(self, now: Instant) -> bool:
        """Whether it is time to look again; a clock that was put back makes it so."""
        rows = self._store.read("SELECT value FROM meta WHERE name = ?", (_RESTS,))
        return not rows or not now < rows[0][0] <= now + REST

    def rest(self, until: Instant) -> None:
        """Nothing is left for now."""
        with self._store.writing() as transaction:
            transaction.connection.execute("INSERT OR REPLACE INTO meta VALUES(?, ?)", (_RESTS, until))

"""Reading the store: short reads on connections of their own, one a thread."""

from __future__ import annotations

import sqlite3
import threading
from array import array
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from inbox.listing import Conversation, Row, Status
from storage.tags import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence

    from inbox.model import Address, Block, Clock, Customer, Event, Instant, Who
    from inbox.policies import Book
    from inbox.ports import Caught, Draft, Hit, Item, OutboxLine, Panel, Recipient, Stretch
    from inbox.queries import Node
    from inbox.reports import Story
    from storage.contents import Contents

STATE = (
    "c.id, c.status, c.assignee, c.customer, c.channel, c.mailbox, c.first_message, c.last_message, c.first_at,"
    " c.last_at, c.last_from, c.messages, c.unread, c.notice, c.answered, c.waiting_since, c.snoozed_until, c.held_for,"
    " c.held_until, c.closed_at, c.closed_why, c.linked_to, c.sending, c.failed, c.approvals, c.suggested,"
    " c.quarantined, c.seq, c.promised_until, c.follow_up_at, c.marked, c.unjudged,"
    " c.cause, c.referred, c.goodwill, c.score, c.asked_at, c.issue, c.thanks, c.nudge_at,"
    " c.upset, c.handed"
)
"""The columns that `conversation_of` reads, of the table `conversations` as `c`."""
STATE_COLUMNS = STATE.count(",") + 1
WALKED = 5_000
"""Conversations of a customer that can be walked through in the panel; searching finds the rest."""
RUNNING = 9
"""Conversations that are not closed of which the panel has rows at once."""
LATELY = 5_000
"""Messages, the newest, among which the last answers of a person are looked for."""
_STATES = {status.value: status for status in Status}
_RUNNING = "status IN ('open', 'waiting', 'held', 'snoozed')"
"""In the words of the partial index that holds just these."""


class Reading:
    """What may be asked of a store (see `inbox.ports.Reader`)."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._local = threading.local()
        self._opened: dict[threading.Thread, sqlite3.Connection] = {}
        self._opening = threading.Lock()

    @property
    def book(self) -> Book:
        """Every version of hours and policies applied so far."""
        raise NotImplementedError

    @property
    def _contents(self) -> Contents:
        raise NotImplementedError

    @property
    def _reader(self) -> sqlite3.Connection:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
            with self._opening:
                self._opened[threading.current_thread()] = connection
                for thread in [each for each in self._opened if not each.is_alive()]:
                    self._opened.pop(thread).close()
        return connection

    def read(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        """Rows of one short read of this thread; `sql` is always this room's own."""
        return self._reader.execute(sql, values).fetchall()

    def newest_event(self) -> int:
        """The number of the newest event; 0 when there is none."""
        return int(self.read("SELECT coalesce(max(seq), 0) FROM events")[0][0])

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection inside one read transaction: everything in it is of one instant."""
        connection = self._reader
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.execute("ROLLBACK")

    @contextmanager
    def interruptible(self, given_up: Callable[[], bool]) -> Iterator[None]:
        """Reads of this thread inside end as soon as `given_up()` is true, and so does what stands inside."""
        self._reader.set_progress_handler(lambda: int(given_up()), 20_000)
        try:
            yield
        except sqlite3.OperationalError:
            if not given_up():
                raise
        finally:
            self._reader.set_progress_handler(None, 0)

    def renew_readers(self) -> None:
        """Let every thread read by another connection when it next reads. The old ones end with their threads."""
        with self._opening:
            self._local = threading.local()

    def close_readers(self) -> None:
        """End the reading connections of every thread."""
        with self._opening:
            for connection in self._opened.values():
                connection.close()
            self._opened.clear()

    # ------------------------------------------------------------------------------ lists

    def ids(
        self,
        query: Node | None,
        who: Who,
        now: Instant,
        limit: int | None = None,
        given_up: Callable[[], bool] = lambda: False,
    ) -> Sequence[int]:
        """Ids of the conversations a query finds, in working order: deadline, VIP or upset, oldest unanswered; then
        newest. None as soon as `given_up` says so."""
        with self.interruptible(given_up):
            return self._ids(query, who, now, limit)
        return ()

    def _ids(self, query: Node | None, who: Who, now: Instant, limit: int | None) -> Sequence[int]:
        where, values = _condition(query, who, now)
        found = array("q")
        parts = (
            (
                "c.due_at IS NOT NULL",
                "c.due_at, max(c.vip, c.upset) DESC, coalesce(c.waiting_since, 9223372036854775807), c.id",
            ),
            ("c.due_at IS NULL", "c.last_at DESC, c.id DESC"),
        )
        for part, order in parts[: 1 if query is not None and _has_deadline(query) else 2]:
            left = -1 if limit is None else limit - len(found)
            if left == 0:
                break
            rows = self._reader.execute(
                f"SELECT c.id FROM conversations c WHERE {part} AND ({where}) ORDER BY {order} LIMIT ?",
                (*values, left),
            )
            found.extend(row[0] for row in rows)
        return found

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """The rows of these conversations, in the order given; ids that are gone are left out."""
        text = _numbers(ids)
        tags = words_of(self._reader, "conversation_tags", "tag", text)
        mentions = words_of(self._reader, "conversation_mentions", "name", text)
        identities = self._identities(text)
        found: dict[int, Row] = {}
        for row in self.read(
            f"SELECT {STATE}, c.subject, c.snippet, c.due_at, c.warn_at, c.policy, c.vip, u.name,"
            f" (SELECT count(*) FROM conversations o WHERE o.customer = c.customer AND o.{_RUNNING}),"
            " h.who, json_extract(h.data, '$.to'), h.why"
            " FROM conversations c LEFT JOIN customers u ON u.id = c.customer LEFT JOIN events h ON h.seq = c.handed"
            " WHERE c.id IN (SELECT value FROM json_each(?))",
            (text,),
        ):
            state = conversation_of(row, tags.get(row[0], ()), mentions.get(row[0], ()))
            subject, snippet, due, warn, policy, vip, name, still_open, *handed = row[STATE_COLUMNS:]
            kinds = identities.get(state.customer, ())
            found[state.id] = Row(
                conversation=state,
                subject=subject,
                snippet=snippet,
                customer_name=name or "",
                customer_addresses=tuple(value for kind, value in kinds if kind == "mail"),
                customer_handles=tuple(value for kind, value in kinds if kind != "mail"),
                customer_open=still_open,
                due_at=due,
                warn_at=warn,
                policy=policy,
                vip=bool(vip),
                handed=(handed[0], handed[1], handed[2]) if state.handed is not None else None,
            )
        return [found[number] for number in ids if number in found]

    def _identities(self, ids: str) -> dict[int | None, list[tuple[str, str]]]:
        rows = self.read(
            "SELECT customer, kind, value FROM identities WHERE customer IN (SELECT customer FROM conversations"
            " WHERE id IN (SELECT value FROM json_each(?))) ORDER BY id",
            (ids,),
        )
        found: dict[int | None, list[tuple[str, str]]] = {}
        for customer, kind, value in rows:
            found.setdefault(customer, []).append((kind, value))
        return found

    def counts(self, who: Who, now: Instant) -> Mapping[str, int]:
        """How many conversations stand in each view of `inbox.views`, by the view's name."""
        from inbox.views import COUNTED_APART, VIEWS, view_counts

        buckets = self.read(
            "SELECT status, assignee, notice, unanswered, timed, sending, failed, approvals, quarantined, suggested, n"
            " FROM buckets WHERE n > 0"
        )
        found = view_counts(buckets, who.name, who.role)
        for name in COUNTED_APART:
            node = VIEWS[name].seen_by(who.role)
            if node is None:
                found[name] = self.drafted()
                continue
            where, values = _condition(node, who, now)
            found[name] = self.read(f"SELECT count(*) FROM conversations c WHERE {where}", values)[0][0]
        return found

    def drafts(self, conversation: int | None = None) -> list[Draft]:
        """Drafts of one conversation, or all, newest first."""
        raise NotImplementedError

    def drafted(self) -> int:
        """In how many conversations there is a draft."""
        raise NotImplementedError

    def overlapping(self, format_: str, lines: Sequence[str]) -> list[tuple[str, str, int]]:
        """The chats of a format that hold some of these lines: what each goes by, its title, how many; most first."""
        from storage.chats import overlapping

        return overlapping(self._reader, format_, lines)

    def people_like(self, text: str, limit: int = 200) -> list[Address]:
        """Customers whose name, address or domain begins so, case aside; then such as begin with its first letters."""
        from storage.people import people_like

        return people_like(self._reader, text, limit)

    def customers_at(self, addresses: Iterable[str]) -> dict[str, Customer]:
        """Whose these addresses are, by the address as given; those of nobody we know are left out."""
        from storage.people import customers_at

        return customers_at(self._reader, addresses)

    def callers(self, text: str) -> list[Customer]:
        """Who may be on the phone: whose a number is, or may be, however it is written, the very same number first; else
        those whose name begins so."""
        from storage.people import callers

        return callers(self._reader, text)

    def customer(self, number: int) -> Customer | None:
        """A customer by number, as they live now after some were joined; None when there is none."""
        from storage import customers

        return customers.whole(self._reader, customers.lives_at(self._reader, number))

    def customers(self, text: str = "", limit: int = 1_000_000) -> list[Customer]:
        """Customers by name: those a number, a part of an address or the beginning of a word of their name fits."""
        from storage.people import customers_like

        return customers_like(self._reader, text, limit)

    # ------------------------------------------------------------------------------ one conversation

    def resolve(self, conversation: int) -> int | None:
        """The id under which a conversation lives now (merged ones redirect for ever); None when unknown."""
        while True:
            into = self.read("SELECT into_ FROM redirects WHERE conversation = ?", (conversation,))
            if not into:
                break
            conversation = into[0][0]
        known = self.read("SELECT 1 FROM conversations WHERE id = ?", (conversation,))
        return conversation if known else None

    def lies_in(self, message: int) -> int | None:
        """The conversation a message lies in; None when there is no such message, or it was taken back."""
        rows = self.read("SELECT conversation FROM messages WHERE id = ?", (message,))
        return rows[0][0] if rows else None

    def items(self, conversation: int, newest: int | None = None) -> list[Item]:
        """Messages and notes, oldest first: all, or only so many of the newest."""
        sending = {
            row[0]: row[1:]
            for row in self.read(
                "SELECT o.message, o.state, o.leave_at FROM outbox o JOIN messages m ON m.id = o.message"
                " WHERE m.conversation = ?",
                (conversation,),
            )
        }
        recipients = self._recipients(sending)
        return self._contents.items(self._reader, conversation, sending, recipients, newest)

    def item(self, message: int) -> Item | None:
        """One message or note, by its number, as `items` shows it; None when there is none."""
        sending = {
            row[0]: row[1:]
            for row in self.read("SELECT message, state, leave_at FROM outbox WHERE message = ?", (message,))
        }
        return self._contents.item(self._reader, message, sending, self._recipients(sending))

    def stretch(self, conversation: int, around: int | None, size: int) -> Stretch:
        """At most so many messages and notes around one of them (0: the first; None: the newest), and what is told there."""
        from storage.stretch import stretch

        return stretch(self._reader, self._contents, self._recipients, conversation, around, size)

    def attached_before(self, conversation: int, message: int) -> int:
        """How many attachments the messages of a conversation before this one have."""
        from storage.stretch import attached_before

        return attached_before(self._reader, self._contents, conversation, message)

    def saying(self, conversation: int, fits: Callable[[str], bool]) -> list[int]:
        """The messages and notes of a conversation whose text fits, by rising numbers."""
        from storage.stretch import saying

        return saying(self._reader, self._contents, conversation, fits)

    def answers_by(self, who: str, limit: int) -> list[str]:
        """The texts that a person has sent last, the newest first, as typed; of old ones none."""
        rows = self.read(  # without an index, one looks only at what came lately
            "SELECT id FROM (SELECT id, direction, author FROM messages ORDER BY id DESC LIMIT ?)"
            " WHERE direction = 'out' AND author = ? ORDER BY id DESC LIMIT ?",
            (LATELY, who, limit),
        )
        found = (self._contents.details(self._reader, row[0]) for row in rows)
        return [str(details.get("reply") or details.get("text", "")) for details in found]

    def _recipients(self, messages: Iterable[int]) -> dict[int, tuple[Recipient, ...]]:
        from inbox.ports import Recipient

        rows = self.read(
            "SELECT message, address, state, detail FROM outbox_recipients"
            " WHERE message IN (SELECT value FROM json_each(?)) ORDER BY message, address",
            (_numbers(messages),),
        )
        found: dict[int, list[Recipient]] = {}
        for message, address, state, detail in rows:
            found.setdefault(message, []).append(Recipient(address, state, detail))
        return {message: tuple(each) for message, each in found.items()}

    def events(self, conversation: int) -> list[Event]:
        """The record of one conversation, oldest first, void ones included."""
        from storage import events as record

        return record.at_home(self._reader, conversation)

    def clocks(self, conversation: int, now: Instant, ledger: bool = False) -> tuple[Clock, ...]:
        """The clocks of a conversation as of `now`; with `ledger`, each with the spans that add up to it."""
        from inbox import sla
        from inbox.happenings import happenings
        from inbox.ledger import ledger as explained

        events = self.events(conversation)
        derive = explained if ledger else sla.clocks
        return derive(happenings(events), self.book.timeline(events), now)

    def stories(
        self, since: Instant, query: Node | None, who: Who, now: Instant
    ) -> Generator[tuple[int, list[Story]]]:
        """Conversations a query finds in which something happened since an instant, with their events, a slice at a
        time; beside each slice how many there are in all. Everything is of one instant, until the iterator is closed."""
        from storage.stories import concerned, stories

        with self.snapshot() as connection:
            among = None if query is None else set(self.ids(query, who, now))
            numbers = concerned(connection, since, among)
            for found in stories(connection, numbers):
                yield len(numbers), found

    def worked_on(self, start: Instant, end: Instant) -> list[int]:
        """The conversations in which people did something from an instant up to another."""
        from storage.events import acted_in

        return acted_in(self._reader, start, end)

    def stories_among(self, conversations: Sequence[int]) -> Generator[Story]:
        """These conversations with their events, read a slice at a time, all as of one instant; those that are gone are
        left out."""
        from storage.stories import stories

        with self.snapshot() as connection:
            for found in stories(connection, conversations):
                yield from found

    def customer_changes(self, since: Instant) -> Mapping[int, list[tuple[Instant, int]]]:
        """When somebody said something of a customer since an instant, and the event's number, by customer."""
        from storage.stories import customer_changes

        return customer_changes(self._reader, since)

    # ------------------------------------------------------------------------------ the customer

    def panel(self, customer: int, limit: int = 20) -> Panel | None:
        """The customer's panel; None when there is no such customer."""
        from inbox.ports import Panel
        from storage import customers, given, people, suggesting

        found = customers.whole(self._reader, customers.lives_at(self._reader, customer))
        if found is None:
            return None
        customer = found.id
        since, total = self.read(
            "SELECT min(first_at), count(*) FROM conversations WHERE customer = ?", (customer,)
        )[0]
        still_open = self.read(
            f"SELECT count(*) FROM conversations WHERE customer = ? AND {_RUNNING}", (customer,)
        )[0][0]
        ids = tuple(
            row[0]
            for row in self.read(
                "SELECT id FROM conversations WHERE customer = ? ORDER BY last_at DESC LIMIT ?",
                (customer, max(limit, WALKED)),
            )
        )
        history = tuple(self.rows(ids[:limit]))
        running = self.read(
            "SELECT id FROM conversations INDEXED BY conversations_running"  # else it reads all that are closed
            f" WHERE customer = ? AND {_RUNNING} ORDER BY last_at DESC LIMIT ?",
            (customer, RUNNING),
        )
        known = {row.conversation.id: row for row in history}
        notes = self._contents.notes(self._reader, [row.conversation.id for row in history])
        members = customers.members(self._reader, customer)
        return Panel(
            found,
            since=since or 0,
            conversations=total,
            open=still_open,
            history=history,
            notes=notes,
            joined=tuple(people.joined_with(self._reader, customer)),
            perhaps=tuple(suggesting.perhaps_same(self._reader, found)),
            gifts=given.gifts(self._reader, members),
            answers=given.answers(self._reader, members, self.details),
            running=tuple(known.get(row[0]) or self.rows([row[0]])[0] for row in running),
            ids=ids,
        )

    def exchange(self, conversation: int, newest: int = 60) -> list[tuple[Instant, str]]:
        """When something came ("in") or was answered by a person ("out"), oldest first; of so many of the newest."""
        rows = self.read(
            "SELECT m.at, CASE m.direction WHEN 'call' THEN 'out' ELSE m.direction END FROM messages m"
            " WHERE m.conversation = ? AND m.direction IN ('in', 'out', 'call')"
            " AND (m.direction <> 'call' OR EXISTS (SELECT 1 FROM events c WHERE c.home = m.conversation AND c.type = 52"
            " AND c.message = m.id AND json_extract(c.data, '$.way') <> 'missed'))"
            " AND NOT EXISTS (SELECT 1 FROM events e WHERE e.message = m.id AND e.type IN (2, 5) AND e.type = 2"
            " AND json_extract(e.data, '$.automatic') IS NOT NULL) ORDER BY m.id DESC LIMIT ?",
            (conversation, newest),
        )
        return [(row[0], row[1]) for row in reversed(rows)]

    def promising(self, customer: int, limit: int = 50) -> list[int]:
        """The conversations of a customer in which something was ever promised, the newest `limit` of them."""
        rows = self.read(
            "SELECT c.id FROM conversations c WHERE c.customer = ?"
            " AND EXISTS (SELECT 1 FROM events e WHERE e.home = c.id AND e.type = 40)"
            " ORDER BY c.last_at DESC LIMIT ?",
            (customer, limit),
        )
        return [row[0] for row in rows]

    def helped(self) -> dict[str, int]:
        """In how many replies that have left each article and saved reply helped."""
        from storage.helped import helped

        return helped(self._reader)

    def to_wake(self, now: Instant) -> list[int]:
        """Conversations snoozed or held until now, and those that a promise or a follow-up brings back."""
        rows = self.read(
            "SELECT id FROM conversations WHERE status IN ('snoozed', 'held')"
            " AND coalesce(snoozed_until, held_until) <= ?1"
            " UNION SELECT id FROM conversations WHERE wakes_at <= ?1",  # in SQL, an order would read all of them
            (now,),
        )
        return sorted(row[0] for row in rows)

    def nudges_due(self, now: Instant, status: Status, limit: int) -> list[int]:
        """Conversations of a status in which a message that no person writes is due, the longest due first."""
        rows = self.read(
            "SELECT id FROM conversations WHERE nudge_at <= ? AND status = ? ORDER BY nudge_at, id LIMIT ?",
            (now, status.value, limit),
        )
        return [row[0] for row in rows]

    def restored_at(self) -> int:
        """The last event that was there when this workspace was last restored or copied; 0: it never was."""
        rows = self.read("SELECT value FROM meta WHERE name = 'restored'")
        return int(rows[0][0]) if rows else 0

    # ------------------------------------------------------------------------------ searching, sending

    def search(
        self,
        query: Node,
        who: Who,
        now: Instant,
        limit: int = 50,
        given_up: Callable[[], bool] = lambda: False,
    ) -> list[Hit]:
        """Messages a query finds, newest first; none as soon as `given_up` says so."""
        from inbox.ports import Hit
        from storage.finding import find_messages

        with self.interruptible(given_up):
            rows = find_messages(self._reader, query, who.name, now, limit)
            return [
                Hit(conversation, message, at, self._contents.excerpt(self._reader, message, query))
                for message, conversation, at in rows
            ]
        return []

    def reach(
        self, text: str, who: Who, now: Instant, limit: int, given_up: Callable[[], bool] = lambda: False
    ) -> list[int]:
        """Conversations by whatever a person knows of one, the likeliest first; none as soon as `given_up` says so."""
        from storage.reaching import reach

        with self.interruptible(given_up):
            return reach(self._reader, text, who.name, now, limit, self.resolve)
        return []

    def caught(self, target: str, notice: bool, since: Instant) -> Caught:
        """What ruling on a sender (an address, or `@` with a domain) would change of what came since an instant."""
        from storage.rulings import caught

        def senders_of(message: int) -> list[str]:
            return [each[1] for each in self.details(message).get("from", ())[:1]]

        return caught(self.read, senders_of, target, notice, since)

    def senders(self, conversation: int) -> tuple[str, ...]:
        """Who wrote what came into a conversation lately, folded: people before machines, newest first."""
        from storage.loading import Loader

        return Loader(self._reader, self._contents).senders(conversation)

    def blocked(self) -> list[Block]:
        """Senders and domains whose mail is spam, by address."""
        from inbox.model import Block

        return [Block(*row) for row in self.read("SELECT address, who, at FROM blocked ORDER BY address")]

    def tags(self) -> list[str]:
        """Every tag that a conversation carries, in order."""
        # Each is found by a step along the key: there may be a million rows, and a hundred tags.
        rows = self.read(
            "WITH RECURSIVE known(tag) AS (SELECT min(tag) FROM conversation_tags UNION ALL"
            " SELECT (SELECT min(t.tag) FROM conversation_tags t WHERE t.tag > known.tag) FROM known"
            " WHERE known.tag IS NOT NULL) SELECT tag FROM known WHERE tag IS NOT NULL"
        )
        return [row[0] for row in rows]

    def refused_addresses(self, addresses: Iterable[str]) -> Mapping[str, str]:
        """Those of the addresses at which nobody is, folded, with the words in which a server said so."""
        from storage.refused import marked

        return marked(self._reader, addresses)

    def raw(self, message: int) -> bytes | None:
        """The bytes exactly as received; None when there are none (a note)."""
        rows = self.read("SELECT raw FROM messages WHERE id = ?", (message,))
        return self.raw_bytes(rows[0][0]) if rows and rows[0][0] is not None else None

    def subject_of(self, conversation: Conversation) -> str:
        """The subject of its first message, from what was read of it."""
        first = conversation.first_message
        return "" if first is None else self._contents.words_of(self._reader, first)[0]

    def snippet_of(self, conversation: Conversation) -> str:
        """The snippet of its last message, from what was read of it."""
        last = conversation.last_message
        return "" if last is None else self._contents.words_of(self._reader, last)[1]

    def people(self, limit: int) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...], bool]]:
        """From, To and Cc of messages that came, and whether each lay in Sent; a sample of at most `limit`."""
        rows = self.read(
            "SELECT m.id, EXISTS (SELECT 1 FROM places p WHERE p.message = m.id AND p.folder LIKE '%sent%')"
            " FROM messages m WHERE m.direction <> 'note' ORDER BY m.id DESC LIMIT ?",
            (limit,),
        )
        for number, in_sent in rows:
            found = self.details(number)
            sender, to, cc = (tuple(a[1] for a in found.get(key, ())) for key in ("from", "to", "cc"))
            yield (sender[0] if sender else "", to, cc, bool(in_sent))

    def details(self, message: int) -> dict[str, Any]:
        """What was read of a message, as stored."""
        return self._contents.details(self._reader, message)

    def participants(self, conversation: int) -> dict[str, Instant]:
        """Everybody the messages of a conversation show as taking part, folded, and since when."""
        return self._contents.participants(self._reader, conversation)

    def raw_bytes(self, number: int) -> bytes | None:
        """Raw bytes by the number under which they are kept."""
        return self._contents.raw(self._reader, number)

    def outbox(self) -> list[OutboxLine]:
        """What waits, is held, failed or is unknown, and what was sent and is not filed in Sent yet; oldest first."""
        from storage.waiting import outbox_lines

        return outbox_lines(self.read, self._recipients)


def _numbers(ids: Iterable[int]) -> str:
    """Numbers as a list that SQLite's json_each reads."""
    return f"[{','.join(map(str, ids))}]"


def _has_deadline(query: Node) -> bool:
    from storage.compile import has_deadline

    return has_deadline(query)


def _condition(query: Node | None, who: Who, now: Instant) -> tuple[str, tuple[str | int | None, ...]]:
    if query is None:
        return "1", ()
    from storage.compile import conversation_sql

    return conversation_sql(query, who.name, now)


def conversation_of(row: Sequence[Any], tags: tuple[str, ...], mentions: tuple[str, ...]) -> Conversation:
    """How a conversation stands, from its row; when its status was set last, and who wrote last, no row says."""
    return Conversation(
        id=row[0],
        status=_STATES[row[1]],
        assignee=row[2],
        tags=tags,
        customer=row[3],
        channel=row[4],
        mailbox=row[5],
        first_message=row[6],
        last_message=row[7],
        first_at=row[8],
        last_at=row[9],
        last_from=row[10],
        messages=row[11],
        unread=bool(row[12]),
        notice=bool(row[13]),
        answered=bool(row[14]),
        waiting_since=row[15],
        snoozed_until=row[16],
        held_for=row[17],
        held_until=row[18],
        closed_at=row[19],
        closed_why=row[20],
        linked_to=row[21],
        sending=row[22],
        failed=row[23],
        approvals=row[24],
        mentions=mentions,
        suggested=row[25],
        quarantined=bool(row[26]),
        seq=row[27],
        promised_until=row[28],
        follow_up_at=row[29],
        marked=bool(row[30]),
        unjudged=bool(row[31]),
        cause=row[32],
        referred=row[33],
        goodwill=row[34],
        score=row[35],
        asked_at=row[36],
        issue=row[37],
        thanks=bool(row[38]),
        nudge_at=row[39],
        upset=bool(row[40]),
        handed=row[41],
    )

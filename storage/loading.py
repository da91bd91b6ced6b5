"""What a decision sees: everything its scope names, read under the write lock."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from inbox.actions.block import keys
from inbox.addresses import fold_address
from inbox.customers import identity, taking_part
from inbox.fold import Folding, carries
from inbox.model import Block, Conversation, Customer, Event, EventType, Identity, Instant, Message, Status
from inbox.placing import DAY, bare_subject, looked_up
from inbox.policies import Standing
from inbox.ports import Begun, Known, LastAsked, Lately, Scope, State
from inbox.queries import fold_words
from inbox.sender_marks import fold_name
from inbox.us import Us
from storage import chats, customers, issues, loops, rulings
from storage import events as record
from storage.contents import Contents, subject_line
from storage.remembered import Known as KnownConversation
from storage.remembered import Remembered
from storage.returned import find_returned
from storage.tombstones import is_buried

SENDERS = 50
"""How many of the newest messages of a conversation tell who wrote there."""
SAME_ID = 100
"""How many of the messages are looked at that have one of the ids a message refers to."""
ALIKE_WITHIN = 7 * DAY
"""How long a subject counts as the same matter for a suggestion."""


def identity_of(message: Message, digest: str = "") -> bytes:
    """What makes two copies one message: Message-ID and the digest of what was read (or another one), in 16 bytes."""
    text = f"{message.message_id or ''}\0{digest or message.digest}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def number_of(connection: sqlite3.Connection, message: Message) -> int | None:
    """The message of the store that is the very same, as it is or as its beginning came; None when there is none."""
    identity = identity_of(message)
    row = (
        connection.execute("SELECT id FROM messages WHERE identity = ?", (identity,)).fetchone()
        or connection.execute("SELECT message FROM beginnings WHERE identity = ?", (identity,)).fetchone()
    )
    return row[0] if row else None


class Loader:
    """Reads states for one write transaction; what it has read once it remembers until the end of it."""

    def __init__(
        self, connection: sqlite3.Connection, contents: Contents, remembered: Remembered | None = None
    ) -> None:
        self._connection = connection
        self._contents = contents
        self._remembered = remembered
        self._known_by: dict[int, KnownConversation] = {}
        self._told: dict[
            int, int
        ] = {}  # conversation -> what its row says of the last event it was told after
        self._customer_of: dict[Identity, int | None] = {}
        self._called: dict[int, Customer] = {}
        self._arriving = ""  # the subject of the message that is being placed, without its prefixes
        self._begun_here: dict[tuple[int, str], int] = {}  # customer, subject -> what has no row yet
        self._merged: bool | None = None  # whether any customers are joined
        self._next_event: int | None = None
        self.made_conversations = False
        self._next_conversation: int | None = None
        self._next_customer: int | None = None

    def state(self, scope: Scope, now: Instant) -> State:
        """The state a scope names. Ids that are unknown are missing from it; merged ones are not followed."""
        connection = self._connection
        known: dict[str, tuple[Known, ...]] = {}
        identities: dict[Identity, int] = {}
        participants: dict[int, frozenset[str]] = {}
        same = alike = begun = returned = None
        lately: tuple[Lately, ...] = ()
        erased = False
        claimed: tuple[int, int] | None = None
        wanted = list(scope.conversations)
        outbox: dict[int, str] = {}
        senders = {c: self.senders(c) for c in scope.senders}
        blockable = [*scope.blocked, *(key for each in senders.values() for one in each for key in keys(one))]
        self._arriving = ""
        if scope.message is not None:
            self._arriving = bare_subject(scope.message.subject)
            known = self._known(scope.message)
            same = self._same(scope.message, scope.trusted, scope.begins)
            erased = same is None and is_buried(
                connection, identity_of(scope.message), scope.message.message_id if scope.trusted else None
            )
            begun = self._begun(scope, same)
            if same is not None and scope.trusted and (claimed := self._claimed(same)) is not None:
                wanted.append(claimed[1])
            if begun is not None:
                wanted += [c for c in (begun.conversation, begun.twice_in) if c is not None]
            elif same is None or claimed is not None:
                wanted += dict.fromkeys(each.conversation for found in known.values() for each in found)
                returned = find_returned(connection, scope.returned)
                wanted += [returned.conversation] if returned is not None else []
                identities = self._identities(scope.message)
                present = taking_part(scope.message)
                participants = {c: self._took_part(c, present, scope.at) for c in wanted}
                known = {
                    text: tuple(self._naming(each, present, participants) for each in found)
                    for text, found in known.items()
                }
                alike = self._alike(scope.message, identities, now) if not known else None
                lately = self._lately(scope.message, identities, scope.lately) if not known else ()
                wrote = scope.message.on_behalf_of or scope.message.sender
                blockable += [key for each in wrote[:1] for key in keys(each.address)]
        if scope.people is not None:
            identities = self._identities(scope.people)
        if scope.identities:
            identities = {key: self._now(whose) for key, whose in self._whose(scope.identities).items()}
        undone: tuple[Event, ...] = ()
        action: tuple[Event, ...] = ()
        lists = {c: tuple(self.events(c)) for c in scope.events}
        if scope.message is not None and len(wanted) > 1:
            lists |= {c: tuple(self.events(c)) for c in wanted}  # they may be merged
        if scope.undo_by is not None:
            action = record.last_action(connection, scope.undo_by)
            undone = record.last_undone(connection, scope.undo_by)
            lists |= self._lists(action) | self._lists(undone)
            outbox = self._outbox(e.message for e in action if e.message is not None)
        if scope.sending is not None:
            outbox = self._outbox([scope.sending])
        told = issues.told(connection, *scope.told) if scope.told is not None else ()
        telling = scope.telling or next((e.data["telling"] for e in action if "telling" in e.data), "")
        if telling:  # of what went to many, all is taken back that has not left
            told = issues.of_telling(connection, telling)
        if told:
            outbox |= self._outbox(e.message for e in told if e.message is not None)
        around = chats.around(connection, self._contents, scope.chat) if scope.chat else None
        wanted += chats.conversations(around)
        suggested = self._suggested(scope.suggested)
        wanted += suggested.values()
        conversations = {c: self.conversation(c) for c in wanted if self.events(c)}
        named = {*scope.customers, *customers.named_by((*action, *undone))}
        named |= set(identities.values()) if scope.identities else set()
        return State(
            conversations=conversations,
            customers=self._customers(identities.values())
            | {
                number: found
                for number in named
                if (found := customers.whole(connection, number)) is not None
            },
            identities=identities,
            namesakes=self._namesakes(scope.message) if same is None else {},
            joined=customers.joined(connection, scope.customers),
            participants=participants,
            known=known,
            same=same,
            erased=erased,
            claimed=claimed,
            begun=begun,
            alike=alike,
            lately=lately,
            renamed=self._renamed(wanted) if scope.message is not None and wanted else frozenset(),
            returned=returned,
            events=lists,
            cuts=self.cuts(wanted) if scope.message is not None and len(wanted) > 1 else frozenset(),
            suggested=suggested,
            last_action=action,
            last_undone=undone,
            outbox=outbox,
            scheduled=self._scheduled(wanted) if scope.message is not None else {},
            senders=senders,
            blocked=self._blocked(blockable),
            ruled=rulings.standing(connection, dict.fromkeys(blockable)),
            traffic=loops.traffic(connection, scope.correspondent, now),
            us=self._us() if scope.senders else None,
            asked=self._last_asked(scope.asked) if scope.asked is not None else LastAsked(),
            given=record.given_by(connection, *scope.given_by) if scope.given_by is not None else (),
            largest=self._largest() if scope.leaves else {},
            issues=issues.read(connection, scope.issues) if scope.issues else {},
            told=told,
            chat=around,
            chat_place=chats.last_place(connection, scope.chat_of) if scope.chat_of is not None else None,
            unsent=customers.unsent(connection, scope.erasing) if scope.erasing is not None else (),
            next_conversation=self.next_conversation(),
            next_customer=self.next_customer(),
        )

    def _last_asked(self, customer: int) -> LastAsked:
        """When a customer, or one who was joined with it, was last asked how it was; whether they have something running."""
        connection = self._connection
        ((at,),) = connection.execute(
            "SELECT max(at) FROM events WHERE type = 48 AND json_extract(data, '$.customer')"
            " IN (SELECT value FROM json_each(?)) AND json_extract(data, '$.asked')",
            (json.dumps(customers.members(connection, customer)),),
        )
        running = connection.execute(
            "SELECT 1 FROM conversations WHERE customer = ? AND notice = 0"
            " AND status IN ('open', 'waiting', 'held', 'snoozed') LIMIT 1",
            (customer,),
        ).fetchone()
        return LastAsked(at, running is not None)

    def _largest(self) -> dict[str, int]:
        """The most bytes the servers of the mailboxes take, where they have said so."""
        return dict(
            self._connection.execute(
                "SELECT mailbox, largest FROM sending_limits WHERE largest IS NOT NULL"
            ).fetchall()
        )

    def _lists(self, events: Sequence[Event]) -> dict[int, tuple[Event, ...]]:
        """For the conversations of these events, and those they merged: all events where they live now."""
        named = {event.conversation for event in events} - {None}
        named |= {event.data["from"] for event in events if carries(event)}
        return {number: tuple(self.events(self.lives_at(number))) for number in named if number is not None}

    def _suggested(self, conversations: Iterable[int]) -> dict[int, int]:
        """For each of these that looks like part of another: where that lives now, unless it is gone."""
        found = {}
        for number in conversations:
            other = self.conversation(number).suggested
            into = self.lives_at(other) if other is not None else number
            if into != number and self.events(into):
                found[number] = into
        return found

    def cuts(self, conversations: Iterable[int]) -> frozenset[frozenset[int]]:
        """Pairs of these that were parted by hand, or were joined and that was taken back."""
        rows = self._connection.execute(
            "SELECT home, coalesce(json_extract(data, '$.from'), json_extract(data, '$.to')) FROM events"
            " WHERE type IN (14, 15) AND home IN (SELECT value FROM json_each(?))"
            " AND ((type = 15 AND void = 1) OR (type = 14 AND void = 0 AND json_extract(data, '$.cut')))",
            (json.dumps(list(conversations)),),
        )
        pairs = (frozenset((home, self.lives_at(other))) for home, other in rows.fetchall())
        return frozenset(pair for pair in pairs if len(pair) > 1)

    def events(self, conversation: int) -> list[Event]:
        """The events at home in a conversation; the list is kept up to date by `took`."""
        return self._at(conversation).events

    def conversation(self, conversation: int) -> Conversation:
        """The state folded from those events."""
        here = self._at(conversation)
        if here.folded is None:
            if not here.folding.seq:
                for event in here.events:
                    here.folding.apply(event)
            here.folded = here.folding.result()
            if here.folded.customer is not None:
                here.folded = here.folded._replace(customer=self._now(here.folded.customer))
        return here.folded

    def standing(self, conversation: int) -> Standing | None:
        """Its deadlines as they were derived last."""
        return self._at(conversation).standing

    def stands(self, conversation: int, standing: Standing, told: int) -> None:
        """Its deadlines were derived, and its row says after which event of the record."""
        self._at(conversation).standing = standing
        self._told[conversation] = told

    def _at(self, conversation: int) -> KnownConversation:
        here = self._known_by.get(conversation)
        if here is None:
            here = self._recalled(conversation) if self._remembered is not None else None
            if here is None:
                events = record.at_home(self._connection, conversation)
                here = KnownConversation(events, Folding(conversation))
            self._known_by[conversation] = here
        return here

    def _recalled(self, conversation: int) -> KnownConversation | None:
        assert self._remembered is not None
        row = self._connection.execute(
            "SELECT told FROM conversations WHERE id = ?", (conversation,)
        ).fetchone()
        if row is None or not row[0]:
            return None
        self._told[conversation] = row[0]
        return self._remembered.take(conversation, row[0])

    def remember(self) -> None:
        """All of it is durable: what is large is remembered for the next transaction."""
        if self._remembered is not None:
            for conversation, known in self._known_by.items():
                if conversation in self._told:
                    self._remembered.give(conversation, self._told[conversation], known)

    def took(self, event: Event) -> None:
        """An event was appended."""
        here = event.conversation
        if here is None:
            return
        known = self._known_by.get(here)
        if known is not None:
            known.events.append(event)
            known.folded = None
            if known.folding.seq:
                known.folding.apply(event)
        if here >= self.next_conversation():
            self._next_conversation = here + 1
            if self._arriving and event.data.get("customer") is not None:
                self._begun_here[event.data["customer"], self._arriving] = here
            self.made_conversations = True

    def forget(self, conversation: int) -> None:
        """Read a conversation anew: its events were voided or moved."""
        self._known_by.pop(conversation, None)
        if self._remembered is not None:
            self._remembered.drop(conversation)

    def next_conversation(self) -> int:
        """The first id no conversation has had."""
        if self._next_conversation is None:
            row = self._connection.execute(
                "SELECT value FROM meta WHERE name = 'next_conversation'"
            ).fetchone()
            self._next_conversation = row[0] if row else 1
        return self._next_conversation

    def next_customer(self) -> int:
        """The first id no customer has had."""
        if self._next_customer is None:
            row = self._connection.execute("SELECT coalesce(max(id), 0) + 1 FROM customers").fetchone()
            self._next_customer = int(row[0])
        return self._next_customer

    def made_customer(self, customer: Customer) -> None:
        """A customer was added, or got a name."""
        self._next_customer = max(self.next_customer(), customer.id + 1)
        self._called[customer.id] = Customer(customer.id, customer.name)
        for key in customer.identities:
            self._customer_of[key] = customer.id

    def last_event(self) -> int:
        """The number of the last event there is."""
        if self._next_event is None:
            row = self._connection.execute("SELECT coalesce(max(seq), 0) + 1 FROM events").fetchone()
            self._next_event = int(row[0])
        return self._next_event - 1

    def next_event(self) -> int:
        """The next number of an event; asking takes it."""
        self._next_event = self.last_event() + 2
        return self._next_event - 1

    # ------------------------------------------------------------------------------ lookups

    def _known(self, message: Message) -> dict[str, tuple[Known, ...]]:
        ids = looked_up(message)
        if not ids:
            return {}
        marks = ", ".join("?" * len(ids))
        found: dict[str, list[Known]] = {}
        having = (
            "SELECT i.message_id, m.id, m.conversation, m.direction FROM msgids i JOIN messages m ON m.id = i.message"
            " WHERE i.message_id {} AND m.conversation IS NOT NULL LIMIT {}"
        )
        own = message.message_id
        others = [text for text in ids if text != own]
        of_others = having.format(f"IN ({', '.join('?' * len(others))})", SAME_ID)
        rows = self._connection.execute(of_others, others).fetchall() if others else []
        # some programs give every mail one id: that there is another with it is all that is asked
        rows += self._connection.execute(having.format("= ?", 1), (own,)).fetchall() if own else []
        for text, number, conversation, direction in rows:
            by = self._by(number) if direction == "out" else ""
            found.setdefault(text, []).append(Known(conversation, number, direction == "out", by))
        referrers: dict[tuple[str, int], set[str]] = {}
        for text, conversation, sender in self._connection.execute(
            "SELECT r.message_id, m.conversation, r.sender FROM refers r JOIN messages m ON m.id = r.message"
            f" WHERE r.message_id IN ({marks}) AND m.conversation IS NOT NULL",
            ids,
        ):
            referrers.setdefault((text, conversation), set()).add(sender)
        for text, conversation, sender in self._connection.execute(
            f"SELECT message_id, conversation, sender FROM referred WHERE message_id IN ({marks})", ids
        ):
            referrers.setdefault((text, self.lives_at(conversation)), set()).add(sender)
        for (text, conversation), senders in referrers.items():
            found.setdefault(text, []).append(Known(conversation, None, referrers=frozenset(senders)))
        return {text: tuple(each) for text, each in found.items()}

    def _by(self, message: int) -> str:
        """What a message of ours is where no person wrote it to this customer alone, as the event says that queued it."""
        row = self._connection.execute(
            "SELECT json_extract(data, '$.by'), json_extract(data, '$.telling') FROM events"
            " WHERE message = ? AND type IN (2, 5) AND type = 2",
            (message,),
        ).fetchone()
        return str(row[0] or ("announcement" if row[1] is not None else "")) if row is not None else ""

    def _naming(
        self, known: Known, present: frozenset[str], participants: Mapping[int, frozenset[str]]
    ) -> Known:
        """With whom it names: clocks differ, so that an answer may seem to be older than what it answers."""
        absent = present - participants.get(known.conversation, frozenset())
        if known.message is None or known.ours or not absent:
            return known
        details = self._contents.details(self._connection, known.message)
        named = {
            fold_address(a[1]) for k in ("from", "to", "cc", "behalf") for a in details.get(k, ()) if a[1]
        }
        return known._replace(names=absent & named)

    def lives_at(self, conversation: int) -> int:
        """Follow redirects of merged conversations to where it lives now."""
        while True:
            row = self._connection.execute(
                "SELECT into_ FROM redirects WHERE conversation = ?", (conversation,)
            ).fetchone()
            if row is None:
                return conversation
            conversation = row[0]

    def _same(self, message: Message, trusted: bool, begins: str) -> int | None:
        number = number_of(self._connection, message)
        if number is None and begins == message.digest:
            number = self._from_before(message)
        if number is None and trusted and message.message_id:
            # a server that changes what it files: an id from our outbox in our own Sent folder is ours
            row = self._connection.execute(
                "SELECT message FROM outbox WHERE message_id = ?", (message.message_id,)
            ).fetchone()
            return row[0] if row else None
        return number

    def _claimed(self, message: int) -> tuple[int, int] | None:
        row = self._connection.execute(
            "SELECT conversation FROM messages WHERE id = ? AND direction = 'in' AND conversation IS NOT NULL",
            (message,),
        ).fetchone()
        return (message, row[0]) if row is not None else None

    def _from_before(self, beginning: Message) -> int | None:
        """A whole message that begins so, stored when nobody noted how messages begin; from now on it is noted."""
        if not beginning.digest or not beginning.message_id:
            return None
        from inbox.beginnings import LONG, TAKEN, digest_of_beginning

        candidates = self._connection.execute(
            "SELECT m.id, m.raw FROM msgids i JOIN messages m ON m.id = i.message JOIN raws r ON r.id = m.raw"
            " WHERE i.message_id = ? AND r.size > ? AND m.coming = 0"
            " AND m.id NOT IN (SELECT message FROM beginnings) LIMIT 5",
            (beginning.message_id, LONG),
        ).fetchall()
        for number, raw in candidates:
            taken = self._contents.raw_beginning(self._connection, raw, TAKEN)
            if digest_of_beginning(taken) == beginning.digest:
                self._connection.execute(
                    "INSERT INTO beginnings(identity, message) VALUES(?, ?)", (identity_of(beginning), number)
                )
                return int(number)
        return None

    def _begun(self, scope: Scope, same: int | None) -> Begun | None:
        """The message whose rest a scope brings: the one it names, or one of which no more than this beginning is here."""
        number = scope.rest_of
        if number is None and same is None and scope.message is not None and scope.begins:
            row = self._connection.execute(
                "SELECT b.message FROM beginnings b JOIN messages m ON m.id = b.message"
                " WHERE b.identity = ? AND m.coming > 0",
                (identity_of(scope.message, scope.begins),),
            ).fetchone()
            number = row[0] if row else None
        if number is None:
            return None
        about = "SELECT conversation, at, direction, coming FROM messages WHERE id = ?"
        row = self._connection.execute(about, (number,)).fetchone()
        if row is None:
            return None
        conversation, at, direction, coming = row
        other = self._connection.execute(about, (same,)).fetchone() if same != number else None
        return Begun(number, conversation, at, direction, coming, other[0] if other else None)

    def _identities(self, message: Message) -> dict[Identity, int]:
        addresses = (
            *(*message.on_behalf_of, *message.sender[:5], *message.reply_to[:5]),
            *(*message.to[:20], *message.cc[:20]),
        )
        return self._whose(identity(a) for a in addresses if a.address)

    def _whose(self, identities: Iterable[Identity]) -> dict[Identity, int]:
        """Whose these were when they became known."""
        found = {}
        for key in set(identities):
            if key not in self._customer_of:
                row = self._connection.execute(
                    "SELECT coalesce(owner, customer) FROM identities WHERE kind = ? AND value = ?",
                    (key.kind, key.value),
                ).fetchone()
                self._customer_of[key] = row[0] if row else None
            customer = self._customer_of[key]
            if customer is not None:
                found[key] = customer
        return found

    def _namesakes(self, message: Message | None) -> dict[str, frozenset[str]]:
        """The addresses of customers who are called as the sender is, by that name as marks compare it."""
        if message is None or not message.sender or not (name := fold_name(message.sender[0].name)):
            return {}
        rows = self._connection.execute(
            "SELECT i.value FROM customers c JOIN identities i ON i.customer = coalesce(c.merged_into, c.id)"
            " WHERE c.folded = ? AND i.kind = 'mail' LIMIT 50",
            (fold_words(message.sender[0].name),),
        )
        return {name: frozenset(row[0] for row in rows)}

    def _now(self, customer: int) -> int:
        """Who a customer is now, after some were joined."""
        if self._merged is None:
            self._merged = bool(
                self._connection.execute(
                    "SELECT 1 FROM customers WHERE merged_into IS NOT NULL LIMIT 1"
                ).fetchone()
            )
        return customers.lives_at(self._connection, customer) if self._merged else customer

    def forget_customers(self) -> None:
        """Customers were joined or parted, or something was said of one."""
        self._merged = None
        self._customer_of.clear()
        self._called.clear()
        for known in self._known_by.values():
            known.folded = None

    def _customers(self, numbers: Iterable[int]) -> dict[int, Customer]:
        """Customers by number, as they are called."""
        found = {}
        for number in set(numbers):
            if number not in self._called:
                row = self._connection.execute(
                    "SELECT name FROM customers WHERE id = ?", (number,)
                ).fetchone()
                self._called[number] = Customer(number, row[0])
            found[number] = self._called[number]
        return found

    def _took_part(self, conversation: int, addresses: frozenset[str], at: Instant | None) -> frozenset[str]:
        """Which of these addresses, folded, took part in a conversation, as of an instant."""
        rows = self._connection.execute(
            "SELECT address FROM participants WHERE conversation = ? AND address IN (SELECT value FROM json_each(?))"
            " AND (?3 IS NULL OR since <= ?3)",
            (conversation, json.dumps(list(addresses)), at),
        )
        return frozenset(row[0] for row in rows)

    def senders(self, conversation: int) -> tuple[str, ...]:
        """Who wrote what came into a conversation lately, folded: people before machines, newest first."""
        sides: dict[int, str] = {}
        for event in self.events(conversation):
            if event.type in (EventType.RECEIVED, EventType.SIDE) and event.message is not None:
                sides[event.message] = event.data["side"]
        newest = [message for message in reversed(sides) if sides[message] != "us"][:SENDERS]
        newest.sort(key=lambda message: sides[message] != "customer")
        read = (self._contents.details(self._connection, message) for message in newest)
        told = (each.get("behalf") or each.get("from") for each in read)
        return tuple(dict.fromkeys(fold_address(each[0][1]) if each else "" for each in told))

    def _blocked(self, addresses: Sequence[str]) -> dict[str, Block]:
        """Which of these addresses and domains are blocked."""
        if not addresses:
            return {}
        rows = self._connection.execute(
            f"SELECT address, who, at FROM blocked WHERE address IN ({', '.join('?' * len(addresses))})",
            addresses,
        )
        return {row[0]: Block(*row) for row in rows}

    def _us(self) -> Us:
        row = self._connection.execute("SELECT value FROM meta WHERE name = 'us'").fetchone()
        return Us.of(json.loads(row[0])["words"]) if row else Us()

    def _alike(self, message: Message, identities: dict[Identity, int], now: Instant) -> int | None:
        subject = self._arriving
        if not subject or not identities or not message.sender:
            return None
        customer = identities.get(identity((message.on_behalf_of or message.reply_to or message.sender)[0]))
        if customer is not None:
            if (begun := self._begun_here.get((customer, subject))) is not None:
                state = self.conversation(self.lives_at(begun))
                if (state.last_at or 0) > now - ALIKE_WITHIN and state.status is not Status.SPAM:
                    return state.id
            customer = self._now(customer)
        rows = self._connection.execute(
            "SELECT id, subject FROM conversations WHERE customer = ? AND last_at > ? AND status <> 'spam'"
            " ORDER BY last_at DESC LIMIT 10",
            (customer, now - ALIKE_WITHIN),
        )
        return next((number for number, text in rows if bare_subject(text) == subject), None)

    def _renamed(self, conversations: Iterable[int]) -> frozenset[int]:
        """Which of these have another subject than the message that is placed, prefixes aside."""
        rows = self._connection.execute(
            "SELECT id, subject FROM conversations WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(conversations)),),
        )
        arriving = bare_subject(subject_line(self._arriving))
        return frozenset(number for number, subject in rows if bare_subject(subject) != arriving)

    def _lately(
        self, message: Message, identities: dict[Identity, int], since: Instant | None
    ) -> tuple[Lately, ...]:
        """The newest conversations that the customer of a message began since an instant."""
        wrote = (message.on_behalf_of or message.reply_to or message.sender)[:1]
        customer = identities.get(identity(wrote[0])) if wrote and since is not None else None
        if customer is None:
            return ()
        rows = self._connection.execute(
            "SELECT id, subject, snippet FROM conversations WHERE customer = ? AND first_at >= ? AND last_from <> ''"
            " AND status <> 'spam' AND notice = 0 ORDER BY last_at DESC LIMIT 10",
            (self._now(customer), since),
        )
        return tuple(Lately(*row) for row in rows)

    def _scheduled(self, conversations: Iterable[int]) -> dict[int, tuple[Event, ...]]:
        """What queued answers for later in these conversations that have not begun to leave."""
        wanted = set(conversations)
        found: dict[int, tuple[Event, ...]] = {}
        if not wanted:
            return {}
        # both conditions: SQLite takes an index of some events only where its own condition stands in the question
        rows = self._connection.execute(
            f"SELECT e.home, {', '.join(f'e.{name}' for name in record.COLUMNS.split(', '))} FROM outbox o"
            " CROSS JOIN events e ON e.message = o.message AND e.type IN (2, 5) AND e.type = 2"
            " WHERE o.state IN ('queued', 'held') AND e.void = 0 AND json_extract(e.data, '$.later') IS NOT NULL"
            " ORDER BY e.seq"
        )
        for home, *row in rows.fetchall():
            if home in wanted:
                found[home] = (*found.get(home, ()), record.event_of(row))
        return found

    def _outbox(self, messages: Iterable[int]) -> dict[int, str]:
        rows = self._connection.execute(
            "SELECT message, CASE WHEN state = 'refused-for-now' AND EXISTS (SELECT 1 FROM outbox_recipients r"
            " WHERE r.message = o.message AND r.state = 'sent') THEN 'sent' ELSE state END"  # somebody has it
            " FROM outbox o WHERE message IN (SELECT value FROM json_each(?))",
            (json.dumps(list(messages)),),
        )
        return dict(rows.fetchall())

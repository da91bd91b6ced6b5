"""Writing facts down: events first, then the side rows they bring, then whatever is derived from them.

Everything derived from the record is written in this module, always the same way: fold the events that are at home in
a conversation, and write what comes out. `verify` folds again and compares.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from inbox.addresses import fold_address
from inbox.customers import taking_part
from inbox.fold import BRINGS, carries, is_empty, is_seen_again
from inbox.model import Conversation, Customer, Event, EventType, Instant, Message
from inbox.placing import looked_up
from inbox.policies import Book, Deadlines, policy_steps, standing
from inbox.ports import Content, Fact
from inbox.same_person import written_below
from storage import approvals, chats, customers, issues, restricted
from storage import events as record
from storage.contents import Contents, message_of, snippet_line, subject_line
from storage.loading import Loader, identity_of
from storage.refused import clear
from storage.returned import came_back
from storage.tags import write_words

E = EventType

CONVERSATION_COLUMNS = (
    "id, status, assignee, customer, channel, mailbox, subject, snippet, first_message, last_message, first_at, last_at,"
    " last_from, messages, unread, notice, answered, vip, upset, waiting_since, snoozed_until, held_for, held_until,"
    " closed_at, closed_why, linked_to, sending, failed, approvals, suggested, quarantined, policy, due_at, warn_at, seq,"
    " cause, referred, goodwill, score, asked_at,"
    " promised_until, follow_up_at, wakes_at, marked, unjudged, issue, thanks, nudge_at, handed"
)
CONVERSATION_NAMES = [name.strip() for name in CONVERSATION_COLUMNS.split(",")]
_INSERT = (
    f"INSERT INTO conversations({CONVERSATION_COLUMNS}) VALUES({', '.join('?' * len(CONVERSATION_NAMES))})"
)
_REFER = (
    "INSERT OR IGNORE INTO refers(message_id, message, sender) SELECT ?1, ?2, ?3 WHERE"
    " (SELECT count(*) FROM (SELECT 1 FROM refers WHERE message_id = ?1 LIMIT 200)) < 200 AND"
    " (SELECT count(*) FROM (SELECT 1 FROM refers r CROSS JOIN messages m ON m.id = r.message WHERE r.message_id = ?1"
    " AND r.sender = ?3 AND m.conversation = ?4 LIMIT 3)) < 3"
)
"""That a message refers to an id: a few times for each conversation and sender, as monitors name one id for ever."""
_SUBJECT, _SNIPPET, _FIRST, _LAST = map(
    CONVERSATION_NAMES.index, ("subject", "snippet", "first_message", "last_message")
)


class Recorder:
    """One write transaction's pen: records facts, then settles what they touched."""

    def __init__(
        self, connection: sqlite3.Connection, loader: Loader, contents: Contents, book: Book
    ) -> None:
        self._connection = connection
        self._loader = loader
        self._contents = contents
        self._book = book
        self._touched: dict[
            int, bool
        ] = {}  # conversation -> whether to believe nothing that stands in its row
        self._moved: set[int] = set()  # conversations from which messages have gone
        self._settled: set[int] = set()
        self._stored: dict[int, Message] = {}  # those just stored, by number
        self.taken_back: list[
            Event
        ] = []  # what queued messages of ours that do not leave: they are drafts again

    @property
    def settled(self) -> frozenset[int]:
        """The conversations that were derived again."""
        return frozenset(self._settled)

    def record(self, facts: Sequence[Fact], batch: int | None) -> list[Event]:
        """Write facts down as one batch (a new one unless given); the events as recorded."""
        written: list[Event] = []
        stored: int | None = None
        for fact in facts:
            event = fact.event
            if fact.customer is not None:
                self._add_customer(fact.customer)
            if fact.content is not None:
                number = (
                    self._complete(fact.content, event)
                    if event.type in (E.COMPLETED, E.CHAT_TAKEN)
                    else self._add_content(fact.content, event)
                )
                event, stored = replace(event, message=number), number
            elif fact.with_message:
                event = replace(event, message=stored)
            event = record.append(self._connection, event, self._loader.next_event(), batch)
            batch = event.batch
            if fact.text is not None:
                self._add_settings(event, fact.text)
            if fact.said:
                of = issues if event.type is E.ISSUE else customers
                of.add_texts(self._connection, event, fact.said)
            self._loader.took(event)
            if event.conversation is not None:
                self._touched.setdefault(event.conversation, False)
            self._effects(event)
            written.append(event)
        return written

    def settle(self, now: Instant) -> None:
        """Derive the state of every conversation touched, and what follows from it: another policy, another deadline."""
        are_restricted = restricted.are_any(self._connection)
        for conversation, anew in self._touched.items():
            events = self._loader.events(conversation)
            if are_restricted:
                self._restrict(conversation, anew or conversation in self._moved, now)
                events = self._loader.events(conversation)
            if is_empty(events):
                self._connection.execute("DELETE FROM conversations WHERE id = ?", (conversation,))
                write_words(self._connection, conversation, "conversation_tags", "tag", ())
                write_words(self._connection, conversation, "conversation_mentions", "name", ())
                continue
            state = self._loader.conversation(conversation)
            vip = self._vip(state)
            before = self._loader.standing(conversation) if not anew else None
            steps = (
                events if before is None else (*before.steps, *policy_steps(events[before.count :], False))
            )
            change = self._book.change(state, vip, steps, now)
            if change is not None:
                self._loader.took(record.append(self._connection, change, self._loader.next_event(), None))
                state, events = self._loader.conversation(conversation), self._loader.events(conversation)
            standing_now = standing(before, state, events, self._book, now)
            self._write(state, vip, standing_now.deadlines, anew)
            told = self._loader.last_event()
            self._connection.execute("UPDATE conversations SET told = ? WHERE id = ?", (told, conversation))
            self._loader.stands(conversation, standing_now, told)
        if self._loader.made_conversations:
            self._connection.execute(
                "INSERT OR REPLACE INTO meta(name, value) VALUES('next_conversation', ?)",
                (self._loader.next_conversation(),),
            )
        self._settled |= self._touched.keys()
        self._touched.clear()
        self._moved.clear()

    def _restrict(self, conversation: int, whole: bool, now: Instant) -> None:
        """Note through which restricted mailboxes a conversation went, and take it out of hands that may not see it."""
        events = self._loader.events(conversation)
        if is_empty(events):
            restricted.forget(self._connection, conversation)
            return
        restricted.follow(self._connection, conversation, events, whole)
        state = self._loader.conversation(conversation)
        given_back = restricted.out_of_hands(self._connection, state, now)
        if given_back is not None:
            self._loader.took(record.append(self._connection, given_back, self._loader.next_event(), None))

    def touch(self, conversation: int) -> None:
        """Derive this conversation anew at the next `settle`, though no event concerns it."""
        self._touched[conversation] = True

    # ------------------------------------------------------------------------------ side rows

    def _add_customer(self, customer: Customer) -> None:
        customers.add(self._connection, customer)
        self._loader.made_customer(customer)

    def _add_settings(self, event: Event, text: str) -> None:
        self._connection.execute(
            "INSERT INTO settings_versions(version, at, text) VALUES(?, ?, ?)",
            (event.data["version"], event.at, text),
        )

    def _add_content(self, content: Content, event: Event) -> int:
        message, conversation = content.message, event.conversation
        public = content.direction != "note"
        number, raw = self._contents.add(self._connection, content)
        self._connection.execute(
            "INSERT INTO messages(id, conversation, at, direction, customer, attachments, identity, raw, author, coming)"
            " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                conversation,
                content.at,
                content.direction,
                content.customer,
                sum(not a.inline for a in message.attachments),
                identity_of(message) if public else None,
                raw,
                content.author,
                content.coming,
            ),
        )
        self._stored[number] = message
        if content.customer is not None and content.direction == "in" and content.chat is None:
            customers.add_written(self._connection, content.customer, written_below(message), number)
        if content.chat is not None:
            chats.add(self._connection, content.chat, number)
        if content.begins:
            self._connection.execute(
                "INSERT OR IGNORE INTO beginnings(identity, message) VALUES(?, ?)",
                (identity_of(message, content.begins), number),
            )
        if not public:
            return number
        self._add_ids(number, content, event)
        if event.type is E.RECEIVED and event.data["side"] == "customer" and message.sender:
            clear(self._connection, message.sender[0].address, event.at)
        addresses = set(taking_part(message))
        if content.outgoing is not None:
            addresses.update(fold_address(a) for a in content.outgoing.recipients)
            self._add_outgoing(content, number)
        self._add_participants(conversation, dict.fromkeys(addresses, content.at))
        return number

    def _complete(self, content: Content, event: Event) -> int:
        """All of a message in the place of its beginning. Its number, its instant and its conversation stay."""
        message, number = content.message, event.message
        assert number is not None
        raw = self._contents.replace(self._connection, number, content)
        self._connection.execute(
            "UPDATE messages SET attachments = ?, identity = ?, raw = ?, coming = 0 WHERE id = ?",
            (
                sum(not a.inline for a in message.attachments),
                None if "twice" in event.data else identity_of(message),
                raw,
                number,
            ),
        )
        self._stored[number] = message
        if message.message_id:
            self._connection.execute(
                "INSERT OR IGNORE INTO msgids(message_id, message) VALUES(?, ?)", (message.message_id, number)
            )
        if event.conversation is not None:
            self.touch(event.conversation)
            self._participants_again(event.conversation)
        return number

    def _add_ids(self, number: int, content: Content, event: Event) -> None:
        """Remember the message's own id, and the ids it refers to that are not answered in its conversation, since
        what they name may come later."""
        message, conversation = content.message, event.conversation
        if message.message_id:
            self._connection.execute(
                "INSERT INTO msgids(message_id, message) VALUES(?, ?)", (message.message_id, number)
            )
        refers = [text for text in looked_up(message) if text != message.message_id]
        sender = fold_address(message.sender[0].address) if message.sender else ""
        if not refers or event.data.get("claims_us") or not (sender or content.direction == "out"):
            return
        rows = self._connection.execute(
            "SELECT i.message_id FROM msgids i CROSS JOIN messages m ON m.id = i.message"  # by the few ids first
            f" WHERE i.message_id IN ({', '.join('?' * len(refers))}) AND m.conversation = ?",
            (*refers, conversation),
        )
        here = {row[0] for row in rows}
        self._connection.executemany(
            _REFER,
            [
                (text, number, "" if content.direction == "out" else sender, conversation)
                for text in refers
                if text not in here
            ],
        )

    def _add_participants(self, conversation: int | None, since: Mapping[str, Instant]) -> None:
        self._connection.executemany(
            "INSERT INTO participants(conversation, address, since) VALUES(?, ?, ?)"
            " ON CONFLICT DO UPDATE SET since = excluded.since WHERE since > excluded.since",
            [(conversation, address, at) for address, at in since.items()],
        )

    def _add_outgoing(self, content: Content, number: int) -> None:
        going = content.outgoing
        assert going is not None and content.message.message_id is not None
        self._connection.execute(
            "INSERT INTO outbox(message, message_id, mailbox, sender, queued_at, leave_at, state, next_try, bulk, turn)"
            " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(turn), 0) + 1 FROM outbox))",
            (
                number,
                content.message.message_id,
                going.mailbox,
                going.sender,
                content.at,
                going.leave_at,
                going.state,
                going.leave_at,
                going.bulk,
            ),
        )
        self._connection.executemany(
            "INSERT INTO outbox_recipients(message, address, state) VALUES(?, ?, ?)",
            [(number, address, going.state) for address in dict.fromkeys(going.recipients)],
        )

    # ------------------------------------------------------------------------------ effects

    def _effects(self, event: Event) -> None:
        if carries(event):
            self._carry(event, back=False)
        elif event.type is E.UNDELIVERED:
            came_back(self._connection, event)
        elif is_seen_again(event):
            chats.seen_again(self._connection, event)
        elif event.type in customers.TYPES:
            self._customers_again(event)
        elif event.type is E.APPROVED:
            approvals.let_go(self._connection, event)
        elif event.type is E.GIVEN_BACK:
            for each in record.by_number(self._connection, event.data["letters"]):
                self._set_void(each, True)
        elif event.type is E.QUEUED and "replaces" in event.data:
            self._replace(event, True)
        elif event.type is E.ERASED:
            self._erase(event)
        elif event.type is E.CHAT_TAKEN:
            self._connection.execute("UPDATE messages SET customer = NULL WHERE id = ?", (event.message,))
        elif event.type is E.SIDE:
            self._connection.execute(
                "UPDATE messages SET direction = ?, customer = ? WHERE id = ?",
                ("out" if event.data["side"] == "us" else "in", event.data.get("customer"), event.message),
            )
        elif event.type in (E.UNDONE, E.REDONE):
            void = event.type is E.UNDONE
            about = record.by_number(self._connection, event.data["events"])
            for each in reversed(about) if void else about:
                self._set_void(each, void)
            if not void:
                self._connection.execute(
                    "UPDATE events SET void = 1 WHERE type = ? AND batch < ? AND who = ? AND void = 0"
                    " AND json_extract(data, '$.batch') = ?",
                    (int(E.UNDONE), event.batch, event.who, event.data["batch"]),
                )

    def _replace(self, event: Event, void: bool) -> None:
        """What a trainee wrote gives way to what was made of it, or waits for its yes again."""
        for each in record.by_number(self._connection, [event.data["replaces"]]):
            self._set_void(each, void)
            self.taken_back = [one for one in self.taken_back if one.seq != each.seq]
            if not void:
                approvals.hold(self._connection, each, "undone")

    def _set_void(self, event: Event, void: bool) -> None:
        self._connection.execute("UPDATE events SET void = ? WHERE seq = ?", (int(void), event.seq))
        home = self._home(event)
        if event.type in customers.TYPES:
            self._customers_again(event)
        elif carries(event):
            self._carry(event, back=void)
        elif event.type is E.APPROVED:
            approvals.hold(self._connection, event, "queued")
        elif event.message is not None and event.type in BRINGS:
            if event.type is E.QUEUED and "replaces" in event.data:
                self._replace(event, not void)
            self._connection.execute(
                "UPDATE messages SET conversation = ? WHERE id = ?", (None if void else home, event.message)
            )
            if event.type is E.QUEUED:
                self._connection.execute(
                    "UPDATE outbox SET state = 'undone' WHERE message = ?"
                    " AND state IN ('queued', 'held', 'refused-for-now')",
                    (event.message,),
                )
                self._connection.execute(
                    "UPDATE outbox_recipients SET state = 'undone' WHERE message = ?", (event.message,)
                )
            if event.type in (E.QUEUED, E.CALLED):
                self._participants_again(home or 0)
            # what went to many is no draft in each of theirs
            if void and event.type in (E.QUEUED, E.SENT_BY_HAND) and "telling" not in event.data:
                self.taken_back.append(event)
        if home is not None:
            self._loader.forget(home)
            self._touched.setdefault(home, False)
            self._moved.add(home)

    def _erase(self, event: Event) -> None:
        from storage import erasing  # seldom done

        if event.conversation is not None:
            erasing.of_conversation(self._connection, self._contents, event)
            self._participants_again(event.conversation)
            self._loader.forget(event.conversation)
            self.touch(event.conversation)
        elif event.data["state"] == "begun":
            erasing.begin(self._connection, event)
            self._loader.forget_customers()

    def _customers_again(self, event: Event) -> None:
        """What an event that counts now, or does no more, says of customers; their conversations are told anew."""
        changed = customers.follow(self._connection, event)
        self._loader.forget_customers()
        for conversation in changed:
            self._loader.forget(conversation)
            self._touched.setdefault(conversation, False)

    def _home(self, event: Event) -> int | None:
        row = self._connection.execute("SELECT home FROM events WHERE seq = ?", (event.seq,)).fetchone()
        return row[0] if row else None

    def _carry(self, event: Event, back: bool) -> None:
        """Give what an event moves, and the messages of it, another home; an id of which nothing is left leads there."""
        origin, target = record.way(event, back)
        moved = record.moved_by(event, self._loader.events(origin))
        self._connection.executemany(
            "UPDATE events SET home = ? WHERE seq = ?", [(target, event.seq) for event in moved]
        )
        self._connection.executemany(
            "UPDATE messages SET conversation = ? WHERE id = ? AND conversation IS NOT NULL",
            [(target, e.message) for e in moved if e.type in BRINGS],
        )
        whole = record.whole_of(event)
        if whole == origin:
            self._connection.execute(
                "INSERT INTO redirects(conversation, into_) VALUES(?, ?)", (origin, target)
            )
        elif whole == target:
            self._connection.execute("DELETE FROM redirects WHERE conversation = ?", (target,))
        if event.type is E.PARTED and "cut" not in event.data and not back:
            self._refer_again(event.data["messages"], target)
        if event.type is E.MERGED and not back:
            self._participants_too(origin, target)
        else:
            for conversation in (origin, target):
                self._participants_again(conversation)
        for conversation in (origin, target):
            self._loader.forget(conversation)
            self._touched.setdefault(conversation, False)
            self._moved.add(conversation)

    def _participants_too(self, origin: int, target: int) -> None:
        """Who takes part in one conversation takes part in the other, which it has become part of."""
        self._connection.execute(
            "INSERT INTO participants(conversation, address, since) SELECT ?, address, since FROM participants"
            " WHERE conversation = ? ON CONFLICT DO UPDATE SET since = excluded.since WHERE since > excluded.since",
            (target, origin),
        )
        self._connection.execute("DELETE FROM participants WHERE conversation = ?", (origin,))

    def _refer_again(self, messages: Iterable[int], conversation: int) -> None:
        """What these answered where they lay may be elsewhere than they are now: remember that they refer to it."""
        for number in messages:
            details = self._contents.details(self._connection, number)
            ids = looked_up(message_of(details))
            row = self._connection.execute(
                "SELECT direction FROM messages WHERE id = ?", (number,)
            ).fetchone()
            sender = (
                "" if row[0] == "out" else next((fold_address(a[1]) for a in details.get("from", ())), "")
            )
            if sender or row[0] == "out":
                self._connection.executemany(
                    "INSERT OR IGNORE INTO refers(message_id, message, sender) SELECT ?1, ?2, ?3 WHERE NOT EXISTS"
                    " (SELECT 1 FROM msgids i JOIN messages m ON m.id = i.message WHERE i.message_id = ?1"
                    " AND m.conversation = ?4)",
                    [(text, number, sender, conversation) for text in ids if text != details.get("id")],
                )

    def _participants_again(self, conversation: int) -> None:
        self._connection.execute("DELETE FROM participants WHERE conversation = ?", (conversation,))
        self._add_participants(conversation, self._contents.participants(self._connection, conversation))

    # ------------------------------------------------------------------------------ derived rows

    def _vip(self, state: Conversation) -> bool:
        if "vip" in state.tags:
            return True
        row = self._connection.execute("SELECT vip FROM customers WHERE id = ?", (state.customer,)).fetchone()
        return bool(row and row[0])

    def _write(self, state: Conversation, vip: bool, standing: Deadlines, anew: bool) -> None:
        """Write what differs from the row: each column left alone is an index or two that is not written."""
        row = self._connection.execute(
            f"SELECT {CONVERSATION_COLUMNS} FROM conversations WHERE id = ?", (state.id,)
        ).fetchone()
        believed = row if row is not None and not anew else None
        if believed is not None and believed[_FIRST] == state.first_message:
            subject = believed[_SUBJECT]
        else:
            subject = self._subject_of(state.first_message)
        if believed is not None and believed[_LAST] == state.last_message:
            snippet = believed[_SNIPPET]
        else:
            snippet = self._snippet_of(state.last_message)
        derived = row_of(state, vip, standing, subject, snippet)
        if row is None:
            self._connection.execute(_INSERT, derived)
        else:
            pairs = zip(CONVERSATION_NAMES, row, derived, strict=True)
            changed = [(name, new) for name, old, new in pairs if new != old]
            if changed:
                names = ", ".join(f"{name} = ?" for name, _ in changed)
                self._connection.execute(
                    f"UPDATE conversations SET {names} WHERE id = ?", (*(new for _, new in changed), state.id)
                )
        write_words(self._connection, state.id, "conversation_tags", "tag", state.tags)
        write_words(self._connection, state.id, "conversation_mentions", "name", state.mentions)

    def _subject_of(self, message: int | None) -> str:
        if message in self._stored:
            return subject_line(self._stored[message].subject)
        return "" if message is None else self._contents.words_of(self._connection, message)[0]

    def _snippet_of(self, message: int | None) -> str:
        if message in self._stored:
            return snippet_line(self._stored[message].reply, self._stored[message].text)
        return "" if message is None else self._contents.words_of(self._connection, message)[1]


CLOCK_COLUMNS = ("policy", "due_at", "warn_at", "wakes_at")


def clock_columns(
    state: Conversation, standing: Deadlines
) -> tuple[str, Instant | None, Instant | None, Instant | None]:
    """What clocks say in the row of a conversation, as CLOCK_COLUMNS has it. While our answer is on its way nothing is
    due."""
    if state.sending and state.waiting_since is None:
        return standing.policy, None, None, standing.wakes_at
    return (
        standing.policy,
        standing.due_at,
        standing.warn_at if standing.due_at is not None else None,
        standing.wakes_at,
    )


def row_of(
    state: Conversation, vip: bool, standing: Deadlines, subject: str, snippet: str
) -> tuple[str | int | None, ...]:
    """The row of a conversation, as CONVERSATION_NAMES has it."""
    policy, due, warn_at, wakes_at = clock_columns(state, standing)
    return (
        *(state.id, state.status.value, state.assignee, state.customer, state.channel, state.mailbox),
        *(subject, snippet, state.first_message, state.last_message, state.first_at, state.last_at),
        *(
            state.last_from,
            state.messages,
            int(state.unread),
            int(state.notice),
            int(state.answered),
            int(vip),
            int(state.upset),
        ),
        *(state.waiting_since, state.snoozed_until, state.held_for, state.held_until, state.closed_at),
        *(state.closed_why, state.linked_to, state.sending, state.failed, state.approvals, state.suggested),
        *(
            int(state.quarantined),
            policy,
            due,
            warn_at,
            state.seq,
        ),
        *(state.cause, state.referred, state.goodwill, state.score, state.asked_at),
        *(
            state.promised_until,
            state.follow_up_at,
            wakes_at,
            int(state.marked),
            int(state.unjudged),
            state.issue,
            int(state.thanks),
            state.nudge_at,
            state.handed,
        ),
    )

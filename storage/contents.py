"""What messages say: details as read, raw bytes, and the words of the full-text index."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from inbox.addresses import fold_address
from inbox.erasing import ERASED
from inbox.excerpts import excerpt
from inbox.model import Address, Attachment, Call, Instant, Message
from inbox.ports import Content, Item, Recipient
from inbox.queries import Node, searchable
from inbox.text import snippet
from storage.packing import Packing
from storage.raw import Raws

ID_SHIFT = 6
"""Message ids are seconds shifted by this: newest first is row order (docs/storage-decisions.md)."""
SNIPPET = 160
_ITEMS = (
    "SELECT m.id, m.direction, m.at, m.author, m.coming, d.data, c.format FROM messages m"
    " JOIN details d ON d.message = m.id LEFT JOIN chat_lines l ON l.message = m.id LEFT JOIN chats c ON c.id = l.chat"
)
INDEXED_AT_ONCE = 1_000
"""Messages whose words are kept for the index; an export brings back any number in one transaction."""


class Contents:
    """Writes and reads the wide side of messages; shared by the writer and all readers of a store."""

    def __init__(self, workspace: Path) -> None:
        self._raws = Raws(workspace)
        self._packing = Packing("details")
        self._to_index: list[tuple[int | str, ...]] = []
        self._room: dict[int, tuple[int, int]] = {}  # of seconds that are full: where `_free_id` was last

    def add(self, connection: sqlite3.Connection, content: Content) -> tuple[int, int | None]:
        """Store details, raw bytes and words; the message's id and the number of its raw bytes."""
        number = self._free_id(connection, content.at)
        message = content.message
        raw = self._raws.add(connection, content.raw) if content.raw is not None else None
        self.add_details(connection, number, _plain(message))
        return number, raw

    def _free_id(self, connection: sqlite3.Connection, at: Instant) -> int:
        """The next id of that second, or of the seconds after it when it is full."""
        second = max(at, 0) << ID_SHIFT
        size = 1 << ID_SHIFT
        base, step = self._room.get(second, (second, size))
        while True:
            row = connection.execute(
                "SELECT max(id) FROM messages WHERE id >= ? AND id < ?", (base, base + size)
            ).fetchone()
            free = base if row[0] is None else int(row[0]) + 1
            if free < base + size:
                return free
            base += step
            step = min(step * 2, size << 12)  # thousands with one date: do not ask for each second
            self._room[second] = base, step  # nor for the same ones with each message

    def add_details(self, connection: sqlite3.Connection, message: int, details: Mapping[str, Any]) -> None:
        """Store what was read of a message under its id; its words are indexed by `index`."""
        text = json.dumps(details, ensure_ascii=False, separators=(",", ":"))
        packed = self._packing.pack(connection, text.encode("utf-8", "surrogatepass"))
        connection.execute("INSERT INTO details(message, data) VALUES(?, ?)", (message, packed))
        self._to_index.append((message, *indexed(details)))
        if len(self._to_index) >= INDEXED_AT_ONCE:
            self.index(connection)

    def replace(self, connection: sqlite3.Connection, message: int, content: Content) -> int | None:
        """Put another content in the place of what was read of a message; the number of its raw bytes."""
        old = self.details(connection, message)
        connection.execute(
            "INSERT INTO message_fts(message_fts, rowid, subject, sender, recipients, body)"
            " VALUES('delete', ?, ?, ?, ?, ?)",
            (message, *indexed(old)),
        )
        connection.execute("DELETE FROM details WHERE message = ?", (message,))
        raw = self._raws.add(connection, content.raw) if content.raw is not None else None
        behalf = {"behalf": old["behalf"]} if "behalf" in old else {}
        self.add_details(connection, message, _plain(content.message) | behalf)
        return raw

    def erase(self, connection: sqlite3.Connection, message: int) -> None:
        """Take away what was read of a message, and its words out of the index; what is left says that it was erased."""
        row = connection.execute("SELECT data FROM details WHERE message = ?", (message,)).fetchone()
        if row is not None and self._packing.sampled(connection, row[0]):
            self._packing.retire(connection)
        old = self.details(connection, message)
        if old:
            connection.execute(
                "INSERT INTO message_fts(message_fts, rowid, subject, sender, recipients, body)"
                " VALUES('delete', ?, ?, ?, ?, ?)",
                (message, *indexed(old)),
            )
        connection.execute("DELETE FROM details WHERE message = ?", (message,))
        self.add_details(connection, message, {"subject": ERASED, "text": ERASED, "reply": ERASED})

    def forgetting(self, connection: sqlite3.Connection, raw: int) -> None:
        """Raw bytes are about to be erased: no dictionary that was trained from them is used any more."""
        self._raws.forgetting(connection, raw)

    def anew(self, connection: sqlite3.Connection, kind: str, after: int, most: int) -> int | None:
        """Pack texts of a kind anew whose dictionary is used no more; how far it came, None at the end."""
        packing = self._packing if kind == "details" else self._raws.packing
        return packing.anew(connection, after, most)[0]

    def drop_attachments(self, connection: sqlite3.Connection, message: int) -> None:
        """Forget what came with a message; what it said stays, and so does its place in the index of words."""
        left = {
            key: value for key, value in self.details(connection, message).items() if key != "attachments"
        }
        text = json.dumps(left, ensure_ascii=False, separators=(",", ":"))
        packed = self._packing.pack(connection, text.encode("utf-8", "surrogatepass"))
        connection.execute("UPDATE details SET data = ? WHERE message = ?", (packed, message))

    def index(self, connection: sqlite3.Connection) -> None:
        """Index the words of what this transaction has stored, before it commits.

        All at once and by rising ids: FTS5 writes out what it has gathered when ids fall, and whenever another statement
        has to be able to take itself back.
        """
        if self._to_index:
            self._to_index.sort()
            connection.executemany(
                "INSERT INTO message_fts(rowid, subject, sender, recipients, body) VALUES(?, ?, ?, ?, ?)",
                self._to_index,
            )
            self._to_index.clear()

    def add_raw(self, connection: sqlite3.Connection, data: bytes | Path) -> int:
        """Keep raw bytes (or those of a file) that are not read yet; their number."""
        return self._raws.add(connection, data)

    def raw_beginning(self, connection: sqlite3.Connection, number: int, length: int) -> bytes:
        """The first so many of the raw bytes."""
        return self._raws.beginning(connection, number, length)

    def raw(self, connection: sqlite3.Connection, number: int) -> bytes | None:
        """Raw bytes by their number."""
        return self._raws.get(connection, number)

    def forget(self) -> None:
        """A transaction was rolled back: trust nothing it wrote."""
        self._raws.forget()
        self._packing.forget()
        self._to_index.clear()
        self._room.clear()

    def details(self, connection: sqlite3.Connection, message: int) -> dict[str, Any]:
        """What was read of a message, as stored; empty when there is none."""
        row = connection.execute("SELECT data FROM details WHERE message = ?", (message,)).fetchone()
        if row is None:
            return {}
        return _loaded(self._packing.unpack(connection, row[0]))

    def words_of(self, connection: sqlite3.Connection, message: int) -> tuple[str, str]:
        """Subject and snippet of a stored message."""
        found = self.details(connection, message)
        return subject_line(found.get("subject", "")), snippet_line(
            found.get("reply", ""), found.get("text", "")
        )

    def participants(self, connection: sqlite3.Connection, conversation: int) -> dict[str, Instant]:
        """Everybody the messages of a conversation show as taking part, folded, and since when."""
        shown: list[tuple[Instant, str]] = []
        rows = connection.execute(
            "SELECT id, at FROM messages WHERE conversation = ? AND direction <> 'note'", (conversation,)
        ).fetchall()
        for message, at in rows:
            details = self.details(connection, message)
            shown += [(at, a[1]) for k in ("from", "to", "cc", "behalf") for a in details.get(k, ()) if a[1]]
        shown += connection.execute(
            "SELECT m.at, r.address FROM outbox_recipients r JOIN messages m ON m.id = r.message"
            " WHERE m.conversation = ?",
            (conversation,),
        )
        found: dict[str, Instant] = {}
        for at, address in sorted(shown, reverse=True):
            found[fold_address(address)] = at
        return found

    def items(
        self,
        connection: sqlite3.Connection,
        conversation: int,
        sending: Mapping[int, Sequence[Any]],
        recipients: Mapping[int, tuple[Recipient, ...]],
        newest: int | None = None,
    ) -> list[Item]:
        """Messages and notes of a conversation, oldest first (all, or the newest of them); `sending` and `recipients`
        tell of the outbox."""
        rows = connection.execute(
            f"{_ITEMS} WHERE m.conversation = ? ORDER BY m.id DESC LIMIT ?",
            (conversation, -1 if newest is None else newest),
        ).fetchall()
        return [self._item_of(connection, row, sending, recipients) for row in reversed(rows)]

    def items_of(
        self,
        connection: sqlite3.Connection,
        messages: Iterable[int],
        sending: Mapping[int, Sequence[Any]],
        recipients: Mapping[int, tuple[Recipient, ...]],
    ) -> list[Item]:
        """These messages and notes, by rising numbers."""
        rows = connection.execute(
            f"{_ITEMS} WHERE m.id IN (SELECT value FROM json_each(?)) ORDER BY m.id",
            (json.dumps(list(messages)),),
        )
        return [self._item_of(connection, row, sending, recipients) for row in rows]

    def sending(self, connection: sqlite3.Connection, messages: Iterable[int]) -> dict[int, tuple[Any, ...]]:
        """State in the outbox and when it may leave, of those of these messages that went through it."""
        rows = connection.execute(
            "SELECT message, state, leave_at FROM outbox WHERE message IN (SELECT value FROM json_each(?))",
            (json.dumps(list(messages)),),
        )
        return {row[0]: row[1:] for row in rows}

    def item(
        self,
        connection: sqlite3.Connection,
        message: int,
        sending: Mapping[int, Sequence[Any]],
        recipients: Mapping[int, tuple[Recipient, ...]],
    ) -> Item | None:
        """One message or note; None when there is none of this number."""
        row = connection.execute(f"{_ITEMS} WHERE m.id = ?", (message,)).fetchone()
        return self._item_of(connection, row, sending, recipients) if row is not None else None

    def _item_of(
        self,
        connection: sqlite3.Connection,
        row: Sequence[Any],
        sending: Mapping[int, Sequence[Any]],
        recipients: Mapping[int, tuple[Recipient, ...]],
    ) -> Item:
        number, direction, at, author, coming, data, channel = row
        plain = _loaded(self._packing.unpack(connection, data))
        if coming:
            plain["coming"] = coming
            plain["oddities"] = [_said_of(connection, number, coming), *plain.get("oddities", ())]
        state, leave_at = sending.get(number, (None, None))
        if direction == "out" and state is None:
            state = "sent"
        item = _item(number, direction, at, author, plain, state, leave_at, recipients.get(number, ()))
        return item if channel is None else item._replace(channel=channel)

    def notes(
        self, connection: sqlite3.Connection, conversations: Iterable[int]
    ) -> tuple[tuple[Instant, str, str], ...]:
        """Notes in these conversations, newest first: when, who, text."""
        rows = connection.execute(
            "SELECT m.at, m.author, m.id FROM messages m WHERE m.direction = 'note' AND m.conversation IN"
            " (SELECT value FROM json_each(?)) ORDER BY m.id DESC LIMIT 20",
            (json.dumps(list(conversations)),),
        ).fetchall()
        return tuple(
            (at, who, self.details(connection, message).get("text", "")) for at, who, message in rows
        )

    def excerpt(self, connection: sqlite3.Connection, message: int, query: Node) -> str:
        """A line of what the message says, around the first word of the query in it."""
        details = self.details(connection, message)
        return excerpt(query, details.get("reply") or details.get("text", ""), details.get("subject", ""))


def subject_line(subject: str) -> str:
    """The subject as a list shows it."""
    return snippet(subject, 200)


def snippet_line(reply: str, text: str) -> str:
    """The snippet a list shows: what the person wrote, else all that is there."""
    return snippet(reply or text, SNIPPET)


def indexed(details: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """The columns of the full-text index: subject, sender, recipients, and what was written without quotes."""

    def people(*keys: str) -> str:
        return searchable(
            " ".join(f"{name} {address}" for key in keys for name, address in details.get(key, ()))
        )

    body = details.get("reply") or details.get("text", "")
    return (
        searchable(details.get("subject", "")),
        people("from", "behalf"),
        people("to", "cc"),
        searchable(body),
    )


def message_of(details: Mapping[str, Any]) -> Message:
    """A message with nothing but its ids and its people, which is what placing it needs."""
    return Message(
        message_id=details.get("id"),
        sender=_people(details, "from"),
        to=_people(details, "to"),
        cc=_people(details, "cc"),
        reply_to=_people(details, "reply_to"),
        on_behalf_of=_people(details, "behalf"),
        in_reply_to=tuple(details.get("in_reply_to", ())),
        references=tuple(details.get("references", ())),
    )


def _said_of(connection: sqlite3.Connection, message: int, size: int) -> str:
    """In words how it stands with a message of which only the beginning is here."""
    from inbox.beginnings import said_of  # loads the reader of mail, which what is whole does not need

    states = {row[0] for row in connection.execute("SELECT state FROM wholes WHERE message = ?", (message,))}
    return said_of(size, gone=states == {"gone"})


def _plain(message: Message) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "id": message.message_id,
        "date": message.date,
        "subject": message.subject,
        "from": _pairs(message.sender),
        "to": _pairs(message.to),
        "cc": _pairs(message.cc),
        "reply_to": _pairs(message.reply_to),
        "behalf": _pairs(message.on_behalf_of),
        "text": message.text,
        "reply": message.reply,
        "quoted": message.quoted,
        "signature": message.signature,
        "attachments": [(a.name, a.type, a.size, a.inline) for a in message.attachments],
        "in_reply_to": message.in_reply_to,
        "references": message.references[-100:],
        "oddities": message.oddities,
        "authentication": message.authentication,
        "automatic": message.automatic.why if message.automatic.is_automatic else None,
        "machine": message.automatic.why if not message.automatic.is_automatic else None,
        "digest": message.digest,
        "call": message.call,
    }
    return {key: value for key, value in plain.items() if value}


def _loaded(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(data.decode("utf-8", "surrogatepass"))
    return found


def _people(details: Mapping[str, Any], key: str) -> tuple[Address, ...]:
    return tuple(Address(*pair) for pair in details.get(key, ()))


def _pairs(addresses: Sequence[Address]) -> list[tuple[str, str]]:
    return [(a.name, a.address) for a in addresses]


def _item(
    number: int,
    direction: str,
    at: Instant,
    author: str,
    plain: Mapping[str, Any],
    state: str | None,
    leave_at: Instant | None,
    recipients: tuple[Recipient, ...],
) -> Item:
    return Item(
        id=number,
        direction=direction,
        at=at,
        author=author,
        message_id=plain.get("id"),
        sender=_people(plain, "from"),
        to=_people(plain, "to"),
        cc=_people(plain, "cc"),
        reply_to=_people(plain, "reply_to"),
        subject=plain.get("subject", ""),
        text=plain.get("text", ""),
        reply=plain.get("reply", ""),
        quoted=plain.get("quoted", ""),
        signature=plain.get("signature", ""),
        attachments=tuple(Attachment(*each) for each in plain.get("attachments", ())),
        oddities=tuple(plain.get("oddities", ())),
        automatic=bool(plain.get("automatic")),
        machine=tuple(plain.get("automatic") or plain.get("machine", ())),
        # what it answers counts among them: some programs write In-Reply-To alone
        references=tuple(dict.fromkeys((*plain.get("references", ()), *plain.get("in_reply_to", ())))),
        state=state,
        recipients=recipients,
        leave_at=leave_at,
        coming=plain.get("coming", 0),
        on_behalf_of=_people(plain, "behalf"),
        channel="phone" if "call" in plain else "mail",
        call=Call(*plain["call"]) if "call" in plain else None,
    )

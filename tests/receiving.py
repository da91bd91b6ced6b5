"""What must hold after every fault in receiving, asked of the store and of the server; and mail to receive."""

from __future__ import annotations

import imaplib
import os
import pwd
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from inbox.actions import decision
from inbox.channels.plan import Cursor
from inbox.model import Clock, Conversation, Instant
from inbox.ports import Row
from inbox.settings import DAY
from tests.faults.proxy import Proxy
from tests.post_office import ANNA, PostOffice, letter

WATCHED = ("INBOX", "Sent", "Junk")
WORKERS = ("sync", "clock", "import", "settings")
"""Who stands in events that no person is behind."""


def letters(count: int, first: int = 0, size: int = 0) -> list[bytes]:
    """So many questions, each of another customer."""
    return [
        letter(f"c{n}@customer.example", f"Question {n}", f"Number {n}?\n" + ("x" * 70 + "\n") * (size // 71))
        for n in range(first, first + count)
    ]


def lies_there(
    office: PostOffice, raws: Iterable[bytes], folder: str = "INBOX", since: Instant | None = None
) -> None:
    """Put much mail into a folder as the server's disk has it; the first was received at `since`, each a minute later.

    For a folder nobody has opened yet: a thousand times faster than delivering it.
    """
    office.imap.doveadm("mailbox", "status", "-u", office.user, "messages", folder)
    home = office.imap.folder / "mail" / office.user / "Maildir"
    place = (home if folder == "INBOX" else home / f".{folder}") / "cur"
    owner = pwd.getpwnam("nobody")
    at = office.clock() - 400 * DAY if since is None else since
    for number, raw in enumerate(raws):
        file = place / f"{at + 60 * number}.M{number:06}.test,S={len(raw)}:2,"
        file.write_bytes(raw)
        os.chown(file, owner.pw_uid, owner.pw_gid)
        os.utime(file, (at + 60 * number,) * 2)


def through(office: PostOffice, proxy: Proxy, folder: Path) -> PostOffice:
    """Another, empty workspace that reaches the same mailbox through a proxy."""
    box = office.mailboxes[0]._replace(imap_host=proxy.host, imap_port=proxy.port)
    return PostOffice(folder, office.imap, office.clock, (box,))


def reading(office: PostOffice, *folders: str) -> PostOffice:
    """The same workspace, its settings naming other folders: opened once more, beside the one that is open."""
    (box,) = office.mailboxes
    return PostOffice(office.folder, office.imap, office.clock, (box._replace(folders=folders),))


# --------------------------------------------------------------------------- what must hold


def on_server(office: PostOffice, *folders: str) -> set[bytes]:
    """The sha256 of every message in these folders (default: those read without a word in the settings)."""
    named = folders or office.mailboxes[0].folders or WATCHED
    return {sha for folder in named for _, sha in uids_there(office, folder)}


def cursor_of(office: PostOffice, folder: str = "INBOX") -> Cursor | None:
    """How far a folder was read."""
    return office.store.places.cursors("support").get(folder)


def never_ahead(office: PostOffice) -> None:
    """What the cursors have passed is here: each place has its bytes, and every message that is nowhere yet waits."""
    bare = "SELECT count(*) FROM places p WHERE p.size = 0 AND NOT EXISTS (SELECT 1 FROM raws r WHERE r.sha = p.sha)"
    assert office.store.read(bare) == [(0,)], "a place without bytes"
    lost = (
        "SELECT count(*) FROM places p WHERE p.message IS NULL AND NOT EXISTS (SELECT 1 FROM arrivals a WHERE"
        " (a.mailbox, a.folder, a.uidvalidity, a.uid) = (p.mailbox, p.folder, p.uidvalidity, p.uid))"
    )
    assert office.store.read(lost) == [(0,)], "a place that leads nowhere"


def none_missing(office: PostOffice, folder: str = "INBOX") -> None:
    """Of a folder from which nothing was ever deleted: every UID between the two ends of its cursor has its place."""
    cursor = cursor_of(office, folder)
    if cursor is not None:
        passed = [uid for uid in cursor.known if uid >= cursor.low]
        assert len(passed) == cursor.next_uid - cursor.low


def hashes(office: PostOffice) -> set[bytes]:
    """The sha256 of all that was received; of what we sent, that of its copies on the server."""
    return {
        row[0]
        for row in office.store.read(
            "SELECT r.sha FROM messages m JOIN raws r ON r.id = m.raw WHERE m.id NOT IN (SELECT message FROM outbox)"
            " UNION SELECT p.sha FROM places p JOIN outbox o ON o.message = p.message WHERE p.gone = 0"
        )
    }


def all_here(office: PostOffice, *folders: str, besides: Iterable[bytes] = ()) -> None:
    """All that lies on the server is here byte by byte, and nothing else but what is named; each message once.

    Each place that is not gone is a message in that folder, and each of these has its place.
    """
    never_ahead(office)
    here, there = hashes(office), on_server(office, *folders)
    assert there <= here, f"{len(there - here)} missing"
    assert here - there <= set(besides), f"{len(here - there)} too many"
    assert office.number("arrivals") == 0
    twice = "SELECT count(*) - count(DISTINCT raw) FROM messages WHERE direction = 'in'"
    assert office.store.read(twice) == [(0,)], "a message is here twice"
    for folder in folders or office.mailboxes[0].folders or WATCHED:
        known = {
            (uid, sha)
            for uid, sha in office.store.read(
                "SELECT p.uid, p.sha FROM places p JOIN cursors c USING(mailbox, folder, uidvalidity)"
                " WHERE p.folder = ? AND p.gone = 0 AND p.message IS NOT NULL",
                (folder,),
            )
        }
        assert known == uids_there(office, folder), f"places in {folder}"
    assert office.store.verify(office.clock()) == []


def uids_there(office: PostOffice, folder: str) -> set[tuple[int, bytes]]:
    """Every UID of a folder, with the sha256 of its message."""
    line = imaplib.IMAP4(office.imap.host, office.imap.port)
    try:
        line.login(office.user, "secret")
        line.select(f'"{folder}"', readonly=True)
        _, answers = line.uid("FETCH", "1:*", "(BODY.PEEK[])")
        found = set()
        for each in answers:
            if isinstance(each, tuple):
                uid = re.search(rb"UID (\d+)", each[0])
                assert uid is not None
                found.add((int(uid[1]), sha256(each[1]).digest()))
        return found
    finally:
        line.logout()


def by_subject(office: PostOffice) -> dict[str, Row]:
    """The rows of the list, by their subjects."""
    ids = office.store.ids(None, ANNA, office.clock())
    return {row.subject: row for row in office.store.rows(ids)}


@dataclass(frozen=True)
class Alarms:
    """What would call a person: conversations marked as unread, and clocks that are late."""

    unread: int
    late: int

    @classmethod
    def of(cls, office: PostOffice) -> Alarms:
        """Those of a store now."""
        ((unread, late),) = office.store.read(
            "SELECT coalesce(sum(unread), 0), coalesce(sum(due_at <= ?), 0) FROM conversations",
            (office.clock(),),
        )
        return cls(unread, late)


@dataclass(frozen=True)
class Standing:
    """All that receiving the same mail once more must not change."""

    counts: dict[str, int]
    conversations: list[Conversation]
    clocks: list[tuple[Clock, ...]]
    alarms: Alarms

    @classmethod
    def of(cls, office: PostOffice) -> Standing:
        """How everything stands."""
        ids = [one.id for one in office.conversations()]
        clocks = [office.store.clocks(each, office.clock()) for each in ids]
        return cls(office.counts(), office.conversations(), clocks, Alarms.of(office))


def done_by_people(office: PostOffice) -> list[tuple[Any, ...]]:
    """What people did, as it is recorded, what they wrote, and where their answers stand."""
    marks = ", ".join("?" * len(WORKERS))
    events = office.store.read(f"SELECT * FROM events WHERE who NOT IN ({marks}) ORDER BY seq", WORKERS)
    written = [
        (item.id, item.direction, item.text, item.state)
        for one in office.conversations()
        for item in office.items(one.id)
        if item.direction != "in"
    ]
    rows = [
        (one.id, one.status, one.assignee, tuple(sorted(one.tags)), one.held_until)
        for one in office.conversations()
        if one.assignee or one.tags or one.held_until
    ]
    return [*events, *written, *rows]


def at_work(office: PostOffice, conversations: Sequence[int]) -> None:
    """Anna works: a note, a tag and an assignment, an answer that leaves in a week, and one that is held."""
    first, second = conversations[0], conversations[-1]
    now = office.clock()
    acts: list[tuple[str, dict[str, Any]]] = [
        ("note", {"conversation": first, "text": "He rang as well."}),
        ("tag", {"conversation": first, "add": ["parcel"]}),
        ("assign", {"conversation": first, "to": "bo"}),
        ("hold", {"conversation": second, "whom": "the carrier", "until": now + 100 * DAY}),
    ]
    for verb, arguments in acts:
        outcome = office.store.change(*decision(verb, **arguments), ANNA, now)
        assert outcome.refusal is None, outcome.refusal
    (item,) = [each for each in office.items(first) if each.direction == "in"]
    outcome = office.store.change(
        *decision(
            "reply", conversation=first, text="It is on its way.", to=["jo@park.example"], sender="support@shop.example",
            item=item, leave_after=100 * DAY,
        ),
        ANNA,
        now,
    )  # fmt: skip
    assert outcome.refusal is None, outcome.refusal
    assert len(done_by_people(office)) >= 8

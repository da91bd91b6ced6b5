"""Drafts, presence and how it stands with the servers: what changes each second lies in a file of its own, so that no
screen is woken for it."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import threading
import time
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inbox.listing import Instant
from inbox.safe_file import make_shared
from storage.connection import BUSY_SECONDS, emptied, trouble, use_wal

if TYPE_CHECKING:
    from inbox.briefing import Dropped, Seen
    from inbox.habits import Habits
    from inbox.ports import Draft, MailboxState, Presence

LIVE = "live.db"
_STEPS = "first-steps"
LEASE_SECONDS = 15
"""How long a word about who looks or writes is believed without being said again."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS drafts(
    conversation INTEGER, who TEXT, kind TEXT, text TEXT NOT NULL, rest TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY(conversation, who, kind)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS put_files(
    conversation INTEGER, who TEXT, file TEXT, at INTEGER NOT NULL, PRIMARY KEY(conversation, who, file)
) WITHOUT ROWID; -- sent for somebody's draft, which has not taken them yet
CREATE TABLE IF NOT EXISTS presence(
    process TEXT PRIMARY KEY, who TEXT NOT NULL, conversation INTEGER NOT NULL, doing TEXT NOT NULL,
    boot TEXT NOT NULL, until REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen(
    who TEXT PRIMARY KEY, event INTEGER NOT NULL, at INTEGER NOT NULL, dropped TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS habits(
    who TEXT, verb TEXT, used INTEGER NOT NULL, PRIMARY KEY(who, verb)
) WITHOUT ROWID; -- of the verb "first-steps": 0 where these are not wanted
CREATE TABLE IF NOT EXISTS mailboxes(name TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS panel_asks(
    panel TEXT, asker TEXT, customer INTEGER NOT NULL, conversation INTEGER NOT NULL, asked REAL NOT NULL,
    PRIMARY KEY(panel, asker)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS panel_answers(
    panel TEXT, customer INTEGER, mark TEXT NOT NULL, text TEXT NOT NULL, at INTEGER, trouble TEXT NOT NULL,
    tried_at INTEGER NOT NULL, PRIMARY KEY(panel, customer)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS panel_answers_customer ON panel_answers(customer);
"""


class Live:
    """The file beside the store; safe to share between the threads of one process."""

    def __init__(self, workspace: Path) -> None:
        self._path = workspace / LIVE
        self._lock = threading.Lock()
        self._process = f"{os.getpid()}-{os.urandom(4).hex()}"  # whoever opens the file anew is somebody else
        with trouble(self._path):
            self._open()

    def _open(self) -> None:
        make_shared(self._path)  # the files that SQLite makes beside it get the same rights
        self._connection = sqlite3.connect(
            self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        use_wal(self._connection)
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute("PRAGMA secure_delete = ON")  # what is erased is gone from the file, too
        self._connection.executescript(_SCHEMA)
        self._inode = self._path.stat().st_ino

    @contextlib.contextmanager
    def _at_hand(self) -> Iterator[None]:
        """The file for one thread; made anew where somebody has removed it, or put another in its place: else what is
        written would be seen by nobody."""
        with self._lock, trouble(self._path):
            try:
                is_there = self._path.stat().st_ino == self._inode
            except FileNotFoundError:
                is_there = False
            if not is_there:
                self._connection.close()
                self._open()
            yield

    @contextlib.contextmanager
    def at_hand(self) -> Iterator[tuple[sqlite3.Connection, str]]:
        """The file for one thread, and what this process is called in it."""
        with self._at_hand():
            yield self._connection, self._process

    def save_draft(self, draft: Draft) -> None:
        """Keep a draft (one a conversation, person and kind); an empty text removes it."""
        with self._at_hand():
            if draft.is_empty:
                self._connection.execute(
                    "DELETE FROM drafts WHERE conversation = ? AND who = ? AND kind = ?",
                    (draft.conversation, draft.who, draft.kind),
                )
                return
            rest = json.dumps(
                {
                    "to": draft.to,
                    "cc": draft.cc,
                    "bcc": draft.bcc,
                    "subject": draft.subject,
                    "sender": draft.sender,
                    "files": draft.files,
                    "used": draft.used,
                    "call": draft.call,
                },
                ensure_ascii=False,
            )
            self._connection.execute(
                "INSERT OR REPLACE INTO drafts VALUES(?, ?, ?, ?, ?, ?)",
                (draft.conversation, draft.who, draft.kind, draft.text, rest, draft.at),
            )

    def give_back(self, draft: Draft) -> None:
        """A message that was to leave is a draft again; what its writer has begun since stays below it."""
        begun = next(
            (d for d in self.drafts(draft.conversation) if (d.who, d.kind) == (draft.who, draft.kind)), None
        )
        if begun is not None and begun.text.strip() != draft.text.strip():
            files = tuple(dict.fromkeys((*draft.files, *begun.files)))
            used = tuple(dict.fromkeys((*draft.used, *begun.used)))
            draft = replace(
                draft, text=f"{draft.text.rstrip()}\n\n{begun.text.lstrip()}".strip(), files=files, used=used
            )
        self.save_draft(draft)

    def drafted(self) -> int:
        """In how many conversations there is a draft."""
        with self._at_hand():
            found: int = self._connection.execute(
                "SELECT count(*) FROM (SELECT conversation FROM drafts UNION SELECT conversation FROM put_files)"
            ).fetchone()[0]
        return found

    def drafts(self, conversation: int | None = None) -> list[Draft]:
        """Drafts of one conversation, or all, newest first; with what was sent for them and not taken yet."""
        from inbox.ports import CallNotes, Draft, DraftFile

        with self._at_hand():
            rows = self._connection.execute(
                "SELECT conversation, who, kind, text, rest, at FROM drafts"
                " WHERE ? IS NULL OR conversation = ? ORDER BY at DESC, conversation",
                (conversation, conversation),
            ).fetchall()
            put = self._connection.execute(
                "SELECT conversation, who, file, at FROM put_files"
                " WHERE ? IS NULL OR conversation = ? ORDER BY at, file",
                (conversation, conversation),
            ).fetchall()
        found = []
        for number, who, kind, text, rest, at in rows:
            more = json.loads(rest)
            found.append(
                Draft(
                    number,
                    who,
                    kind,
                    text,
                    tuple(more["to"]),
                    tuple(more["cc"]),
                    tuple(more["bcc"]),
                    more["subject"],
                    at,
                    more.get("sender", ""),
                    tuple(DraftFile(*file) for file in more.get("files", ())),
                    tuple(more.get("used", ())),
                    CallNotes(*more["call"]) if more.get("call") else None,
                )
            )
        if put:
            from storage.put_files import with_put_files

            return with_put_files(found, put)
        return found

    def show_presence(self, who: str, conversation: int | None, doing: str) -> None:
        """Say what this process looks at or writes to; None takes it back."""
        with self._at_hand():
            if conversation is None:
                self._connection.execute("DELETE FROM presence WHERE process = ?", (self._process,))
            else:
                self._connection.execute(
                    "INSERT OR REPLACE INTO presence VALUES(?, ?, ?, ?, ?, ?)",
                    (
                        self._process,
                        who,
                        conversation,
                        doing,
                        _boot(),
                        time.clock_gettime(_CLOCK) + LEASE_SECONDS,
                    ),
                )

    def presence(self, conversation: int | None = None) -> list[Presence]:
        """What other processes look at or write to, by leases that have not expired (by boot time, which no clock
        change moves)."""
        from inbox.ports import Presence

        with self._at_hand():
            rows = self._connection.execute(
                "SELECT DISTINCT who, conversation, doing FROM presence"
                " WHERE boot = ? AND until > ? AND process <> ? AND (? IS NULL OR conversation = ?) ORDER BY who",
                (_boot(), time.clock_gettime(_CLOCK), self._process, conversation, conversation),
            ).fetchall()
        return [Presence(*row) for row in rows]

    def seen(self, who: str) -> Seen | None:
        """Until which event a person has seen the record, and when their hands were last here."""
        from inbox.briefing import Seen

        with self._at_hand():
            row = self._connection.execute(
                "SELECT event, at, dropped FROM seen WHERE who = ?", (who,)
            ).fetchone()
        return Seen(row[0], row[1], _dropped(json.loads(row[2])) if row[2] else None) if row else None

    def note_seen(self, who: str, event: int, at: Instant) -> None:
        """A person has seen everything up to an event. Of several screens of theirs the newest counts."""
        with self._at_hand():
            self._connection.execute(
                "INSERT INTO seen(who, event, at) VALUES(?, ?, ?) ON CONFLICT(who) DO UPDATE"
                " SET event = excluded.event, at = excluded.at WHERE excluded.at >= seen.at",
                (who, event, at),
            )

    def note_dropped(self, who: str, dropped: Dropped | None, last_here: Instant) -> None:
        """The line of a person was dropped (None: they are back), unless they were elsewhere since `last_here`."""
        told = json.dumps([dropped.at, *dropped.place], ensure_ascii=False) if dropped is not None else ""
        with self._at_hand():
            self._connection.execute(
                "UPDATE seen SET dropped = ? WHERE who = ? AND (? = '' OR at <= ?)",
                (told, who, told, last_here),
            )

    def habits(self, who: str) -> Habits:
        """What a person's hands know by now."""
        from inbox.habits import Habits

        with self._at_hand():
            used = dict(self._connection.execute("SELECT verb, used FROM habits WHERE who = ?", (who,)))
        steps = used.pop(_STEPS, 1)
        return Habits(used, bool(steps))

    def keep_habits(self, who: str, habits: Habits) -> None:
        """Add what was done since Frontdesk was opened to what is known of a person."""
        from inbox.habits import MOST, STEPS

        with self._at_hand(), self._connection:  # all of it, or nothing
            self._connection.execute("BEGIN IMMEDIATE")
            if habits.turned:
                self._connection.execute(
                    "INSERT OR REPLACE INTO habits VALUES(?, ?, ?)", (who, _STEPS, habits.steps)
                )
                if habits.steps:  # they begin anew
                    begin = [(who, verb) for verb in STEPS]
                    self._connection.executemany("DELETE FROM habits WHERE who = ? AND verb = ?", begin)
            self._connection.executemany(
                "INSERT INTO habits VALUES(?, ?, ?) ON CONFLICT DO UPDATE SET used = min(?, used + excluded.used)",
                [(who, verb, count, MOST) for verb, count in habits.new.items() if verb != _STEPS],
            )

    def show_mailbox(self, state: MailboxState) -> None:
        """Say how it stands with a mailbox, in place of what was said before."""
        with self._at_hand():
            self._connection.execute(
                "INSERT OR REPLACE INTO mailboxes VALUES(?, ?)",
                (state.mailbox, json.dumps(state._asdict(), ensure_ascii=False)),
            )

    def mailboxes(self) -> list[MailboxState]:
        """How it stands with each mailbox, by name."""
        with self._at_hand():
            rows = self._connection.execute("SELECT state FROM mailboxes ORDER BY name").fetchall()
        return [_mailbox(json.loads(state)) for (state,) in rows]

    def forget_mailboxes(self, but: Collection[str]) -> None:
        """Forget all mailboxes that are not named."""
        with self._at_hand():
            for state in self._connection.execute("SELECT name FROM mailboxes").fetchall():
                if state[0] not in but:
                    self._connection.execute("DELETE FROM mailboxes WHERE name = ?", state)

    def forget(
        self, customers: Collection[int], conversations: Collection[int], addresses: Collection[str] = ()
    ) -> set[str]:
        """Take away what was begun in these conversations or to these addresses alone, and what programs said of these
        customers; the digests of the files that went with it."""
        from inbox.addresses import fold_address

        begun = [
            draft
            for draft in self.drafts()
            if draft.conversation in conversations
            or (
                (to := {fold_address(each) for each in (*draft.to, *draft.cc, *draft.bcc)})
                and to <= {*addresses}
            )
        ]
        gone = {file.sha for draft in begun for file in draft.files}
        with self._at_hand():
            for draft in begun:
                self._connection.execute(
                    "DELETE FROM drafts WHERE conversation = ? AND who = ? AND kind = ?",
                    (draft.conversation, draft.who, draft.kind),
                )
                self._connection.executemany(
                    "DELETE FROM put_files WHERE conversation = ? AND who = ? AND file = ?",
                    [
                        (draft.conversation, draft.who, json.dumps(file, ensure_ascii=False))
                        for file in draft.files
                    ],
                )
            for number in customers:
                for table in ("panel_asks", "panel_answers"):
                    self._connection.execute(f"DELETE FROM {table} WHERE customer = ?", (number,))
        return gone

    def answers_of(self, customers: Collection[int]) -> int:
        """How many answers of programs about these customers are kept."""
        with self._at_hand():
            return sum(
                self._connection.execute(
                    "SELECT count(*) FROM panel_answers WHERE customer = ?", (each,)
                ).fetchone()[0]
                for each in customers
            )

    def empty_log(self) -> bool:
        """Empty the log of the file; False while somebody reads there."""
        with self._at_hand():
            return emptied(self._connection)

    def close(self) -> None:
        """Take this process's presence back and close the file."""
        with self._lock:
            self._connection.execute("DELETE FROM presence WHERE process = ?", (self._process,))
            self._connection.execute("DELETE FROM panel_asks WHERE asker = ?", (self._process,))
            self._connection.close()


def _dropped(told: list[Any]) -> Dropped:
    from inbox.briefing import Dropped, Place

    return Dropped(told[0], Place(*told[1:]))


def _mailbox(told: dict[str, Any]) -> MailboxState:
    """As the worker wrote it, which may be an older or a newer Frontdesk."""
    from inbox.ports import MailboxState

    known = {name: told[name] for name in MailboxState._fields if name in told}
    return MailboxState(**{**known, "questions": tuple(told.get("questions", ()))})


_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""

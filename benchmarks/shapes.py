"""A store in each shape that was thought of, with what it costs; `benchmarks.layout` asks the questions."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import resource
import shutil
import sqlite3
import statistics
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import zstandard

from benchmarks.mailmaker import COMMON_WORD, Mail, mails

WAL_BYTES = 16 * 2**20
"""Checkpoint when the WAL has grown to this, whatever the page size."""

Batch = list[tuple[int, int, Mail]]
"""(number, message id, mail)."""

TABLES = """
CREATE TABLE messages(id INTEGER PRIMARY KEY, conversation INT NOT NULL, at INT NOT NULL,
    direction INT NOT NULL, author INT NOT NULL, raw INT, digest BLOB);
CREATE INDEX messages_conversation ON messages(conversation, id);
CREATE TABLE message_text(id INTEGER PRIMARY KEY, subject TEXT, sender TEXT, recipients TEXT, text);
CREATE TABLE raw(id INTEGER PRIMARY KEY, sha BLOB UNIQUE, size INT, codec INT, data BLOB);
CREATE TABLE places(mailbox INT, validity INT, uid INT, raw INT, PRIMARY KEY(mailbox, validity, uid))
    WITHOUT ROWID;
CREATE TABLE msgids(message_id TEXT PRIMARY KEY, conversation INT, message INT) WITHOUT ROWID;
CREATE TABLE conversations(id INTEGER PRIMARY KEY, status INT, assignee INT, customer INT, channel INT,
    mailbox INT, subject TEXT, snippet TEXT, first_at INT, last_at INT, last_from INT, messages INT,
    unread INT, answered INT, waiting_since INT, snoozed_until INT, held_for TEXT, closed_at INT,
    closed_why TEXT,    policy TEXT, due_at INT, follow_at INT, seq INT);
CREATE INDEX conversations_due ON conversations(due_at) WHERE status < 4;
CREATE INDEX conversations_mine ON conversations(assignee, due_at) WHERE status < 4;
CREATE INDEX conversations_counts ON conversations(status, assignee, due_at, follow_at) WHERE status < 4;
CREATE INDEX conversations_customer ON conversations(customer, last_at);
CREATE INDEX conversations_status ON conversations(status, last_at);
CREATE TABLE conversation_tags(tag INT, conversation INT, PRIMARY KEY(tag, conversation)) WITHOUT ROWID;
CREATE INDEX conversation_tags_back ON conversation_tags(conversation, tag);
CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT, merged_into INT, notes TEXT);
CREATE TABLE identities(kind TEXT, value TEXT, customer INT, PRIMARY KEY(kind, value)) WITHOUT ROWID;
CREATE INDEX identities_customer ON identities(customer);
CREATE TABLE clocks(conversation INT, kind INT, state INT, started INT, due_at INT, ended INT,
    PRIMARY KEY(conversation, kind, started)) WITHOUT ROWID;
CREATE TABLE events(seq INTEGER PRIMARY KEY, type INT, at INT, recorded INT, who TEXT, conversation INT,
    customer INT, message INT, why TEXT, data TEXT, batch TEXT, void INT);
CREATE INDEX events_conversation ON events(conversation, seq);
CREATE TABLE dictionaries(id INTEGER PRIMARY KEY, data BLOB);
"""
INDEX = """CREATE VIRTUAL TABLE found USING fts5(subject, sender, recipients, text,
    content='{content}', content_rowid='id', tokenize='unicode61 remove_diacritics 2', detail={detail})"""
CHANGE = """UPDATE conversations SET snippet=?, last_at=?, due_at=?, seq=?, messages=messages+1
    WHERE id=?"""
VIEW = """CREATE VIEW indexed AS
    SELECT id, subject, sender, recipients, unpack(text) AS text FROM message_text"""


@dataclass(frozen=True)
class Layout:
    """One shape of the store; the defaults are the choice, the tables vary one thing at a time."""

    page: int = 8192
    raw: str = "zstd3+dict"  # zlib6, zstd3, zstd9, each with "+dict" or "+files"
    text: str = (
        "whole zstd3+dict"  # "plain", "none", or as raw; "whole": all that was read, not the reply alone
    )
    id_bits: int | None = 6  # ids are seconds << id_bits | n; None is a counter
    detail: str = "full"
    pragmas: tuple[str, ...] = ("auto_vacuum=INCREMENTAL",)  # before the first table


class Codec:
    """Packs bytes as the name says; "+dict" trains a dictionary of 64 KB from the samples."""

    def __init__(self, name: str, samples: Sequence[bytes]) -> None:
        method, _, option = name.partition("+")
        self.dictionary = (
            zstandard.train_dictionary(65_536, list(samples)).as_bytes() if option == "dict" else b""
        )
        self.pack: Callable[[bytes], bytes]
        self.unpack: Callable[[bytes], bytes]
        if method.startswith("zstd"):
            words = zstandard.ZstdCompressionDict(self.dictionary) if self.dictionary else None
            packer = zstandard.ZstdCompressor(int(method[4:]), dict_data=words, write_checksum=False)
            unpacker = zstandard.ZstdDecompressor(dict_data=words)
            self.pack, self.unpack = packer.compress, unpacker.decompress
        elif method == "zlib6":
            self.pack, self.unpack = zlib.compress, zlib.decompress
        else:
            self.pack = self.unpack = bytes


class Spool:
    """Made mail in a file, in the order of time, so that building a store does not also make the mail."""

    def __init__(self, path: Path, n: int, html_share: float) -> None:
        self.path, self.raw_bytes = path, 0
        places = list[tuple[int, int]]()
        with path.open("wb") as file:
            for mail in mails(n, 1, html_share):
                places.append((mail.at, file.tell()))
                pickle.dump(mail, file)
                self.raw_bytes += len(mail.raw)
        self._offsets = [offset for _, offset in sorted(places)]

    def __iter__(self) -> Iterator[Mail]:
        with self.path.open("rb") as file:
            for offset in self._offsets:
                file.seek(offset)
                yield pickle.load(file)


class Ids:
    """Hands out message ids: a counter, or ids that follow time and step aside when an instant is full."""

    def __init__(self, bits: int | None) -> None:
        self.bits, self.last, self.used = bits, 0, set[int]()

    def next(self, at: int) -> int:
        """Give the id of the next message of this instant."""
        if self.bits is None:
            self.last += 1
            return self.last
        chosen = at << self.bits
        while chosen in self.used:
            chosen += 1
        self.used.add(chosen)
        return chosen


def codecs(layout: Layout, spool: Spool) -> tuple[Codec, Codec]:
    """Give the codec of raw bytes and that of texts, trained on the first 400 mails."""
    samples = list(islice(spool, 400)) if "dict" in layout.raw + layout.text else []
    raw = Codec(layout.raw, [mail.raw for mail in samples])
    return raw, Codec(layout.text.removeprefix("whole "), [kept_of(layout, mail) for mail in samples])


def kept_of(layout: Layout, mail: Mail) -> bytes:
    """Give what the wide row holds before packing: what was said, or all that was read of the message."""
    if not layout.text.startswith("whole"):
        return mail.said.encode()
    people = {
        "from": mail.sender,
        "to": mail.recipients,
        "id": mail.message_id,
        "references": mail.references,
    }
    whole = {**people, "subject": mail.subject, "text": mail.text, "reply": mail.said}
    return json.dumps({**whole, "quoted": mail.text[len(mail.said) :]}, ensure_ascii=False).encode()


def connect(path: Path, layout: Layout, text: Codec, cache_mb: int) -> sqlite3.Connection:
    """Open a store as the product does: WAL, FULL, and the function that unpacks texts."""
    db = sqlite3.connect(path, isolation_level=None)
    for pragma in (
        f"page_size={layout.page}",
        *layout.pragmas,
        "journal_mode=WAL",
        "synchronous=FULL",
        "temp_store=MEMORY",
        f"cache_size=-{cache_mb * 1024}",
        f"wal_autocheckpoint={WAL_BYTES // layout.page}",
    ):
        db.execute(f"PRAGMA {pragma}")
    db.create_function("unpack", 1, lambda data: data and text.unpack(data).decode(), deterministic=True)
    return db


def create(path: Path, layout: Layout, text: Codec) -> sqlite3.Connection:
    """Make an empty store with an import's cache."""
    db = connect(path, layout, text, 64)
    db.executescript(TABLES)
    db.execute(VIEW)
    content = "message_text" if layout.text == "plain" else "" if layout.text[:5] == "whole" else "indexed"
    db.execute(INDEX.format(content=content, detail=layout.detail))
    return db


def rows_of(number: int, message: int, mail: Mail, sha: bytes) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Give (table, row) of everything that hangs on one mail but its bytes and text; plausible, not exact."""
    talk, at, customer = mail.conversation, mail.at, zlib.crc32(mail.customer.encode())
    yield "messages", (message, talk, at, int(mail.incoming), customer % 10_000, number, sha[:16])
    yield "places", (1, 1_700_000_000, number, number)
    yield "msgids", (mail.message_id, talk, message)
    who, snippet, due = "sync" if mail.incoming else "maya", mail.said[-140:].replace("\n", " "), at + 14_400
    for kind in (1,) if mail.incoming else (2, 3):
        yield "events", (None, kind, at, at, who, talk, customer, message, "by reference", "{}", None, 0)
    if mail.incoming:
        yield "clocks", (talk, int(bool(mail.references)), 2, at, due, at + 3000)
    if mail.references:
        yield "conversations changed", (snippet, at, due, number, talk)
        return
    yield "customers", (customer, mail.sender, None, None)
    yield "identities", ("mail", mail.customer, customer)
    yield "conversation_tags", (customer % 30, talk)
    for kind in (6, 7, 10):
        yield "events", (None, kind, at, at, "maya", talk, customer, None, "", '{"to":"maya"}', None, 0)
    status = 0 if talk % 50 == 0 else 4
    state = (talk, status, customer % 8, customer, 1, 1, mail.subject, snippet, at, at, 1, 1, 0, 1)
    yield "conversations", (*state, None, None, None, at, "answered", "default", due, None, number)


def insert(
    db: sqlite3.Connection, layout: Layout, batch: Batch, packing: tuple[Codec, Codec], files: Path
) -> float:
    """Store mails with everything that hangs on them in one transaction; answers the ms it held the lock."""
    rows = defaultdict[str, list[tuple[Any, ...]]](list)
    raw, text = packing
    for number, message, mail in batch:
        sha = hashlib.sha256(mail.raw).digest()
        packed: bytes | None = raw.pack(mail.raw)
        if layout.raw.endswith("files"):
            name = files / sha.hex()[:2] / sha.hex()
            name.parent.mkdir(parents=True, exist_ok=True)
            name.write_bytes(packed or b"")
            packed = None
        kept: str | bytes | None = mail.said
        if layout.text != "plain":
            kept = text.pack(kept_of(layout, mail)) if layout.text != "none" else None
        rows["raw"].append((number, sha, len(mail.raw), 1, packed))
        rows["message_text"].append((message, mail.subject, mail.sender, mail.recipients, kept))
        rows["found"].append((message, mail.subject, mail.sender, mail.recipients, mail.said))
        for table, row in rows_of(number, message, mail, sha):
            rows[table].append(row)
    began = time.perf_counter()
    db.execute("BEGIN IMMEDIATE")
    for table, values in rows.items():
        marks = ",".join("?" * len(values[0]))
        statement = f"INSERT OR IGNORE INTO {table} VALUES({marks})"
        if table == "found":
            values.sort()  # rowids that fall make FTS5 flush what it has gathered
            statement = f"INSERT INTO found(rowid, subject, sender, recipients, text) VALUES({marks})"
        elif table == "conversations changed":
            statement = CHANGE
        db.executemany(statement, values)
    db.execute("COMMIT")
    return (time.perf_counter() - began) * 1000


@dataclass(frozen=True)
class Figures:
    """What one store cost: shares of the raw bytes, and times in the unit the name says."""

    whole: float
    loose: float  # before the index was merged
    parts: dict[str, float]
    mails_a_second: float
    merge_s: float
    peak_mb: float
    warm_ms: float
    cold_ms: float
    search_ms: float
    delete_ms: float


def build(path: Path, layout: Layout, spool: Spool) -> Figures:
    """Build a store of all mail of the spool at `path` and measure it."""
    before = peak_mb()
    raw, text = codecs(layout, spool)
    db = create(path, layout, text)
    db.execute("INSERT INTO dictionaries VALUES(1, ?), (2, ?)", (raw.dictionary, text.dictionary))
    ids, files = Ids(layout.id_bits), path.with_suffix(".files")
    began = time.perf_counter()
    numbered = ((number, ids.next(one.at), one) for number, one in enumerate(spool, 1))
    while batch := list(islice(numbered, 1000)):
        insert(db, layout, batch, (raw, text), files)
    seconds = time.perf_counter() - began
    count: int = db.execute("SELECT count(*) FROM messages").fetchone()[0]
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    loose = path.stat().st_size / spool.raw_bytes
    merge = query_ms(db, "INSERT INTO found(found) VALUES('optimize')") / 1000
    db.executescript("PRAGMA incremental_vacuum")  # `execute` frees one page only: it stops at the first step
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    on_disk = path.stat().st_size + sum(f.stat().st_blocks * 512 for f in files.rglob("*") if f.is_file())
    parts = defaultdict[str, float](float)
    for name, size in db.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"):
        kind = name.partition("_")[0] if name.startswith("found") else name
        parts[kind if kind in ("raw", "message_text", "found") else "other"] += size / spool.raw_bytes
    peak = peak_mb() - before
    db.close()
    if files.exists():
        parts["raw"] += on_disk / spool.raw_bytes - sum(parts.values())
    times = read_times(path, layout, text)
    shutil.rmtree(files, ignore_errors=True)
    return Figures(on_disk / spool.raw_bytes, loose, dict(parts), count / seconds, merge, peak, *times)


def read_times(path: Path, layout: Layout, text: Codec) -> tuple[float, float, float, float]:
    """Give the median ms: 30 messages warm, the same cold, newest 50 hits with snippets, one FTS delete."""
    db = connect(path, layout, text, 8)
    kept = "NULL" if layout.text == "none" else "t.text" if layout.text == "plain" else "unpack(t.text)"
    query = f"""SELECT m.id, m.at, m.direction, t.subject, t.sender, t.recipients, {kept} FROM messages m
        JOIN message_text t USING(id) WHERE conversation=? ORDER BY m.id LIMIT 30"""
    many = """SELECT conversation FROM messages GROUP BY 1 HAVING count(*) >= 30
        ORDER BY conversation * 7919 % 1009"""
    chosen = db.execute(many).fetchall()[:60]
    cold = list[float]()
    for number in chosen:
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        fresh = connect(path, layout, text, 8)
        fresh.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        cold.append(query_ms(fresh, query, number))
        fresh.close()
    for _ in range(2):
        warm = [query_ms(db, query, number) for number in chosen]
    if layout.text == "none":
        return median(warm), median(cold), 0, 0
    whole = layout.text.startswith("whole")
    search = """SELECT rowid, snippet(found, 3, '[', ']', '…', 12) FROM found WHERE found MATCH ?
        ORDER BY rowid DESC LIMIT 50"""
    if whole:  # the index keeps no text: the screen cuts its snippets from the row
        search = """SELECT t.id, unpack(t.text) FROM found CROSS JOIN message_text t ON t.id = found.rowid
            WHERE found MATCH ? ORDER BY found.rowid DESC LIMIT 50"""
    hits = [query_ms(db, search, (COMMON_WORD,)) for _ in range(20)]
    content = "message_text" if layout.text == "plain" else "indexed"
    taken = db.execute(f"SELECT id, subject, sender, recipients, text FROM {content} LIMIT 100").fetchall()
    if whole:
        taken = [(*row[:4], json.loads(row[4])["reply"]) for row in taken]
    delete = "INSERT INTO found(found, rowid, subject, sender, recipients, text) VALUES('delete',?,?,?,?,?)"
    gone = [query_ms(db, delete, row) for row in taken]
    db.close()
    return median(warm), median(cold), median(hits), median(gone)


def milliseconds(work: Callable[[], object]) -> float:
    """Time one call."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def query_ms(db: sqlite3.Connection, sql: str, values: Sequence[Any] = ()) -> float:
    """Time one statement and the reading of all it gives."""
    began = time.perf_counter()
    db.execute(sql, values).fetchall()
    return (time.perf_counter() - began) * 1000


def median(values: Iterable[float]) -> float:
    """Give the middle value; 0 for none."""
    return statistics.median(list(values) or [0.0])


def spread(values: list[float]) -> str:
    """Write the median and the 99th percentile."""
    return f"{median(values):6.2f}/{statistics.quantiles(values, n=100)[98]:6.2f}"


def peak_mb() -> float:
    """Give the most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def remove(path: Path) -> None:
    """Remove a store with its WAL."""
    for name in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        name.unlink(missing_ok=True)

"""What the shape of the store costs: bytes, import, reads, commits. Behind docs/storage-decisions.md.

Run by hand: `python -m benchmarks.layout [--n 30000] [--only pages raw text ids merge commits large]`.
It makes its own mail, works in a temporary folder and prints one table a question. Each store is built in a
process of its own, so that memory can be told apart. Ratios within one run mean something; milliseconds are
this machine's.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sqlite3
import tempfile
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice
from pathlib import Path

from benchmarks.mailmaker import COMMON_WORD
from benchmarks.shapes import (
    INDEX,
    Codec,
    Ids,
    Layout,
    Spool,
    build,
    codecs,
    connect,
    create,
    insert,
    median,
    milliseconds,
    query_ms,
    remove,
    spread,
)


def stores(title: str, layouts: dict[str, Layout], spool: Spool, folder: Path) -> None:
    """Build each layout in a process of its own and print a line for each."""
    print(f"\n{title} ({spool.raw_bytes / 2**20:.0f} MB of raw mail; shares of the raw bytes, s, ms)")
    print(f"{'':24} whole (loose)  raw  text index other | mails/s  merge  MB | warm   cold | search delete")
    for name, layout in layouts.items():
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            f = pool.apply(build, (folder / "store.db", layout, spool))
        parts = "".join(f" {f.parts.get(p, 0):5.2f}" for p in ("raw", "message_text", "found", "other"))
        shares = f"{f.whole:5.2f} ({f.loose:5.2f}){parts}"
        costs = f"{f.mails_a_second:7.0f} {f.merge_s:6.2f} {f.peak_mb:3.0f}"
        print(
            f"{name:24} {shares} | {costs} | {f.warm_ms:4.2f} {f.cold_ms:6.2f} |",
            end="",
        )
        print(f" {f.search_ms:6.2f} {f.delete_ms:6.3f}", flush=True)
        remove(folder / "store.db")


def ask_pages(text: Spool, markup: Spool, folder: Path) -> None:
    """Page size, on text mail and on mail of which 60 % carry HTML."""
    layouts = {f"page {size}": Layout(page=size) for size in (4096, 8192, 16384)}
    layouts["page 8192, no auto_vacuum"] = Layout(pragmas=())
    stores("Page size, text mail", layouts, text, folder)
    stores("Page size, 60 % HTML", layouts, markup, folder)


def ask_raw(text: Spool, markup: Spool, folder: Path) -> None:
    """How raw bytes are kept."""
    names = ("zlib6", "zstd3", "zstd9", "zstd3+dict", "zstd9+dict", "zstd3+files")
    layouts = {f"raw {name}": Layout(raw=name) for name in names}
    stores("Raw bytes, text mail", layouts, text, folder)
    some = {name: layouts[name] for name in ("raw zlib6", "raw zstd3", "raw zstd3+dict")}
    stores("Raw bytes, 60 % HTML", some, markup, folder)


def ask_text(text: Spool, folder: Path) -> None:
    """How texts are kept (the reply alone, or all that was read), and what positions in the index cost."""
    names = ("none", "plain", "zlib6", "zstd3", "zstd3+dict", "whole zstd3", "whole zstd3+dict")
    layouts = {name: Layout(text=name) for name in names}
    layouts["whole zstd3, raw zstd3"] = Layout(text="whole zstd3", raw="zstd3")
    layouts["zstd3, raw zstd3"] = Layout(text="zstd3", raw="zstd3")
    layouts["plain, raw zstd3"] = Layout(text="plain", raw="zstd3")
    layouts["whole, detail=column"] = Layout(detail="column")
    stores("Texts and index, text mail", layouts, text, folder)


Row = tuple[int, str, str, str, str]
"""(at, subject, sender, recipients, text)."""


def fill(db: sqlite3.Connection, rows: Iterable[Row], ids: Ids, step: int, tidy: bool = True) -> float:
    """Index the rows `step` a transaction, sorted by id within it if `tidy`; answers mails a second."""
    db.execute("PRAGMA synchronous=OFF")
    db.execute("CREATE TABLE messages(id INTEGER PRIMARY KEY, at INT)")
    numbered = ((ids.next(at), subject, sender, to, said, at) for at, subject, sender, to, said in rows)
    count, began = 0, time.perf_counter()
    while batch := list(islice(numbered, step)):
        count += len(batch)
        if tidy:
            batch.sort()
        db.execute("BEGIN")
        db.executemany("INSERT INTO messages VALUES(?,?)", [(row[0], row[5]) for row in batch])
        statement = "INSERT INTO found(rowid, subject, sender, recipients, text) VALUES(?,?,?,?,?)"
        db.executemany(statement, [row[:5] for row in batch])
        db.execute("COMMIT")
    return count / (time.perf_counter() - began)


def index_kb(db: sqlite3.Connection) -> int:
    """Give the size of the index in KB."""
    query = "SELECT sum(pgsize) / 1024 FROM dbstat WHERE name LIKE 'found%'"
    return int(db.execute(query).fetchone()[0])


def ask_ids(spool: Spool, folder: Path) -> None:
    """What ids that follow time cost the index, by width and by the order in which mail arrives."""
    print("\nMessage ids (index only)")
    print(f"{'':34} index KB merged KB | mails/s | newest 50 of a word in all, ms: by rowid  by time")
    rows = [(mail.at, mail.subject, mail.sender, mail.recipients, mail.said) for mail in spool]
    mixed = sorted(rows, key=lambda row: zlib.crc32(row[4].encode()))
    cases: list[tuple[str, int | None, list[Row], bool, int]] = [
        ("counter, in order", None, rows, True, 1000),
        *((f"seconds << {bits}, in order", bits, rows, True, 1000) for bits in (0, 4, 6, 8, 10, 20)),
        ("counter, any order", None, mixed, True, 1000),
        ("seconds << 6, newest first", 6, rows[::-1], True, 1000),
        ("seconds << 6, any order", 6, mixed, True, 1000),
        ("seconds << 6, any order, by 50", 6, mixed, True, 50),
        ("seconds << 6, any order, unsorted", 6, mixed, False, 1000),
    ]
    for name, bits, order, tidy, step in cases:
        db = connect(folder / "ids.db", Layout(), Codec("plain", []), 64)
        db.execute(INDEX.format(content="", detail="full"))
        rate = fill(db, order, Ids(bits), step, tidy)
        loose = index_kb(db)
        db.execute("INSERT INTO found(found) VALUES('optimize')")
        newest = "SELECT rowid FROM found WHERE found MATCH ? ORDER BY rowid DESC LIMIT 50"
        by_time = """SELECT found.rowid FROM found JOIN messages ON id = found.rowid WHERE found MATCH ?
            ORDER BY at DESC LIMIT 50"""
        times = [median(query_ms(db, query, ("the",)) for _ in range(9)) for query in (newest, by_time)]
        print(
            f"{name:34} {loose:8} {index_kb(db):9} | {rate:7.0f} | {times[0]:39.2f} {times[1]:8.2f}",
            flush=True,
        )
        db.close()
        remove(folder / "ids.db")


def ask_merge(spool: Spool, folder: Path) -> None:
    """How a bulk import should merge the index, and what an `optimize` at the end does to the file."""
    print("\nMerging the index (index only, by 1000)")
    print(f"{'':34} mails/s index KB file KB | 50 hits ms | optimize s: file KB  free KB | 50 hits ms")
    rows = [(mail.at, mail.subject, mail.sender, mail.recipients, mail.said) for mail in spool]
    cases: dict[str, dict[str, int]] = {
        "as it comes (automerge 4)": {},
        "automerge 8": {"automerge": 8},
        "automerge 0, crisismerge 64": {"automerge": 0, "crisismerge": 64},
        "hashsize 16 MB": {"hashsize": 16 * 2**20},
        "hashsize 16 MB, by 10 000": {"hashsize": 16 * 2**20, "step": 10_000},
        "secure_delete off": {"secure": 0},
    }
    newest = "SELECT rowid FROM found WHERE found MATCH ? ORDER BY rowid DESC LIMIT 50"
    for name, options in cases.items():
        path = folder / "merge.db"
        db = connect(path, Layout(), Codec("plain", []), 64)
        if options.pop("secure", 1) == 0:
            db.execute("PRAGMA secure_delete=0")
        step = options.pop("step", 1000)
        db.execute(INDEX.format(content="", detail="full"))
        for option, value in options.items():
            db.execute("INSERT INTO found(found, rank) VALUES(?, ?)", (option, value))
        rate = fill(db, rows, Ids(6), step)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        index, file = index_kb(db), path.stat().st_size // 1024
        before = median(query_ms(db, newest, (COMMON_WORD,)) for _ in range(9))
        seconds = query_ms(db, "INSERT INTO found(found) VALUES('optimize')") / 1000
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        free = db.execute("PRAGMA freelist_count").fetchone()[0] * Layout().page // 1024
        after = median(query_ms(db, newest, (COMMON_WORD,)) for _ in range(9))
        print(
            f"{name:34} {rate:7.0f} {index:8} {file:7} | {before:10.2f} |"
            f" {seconds:10.2f} {path.stat().st_size // 1024:8} {free:8} | {after:10.2f}",
            flush=True,
        )
        db.close()
        remove(path)


def ask_commits(spool: Spool, folder: Path) -> None:
    """What a durable change costs: bare, a change of one conversation, 50 received mails."""
    print("\nCommits, WAL, synchronous=FULL (ms)")
    print(
        f"{'':12} bare p50/p99  | change p50/p99 (NORMAL) WAL bytes | lock for 50 mails p50/p99 | checkpoint"
    )
    for page in (4096, 8192, 16384):
        layout, path = Layout(page=page), folder / "commits.db"
        packing = codecs(layout, spool)
        db = create(path, layout, packing[1])
        ids = Ids(6)
        numbered = iter(
            [(number, ids.next(one.at), one) for number, one in enumerate(islice(spool, 20_000), 1)]
        )
        for _ in range(15):
            insert(db, layout, list(islice(numbered, 1000)), packing, folder)
        db.execute("CREATE TABLE bare(id INTEGER PRIMARY KEY, n INT)")
        db.execute("PRAGMA wal_autocheckpoint=0")
        talks = [row[0] for row in db.execute("SELECT id FROM conversations ORDER BY id * 7919 % 10007")]

        bare = [query_ms(db, "INSERT INTO bare VALUES(NULL, ?)", (n,)) for n in range(300)]
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        full = [change_ms(db, talks, n) for n in range(300)]
        wal = path.with_name("commits.db-wal").stat().st_size // 300
        db.execute("PRAGMA synchronous=NORMAL")
        normal = [change_ms(db, talks, n) for n in range(300, 600)]
        db.execute("PRAGMA synchronous=FULL")
        slices = list[float]()
        while batch := list(islice(numbered, 50)):
            slices.append(insert(db, layout, batch, packing, folder))
        check = query_ms(db, "PRAGMA wal_checkpoint(TRUNCATE)")
        print(
            f"page {page:6} {spread(bare)} | {spread(full)} ({median(normal):.2f}) {wal:9} |"
            f" {spread(slices)} | {check:.0f}",
            flush=True,
        )
        db.close()
        remove(path)


def change_ms(db: sqlite3.Connection, talks: list[int], n: int) -> float:
    """Assign one conversation: read it, write an event and the row; answers the ms until it is durable."""
    talk = talks[n % len(talks)]
    began = time.perf_counter()
    db.execute("BEGIN IMMEDIATE")
    db.execute("SELECT * FROM conversations WHERE id=?", (talk,)).fetchone()
    event = (None, 6, n, n, "maya", talk, 1, None, "", '{"to":"tom"}', None, 0)
    db.execute("INSERT INTO events VALUES(?,?,?,?,?,?,?,?,?,?,?,?)", event)
    db.execute("UPDATE conversations SET assignee=?, status=0, due_at=? WHERE id=?", (n % 8, n, talk))
    db.execute("COMMIT")
    return (time.perf_counter() - began) * 1000


def ask_large(folder: Path) -> None:
    """Large raw bytes that do not compress: a row of the store against a synced file of its own."""
    print("\nLarge raw bytes (ms, median of 7)")
    print(f"{'':8} row: write WAL+checkpoint  read | file: write  read")
    path = folder / "large.db"
    db = connect(path, Layout(), Codec("plain", []), 8)
    db.execute("PRAGMA wal_autocheckpoint=0")
    db.execute("CREATE TABLE raw(id INTEGER PRIMARY KEY, data BLOB)")
    for kilobytes in (16, 64, 256, 1024, 4096, 16384, 51200):
        times = defaultdict[str, list[float]](list)
        for n in range(7):
            data, file = os.urandom(kilobytes * 1024), folder / f"large-{n}"
            number = kilobytes * 10 + n
            times["row"].append(query_ms(db, "INSERT INTO raw VALUES(?,?)", (number, data)))
            times["check"].append(query_ms(db, "PRAGMA wal_checkpoint(TRUNCATE)"))
            times["read"].append(query_ms(db, "SELECT data FROM raw WHERE id=?", (number,)))
            times["file"].append(milliseconds(partial(write_synced, file, data)))
            times["file read"].append(milliseconds(file.read_bytes))
            file.unlink()
        m = {name: median(values) for name, values in times.items()}
        print(
            f"{kilobytes:5} KB {m['row']:9.2f} {m['check']:14.2f} {m['read']:6.2f} | {m['file']:11.2f}"
            f" {m['file read']:5.2f}",
            flush=True,
        )
    db.close()
    remove(path)


def write_synced(path: Path, data: bytes) -> None:
    """Write a file so that it and its name survive a power cut."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    fd = os.open(path.parent, os.O_RDONLY)
    os.fsync(fd)
    os.close(fd)


def main() -> None:
    questions = ("pages", "raw", "text", "ids", "merge", "commits", "large")
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--n", type=int, default=30_000, help="mails of the text set; the HTML set has a third"
    )
    parser.add_argument("--only", nargs="+", choices=questions, default=questions)
    parser.add_argument("--folder", type=Path, help="where to work (default: the system's temporary folder)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        text = Spool(folder / "text", given.n, 0.0)
        markup = Spool(folder / "markup", given.n // 3 if {"pages", "raw"} & set(given.only) else 1, 0.6)
        asked: dict[str, Callable[[], None]] = {
            "pages": lambda: ask_pages(text, markup, folder),
            "raw": lambda: ask_raw(text, markup, folder),
            "text": lambda: ask_text(text, folder),
            "ids": lambda: ask_ids(text, folder),
            "merge": lambda: ask_merge(text, folder),
            "commits": lambda: ask_commits(text, folder),
            "large": lambda: ask_large(folder),
        }
        for question in given.only:
            asked[question]()


if __name__ == "__main__":
    main()

"""What screens and commands ask of the store, at each size: milliseconds, and how they grow from one to the next.

Everything lies in memory after the first rounds, so processor time is what is measured: it does not hang on who else
uses the machine.

Run by hand: `python -m benchmarks.reading [--n 10000 100000] [--plans] [--restricted] [--folder DIR]`. The first line is
the least any question can cost: one look-up by id through Python's sqlite3; `x bare` compares with it, `growth` the
largest size with the smallest. With `--plans` it says how SQLite answers what the views ask, and where it sorts. With
`--restricted` a copy is asked by somebody who may not see every tenth conversation.
"""

from __future__ import annotations

import argparse
import gc
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC
from functools import partial
from pathlib import Path

from benchmarks.mailmaker import COMMON_WORD, RARE_WORD
from benchmarks.workspace import ME, NOW, SIZES, default_folder, workspace
from inbox.queries import Node, parse
from inbox.views import VIEWS
from storage.workspace import Workspace, open_store

PAGE = 50
SECONDS = 1.0
"""How long each question is asked again, at least five times."""

Question = tuple[str, float | None, Callable[[Workspace], object]]
"""What is asked, the milliseconds it may take at any size, and how."""


def milliseconds(work: Callable[[], object]) -> float:
    """The median of many rounds, after two that fill the caches."""
    for _ in range(2):
        work()
    gc.collect()
    found: list[float] = []
    end = time.perf_counter() + SECONDS
    while len(found) < 5 or (time.perf_counter() < end and len(found) < 2000):
        began = time.thread_time()
        work()
        found.append(time.thread_time() - began)
    return statistics.median(found) * 1000


def page(query: Node | None, store: Workspace) -> object:
    """The first page of a list: ids and rows."""
    return store.rows(store.ids(query, ME, NOW, PAGE))


def found(text: str, store: Workspace) -> object:
    """The first page of what a search finds, with its snippets."""
    return store.search(parse(text, NOW, UTC), ME, NOW, PAGE)


def listed(text: str, store: Workspace) -> object:
    """The first page of the conversations a search finds, in working order."""
    return page(parse(text, NOW, UTC), store)


def questions(store: Workspace) -> list[Question]:
    """Everything that is asked, with what it may take (docs/storage-decisions.md)."""
    views: list[Question] = [
        (f"page of {view.label}", 1.0, partial(page, view.seen_by(ME.role)))
        for view in VIEWS.values()
        if view.node is not None
    ]
    # The conversation nearest to thirty messages, and the customers with the most conversations and with the median.
    long = one(store, "SELECT id FROM conversations ORDER BY abs(messages - 30), id LIMIT 1")
    customers = store.read("SELECT customer, count(*) FROM conversations GROUP BY customer ORDER BY 2 DESC")
    busy, usual = customers[0][0], customers[len(customers) // 2][0]
    two = f"{COMMON_WORD} shipment"
    return [
        *views,
        ("counts of all views", 0.1, lambda s: s.counts(ME, NOW)),
        ("ids of All, in full", None, lambda s: s.ids(VIEWS["all"].node, ME, NOW)),
        ("conversation of 30: messages", 10.0, lambda s: s.items(long)),
        ("conversation of 30: events", None, lambda s: s.events(long)),
        ("panel of the usual customer", 1.0, lambda s: s.panel(usual)),
        ("panel of the busiest customer", 1.0, lambda s: s.panel(busy)),
        (f"search {RARE_WORD}", 10.0, partial(found, RARE_WORD)),
        (f"search {COMMON_WORD}", 10.0, partial(found, COMMON_WORD)),
        ("search the", 10.0, partial(found, "the")),
        (f"search {two}", 10.0, partial(found, two)),
        ('search "thank you"', 10.0, partial(found, '"thank you"')),
        ("search invo*", 10.0, partial(found, "invo*")),
        ("search con*", 10.0, partial(found, "con*")),
        ("search the status:closed (many)", 10.0, partial(found, "the status:closed")),
        ("search the is:open (few)", 200.0, partial(found, "the status:open")),
        ("search the tag:refund (few)", 200.0, partial(found, "the tag:refund")),
        ("search the tag:nowhere (none)", 200.0, partial(found, "the tag:nowhere")),
        ("search the from:maya status:open", 200.0, partial(found, "the from:maya status:open")),
        (f"list {RARE_WORD}", 10.0, partial(listed, RARE_WORD)),
        (f"list {COMMON_WORD}", None, partial(listed, COMMON_WORD)),
        ("list the", None, partial(listed, "the")),
    ]


def one(store: Workspace, sql: str) -> int:
    """The first value of the first row."""
    return int(store.read(sql)[0][0])


def measure(path: Path, restricted: bool = False) -> dict[str, tuple[float | None, float]]:
    """Limit and milliseconds of every question in one workspace."""
    if restricted:
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            shutil.copytree(path, folder, dirs_exist_ok=True)
            restrict(Path(folder))
            return measure(Path(folder))
    store = open_store(path, create=False)
    store.seen_by(ME)
    message = one(store, "SELECT id FROM messages LIMIT 1 OFFSET 500")
    results: dict[str, tuple[float | None, float]] = {
        "bare look-up by id": (
            None,
            milliseconds(lambda: store.read("SELECT at FROM messages WHERE id = ?", (message,))),
        ),
        "open the store, first look": (None, milliseconds(partial(opened, path))),
    }
    for name, limit, ask in questions(store):
        results[name] = limit, milliseconds(partial(ask, store))
    store.close()
    return results


def restrict(path: Path) -> None:
    """Let every tenth conversation have gone through a mailbox that nobody may see."""
    store = open_store(path, create=False)
    with store.writing() as transaction:
        connection = transaction.connection
        connection.execute("INSERT INTO restricted_mailboxes VALUES('hr', '[]', 0, 0, 0)")
        connection.execute("INSERT INTO restricted SELECT id, 'hr' FROM conversations WHERE id % 10 = 0")
        connection.execute(
            "INSERT INTO restricted_people SELECT customer, id FROM conversations"
            " WHERE id % 10 = 0 AND customer IS NOT NULL"
        )
    store.close()


def opened(path: Path) -> None:
    """Open a store, look once, close it."""
    store = open_store(path, create=False)
    store.seen_by(ME)
    store.read("SELECT 1 FROM conversations LIMIT 1")
    store.close()


def plans(path: Path) -> None:
    """How SQLite answers what was asked for the page of each view."""
    store = open_store(path, create=False)
    reader = store._reader
    asked: dict[str, None] = {}
    reader.set_trace_callback(asked.setdefault)
    for view in VIEWS.values():
        asked.clear()
        if view.node is None:
            continue
        store.ids(view.seen_by(ME.role), ME, NOW, PAGE)
        print(f"\n{view.label}")
        for sql in list(asked):
            show_plan(reader, sql)
    store.close()


def show_plan(connection: sqlite3.Connection, sql: str) -> None:
    """One statement and its plan."""
    print(f"  {sql}")
    for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall():
        print(f"      {row[3]}")


def main() -> None:
    """Print the table, or the plans."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--n", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--folder", type=Path, default=default_folder())
    parser.add_argument("--plans", action="store_true")
    parser.add_argument("--restricted", action="store_true")
    given = parser.parse_args()
    if given.plans:
        plans(workspace(given.n[-1], given.folder))
        return
    columns = [measure(workspace(n, given.folder), given.restricted) for n in given.n]
    bare = columns[-1]["bare look-up by id"][1]
    print(
        f"{'ms of processor, warm, medians':36}"
        + "".join(f"{n:>10}" for n in given.n)
        + f"{'growth':>8}{'x bare':>9}  limit"
    )
    for name, (limit, last) in columns[-1].items():
        times = [column[name][1] for column in columns]
        over = limit is not None and last > limit
        print(
            f"{name:36}"
            + "".join(f"{ms:10.3f}" for ms in times)
            + f"{last / times[0]:8.1f}{last / bare:9.0f}"
            + (f"  {limit:g}{'  OVER' if over else ''}" if limit is not None else "")
        )


if __name__ == "__main__":
    main()

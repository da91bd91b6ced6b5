"""What a report costs: time, and memory, over 100 000 conversations in its span and the one before.

Run by hand: `python -m benchmarks.report [--n 100000]`. The record is written straight into the tables, each
conversation with seven events (asked, answered, asked again, answered, closed), a tenth still open; the report reads it as
it reads any. Each table is asked for in the same pass.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from inbox.figures import GROUPINGS, Span, gather
from inbox.listing import Who
from inbox.model import EventType as E
from inbox.settings import load
from storage.workspace import Workspace, open_store

NOW = 1_780_000_000
ZONE = ZoneInfo("Europe/Berlin")
TEAM = ("maya", "tom", "irena", "luis")
TAGS = ("billing", "delivery", "login", "refund")
_DAY = 86_400
_HOURS = """
[hours]
zone = "Europe/Berlin"
week = { mon = ["09:00-17:00"], tue = ["09:00-17:00"], wed = ["09:00-17:00"], thu = ["09:00-17:00"], fri = ["09:00-17:00"] }
"""

_Row = tuple[int, int, int, str, int, int, str, int, int]


def told(number: int, draw: random.Random) -> Iterator[tuple[E, int, str, int, dict[str, object]]]:
    """Type, instant, who, message and data of the events of one conversation."""
    at = NOW - draw.randrange(180 * _DAY)
    who, message = draw.choice(TEAM), number * 4
    for turn in range(2):
        yield E.RECEIVED, at, "sync", message + 2 * turn, {"side": "customer", "customer": number // 3 + 1}
        if draw.random() < 0.1:
            return
        at += draw.randrange(2 * _DAY)
        yield E.QUEUED, at, who, message + 2 * turn + 1, {"then": "waiting"}
        yield E.SENT, at + 30, "worker", message + 2 * turn + 1, {}
        at += draw.randrange(2 * _DAY)
    yield E.CLOSED, at, who, 0, {"why": draw.choice(("resolved", "thanks"))}


def fill(store: Workspace, count: int) -> int:
    """Write so many conversations; how many events."""
    draw, seq = random.Random(1), 10  # behind what settings have written down
    with store.writing() as transaction:
        connection = transaction.connection
        connection.executemany(
            "INSERT INTO customers(id, name, folded) VALUES(?, ?, ?)",
            ((n, f"Customer {n}", f"customer {n}") for n in range(1, count // 3 + 2)),
        )
        for number in range(1, count + 1):
            rows: list[_Row] = []
            for kind, at, who, message, data in told(number, draw):
                seq += 1
                rows.append(
                    (seq, int(kind), min(at, NOW), who, number, message, json.dumps(data), seq, number)
                )
            connection.executemany(
                "INSERT INTO events(seq, type, at, recorded, who, conversation, message, data, batch, home)"
                " VALUES(?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                rows,
            )
            closed = rows[-1][1] == E.CLOSED
            connection.execute(
                "INSERT INTO conversations(id, status, customer, channel, subject, snippet, first_at, last_at, last_from,"
                " messages, unread, notice, answered, sending, failed, approvals, quarantined, policy, seq, closed_why)"
                " VALUES(?, ?, ?, 'mail', '', '', ?, ?, 'us', 4, 0, 0, 1, 0, 0, 0, 0, 'default', ?, ?)",
                (number, "closed" if closed else "open", number // 3 + 1, rows[0][2], rows[-1][2], seq,
                 "resolved" if closed else None),
            )  # fmt: skip
            if number % 3 == 0:
                connection.execute(
                    "INSERT INTO conversation_tags(tag, conversation) VALUES(?, ?)",
                    (draw.choice(TAGS), number),
                )
    return seq


def megabytes() -> float:
    """The most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--n", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "settings.toml").write_text(_HOURS, "utf-8")
        store = open_store(Path(name) / "workspace")
        store.adopt(load(Path(name) / "settings.toml", now=NOW), NOW - 400 * _DAY)
        events = fill(store, given.n)
        before, began, cpu = megabytes(), time.perf_counter(), time.process_time()
        found = gather(store, Span(NOW - 90 * _DAY, NOW), ZONE, NOW, Who(""))
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        assert found is not None
        print(f"{given.n} conversations, {events} events, two spans of 90 days")
        print(
            f"one pass over the record: {seconds:.1f} s ({cpu:.1f} s of processor), {given.n / seconds:.0f}/s"
        )
        for by in GROUPINGS:
            began = time.perf_counter()
            rows = len(found.table(by).rows)
            print(f"  by {by:9} {rows:6} rows {time.perf_counter() - began:6.2f} s")
        print(f"memory: {megabytes() - before:.0f} MB more than before, {megabytes():.0f} MB in all")
        store.close()


if __name__ == "__main__":
    main()

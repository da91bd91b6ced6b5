"""What a new policy costs: 200 000 conversations with clocks running are derived again while another process works.

Run by hand: `python -m benchmarks.policy_change [--n 200000] [--verify] [--profile]`. A thousand conversations come in and
are worked on as in life; the rest are copies of their rows, each thousand some time later. Beside the total: how long the
write lock was held at a time, and how long a second process waited for each of its own changes and reads meanwhile,
against the same on a quiet workspace. Seconds are this machine's; the aims: 10 s in all, 15 ms a slice.
"""

from __future__ import annotations

import argparse
import cProfile
import multiprocessing
import os
import pstats
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate
from multiprocessing.synchronize import Event as Flag
from pathlib import Path
from statistics import median

from inbox import mime
from inbox.actions import decision, receive
from inbox.model import Role, Who
from inbox.settings import Settings, load
from inbox.us import Us
from storage.transaction import Transaction
from storage.workspace import Workspace, open_store

OURS = "support@shop.example"
US = Us.of([OURS])
NOW = 1_780_000_000
SEEDS = 1_000
SPAN = 21 * 86_400
"""Over so many seconds they come, one after the other."""
_DAY = 86_400
_INSTANTS = ("at", "recorded", "since", "first_at", "last_at", "waiting_since", "due_at", "warn_at")
_ANN = Who("ann", Role.AGENT)
_HOURS = """
[hours]
zone = "Europe/Berlin"
week = { mon = ["09:00-17:00"], tue = ["09:00-17:00"], wed = ["09:00-17:00"], thu = ["09:00-17:00"], fri = ["09:00-17:00"] }
"""
_NEW = """
[[policy]]
name = "billing"
when = "tag:billing"
first_reply = "2h"
next_reply = "3h"

[[policy]]
name = "quick"
first_reply = "4h"
next_reply = "6h"
resolve = "40h"
"""


def settings(folder: Path, text: str) -> Settings:
    """Settings of this text, as a person would have written them."""
    path = folder / "settings.toml"
    path.write_text(text, "utf-8")
    return load(path, now=NOW)


def mail(number: int, turn: int, ours: bool, at: int) -> bytes:
    """One mail of a conversation."""
    made = EmailMessage()
    customer = f"customer{number}@park.example"
    made["From"], made["To"] = (OURS, customer) if ours else (customer, OURS)
    made["Subject"], made["Date"], made["Message-ID"] = (
        f"Parcel {number}",
        formatdate(at),
        f"<{number}.{turn}@park.example>",
    )
    if turn:
        made["In-Reply-To"] = made["References"] = f"<{number}.{turn - 1}@park.example>"
    made.set_content(f"Letter {turn} about parcel {number}, which should have come on Friday.")
    return made.as_bytes()


def seed(store: Workspace, number: int, draw: random.Random) -> None:
    """One conversation: all ask, some are answered, some ask again; some wait, are snoozed, held, tagged."""
    at = NOW - SPAN + number
    turns = draw.choices(((False,), (False, False), (False, True), (False, True, False)), (55, 10, 10, 25))[0]
    for turn, ours in enumerate(turns):
        at += draw.randrange(_DAY) if turn else 0
        raw = mail(number, turn, ours, at)
        arrival = receive.Arrival(mime.parse(raw), raw, at, trusted=ours, us=US)
        store.change(receive.scope(arrival), receive.deciding(arrival), Who("sync"), at)
    lot = draw.random()
    if lot < 0.05:
        store.change(*decision("snooze", conversation=number, until=NOW + _DAY), _ANN, at)
    elif lot < 0.1:
        store.change(*decision("hold", conversation=number, whom="the carrier"), _ANN, at)
    elif lot < 0.2:
        store.change(*decision("tag", conversation=number, add=["billing"]), _ANN, at)
    elif lot < 0.3:
        store.change(*decision("assign", conversation=number, to="bo"), _ANN, at)


def copy(store: Workspace, count: int) -> None:
    """As many conversations as asked for: the first thousand again and again, under other numbers."""
    with store.writing() as transaction:
        sql = transaction.connection
        events, messages = sql.execute("SELECT max(seq), max(message) FROM events").fetchone()
        for table, numbers in {
            "events": {"seq": events, "batch": events, "conversation": SEEDS, "home": SEEDS, "message": messages},
            "messages": {"id": messages, "conversation": SEEDS},
            "details": {"message": messages},
            "msgids": {"message": messages},
            "participants": {"conversation": SEEDS},
            "conversation_tags": {"conversation": SEEDS},
            "conversations": {
                "id": SEEDS, "seq": events, "told": events, "first_message": messages, "last_message": messages
            },
        }.items():  # fmt: skip
            names = [row[1] for row in sql.execute(f"PRAGMA table_info({table})")]
            own = next(iter(numbers))
            values = ", ".join(
                "NULL"
                if name == "identity"
                else f"{name} + {numbers[name]} * :k"
                if name in numbers
                else f"{name} + :later * :k"
                if name in _INSTANTS
                else name
                for name in names
            )
            only = "conversation IS NOT NULL AND " if table == "events" else ""
            for k in range(1, count // SEEDS):
                sql.execute(
                    f"INSERT INTO {table}({', '.join(names)}) SELECT {values} FROM {table}"
                    f" WHERE {only}{own} <= :most",
                    {"k": k, "most": numbers[own], "later": (SPAN - _DAY) * SEEDS // count},
                )
        sql.execute("INSERT OR REPLACE INTO meta VALUES('next_conversation', ?)", (count + 1,))


def build(folder: Path, count: int) -> Path:
    """The workspace of so many conversations."""
    store = open_store(folder / "workspace")
    store._writer.execute("PRAGMA synchronous = OFF")  # it need not outlive the machine
    store.adopt(settings(folder, _HOURS), NOW - 30 * _DAY)
    draw = random.Random(1)
    for number in range(1, SEEDS + 1):
        seed(store, number, draw)
    copy(store, count)
    store.close()
    return folder / "workspace"


def at_work(path: Path, stop: Flag, queue: multiprocessing.Queue[tuple[list[float], list[float]]]) -> None:
    """A second process: assigns a conversation and reads a list, ten times a second."""
    store = open_store(path)
    quiet = store.watch(lambda _: None)
    draw = random.Random(2)
    changes: list[float] = []
    reads: list[float] = []
    (count,) = store.read("SELECT max(id) FROM conversations")[0]
    while not stop.wait(0.1):
        began = time.perf_counter()
        number = draw.randrange(count) + 1
        store.change(*decision("assign", conversation=number, to=f"bo{len(changes)}"), _ANN, NOW)
        changed = time.perf_counter()
        store.rows(store.ids(None, _ANN, NOW, 50))
        changes.append((changed - began) * 1000)
        reads.append((time.perf_counter() - changed) * 1000)
    queue.put((changes, reads))
    quiet()
    store.close()


@contextmanager
def company(path: Path) -> Iterator[dict[str, list[float]]]:
    """Another process at work; what it measured, when it is over."""
    context = multiprocessing.get_context("spawn")
    stop, queue = context.Event(), context.Queue()
    process = context.Process(target=at_work, args=(path, stop, queue))
    process.start()
    found: dict[str, list[float]] = {}
    time.sleep(2)
    try:
        yield found
    finally:
        stop.set()
        found["changes"], found["reads"] = queue.get()
        process.join()


def spread(values: list[float]) -> str:
    """The middle, 99 of 100, and the worst, in milliseconds."""
    values = sorted(values)
    late = values[int(len(values) * 0.99)]
    return f"p50 {median(values):7.2f}   p99 {late:7.2f}   max {values[-1]:7.2f} ms   n {len(values)}"


@contextmanager
def slices(store: Workspace) -> Iterator[list[float]]:
    """How long the write lock of a store was held each time, in milliseconds, with the commit.

    SQLite moves what was written to its place right after a commit, when the lock is free already: here it does that
    outside of what is measured.
    """
    store._writer.execute("PRAGMA wal_autocheckpoint = 0")
    held: list[float] = []
    writing, begin = store.writing, store._begin
    since = [0.0]

    def begun() -> None:
        begin()
        since[0] = time.perf_counter()

    @contextmanager
    def timed() -> Iterator[Transaction]:
        with writing() as transaction:
            yield transaction
        held.append((time.perf_counter() - since[0]) * 1000)
        if len(held) % 20 == 0:
            store._writer.execute("PRAGMA wal_checkpoint(PASSIVE)")

    store._begin, store.writing = begun, timed  # type: ignore[method-assign]  # watched from outside, for this run
    yield held


def tick(store: Workspace) -> float:
    """Milliseconds of the look at what warns, falls due and wakes in a minute: the middle of many."""
    took = []
    for minute in range(200):
        now = NOW - SPAN // 2 + minute * 60
        began = time.perf_counter()
        store.alerts.near(now - 60, now, now + 60, _ANN.name)
        store.to_wake(now)
        took.append((time.perf_counter() - began) * 1000)
    return median(took)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--n", type=int, default=200_000)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument(
        "--verify", action="store_true", help="derive all of it one by one afterwards, and compare"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        began = time.perf_counter()
        path = build(folder, given.n)
        size = (path / "frontdesk.db").stat().st_size / 2**20
        print(
            f"{given.n} conversations made in {time.perf_counter() - began:.1f} s, {size:.0f} MB", flush=True
        )
        new = settings(folder, _HOURS + _NEW)
        store = open_store(path)
        with company(path) as quiet:
            time.sleep(3)
        profile = cProfile.Profile()
        with company(path) as busy, slices(store) as held:
            began, cpu = time.perf_counter(), os.times()
            if given.profile:
                profile.enable()
            count = store.adopt(new, NOW + 60)
            profile.disable()
            total, after = time.perf_counter() - began, os.times()
        spent = sum(after[:4]) - sum(cpu[:4])
        print(
            f"{count} conversations under a new policy: {total:.1f} s, {spent:.1f} s of processor time",
            flush=True,
        )
        print(f"{'the lock was held':34} {spread(held)}")
        for what in ("changes", "reads"):
            print(f"{f'{what} of another, quiet':34} {spread(quiet[what])}")
            print(f"{f'{what} of another, meanwhile':34} {spread(busy[what])}")
        print(f"the look at what falls due, every minute: {tick(store):.2f} ms")
        if given.verify:
            found = [each for each in store.verify(NOW + 120) if each.kind == "conversation"]
            print(f"derived one by one, {len(found)} differ", *found[:5], sep="\n")
        if given.profile:
            pstats.Stats(profile).sort_stats("tottime").print_stats(35)
        store.close()


if __name__ == "__main__":
    main()

"""What a durable change costs, against SQLite's own commit of one row in a file of the same settings.

Run by hand: `python -m benchmarks.change [--n 10000] [--times 600] [--profile]`. Both are measured in turn on a copy
of the same workspace, so that their ratio holds on a noisy machine. The aim: the median at most twice a bare commit,
99 of 100 under 10 ms.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.workspace import ME, NOW, TEAM, settings, workspace
from inbox.actions import decision
from storage.connection import connect
from storage.workspace import Workspace, open_store

DAY = 86_400


def bare(connection: sqlite3.Connection) -> None:
    """Commit one small row."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO bare(what) VALUES('one row as small as an event of ours, or nearly so')")
    connection.execute("COMMIT")


def verbs(conversation: int, dice: random.Random, now: int) -> dict[str, dict[str, Any]]:
    """The changes that are measured, with their arguments."""
    return {
        "assign": {"conversation": conversation, "to": f"{dice.choice(TEAM)} {now}"},
        "snooze": {"conversation": conversation, "until": now + DAY},
        "close": {"conversation": conversation, "why": "thanks"},
        "reopen": {"conversation": conversation},
        "note": {"conversation": conversation, "text": "Called: she will send the photographs tomorrow."},
        "tag": {"conversation": conversation, "add": [f"tag{now % 1000}"]},
    }


def timed(work: Callable[..., object], *arguments: object) -> float:
    """Milliseconds of one call."""
    began = time.perf_counter()
    work(*arguments)
    return (time.perf_counter() - began) * 1000


def measure(store: Workspace, times: int) -> dict[str, list[float]]:
    """Milliseconds of each verb and of a bare commit, taken in turn."""
    dice = random.Random(1)
    open_ones = [row[0] for row in store.read("SELECT id FROM conversations WHERE status = 'open'")]
    hand = connect(store.path, cache_kb=8_000)
    hand.execute("CREATE TABLE IF NOT EXISTS bare(id INTEGER PRIMARY KEY, what TEXT)")
    found: dict[str, list[float]] = {"bare commit": []}
    for turn in range(times):
        now = NOW + turn * 60
        for name, arguments in verbs(dice.choice(open_ones), dice, now).items():
            scope, decide = decision(name, **arguments)
            found.setdefault(name, []).append(timed(store.change, scope, decide, ME, now))
            found["bare commit"].append(timed(bare, hand))
    hand.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=600)
    parser.add_argument("--profile", action="store_true", help="show where the time goes instead")
    given = parser.parse_args()
    made = workspace(given.n)
    with tempfile.TemporaryDirectory(dir=made.parent) as folder:
        path = Path(folder) / "workspace"
        shutil.copytree(made, path)
        store = open_store(path)
        store.apply(settings(path), NOW)
        if given.profile:
            with cProfile.Profile() as profile:
                measure(store, given.times)
            pstats.Stats(profile).sort_stats("tottime").print_stats(35)
            return
        found = measure(store, given.times)
        store.close()
    base = median(found["bare commit"])
    print(f"{given.n} messages, {given.times} of each{'':14} p50 ms   p99 ms    max   of a bare commit")
    for name, values in found.items():
        p99 = quantiles(values, n=100)[98]
        print(f"{name:42} {median(values):6.2f} {p99:8.2f} {max(values):6.1f} {median(values) / base:8.1f}")


if __name__ == "__main__":
    main()

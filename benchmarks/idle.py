"""What nothing costs: the worker that listens to 1 and to 5 mailboxes, and a screen nobody touches.

Run by hand as root: `python -m benchmarks.idle [--seconds 60]`. A minute is what is watched at least: in it every folder
is looked into once (inbox/listening.py), and the screen's times move on once.
"""

from __future__ import annotations

import argparse
import time

from benchmarks.receiving import cpu_seconds, desk, memory_mb, wake_ups
from benchmarks.screen import Terminal

OLD = 500
SETTLES = 15.0
"""Seconds after the start that are not counted: what begins has things to do."""


def watch(mailboxes: int, seconds: float) -> None:
    """Two lines: the worker of so many mailboxes, and a screen beside it."""
    users = [f"box{number}" for number in range(1, mailboxes + 1)]
    with desk(*users, old=OLD) as at, at.worker() as worker:
        at.until_quiet(worker)
        screen = Terminal(at.command())
        screen.watch(SETTLES)
        pids = {
            f"worker, {mailboxes} mailbox{'es' * (mailboxes > 1)}": worker.pid,
            "a screen beside it": screen.pid,
        }
        before = {pid: (cpu_seconds(pid), wake_ups(pid)) for pid in pids.values()}
        began = time.monotonic()
        size = screen.watch(seconds)
        passed = time.monotonic() - began
        for name, pid in pids.items():
            spent, woken = cpu_seconds(pid) - before[pid][0], wake_ups(pid) - before[pid][1]
            written = f"{size}" if pid == screen.pid else ""
            say(
                name,
                f"{spent / passed * 100:.2f}",
                f"{woken / passed:.1f}",
                f"{memory_mb(pid, 'VmRSS'):.0f}",
                written,
            )
        screen.end()


def say(what: str, *figures: str) -> None:
    """One line of the table."""
    print(f"{what:24}" + "".join(f"{each:>18}" for each in figures), flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    print(f"{given.seconds:.0f} s of nothing; the worker's limit is 0.5 % of a core, the screen's 0.1 %")
    say("", "% of a core", "wake-ups a s", "memory, MB", "bytes written")
    for mailboxes in (1, 5):
        watch(mailboxes, given.seconds)


if __name__ == "__main__":
    main()

"""The first sync of a large mailbox by the worker that stays, from a Dovecot on this machine: how fast, when work can
begin, how much memory, what killing it in the middle costs, and what a screen that looks on costs.

Run by hand as root: `python -m benchmarks.first_sync [--n 50000]`. Mails are old ones, 500 of them are the first rows.
"Busy" is processor time against the time that passed.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

from benchmarks.receiving import Desk, cpu_seconds, crowded_seconds, desk, memory_mb
from benchmarks.screen import Terminal

USER = "bench"
FIRST = 500
REST = 5.0
"""Seconds of quiet after which the memory is read that stays."""


@dataclass
class Run:
    """One first sync: seconds from the start of the process, MB, and processor seconds."""

    first: float = 0.0
    whole: float = 0.0
    peak: float = 0.0
    beside: float = 0.0
    after: float = 0.0
    writer: float = 0.0
    crowded: float = 0.0
    others: float = 0.0
    reader: float = 0.0


def run(at: Desk, n: int, watched: bool = False) -> Run:
    """One worker over an empty workspace, with a screen that looks on or without."""
    with at.worker() as process:
        done = Run()
        screen = None

        def look() -> None:
            process.look()
            if not done.first and at.count() >= FIRST:
                done.first = time.monotonic() - process.began
            if screen is not None:
                while screen.pump(0):
                    pass

        at.until(process, lambda: at.count() > 0, process.look)
        if watched:
            screen = Terminal(at.command())
        at.until_quiet(process, look)
        done.whole = time.monotonic() - process.began
        look()
        done.writer = cpu_seconds(process.pid, process.pid)
        done.crowded = crowded_seconds(process.pid)
        done.others = cpu_seconds(process.pid) - done.writer
        check(at, n)
        done.reader = process.beside_seconds
        time.sleep(REST)
        done.after = memory_mb(process.pid, "VmRSS")
        done.peak, done.beside = process.peak_mb, process.beside_mb
        if screen is not None:
            screen.end()
    return done


def killed(at: Desk, n: int) -> tuple[float, int, float]:
    """A sync killed (SIGKILL) when half has come, and begun again: seconds of both together, what had come, and
    the seconds until the second one placed its first message."""
    with at.worker() as process:
        at.until(process, lambda: at.count() >= n // 2)
        first = time.monotonic() - process.began
        process.end(kill=True)
    had = at.count()
    with at.worker() as process:
        at.until(process, lambda: at.count() > had)
        resumed = time.monotonic() - process.began
        at.until_quiet(process)
        first += time.monotonic() - process.began
        check(at, n)
    return first, had, resumed


def check(at: Desk, n: int) -> None:
    """Everything has come, and everything once."""
    if (have := at.count()) != n or (places := at.count("places")) != n:
        raise SystemExit(f"{n} mails lie on the server, {have} messages are here at {places} places")


def say(what: str, figure: str, note: str = "") -> None:
    """One line of the table."""
    print(f"{what:52} {figure:>10}   {note}", flush=True)


def table(name: str, n: int, done: Run) -> None:
    """One run, as lines."""
    print(f"\n{name}")
    say("  mails a second", f"{n / done.whole:.0f}", f"{done.whole:.1f} s from the start of the process")
    say(f"  until the first {FIRST} can be worked on, s", f"{done.first:.2f}")
    waits = 1 - (done.writer + done.crowded) / done.whole
    say("  writer: busy", f"{done.writer / done.whole:.0%}")
    say("  writer: waits for a processor others use", f"{done.crowded / done.whole:.0%}")
    say("  writer: waits for the server, the reader, the disk", f"{waits:.0%}")
    say("  its other threads (the line): busy", f"{done.others / done.whole:.0%}")
    say("  the process that reads beside it: busy", f"{done.reader / done.whole:.0%}")
    say("  most memory, MB: worker", f"{done.peak:.0f}", "at most 150, while many mails come 300")
    say("  most memory, MB: the process beside it", f"{done.beside:.0f}")
    say("  memory when it is quiet, MB", f"{done.after:.0f}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--n", type=int, default=50_000)
    parser.add_argument("--only", choices=("alone", "watched", "killed"), help="one of the three runs")
    given = parser.parse_args()
    n: int = given.n
    with desk(USER, old=n) as first:
        print(f"{n} old mails")
        if given.only in (None, "alone"):
            table("alone", n, run(first, n))
        if given.only in (None, "watched"):
            table("with a screen open", n, run(first.again("watched"), n, watched=True))
        if given.only in (None, "killed"):
            whole, had, resumed = killed(first.again("killed"), n)
            print("\nkilled in the middle, and begun again")
            say("  mails a second, both together", f"{n / whole:.0f}", f"{whole:.1f} s")
            say("  messages that were placed when it was killed", f"{had}")
            say("  until the second placed its first one, s", f"{resumed:.2f}")


if __name__ == "__main__":
    main()

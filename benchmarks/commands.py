"""What short commands cost as whole processes, beside the least that any Python program with SQLite can cost.

Run by hand: `python -m benchmarks.commands [--n 100000] [--rounds 40] [--folder DIR]`. The runs of all commands take
turns, so that whatever else the machine does falls on each alike; ratios are of medians. Milliseconds are this
machine's.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.workspace import ME, NOW, default_folder, workspace

AT_MOST = 3.5
"""How many times `python -c 'import sqlite3'` a short command may take."""

_MAIN = str(Path(__file__).parent.parent / "main.py")


def spent(command: list[str]) -> tuple[float, float]:
    """Milliseconds on the wall and of processor time that a process takes, its output thrown away."""
    nothing = os.open(os.devnull, os.O_RDWR)
    began = time.perf_counter()
    process = os.posix_spawn(
        command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, nothing, fd) for fd in (0, 1, 2)]
    )
    _, status, used = os.wait4(process, 0)
    wall = time.perf_counter() - began
    os.close(nothing)
    if os.waitstatus_to_exitcode(status) not in (0, 1):  # 1: something is due
        raise SystemExit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return wall * 1000, (used.ru_utime + used.ru_stime) * 1000


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--n", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--folder", type=Path, default=default_folder())
    given = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    path = str(workspace(given.n, given.folder))
    clock = datetime.fromtimestamp(NOW, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    frontdesk = [sys.executable, _MAIN, "--workspace", path, "--as", ME.name, "--now", clock]
    bare = [sys.executable, "-c", "import sqlite3"]
    commands = {
        "python -c 'import sqlite3'": bare,
        "frontdesk --help": [*frontdesk, "--help"],
        "frontdesk due": [*frontdesk, "due"],
        "frontdesk list --limit 50": [*frontdesk, "list", "--limit", "50"],
        "frontdesk list --limit 50 --json": [*frontdesk, "list", "--limit", "50", "--json"],
        "frontdesk list status:open --limit 50": [*frontdesk, "list", "status:open", "--limit", "50"],
        "frontdesk show ID": [*frontdesk, "show", "1"],
    }
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for command in commands.values():
        spent(command)  # byte code and pages are warm from here on
    for _ in range(given.rounds):
        for name, command in commands.items():
            times[name].append(spent(command))
    wall = {name: statistics.median(each[0] for each in found) for name, found in times.items()}
    busy = {name: statistics.median(each[1] for each in found) for name, found in times.items()}
    first = next(iter(commands))
    print(f"{given.n} messages, {given.rounds} rounds{'':12} {'ms':>7} {'x':>5} {'CPU ms':>8} {'x':>5}")
    for name in commands:
        share = wall[name] / wall[first]
        print(
            f"{name:38} {wall[name]:7.1f} {share:5.2f} {busy[name]:8.1f} {busy[name] / busy[first]:5.2f}"
            f"{'  over the limit' if share > AT_MOST else ''}"
        )


if __name__ == "__main__":
    main()

"""What many screens of one host take of its memory: what each holds, and its share of what they hold together.

Run by hand: `python -m benchmarks.memory [--screens 20] [--n 10000] [--folder DIR]`. Each screen has opened conversations
and an answer by then. RSS counts what processes share in each of them; PSS (proc(5)) parts it among them, so that the sum
is what the host must have. What 50 screens cost that nobody touches: `benchmarks.bell`.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import tempfile
from pathlib import Path

from benchmarks.bell import rest
from benchmarks.receiving import memory_mb
from benchmarks.screen import Terminal, frontdesk, known_name
from benchmarks.workspace import default_folder, workspace

OPENED = 10


def pss_mb(pid: int) -> float:
    """The share of a process in what is in memory (smaps_rollup of proc(5))."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    return int(re.findall(r"\nPss:\s+(\d+)", rollup)[0]) / 1024


def used(screen: Terminal) -> None:
    """Open some conversations, and begin an answer."""
    for _ in range(OPENED):
        screen.press(b"\r", 0.1)
        screen.press(b"q", 0.1)
        screen.press(b"j", 0.1)
    screen.press(b"\r", 0.2)
    screen.press(b"r", 0.2)
    screen.press(b"It is on its way.", 0.2)
    screen.press(b"\x1b", 0.2)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--screens", type=int, default=20)
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, default=default_folder())
    given = parser.parse_args()
    made = workspace(given.n, given.folder)
    words = known_name(made)
    with tempfile.TemporaryDirectory() as name:
        path = Path(shutil.copytree(made, Path(name) / "workspace"))
        screens: list[Terminal] = []
        print(f"{'MB':24}{'RSS':>8}{'most':>8}{'PSS':>8}{'most':>8}{'PSS of all':>12}", flush=True)
        for count in (1, given.screens):
            while len(screens) < count:
                screen = Terminal(frontdesk(path))
                screens.append(screen)
                screen.until(words)
                screen.settle()
                used(screen)
                rest(screens, 0.5)
            rss = [memory_mb(screen.pid, "VmRSS") for screen in screens]
            pss = [pss_mb(screen.pid) for screen in screens]
            print(
                f"{f'{count} screens':24}{statistics.median(rss):8.1f}{max(rss):8.1f}"
                f"{statistics.median(pss):8.1f}{max(pss):8.1f}{sum(pss):12.1f}",
                flush=True,
            )
        for screen in screens:
            screen.end()


if __name__ == "__main__":
    main()

"""Which process holds a lock, and how it is with it, by what the kernel tells in /proc."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import NamedTuple

from tui.line.lines import span


class Process(NamedTuple):
    """A process: its number, its program, for how many seconds it runs, and whether it was stopped (Ctrl+Z, SIGSTOP)."""

    number: int
    program: str
    seconds: int
    stopped: bool

    def __str__(self) -> str:
        state = ", stopped" if self.stopped else ""
        return f"process {self.number} ({self.program}, for {span(self.seconds)}{state})"


def process(number: int) -> Process | None:
    """The process with this number; None when there is none, or the kernel does not tell."""
    try:
        told = Path(f"/proc/{number}/stat").read_text("utf-8", "replace")
        up = float(Path("/proc/uptime").read_text("ascii").split()[0])
    except (OSError, ValueError):
        return None
    # proc(5): the program stands in parentheses and may itself hold any character
    program = told[told.find("(") + 1 : told.rfind(")")]
    state, *fields = told[told.rfind(")") + 2 :].split()
    begun = int(fields[18]) / os.sysconf("SC_CLK_TCK")
    return Process(number, program, max(0, int(up - begun)), state in "Tt")


def shown(number: int) -> str:
    """A process as people read it, also when nothing but its number is known."""
    return str(process(number) or f"process {number}")


def holders(path: Path, byte: int | None = None) -> list[int]:
    """The processes that hold a lock on a file (with `byte`: to write that byte of it); [] where nobody tells.

    See proc_locks(5). A process of another container stands there without a number and is left out.
    """
    try:
        status = path.stat()
        lines = Path("/proc/locks").read_text("ascii").splitlines()
    except OSError:
        return []
    place = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    found: dict[int, None] = {}
    for line in lines:
        fields = line.split()
        if fields[1] == "->" or fields[5] != place:  # an arrow: it only waits
            continue
        last = float("inf") if fields[7] == "EOF" else int(fields[7])
        if byte is not None and not (fields[3] == "WRITE" and int(fields[6]) <= byte <= last):
            continue
        if int(fields[4]) > 0:
            found[int(fields[4])] = None
    return list(found)


def seconds_since_boot() -> float:
    """The time since boot, which nobody sets: by it a worker says that it is alive."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))

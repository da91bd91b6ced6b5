"""This machine: its disk, its clock, its terminal."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tui.checkup.finding import Finding

LEAST_SPACE = 256 * 2**20
"""Bytes that should be free: mail, the index and a backup need room."""

LEAST_FILES = 1_000
"""Files that it should still be possible to make."""

CLOCK_AHEAD = 120
"""Seconds by which something may have been written in the future: clocks of hosts that share a disk differ a little."""

REMOTE = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "fuse.sshfs", "fuse.glusterfs")
"""Kinds of file systems that lie on another host: SQLite's locks do not hold there (sqlite.org/faq.html#q5)."""


def disk(workspace: Path) -> Iterator[Finding]:
    """Space, room for more files, and whether it is a disk on which a store can live."""
    there = nearest(workspace)
    subject = str(there)
    room = os.statvfs(there)
    free = room.f_bavail * room.f_frsize
    detail = f"{size(free)} free"
    if workspace.exists():
        detail += f"; the workspace takes {size(taken(workspace))}"
    if room.f_flag & os.ST_RDONLY:
        yield Finding("disk", subject, False, "It can only be read.", "Mount it for writing.")
    elif free < LEAST_SPACE:
        mend = "Free some space: a full disk stops new mail from coming in."
        yield Finding("disk", subject, False, detail, mend)
    elif room.f_files and room.f_favail < LEAST_FILES:  # some file systems count no files at all
        detail += f", but only {room.f_favail} more files can be made"
        yield Finding("disk", subject, False, detail, "Delete small files that nobody needs.")
    elif (kind := _kind(there)) in REMOTE:
        mend = "Move the workspace to a disk of this host: locks do not hold over a network."
        yield Finding("disk", subject, False, f"It lies on another host ({kind}).", mend)
    else:
        yield Finding("disk", subject, True, detail)


def nearest(path: Path) -> Path:
    """The folder itself, or the one above it that exists."""
    return next(folder for folder in (path, *path.parents) if folder.exists())


def taken(folder: Path) -> int:
    """Bytes that everything in a folder takes on the disk; what cannot be read is not counted."""
    total = 0
    for above, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(above, name)).st_blocks * 512  # noqa: PTH118 (there may be very many)
            except OSError:
                continue
    return total


def size(count: int) -> str:
    """Bytes for people: `3.2 GB`, `14 MB`."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def _kind(folder: Path) -> str:
    """What kind of file system a folder lies on, as the kernel calls it; "" where it does not tell."""
    try:
        mounts = Path("/proc/self/mounts").read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    place = folder.resolve()
    found = ""
    longest = -1
    for mount in mounts:
        _, point, kind, *_ = mount.split(" ")
        point = point.replace("\\040", " ")
        if place.is_relative_to(point) and len(point) >= longest:  # the last of equal ones lies on top
            found, longest = kind, len(point)
    return found


def clock(workspace: Path) -> Iterator[Finding]:
    """Whether the clock goes behind what was written in the workspace: deadlines would be told wrongly."""
    now = time.time()
    try:
        newest = max((file.stat().st_mtime for file in workspace.iterdir() if file.is_file()), default=0.0)
    except OSError:
        newest = 0.0
    shown = time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime(now))
    if newest > now + CLOCK_AHEAD:
        behind = f"{shown}: files of the workspace are {int(newest - now)} s ahead of it."
        yield Finding("clock", "this host", False, behind, "Set the clock, and let NTP keep it.")
    else:
        yield Finding("clock", "this host", True, shown)


def terminal() -> Iterator[Finding]:
    """Whether the screen could be shown here."""
    name = os.environ.get("TERM", "")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield Finding("terminal", name or "none", None, "no terminal here")
        return
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if name in ("", "dumb"):
        mend = "Set TERM to what your terminal is."
        yield Finding("terminal", name or "none", False, "It cannot place the cursor.", mend)
    elif encoding != "utf8":
        mend = "Choose a UTF-8 locale, such as C.UTF-8."
        yield Finding("terminal", name, False, f"It speaks {encoding}.", mend)
    else:
        shown = os.get_terminal_size()
        yield Finding("terminal", name, True, f"{shown.columns} x {shown.lines}, UTF-8")

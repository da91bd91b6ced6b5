"""A desk to measure in: a Dovecot with made mail, a workspace, and the real worker as a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mailmaker import make
from storage.connection import DATABASE
from tests.servers.dovecot import Dovecot, free_port, running_dovecot, why_not

MAIN = str(Path(__file__).parent.parent / "main.py")
WHO = "maya"
LOOK = 0.05
"""Seconds between two looks from outside."""
PATIENCE = 1800.0
_HEAD = f"""us = ["@helpdesk.example"]
hours = "always"
import_open_for = "30d"

[[team]]
name = "{WHO}"
role = "owner"
"""
_MAILBOX = """
[[mailbox]]
name = "{user}"
address = "{user}@helpdesk.example"
user = "{user}"
imap_host = "{host}"
imap_port = {port}
imap_security = "none"
smtp_host = "127.0.0.1"
smtp_port = {nowhere}
smtp_security = "none"
password_file = "{secret}"
"""


@dataclass(frozen=True)
class Desk:
    """A workspace whose settings name mailboxes on a Dovecot."""

    server: Dovecot
    path: Path
    users: Sequence[str]

    def again(self, name: str) -> Desk:
        """Another workspace with the same settings, empty."""
        path = self.path.with_name(name)
        path.mkdir()
        shutil.copy(self.path / "settings.toml", path)
        return Desk(self.server, path, self.users)

    def command(self, *words: str) -> list[str]:
        """`frontdesk WORDS` in this workspace."""
        return [sys.executable, MAIN, "--workspace", str(self.path), "--as", WHO, *words]

    def count(self, what: str = "messages") -> int:
        """Rows of a table, read from outside without a sound: the worker takes nobody to be here. 0 before it is there."""
        try:
            with contextlib.closing(sqlite3.connect(f"file:{self.path / DATABASE}?mode=ro", uri=True)) as db:
                found = db.execute(f"SELECT count(*) FROM {what}").fetchone()
        except sqlite3.OperationalError:
            return 0
        return int(found[0])

    @contextlib.contextmanager
    def worker(self) -> Iterator[Process]:
        """`frontdesk sync --watch`, until the `with` ends."""
        said = self.path.with_name("worker.out").open("ab")
        with said:
            started = subprocess.Popen(
                self.command("sync", "--watch"), stdin=subprocess.DEVNULL, stdout=said, stderr=said
            )
        process = Process(started)
        try:
            yield process
        finally:
            process.end()

    def until(
        self, process: Process, met: Callable[[], bool], each: Callable[[], None] = lambda: None
    ) -> None:
        """Wait until something holds while the worker runs."""
        end = time.monotonic() + PATIENCE
        while not met():
            each()
            if process.popen.poll() is not None or time.monotonic() > end:
                said = self.path.with_name("worker.out").read_text("utf-8", "replace")
                raise SystemExit(f"The worker ended, or is too slow:\n{said[-2000:]}")
            time.sleep(LOOK)

    def until_quiet(self, process: Process, each: Callable[[], None] = lambda: None) -> None:
        """Wait until every mailbox is listened to and all that came is placed."""
        self.until(process, self._is_quiet, each)

    def _is_quiet(self) -> bool:
        try:
            with contextlib.closing(sqlite3.connect(f"file:{self.path / 'live.db'}?mode=ro", uri=True)) as db:
                states = [json.loads(row[0])["state"] for row in db.execute("SELECT state FROM mailboxes")]
        except sqlite3.OperationalError:
            return False
        return len(states) == len(self.users) and set(states) == {"watching"} and not self.count("arrivals")


@dataclass
class Process:
    """The worker, and what it costs, from proc(5); what it starts beside itself is its child."""

    popen: subprocess.Popen[bytes]
    began: float = 0.0
    peak_mb: float = 0.0
    beside_mb: float = 0.0
    beside_seconds: float = 0.0

    def __post_init__(self) -> None:
        self.began = time.monotonic()

    @property
    def pid(self) -> int:
        """Its number."""
        return self.popen.pid

    def look(self) -> None:
        """Take note of peaks, its child's among them."""
        self.peak_mb = max(self.peak_mb, memory_mb(self.pid, "VmHWM"))
        for child in children(self.pid):
            with contextlib.suppress(OSError, IndexError):
                self.beside_mb = max(self.beside_mb, memory_mb(child, "VmHWM"))
                self.beside_seconds = max(self.beside_seconds, cpu_seconds(child))

    def end(self, kill: bool = False) -> None:
        """Tell it to end, and wait until it has."""
        if self.popen.poll() is None:
            (self.popen.kill if kill else self.popen.terminate)()
        self.popen.wait(30)


def memory_mb(pid: int, which: str) -> float:
    """A line of the process's status: VmHWM the most it has held, VmRSS what it holds now."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(re.findall(rf"{which}:\s+(\d+)", status)[0]) / 1024


def children(pid: int) -> list[int]:
    """Processes that a process has started and that live."""
    found = [file.read_text("ascii") for file in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(number) for text in found for number in text.split()]


def cpu_seconds(pid: int, thread: int | None = None) -> float:
    """Processor time so far, of the whole process or of one thread, exact to the nanosecond (schedstat of proc(5));
    threads that have ended count no more."""
    files = (
        [thread] if thread is not None else [int(each.name) for each in Path(f"/proc/{pid}/task").iterdir()]
    )
    return sum(
        int(Path(f"/proc/{pid}/task/{each}/schedstat").read_text("ascii").split()[0]) / 1e9 for each in files
    )


def crowded_seconds(pid: int) -> float:
    """How long its main thread could have run and had to wait for a processor: others were busy on this machine."""
    return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text("ascii").split()[1]) / 1e9


def wake_ups(pid: int) -> int:
    """How often its threads have gone to sleep by themselves, and so were woken again."""
    found = [file.read_text("ascii") for file in Path(f"/proc/{pid}/task").glob("*/status")]
    return sum(int(re.findall(r"\nvoluntary_ctxt_switches:\s+(\d+)", text)[0]) for text in found)


def fill(server: Dovecot, user: str, n: int, html_share: float = 0.1, seed: int = 1) -> int:
    """A user with n old mails, each received when it says so, and looked at once by the server; their bytes."""
    server.add_user(user)
    home = server.folder / "mail" / user
    home.mkdir()
    size = make(home / "Maildir", n, seed, html_share).raw_bytes
    for path in (home, *home.rglob("*")):
        shutil.chown(path, "nobody", "nogroup")
        if path.is_file():  # its INTERNALDATE, which a Maildir keeps as the time of the file
            os.utime(path, (int(path.name.partition(".")[0]),) * 2)
    server.doveadm("fetch", "-u", user, "size.virtual imap.bodystructure", "mailbox", "INBOX", "all")
    return size


@contextlib.contextmanager
def desk(*users: str, old: int = 0) -> Iterator[Desk]:
    """A desk with these mailboxes, each with so many old mails; gone at the end."""
    if (reason := why_not()) is not None:
        raise SystemExit(f"Nothing was measured: {reason}.")
    with running_dovecot() as server, tempfile.TemporaryDirectory(prefix="frontdesk-desk-") as name:
        folder = Path(name)
        path, secret = folder / "shop", folder / "secret"
        path.mkdir()
        secret.touch(0o600)
        secret.write_text("secret\n", "utf-8")
        text = _HEAD
        for user in users:
            fill(server, user, old)
            text += _MAILBOX.format(
                user=user, host=server.host, port=server.port, nowhere=free_port(), secret=secret
            )
        (path / "settings.toml").write_text(text, "utf-8")
        yield Desk(server, path, users)
